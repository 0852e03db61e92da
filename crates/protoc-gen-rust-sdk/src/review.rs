//! The command `review`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::panic::catch_unwind;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use rust_sdk_model::Diagnostics;
use rust_sdk_model::text::error_chain;
use rust_sdk_regen::{RegenError, base_snapshot, options, snapshot};
use rust_sdk_review::{AccessComparison, CLASSES, ClassGroup, FailOn, Report, UnreadOption, compare};

/// Compare who may call what, and by which routes, in two versions of an API.
///
/// OLD and NEW are each a folder of .proto files, an access.json, a descriptor set with all imports or a buf image. Rules are
/// compared by the callers that they let in: another way to write the same rule is not a change.
#[derive(Debug, Args)]
#[command(after_help = after_help())]
pub(crate) struct Review {
    /// The version before: a folder, an access.json, a descriptor set or a buf image
    old: PathBuf,
    /// The version to review
    new: PathBuf,
    /// Find imports in this folder, too (may be repeated)
    #[arg(long = "include", value_name = "DIR")]
    includes: Vec<PathBuf>,
    /// Like --include, but only for OLD
    #[arg(long = "old-include", value_name = "DIR")]
    old_includes: Vec<PathBuf>,
    /// Like --include, but only for NEW
    #[arg(long = "new-include", value_name = "DIR")]
    new_includes: Vec<PathBuf>,
    /// Set an option of the plugin, such as the name of an access option (may be repeated)
    #[arg(long = "opt", value_name = "KEY=VALUE")]
    options: Vec<String>,
    /// Like --opt, but only for OLD, which may lack the named options
    #[arg(long = "old-opt", value_name = "KEY=VALUE")]
    old_options: Vec<String>,
    /// Like --opt, but only for NEW
    #[arg(long = "new-opt", value_name = "KEY=VALUE")]
    new_options: Vec<String>,
    /// How to print the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Exit with 1 if there are findings of these classes (see below), separated by commas
    #[arg(long, value_name = "CLASSES", default_value = "breaking,security")]
    fail_on: FailOn,
    /// Confirm that clients have moved, so that the migration of this method may end (may be repeated)
    #[arg(long = "confirm", value_name = "METHOD")]
    confirmed: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// For programs
    Json,
    /// For a comment on a pull request
    Markdown,
}

const UNREADABLE: u8 = 2;

/// Exit codes: 0 no finding that fails the review, 1 findings, 2 wrong usage or something that could not be compared.
pub(crate) fn run(arguments: &Review) -> ExitCode {
    let mut report = match report(arguments) {
        Ok(report) => report,
        Err(errors) => {
            for error in &errors {
                eprintln!("{}", error_chain(error));
            }
            return ExitCode::from(UNREADABLE);
        }
    };
    for method in &arguments.confirmed {
        if !report.confirm(method) {
            eprintln!("nothing to confirm: no migration of `{}` ends in this change", method.escape_debug());
        }
    }
    let text = match arguments.format {
        Format::Text => report.to_text(),
        Format::Json => report.to_json(),
        Format::Markdown => report.to_markdown(),
    };
    // A closed pipe is no error.
    let _ = std::io::stdout().write_all(text.as_bytes());
    if let Some(problem) = unread(&report) {
        eprintln!("{problem}");
        return ExitCode::from(UNREADABLE);
    }
    if report.count(&arguments.fail_on) == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Why the review is incomplete: access was not compared.
fn unread(report: &Report) -> Option<String> {
    let AccessComparison::Unread { old, new } = &report.compared else { return None };
    let mut text =
        "error: access was not compared: custom options may state access, but none is read as access\n"
            .to_owned();
    let options: BTreeSet<&UnreadOption> = old.iter().chain(new).collect();
    for option in options {
        // If only the old version has the option, only the old version gets the setting.
        let flag = if new.iter().any(|known| known.name == option.name) { "--opt" } else { "--old-opt" };
        let setting = match &option.setting {
            Some(setting) => format!("{flag} '{}'", setting.escape_debug()),
            None => "no option can read it".to_owned(),
        };
        let _ = writeln!(text, "  `{}`: {setting}", option.name.escape_debug());
    }
    text.push_str("  help: set the options for those that state access, or `--opt access=off`");
    Some(text)
}

fn report(arguments: &Review) -> Result<Report, Vec<ReviewError>> {
    let all = |own: &[String]| {
        let pairs = arguments.options.iter().chain(own).map(String::as_str);
        options(pairs).map_err(|problems| vec![ReviewError::Options(problems)])
    };
    let (old_options, new_options) = (all(&arguments.old_options)?, all(&arguments.new_options)?);
    let includes = |own: &[PathBuf]| [own, &arguments.includes].concat();
    let old = base_snapshot(&arguments.old, &includes(&arguments.old_includes), old_options);
    let new = snapshot(&arguments.new, &includes(&arguments.new_includes), new_options);
    match (old, new) {
        // A panic must not look like a finding.
        (Ok(old), Ok(new)) => catch_unwind(|| compare(&old, &new)).map_err(|_| vec![ReviewError::Internal]),
        (old, new) => {
            let sides = [("old", &arguments.old, old.err()), ("new", &arguments.new, new.err())];
            let error = |(version, input, source): (_, &PathBuf, _)| {
                Some(ReviewError::Input { version, input: input.clone(), source: source? })
            };
            Err(sides.into_iter().filter_map(error).collect())
        }
    }
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
enum ReviewError {
    #[error(transparent)]
    Options(Diagnostics),
    #[error("error: the {version} version, {}", input.display())]
    Input { version: &'static str, input: PathBuf, source: RegenError },
    #[error("error: internal error while comparing: please report it with the files")]
    Internal,
}

fn after_help() -> String {
    let mut text = "Classes of findings (`--fail-on`):\n".to_owned();
    for ClassGroup { name, meaning, .. } in CLASSES {
        let _ = writeln!(text, "  {name:<14} {meaning}");
    }
    text.push_str(
        "\nThe review also reports what the generator would reject. Only the class `problems` makes that a finding.\n\
         Options (`--opt`) are those of `generate`: see its --help.\n\n\
         Exit codes: 0 no finding of these classes, 1 findings, 2 wrong usage, an unreadable input, or access that was not\n\
         compared, because no custom option is read as access",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_prints_each_fact_once() {
        let input = PathBuf::from("v1");
        let source = RegenError::NoProtoFiles(input.clone());
        let error = ReviewError::Input { version: "old", input, source };
        let chain = error_chain(&error);
        assert!(chain.starts_with("error: the old version, v1: no .proto file below v1"), "{chain}");
        assert_eq!(chain.matches("no .proto file").count(), 1);
    }
}
