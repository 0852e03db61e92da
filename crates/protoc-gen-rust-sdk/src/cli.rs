//! The command line.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgGroup, Args, Parser, Subcommand};
use rust_sdk_model::options::{KEYS, OptionKey};
use rust_sdk_model::text::error_chain;
use rust_sdk_regen::Regen;

use crate::review::{self, Review};

/// Generates a Rust SDK from protobuf files.
///
/// Without arguments, it is a plugin for protoc and buf: it reads the request from stdin and writes the response to stdout.
#[derive(Debug, Parser)]
#[command(version, after_help = options_help())]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Generate(Generate),
    Review(Review),
}

/// Generate into a folder, without protoc or buf.
#[derive(Debug, Args)]
#[command(after_help = options_help())]
#[command(group(ArgGroup::new("input").required(true).multiple(true).args(["proto_roots", "descriptor_set"])))]
struct Generate {
    /// Compile and generate every .proto file below this folder (may be repeated)
    #[arg(long = "proto-root", value_name = "DIR", conflicts_with = "descriptor_set")]
    proto_roots: Vec<PathBuf>,
    /// Find imports in this folder, too, without generating code for them (may be repeated)
    #[arg(long = "include", value_name = "DIR", conflicts_with = "descriptor_set")]
    includes: Vec<PathBuf>,
    /// Leave out files, by folder or pattern of their names (may be repeated)
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<String>,
    /// Read a descriptor set with all imports, or a buf image
    #[arg(long, value_name = "FILE")]
    descriptor_set: Option<PathBuf>,
    /// Read the timeouts and retries of methods from a gRPC service config (may be repeated)
    #[arg(long, value_name = "FILE")]
    grpc_service_config: Vec<PathBuf>,
    /// Read HTTP rules and mixed-in services from a service configuration of Google's (may be repeated)
    #[arg(long, value_name = "FILE")]
    service_config: Vec<PathBuf>,
    /// Set one of the options below (may be repeated)
    #[arg(long = "opt", value_name = "KEY=VALUE")]
    options: Vec<String>,
    /// The folder of the generated crate or module tree
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Write nothing; print the differences, and exit with 1 if there are any
    #[arg(long)]
    check: bool,
    /// Also replace files that no known earlier run generated
    #[arg(long)]
    overwrite: bool,
}

/// Runs the command line. Exit codes: 0 success, 1 problems, differences or findings, 2 wrong usage or, in a review, inputs
/// that cannot be read.
pub fn run() -> ExitCode {
    match Cli::parse().command {
        Command::Generate(arguments) => generate(arguments),
        Command::Review(arguments) => review::run(&arguments),
    }
}

fn generate(arguments: Generate) -> ExitCode {
    let (check, overwrite) = (arguments.check, arguments.overwrite);
    let mut regen =
        Regen::new().overwrite(overwrite).fix_command(fix_command(std::env::args_os())).out(arguments.out);
    for root in arguments.proto_roots {
        regen = regen.proto_root(root);
    }
    for folder in arguments.includes {
        regen = regen.include(folder);
    }
    for pattern in arguments.exclude {
        regen = regen.exclude(pattern);
    }
    for file in arguments.grpc_service_config {
        regen = regen.grpc_service_config(file);
    }
    for file in arguments.service_config {
        regen = regen.service_config(file);
    }
    for option in arguments.options {
        regen = regen.option(option);
    }
    if let Some(file) = arguments.descriptor_set {
        regen = regen.descriptor_set(file);
    }
    match if check { regen.check() } else { regen.write() } {
        Ok(report) => {
            for warning in report.warnings.summary() {
                eprintln!("{warning}");
            }
            // A closed pipe is no error.
            let _ = writeln!(std::io::stdout(), "{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}", error_chain(&error));
            ExitCode::FAILURE
        }
    }
}

/// The same command without `--check`, for a shell.
fn fix_command(arguments: impl Iterator<Item = OsString>) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./,:+@%".contains(c);
    let quoted = arguments.filter(|argument| argument != "--check").map(|argument| {
        let argument = argument.to_string_lossy();
        if !argument.is_empty() && argument.chars().all(plain) {
            argument.into_owned()
        } else {
            format!("'{}'", argument.replace('\'', r"'\''"))
        }
    });
    quoted.collect::<Vec<_>>().join(" ")
}

fn options_help() -> String {
    let mut text =
        "Options of the plugin (`opt` in buf.gen.yaml, `--rust-sdk_opt` of protoc, `--opt` here):\n"
            .to_owned();
    for OptionKey { name, values, meaning } in KEYS {
        let _ = writeln!(text, "  {name}={values}\n          {meaning}");
    }
    text.push_str("\nExit codes: 0 success, 1 problems or differences, 2 wrong usage");
    text
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_fix_is_the_command_without_the_check() {
        let arguments =
            ["gen", "generate", "--out", "my sdk's", "--check", "--opt", "package=a"].map(OsString::from);
        assert_eq!(fix_command(arguments.into_iter()), r"gen generate --out 'my sdk'\''s' --opt package=a");
    }

    #[test]
    fn exactly_one_kind_of_input_is_taken() {
        let parse = |arguments: &str| Cli::try_parse_from(arguments.split(' ')).map(|_| ());
        assert!(
            parse("x generate --proto-root a --proto-root b --include c --out o --opt docs=off --check")
                .is_ok()
        );
        assert!(parse("x generate --descriptor-set a --out o").is_ok());
        for wrong in [
            "x generate --out o",
            "x generate --proto-root a",
            "x generate --proto-root a --descriptor-set b --out o",
            "x generate --descriptor-set b --include c --out o",
            "x generate --include c --out o",
            "x frobnicate",
        ] {
            assert_eq!(parse(wrong).unwrap_err().exit_code(), 2, "{wrong}");
        }
    }
}
