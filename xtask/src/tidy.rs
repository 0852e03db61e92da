//! Checks of the source tree itself: the length of files, the imports between the wings of the runtime, and circles of files.

mod circles;
mod lookup;
mod modules;
mod paths;
mod wings;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use self::modules::SourceTree;
use crate::{Result, root};

/// The most lines that a source file may have.
const SOURCE_LINES: usize = 500;
/// The most lines that a test file may have: cases are read one by one.
const TEST_LINES: usize = 800;

/// The crate whose folders are wings.
const RUNTIME: &str = "crates/rust-sdk-runtime";

/// Fails with every violation, each with its file and line.
pub(crate) fn run() -> Result<()> {
    let violations = violations(root())?;
    if violations.is_empty() {
        return Ok(());
    }
    Err(format!("{}\n{} violations", violations.join("\n"), violations.len()).into())
}

fn violations(root: &Path) -> Result<Vec<String>> {
    let mut crates = vec![PathBuf::from("xtask")];
    for entry in fs::read_dir(root.join("crates"))? {
        crates.push(Path::new("crates").join(entry?.file_name()));
    }
    crates.sort();
    let architecture = fs::read_to_string(root.join("ARCHITECTURE.md"))?;
    let recursive = circles::recursive(&architecture);
    let mut violations = Vec::new();
    for folder in &crates {
        let source = read(root, &folder.join("src"))?;
        let tests = read(root, &folder.join("tests"))?;
        violations.extend(too_long(&source, SOURCE_LINES));
        violations.extend(too_long(&tests, TEST_LINES));
        for tree in SourceTree::of_crate(&folder.join("src"), &source)? {
            violations.extend(circles::check(&tree, &recursive));
            if folder == Path::new(RUNTIME) {
                violations.extend(wings::check(&tree, &wings::table(&architecture)?));
            }
        }
    }
    Ok(violations)
}

/// The Rust files of a folder, by their path from the workspace's root. Empty if there is no such folder.
fn read(root: &Path, folder: &Path) -> Result<BTreeMap<PathBuf, String>> {
    let mut files = BTreeMap::new();
    if !root.join(folder).is_dir() {
        return Ok(files);
    }
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            files.extend(read(root, &path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(root.join(&path))?;
            files.insert(path, text);
        }
    }
    Ok(files)
}

fn too_long(files: &BTreeMap<PathBuf, String>, limit: usize) -> impl Iterator<Item = String> {
    files.iter().filter_map(move |(path, text)| {
        let lines = text.lines().count();
        let first = limit + 1;
        (lines > limit)
            .then(|| format!("{}:{first}: the file has {lines} lines, more than {limit}", path.display()))
    })
}

#[cfg(test)]
mod tests;
