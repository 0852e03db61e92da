//! The command `review`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::panic::catch_unwind;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use rust_sdk_model::Options;
use rust_sdk_regen::{Error, snapshot};
use rust_sdk_review::{CLASSES, FailOn, Report, compare};

/// Compare who may call what, and by which routes, in two versions of an API.
///
/// OLD and NEW are each a folder of .proto files, an access.json, a descriptor set with all imports or a buf image, in any
/// combination. Rules are compared by the callers that they let in, so that other words for the same rule are no change.
#[derive(Debug, Args)]
#[command(after_help = after_help())]
pub(crate) struct Review {
    /// The version before: a folder, an access.json, a descriptor set or a buf image
    old: PathBuf,
    /// The version to review
    new: PathBuf,
    /// Find imports of .proto folders in this folder, too (may be repeated)
    #[arg(long = "include", value_name = "DIR")]
    includes: Vec<PathBuf>,
    /// The same for OLD alone
    #[arg(long = "old-include", value_name = "DIR")]
    old_includes: Vec<PathBuf>,
    /// The same for NEW alone
    #[arg(long = "new-include", value_name = "DIR")]
    new_includes: Vec<PathBuf>,
    /// Set an option of the plugin, such as the name of an access option (may be repeated)
    #[arg(long = "opt", value_name = "KEY=VALUE")]
    options: Vec<String>,
    /// How to print the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Exit with 1 where there are findings of these classes (below), separated by commas
    #[arg(long, value_name = "CLASSES", default_value = "breaking,security")]
    fail_on: FailOn,
    /// Say that clients have moved, so that the migration of this method may end (may be repeated)
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

/// Exit codes: 0 no finding that fails the review, 1 findings, 2 wrong usage or an input that cannot be read.
pub(crate) fn run(arguments: &Review) -> ExitCode {
    let mut report = match report(arguments) {
        Ok(report) => report,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::from(UNREADABLE);
        }
    };
    for method in &arguments.confirmed {
        if !report.confirm(method) {
            eprintln!("nothing to confirm: no migration of `{}` ends here", method.escape_debug());
        }
    }
    let text = match arguments.format {
        Format::Text => report.to_text(),
        Format::Json => report.to_json(),
        Format::Markdown => report.to_markdown(),
    };
    // Whoever closes the pipe has seen enough.
    let _ = std::io::stdout().write_all(text.as_bytes());
    if report.count(&arguments.fail_on) == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn report(arguments: &Review) -> Result<Report, String> {
    let options = Options::from_pairs(arguments.options.iter().map(String::as_str));
    let options = options.map_err(|problems| problems.to_string())?;
    if !options.access {
        return Err("error: `access=off` leaves nothing to review".to_owned());
    }
    let read = |which: &str, input: &PathBuf, own: &[PathBuf]| {
        let found = snapshot(input, &[own, &arguments.includes].concat(), options.clone());
        // What stands below has places of its own, but not which version they are in.
        found.map_err(|error: Error| {
            format!("error: the {which} version, {}, cannot be read:\n{error}", input.display())
        })
    };
    match (
        read("old", &arguments.old, &arguments.old_includes),
        read("new", &arguments.new, &arguments.new_includes),
    ) {
        // A panic must not look like a finding.
        (Ok(old), Ok(new)) => catch_unwind(|| compare(&old, &new))
            .map_err(|_| "error: internal error while comparing: please report it with the files".to_owned()),
        (Err(old), Err(new)) => Err(format!("{old}\n{new}")),
        (Err(problem), Ok(_)) | (Ok(_), Err(problem)) => Err(problem),
    }
}

fn after_help() -> String {
    let mut text = "Classes of findings (`--fail-on`):\n".to_owned();
    for (name, _, meaning) in CLASSES {
        let _ = writeln!(text, "  {name:<13} {meaning}");
    }
    text.push_str(
        "\nWhat the generator would refuse is read as it stands and told of; only `problems` makes it a finding.\n\
         Options (`--opt`) are those of `generate`: see its --help.\n\n\
         Exit codes: 0 no finding of these classes, 1 findings, 2 wrong usage or an input that cannot be read",
    );
    text
}
