//! For a terminal.

use std::fmt::Write as _;

use super::items::items;
use super::{not_compared, summary};
use crate::report::Report;
use crate::text::plain;

impl Report {
    /// For a terminal: most dangerous first.
    pub fn to_text(&self) -> String {
        let mut out = match summary(self) {
            nothing if nothing.is_empty() => format!("no {}\n", super::nothing(self)),
            summary => format!("{summary}\n"),
        };
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
        if let Some(note) = not_compared(self) {
            let _ = writeln!(out, "\n{note}");
        }
        for (which, problems) in [("new", &self.new_problems), ("old", &self.old_problems)] {
            if !problems.is_empty() {
                let _ = writeln!(
                    out,
                    "\nthe generator refuses the {which} version, which was read as it stands:"
                );
            }
            for line in problems.iter().flat_map(|problem| problem.lines()) {
                let _ = writeln!(out, "  {}", plain(line));
            }
        }
        out
    }
}
