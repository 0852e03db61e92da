//! The report for a terminal.

use std::fmt::Write as _;

use super::headline::{headline, notes};
use super::items::items;
use crate::report::Report;
use crate::text::plain;

impl Report {
    /// The report for a terminal, most dangerous first.
    pub fn to_text(&self) -> String {
        let mut out = format!("{}\n", headline(self));
        let problems = |which: &str, problems: &[String], out: &mut String| {
            if !problems.is_empty() {
                let _ = writeln!(
                    out,
                    "\nthe generator rejects the {which} version; the review reads it leniently:"
                );
            }
            for line in problems.iter().flat_map(|problem| problem.lines()) {
                let _ = writeln!(out, "  {}", plain(line));
            }
        };
        for note in notes(self) {
            let _ = writeln!(out, "\n{note}.");
        }
        problems("new", &self.new_problems, &mut out);
        for item in items(self) {
            let _ = writeln!(out, "\n{}", item.label);
            for subject in &item.subjects {
                let _ = writeln!(out, "  {subject}");
            }
            for reason in &item.reasons {
                let _ = writeln!(out, "    {reason}");
            }
            if !item.steps.is_empty() {
                out.push_str("    safe steps:\n");
            }
            for (index, step) in item.steps.iter().enumerate() {
                let _ = writeln!(out, "      {}. {step}", index + 1);
            }
        }
        problems("old", &self.old_problems, &mut out);
        out
    }
}
