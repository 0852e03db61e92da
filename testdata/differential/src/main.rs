//! Tries the access layer against axum and tonic for as long as it is told to.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use differential::{Limits, run};

/// Random requests to random APIs: is what runs what was checked?
#[derive(Parser)]
struct Arguments {
    /// Repeats a run
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Stop after so many seconds
    #[arg(long)]
    seconds: Option<u64>,
    /// Stop after so many requests
    #[arg(
        long,
        default_value_if("seconds", clap::builder::ArgPredicate::IsPresent, None),
        default_value = "1000000"
    )]
    requests: Option<u64>,
    /// Stop after so many differences
    #[arg(long, default_value_t = 1)]
    differences: usize,
}

fn main() -> ExitCode {
    let Arguments { seed, seconds, requests, differences } = Arguments::parse();
    let report = run(seed, Limits { requests, time: seconds.map(Duration::from_secs) }, differences);
    println!("{report}");
    if report.differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
