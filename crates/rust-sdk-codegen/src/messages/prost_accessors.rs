//! The functions that prost's derive gives to messages.

use rust_sdk_model::api::{DefaultValue, Field, Kind, Package, Presence};

use super::defaults;
use super::functions::FunctionDocs;
use super::types::primitive;
use crate::tokens::Code;
use crate::tokens::Place;

/// The groups of entries, in the order that the runtime's macro takes them.
const GROUPS: [&str; 7] = ["text", "bytes", "number", "open", "option", "list", "map"];

/// The entries of all messages of a package.
pub(super) fn table(package: &Package, place: &Place) -> String {
    let mut code = Code::default();
    for message in &package.messages {
        let entries: Vec<Entry> = message.fields.iter().filter_map(|field| entry(field, place)).collect();
        if entries.is_empty() {
            continue;
        }
        code.open(format_args!("{}: {{", place.local(&message.path)));
        for group in GROUPS {
            let mut entries = entries.iter().filter(|entry| entry.group == group).peekable();
            if entries.peek().is_none() {
                continue;
            }
            code.open(format_args!("{group} {{"));
            for entry in entries {
                for (index, (docs, function)) in entry.functions.iter().enumerate() {
                    let end = if index + 1 == entry.functions.len() { ";" } else { "" };
                    code.line(format_args!("/// {docs}"));
                    code.line(format_args!("{function}{end}"));
                }
            }
            code.close();
        }
        code.close();
    }
    code.within("\n::rust_sdk_runtime::prost_accessors!")
}

/// A field's functions.
struct Entry {
    group: &'static str,
    /// The documentation of each function, and its part of the entry.
    functions: Vec<(String, String)>,
}

fn entry(field: &Field, place: &Place) -> Option<Entry> {
    let functions = field.accessors.as_ref()?;
    let docs = FunctionDocs::of_message(place);
    let (name, get) = (&field.rust_name, &functions.get);
    let set = functions.set.as_deref().unwrap_or_default();
    let one = |group, what: String, default: &str| Entry {
        group,
        functions: vec![(docs.or_default(field, default), format!("{what} = {default}"))],
    };
    let both = |group, get_docs, get: String, set_docs, set: String| Entry {
        group,
        functions: vec![(get_docs, get), (set_docs, set)],
    };
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
            let insert = format!("{set}: key: {by}, {owned}, {item}");
            both("map", docs.map_get(field), format!("{name} {get}"), docs.map_insert(field), insert)
        }
        Kind::Enum(ty) => {
            let item = place.text(&ty.rust);
            let default = match &field.default {
                Some(DefaultValue::Variant(variant)) => variant.as_str(),
                _ => "default()",
            };
            if field.presence.is_repeated() {
                return Some(both(
                    "list",
                    docs.list(field),
                    name.clone(),
                    docs.push(field),
                    format!("{set}: {item}"),
                ));
            }
            let unset = field.presence == Presence::Explicit;
            let group = if unset { "option" } else { "open" };
            let shown = format!("{}::{default}", item.rsplit("::").next().unwrap_or(&item));
            let set = format!("{set}: {item} = {item}::{default}");
            both(group, docs.known(field, unset, &shown), name.clone(), docs.setter(field), set)
        }
        Kind::Scalar("String") => one("text", name.clone(), &scalar_default(field)?),
        Kind::Scalar("Bytes") => one("bytes", name.clone(), &scalar_default(field)?),
        Kind::Scalar(kind) => one("number", format!("{name}: {}", primitive(kind)?), &scalar_default(field)?),
        Kind::Message(_) | Kind::Group(_) => return None,
    })
}

/// The default of a scalar as an expression: the stated default, or the type's.
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
