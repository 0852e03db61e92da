//! Checks that the guide lists what the code has: every option, with examples that parse, and every class of a review.

use rust_sdk_model::Options;
use rust_sdk_model::options::{KEYS, expand};
use rust_sdk_review::{CLASSES, Class};

use super::blocks::blocks;
use super::pages::Page;
use crate::Result;

/// Adds violations to `problems`.
pub(crate) fn check(pages: &[Page], problems: &mut Vec<String>) -> Result<()> {
    options(text(pages, "options.md")?, problems);
    classes(text(pages, "review.md")?, problems);
    Ok(())
}

fn text<'a>(pages: &'a [Page], name: &str) -> Result<&'a str> {
    let page = pages.iter().find(|page| page.in_book() == Some(name));
    Ok(&page.ok_or_else(|| format!("docs/src/{name} is gone"))?.text)
}

/// The names of the options.
fn keys() -> impl Iterator<Item = &'static str> {
    KEYS.iter().map(|key| key.name)
}

/// The names of classes and of groups, each with its classes.
fn groups() -> impl Iterator<Item = (&'static str, &'static [Class])> {
    CLASSES.iter().map(|group| (group.name, group.classes))
}

/// Checks that each key has a section with examples in `text` blocks.
fn options(page: &str, problems: &mut Vec<String>) {
    let sections: Vec<(&str, &str)> =
        page.split("\n### ").skip(1).filter_map(|section| section.split_once('\n')).collect();
    for (title, _) in &sections {
        if !keys().any(|key| key == *title) {
            problems.push(format!("docs/src/options.md: `{title}` is no option"));
        }
    }
    for key in keys() {
        let Some((_, section)) = sections.iter().find(|(title, _)| *title == key) else {
            problems.push(format!("docs/src/options.md: no section for `{key}`"));
            continue;
        };
        let section = section.split("\n## ").next().unwrap_or_default();
        let examples: Vec<String> = blocks(section)
            .into_iter()
            .filter(|block| block.info == "text")
            .map(|block| block.text)
            .collect();
        if examples.is_empty() {
            problems.push(format!("docs/src/options.md: `{key}` has no example"));
        }
        for line in examples.iter().flat_map(|example| example.lines()) {
            if let Some(problem) = wrong(key, line) {
                problems.push(format!("docs/src/options.md: `{line}`: {problem}"));
            }
        }
    }
}

fn wrong(key: &str, line: &str) -> Option<String> {
    if line.split_once('=').is_none_or(|(found, _)| found != key) {
        return Some(format!("an example of `{key}` begins with it"));
    }
    // Only a workspace has this option.
    let layout = (key == "crate").then_some("layout=workspace");
    let parsed = expand([line].into_iter().chain(layout), |_| Ok(String::new()))
        .and_then(|lines| Options::from_pairs(lines.iter().map(String::as_str)));
    parsed.err().map(|problems| problems.to_string())
}

/// Checks that each class has a row with its groups, and that the page names each group.
fn classes(page: &str, problems: &mut Vec<String>) {
    for (name, members) in groups() {
        let [class] = members else {
            if !page.contains(&format!("`{name}`")) {
                problems.push(format!("docs/src/review.md does not name the group `{name}`"));
            }
            continue;
        };
        let is_in = |group: &str| groups().any(|(name, classes)| name == group && classes.contains(class));
        let group = match (is_in("breaking"), is_in("security")) {
            (true, true) => "both",
            (true, false) => "`breaking`",
            (false, true) => "`security`",
            (false, false) => "",
        };
        let is_row = |line: &str| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            matches!(cells[..], ["", first, _, last, ""] if first == format!("`{name}`") && last == group)
        };
        if !page.lines().any(is_row) {
            problems.push(format!("docs/src/review.md has no row `| \u{60}{name}\u{60} | … | {group} |`"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_parsed() {
        assert_eq!(wrong("server", "server=on"), None);
        assert!(wrong("server", "server=often").unwrap().contains("write `on` or `off`"));
        assert_eq!(wrong("server", "json=on").unwrap(), "an example of `server` begins with it");
        assert_eq!(wrong("options_file", "options_file=none"), None);
    }

    #[test]
    fn what_is_missing_and_what_is_too_much_is_reported() {
        let mut problems = Vec::new();
        options(
            "# Options\n\n### server\n\nNo example.\n\n### servr\n\n```text\nservr=on\n```\n",
            &mut problems,
        );
        for part in ["`servr` is no option", "`server` has no example", "no section for `crate_name`"] {
            assert!(problems.iter().any(|problem| problem.contains(part)), "{part} in {problems:?}");
        }
        problems.clear();
        classes("| `widened` | More. | `breaking` |\n`all` `none` `security` `breaking`", &mut problems);
        assert!(
            problems.iter().any(|problem| problem.contains("`widened` | … | `security`")),
            "{problems:?}"
        );
    }
}
