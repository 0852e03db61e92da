//! The text of a paragraph, heading or table row.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use super::line_start;
use crate::text::code;

/// Copies text from the comment without the prefixes of its lines.
pub(super) struct Inline<'t> {
    text: &'t str,
    out: String,
    /// The end of the copied text; `None` at the beginning of a line.
    copied: Option<usize>,
    /// The open links, innermost last.
    links: Vec<Link<'t>>,
}

struct Link<'t> {
    kind: LinkType,
    target: CowStr<'t>,
    title: CowStr<'t>,
}

impl<'t> Inline<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, out: String::new(), copied: None, links: Vec::new() }
    }

    /// The end of the copied part of the comment.
    pub(super) fn end(&self) -> usize {
        self.copied.unwrap_or_default()
    }

    /// The text since the last call, with the comment's line breaks.
    pub(super) fn take(&mut self) -> String {
        self.copied = None;
        let mut out = std::mem::take(&mut self.out);
        out.truncate(out.trim_end().len());
        out
    }

    pub(super) fn push(&mut self, event: Event<'t>, range: Range<usize>) {
        match event {
            Event::SoftBreak => self.end_line("\n"),
            // Two spaces would do, but clippy and many editors reject them.
            Event::HardBreak => self.end_line("\\\n"),
            Event::Code(code) => {
                self.copy(range.start, range.start);
                self.out.push_str(&code_span(&self.text[range.clone()], &code));
                self.copied = Some(range.end);
            }
            Event::Start(Tag::Link { link_type, dest_url, title, .. }) => {
                self.copy(range.start, range.start + 1);
                self.links.push(Link { kind: link_type, target: dest_url, title });
            }
            Event::Start(Tag::Image { link_type, dest_url, title, .. }) => {
                self.copy(range.start, range.start + 2);
                self.links.push(Link { kind: link_type, target: dest_url, title });
            }
            Event::End(TagEnd::Link | TagEnd::Image) => self.end_link(range.end),
            // The marker is copied with the content.
            Event::Start(_) => self.copy(range.start, range.start),
            _ => self.copy(range.start, range.end),
        }
    }

    /// Copies up to `end`. `start` is the beginning of the event.
    pub(super) fn copy(&mut self, start: usize, end: usize) {
        // A backslash in front belongs to the next character.
        let begin = || start - usize::from(self.text[..start].ends_with('\\'));
        let copied = self.copied.unwrap_or_else(begin);
        if copied < end {
            self.out.push_str(&self.text[copied..end]);
        }
        self.copied = Some(copied.max(end));
    }

    fn end_line(&mut self, with: &str) {
        self.out.truncate(self.out.trim_end_matches(' ').len());
        self.out.push_str(with);
        self.copied = None;
    }

    fn end_link(&mut self, end: usize) {
        let Some(Link { kind, target, title }) = self.links.pop() else { return };
        match kind {
            // Definitions are not copied.
            LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut => {}
            LinkType::ReferenceUnknown | LinkType::CollapsedUnknown | LinkType::ShortcutUnknown => {
                let (label, end) = match kind {
                    LinkType::ReferenceUnknown => (format!("[{target}]"), end),
                    LinkType::CollapsedUnknown => ("[]".to_owned(), end + 2),
                    _ => (String::new(), end),
                };
                self.out.push(']');
                self.out.push_str(&label);
                self.copied = Some(end);
                return;
            }
            _ => {
                if let Some(copied) = self.copied.filter(|copied| !self.text[*copied..end].contains('\n')) {
                    return self.copy(copied, end);
                }
            }
        }
        self.out.push_str("](");
        self.out.push_str(&destination(&target));
        if !title.is_empty() {
            self.out.push_str(" \"");
            self.out.push_str(&escaped(&title.replace('\n', " "), &['"', '\\', '`', '|', '&', '<']));
            self.out.push('"');
        }
        self.out.push(')');
        // The link's range does not include an empty label.
        self.copied = Some(if kind == LinkType::Collapsed { end + 2 } else { end });
    }
}

/// A link's target, as written in parentheses.
fn destination(target: &str) -> String {
    let mut special = vec!['\\', '<', '>', '`', '|'];
    let mut open = 0_i32;
    let is_balanced = target.chars().all(|c| {
        open += i32::from(c == '(') - i32::from(c == ')');
        open >= 0
    }) && open == 0;
    if !is_balanced {
        special.extend(['(', ')']);
    }
    if target.contains(';') {
        // `&copy;`
        special.push('&');
    }
    escaped(&target.replace(' ', "%20"), &special)
}

fn escaped(text: &str, special: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if special.contains(&c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A code span with the comment's line breaks, unless one of its lines could begin another block.
fn code_span(span: &str, content: &str) -> String {
    let mut lines = span.lines();
    let first = lines.next().unwrap_or_default();
    let is_plain =
        |line: &str| !line.starts_with(['>', '<', '[', '`', '~']) && line_start::escape(line) == line;
    if span.contains('\n') && (first.starts_with("```") || !lines.all(|line| is_plain(line.trim()))) {
        return code(&content.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    span.lines().map(str::trim).collect::<Vec<_>>().join("\n")
}
