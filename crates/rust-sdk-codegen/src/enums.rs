//! Enums by name: a row for each, which a macro of the runtime makes `Display` and `FromStr` of.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rust_sdk_model::api::{Enum, Package};

use crate::tokens::Place;

/// Appends the enums of a package.
pub(crate) fn push(package: &Package, place: &Place, out: &mut String) {
    if package.enums.is_empty() {
        return;
    }
    out.push_str("\n::rust_sdk_runtime::enums! {\n");
    for item in &package.enums {
        let (ty, aliases) = (place.local(&item.path), aliases(item).join(", "));
        let _ = writeln!(out, "    {ty} = {:?}, {:?}, [{aliases}];", item.full_name, item.prefix);
    }
    out.push_str("}\n");
}

/// The names that prost leaves out, since their numbers have one.
fn aliases(item: &Enum) -> Vec<String> {
    let mut numbers = BTreeSet::new();
    let further = item.values.iter().filter(|(number, _)| !numbers.insert(*number));
    further.map(|(number, name)| format!("{name:?} => {number}")).collect()
}
