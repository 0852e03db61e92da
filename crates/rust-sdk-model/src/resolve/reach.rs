//! Which files are compiled together.

use std::collections::{BTreeMap, BTreeSet};

use super::loaded::File;
use super::package_plan::PackagePlan;
use crate::options::Layout;

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
