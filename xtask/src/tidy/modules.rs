//! The modules of a crate, each with its items and the paths in it.
//!
//! Test code is left out. The bodies of macros are read like other code. Methods, and paths in texts, are not seen.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use quote::ToTokens as _;
use syn::{Attribute, Item, Meta, Visibility};

use super::paths::{self, Written};
use crate::Result;

/// The modules of one crate root (`lib.rs` or `main.rs`); the first is the root.
#[derive(Default)]
pub(crate) struct SourceTree {
    pub(crate) modules: Vec<Module>,
    by_path: BTreeMap<Vec<String>, usize>,
    /// The modules that define a macro of this name: macros are in scope without an import.
    macros: BTreeMap<String, Vec<usize>>,
}

/// One module, in a file of its own or inline.
pub(crate) struct Module {
    pub(crate) path: Vec<String>,
    pub(crate) file: PathBuf,
    pub(crate) references: Vec<Reference>,
    /// The names of the items that it defines, without modules.
    pub(crate) items: BTreeSet<String>,
}

/// A path in a module.
pub(crate) struct Reference {
    pub(crate) written: Written,
    pub(crate) role: Role,
}

/// The purpose of a path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Code,
    Import,
    /// An import that other modules may use, too.
    ReExport,
}

impl SourceTree {
    /// The trees of a crate's library and program, from its files by path.
    pub(crate) fn of_crate(src: &Path, files: &BTreeMap<PathBuf, String>) -> Result<Vec<Self>> {
        let roots = ["lib.rs", "main.rs"].map(|name| src.join(name));
        let roots = roots.iter().filter(|root| files.contains_key(*root));
        roots
            .map(|root| {
                let mut tree = Self::default();
                tree.add_file(files, root, src, &[])?;
                Ok(tree)
            })
            .collect()
    }

    /// The module with this path.
    pub(crate) fn module(&self, path: &[String]) -> Option<usize> {
        self.by_path.get(path).copied()
    }

    /// The module that defines the macro of this name.
    pub(crate) fn macro_module(&self, name: &str) -> Option<usize> {
        match self.macros.get(name)?.as_slice() {
            [module] => Some(*module),
            _ => None,
        }
    }

    /// Whether a module has a file of its own.
    pub(crate) fn has_file(&self, module: usize) -> bool {
        let parent = self.modules[module].path.split_last().and_then(|(_, path)| self.module(path));
        parent.is_none_or(|parent| self.modules[parent].file != self.modules[module].file)
    }

    /// Adds the module in a file. `folder`: where its own modules have their files.
    fn add_file(
        &mut self,
        files: &BTreeMap<PathBuf, String>,
        file: &Path,
        folder: &Path,
        path: &[String],
    ) -> Result<()> {
        let text = files.get(file).ok_or_else(|| format!("{}: this module has no file", file.display()))?;
        let parsed = syn::parse_file(text)
            .map_err(|error| format!("{}:{}: {error}", file.display(), error.span().start().line))?;
        self.add_module(files, (file, folder), path, &parsed.items)
    }

    fn add_module(
        &mut self,
        files: &BTreeMap<PathBuf, String>,
        (file, folder): (&Path, &Path),
        path: &[String],
        items: &[Item],
    ) -> Result<()> {
        let index = self.modules.len();
        self.by_path.insert(path.to_owned(), index);
        let (references, names) = (Vec::new(), BTreeSet::new());
        self.modules.push(Module { path: path.to_owned(), file: file.to_owned(), references, items: names });
        for item in items.iter().filter(|item| !is_test(item)) {
            let Item::Mod(inner) = item else {
                self.modules[index].add(item);
                if let Item::Macro(item) = item {
                    let name = item.ident.as_ref().map(paths::bare);
                    self.macros.entry(name.unwrap_or_default()).or_default().push(index);
                }
                continue;
            };
            let name = paths::bare(&inner.ident);
            let inner_folder = folder.join(&name);
            let inner_path = [path, std::slice::from_ref(&name)].concat();
            if let Some((_, items)) = &inner.content {
                self.add_module(files, (file, &inner_folder), &inner_path, items)?;
                continue;
            }
            let flat = folder.join(format!("{name}.rs"));
            let inner_file = if files.contains_key(&flat) { flat } else { inner_folder.join("mod.rs") };
            self.add_file(files, &inner_file, &inner_folder, &inner_path)?;
        }
        Ok(())
    }
}

impl Module {
    fn add(&mut self, item: &Item) {
        let (tokens, role) = match item {
            Item::Use(item) if matches!(item.vis, Visibility::Inherited) => {
                (item.tree.to_token_stream(), Role::Import)
            }
            Item::Use(item) => (item.tree.to_token_stream(), Role::ReExport),
            item => (item.to_token_stream(), Role::Code),
        };
        self.items.extend(defined(item));
        let written = paths::in_tokens(tokens, &self.path).into_iter();
        self.references.extend(written.map(|written| Reference { written, role }));
    }
}

/// The name that an item defines.
fn defined(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(paths::bare(ident))
}

/// Whether an item is compiled only for tests.
fn is_test(item: &Item) -> bool {
    let attributes: &[Attribute] = match item {
        Item::Const(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    };
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        _ => false,
    })
}
