//! Circles of files: files that cannot be understood one after the other.
//!
//! A path in one file to an item of another file counts. These do not count: a module's paths to the modules within it,
//! re-exports (a path through a re-export counts as a path to the exported item), and test code.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use super::modules::{Role, SourceTree};

/// The first line at which a file refers to another file, and the names that it uses.
type Edge<'a> = (usize, BTreeSet<&'a str>);
type Graph<'a> = BTreeMap<&'a Path, BTreeMap<&'a Path, Edge<'a>>>;

/// The heading above the table of folders whose files recurse by nature.
const HEADING: &str = "## Folders that recurse";

/// The folders whose files may form a circle, from the table in `ARCHITECTURE.md`.
pub(crate) fn recursive(architecture: &str) -> Vec<&str> {
    let section = architecture.lines().skip_while(|line| *line != HEADING).skip(1);
    let entries = section.take_while(|line| !line.starts_with('#')).filter(|line| line.starts_with("| `"));
    entries.filter_map(|line| line.split('`').nth(1)).collect()
}

/// One violation for each circle, with the paths that make it. A circle within one of the folders that recurse is allowed.
pub(crate) fn check(tree: &SourceTree, recursive: &[&str]) -> Vec<String> {
    let graph = graph(tree);
    let reachable: BTreeMap<&Path, BTreeSet<&Path>> =
        graph.keys().map(|file| (*file, reachable(&graph, file))).collect();
    let reaches = |from: &Path, to: &Path| reachable.get(from).is_some_and(|files| files.contains(to));
    let mut reported: BTreeSet<&Path> = BTreeSet::new();
    let mut violations = Vec::new();
    for file in graph.keys().copied().filter(|file| reaches(file, file)) {
        if reported.contains(file) {
            continue;
        }
        let circle: Vec<&Path> =
            graph.keys().copied().filter(|other| reaches(file, other) && reaches(other, file)).collect();
        reported.extend(&circle);
        if recursive.iter().any(|folder| circle.iter().all(|file| file.starts_with(folder))) {
            continue;
        }
        let mut text = format!("{}:1: {} files are a circle:", file.display(), circle.len());
        for from in &circle {
            for (to, (line, names)) in graph[from].iter().filter(|(to, _)| circle.contains(to)) {
                let names = names.iter().copied().collect::<Vec<_>>().join(", ");
                let _ = write!(text, "\n  {}:{line} uses {names} of {}", from.display(), to.display());
            }
        }
        violations.push(text);
    }
    violations
}

fn graph(tree: &SourceTree) -> Graph<'_> {
    let mut graph = Graph::new();
    for (index, module) in tree.modules.iter().enumerate() {
        let edges = graph.entry(&module.file).or_default();
        for reference in &module.references {
            let written = &reference.written;
            let target = tree.absolute(index, written).and_then(|path| tree.target(&path));
            let Some(target) = target else { continue };
            // The import of a module does not count. Uses of its items do.
            if reference.role == Role::ReExport || reference.role == Role::Import && target.is_module {
                continue;
            }
            let other = &tree.modules[target.module];
            if other.file == module.file || other.path.starts_with(&module.path) {
                continue;
            }
            let name = written.segments.last().map_or("", String::as_str);
            let (line, names) = edges.entry(&other.file).or_insert((written.line, BTreeSet::new()));
            *line = written.line.min(*line);
            names.insert(name);
        }
    }
    graph
}

/// The files that a file refers to, directly or through others.
fn reachable<'a>(graph: &Graph<'a>, from: &Path) -> BTreeSet<&'a Path> {
    let mut found = BTreeSet::new();
    let mut next: Vec<&Path> = vec![from];
    while let Some(file) = next.pop() {
        for other in graph.get(file).into_iter().flat_map(BTreeMap::keys) {
            if found.insert(*other) {
                next.push(other);
            }
        }
    }
    found
}
