//! Marks bindings whose `**` must take a segment. Without one, the path would be that of another route, which a server prefers:
//! `DELETE /v1/files/{path=**}` beside `DELETE /v1/files`.

use std::collections::BTreeSet;

use super::routes::{self, BindingSources, Route};
use crate::api::Package;
use crate::paths::{Part, PathTree};
use crate::template::decoded;

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
    let routes: Vec<(Vec<Part>, Route<'_>)> =
        routes::all(packages, sources).map(|route| (Part::row(&route.binding.template), route)).collect();
    if routes.iter().all(|(row, _)| !row.contains(&Part::Rest)) {
        return BTreeSet::new();
    }
    let tree = PathTree::new(routes.iter().map(|(row, _)| row.as_slice()));
    let meeting = |row: &[Part], takes: &dyn Fn(&[Part], &Route<'_>) -> bool| {
        tree.overlapping(row).into_iter().any(|other| {
            let (other_row, other) = &routes[other];
            takes(other_row, other) && Part::meet(row, other_row)
        })
    };
    let is_taken = |(row, route): &&(Vec<Part>, Route<'_>)| {
        let Some(rest) = row.iter().position(|part| *part == Part::Rest) else { return false };
        let mut without = row.clone();
        without.remove(rest);
        let is_at_end = rest == without.len();
        let verb = route.binding.template.verb.as_deref();
        if is_at_end {
            // Other templates with a `**` come after this one.
            return meeting(&without, &|other_row, other| {
                !other_row.contains(&Part::Rest)
                    && other.method.full_name != route.method.full_name
                    && other.binding.template.verb.as_deref() == verb
                    && takes(other, route)
            });
        }
        // Every other route comes before an empty `**` with segments behind it.
        let is_other = |other: &Route<'_>| other.key() != route.key() && takes(other, route);
        let is_met =
            meeting(&without, &|_, other| is_other(other) && other.binding.template.verb.as_deref() == verb);
        is_met
            || verb.is_some_and(|verb| {
                // For a route without custom verbs, the verb is part of the last segment.
                if let Some(Part::Literal(text)) = without.last_mut() {
                    *text = format!("{text}:{}", decoded(verb));
                }
                meeting(&without, &|_, other| is_other(other) && other.binding.template.verb.is_none())
            })
    };
    routes.iter().filter(is_taken).map(|(_, route)| route.key()).collect()
}

/// Whether a server may run the other route, given that its path matches.
fn takes(other: &Route<'_>, route: &Route<'_>) -> bool {
    let verbs = (other.binding.verb.as_str(), route.binding.verb.as_str());
    let hosts_differ = matches!((other.host(), route.host()), (Some(a), Some(b)) if a != b);
    (verbs.0 == verbs.1 || verbs.0 == "*" || verbs.1 == "*") && !hosts_differ
}
