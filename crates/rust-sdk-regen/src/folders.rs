//! The folders of a compilation: those whose files are compiled, and those in which imports are found.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{IoContext as _, RegenError};

/// Folders, arranged so that each file has one name.
pub(crate) struct Folders {
    /// Every file below these is compiled.
    pub(crate) roots: Vec<PathBuf>,
    /// The folders below the roots whose files are not compiled: includes.
    pub(crate) skipped: Vec<PathBuf>,
    /// The folders to which the names of files are relative.
    pub(crate) named: Vec<PathBuf>,
}

/// Arranges the folders. The files of a root within an include, or within another root, have their names from that folder. Such a root
/// becomes a path below that folder. An include that does not exist holds no files, as for protoc: the base of a pull request may lack it.
pub(crate) fn arrange(roots: &[PathBuf], includes: &[PathBuf]) -> Result<Folders, RegenError> {
    let real = |folder: &PathBuf| fs::canonicalize(folder).context("read", folder);
    let all: Vec<(&PathBuf, PathBuf)> = roots
        .iter()
        .chain(includes.iter().filter(|include| include.exists()))
        .map(|folder| Ok((folder, real(folder)?)))
        .collect::<Result<_, RegenError>>()?;
    let (real_roots, real_includes) = all.split_at(roots.len());
    let mut folders = Folders { roots: Vec::new(), skipped: Vec::new(), named: Vec::new() };
    for (root, real) in real_roots {
        let around = real_includes.iter().chain(real_roots);
        let path = around.clone().find_map(|(folder, around)| Some(folder.join(below(real, around)?)));
        if path.is_none() {
            folders.named.push((*root).clone());
        }
        let path = path.unwrap_or_else(|| (*root).clone());
        let inner = real_includes.iter().filter_map(|(_, include)| below(include, real));
        folders.skipped.extend(inner.map(|below| path.join(below)));
        folders.roots.push(path);
    }
    folders.named.extend(includes.iter().cloned());
    Ok(folders)
}

/// The path of a folder within another one.
fn below<'a>(folder: &'a Path, around: &Path) -> Option<&'a Path> {
    folder.strip_prefix(around).ok().filter(|path| *path != Path::new(""))
}
