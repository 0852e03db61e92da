//! The packages as a tree of modules.

use std::collections::{BTreeMap, BTreeSet};

use rust_sdk_model::Api;
use rust_sdk_model::api::Package;

use super::docs;
use crate::tokens::Code;

/// A module: a package, a parent of packages, or both.
#[derive(Default)]
pub(crate) struct Tree<'a> {
    package: Option<&'a Package>,
    children: BTreeMap<&'a str, Tree<'a>>,
}

impl<'a> Tree<'a> {
    pub(crate) fn new(api: &'a Api) -> Self {
        let mut root = Self::default();
        for package in &api.packages {
            let mut node = &mut root;
            for part in &package.module {
                node = node.children.entry(part).or_default();
            }
            node.package = Some(package);
        }
        root
    }

    /// Appends the declarations of this module's children. A package has a file; a module that only contains packages is written out.
    pub(crate) fn declare(&self, api: &Api, code: &mut Code) {
        for (name, child) in &self.children {
            code.blank();
            if let Some(package) = child.package {
                code.package_gate(&api.options, package);
                code.line(format_args!("pub mod {name};"));
                continue;
            }
            let packages = child.packages();
            code.docs(&[docs::summary_of_all(&packages)]);
            // If a package has no gate, the module has none.
            let gates: Option<BTreeSet<String>> =
                packages.iter().map(|package| package.gate.clone()).collect();
            code.any_gate(&api.options, &gates.unwrap_or_default().into_iter().collect::<Vec<_>>());
            code.open(format_args!("pub mod {name} {{"));
            child.declare(api, code);
            code.close();
        }
    }

    /// The packages in and below this module, shortest paths first.
    fn packages(&self) -> Vec<&'a Package> {
        let mut packages: Vec<&Package> =
            self.package.into_iter().chain(self.children.values().flat_map(Self::packages)).collect();
        packages.sort_by_key(|package| package.module.len());
        packages
    }

    /// Appends the declarations that a package's own file needs for the packages below it.
    pub(crate) fn below(&self, api: &Api, module: &[String], code: &mut Code) {
        let mut node = self;
        for part in module {
            match node.children.get(part.as_str()) {
                Some(child) => node = child,
                None => return,
            }
        }
        node.declare(api, code);
    }
}
