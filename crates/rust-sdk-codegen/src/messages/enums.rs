//! Enums, and the table that gives them their functions.

use std::fmt::Write as _;

use rust_sdk_model::api::{Enum, Package};

use crate::tokens::Code;
use crate::tokens::Place;

/// An enum. An alias has no variant: only the table has its name.
pub(super) fn item(item: &Enum, place: &Place, code: &mut Code) {
    code.blank();
    code.docs(&place.docs(&item.docs));
    code.line(format_args!("#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]"));
    code.line(format_args!("#[repr(i32)]"));
    code.open(format_args!("pub enum {} {{", item.path.last().map_or("", String::as_str)));
    for value in item.values.iter().filter(|value| !value.is_alias) {
        code.docs(&place.docs(&value.docs));
        if value.deprecated {
            code.deprecated(&[&value.docs]);
        }
        code.line(format_args!("{} = {},", value.variant, value.number));
    }
    code.close();
}

/// The names of all enums of a package.
pub(super) fn table(package: &Package, place: &Place) -> String {
    let mut rows = String::new();
    for item in &package.enums {
        let aliases: Vec<String> = item
            .values
            .iter()
            .filter(|value| value.is_alias)
            .map(|value| format!("{:?} => {}", value.name, value.number))
            .collect();
        let _ = writeln!(
            rows,
            "    {} = {:?}, {:?}, [{}] {{",
            place.local(&item.path),
            item.full_name,
            item.prefix,
            aliases.join(", ")
        );
        for value in item.values.iter().filter(|value| !value.is_alias) {
            let _ = writeln!(rows, "        {} = {}, {:?};", value.variant, value.number, value.name);
        }
        rows.push_str("    }\n");
    }
    if rows.is_empty() { rows } else { format!("\n::rust_sdk_runtime::enums! {{\n{rows}}}\n") }
}
