//! Rust as text, line by line. Tokens and their printer would take several times as long.

use std::fmt::{self, Write as _};

use rust_sdk_model::Options;
use rust_sdk_model::api::{Docs, Package};
use rust_sdk_model::options::Layout;

use super::HEADER;
use super::deprecation::deprecation;
use super::gates::client_cfg;

/// The widest arguments that rustfmt leaves on an attribute's line.
const ATTRIBUTE: usize = 70;

/// Text that grows line by line. Lines are indented by the blocks around them.
#[derive(Default)]
pub(crate) struct Code {
    text: String,
    depth: usize,
}

impl Code {
    /// A file with this title.
    pub(crate) fn file(title: &str) -> Self {
        Self { text: format!("{HEADER}//! {title}\n"), depth: 0 }
    }

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

    /// Appends a comment for the module around it.
    pub(crate) fn inner_docs(&mut self, lines: &[String]) {
        for line in lines {
            self.indent();
            self.text.push_str(if line.is_empty() { "//!" } else { "//! " });
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    /// Appends `#[cfg(feature = …)]` if the output is a crate. A module tree has no features.
    pub(crate) fn gate(&mut self, options: &Options, feature: &str) {
        if options.layout == Layout::Crate {
            self.line(format_args!("#[cfg(feature = {feature:?})]"));
        }
    }

    /// Appends a `cfg` for any of these features; none if there are none.
    pub(crate) fn any_gate(&mut self, options: &Options, features: &[String]) {
        match features {
            [] => {}
            [feature] => self.gate(options, feature),
            features if options.layout == Layout::Crate => {
                let features: Vec<String> =
                    features.iter().map(|gate| format!("feature = {gate:?}")).collect();
                self.attribute("#[cfg(any(", &features, "))]");
            }
            _ => {}
        }
    }

    /// Appends the `cfg` of a package.
    pub(crate) fn package_gate(&mut self, options: &Options, package: &Package) {
        if let Some(gate) = &package.gate {
            self.gate(options, gate);
        }
    }

    /// Appends the `cfg` of clients.
    pub(crate) fn client_gate(&mut self, options: &Options) {
        if let Some(cfg) = client_cfg(options) {
            self.line(format_args!("#[cfg({cfg})]"));
        }
    }

    /// Appends `#[deprecated]`, with the note of the first of these comments that has one.
    pub(crate) fn deprecated(&mut self, comments: &[&Docs]) {
        match deprecation(comments) {
            Some(note) => self.attribute("#[deprecated(", &[format!("note = {note:?}")], ")]"),
            None => self.line(format_args!("#[deprecated]")),
        }
    }

    /// Appends `#[allow(…)]`.
    pub(crate) fn allow(&mut self, lints: &[&str], reason: &str) {
        let mut arguments: Vec<String> = lints.iter().map(|lint| (*lint).to_owned()).collect();
        arguments.push(format!("reason = {reason:?}"));
        self.attribute("#[allow(", &arguments, ")]");
    }

    /// Appends an attribute: `open`, the arguments and `close`.
    pub(crate) fn attribute(&mut self, open: &str, arguments: &[String], close: &str) {
        let flat = arguments.join(", ");
        // The width of a list within the attribute's own, such as `any(…)`.
        let inner = open.split_once('(').map_or(0, |(_, inner)| inner.len());
        let width = flat.chars().count() + if inner == 0 { 0 } else { inner + 1 };
        if width <= ATTRIBUTE {
            return self.line(format_args!("{open}{flat}{close}"));
        }
        self.open(format_args!("{open}"));
        for (index, argument) in arguments.iter().enumerate() {
            let comma = if index + 1 == arguments.len() { "" } else { "," };
            self.line(format_args!("{argument}{comma}"));
        }
        self.close_with(close);
    }

    /// Appends text as it is.
    pub(crate) fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Appends the line that opens a block.
    pub(crate) fn open(&mut self, line: fmt::Arguments<'_>) {
        self.line(line);
        self.depth += 1;
    }

    /// Appends the line that closes a block.
    pub(crate) fn close(&mut self) {
        self.close_with("}");
    }

    /// Appends this line, which closes a block.
    pub(crate) fn close_with(&mut self, line: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.line(format_args!("{line}"));
    }

    /// Appends the blank line before an item, unless the item is the first in its block.
    pub(crate) fn blank(&mut self) {
        if !self.text.ends_with("{\n") {
            self.text.push('\n');
        }
    }

    /// The text as the body of a macro; empty without text.
    pub(crate) fn within(self, head: &str) -> String {
        if self.text.is_empty() {
            return self.text;
        }
        let mut out = format!("{head} {{\n");
        for line in self.text.lines() {
            let indent = if line.is_empty() { "" } else { "    " };
            out.extend([indent, line, "\n"]);
        }
        out + "}\n"
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
