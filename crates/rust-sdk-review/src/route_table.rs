//! The routes of one version.

use std::collections::{BTreeMap, BTreeSet};

use crate::paths::Route;
use crate::snapshot::{Binding, Snapshot};

/// The identity of a route: two bindings with the same key match the same requests.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RouteKey {
    pub(crate) verb: String,
    /// The path without the names of its variables.
    shape: String,
}

impl RouteKey {
    pub(crate) fn of(binding: &Binding) -> Self {
        Self { verb: binding.verb.clone(), shape: Route::shape(&binding.path) }
    }
}

/// The routes of one version, with their methods.
pub(crate) type Table<'a> = BTreeMap<RouteKey, BTreeMap<&'a str, &'a Binding>>;

/// The routes of a version, without those of methods whose bindings are unknown.
pub(crate) fn table<'a>(snapshot: &'a Snapshot, unbound: &BTreeSet<&String>) -> Table<'a> {
    let mut table = Table::new();
    for (name, method) in snapshot.methods.iter().filter(|(name, _)| !unbound.contains(name)) {
        for binding in &method.bindings {
            table.entry(RouteKey::of(binding)).or_default().entry(name).or_insert(binding);
        }
    }
    table
}
