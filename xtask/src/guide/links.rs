//! Checks that every relative link and anchor leads somewhere, and that every page of the book is in its summary.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::pages::{Page, book};
use crate::root;

/// Adds violations to `problems`.
pub(crate) fn check(pages: &[Page], problems: &mut Vec<String>) {
    let outlines: BTreeMap<PathBuf, Outline> =
        pages.iter().map(|page| (page.path(), Outline::of(&page.text))).collect();
    for page in pages {
        let Some(outline) = outlines.get(&page.path()) else { continue };
        for (offset, link) in &outline.links {
            if let Some(problem) = problem(page, link, &outlines) {
                problems.push(format!("{}: {problem}", page.at(*offset)));
            }
        }
    }
    let summary = book().join("SUMMARY.md");
    let listed: BTreeSet<PathBuf> = outlines
        .get(&summary)
        .map(|outline| outline.links.iter().map(|(_, link)| book().join(link)).collect())
        .unwrap_or_default();
    for page in pages.iter().filter(|page| page.in_book().is_some_and(|name| name != "SUMMARY.md")) {
        if !listed.contains(&page.path()) {
            problems.push(format!("{} is not in docs/src/SUMMARY.md", page.name));
        }
    }
}

fn problem(page: &Page, link: &str, outlines: &BTreeMap<PathBuf, Outline>) -> Option<String> {
    if ["https:", "http:", "mailto:"].iter().any(|scheme| link.starts_with(scheme)) {
        return None;
    }
    let (path, anchor) = match link.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (link, None),
    };
    let folder = page.path().parent().unwrap_or(root()).to_owned();
    let target = if path.is_empty() { page.path() } else { normal(&folder.join(path)) };
    if !target.exists() {
        return Some(format!("`{link}` leads nowhere"));
    }
    if page.in_book().is_some() && !target.starts_with(book()) {
        return Some(format!("`{link}` leads out of the book, which stands alone once it is built"));
    }
    let anchor = anchor?;
    match outlines.get(&target) {
        Some(outline) if outline.anchors.contains(anchor) => None,
        Some(_) => Some(format!("`{link}`: there is no such heading")),
        None => Some(format!("`{link}`: only Markdown has headings")),
    }
}

/// The path without `..`, so that paths can be compared.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            part => normal.push(part),
        }
    }
    normal
}

/// The links and the anchors of a page.
struct Outline {
    links: Vec<(usize, String)>,
    anchors: BTreeSet<String>,
}

impl Outline {
    fn of(text: &str) -> Self {
        let mut outline = Self { links: Vec::new(), anchors: BTreeSet::new() };
        let mut heading: Option<String> = None;
        for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    outline.links.push((range.start, dest_url.to_string()));
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::Text(text) | Event::Code(text) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    }
                }
                Event::End(TagEnd::Heading(_)) => {
                    let slug = slug(&heading.take().unwrap_or_default());
                    let mut anchor = slug.clone();
                    let mut count = 0;
                    while !outline.anchors.insert(anchor) {
                        count += 1;
                        anchor = format!("{slug}-{count}");
                    }
                }
                _ => {}
            }
        }
        outline
    }
}

/// The anchor of a heading, as mdBook and GitHub make it.
fn slug(heading: &str) -> String {
    let lower = heading.trim().to_lowercase();
    let kept = lower.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        let page = Page { name: "docs/src/README.md".to_owned(), text: text.to_owned() };
        let summary = Page { name: "docs/src/SUMMARY.md".to_owned(), text: "[a](README.md)".to_owned() };
        let lost = Page { name: "docs/src/lost.md".to_owned(), text: "# A `b`, c\n# A b c\n".to_owned() };
        let mut problems = Vec::new();
        check(&[page, summary, lost], &mut problems);
        problems
    }

    #[test]
    fn each_broken_link_is_found_at_its_line() {
        let text = "[a](lost.md#a-b-c) [b](lost.md#a-b-c-1) [c](https://example.com/x)\n\n[d](lost.md#nothing)\n[e](none.md) [f](../../README.md)";
        assert_eq!(
            problems(text),
            [
                "docs/src/README.md:1: `lost.md#a-b-c` leads nowhere",
                "docs/src/README.md:1: `lost.md#a-b-c-1` leads nowhere",
                "docs/src/README.md:3: `lost.md#nothing` leads nowhere",
                "docs/src/README.md:4: `none.md` leads nowhere",
                "docs/src/README.md:4: `../../README.md` leads out of the book, which stands alone once it is built",
                "docs/src/lost.md is not in docs/src/SUMMARY.md",
            ]
        );
    }

    #[test]
    fn an_anchor_is_a_heading() {
        assert_eq!(slug("What `debug_redact` hides, and why"), "what-debug_redact-hides-and-why");
        let outline = Outline::of("# A `b`, c\n\n# A b c\n\n## Other\n");
        assert_eq!(outline.anchors.iter().collect::<Vec<_>>(), ["a-b-c", "a-b-c-1", "other"]);
        assert_eq!(
            problems("[a](#here)\n# Here\n[b](#there)").first().unwrap(),
            "docs/src/README.md:3: `#there`: there is no such heading"
        );
    }
}
