//! Marks bindings with a `**` at their end that must take a segment. Without one, the path would be that of another method, which prefers
//! literals: `DELETE /v1/files/{path=**}` beside `DELETE /v1/files`.

use std::collections::BTreeSet;

use super::routes::{self, BindingSources, Route};
use crate::api::Package;
use crate::paths::{Part, PathTree};

pub(super) fn mark(packages: &mut [Package], sources: &BindingSources) {
    let marked = marked(packages, sources);
    if marked.is_empty() {
        return;
    }
    let services = packages.iter_mut().flat_map(|package| &mut package.services);
    for method in services.flat_map(|service| &mut service.methods) {
        for binding in &mut method.bindings {
            binding.needs_rest = marked.contains(&(method.full_name.clone(), binding.builder.clone()));
        }
    }
}

/// The marked bindings, by method and path builder.
fn marked(packages: &[Package], sources: &BindingSources) -> BTreeSet<(String, String)> {
    let rows = routes::all(packages, sources).map(|route| (Part::row(&route.binding.template), route));
    let (open, fixed): (Vec<_>, Vec<_>) = rows.partition(|(row, _)| row.contains(&Part::Rest));
    if open.is_empty() {
        return BTreeSet::new();
    }
    let tree = PathTree::new(fixed.iter().map(|(row, _)| row.as_slice()));
    let is_taken = |(row, route): &(Vec<Part>, Route<'_>)| {
        let Some((Part::Rest, front)) = row.split_last() else { return false };
        !front.contains(&Part::Rest)
            && tree.overlapping(front).into_iter().any(|other| takes(&fixed[other].1, route))
    };
    open.iter().filter(|candidate| is_taken(candidate)).map(|(_, route)| route.key()).collect()
}

/// Whether a server may run the other method, given that its path matches.
fn takes(other: &Route<'_>, route: &Route<'_>) -> bool {
    let verbs = (other.binding.verb.as_str(), route.binding.verb.as_str());
    let hosts_differ = matches!((other.host(), route.host()), (Some(a), Some(b)) if a != b);
    other.method.full_name != route.method.full_name
        && (verbs.0 == verbs.1 || verbs.0 == "*" || verbs.1 == "*")
        && other.binding.template.verb == route.binding.template.verb
        && !hosts_differ
}
