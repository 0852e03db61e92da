//! `cargo xtask rules`: whether every HTTP rule of an API leads back to its method. Paths are built from sample values, as clients build
//! them, and looked up among all rules of the API, as servers look them up.

mod bindings;
mod samples;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

use clap::Args;
use rust_sdk_model::api::Package;
use rust_sdk_model::{Api, Code};
use rust_sdk_regen::Regen;
use rust_sdk_runtime::http::{PathEncoding, PathValue, Routes};

use self::bindings::{Rule, Table};
use self::samples::Sample;
use crate::Result;
use crate::golden::GOLDENS;

/// The API to read; by default, those of `testdata`.
#[derive(Args, Default)]
pub(crate) struct Arguments {
    /// The folder of its files
    #[arg(long, value_name = "DIR")]
    proto_root: Option<PathBuf>,
    /// An encoded `FileDescriptorSet` instead, which takes less time for a large tree
    #[arg(long, value_name = "FILE", conflicts_with = "proto_root")]
    descriptor_set: Option<PathBuf>,
    /// Find imports in this folder, too (may be repeated)
    #[arg(long, value_name = "DIR")]
    include: Vec<PathBuf>,
    /// An option of the plugin (may be repeated)
    #[arg(long, value_name = "KEY=VALUE")]
    opt: Vec<String>,
    /// Look each path up among the rules of its package, as in a folder of many APIs
    #[arg(long)]
    each_package: bool,
}

/// What came of the rules.
#[derive(Default)]
struct Report {
    methods: usize,
    rules: usize,
    paths: usize,
    matched: usize,
    /// Paths without a segment for the `**`, which clients reject, since they are those of another route.
    rejected: usize,
    /// Rules that the model left out.
    left_out: BTreeSet<String>,
    /// Rules whose verb and path are those of another method.
    duplicates: BTreeSet<String>,
    /// Pairs of rules that overlap: a path of the first is one of the second, too. With an example.
    overlaps: BTreeMap<String, String>,
    /// Everything else that does not come back.
    faults: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { methods, rules, paths, matched, rejected, left_out, duplicates, overlaps, faults } = self;
        write!(f, "{rules} rules of {methods} methods: {paths} paths, {matched} lead back, ")?;
        write!(f, "{rejected} are rejected locally; {} rules are left out, ", left_out.len())?;
        let (duplicate, overlapping) = (duplicates.len(), overlaps.len());
        write!(f, "{duplicate} duplicates, {overlapping} overlaps, {} faults", faults.len())?;
        left_out.iter().try_for_each(|rule| write!(f, "\n  left out: {rule}"))?;
        duplicates.iter().try_for_each(|rule| write!(f, "\n  duplicate: {rule}"))?;
        overlaps.iter().try_for_each(|(pair, path)| write!(f, "\n  overlap: {pair}: {path}"))?;
        faults.iter().try_for_each(|fault| write!(f, "\n  fault: {fault}"))
    }
}

/// Reads the rules and prints a report for each API. Fails if a path leads elsewhere, other than between duplicates that the generator
/// reports.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let (mut regen, input) = match (&arguments.proto_root, &arguments.descriptor_set) {
        (Some(root), _) => (Regen::new().proto_root(root), root),
        (None, Some(file)) => (Regen::new().descriptor_set(file), file),
        (None, None) => {
            return GOLDENS.iter().try_for_each(|golden| check(golden.folder, &golden.regen().api()?, false));
        }
    };
    for folder in &arguments.include {
        regen = regen.include(folder);
    }
    for option in &arguments.opt {
        regen = regen.option(option);
    }
    // A duplicate is a result here.
    let api = regen.option("crate_name=rules").option(format!("warn={}", Code::HttpDuplicateRoute)).api()?;
    check(&input.display().to_string(), &api, arguments.each_package)
}

fn check(name: &str, api: &Api, each_package: bool) -> Result<()> {
    let mut apis: BTreeMap<&str, Vec<&Package>> = BTreeMap::new();
    for package in &api.packages {
        let key = if each_package { package.name.as_str() } else { "" };
        apis.entry(key).or_default().push(package);
    }
    let mut report = Report::default();
    for packages in apis.values() {
        follow(packages, &mut report);
    }
    println!("{name}: {report}");
    if !report.faults.is_empty() || !report.overlaps.is_empty() {
        return Err(format!("{name}: rules do not lead back to their methods").into());
    }
    let reported = api.warnings.iter().filter(|problem| problem.code == Code::HttpDuplicateRoute).count();
    if report.duplicates.len() > reported {
        return Err(format!("{name}: the generator reports {reported} duplicates").into());
    }
    Ok(())
}

/// Follows all rules of some packages.
fn follow(packages: &[&Package], report: &mut Report) {
    let table = Table::new(packages);
    let routes = Routes::new(table.services);
    let verbs: BTreeSet<&str> = table.rules.iter().filter_map(|rule| rule.custom_verb()).collect();
    report.methods += table.methods;
    report.rules += table.rules.len() + table.left_out.len();
    report.left_out.extend(table.left_out.iter().cloned());
    for rule in &table.rules {
        for sample in samples::of(rule.model, &verbs) {
            follow_one(rule, &sample, &routes, &table, report);
        }
    }
}

fn follow_one(rule: &Rule<'_>, sample: &Sample, routes: &Routes, table: &Table<'_>, report: &mut Report) {
    let values: Vec<PathValue<'_>> = sample.values.iter().map(PathValue::from).collect();
    let mut built: Vec<String> = Vec::new();
    for encoding in [PathEncoding::Strict, PathEncoding::Relaxed] {
        let path = match rule.binding.path_with(&values, encoding) {
            Ok(path) if built.contains(&path) => continue,
            Ok(path) => path,
            Err(_) if sample.has_empty_rest && rule.model.needs_rest => {
                report.rejected += 1;
                return;
            }
            Err(error) => return report.faults.push(format!("{rule}: {error}")),
        };
        report.paths += 1;
        let verb = if rule.binding.verb() == "*" { "ANY" } else { rule.binding.verb() };
        match routes.find(verb, &path) {
            None => report.faults.push(format!("{rule}: {path} is not found")),
            Some(found) if std::ptr::eq(found.method, rule.method) => {
                let captured: Vec<_> =
                    found.captures().map(|(name, value)| (name, value.into_owned())).collect();
                if captured == rule.variables(sample) {
                    report.matched += 1;
                } else {
                    report.faults.push(format!("{rule}: {path} is read as {captured:?}"));
                }
            }
            Some(found) => {
                let method = found.method.full_name();
                let other = table.rules.iter().find(|other| std::ptr::eq(other.binding, found.binding));
                if other.is_some_and(|other| other.is_duplicate_of(rule)) {
                    report.duplicates.insert(format!("{rule} is the route of {method}"));
                } else {
                    let pair = format!("{rule} and {} of {method}", found.binding.template());
                    report.overlaps.entry(pair).or_insert_with(|| path.clone());
                }
            }
        }
        built.push(path);
    }
}
