//! Rust as text, line by line. For what is plain and much: tokens, and what prints them, cost several times as much.

use std::fmt::{self, Write as _};

use rust_sdk_model::Options;
use rust_sdk_model::options::Layout;

/// Text that grows by lines, each as deep as the blocks around it.
#[derive(Default)]
pub(crate) struct Code {
    text: String,
    depth: usize,
}

impl Code {
    /// Appends a line.
    pub(crate) fn line(&mut self, line: fmt::Arguments<'_>) {
        self.indent();
        let _ = self.text.write_fmt(line);
        self.text.push('\n');
    }

    /// Appends a comment for rustdoc.
    pub(crate) fn docs(&mut self, lines: &[String]) {
        for line in lines {
            self.indent();
            self.text.push_str(if line.is_empty() { "///" } else { "/// " });
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    /// Appends `#[cfg(feature = …)]`, where the output is a crate that has features.
    pub(crate) fn gate(&mut self, options: &Options, feature: &str) {
        if options.layout == Layout::Crate {
            self.line(format_args!("#[cfg(feature = {feature:?})]"));
        }
    }

    /// Appends the line that opens a block.
    pub(crate) fn open(&mut self, line: fmt::Arguments<'_>) {
        self.line(line);
        self.depth += 1;
    }

    /// Appends the line that closes a block.
    pub(crate) fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.line(format_args!("}}"));
    }

    /// Appends the blank line that stands before an item, unless it is the first in its block.
    pub(crate) fn blank(&mut self) {
        if !self.text.ends_with("{\n") {
            self.text.push('\n');
        }
    }

    /// The text.
    pub(crate) fn finish(self) -> String {
        self.text
    }

    fn indent(&mut self) {
        for _ in 0..self.depth {
            self.text.push_str("    ");
        }
    }
}
