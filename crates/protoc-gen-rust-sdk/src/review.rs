//! The command `review`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::panic::catch_unwind;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use rust_sdk_regen::{Error, base_snapshot, options, snapshot};
use rust_sdk_review::{AccessComparison, CLASSES, FailOn, Report, Snapshot, UnreadOption, compare};

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
    /// The same for OLD alone; it need not define yet what the options name
    #[arg(long = "old-opt", value_name = "KEY=VALUE")]
    old_options: Vec<String>,
    /// The same for NEW alone
    #[arg(long = "new-opt", value_name = "KEY=VALUE")]
    new_options: Vec<String>,
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

/// Exit codes: 0 no finding that fails the review, 1 findings, 2 wrong usage, or something that was not compared.
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
    if let Some(problem) = unread(&report) {
        eprintln!("{problem}");
        return ExitCode::from(UNREADABLE);
    }
    if report.count(&arguments.fail_on) == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Why the review is none, where access was not compared.
fn unread(report: &Report) -> Option<String> {
    let AccessComparison::Unread { old, new } = &report.compared else { return None };
    let mut text =
        "error: access was not compared: custom options may state it, and none is read as access\n"
            .to_owned();
    let options: BTreeSet<&UnreadOption> = old.iter().chain(new).collect();
    for option in options {
        // What the new version does not have is no option for it.
        let flag = if new.iter().any(|known| known.name == option.name) { "--opt" } else { "--old-opt" };
        let setting = match &option.setting {
            Some(setting) => format!("{flag} '{}'", setting.escape_debug()),
            None => "no option can read it".to_owned(),
        };
        let _ = writeln!(text, "  `{}`: {setting}", option.name.escape_debug());
    }
    text.push_str("  help: set the options of those that state access, or `--opt access=off`");
    Some(text)
}

fn report(arguments: &Review) -> Result<Report, String> {
    let all = |own: &[String]| {
        let pairs = arguments.options.iter().chain(own).map(String::as_str);
        options(pairs).map_err(|problems| problems.to_string())
    };
    let (old_options, new_options) = (all(&arguments.old_options)?, all(&arguments.new_options)?);
    let includes = |own: &[PathBuf]| [own, &arguments.includes].concat();
    // What stands below has places of its own, but not which version they are in.
    let read = |which: &str, input: &PathBuf, found: Result<Snapshot, Error>| {
        found.map_err(|error| {
            format!("error: the {which} version, {}, cannot be read:\n{error}", input.display())
        })
    };
    let old = base_snapshot(&arguments.old, &includes(&arguments.old_includes), old_options);
    let new = snapshot(&arguments.new, &includes(&arguments.new_includes), new_options);
    match (read("old", &arguments.old, old), read("new", &arguments.new, new)) {
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
        "\nWhat the generator would reject is read as it stands and reported; only `problems` makes it a finding.\n\
         Options (`--opt`) are those of `generate`: see its --help.\n\n\
         Exit codes: 0 no finding of these classes, 1 findings, 2 wrong usage, an input that cannot be read, or access that\n\
         was not compared, since none of an API's custom options is read as access",
    );
    text
}
