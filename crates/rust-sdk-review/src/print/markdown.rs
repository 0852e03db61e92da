//! For a comment on a pull request.

use std::fmt::Write as _;

use super::items::{Item, items};
use super::{not_compared, summary};
use crate::report::Report;
use crate::text::{Text, code};

/// GitHub takes 65,536 characters a comment.
const MAX_LENGTH: usize = 60_000;

/// By which a comment of an earlier run is found.
const MARKER: &str = "<!-- protoc-gen-rust-sdk review -->";

/// How many methods of one change are named.
const MAX_SUBJECTS: usize = 20;

impl Report {
    /// Markdown for a comment on a pull request: short, most dangerous first. Names are code spans, whatever they hold. It
    /// begins with a marker, and fits into a comment.
    pub fn to_markdown(&self) -> String {
        let mut out = format!("{MARKER}\n### API review: access and routes\n\n");
        match summary(self) {
            nothing if nothing.is_empty() => {
                let _ = writeln!(out, "No {}.", super::nothing(self));
            }
            summary => {
                let _ = writeln!(out, "**{summary}**");
            }
        }
        if let Some(note) = not_compared(self) {
            let _ = writeln!(out, "\n{note}");
        }
        let (matter, others): (Vec<Item>, Vec<Item>) = items(self).into_iter().partition(|item| item.matters);
        let mut left_out = 0;
        let mut append = |out: &mut String, text: &str| {
            let fits = out.len() + text.len() < MAX_LENGTH;
            if fits { out.push_str(text) } else { left_out += 1 }
        };
        for item in &matter {
            append(&mut out, &format!("\n{}", section(item)));
        }
        let problems = |which: &str, problems: &[String]| {
            let lines = problems
                .iter()
                .flat_map(|problem| problem.lines())
                .map(|line| format!("- {}\n", code(line.trim())));
            details(&format!("The generator refuses the {which} version"), &lines.collect::<String>())
        };
        let additions: String = others.iter().map(section).collect();
        for (text, wanted) in [
            (problems("new", &self.new_problems), !self.new_problems.is_empty()),
            (details("Additions, and what makes no difference to callers", &additions), !others.is_empty()),
            (problems("old", &self.old_problems), !self.old_problems.is_empty()),
        ] {
            if wanted {
                append(&mut out, &text);
            }
        }
        if left_out > 0 {
            let _ =
                writeln!(out, "\n{left_out} more did not fit into a comment: run the review to see them.");
        }
        out
    }
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
