//! The plan of a package, and the files from which plans are made.

use std::collections::BTreeMap;

use crate::api::Home;

/// A package, before its contents are described.
#[derive(Debug)]
pub(crate) struct PackagePlan {
    pub(crate) name: String,
    /// The path of its module below the root. For a package of another crate it begins with that crate, `::acme_types`.
    pub(crate) module: Vec<String>,
    pub(crate) feature: String,
    pub(crate) gate: String,
    /// Whether its items are at the crate's root, or those need it.
    pub(crate) is_always_compiled: bool,
    pub(crate) needs: Vec<String>,
    /// What its feature enables, for the manifest.
    pub(crate) enables: Vec<String>,
    pub(crate) files: Vec<usize>,
    /// The other crate of the workspace that has the package.
    pub(crate) home: Option<Home>,
}

/// What is generated.
pub(super) struct Chosen {
    pub(super) crate_name: String,
    /// The package prefix that module paths leave out.
    pub(super) prefix: String,
    /// The files of each package.
    pub(super) by_package: BTreeMap<String, Vec<usize>>,
}
