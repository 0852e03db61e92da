//! The modules of a package that give its messages and enums functions. Tables, which the runtime's macros make
//! functions of.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rust_sdk_model::Api;
use rust_sdk_model::api::{Field, Package};

use crate::tokens::Place;
use crate::{enums, format, getters, masks, oneofs, setters};

/// The text of each such module that the package needs, by the module's name.
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
            let _ = writeln!(rows, "    {} {{\n{functions}    }}", place.local(&message.path));
        }
        oneofs::push(message, &place, &mut body);
    }
    enums::push(package, &place, &mut body);
    if !rows.is_empty() {
        rows = format!("\n::rust_sdk_runtime::accessors! {{\n{rows}}}\n");
    }
    (!rows.is_empty() || !body.is_empty()).then(|| {
        format!(
            "{}//! Setters and getters of the messages of `{}`.\n\
             #![allow(deprecated, clippy::useless_conversion, reason = \"they fit every field of their kind\")]\n{rows}{body}",
            format::HEADER,
            package.name,
        )
    })
}

/// A row: what a function does.
pub(crate) fn row(function: &str, deprecated: bool, what: &str) -> String {
    let deprecated = if deprecated { "#[deprecated] " } else { "" };
    format!("        {deprecated}{function}({what})\n")
}

/// The path of a oneof's variant.
pub(crate) fn variant(field: &Field, place: &Place) -> Option<String> {
    field.oneof.as_ref().map(|oneof| format!("{}::{}", place.text(&oneof.rust), oneof.variant))
}

/// The Rust type of a scalar by the name of its kind, where it is one that is copied.
pub(crate) fn primitive(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "Double" => "f64",
        "Float" => "f32",
        "Int32" | "Sint32" | "Sfixed32" => "i32",
        "Int64" | "Sint64" | "Sfixed64" => "i64",
        "Uint32" | "Fixed32" => "u32",
        "Uint64" | "Fixed64" => "u64",
        "Bool" => "bool",
        _ => return None,
    })
}

/// What the type of a foreign message is, if it is none: the wrappers are what they wrap.
pub(crate) fn unwrapped(rust: &str) -> Option<&'static str> {
    match rust {
        "bool" => Some("bool"),
        "f64" => Some("f64"),
        "f32" => Some("f32"),
        "i32" => Some("i32"),
        "i64" => Some("i64"),
        "u32" => Some("u32"),
        "u64" => Some("u64"),
        "()" => Some("()"),
        "::prost::alloc::string::String" => Some("String"),
        "::prost::alloc::vec::Vec<u8>" => Some("Vec<u8>"),
        _ => None,
    }
}
