//! What a run did, or would do.

use std::fmt;

use rust_sdk_model::Diagnostics;

/// How many lines of a diff are printed.
const SHOWN_LINES: usize = 400;

/// How many characters of a line: embedded descriptors are one.
const SHOWN_WIDTH: usize = 300;

/// What a run changed, as paths below the output folder, sorted.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Files that were not there.
    pub created: Vec<String>,
    /// Files that were different.
    pub changed: Vec<String>,
    /// Files that an earlier run generated and this one does not.
    pub deleted: Vec<String>,
    /// How many files were already right.
    pub unchanged: usize,
    /// What should be looked at in the API.
    pub warnings: Diagnostics,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { created, changed, deleted, unchanged, .. } = self;
        let (created, changed, deleted) = (created.len(), changed.len(), deleted.len());
        write!(f, "{created} created, {changed} changed, {deleted} deleted, {unchanged} unchanged")
    }
}

/// The output folder is out of date.
#[derive(Clone, Debug, thiserror::Error)]
pub struct Drift {
    /// What a write would change. Boxed, so that errors stay small.
    pub report: Box<Report>,
    /// The whole difference, as a unified diff from the folder to what is generated now.
    pub diff: String,
    /// What to run.
    pub fix: String,
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.diff.lines().take(SHOWN_LINES) {
            match line.char_indices().nth(SHOWN_WIDTH) {
                Some((end, _)) => writeln!(f, "{} ...", &line[..end])?,
                None => writeln!(f, "{line}")?,
            }
        }
        let more = self.diff.lines().count().saturating_sub(SHOWN_LINES);
        if more > 0 {
            writeln!(f, "... and {more} more lines")?;
        }
        writeln!(f, "error: the generated files are out of date: {}", self.report)?;
        for (what, files) in [
            ("missing", &self.report.created),
            ("different", &self.report.changed),
            ("stale", &self.report.deleted),
        ] {
            for file in files {
                writeln!(f, "  {what}: {file}")?;
            }
        }
        write!(f, "  help: run {}", self.fix)
    }
}
