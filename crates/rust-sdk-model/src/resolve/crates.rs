//! A crate among the crates of a workspace: its files, the packages of other crates that it uses, and its dependencies.

use std::collections::{BTreeMap, BTreeSet};

use super::loaded::File;
use super::package_plan::{Chosen, PackagePlan};
use super::references::References;
use crate::api::Dependency;
use crate::workspace::member::Seat;

/// Chooses the crate's own files, and those of the packages of other crates that it uses, directly or not.
pub(super) fn choose(files: &[File], references: &References, seat: Seat<'_>) -> Chosen {
    let mut of_package: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, file) in files.iter().enumerate() {
        let package = file.package();
        if seat.owner(package).is_some_and(|owner| owner.files.contains(file.name())) {
            of_package.entry(package).or_default().push(index);
        }
    }
    let member = seat.member();
    let mut open: Vec<&str> = member.packages.keys().map(String::as_str).collect();
    let mut by_package = BTreeMap::new();
    while let Some(package) = open.pop() {
        let Some(indices) = of_package.remove(package) else { continue };
        let targets = indices.iter().flat_map(|index| references.of(*index));
        open.extend(targets.map(|index| files[*index].package()));
        by_package.insert(package.to_owned(), indices);
    }
    Chosen { crate_name: member.name.clone(), prefix: member.prefix.clone(), by_package }
}

/// Makes each package need all packages of other crates that it uses, directly or not, since the list of all types names them. Finds the
/// crate's dependencies, and what the features of packages enable.
pub(super) fn dependencies(packages: &mut [PackagePlan]) -> Vec<Dependency> {
    let needs: BTreeMap<String, Vec<String>> =
        packages.iter().map(|package| (package.feature.clone(), package.needs.clone())).collect();
    let siblings: BTreeMap<String, Sibling> = packages
        .iter()
        .filter_map(|package| {
            let crate_name = package.home.as_ref()?.crate_name.clone();
            Some((package.feature.clone(), Sibling { crate_name, is_root: package.module.len() == 1 }))
        })
        .collect();
    let mut users: BTreeMap<String, BTreeSet<Option<String>>> = BTreeMap::new();
    let mut found: BTreeMap<&str, Dependency> = BTreeMap::new();
    for package in packages.iter_mut().filter(|package| package.home.is_none()) {
        let used = used(&package.feature, &needs, &siblings);
        for feature in &used {
            let Sibling { crate_name, is_root } = &siblings[feature];
            let gate = (!package.is_always_compiled).then(|| package.gate.clone());
            users.entry(feature.clone()).or_default().insert(gate);
            let dependency = found.entry(crate_name).or_insert_with(|| Dependency {
                name: crate_name.clone(),
                optional: true,
                features: Vec::new(),
            });
            if package.is_always_compiled {
                dependency.optional = false;
                if let Some((_, feature)) = feature.split_once('/').filter(|_| !is_root) {
                    dependency.features.push(feature.to_owned());
                }
            }
        }
        package.needs.extend(used.into_iter().filter(|feature| !needs[&package.feature].contains(feature)));
    }
    for package in packages.iter_mut() {
        if let (Some(home), Some(users)) = (&mut package.home, users.get(&package.feature)) {
            let is_always_used = users.contains(&None);
            home.users = if is_always_used { Vec::new() } else { users.iter().flatten().cloned().collect() };
        }
        package.enables = enables(package, &siblings, &found);
    }
    found
        .into_values()
        .map(|mut dependency| {
            dependency.features.sort();
            dependency.features.dedup();
            dependency
        })
        .collect()
}

/// A package of another crate.
struct Sibling {
    crate_name: String,
    /// Whether the package is at the root of its crate, so that it is always compiled.
    is_root: bool,
}

/// The features that a package's feature enables. An optional dependency is enabled by its name, and a package of it by its feature. The
/// dependencies of what is always compiled are in the manifest.
fn enables(
    package: &PackagePlan,
    siblings: &BTreeMap<String, Sibling>,
    dependencies: &BTreeMap<&str, Dependency>,
) -> Vec<String> {
    let mut own = Vec::new();
    let mut crates = BTreeSet::new();
    let mut features = Vec::new();
    for feature in &package.needs {
        let Some(Sibling { crate_name, is_root }) = siblings.get(feature) else {
            own.push(feature.clone());
            continue;
        };
        if package.is_always_compiled {
            continue;
        }
        if dependencies.get(crate_name.as_str()).is_some_and(|dependency| dependency.optional) {
            crates.insert(format!("dep:{crate_name}"));
        }
        if !is_root {
            features.push(feature.clone());
        }
    }
    own.into_iter().chain(crates).chain(features).collect()
}

/// The features of other crates that a feature reaches through no other package of this crate.
fn used(
    feature: &str,
    needs: &BTreeMap<String, Vec<String>>,
    siblings: &BTreeMap<String, Sibling>,
) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut open = vec![feature];
    while let Some(feature) = open.pop() {
        // What packages of this crate need, their own features enable.
        for next in needs.get(feature).into_iter().flatten().filter(|next| siblings.contains_key(*next)) {
            if seen.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    seen
}
