//! Checks that the files and folders that documents name exist: paths in code spans that begin with a folder of the
//! repository or with the name of a crate. The book is left out: the paths in it are those of its readers.

use std::path::PathBuf;

use pulldown_cmark::{Event, Options, Parser};

use super::pages::Page;
use crate::root;

/// Adds violations to `problems`.
pub(crate) fn check(pages: &[Page], problems: &mut Vec<String>) {
    for page in pages.iter().filter(|page| page.in_book().is_none()) {
        for (event, range) in Parser::new_ext(&page.text, Options::ENABLE_TABLES).into_offset_iter() {
            let Event::Code(code) = event else { continue };
            for path in code.split_whitespace().flat_map(expanded) {
                if place(&path).is_some_and(|place| !place.exists()) {
                    problems.push(format!("{}: `{path}` does not exist", page.at(range.start)));
                }
            }
        }
    }
}

/// `a/{b,c}.rs` → `a/b.rs`, `a/c.rs`.
fn expanded(path: &str) -> Vec<String> {
    let braces = path.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
    match braces {
        Some((before, (names, after))) => {
            names.split(',').map(|name| format!("{before}{name}{after}")).collect()
        }
        None => vec![path.to_owned()],
    }
}

/// Where the path leads, if it is one of the repository and not a pattern.
fn place(path: &str) -> Option<PathBuf> {
    let (first, _) = path.split_once('/')?;
    if first.is_empty() || first.starts_with('.') || first == "target" || path.contains(['<', '*', '…', ':'])
    {
        return None;
    }
    [root().to_owned(), root().join("crates")]
        .into_iter()
        .find(|folder| folder.join(first).is_dir())
        .map(|folder| folder.join(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_is_gone_is_found_at_its_line() {
        let text = "`xtask/src/{main,gone}.rs`\n\n| `rust-sdk-model/tests/lumen.rs` | `cargo run crates/gone` |\n|---|---|\n\n\
                    `proto/acme`, `/v1/items`, `testdata/<code>.proto`, `target/gone`";
        let page = |name: &str| Page { name: name.to_owned(), text: text.to_owned() };
        let mut problems = Vec::new();
        check(&[page("README.md"), page("docs/src/README.md")], &mut problems);
        assert_eq!(
            problems,
            ["README.md:1: `xtask/src/gone.rs` does not exist", "README.md:3: `crates/gone` does not exist"]
        );
    }
}
