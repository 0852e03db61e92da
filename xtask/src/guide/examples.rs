//! Checks that Rust in documents is compiled, or says why not, and that snippets of generated code are in the golden crates.

use std::fs;

use super::blocks::{Block, blocks};
use super::pages::Page;
use crate::{Result, root};

/// Whether the tests compile the document's Rust: pages of the book, and the README.
fn is_compiled(page: &Page) -> bool {
    page.in_book().is_some() || page.name == "README.md"
}

/// Adds violations to `problems`.
pub(crate) fn check(pages: &[Page], problems: &mut Vec<String>) -> Result<()> {
    let compiled = fs::read_to_string(root().join("testdata/e2e/src/lib.rs"))?;
    for page in pages.iter().filter(|page| is_compiled(page)) {
        for block in blocks(&page.text) {
            let at = page.at(block.offset);
            if let Some(file) = block.marked("from") {
                let text = fs::read_to_string(root().join(file))
                    .map_err(|error| format!("{at}: {file}: {error}"))?;
                if let Some(line) = missing(&block, &text) {
                    problems
                        .push(format!("{at}: `{line}` is not in {file}, or not behind the line before it"));
                }
            } else if block.is_rust() && block.is_ignored() {
                if block.marked("file").is_none() && block.marked("not followed").is_none() {
                    problems.push(format!(
                        "{at}: an ignored example says why: `<!-- not followed: … -->` before it"
                    ));
                }
            } else if block.is_rust() && !compiled.contains(&format!("../{}\")", page.name)) {
                problems.push(format!("{at}: testdata/e2e/src/lib.rs does not include {}", page.name));
            }
        }
    }
    Ok(())
}

/// The first line of the block that the file does not have after the block's earlier lines. Code in `//!` comments of the file counts, too.
fn missing<'a>(block: &'a Block, text: &str) -> Option<&'a str> {
    let mut rest = text.lines().map(|line| line.trim().trim_start_matches("//! ").trim());
    block
        .text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .find(|line| !rest.any(|found| found == *line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_in_their_order() {
        let block =
            |text: &str| Block { offset: 0, comment: None, info: String::new(), text: text.to_owned() };
        let file = "/// A.\npub struct A {\n    /// B.\n    pub b: i32,\n    pub c: i32,\n}\n";
        assert_eq!(missing(&block("pub struct A {\n  pub b: i32,\n}\n"), file), None);
        assert_eq!(missing(&block("let a = 1;\nb();\n"), "//! let a = 1;\n//!     b();\n"), None);
        assert_eq!(missing(&block("pub c: i32,\npub b: i32,\n"), file), Some("pub b: i32,"));
        assert_eq!(missing(&block("pub struct A {\n    pub d: i32,\n"), file), Some("pub d: i32,"));
    }
}
