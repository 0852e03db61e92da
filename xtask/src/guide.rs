//! `cargo xtask guide`: compares the guide in `docs/`, and every other document, with the code that they describe.

mod blocks;
mod diagnostics;
mod examples;
mod facts;
mod links;
mod pages;
mod paths;
mod quick_start;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Result, peers, root};

pub(crate) use self::quick_start::follow;

/// Checks all documents. Writes the generated page, or fails if it is out of date.
pub(crate) fn run(check: bool) -> Result<()> {
    let page = pages::book().join("diagnostics.md");
    let expected = diagnostics::page()?;
    if !check {
        fs::write(&page, &expected)?;
    }
    let mut problems = Vec::new();
    if fs::read_to_string(&page)? != expected {
        problems.push("docs/src/diagnostics.md is out of date: `cargo xtask guide` writes it".to_owned());
    }
    let pages = pages::all()?;
    links::check(&pages, &mut problems);
    paths::check(&pages, &mut problems);
    facts::check(&pages, &mut problems)?;
    examples::check(&pages, &mut problems)?;
    if problems.is_empty() {
        println!("{} documents", pages.len());
        return Ok(());
    }
    Err(problems.join("\n").into())
}

/// Builds the book with this mdBook, into `target/book`. A warning is an error.
pub(crate) fn build(mdbook: &Path) -> Result<()> {
    let mut command = Command::new(mdbook);
    let output = command.arg("build").arg(root().join("docs")).output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() || text.contains("WARN") || text.contains("ERROR") {
        return Err(format!("{command:?}: {}\n{}", output.status, text.trim()).into());
    }
    Ok(())
}

/// The installed mdBook.
pub(crate) fn mdbook() -> Option<PathBuf> {
    peers::find("mdbook")
}
