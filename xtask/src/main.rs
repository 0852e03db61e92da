//! The repository's own tasks: `cargo xtask --help`.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use rust_sdk_model::text::error_chain;

mod browser;
mod conformance;
mod demo;
mod e2e;
mod folders;
mod golden;
mod guide;
mod names;
mod oracle;
mod packages;
mod peers;
mod regen;
mod rules;
mod steps;
mod suite;
mod tidy;
mod unified;
mod workspace;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The repository's own tasks.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Generate the golden crates anew
    Regen {
        /// Write nothing; fail if they are out of date
        #[arg(long)]
        check: bool,
    },
    /// Write the guide's page of diagnostics; check the links, paths, facts and examples of all documents
    Guide {
        /// Write nothing; fail if the page is out of date
        #[arg(long)]
        check: bool,
        /// Follow the quick start, too: write its files, run its commands, compare its output
        #[arg(long)]
        quick_start: bool,
    },
    /// Generate the demo API's crate with the embedded compiler, build it, and run the example
    Demo,
    /// Run protobuf's conformance tests on generated messages
    Conformance,
    /// Generate an API whose names are those that Rust and generated code use, and check it
    Names,
    /// Package every published crate; build, test and use the packages
    Packages,
    /// Generate with the library in a build that enables features of its dependencies, and compare
    Unified,
    /// Call every method of an API over gRPC, and over REST through a real Envoy, and compare
    E2e(e2e::Arguments),
    /// Build the paths of every HTTP rule of an API, look them up, and compare
    Rules(rules::Arguments),
    /// Build generated crates for wasm32, and call a server from them in a headless Chromium
    Browser,
    /// Check the length of source files, circles of files, and the imports between the wings of the runtime
    Tidy,
    /// Run the whole test suite
    Test {
        /// Include what takes long to build (tls-aws-lc)
        #[arg(long)]
        all: bool,
    },
    /// Compare a generated access.json with facts that come from elsewhere
    Oracle {
        /// The generated file
        #[arg(long, value_name = "FILE")]
        access_json: PathBuf,
        /// A folder with access.json and rest.json, or one file in the generated format
        #[arg(long, value_name = "PATH")]
        oracle: PathBuf,
        /// The generated crate, to compare the decisions of its compiled tables, too
        #[arg(long = "crate", value_name = "DIR")]
        sdk: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    let result = match Cli::parse().task {
        Task::Regen { check } => regen::run(check),
        Task::Guide { check, quick_start } => {
            guide::run(check).and_then(|()| if quick_start { guide::follow() } else { Ok(()) })
        }
        Task::Demo => demo::run(),
        Task::Conformance => conformance::run(),
        Task::Names => names::run(),
        Task::Packages => packages::run(),
        Task::Unified => unified::run(&golden::GOLDENS[..2]),
        Task::E2e(arguments) => e2e::run(&arguments),
        Task::Rules(arguments) => rules::run(&arguments),
        Task::Browser => browser::run(),
        Task::Tidy => tidy::run(),
        Task::Test { all } => suite::run(all),
        Task::Oracle { access_json, oracle, sdk } => oracle::run(&access_json, &oracle, sdk.as_deref()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", error_chain(&*error));
            ExitCode::FAILURE
        }
    }
}

/// The workspace's root.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}
