//! The functions of the API's client that return the clients of services.

use std::collections::{BTreeMap, BTreeSet};

use super::package_names::is_version;
use crate::api::Package;
use crate::naming::{self, Scope};

/// Functions that the API's client already has.
const CLIENT_FUNCTIONS: [&str; 12] = [
    "bidirectional",
    "builder",
    "call",
    "can",
    "client_streaming",
    "clone",
    "fmt",
    "from",
    "into",
    "operation",
    "server_streaming",
    "try_into",
];

/// A service, by its index and its package's index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ServiceIndex {
    package: usize,
    service: usize,
}

/// Services with the same name, by the segments of their package without those of versions.
type Group<'a> = BTreeMap<Vec<&'a str>, Vec<ServiceIndex>>;

/// Names each function after its service. If several packages have a service of this name, the prefix is the package's
/// first segment that the other packages lack. If only the versions differ, the version is the suffix.
pub(crate) fn name(packages: &mut [Package]) {
    let mut groups: BTreeMap<String, Group<'_>> = BTreeMap::new();
    for (at, package) in packages.iter().enumerate() {
        let segments: Vec<&str> = segments(package).filter(|part| !is_version(part)).collect();
        for (index, service) in package.services.iter().enumerate() {
            let group = groups.entry(naming::snake(&service.base_name)).or_default();
            group.entry(segments.clone()).or_default().push(ServiceIndex { package: at, service: index });
        }
    }
    let mut wanted: BTreeMap<ServiceIndex, (String, String)> = BTreeMap::new();
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for (name, group) in &groups {
        for (segments, services) in group {
            let base = base(name, segments, group);
            for service in services {
                let version =
                    if services.len() > 1 { version(&packages[service.package]) } else { String::new() };
                let with = |base: &str| naming::snake(&format!("{base}_{version}"));
                let whole = if group.len() > 1 { whole(name, segments) } else { name.clone() };
                *count.entry(with(&base)).or_default() += 1;
                wanted.insert(*service, (with(&base), with(&whole)));
            }
        }
    }
    let mut names = Scope::new(CLIENT_FUNCTIONS);
    for (ServiceIndex { package, service }, (short, whole)) in wanted {
        let name = if count[&short] == 1 { short } else { whole };
        packages[package].services[service].accessor = names.claim(&name);
    }
}

/// The name of a service, with a prefix that distinguishes its package within the group.
fn base(name: &str, segments: &[&str], group: &Group<'_>) -> String {
    if group.len() == 1 {
        return name.to_owned();
    }
    if let Some(own) = own(name, segments, group) {
        return format!("{own}_{name}");
    }
    if group.keys().filter(|segments| own(name, segments, group).is_none()).count() == 1 {
        return name.to_owned();
    }
    whole(name, segments)
}

/// The first segment that the group's other packages lack and with which the service's name does not begin.
fn own<'a>(name: &str, segments: &[&'a str], group: &Group<'_>) -> Option<&'a str> {
    let others: BTreeSet<&str> = group.keys().filter(|other| *other != segments).flatten().copied().collect();
    let repeats = |segment: &str| name.strip_prefix(segment).is_some_and(|rest| rest.starts_with('_'));
    segments.iter().copied().find(|segment| !others.contains(segment) && !repeats(segment))
}

fn whole(name: &str, segments: &[&str]) -> String {
    format!("{}_{name}", segments.join("_"))
}

fn version(package: &Package) -> String {
    segments(package).filter(|part| is_version(part)).collect::<Vec<_>>().join("_")
}

fn segments(package: &Package) -> impl Iterator<Item = &str> {
    package.module.iter().map(|part| part.trim_start_matches("r#").trim_end_matches('_'))
}
