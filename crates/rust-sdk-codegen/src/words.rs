//! Words: of rows that the runtime's macros make functions of, and of documentation.

use rust_sdk_model::api::Field;
use rust_sdk_model::text::code;

use crate::tokens::Place;

/// An entry: a function's documentation, its name and what it does.
pub(crate) fn entry(docs: &str, function: &str, deprecated: bool, what: &str) -> String {
    let deprecated = if deprecated { "        #[deprecated]\n" } else { "" };
    format!("        /// {docs}\n{deprecated}        {function}({what})\n")
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

/// A version in Markdown. An API may state any text as its version.
pub(crate) fn version(text: &str) -> String {
    let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'));
    if is_plain { text.to_owned() } else { code(text) }
}

/// `The services A, B and C.`; `None` of none.
pub(crate) fn named(one: &str, many: &str, names: &[String], most: usize) -> Option<String> {
    Some(match names {
        [] => return None,
        [name] => format!("The {one} {name}."),
        names if names.len() > most => {
            format!("The {many} {} and {} more.", names[..most].join(", "), names.len() - most)
        }
        [before @ .., last] => format!("The {many} {} and {last}.", before.join(", ")),
    })
}
