//! Proto comments → Markdown that rustdoc accepts without a warning. rustdoc neither compiles nor runs code in it.
//!
//! Text stays as written if rustdoc reads it as the author meant it. `prepare` removes text that is not documentation,
//! `settle` tells links, tags and names in brackets apart, and `layout` writes the blocks.

mod code;
mod inline;
mod layout;
mod line_start;
mod parse;
mod patches;
mod prepare;
mod settle;
mod summary;
mod urls;

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag};

use self::parse::Parsed;
pub use self::parse::Resolve;
use self::patches::Patches;
use crate::api::{DocLink, DocTarget, Docs};

/// The most rounds; a real text needs fewer. Each round escapes the markup that the previous round revealed.
const ROUNDS: usize = 8;

/// Cleans a proto comment: one string per line, without a leading space.
pub fn clean(comment: &str) -> Vec<String> {
    read(comment, &|_| None).lines
}

/// Cleans a proto comment and keeps references to the elements that `resolve` finds.
pub fn read(comment: &str, resolve: Resolve<'_>) -> Docs {
    let mut text = prepare::text(comment);
    for _ in 0..ROUNDS {
        let parsed = parse::parse(&text, resolve);
        if let Some(settled) = settle::settle(&text, &parsed, resolve) {
            text = settled;
            continue;
        }
        let links = links(&parsed, resolve);
        return Docs { lines: layout::lines(&text, parsed.parts), links };
    }
    // Only a hostile text gets here.
    Docs { lines: code::block("text", &text), links: Vec::new() }
}

/// Joins the comments before and after an element.
pub fn join(leading: &str, trailing: &str) -> String {
    let separator = if leading.is_empty() || trailing.is_empty() { "" } else { "\n" };
    format!("{leading}{separator}{trailing}")
}

impl Docs {
    /// The lines. References become links to what `path` returns.
    pub fn linked(&self, path: impl Fn(&DocTarget) -> String) -> Vec<String> {
        let text = self.referring(|link| link.target.as_ref().map(&path));
        text.map_or_else(|| self.lines.clone(), |text| text.split('\n').map(str::to_owned).collect())
    }

    /// The lines. References become text.
    pub fn plain(&self) -> Vec<String> {
        // The text of a reference may be markup at the beginning of a line.
        self.referring(|_| None).map_or_else(|| self.lines.clone(), |text| clean(&text))
    }

    /// The text with links to these targets; `None` if it has no references.
    fn referring(&self, target: impl Fn(&DocLink) -> Option<String>) -> Option<String> {
        if self.links.is_empty() {
            return None;
        }
        let link = |label: &str| {
            let at = self.links.binary_search_by(|link| link.label.as_str().cmp(label)).ok()?;
            self.links.get(at)
        };
        let text = self.lines.join("\n");
        let parsed = parse::parse(&text, &|label| Some(link(label)?.name.clone()));
        let mut patches = Patches::new(&text);
        for (kind, label, range) in references(&parsed) {
            patches.refer(kind, range, link(label).and_then(&target).as_deref());
        }
        patches.apply()
    }
}

/// The references in a text: the written form, the label and the range.
fn references<'p>(parsed: &'p Parsed<'_>) -> impl Iterator<Item = (LinkType, &'p str, Range<usize>)> {
    parsed.parts.iter().filter_map(|(event, range)| match event {
        Event::Start(Tag::Link {
            link_type:
                kind @ (LinkType::ReferenceUnknown | LinkType::CollapsedUnknown | LinkType::ShortcutUnknown),
            dest_url,
            ..
        }) => Some((*kind, dest_url.as_ref(), range.clone())),
        _ => None,
    })
}

fn links(parsed: &Parsed<'_>, resolve: Resolve<'_>) -> Vec<DocLink> {
    let labels: BTreeSet<&str> = references(parsed).map(|(_, label, _)| label).collect();
    let link = |label: &str| Some(DocLink { label: label.to_owned(), name: resolve(label)?, target: None });
    labels.into_iter().filter_map(link).collect()
}
