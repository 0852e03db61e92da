//! Replacements in a text, applied together.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::LinkType;

/// Replacements in a text.
pub(super) struct Patches<'t> {
    text: &'t str,
    list: Vec<(Range<usize>, Cow<'static, str>)>,
}

impl<'t> Patches<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, list: Vec::new() }
    }

    pub(super) fn put(&mut self, range: Range<usize>, with: impl Into<Cow<'static, str>>) {
        self.list.push((range, with.into()));
    }

    /// Escapes a character with a backslash, unless it is escaped already.
    pub(super) fn escape(&mut self, at: usize) {
        if !self.is_escaped(at) {
            self.put(at..at, "\\");
        }
    }

    /// Whether a backslash in front escapes this character.
    pub(super) fn is_escaped(&self, at: usize) -> bool {
        let before = self.text.as_bytes()[..at].iter().rev();
        !before.take_while(|byte| **byte == b'\\').count().is_multiple_of(2)
    }

    /// Replaces a reference to an element, `[text][name]`, `[name][]` or `[name]`, with a link to this target. Without
    /// a target, only the text stays, or the name as code.
    pub(super) fn refer(&mut self, kind: LinkType, range: Range<usize>, target: Option<&str>) {
        let text_end = match kind {
            LinkType::ReferenceUnknown => {
                range.start + self.text[range.clone()].rfind("][").unwrap_or_default()
            }
            _ => range.end - 1,
        };
        // The range does not include an empty label.
        let end = range.end + if kind == LinkType::CollapsedUnknown { 2 } else { 0 };
        let (shown, is_name) = match self.text[range.start + 1..text_end].trim_start() {
            "" => (text_end + 2..end - 1, true),
            text => (text_end - text.len()..text_end, kind != LinkType::ReferenceUnknown),
        };
        let mark = if is_name && !self.text[shown.clone()].contains('`') { "`" } else { "" };
        let (before, behind) = match target {
            Some(target) => (format!("[{mark}"), format!("{mark}]({target})")),
            None => (mark.to_owned(), mark.to_owned()),
        };
        self.put(range.start..shown.start, before);
        self.put(shown.end..end, behind);
    }

    /// The number of replacements.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// Drops all but the first ones.
    pub(super) fn truncate(&mut self, len: usize) {
        self.list.truncate(len);
    }

    /// The text with all replacements; `None` if there are none.
    pub(super) fn apply(mut self) -> Option<String> {
        if self.list.is_empty() {
            return None;
        }
        self.list.sort_by_key(|(range, _)| range.start);
        let mut out = String::with_capacity(self.text.len() + self.text.len() / 8);
        let mut done = 0;
        for (range, with) in &self.list {
            if range.start >= done {
                out.push_str(&self.text[done..range.start]);
                out.push_str(with);
                done = range.end;
            }
        }
        out.push_str(&self.text[done..]);
        Some(out)
    }
}
