//! The modules of a package with the functions of its messages. They are tables, which the runtime's macros expand.

mod docs;
mod getters;
mod masks;
mod oneofs;
mod setters;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rust_sdk_model::Api;
use rust_sdk_model::api::{Field, Package};

pub(crate) use self::docs::FunctionDocs;
pub(crate) use self::setters::parameter;
use crate::tokens::{HEADER, Place};

/// The text of each of these modules that the package needs, by the module's name.
pub(crate) fn generate<'a>(api: &Api, package: &'a Package) -> BTreeMap<&'a str, String> {
    let mut out = BTreeMap::new();
    if let Some(text) = accessors(api, package) {
        out.insert(package.accessor_module.as_str(), text);
    }
    if let Some(text) = masks::generate(api, package) {
        out.insert(package.mask_module.as_str(), text);
    }
    out
}

fn accessors(api: &Api, package: &Package) -> Option<String> {
    let place = Place::new(api, &package.module).child(&package.accessor_module);
    let mut rows = String::new();
    let mut body = String::new();
    for message in &package.messages {
        let functions = [setters::of(message, &place), getters::of(message, &place)].concat();
        if !functions.is_empty() {
            let _ = writeln!(rows, "    {}: {{\n{functions}    }}", place.local(&message.path));
        }
        oneofs::push(message, &place, &mut body);
    }
    if !rows.is_empty() {
        rows = format!("\n::rust_sdk_runtime::accessors! {{\n{rows}}}\n");
    }
    (!rows.is_empty() || !body.is_empty()).then(|| {
        format!(
            "{}//! Setters and getters of the messages of `{}`.\n\
             #![allow(\n    deprecated,\n    clippy::useless_conversion,\n    reason = \"one macro rule serves all fields of a kind\"\n)]\n{rows}{body}",
            HEADER,
            package.name,
        )
    })
}

/// An entry: a function's documentation, its name and what it does.
pub(crate) fn entry(docs: &str, function: &str, deprecated: bool, what: &str) -> String {
    let deprecated = if deprecated { "        #[deprecated]\n" } else { "" };
    format!("        /// {docs}\n{deprecated}        {function}({what})\n")
}

/// The path of a oneof's variant.
pub(crate) fn variant(field: &Field, place: &Place) -> Option<String> {
    field.oneof.as_ref().map(|oneof| format!("{}::{}", place.text(&oneof.rust), oneof.variant))
}
