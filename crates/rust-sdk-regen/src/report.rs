//! What a run did or would do.

use std::fmt;

use rust_sdk_model::Diagnostics;

/// The most lines of a diff to print.
const SHOWN_LINES: usize = 400;

/// The most characters of a line to print.
const SHOWN_WIDTH: usize = 300;

/// What a run changed: sorted paths below the output folder.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// New files.
    pub created: Vec<String>,
    /// Files whose contents changed.
    pub changed: Vec<String>,
    /// Files that only an earlier run generated.
    pub deleted: Vec<String>,
    /// How many files were up to date.
    pub unchanged: usize,
    /// Warnings about the API.
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
#[non_exhaustive]
pub struct DriftError {
    /// What a write would change. Boxed, so that errors stay small.
    pub report: Box<Report>,
    /// The unified diff from the folder to the generated files.
    pub diff: String,
    /// The command that brings the folder up to date.
    pub fix: String,
}

impl fmt::Display for DriftError {
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
