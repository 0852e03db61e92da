//! Tells links, tags and text of a comment apart, and escapes the text, so that all Markdown parsers read it the same way.

use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use super::parse::{Parsed, Resolve};
use super::patches::Patches;
use super::urls;

/// The text after one more round of escapes; `None` if it needs none.
pub(super) fn settle(text: &str, parsed: &Parsed<'_>, resolve: Resolve<'_>) -> Option<String> {
    let mut settler = Settler { text, patches: Patches::new(text), url_end: 0, links: 0 };
    let mut used = HashSet::new();
    let mut in_code = false;
    let (mut cell_end, mut row) = (0, 0);
    for (event, range) in &parsed.parts {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(_) if !in_code => settler.text(range.clone()),
            Event::Html(_) | Event::InlineHtml(_) => settler.tags(range.clone()),
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                settler.links += 1;
                match link_type {
                    LinkType::ReferenceUnknown | LinkType::CollapsedUnknown | LinkType::ShortcutUnknown => {
                        if resolve(dest_url).is_none() {
                            settler.patches.refer(*link_type, range.clone(), None);
                        }
                    }
                    // `<std::string>` looks like an autolink.
                    LinkType::Autolink if !urls::is_page_or_address(dest_url) => settler.tags(range.clone()),
                    LinkType::Autolink | LinkType::Email => {}
                    _ if urls::is_page(dest_url) => {
                        used.insert(dest_url.as_ref());
                    }
                    _ => settler.patches.escape(range.start),
                }
            }
            Event::End(TagEnd::Link) => settler.links -= 1,
            Event::Start(Tag::Image { dest_url, .. }) if urls::is_page(dest_url) => {
                used.insert(dest_url.as_ref());
            }
            Event::Start(Tag::Image { .. }) => settler.patches.escape(range.start + 1),
            Event::Start(Tag::TableRow) => row = settler.patches.len(),
            Event::End(TagEnd::TableCell) => cell_end = range.end,
            Event::End(TagEnd::TableRow) => settler.excess(cell_end..range.end, row),
            _ => {}
        }
    }
    for definition in &parsed.definitions {
        // A definition that no link uses would be invisible.
        if !urls::is_page(&definition.target) || !used.contains(definition.target.as_str()) {
            settler.patches.escape(definition.start);
        }
    }
    settler.patches.apply()
}

struct Settler<'t> {
    text: &'t str,
    patches: Patches<'t>,
    /// The end of the last URL.
    url_end: usize,
    /// The open links.
    links: usize,
}

impl Settler<'_> {
    /// Escapes text that could be markup, and links bare URLs.
    fn text(&mut self, range: Range<usize>) {
        let bytes = self.text.as_bytes();
        let mut at = range.start.max(self.url_end);
        while at < range.end {
            match bytes[at] {
                b'[' | b']' | b'<' | b'>' | b'`' => self.patches.escape(at),
                // clippy takes `](` for a link, even if it is escaped.
                b'(' if self.text[..at].ends_with(']') => self.patches.escape(at),
                b'h' | b'H' if self.links == 0 => {
                    if let Some(url) = urls::at(self.text, at) {
                        // A backslash before the URL would escape the `<`, so the backslash is escaped.
                        let escape = if self.patches.is_escaped(at) { "\\" } else { "" };
                        self.patches.put(at..url.end, format!("{escape}<{}>", url.url));
                        self.url_end = url.end;
                        at = url.end;
                        continue;
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// Escapes the brackets of tags, comments and the like.
    fn tags(&mut self, range: Range<usize>) {
        for at in range {
            if matches!(self.text.as_bytes()[at], b'<' | b'>') {
                self.patches.escape(at);
            }
        }
    }

    /// Joins the text after a row's last cell to that cell, since Markdown parsers would drop it. `row` is the number
    /// of patches before the row.
    fn excess(&mut self, range: Range<usize>, row: usize) {
        let behind = self.text[range.clone()].trim_end();
        let bars: Vec<usize> = behind
            .match_indices('|')
            .map(|(at, _)| range.start + at)
            .filter(|at| at + 1 < range.start + behind.len() && !self.patches.is_escaped(*at))
            .collect();
        if !bars.is_empty() {
            // The next round makes the row's other patches again, for the joined text.
            self.patches.truncate(row);
        }
        for at in bars {
            self.patches.escape(at);
        }
    }
}
