//! The source files of a compilation: found in folders, read and parsed once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use protox::Error;
use protox::file::{File, FileResolver, GoogleFileResolver, IncludeFileResolver};

use crate::bundled;

/// Resolves files for several compilers in turn.
#[derive(Clone)]
pub(crate) struct Sources(Rc<Inner>);

struct Inner {
    folders: Vec<(PathBuf, IncludeFileResolver)>,
    /// The well-known types, which the compiler brings with it.
    google: GoogleFileResolver,
    parsed: RefCell<HashMap<String, File>>,
}

impl Sources {
    /// Files below these folders. The first folder that has a file wins.
    pub(crate) fn new<'a>(folders: impl IntoIterator<Item = &'a PathBuf>) -> Self {
        let folders =
            folders.into_iter().map(|folder| (folder.clone(), IncludeFileResolver::new(folder.clone())));
        Self(Rc::new(Inner {
            folders: folders.collect(),
            google: GoogleFileResolver::new(),
            parsed: RefCell::default(),
        }))
    }

    fn read(&self, name: &str) -> Result<File, Error> {
        for (folder, resolver) in &self.0.folders {
            match resolver.open_file(name) {
                Err(error) if error.is_file_not_found() => {}
                Err(error) => return again(&folder.join(name), name).unwrap_or(Err(error)),
                opened => return opened,
            }
        }
        match bundled::find(name) {
            Some(text) => File::from_source(name, &text),
            None => self.0.google.open_file(name),
        }
    }
}

/// Reads a file for which the compiler has no grammar, though protoc has. `None` for any other file.
fn again(path: &Path, name: &str) -> Option<Result<File, Error>> {
    let text = fs::read_to_string(path).ok()?;
    // Editors on Windows begin a file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if let Some(line) = edition_line(text) {
        let help = "the embedded compiler reads proto2 and proto3: use the plugin with protoc or buf, or `--descriptor-set`";
        return Some(Err(Error::new(Editions(format!(
            "{name}:{line}:1: error: the file uses editions\n  help: {help}"
        )))));
    }
    Some(File::from_source(name, text))
}

/// The file that uses editions, as a whole message.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Editions(pub(crate) String);

/// The line of the `edition` statement, which is the first statement of its file.
fn edition_line(text: &str) -> Option<usize> {
    let mut in_comment = false;
    for (index, line) in text.lines().enumerate() {
        let mut line = line.trim();
        if in_comment {
            let Some((_, behind)) = line.split_once("*/") else { continue };
            (line, in_comment) = (behind.trim(), false);
        }
        while let Some(comment) = line.strip_prefix("/*") {
            let Some((_, behind)) = comment.split_once("*/") else {
                in_comment = true;
                break;
            };
            line = behind.trim();
        }
        if in_comment || line.is_empty() || line.starts_with("//") {
            continue;
        }
        let is_edition = line.strip_prefix("edition").is_some_and(|rest| rest.trim_start().starts_with('='));
        return is_edition.then_some(index + 1);
    }
    None
}

impl FileResolver for Sources {
    fn resolve_path(&self, path: &Path) -> Option<String> {
        self.0.folders.iter().find_map(|(_, resolver)| resolver.resolve_path(path))
    }

    fn open_file(&self, name: &str) -> Result<File, Error> {
        if let Some(file) = self.0.parsed.borrow().get(name) {
            return Ok(file.clone());
        }
        let file = self.read(name)?;
        self.0.parsed.borrow_mut().insert(name.to_owned(), file.clone());
        Ok(file)
    }
}
