//! Every Markdown document of the repository.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Result, root};

/// One document.
pub(crate) struct Page {
    /// Relative to the repository, with `/`.
    pub(crate) name: String,
    pub(crate) text: String,
}

impl Page {
    /// Its file.
    pub(crate) fn path(&self) -> PathBuf {
        root().join(&self.name)
    }

    /// The name of its file, if it is a page of the book.
    pub(crate) fn in_book(&self) -> Option<&str> {
        self.name.strip_prefix("docs/src/")
    }

    /// `file:line`, for a problem at this byte.
    pub(crate) fn at(&self, offset: usize) -> String {
        let before = self.text.get(..offset).unwrap_or_default();
        format!("{}:{}", self.name, before.matches('\n').count() + 1)
    }
}

/// The folder of the book's pages.
pub(crate) fn book() -> PathBuf {
    root().join("docs/src")
}

/// All documents, sorted by name.
pub(crate) fn all() -> Result<Vec<Page>> {
    let mut pages = Vec::new();
    collect(root(), &mut pages)?;
    pages.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(pages)
}

fn collect(folder: &Path, pages: &mut Vec<Page>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() {
            if name != "target" && name != "node_modules" && !name.starts_with('.') {
                collect(&path, pages)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "md") {
            let name = path.strip_prefix(root())?.display().to_string().replace('\\', "/");
            pages.push(Page { name, text: fs::read_to_string(&path)? });
        }
    }
    Ok(())
}
