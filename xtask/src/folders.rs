//! Compares two folders.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::Result;

/// Fails unless both folders have the same files with the same bytes.
pub(crate) fn compare(one: &Path, other: &Path) -> Result<()> {
    let (ours, theirs) = (files(one, one)?, files(other, other)?);
    if ours.is_empty() || !ours.keys().eq(theirs.keys()) {
        return Err(format!("{} and {} have different files", one.display(), other.display()).into());
    }
    match ours.iter().find(|(path, bytes)| theirs[*path] != **bytes) {
        Some((path, _)) => Err(format!("{path} differs in {} and {}", one.display(), other.display()).into()),
        None => {
            println!("{}: {} files are the same", one.display(), ours.len());
            Ok(())
        }
    }
}

/// Every file below a folder, by its path.
fn files(root: &Path, folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(root, &path)?);
        } else {
            found.insert(path.strip_prefix(root)?.display().to_string(), fs::read(&path)?);
        }
    }
    Ok(found)
}
