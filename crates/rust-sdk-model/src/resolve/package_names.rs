//! The names of packages: prefixes, and the modules and features that are made from them.

use std::collections::{BTreeMap, BTreeSet};

use crate::naming::{self, Scope};
use crate::options::{Layout, Options};

/// Features of the generated crate besides those of its packages.
const FEATURES: [&str; 12] = [
    "default",
    "grpc",
    "rest",
    "json",
    "gzip",
    "server",
    "testing",
    "tls-ring",
    "tls-aws-lc",
    "tls-native-roots",
    "tracing",
    "all-packages",
];

/// The module path of each package: its name without the prefix. If two packages get the same path, the package with
/// the prefix keeps it, else the first by name.
pub(crate) fn modules<'a>(
    packages: impl Iterator<Item = &'a String> + Clone,
    prefix: &str,
    layout: Layout,
) -> BTreeMap<&'a String, Vec<String>> {
    let has_prefix = |package: &str| package == prefix || is_prefix(prefix, package);
    let (first, last): (Vec<_>, Vec<_>) = packages.partition(|package| has_prefix(package));
    let mut taken = BTreeSet::new();
    let mut modules = BTreeMap::new();
    for package in first.into_iter().chain(last) {
        let parts = strip(package, prefix).split('.').filter(|part| !part.is_empty()).enumerate();
        let mut module: Vec<String> = parts
            .map(|(depth, part)| naming::file_module(part, depth == 0 && layout == Layout::Crate))
            .collect();
        while !taken.insert(module.clone()) {
            match module.last_mut() {
                Some(last) => *last = format!("{}_", last.strip_prefix("r#").unwrap_or(last)),
                None => module.push("root".to_owned()),
            }
        }
        modules.insert(package, module);
    }
    modules
}

pub(crate) fn selected(package: &str, options: &Options) -> bool {
    options.packages.is_empty()
        || options.packages.iter().any(|prefix| is_prefix(prefix, package) || prefix == package)
}

pub(crate) fn is_prefix(prefix: &str, package: &str) -> bool {
    package
        .strip_prefix(prefix)
        .is_some_and(|rest| prefix.is_empty() && !rest.is_empty() || rest.starts_with('.'))
}

/// The packages around a package, including the one without a name.
pub(crate) fn prefixes(package: &str) -> impl Iterator<Item = &str> {
    let dots = package.match_indices('.').map(|(at, _)| &package[..at]);
    dots.chain((!package.is_empty()).then_some(""))
}

fn strip<'a>(package: &'a str, prefix: &str) -> &'a str {
    if package == prefix {
        return "";
    }
    package.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('.')).unwrap_or(package)
}

pub(crate) fn default_crate_name(packages: &[String]) -> String {
    let mut common: Option<Vec<&str>> = None;
    for package in packages {
        let mut parts: Vec<&str> = package.split('.').collect();
        if parts.last().is_some_and(|last| is_version(last)) {
            parts.pop();
        }
        common = Some(match common {
            None => parts,
            Some(common) => common.iter().zip(&parts).take_while(|(a, b)| a == b).map(|(a, _)| *a).collect(),
        });
    }
    crate_name_of(&common.unwrap_or_default().join("."))
}

/// Words that packages of many APIs begin with.
const VAGUE: [&str; 16] = [
    "api", "apis", "base", "common", "grpc", "internal", "pb", "proto", "protobuf", "protos", "public",
    "rpc", "sdk", "service", "services", "types",
];

/// Whether a name that is derived from packages does not tell which API it is.
pub(crate) fn is_vague(crate_name: &str) -> bool {
    VAGUE.contains(&crate_name)
}

/// The name of the crate of a package.
pub(crate) fn crate_name_of(package: &str) -> String {
    match naming::kebab(package) {
        name if name.is_empty() => "sdk".to_owned(),
        name if naming::is_reserved_crate(&name) => format!("{name}-sdk"),
        name => name,
    }
}

pub(crate) fn is_version(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// The prefix that module paths leave out: the configured one, else the package prefix that equals the crate's name. It
/// depends on the crate's name alone, so a package that is added later moves no module.
pub(crate) fn strip_prefix(options: &Options, crate_name: &str, packages: &[String]) -> String {
    match options.strip_prefix.as_deref() {
        Some("-") => return String::new(),
        Some(prefix) => return prefix.to_owned(),
        None if options.layout == Layout::Modules => return String::new(),
        None => {}
    }
    let wanted = naming::kebab(crate_name);
    let mut candidates = packages.iter().flat_map(|package| {
        package.match_indices('.').map(|(at, _)| &package[..at]).chain([package.as_str()])
    });
    candidates.find(|prefix| naming::kebab(prefix) == wanted).unwrap_or_default().to_owned()
}

/// The Cargo feature of each package.
pub(crate) fn features<'a>(
    packages: impl Iterator<Item = &'a String>,
    prefix: &str,
) -> BTreeMap<&'a String, String> {
    let mut scope = Scope::new(FEATURES);
    packages
        .map(|package| {
            let stripped = strip(package, prefix);
            let mut name = if stripped.is_empty() { "root".to_owned() } else { naming::kebab(stripped) };
            while !scope.take(&name) {
                name.push_str("-api");
            }
            (package, name)
        })
        .collect()
}

pub(crate) fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}
