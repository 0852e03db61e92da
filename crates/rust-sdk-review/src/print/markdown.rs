//! The report for a comment on a pull request.

use std::fmt::Write as _;

use super::headline::{headline, is_silent, notes};
use super::items::{Item, items};
use crate::report::Report;
use crate::text::{Text, code};

/// GitHub's limit is 65,536 characters per comment.
const MAX_LENGTH: usize = 60_000;

/// Marks the comment, so that a later run finds it.
const MARKER: &str = "<!-- protoc-gen-rust-sdk review -->";

/// The most methods to name for one change.
const MAX_SUBJECTS: usize = 20;

impl Report {
    /// Markdown for a comment on a pull request: short, most dangerous first. Names are code spans. It begins with a marker
    /// and fits into a comment. The fourth line is the headline, which has no names.
    pub fn to_markdown(&self) -> String {
        let mut out = format!("{MARKER}\n### API review\n\n");
        let headline = headline(self);
        if is_silent(self) {
            let _ = writeln!(out, "N{}.", &headline[1..]);
        } else {
            let _ = writeln!(out, "**{headline}**");
        }
        let mut left_out = 0;
        let mut append = |out: &mut String, text: &str| {
            let fits = out.len() + text.len() < MAX_LENGTH;
            if fits { out.push_str(text) } else { left_out += 1 }
        };
        for note in notes(self) {
            append(&mut out, &format!("\n{}.\n", note.markdown()));
        }
        if !self.new_problems.is_empty() {
            append(&mut out, "\nThe generator rejects the new version:\n\n");
        }
        for problem in &self.new_problems {
            append(&mut out, &listed(problem));
        }
        let (matter, others): (Vec<Item>, Vec<Item>) = items(self).into_iter().partition(|item| item.matters);
        for item in &matter {
            append(&mut out, &format!("\n{}", section(item)));
        }
        let additions: String = others.iter().map(section).collect();
        let old_problems: String = self.old_problems.iter().map(|problem| listed(problem)).collect();
        for (title, content) in [
            ("Additions, and changes without effect on callers", additions),
            ("The generator rejects the old version", old_problems),
        ] {
            if !content.is_empty() {
                append(&mut out, &details(title, &content));
            }
        }
        if left_out > 0 {
            let _ =
                writeln!(out, "\n{left_out} more did not fit into a comment: run the review to see them.");
        }
        out
    }
}

/// A problem as a list entry, with its hint below.
fn listed(problem: &str) -> String {
    let lines: Vec<String> = problem.lines().map(|line| code(line.trim())).collect();
    format!("- {}\n", lines.join("  \n  "))
}

fn details(title: &str, content: &str) -> String {
    format!("\n<details><summary>{title}</summary>\n\n{content}\n</details>\n")
}

fn section(item: &Item) -> String {
    let mut out = format!("- **{}**", item.label);
    match &item.subjects[..] {
        [subject] => {
            let _ = writeln!(out, ": {}", subject.markdown());
        }
        subjects => {
            let _ = writeln!(out, ", {} times:", subjects.len());
            let shown: Vec<String> = subjects.iter().take(MAX_SUBJECTS).map(Text::markdown).collect();
            let more = subjects.len() - shown.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let _ = writeln!(out, "  {}{more}", shown.join(", "));
        }
    }
    for reason in &item.reasons {
        let _ = writeln!(out, "  - {}", reason.markdown());
    }
    if !item.steps.is_empty() {
        out.push_str("  - safe steps:\n");
    }
    for (index, step) in item.steps.iter().enumerate() {
        let _ = writeln!(out, "    {}. {}", index + 1, step.markdown());
    }
    out
}
