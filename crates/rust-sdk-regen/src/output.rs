//! The changes of a run to the output folder, planned before anything is touched.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rust_sdk_codegen::Files;
use rust_sdk_model::Diagnostics;

use crate::diff;
use crate::error::{IoContext as _, PathError, RegenError};
use crate::manifest::{self, MANIFEST};
use crate::report::Report;

/// The mark of generated files is within this many bytes of a file's start.
const MARK_WITHIN: usize = 400;

/// The changes that bring the generated files of a folder up to date. Other files stay.
pub(crate) struct Plan<'a> {
    out: &'a Path,
    files: &'a Files,
    manifest: String,
    listed: BTreeSet<String>,
    /// The present contents of each file that is new or different.
    present: BTreeMap<&'a str, Option<Vec<u8>>>,
    /// Files that only an earlier run generated, and that still exist.
    stale: BTreeMap<String, Vec<u8>>,
    /// The present list of files.
    old_manifest: Option<Vec<u8>>,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(out: &'a Path, files: &'a Files, overwrite: bool) -> Result<Self, RegenError> {
        let listed = manifest::read(out)?;
        let mut present = BTreeMap::new();
        let mut foreign = Vec::new();
        for (path, text) in files {
            let path_error = |source| RegenError::Path { path: path.clone(), source };
            manifest::check_path(path).map_err(path_error)?;
            if leads_through_link(out, path)? {
                return Err(path_error(PathError::Link));
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
            return Err(RegenError::Foreign(foreign));
        }

        let mut stale = BTreeMap::new();
        for path in listed.iter().filter(|path| !files.contains_key(*path)) {
            if !leads_through_link(out, path)? {
                stale.extend(read(&out.join(path))?.map(|old| (path.clone(), old)));
            }
        }
        let manifest = manifest::render(files.keys());
        let old_manifest = read(&out.join(MANIFEST))?;
        Ok(Self { out, files, manifest, listed, present, stale, old_manifest })
    }

    fn manifest_changes(&self) -> bool {
        self.old_manifest.as_deref() != Some(self.manifest.as_bytes())
    }

    /// Writes and deletes the files.
    pub(crate) fn apply(&self) -> Result<(), RegenError> {
        if self.manifest_changes() {
            // Until the run is complete, the list names old and new files, so that an interrupted run forgets none.
            let all: BTreeSet<&String> = self.listed.iter().chain(self.files.keys()).collect();
            write(self.out, MANIFEST, &manifest::render(all))?;
        }
        // Before writing: a stale file may be in the place of a new folder.
        for path in self.stale.keys() {
            delete(self.out, path)?;
        }
        for path in self.present.keys() {
            write(self.out, path, &self.files[*path])?;
        }
        if self.manifest_changes() {
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
        let list = self.manifest_changes().then_some((
            MANIFEST,
            self.old_manifest.as_deref(),
            Some(self.manifest.as_str()),
        ));
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

fn read(path: &Path) -> Result<Option<Vec<u8>>, RegenError> {
    if fs::symlink_metadata(path).is_ok_and(|found| !found.is_file() && !found.is_symlink()) {
        return Err(RegenError::NotFile(path.to_owned()));
    }
    match fs::read(path) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        other => other.map(Some).context("read", path),
    }
}

/// Files that buf or protoc wrote for the plugin are not in a list, but they have the mark.
fn is_marked(bytes: &[u8]) -> bool {
    let mark = b"@generated";
    bytes[..bytes.len().min(MARK_WITHIN)].windows(mark.len()).any(|window| window == mark)
}

/// Whether the file, or a folder between it and the output folder, is a symbolic link.
fn leads_through_link(out: &Path, path: &str) -> Result<bool, RegenError> {
    let mut current = out.to_owned();
    for segment in path.split('/') {
        current.push(segment);
        match fs::symlink_metadata(&current) {
            Ok(metadata) if metadata.file_type().is_symlink() => return Ok(true),
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(false);
            }
            Err(error) => return Err(error).context("read", current),
        }
    }
    Ok(false)
}

fn write(out: &Path, path: &str, text: &str) -> Result<(), RegenError> {
    let path = out.join(path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).context("create", folder)?;
    }
    fs::write(&path, text).context("write", path)
}

/// Deletes the file and the folders that become empty.
fn delete(out: &Path, path: &str) -> Result<(), RegenError> {
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

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn files(of: &[(&str, &str)]) -> Files {
        of.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    fn write_all(out: &Path, of: &[(&str, &str)]) -> Result<Report, RegenError> {
        let files = files(of);
        let plan = Plan::new(out, &files, false)?;
        plan.apply()?;
        Ok(plan.report(Diagnostics::default()))
    }

    fn counts(report: &Report) -> (usize, usize, usize, usize) {
        (report.created.len(), report.changed.len(), report.deleted.len(), report.unchanged)
    }

    #[test]
    fn only_changed_files_are_written() {
        let folder = TempDir::new().unwrap();
        let out = folder.path();
        assert_eq!(counts(&write_all(out, &[("a.rs", "1"), ("src/b.rs", "2")]).unwrap()), (2, 0, 0, 0));
        let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000);
        for path in ["a.rs", MANIFEST] {
            fs::File::open(out.join(path)).unwrap().set_modified(long_ago).unwrap();
        }
        assert_eq!(counts(&write_all(out, &[("a.rs", "1"), ("src/b.rs", "3")]).unwrap()), (0, 1, 0, 1));
        assert_eq!(fs::read_to_string(out.join("src/b.rs")).unwrap(), "3");
        for path in ["a.rs", MANIFEST] {
            assert_eq!(fs::metadata(out.join(path)).unwrap().modified().unwrap(), long_ago, "{path}");
        }
    }

    #[test]
    fn stale_files_go_and_those_of_others_stay() {
        let folder = TempDir::new().unwrap();
        let out = folder.path();
        write_all(out, &[("a.rs", "1"), ("old/deep/b.rs", "2"), ("kept/c.rs", "3")]).unwrap();
        fs::write(out.join("kept/mine.rs"), "// @generated by another tool").unwrap();
        let report = write_all(out, &[("a.rs", "1")]).unwrap();
        assert_eq!(report.deleted, ["kept/c.rs", "old/deep/b.rs"]);
        assert!(!out.join("old").exists());
        assert!(out.join("kept/mine.rs").exists());
        assert_eq!(manifest::read(out).unwrap(), BTreeSet::from(["a.rs".to_owned()]));
        assert_eq!(counts(&write_all(out, &[("a.rs", "1")]).unwrap()), (0, 0, 0, 1));
    }

    #[test]
    fn a_stale_file_gives_way_to_a_folder() {
        let folder = TempDir::new().unwrap();
        write_all(folder.path(), &[("a", "1")]).unwrap();
        write_all(folder.path(), &[("a/b", "2")]).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("a/b")).unwrap(), "2");
    }

    #[test]
    fn foreign_files_are_not_replaced() {
        let folder = TempDir::new().unwrap();
        let out = folder.path();
        fs::write(out.join("Cargo.toml"), "[package]").unwrap();
        fs::write(out.join("by_plugin.rs"), "// @generated by protoc-gen-rust-sdk").unwrap();
        fs::write(out.join("same.json"), "{}").unwrap();
        let new = [("Cargo.toml", "[workspace]"), ("by_plugin.rs", "new"), ("same.json", "{}")];
        let error = write_all(out, &new).unwrap_err();
        assert!(
            matches!(&error, RegenError::Foreign(paths) if *paths == [out.join("Cargo.toml")]),
            "{error}"
        );
        assert_eq!(
            fs::read_to_string(out.join("by_plugin.rs")).unwrap(),
            "// @generated by protoc-gen-rust-sdk"
        );

        let files = files(&new);
        Plan::new(out, &files, true).unwrap().apply().unwrap();
        assert_eq!(fs::read_to_string(out.join("Cargo.toml")).unwrap(), "[workspace]");
    }

    #[test]
    fn nothing_outside_the_folder_is_written() {
        let folder = TempDir::new().unwrap();
        let out = folder.path().join("out");
        for path in ["../escaped", "/escaped", "a/../../escaped"] {
            let error = write_all(&out, &[("fine", ""), (path, "")]).unwrap_err();
            assert!(matches!(error, RegenError::Path { source: PathError::NotPlain, .. }), "{error}");
        }
        assert!(!out.exists());
    }

    #[cfg(unix)]
    #[test]
    fn links_out_of_the_folder_are_not_followed() {
        let folder = TempDir::new().unwrap();
        let (out, elsewhere) = (folder.path().join("out"), folder.path().join("elsewhere"));
        write_all(&out, &[("src/a.rs", "1"), ("b.rs", "1")]).unwrap();
        fs::create_dir(&elsewhere).unwrap();
        fs::write(elsewhere.join("a.rs"), "precious").unwrap();
        fs::remove_dir_all(out.join("src")).unwrap();
        std::os::unix::fs::symlink(&elsewhere, out.join("src")).unwrap();

        let error = write_all(&out, &[("src/a.rs", "2")]).unwrap_err();
        assert!(matches!(error, RegenError::Path { source: PathError::Link, .. }), "{error}");
        write_all(&out, &[("b.rs", "2")]).unwrap();
        assert_eq!(fs::read_to_string(elsewhere.join("a.rs")).unwrap(), "precious");
    }

    #[test]
    fn an_edited_list_deletes_nothing_elsewhere() {
        let folder = TempDir::new().unwrap();
        let out = folder.path().join("out");
        write_all(&out, &[("a.rs", "1")]).unwrap();
        fs::write(folder.path().join("precious"), "").unwrap();
        fs::write(out.join(MANIFEST), "# list\n../precious\n").unwrap();
        let error = write_all(&out, &[("a.rs", "1")]).unwrap_err();
        assert!(matches!(error, RegenError::Manifest { line: 2, .. }), "{error}");
        assert!(folder.path().join("precious").exists());
    }

    #[test]
    fn the_diff_tells_all_kinds_of_change() {
        let folder = TempDir::new().unwrap();
        let out = folder.path();
        write_all(out, &[("changed", "1\n"), ("stale", "2\n"), ("same", "3\n")]).unwrap();
        let files = files(&[("changed", "one\n"), ("new", "4\n"), ("same", "3\n")]);
        let diff = Plan::new(out, &files, false).unwrap().diff();
        let headers: Vec<&str> =
            diff.lines().filter(|line| line.starts_with("+++") || line.starts_with("---")).collect();
        let expected = [
            "--- a/changed",
            "+++ b/changed",
            "--- /dev/null",
            "+++ b/new",
            "--- a/stale",
            "+++ /dev/null",
            "--- a/.rust-sdk-files",
            "+++ b/.rust-sdk-files",
        ];
        assert_eq!(headers, expected);
        assert!(
            Plan::new(out, &self::files(&[("changed", "1\n"), ("stale", "2\n"), ("same", "3\n")]), false)
                .unwrap()
                .diff()
                .is_empty()
        );
    }
}
