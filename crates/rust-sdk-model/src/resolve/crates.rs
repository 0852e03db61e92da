//! A crate among the crates of a workspace: its files, the packages of other crates that it uses, and its dependencies.

use std::collections::{BTreeMap, BTreeSet};

use super::loaded::File;
use super::packages::{Chosen, PackagePlan};
use super::references::References;
use crate::api::Dependency;
use crate::workspace::member::Seat;

/// Chooses the crate's own files, and those of the packages of other crates that it uses, directly or not.
pub(super) fn choose(files: &[File], references: &References, seat: Seat<'_>) -> Chosen {
    let mut of_package: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, file) in files.iter().enumerate() {
        let package = file.proto.package();
        if seat.owner(package).is_some_and(|owner| owner.files.contains(file.proto.name())) {
            of_package.entry(package).or_default().push(index);
        }
    }
    let member = seat.member();
    let mut open: Vec<&str> = member.packages.keys().map(String::as_str).collect();
    let mut by_package = BTreeMap::new();
    while let Some(package) = open.pop() {
        let Some(indices) = of_package.remove(package) else { continue };
        let targets = indices.iter().flat_map(|index| references.of(*index));
        open.extend(targets.map(|index| files[*index].proto.package()));
        by_package.insert(package.to_owned(), indices);
    }
    Chosen { crate_name: member.name.clone(), prefix: member.prefix.clone(), by_package }
}

/// Makes each package need all packages of other crates that it uses, directly or not, since the list of all types names them. Finds the
/// crate's dependencies.
pub(super) fn dependencies(packages: &mut [PackagePlan]) -> Vec<Dependency> {
    let needs: BTreeMap<String, Vec<String>> =
        packages.iter().map(|package| (package.feature.clone(), package.needs.clone())).collect();
    let crates: BTreeMap<String, String> = packages
        .iter()
        .filter_map(|package| Some((package.feature.clone(), package.home.as_ref()?.crate_name.clone())))
        .collect();
    let mut users: BTreeMap<String, BTreeSet<Option<String>>> = BTreeMap::new();
    let mut found: BTreeMap<String, Dependency> = BTreeMap::new();
    for package in packages.iter_mut().filter(|package| package.home.is_none()) {
        let used = used(&package.feature, &needs, &crates);
        for feature in &used {
            let user = (!package.is_always_compiled).then(|| package.gate.clone());
            users.entry(feature.clone()).or_default().insert(user);
            let name = &crates[feature];
            let dependency = found.entry(name.clone()).or_insert_with(|| Dependency {
                name: name.clone(),
                optional: true,
                features: Vec::new(),
            });
            if package.is_always_compiled {
                dependency.optional = false;
                let feature = feature[name.len() + 1..].to_owned();
                if !dependency.features.contains(&feature) {
                    dependency.features.push(feature);
                }
            }
        }
        let known: BTreeSet<&String> = package.needs.iter().collect();
        let more: Vec<String> = used.iter().filter(|feature| !known.contains(feature)).cloned().collect();
        package.needs.extend(more);
    }
    for package in packages {
        if let (Some(home), Some(users)) = (&mut package.home, users.get(&package.feature)) {
            let is_always_used = users.contains(&None);
            home.users = if is_always_used { Vec::new() } else { users.iter().flatten().cloned().collect() };
        }
    }
    found.into_values().collect()
}

/// The features of other crates that a feature reaches through no other package of this crate.
fn used(
    feature: &str,
    needs: &BTreeMap<String, Vec<String>>,
    crates: &BTreeMap<String, String>,
) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut open = vec![feature];
    while let Some(feature) = open.pop() {
        // What packages of this crate need, their own features enable.
        for next in needs.get(feature).into_iter().flatten().filter(|next| crates.contains_key(*next)) {
            if seen.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    seen
}
