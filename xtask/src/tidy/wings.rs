//! Checks the imports between the wings of the runtime against the table in `ARCHITECTURE.md`.

use std::collections::{BTreeMap, BTreeSet};

use super::modules::SourceTree;
use crate::Result;

/// The heading above the table.
const HEADING: &str = "## The wings of the runtime";

/// Each wing with the wings that it may use.
pub(crate) type Wings = BTreeMap<String, BTreeSet<String>>;

/// Reads the table: the wing in the first column, those that it may use in the last.
pub(crate) fn table(architecture: &str) -> Result<Wings> {
    let section = architecture.lines().skip_while(|line| *line != HEADING).skip(1);
    let rows = section.take_while(|line| !line.starts_with("## ")).filter(|line| line.starts_with("| `"));
    let mut wings = Wings::new();
    for row in rows {
        let mut cells = row.trim_matches('|').split('|');
        let wing = cells.next().and_then(|cell| names(cell).next());
        let used = cells.next_back().into_iter().flat_map(names).collect();
        wings.extend(wing.map(|wing| (wing, used)));
    }
    if wings.is_empty() {
        return Err(format!("ARCHITECTURE.md has no table below `{HEADING}`").into());
    }
    Ok(wings)
}

/// The names in backticks.
fn names(cell: &str) -> impl Iterator<Item = String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned)
}

/// Every import that the table does not allow, and every difference between the table and the folders.
///
/// Re-exports count, too. A path through another wing's re-export counts for both wings, a path through the crate's root for
/// the wing that it leads to.
pub(crate) fn check(tree: &SourceTree, wings: &Wings) -> Vec<String> {
    let mut violations = Vec::new();
    // A module in the root's own file belongs to the root.
    let exists =
        |wing: &String| tree.module(std::slice::from_ref(wing)).is_some_and(|module| tree.has_file(module));
    for name in wings.iter().flat_map(|(wing, used)| used.iter().chain([wing])) {
        if !exists(name) {
            violations.push(format!("ARCHITECTURE.md: the runtime has no wing `{name}`"));
        }
    }
    let mut missing = BTreeSet::new();
    for (index, module) in tree.modules.iter().enumerate() {
        let Some(wing) = module.path.first().filter(|wing| exists(wing)) else { continue };
        let Some(allowed) = wings.get(wing) else {
            missing.insert((wing, &module.file));
            continue;
        };
        let mut found = BTreeSet::new();
        for reference in &module.references {
            let Some(path) = tree.absolute(index, &reference.written) else { continue };
            let owner = tree.target(&path).and_then(|target| tree.modules[target.module].path.first());
            for used in path.first().into_iter().chain(owner).filter(|wing| exists(wing)) {
                if used != wing && !allowed.contains(used) {
                    found.insert((reference.written.line, used.clone(), path.join("::")));
                }
            }
        }
        violations.extend(found.into_iter().map(|(line, used, path)| {
            format!("{}:{line}: `{wing}` may not use `{used}` (crate::{path})", module.file.display())
        }));
    }
    let mut reported = BTreeSet::new();
    violations.extend(missing.into_iter().filter(|(wing, _)| reported.insert(*wing)).map(|(wing, file)| {
        format!("{}:1: the wing `{wing}` has no row in ARCHITECTURE.md", file.display())
    }));
    violations
}
