//! The crates of a workspace: the packages of each, and their names.

use std::collections::{BTreeMap, BTreeSet};

/// All crates of a workspace.
#[derive(Debug)]
pub(crate) struct Members {
    /// Sorted by name.
    pub(crate) all: Vec<Member>,
    /// The crate of each package.
    pub(crate) owners: BTreeMap<String, usize>,
    /// The packages that each package uses.
    pub(crate) edges: BTreeMap<String, BTreeSet<String>>,
    /// The generated files and all their direct and indirect imports.
    pub(crate) imported: BTreeSet<String>,
}

/// One crate.
#[derive(Debug, Default)]
pub(crate) struct Member {
    /// The crate's name.
    pub(crate) name: String,
    /// The package prefix that module paths leave out.
    pub(crate) prefix: String,
    pub(crate) packages: BTreeMap<String, PackageNames>,
    /// The names of the files from which it is generated.
    pub(crate) files: BTreeSet<String>,
    /// The services that are generated although their files are only imported, because service configurations list them.
    pub(crate) listed_services: BTreeSet<String>,
    /// Whether another crate uses its types.
    pub(crate) is_shared: bool,
}

/// The names of a package within its crate.
#[derive(Debug)]
pub(crate) struct PackageNames {
    pub(crate) module: Vec<String>,
    pub(crate) feature: String,
}

/// The crate that is being generated.
#[derive(Clone, Copy)]
pub(crate) struct Seat<'a> {
    pub(crate) members: &'a Members,
    pub(crate) index: usize,
    /// Whether a method of any crate starts one of Google's operations.
    pub(crate) has_operations: bool,
}

impl<'a> Seat<'a> {
    pub(crate) fn member(&self) -> &'a Member {
        &self.members.all[self.index]
    }

    /// The crate that has a package.
    pub(crate) fn owner(&self, package: &str) -> Option<&'a Member> {
        self.members.owners.get(package).map(|index| &self.members.all[*index])
    }

    /// The other crate that has a package.
    pub(crate) fn sibling(&self, package: &str) -> Option<&'a Member> {
        let index = self.members.owners.get(package).filter(|index| **index != self.index)?;
        Some(&self.members.all[*index])
    }
}

impl Member {
    /// How Rust paths begin that lead into the crate.
    pub(crate) fn path(&self) -> String {
        format!("::{}", self.name.replace('-', "_"))
    }

    /// The path of a package's module, as seen from another crate.
    pub(crate) fn module(&self, package: &str) -> Vec<String> {
        let module = self.packages.get(package).map(|names| names.module.as_slice()).unwrap_or_default();
        std::iter::once(self.path()).chain(module.iter().cloned()).collect()
    }

    /// The package's feature, as another crate writes it.
    pub(crate) fn feature(&self, package: &str) -> String {
        let feature = self.packages.get(package).map_or("", |names| names.feature.as_str());
        format!("{}/{feature}", self.name)
    }
}
