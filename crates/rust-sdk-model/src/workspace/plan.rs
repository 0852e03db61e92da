//! Which packages are one crate, and the names of crates.

use std::collections::{BTreeMap, BTreeSet};

use super::head::Head;
use super::member::{Member, Members, PackageNames};
use crate::diagnostic::{Code, Diagnostics};
use crate::options::{CrateGroup, Layout, Options};
use crate::resolve::package_names::{self, is_prefix, is_version, selected};
use crate::resolve::{circles, packages};

/// The files of a request, in its order.
pub(super) struct Files<'a> {
    pub(super) heads: &'a [Head],
    pub(super) requested: &'a BTreeSet<&'a str>,
    pub(super) options: &'a Options,
    /// The services that service configurations list.
    pub(super) listed: &'a BTreeSet<String>,
}

/// Packages that become one crate.
#[derive(Clone, Default)]
struct Group<'a> {
    /// The prefix that the packages have in common.
    prefix: String,
    /// The option that groups them.
    stated: Option<&'a CrateGroup>,
    packages: BTreeSet<&'a str>,
}

/// Plans the crates.
pub(super) fn plan(files: &Files<'_>, problems: &mut Diagnostics) -> Result<Members, Diagnostics> {
    let Files { heads, options, .. } = *files;
    let index: BTreeMap<&str, usize> = heads.iter().map(|head| head.name.as_str()).zip(0..).collect();
    let targets = files.targets();
    let wanted = files.wanted(&targets, problems)?;
    let mut of_package: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for at in &wanted {
        of_package.entry(&heads[*at].package).or_default().push(*at);
    }
    let mut edges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for at in &wanted {
        let package = heads[*at].package.as_str();
        let targets = targets[*at].iter().map(|target| heads[*target].package.as_str());
        edges.entry(package).or_default().extend(targets.filter(|target| *target != package));
    }
    check_groups(&options.crate_groups, &of_package, problems);
    let groups = without_circles(groups(of_package.keys().copied(), &options.crate_groups), &edges, problems);

    let mut all: Vec<Member> =
        groups.iter().map(|group| member(group, &of_package, heads, files.listed)).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    check_names(&all, problems);
    let owners: BTreeMap<String, usize> = all
        .iter()
        .enumerate()
        .flat_map(|(at, member)| member.packages.keys().map(move |package| (package.clone(), at)))
        .collect();
    for (package, targets) in &edges {
        for target in targets {
            if owners[*target] != owners[*package] {
                all[owners[*target]].is_shared = true;
            }
        }
    }
    let imported = imported(wanted.iter().copied(), heads, &index);
    let imported = imported.into_iter().map(|at| heads[at].name.clone()).collect();
    let edges = edges
        .into_iter()
        .map(|(package, targets)| (package.to_owned(), targets.into_iter().map(str::to_owned).collect()))
        .collect();
    Ok(Members { all, owners, edges, imported })
}

/// The files and all that they import.
pub(super) fn imported(
    files: impl Iterator<Item = usize>,
    heads: &[Head],
    index: &BTreeMap<&str, usize>,
) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<usize> = files.collect();
    while let Some(at) = open.pop() {
        if seen.insert(at) {
            open.extend(heads[at].imports.iter().filter_map(|name| index.get(name.as_str())));
        }
    }
    seen
}

impl Files<'_> {
    fn is_foreign(&self, name: &str) -> bool {
        let externs = self.options.extern_paths.iter().map(|path| path.proto.trim_start_matches('.'));
        let mut foreign = externs.chain(["google.protobuf"]);
        foreign.any(|prefix| prefix == name || is_prefix(prefix, name))
    }

    /// For each file, the files with the types to which it refers.
    fn targets(&self) -> Vec<BTreeSet<usize>> {
        let mut defined: BTreeMap<String, usize> = BTreeMap::new();
        for (at, head) in self.heads.iter().enumerate() {
            defined.extend(head.defines.iter().map(|name| (name.clone(), at)));
        }
        let of = |head: &Head| {
            let all = head.targets(&defined);
            let is_local =
                |name: &str, at: usize| !self.is_foreign(name) && !self.is_foreign(&self.heads[at].package);
            all.filter(|(name, at)| is_local(name, *at)).map(|(_, at)| at).collect()
        };
        self.heads.iter().map(of).collect()
    }

    /// The files that are generated: those that the request asks for, and all to which they refer.
    fn wanted(
        &self,
        targets: &[BTreeSet<usize>],
        problems: &mut Diagnostics,
    ) -> Result<BTreeSet<usize>, Diagnostics> {
        let Files { heads, requested, options, .. } = *self;
        let is_requested =
            |head: &Head| requested.contains(head.name.as_str()) && !options.excludes(&head.name);
        let mut wanted: BTreeSet<usize> = (0..heads.len())
            .filter(|at| is_requested(&heads[*at]) && selected(&heads[*at].package, options))
            .filter(|at| !heads[*at].is_empty())
            .filter(|at| !self.is_foreign(&heads[*at].package))
            .collect();
        if wanted.is_empty() {
            return Err(packages::nothing());
        }
        let of_packages = wanted.iter().map(|at| heads[*at].package.as_str()).collect();
        let all = heads.iter().map(|head| (head.name.as_str(), head.package.as_str(), is_requested(head)));
        packages::check_partial(all, &of_packages, "", (options, problems));
        wanted.extend((0..heads.len()).filter(|at| {
            let head = &heads[*at];
            !self.is_foreign(&head.package)
                && head.services.iter().any(|service| self.listed.contains(service))
        }));
        let mut open: Vec<usize> = wanted.iter().copied().collect();
        while let Some(at) = open.pop() {
            open.extend(targets[at].iter().filter(|target| wanted.insert(**target)));
        }
        Ok(wanted)
    }
}

/// The crate of each package: that of the longest prefix which an option groups; else that of the nearest version in its name, as in
/// `acme.shop.v1.orders`; else its own.
fn groups<'a>(
    packages: impl Iterator<Item = &'a str>,
    stated: &'a [CrateGroup],
) -> BTreeMap<String, Group<'a>> {
    let mut groups: BTreeMap<String, Group<'a>> = BTreeMap::new();
    for package in packages {
        let option = stated
            .iter()
            .filter(|group| group.prefix == package || is_prefix(&group.prefix, package))
            .max_by_key(|group| group.prefix.len());
        let prefix = option.map_or_else(|| version_prefix(package), |group| &group.prefix);
        let group = groups.entry(prefix.to_owned()).or_default();
        prefix.clone_into(&mut group.prefix);
        group.stated = option.or(group.stated);
        group.packages.insert(package);
    }
    groups
}

/// The package or the nearest one around it whose name ends in a version; else the package.
fn version_prefix(package: &str) -> &str {
    let mut prefix = package;
    loop {
        match prefix.rsplit_once('.') {
            Some((_, last)) if is_version(last) => return prefix,
            Some((around, _)) => prefix = around,
            None => return package,
        }
    }
}

/// Unites groups that need each other, since Cargo allows no circles. Their name is what their prefixes have in common.
fn without_circles<'a>(
    groups: BTreeMap<String, Group<'a>>,
    edges: &BTreeMap<&str, BTreeSet<&str>>,
    problems: &mut Diagnostics,
) -> Vec<Group<'a>> {
    let groups: Vec<Group<'a>> = groups.into_values().collect();
    let of_package: BTreeMap<&str, usize> = groups
        .iter()
        .enumerate()
        .flat_map(|(at, group)| group.packages.iter().map(move |package| (*package, at)))
        .collect();
    let targets = |group: &Group<'_>| -> Vec<usize> {
        let targets = group.packages.iter().filter_map(|package| edges.get(package)).flatten();
        targets.map(|package| of_package[package]).collect()
    };
    let circles = circles::find(&groups.iter().map(targets).collect::<Vec<_>>());
    let mut united: BTreeMap<usize, Group<'a>> = BTreeMap::new();
    for (group, circle) in groups.into_iter().zip(circles) {
        match united.entry(circle) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(group);
            }
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                unite(entry.get_mut(), group, problems);
            }
        }
    }
    united.into_values().collect()
}

fn unite<'a>(one: &mut Group<'a>, other: Group<'a>, problems: &mut Diagnostics) {
    if let (Some(a), Some(b)) = (one.stated, other.stated) {
        let message =
            format!("the packages of `crate={}` and `crate={}` need each other", a.prefix, b.prefix);
        problems.push_global(Code::PluginOption, message, "put them into one crate: Cargo allows no circles");
    }
    one.stated = one.stated.or(other.stated);
    let parts = one.prefix.split('.').zip(other.prefix.split('.'));
    let common: Vec<&str> = parts.take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
    one.prefix = common.join(".");
    one.packages.extend(other.packages);
}

fn member(
    group: &Group<'_>,
    of_package: &BTreeMap<&str, Vec<usize>>,
    heads: &[Head],
    listed: &BTreeSet<String>,
) -> Member {
    let stated = group.stated.and_then(|group| group.name.clone());
    let first = group.packages.first().copied().unwrap_or_default();
    let name = stated.unwrap_or_else(|| {
        let named_after = if group.prefix.is_empty() { first } else { &group.prefix };
        package_names::crate_name_of(named_after)
    });
    let files: BTreeSet<usize> =
        group.packages.iter().flat_map(|package| &of_package[package]).copied().collect();
    let names: Vec<String> = group.packages.iter().map(|package| (*package).to_owned()).collect();
    let mut modules = package_names::modules(names.iter(), &group.prefix, Layout::Crate);
    let features = package_names::features(names.iter(), &group.prefix);
    let packages = features
        .into_iter()
        .map(|(package, feature)| {
            let module = modules.remove(package).unwrap_or_default();
            (package.clone(), PackageNames { module, feature })
        })
        .collect();
    let services = files.iter().flat_map(|at| &heads[*at].services);
    Member {
        name,
        prefix: group.prefix.clone(),
        packages,
        listed_services: services.filter(|service| listed.contains(*service)).cloned().collect(),
        files: files.into_iter().map(|at| heads[at].name.clone()).collect(),
        is_shared: false,
    }
}

/// Reports groups without a package.
fn check_groups(groups: &[CrateGroup], packages: &BTreeMap<&str, Vec<usize>>, problems: &mut Diagnostics) {
    for (at, CrateGroup { prefix, .. }) in groups.iter().enumerate() {
        if groups[..at].iter().any(|other| other.prefix == *prefix) {
            let message = format!("`crate={prefix}` is set twice");
            problems.push_global(Code::PluginOption, message, "set it once");
        }
        if packages.keys().all(|package| package != prefix && !is_prefix(prefix, package)) {
            let message = format!("`crate={prefix}` names no package that is generated");
            let near = packages.keys().min_by_key(|package| strsim::damerau_levenshtein(package, prefix));
            let hint = near.map_or_else(String::new, |near| format!("did you mean `crate={near}`?"));
            problems.push_global(Code::PluginOption, message, hint);
        }
    }
}

/// Reports crates of one name. In Rust and on some file systems, `-` and `_` are the same, and so are letters of both cases.
fn check_names(members: &[Member], problems: &mut Diagnostics) {
    let mut taken: BTreeMap<String, &Member> = BTreeMap::new();
    for member in members {
        let name = member.name.replace('-', "_").to_lowercase();
        if let Some(other) = taken.insert(name, member) {
            let package = |member: &Member| member.packages.keys().next().cloned().unwrap_or_default();
            let (one, two) = (package(other), package(member));
            let message = format!("the crates of `{one}` and `{two}` are both called `{}`", member.name);
            let hint =
                format!("name one of them by `crate={two}=NAME`, or group their packages by `crate=PREFIX`");
            problems.push_global(Code::NameCollision, message, hint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_belongs_to_the_nearest_version_around_it() {
        assert_eq!(version_prefix("acme.ads.v25.enums"), "acme.ads.v25");
        assert_eq!(version_prefix("acme.v1.jobs.v2beta1"), "acme.v1.jobs.v2beta1");
        assert_eq!(version_prefix("acme.type"), "acme.type");
        assert_eq!(version_prefix(""), "");
        assert_eq!(version_prefix("v1"), "v1");
    }
}
