//! Which files and packages are generated, the names of their modules and features, and the packages that each needs.

use std::collections::{BTreeMap, BTreeSet};

use prost_types::FileDescriptorProto;

use super::loaded::File;
use super::service_config::ServiceConfigs;
use super::{Fit, circles};
use crate::api::RootModules;
use crate::diagnostic::{Code, Diagnostics};
use crate::naming::{self, Scope};
use crate::options::{Layout, Options, Renames};

/// A package, before its contents are described.
#[derive(Debug)]
pub(crate) struct PackagePlan {
    pub(crate) name: String,
    pub(crate) module: Vec<String>,
    pub(crate) feature: String,
    pub(crate) gate: String,
    /// Whether its items are at the crate's root, or those need it.
    pub(crate) is_always_compiled: bool,
    pub(crate) needs: Vec<String>,
    pub(crate) files: Vec<usize>,
}

/// All decisions about packages.
pub(crate) struct Plan {
    pub(crate) crate_name: String,
    pub(crate) packages: Vec<PackagePlan>,
    pub(crate) root_modules: RootModules,
}

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

/// What the plan is made from.
pub(crate) struct Input<'a> {
    pub(crate) files: &'a [File],
    /// The messages that options of a file name, besides those of its fields and methods.
    pub(crate) named: &'a [(String, String)],
    pub(crate) service_configs: &'a ServiceConfigs<'a>,
}

/// Plans the packages. A request for only a part of a package, or of a named crate, is reported but planned all the same.
pub(crate) fn plan(
    input: &Input<'_>,
    options: &Options,
    fit: Fit,
    problems: &mut Diagnostics,
) -> Result<Plan, Diagnostics> {
    let Input { files, named, service_configs } = *input;
    let references = References::new(files, named, options);
    let mut wanted: BTreeSet<usize> = (0..files.len())
        .filter(|index| files[*index].requested && selected(files[*index].package(), options))
        .filter(|index| !references.is_extern(files[*index].package()))
        .collect();
    if wanted.is_empty() && fit == Fit::Required {
        return Err(Diagnostics::global(
            Code::Descriptor,
            "the request names no file to generate",
            "name all files in one request (`strategy: all` in buf.gen.yaml), and check the options `package` and \
             `extern_path`",
        ));
    }
    let roots: Vec<String> = wanted
        .iter()
        .map(|index| files[*index].package().to_owned())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let crate_name = options.crate_name.clone().unwrap_or_else(|| default_crate_name(&roots));
    let prefix = strip_prefix(options, &crate_name, &roots);
    // A crate name that is derived from the request does not tell what else belongs to the crate.
    let named = options.crate_name.is_some() || options.strip_prefix.is_some();
    check_partial(files, &wanted, if named { &prefix } else { "" }, (options, problems));
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
    for index in &wanted {
        by_package.entry(files[*index].package().to_owned()).or_default().push(*index);
    }
    let modules = modules(by_package.keys(), &prefix, options.layout);
    let root = by_package.keys().find(|package| modules[package].is_empty());
    let mut needs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (package, indices) in &by_package {
        let targets = indices.iter().flat_map(|index| references.of(*index));
        let mut needed: BTreeSet<String> = targets.map(|index| files[*index].package().to_owned()).collect();
        // A module inside another package's module needs that package to be compiled.
        needed.extend(prefixes(package).filter(|other| by_package.contains_key(*other)).map(str::to_owned));
        // The items at the crate's root are always compiled, and all that they need.
        needed.extend(root.cloned());
        needed.remove(package);
        needs.insert(package.clone(), needed);
    }

    let gates = gates(&needs);
    let mut feature_names = Scope::new(FEATURES);
    let features: BTreeMap<&String, String> = by_package
        .keys()
        .map(|package| {
            let stripped = strip(package, &prefix);
            let name = if stripped.is_empty() { "root".to_owned() } else { naming::kebab(stripped) };
            (package, claim_feature(&mut feature_names, &name))
        })
        .collect();

    let mut circles: BTreeMap<&String, Vec<&String>> = BTreeMap::new();
    for (member, gate) in &gates {
        circles.entry(gate).or_default().push(member);
    }
    let mut packages = Vec::new();
    for (package, indices) in &by_package {
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
        packages.push(PackagePlan {
            is_always_compiled: root.is_some_and(|root| gates[root] == *gate),
            name: package.clone(),
            module: modules[package].clone(),
            feature: features[package].clone(),
            gate: features[gate].clone(),
            needs: needed.into_iter().map(|other| features[other].clone()).collect(),
            files: indices.clone(),
        });
    }
    let root_modules = root_modules(files, &packages, &options.renames);
    Ok(Plan { crate_name: naming::kebab(&crate_name), packages, root_modules })
}

/// The module path of each package: its name without the prefix. If two packages get the same path, the package with
/// the prefix keeps it, else the first by name.
fn modules<'a>(
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

/// Names that no package's module and no message's module at the root has.
fn root_modules(files: &[File], packages: &[PackagePlan], renames: &Renames) -> RootModules {
    let mut root =
        Scope::new(packages.iter().filter_map(|package| package.module.first()).map(String::as_str));
    let at_root = packages.iter().filter(|package| package.module.is_empty());
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

pub(super) fn selected(package: &str, options: &Options) -> bool {
    options.packages.is_empty()
        || options.packages.iter().any(|prefix| is_prefix(prefix, package) || prefix == package)
}

fn is_prefix(prefix: &str, package: &str) -> bool {
    package
        .strip_prefix(prefix)
        .is_some_and(|rest| prefix.is_empty() && !rest.is_empty() || rest.starts_with('.'))
}

/// The packages around a package, including the one without a name.
fn prefixes(package: &str) -> impl Iterator<Item = &str> {
    let dots = package.match_indices('.').map(|(at, _)| &package[..at]);
    dots.chain((!package.is_empty()).then_some(""))
}

fn strip<'a>(package: &'a str, prefix: &str) -> &'a str {
    if package == prefix {
        return "";
    }
    package.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('.')).unwrap_or(package)
}

/// Reports a request that imports a part of the crate without generating it. It is one of several requests, since buf's
/// default strategy sends one directory at a time. Their responses would contain the same files, of which buf keeps the first version.
fn check_partial(
    files: &[File],
    wanted: &BTreeSet<usize>,
    prefix: &str,
    (options, problems): (&Options, &mut Diagnostics),
) {
    let wanted_packages: BTreeSet<&str> = wanted.iter().map(|index| files[*index].package()).collect();
    let is_asked = |file: &&File| file.requested || options.excludes(file.name());
    for file in files.iter().filter(|file| !is_asked(file) && !file.package().is_empty()) {
        let package = file.package();
        let of_package = wanted_packages.contains(package);
        // prost-types has the well-known types, also if the prefix is `google`.
        let of_crate = !prefix.is_empty()
            && package != "google.protobuf"
            && (package == prefix || is_prefix(prefix, package));
        if of_package || of_crate {
            let whole = if of_package { package } else { prefix };
            problems.push_global(
                Code::PartialPackage,
                format!("the request generates a part of `{whole}`, but not its file `{}`", file.name()),
                "send all files in one request: `strategy: all` in buf.gen.yaml, every file on protoc's command line",
            );
        }
    }
}

fn default_crate_name(packages: &[String]) -> String {
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
    let name = common.unwrap_or_default().join("-");
    match name {
        name if name.is_empty() => "sdk".to_owned(),
        name if naming::is_reserved_crate(&naming::kebab(&name)) => format!("{name}-sdk"),
        name => name,
    }
}

pub(crate) fn is_version(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// The prefix that module paths leave out: the configured one, else the package prefix that equals the crate's name. It
/// depends on the crate's name alone, so a package that is added later moves no module.
fn strip_prefix(options: &Options, crate_name: &str, packages: &[String]) -> String {
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

/// Which files are compiled together: in a crate, by Cargo features; in a module tree, all files.
pub(crate) struct Reach<'a> {
    layout: Layout,
    /// The needs of each package's feature.
    needs: BTreeMap<&'a str, &'a [String]>,
    /// The gate of each generated file, and whether its services are generated.
    gates: BTreeMap<&'a str, (&'a str, bool)>,
}

impl<'a> Reach<'a> {
    pub(crate) fn new(plans: &'a [PackagePlan], files: &'a [File], layout: Layout) -> Self {
        let needs = plans.iter().map(|plan| (plan.feature.as_str(), plan.needs.as_slice())).collect();
        let gates = plans
            .iter()
            .flat_map(|plan| plan.files.iter().map(|index| (&files[*index], plan.gate.as_str())))
            .map(|(file, gate)| (file.name(), (gate, file.requested)))
            .collect();
        Self { layout, needs, gates }
    }

    /// Whether the services of a file are compiled wherever this gate is on.
    pub(crate) fn holds(&self, gate: &str, file: &str) -> bool {
        self.gates.get(file).is_some_and(|(_, has_services)| *has_services) && self.compiles(gate, file)
    }

    /// Whether the types of a file are compiled wherever this gate is on.
    pub(crate) fn compiles(&self, gate: &str, file: &str) -> bool {
        let Some((wanted, _)) = self.gates.get(file) else { return false };
        if self.layout == Layout::Modules {
            return true;
        }
        let mut seen = BTreeSet::new();
        let mut open = vec![gate];
        while let Some(feature) = open.pop() {
            if feature == *wanted {
                return true;
            }
            if seen.insert(feature) {
                open.extend(
                    self.needs.get(feature).into_iter().flat_map(|needs| needs.iter()).map(String::as_str),
                );
            }
        }
        false
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

fn claim_feature(scope: &mut Scope, name: &str) -> String {
    let mut name = name.to_owned();
    while !scope.take(&name) {
        name.push_str("-api");
    }
    name
}

/// The files that each file's messages and methods refer to. Imports for options alone do not count.
struct References {
    targets: Vec<BTreeSet<usize>>,
    externs: Vec<String>,
}

impl References {
    fn new(files: &[File], named: &[(String, String)], options: &Options) -> Self {
        let externs =
            options.extern_paths.iter().map(|path| path.proto.trim_start_matches('.').to_owned()).collect();
        let mut this = Self { targets: Vec::new(), externs };
        let mut defined = BTreeMap::new();
        for (index, file) in files.iter().enumerate() {
            for name in defined_types(file.descriptor.file_descriptor_proto()) {
                defined.insert(name, index);
            }
        }
        for (index, file) in files.iter().enumerate() {
            let mut targets = BTreeSet::new();
            let named = named.iter().filter(|(user, _)| user == file.name()).map(|(_, name)| name.as_str());
            for name in used_types(file.descriptor.file_descriptor_proto()).into_iter().chain(named) {
                let name = name.trim_start_matches('.');
                if let Some(target) = defined.get(name).filter(|target| **target != index) {
                    let package = files[*target].package();
                    if package != "google.protobuf" && !this.is_extern(name) && !this.is_extern(package) {
                        targets.insert(*target);
                    }
                }
            }
            this.targets.push(targets);
        }
        this
    }

    fn of(&self, index: usize) -> &BTreeSet<usize> {
        &self.targets[index]
    }

    fn is_extern(&self, name: &str) -> bool {
        name == "google.protobuf"
            || self.externs.iter().any(|prefix| prefix == name || is_prefix(prefix, name))
    }
}

fn defined_types(file: &FileDescriptorProto) -> Vec<String> {
    fn messages(prefix: &str, message: &prost_types::DescriptorProto, out: &mut Vec<String>) {
        let name = join(prefix, message.name());
        out.extend(message.enum_type.iter().map(|nested| join(&name, nested.name())));
        for nested in &message.nested_type {
            messages(&name, nested, out);
        }
        out.push(name);
    }
    let mut out: Vec<String> = file.enum_type.iter().map(|item| join(file.package(), item.name())).collect();
    for message in &file.message_type {
        messages(file.package(), message, &mut out);
    }
    out
}

fn used_types(file: &FileDescriptorProto) -> Vec<&str> {
    fn messages<'a>(message: &'a prost_types::DescriptorProto, out: &mut Vec<&'a str>) {
        out.extend(
            message
                .field
                .iter()
                .map(prost_types::FieldDescriptorProto::type_name)
                .filter(|name| !name.is_empty()),
        );
        for nested in &message.nested_type {
            messages(nested, out);
        }
    }
    let mut out = Vec::new();
    for message in &file.message_type {
        messages(message, &mut out);
    }
    for method in file.service.iter().flat_map(|service| &service.method) {
        out.push(method.input_type());
        out.push(method.output_type());
    }
    out
}

pub(crate) fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}
