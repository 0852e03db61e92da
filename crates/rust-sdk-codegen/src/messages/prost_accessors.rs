//! The functions that prost's derive gives to messages.

use std::fmt::Write as _;

use rust_sdk_model::api::{DefaultValue, Field, Kind, Package, Presence};

use super::defaults;
use crate::tokens::Place;
use crate::words::primitive;

/// The kinds of rows, in the order that the runtime's macro takes them.
const KINDS: [&str; 7] = ["text", "bytes", "number", "open", "option", "list", "map"];

/// The rows of all messages of a package.
pub(super) fn table(package: &Package, place: &Place) -> String {
    let mut out = String::new();
    for message in &package.messages {
        let rows = message.fields.iter().filter_map(|field| row(field, place));
        let mut rows: Vec<(&str, String)> = rows.collect();
        rows.sort_by_key(|row| KINDS.iter().position(|kind| *kind == row.0));
        if !rows.is_empty() {
            let rows: Vec<String> = rows.iter().map(|(kind, row)| format!("{kind} {row};")).collect();
            let _ = writeln!(out, "    {} {{ {} }}", place.local(&message.path), rows.join(" "));
        }
    }
    if out.is_empty() { out } else { format!("\n::rust_sdk_runtime::prost_accessors! {{\n{out}}}\n") }
}

/// The row of a field, after its kind.
fn row(field: &Field, place: &Place) -> Option<(&'static str, String)> {
    let functions = field.accessors.as_ref()?;
    let (name, get) = (&field.rust_name, &functions.get);
    let set = functions.set.as_deref().unwrap_or_default();
    Some(match &field.kind {
        Kind::Map(key, value) => {
            let item = place.text(&value.enumeration()?.rust);
            let (by, owned) = match **key {
                Kind::Scalar(key) => primitive(key)
                    .map_or(("&str => key".to_owned(), "::std::string::String"), |key| {
                        (format!("{key} => &key"), key)
                    }),
                _ => return None,
            };
            ("map", format!("{name} {get} {set}: key: {by}, {owned}, {item}"))
        }
        Kind::Enum(ty) => {
            let item = place.text(&ty.rust);
            let default = match &field.default {
                Some(DefaultValue::Variant(variant)) => variant.as_str(),
                _ => "default()",
            };
            match field.presence {
                Presence::Repeated | Presence::Packed => ("list", format!("{name} {set}: {item}")),
                Presence::Explicit => ("option", format!("{name} {set}: {item} = {item}::{default}")),
                Presence::Implicit | Presence::Required | Presence::Oneof(_) => {
                    ("open", format!("{name} {set}: {item} = {item}::{default}"))
                }
            }
        }
        Kind::Scalar("String") => ("text", format!("{name} = {}", scalar_default(field)?)),
        Kind::Scalar("Bytes") => ("bytes", format!("{name} = {}", scalar_default(field)?)),
        Kind::Scalar(kind) => {
            ("number", format!("{name}: {} = {}", primitive(kind)?, scalar_default(field)?))
        }
        Kind::Message(_) | Kind::Group(_) => return None,
    })
}

/// The default of a scalar as an expression: the one stated, or the type's.
fn scalar_default(field: &Field) -> Option<String> {
    let Kind::Scalar(kind) = field.kind else { return None };
    Some(match &field.default {
        Some(value) => defaults::expression(value)?,
        None => match kind {
            "String" => "\"\"",
            "Bytes" => "b\"\"",
            "Bool" => "false",
            "Float" | "Double" => "0.0",
            _ => "0",
        }
        .to_owned(),
    })
}
