//! Finds the targets of paths, through imports and re-exports.

use super::modules::{Module, Role, SourceTree};
use super::paths::Written;

/// The longest chain of imports that is followed.
const DEPTH: usize = 16;

/// The target of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// The module that defines it.
    pub(crate) module: usize,
    /// Whether the target is that module itself.
    pub(crate) is_module: bool,
}

impl SourceTree {
    /// The path from the crate's root for a path in a module; `None` if it leads to another crate.
    pub(crate) fn absolute(&self, module: usize, written: &Written) -> Option<Vec<String>> {
        self.absolute_within(module, written, DEPTH)
    }

    /// The target of a path from the crate's root; `None` if it leads to another crate.
    pub(crate) fn target(&self, path: &[String]) -> Option<Target> {
        self.target_within(path, DEPTH)
    }

    fn absolute_within(&self, index: usize, written: &Written, depth: usize) -> Option<Vec<String>> {
        if !written.is_plain {
            return Some(written.segments.clone());
        }
        let depth = depth.checked_sub(1)?;
        let (first, rest) = written.segments.split_first()?;
        let module = self.modules.get(index)?;
        let inner = [module.path.as_slice(), std::slice::from_ref(first)].concat();
        if self.module(&inner).is_some() || module.items.contains(first) {
            return Some([inner.as_slice(), rest].concat());
        }
        let import = imports(module).find(|import| {
            import.name == *first && (!import.is_plain || import.segments.first() != Some(first))
        });
        if let Some(import) = import {
            let start = self.absolute_within(index, import, depth)?;
            return Some([start.as_slice(), rest].concat());
        }
        let start = &self.modules.get(self.macro_module(first)?)?.path;
        Some([start.as_slice(), &written.segments].concat())
    }

    fn target_within(&self, path: &[String], depth: usize) -> Option<Target> {
        let depth = depth.checked_sub(1)?;
        let mut at = self.module(&[])?;
        for (index, name) in path.iter().enumerate() {
            if let Some(inner) = self.module(&path[..=index]) {
                at = inner;
                continue;
            }
            let module = self.modules.get(at)?;
            let found = Target { module: at, is_module: false };
            if module.items.contains(name) {
                return Some(found);
            }
            let rest = &path[index + 1..];
            if let Some(import) = imports(module).find(|import| import.name == *name) {
                let start = self.absolute_within(at, import, depth)?;
                return self.target_within(&[start.as_slice(), rest].concat(), depth);
            }
            // Exported macros are at the crate's root.
            if index == 0
                && let Some(module) = self.macro_module(name)
            {
                return Some(Target { module, is_module: false });
            }
            let through_glob = imports(module).filter(|import| import.name == "*").find_map(|import| {
                let start = self.absolute_within(at, import, depth)?;
                let source = self.modules.get(self.module(&start)?)?;
                let has = source.items.contains(name) || imports(source).any(|import| import.name == *name);
                has.then(|| self.target_within(&[start.as_slice(), &path[index..]].concat(), depth))?
            });
            return Some(through_glob.unwrap_or(found));
        }
        Some(Target { module: at, is_module: true })
    }
}

fn imports(module: &Module) -> impl Iterator<Item = &Written> {
    let imports = module.references.iter().filter(|reference| reference.role != Role::Code);
    imports.map(|reference| &reference.written)
}
