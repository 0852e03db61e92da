//! `cargo xtask regen` generates the SDK anew; `cargo xtask regen --check` fails if it is out of date.

use std::path::Path;
use std::process::ExitCode;

use rust_sdk_regen::{Regen, RegenError, Report, error_chain};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["regen"] => regen(false),
        ["regen", "--check"] => regen(true),
        _ => {
            eprintln!("usage: cargo xtask regen [--check]");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(report) => {
            for warning in &report.warnings {
                eprintln!("{warning}");
            }
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}", error_chain(&error));
            ExitCode::FAILURE
        }
    }
}

fn regen(check: bool) -> Result<Report, RegenError> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let regen = Regen::new()
        .proto_root(root.join("proto"))
        .include(root.join("third_party"))
        .options_file(root.join("rust-sdk.options"))
        .option("runtime=path:../../../crates/rust-sdk-runtime")
        .out(root.join("sdk"))
        .fix_command("`cargo xtask regen`");
    if check { regen.check() } else { regen.write() }
}
