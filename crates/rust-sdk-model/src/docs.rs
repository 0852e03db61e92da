//! Proto comments as Markdown that rustdoc accepts without a warning, and of which it compiles and runs nothing.
//!
//! The text stays the author's where rustdoc reads it as meant. `prepare` drops what is no documentation, `settle` decides
//! what is a link, a tag or a name in brackets, and `layout` writes the blocks.

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

/// More rounds than an author's text takes: each settles what the one before laid open.
const ROUNDS: usize = 8;

/// Cleans a proto comment. One string a line, no space in front.
pub fn clean(comment: &str) -> Vec<String> {
    read(comment, &|_| None).lines
}

/// The same, with references to the elements that labels are resolved to.
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
    // Only a text that was made for it gets here.
    Docs { lines: code::block("text", &text), links: Vec::new() }
}

/// The comments before and behind an element as one.
pub fn join(leading: &str, trailing: &str) -> String {
    let separator = if leading.is_empty() || trailing.is_empty() { "" } else { "\n" };
    format!("{leading}{separator}{trailing}")
}

impl Docs {
    /// The lines, with references as links to what `path` says.
    pub fn linked(&self, path: impl Fn(&DocTarget) -> String) -> Vec<String> {
        let text = self.referring(|link| link.target.as_ref().map(&path));
        text.map_or_else(|| self.lines.clone(), |text| text.split('\n').map(str::to_owned).collect())
    }

    /// The lines, with references as text.
    pub fn plain(&self) -> Vec<String> {
        // The text that a reference shows may be markup where nothing stands in front of it.
        self.referring(|_| None).map_or_else(|| self.lines.clone(), |text| clean(&text))
    }

    /// The text, with references as links to these targets; `None` where it has no reference.
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

/// The references in a text: how each is written, its label, and where it stands.
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
