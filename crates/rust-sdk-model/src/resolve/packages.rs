//! Which files and packages are generated, the names of their modules and features, and the packages that each needs.

use std::collections::{BTreeMap, BTreeSet};

use super::loaded::File;
use super::package_names::{
    default_crate_name, features, is_prefix, is_vague, join, modules, prefixes, selected, strip_prefix,
};
use super::package_plan::{Chosen, PackagePlan};
use super::references::References;
use super::service_config::ServiceConfigs;
use super::{Fit, circles, crates};
use crate::api::{Dependency, Home, RootModules};
use crate::diagnostic::{Code, Diagnostics, Severity};
use crate::naming::{self, Scope};
use crate::options::{Layout, Options, Renames};
use crate::workspace::member::Seat;

/// All decisions about packages.
pub(crate) struct Plan {
    pub(crate) crate_name: String,
    /// The packages of the crate, then those of other crates of the workspace.
    pub(crate) packages: Vec<PackagePlan>,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) root_modules: RootModules,
}

/// What the plan is made from.
pub(crate) struct Input<'a> {
    pub(crate) files: &'a [File],
    /// The messages that options of a file name, besides those of its fields and methods.
    pub(crate) named: &'a [(String, String)],
    pub(crate) service_configs: &'a ServiceConfigs<'a>,
    /// The crate's place in a workspace.
    pub(crate) seat: Option<Seat<'a>>,
}

/// Plans the packages. A request for only a part of a package, or of a named crate, is reported but planned all the same.
pub(crate) fn plan(
    input: &Input<'_>,
    options: &Options,
    fit: Fit,
    problems: &mut Diagnostics,
) -> Result<Plan, Diagnostics> {
    let references = References::new(input.files, input.named, options);
    let chosen = match input.seat {
        Some(seat) => crates::choose(input.files, &references, seat),
        None => choose(input, &references, options, fit, problems)?,
    };
    let arrangement = Arrangement { chosen: &chosen, seat: input.seat, options };
    let mut packages = arrangement.packages(input.files, &references);
    packages.sort_by_key(|package| package.home.is_some());
    let dependencies = crates::dependencies(&mut packages);
    let root_modules = root_modules(input.files, &packages, &options.renames);
    Ok(Plan { crate_name: naming::kebab(&chosen.crate_name), packages, dependencies, root_modules })
}

/// Chooses the files of a crate by itself.
fn choose(
    input: &Input<'_>,
    references: &References,
    options: &Options,
    fit: Fit,
    problems: &mut Diagnostics,
) -> Result<Chosen, Diagnostics> {
    let Input { files, service_configs, .. } = *input;
    let mut wanted: BTreeSet<usize> = (0..files.len())
        .filter(|index| files[*index].requested && selected(files[*index].package(), options))
        .filter(|index| !references.is_extern(files[*index].package()))
        .collect();
    if wanted.is_empty() && fit == Fit::Required {
        return Err(nothing());
    }
    let roots: Vec<String> = wanted
        .iter()
        .map(|index| files[*index].package().to_owned())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let crate_name = options.crate_name.clone().unwrap_or_else(|| default_crate_name(&roots));
    if options.crate_name.is_none() && options.layout == Layout::Crate && is_vague(&crate_name) {
        problems.push_without_position(
            Severity::Warning,
            Code::CrateName,
            format!("the crate is called `{crate_name}`, since the packages have no common prefix that names the API"),
            "choose a name with the option `crate_name=`, such as `crate_name=acme`",
        );
    }
    let prefix = strip_prefix(options, &crate_name, &roots);
    // A crate name that is derived from the request does not tell what else belongs to the crate.
    let named = options.crate_name.is_some() || options.strip_prefix.is_some();
    let all = files.iter().map(|file| (file.name(), file.package(), file.requested));
    let wanted_packages = wanted.iter().map(|index| files[*index].package()).collect();
    check_partial(all, &wanted_packages, if named { &prefix } else { "" }, (options, problems));
    // The services that the API mixes in.
    wanted.extend((0..files.len()).filter(|index| {
        let file = files[*index].descriptor.file_descriptor_proto();
        let mut services = file.service.iter().map(|service| join(file.package(), service.name()));
        !references.is_extern(file.package()) && services.any(|name| service_configs.lists(&name))
    }));
    // Files to which the wanted files refer are generated, too: otherwise the crate would not compile.
    let mut open: Vec<usize> = wanted.iter().copied().collect();
    while let Some(index) = open.pop() {
        for target in references.of(index) {
            if wanted.insert(*target) {
                open.push(*target);
            }
        }
    }
    let mut by_package: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for index in wanted {
        by_package.entry(files[index].package().to_owned()).or_default().push(index);
    }
    Ok(Chosen { crate_name, prefix, by_package })
}

/// The error of a request without a file to generate.
pub(crate) fn nothing() -> Diagnostics {
    Diagnostics::global(
        Code::Descriptor,
        "the request names no file to generate",
        "name all files in one request (`strategy: all` in buf.gen.yaml), and check the options `package` and \
         `extern_path`",
    )
}

/// The names and needs of packages.
struct Arrangement<'a> {
    chosen: &'a Chosen,
    seat: Option<Seat<'a>>,
    options: &'a Options,
}

impl Arrangement<'_> {
    fn packages(&self, files: &[File], references: &References) -> Vec<PackagePlan> {
        let Chosen { prefix, by_package, .. } = self.chosen;
        let is_own = |package: &str| self.seat.is_none_or(|seat| seat.sibling(package).is_none());
        let own = || by_package.keys().filter(|package| is_own(package));
        let modules = modules(own(), prefix, self.options.layout);
        let own_features = features(own(), prefix);
        let root = own().find(|package| modules[package].is_empty());
        let mut needs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (package, indices) in by_package {
            let targets = indices.iter().flat_map(|index| references.of(*index));
            let mut needed: BTreeSet<String> =
                targets.map(|index| files[*index].package().to_owned()).collect();
            if is_own(package) {
                // A module inside another package's module needs that package to be compiled.
                let around =
                    prefixes(package).filter(|other| is_own(other) && by_package.contains_key(*other));
                needed.extend(around.map(str::to_owned));
                // The items at the crate's root are always compiled, and all that they need.
                needed.extend(root.cloned());
            }
            needed.remove(package);
            needs.insert(package.clone(), needed);
        }
        let gates = gates(&needs);
        let feature = |package: &String| match self.seat.and_then(|seat| seat.sibling(package)) {
            Some(sibling) => sibling.feature(package),
            None => own_features.get(package).cloned().unwrap_or_default(),
        };
        let mut circles: BTreeMap<&String, Vec<&String>> = BTreeMap::new();
        for (member, gate) in &gates {
            circles.entry(gate).or_default().push(member);
        }
        let mut packages = Vec::new();
        for (package, indices) in by_package {
            let gate = &gates[package];
            let needed: BTreeSet<&String> = if gate == package {
                // The gate of a cycle stands for all its members, so it needs the needs of each member.
                circles[package]
                    .iter()
                    .flat_map(|member| &needs[*member])
                    .map(|other| &gates[other])
                    .filter(|other| *other != package)
                    .collect()
            } else {
                BTreeSet::from([gate])
            };
            let sibling = self.seat.and_then(|seat| seat.sibling(package));
            packages.push(PackagePlan {
                is_always_compiled: root.is_some_and(|root| gates[root] == *gate),
                name: package.clone(),
                module: match sibling {
                    Some(sibling) => sibling.module(package),
                    None => modules.get(package).cloned().unwrap_or_default(),
                },
                feature: feature(package),
                gate: feature(gate),
                needs: needed.into_iter().map(feature).collect(),
                enables: Vec::new(),
                files: indices.clone(),
                home: sibling.map(|sibling| Home { crate_name: sibling.name.clone(), users: Vec::new() }),
            });
        }
        packages
    }
}

/// Names that no package's module and no message's module at the root has.
fn root_modules(files: &[File], packages: &[PackagePlan], renames: &Renames) -> RootModules {
    let own = || packages.iter().filter(|package| package.home.is_none());
    let mut root = Scope::new(own().filter_map(|package| package.module.first()).map(String::as_str));
    let at_root = own().filter(|package| package.module.is_empty());
    for file in at_root.flat_map(|package| &package.files) {
        for message in &files[*file].descriptor.file_descriptor_proto().message_type {
            let full_name = join(files[*file].package(), message.name());
            root.take(&naming::snake(renames.name(&full_name, message.name())));
        }
    }
    RootModules {
        access: root.claim("access"),
        options: root.claim("options"),
        runtime: root.claim("runtime"),
        client: root.claim("client"),
        descriptor_set: root.claim("descriptor_set"),
    }
}

/// Reports a request that imports a part of the crate without generating it. It is one of several requests, since buf's
/// default strategy sends one directory at a time. Their responses would contain the same files, of which buf keeps the first version.
///
/// `files` are names, packages, and whether the file is requested.
pub(crate) fn check_partial<'a>(
    files: impl Iterator<Item = (&'a str, &'a str, bool)>,
    wanted_packages: &BTreeSet<&str>,
    prefix: &str,
    (options, problems): (&Options, &mut Diagnostics),
) {
    for (file, package, requested) in files {
        if requested || options.excludes(file) || package.is_empty() {
            continue;
        }
        let of_package = wanted_packages.contains(package);
        // prost-types has the well-known types, also if the prefix is `google`.
        let of_crate = !prefix.is_empty()
            && package != "google.protobuf"
            && (package == prefix || is_prefix(prefix, package));
        if of_package || of_crate {
            let whole = if of_package { package } else { prefix };
            problems.push_global(
                Code::PartialPackage,
                format!("the request generates a part of `{whole}`, but not its file `{file}`"),
                "send all files in one request: `strategy: all` in buf.gen.yaml, every file on protoc's command line",
            );
        }
    }
}

/// The gate of each package: the first package, by name, of its cycle. Cargo rejects features that need each other.
fn gates(needs: &BTreeMap<String, BTreeSet<String>>) -> BTreeMap<String, String> {
    let names: Vec<&String> = needs.keys().collect();
    let index: BTreeMap<&String, usize> = names.iter().copied().zip(0..).collect();
    let edges: Vec<Vec<usize>> = needs
        .values()
        .map(|needed| needed.iter().filter_map(|other| index.get(other)).copied().collect())
        .collect();
    let circles = circles::find(&edges);
    // The names are sorted, so the first member of a cycle has the smallest name.
    let mut firsts: BTreeMap<usize, &String> = BTreeMap::new();
    for (name, circle) in names.iter().copied().zip(&circles) {
        firsts.entry(*circle).or_insert(name);
    }
    names.iter().zip(&circles).map(|(name, circle)| ((*name).clone(), firsts[circle].clone())).collect()
}
