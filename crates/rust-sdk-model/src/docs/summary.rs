//! The first paragraph of a comment, for places with one line for it.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::parse;
use crate::api::Docs;

impl Docs {
    /// The first paragraph as one line, with its references. Empty if the comment begins with something else, such as a
    /// list, a heading or code.
    #[must_use]
    pub fn summary(&self) -> Self {
        match self.lines.as_slice() {
            [] => Self::default(),
            [line] if is_plain(line) => Self { lines: vec![line.clone()], links: Vec::new() },
            _ => self.paragraph().unwrap_or_default(),
        }
    }

    fn paragraph(&self) -> Option<Self> {
        let text = self.lines.join("\n");
        let parsed = parse::parse(&text, &|label| {
            self.links.iter().find(|link| link.label == label).map(|link| link.name.clone())
        });
        let (first, rest) = parsed.parts.split_first()?;
        if !matches!(first.0, Event::Start(Tag::Paragraph)) {
            return None;
        }
        let end = rest.iter().position(|(event, _)| matches!(event, Event::End(TagEnd::Paragraph)))?;
        let mut line = String::new();
        let mut at = first.1.start;
        // Links contain their targets, so they need no definition elsewhere in the comment.
        for (event, range) in &rest[..end] {
            if matches!(event, Event::SoftBreak | Event::HardBreak) {
                line.push_str(text.get(at..range.start).unwrap_or_default().trim_end_matches('\\'));
                line.push(' ');
                at = range.end;
            }
        }
        line.push_str(text.get(at..first.1.end).unwrap_or_default());
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let links = self.links.iter().filter(|link| line.contains(&format!("[{}]", link.label)));
        Some(Self { links: links.cloned().collect(), lines: vec![line] })
    }
}

/// Whether a line is a paragraph without links.
fn is_plain(line: &str) -> bool {
    line.starts_with(|c: char| c.is_ascii_alphabetic()) && !line.contains('[')
}

#[cfg(test)]
mod tests {
    use crate::docs::read;

    fn summary(comment: &str) -> String {
        read(comment, &|label| Some(label.to_owned()).filter(|label| label == "a.B"))
            .summary()
            .lines
            .join("\n")
    }

    #[test]
    fn the_first_paragraph_is_one_line() {
        assert_eq!(summary(" One\n  two.\n\n Three."), "One two.");
        assert_eq!(summary(" Needs:\n - this"), "Needs:");
        assert_eq!(summary(" One\\\n two."), "One two.");
        assert_eq!(summary(" `a\n b` c"), "`a b` c");
    }

    #[test]
    fn what_is_no_paragraph_is_left_out() {
        assert_eq!(summary(" - a\n - b"), "");
        assert_eq!(summary(" # Title\n\n Text."), "");
        assert_eq!(summary(""), "");
    }

    #[test]
    fn links_keep_their_targets() {
        assert_eq!(
            summary(" See [the\n site][x] and [y].\n\n [x]: https://a.b\n [y]: https://c.d"),
            "See [the site](https://a.b) and [y](https://c.d)."
        );
        assert_eq!(summary(" A [B][a.B] and\n [a.B]."), "A [B][a.B] and [a.B].");
    }
}
