//! What a run changes in the output folder, worked out before anything is touched.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rust_sdk_codegen::Files;
use rust_sdk_model::Diagnostics;

use crate::diff;
use crate::error::{Error, IoContext as _, PathProblem};
use crate::manifest::{self, MANIFEST};
use crate::report::Report;

/// How many bytes at the start of a file may hold the mark of generated files.
const MARK_WITHIN: usize = 400;

/// The changes that make the folder hold exactly what was generated, next to what others put there.
pub(crate) struct Plan<'a> {
    out: &'a Path,
    files: &'a Files,
    manifest: String,
    listed: BTreeSet<String>,
    /// What is there now, for each file that is new or different.
    present: BTreeMap<&'a str, Option<Vec<u8>>>,
    /// Generated earlier, not any more, and still there.
    stale: BTreeMap<String, Vec<u8>>,
    /// What the list of files holds now, where it is out of date.
    old_manifest: Option<Option<Vec<u8>>>,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(out: &'a Path, files: &'a Files, overwrite: bool) -> Result<Self, Error> {
        let listed = manifest::read(out)?;
        let mut present = BTreeMap::new();
        let mut foreign = Vec::new();
        for (path, text) in files {
            let path_error = |problem| Error::Path { path: path.clone(), problem };
            manifest::check_path(path).map_err(path_error)?;
            if leads_through_link(out, path)? {
                return Err(path_error(PathProblem::Link));
            }
            let old = read(&out.join(path))?;
            if old.as_deref() == Some(text.as_bytes()) {
                continue;
            }
            if !overwrite && !listed.contains(path) && old.as_deref().is_some_and(|old| !is_marked(old)) {
                foreign.push(out.join(path));
            }
            present.insert(path.as_str(), old);
        }
        if !foreign.is_empty() {
            return Err(Error::Foreign(foreign));
        }

        let mut stale = BTreeMap::new();
        for path in listed.iter().filter(|path| !files.contains_key(*path)) {
            if !leads_through_link(out, path)? {
                stale.extend(read(&out.join(path))?.map(|old| (path.clone(), old)));
            }
        }
        let manifest = manifest::render(files.keys());
        let old_manifest =
            Some(read(&out.join(MANIFEST))?).filter(|old| old.as_deref() != Some(manifest.as_bytes()));
        Ok(Self { out, files, manifest, listed, present, stale, old_manifest })
    }

    /// Writes and deletes.
    pub(crate) fn apply(&self) -> Result<(), Error> {
        if self.old_manifest.is_some() {
            // Until all is done, the list names old and new files: a run that breaks off loses track of none.
            let all: BTreeSet<&String> = self.listed.iter().chain(self.files.keys()).collect();
            write(self.out, MANIFEST, &manifest::render(all))?;
        }
        // First, since a stale file may stand where a folder is needed.
        for path in self.stale.keys() {
            delete(self.out, path)?;
        }
        for path in self.present.keys() {
            write(self.out, path, &self.files[*path])?;
        }
        if self.old_manifest.is_some() {
            write(self.out, MANIFEST, &self.manifest)?;
        }
        Ok(())
    }

    /// The changes as a unified diff; empty when there is none.
    pub(crate) fn diff(&self) -> String {
        let mut text = String::new();
        let files =
            self.present.iter().map(|(path, old)| (*path, old.as_deref(), Some(self.files[*path].as_str())));
        let stale = self.stale.iter().map(|(path, old)| (path.as_str(), Some(old.as_slice()), None));
        let list =
            self.old_manifest.iter().map(|old| (MANIFEST, old.as_deref(), Some(self.manifest.as_str())));
        for (path, old, new) in files.chain(stale).chain(list) {
            diff::unified(path, old, new, &mut text);
        }
        text
    }

    pub(crate) fn report(&self, warnings: Diagnostics) -> Report {
        let of = |exists: bool| {
            let files = self.present.iter().filter(move |(_, old)| old.is_some() == exists);
            files.map(|(path, _)| (*path).to_owned()).collect()
        };
        Report {
            created: of(false),
            changed: of(true),
            deleted: self.stale.keys().cloned().collect(),
            unchanged: self.files.len() - self.present.len(),
            warnings,
        }
    }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        other => other.map(Some).context("read", path),
    }
}

/// Files written by the plugin through another tool are listed nowhere, but say that they are generated.
fn is_marked(bytes: &[u8]) -> bool {
    let mark = b"@generated";
    bytes[..bytes.len().min(MARK_WITHIN)].windows(mark.len()).any(|window| window == mark)
}

/// Whether the file, or a folder between it and the output folder, is a symbolic link.
fn leads_through_link(out: &Path, path: &str) -> Result<bool, Error> {
    let mut place = out.to_owned();
    for segment in path.split('/') {
        place.push(segment);
        match fs::symlink_metadata(&place) {
            Ok(metadata) if metadata.file_type().is_symlink() => return Ok(true),
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(false);
            }
            Err(error) => return Err(error).context("read", place),
        }
    }
    Ok(false)
}

fn write(out: &Path, path: &str, text: &str) -> Result<(), Error> {
    let path = out.join(path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).context("create", folder)?;
    }
    fs::write(&path, text).context("write", path)
}

/// Deletes the file, and the folders that this leaves empty.
fn delete(out: &Path, path: &str) -> Result<(), Error> {
    let path: PathBuf = out.join(path);
    fs::remove_file(&path).context("delete", &path)?;
    let mut folder = path.parent();
    while let Some(empty) = folder.filter(|folder| *folder != out) {
        if fs::remove_dir(empty).is_err() {
            break;
        }
        folder = empty.parent();
    }
    Ok(())
}
