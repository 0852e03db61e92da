//! The tables of messages and oneofs: the entries of the runtime's `messages!` and `oneofs!`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rust_sdk_model::Api;
use rust_sdk_model::api::{Field, Kind, Package, Presence, RustType, TypeRef};
use rust_sdk_model::naming;

use super::any_types;
use super::types::unwrapped;
use crate::tokens::Place;

/// The tables of all messages of a package.
pub(super) fn messages(api: &Api, package: &Package, holders: &BTreeSet<&str>, place: &Place) -> String {
    if package.messages.is_empty() {
        return String::new();
    }
    let mut out = format!(
        "\n::rust_sdk_runtime::messages! {{\n    #[doc(hidden)]\n    pub const {};\n",
        any_types::MESSAGES
    );
    for message in &package.messages {
        let path = place.local(&message.path);
        let eq = if message.traits.eq { ": Eq" } else { "" };
        let any = if holders.contains(message.full_name.as_str()) {
            format!(", any {}", any_types::path(place))
        } else {
            String::new()
        };
        let _ = write!(out, "\n    {path}{eq}{any} = {:?} {{", message.full_name);
        block(&mut out, message.fields.iter().map(|field| entry(field, api, place)));
    }
    out.push_str("}\n");
    out
}

/// The tables of all oneofs of a package.
pub(super) fn oneofs(api: &Api, package: &Package, place: &Place) -> String {
    let mut out = String::new();
    for message in &package.messages {
        for oneof in &message.oneofs {
            out.push_str(if out.is_empty() { "\n::rust_sdk_runtime::oneofs! {\n" } else { "\n" });
            let _ = write!(out, "    {}: {{", place.text(&oneof.rust));
            let members = oneof.members.iter().map(|at| &message.fields[*at]);
            block(&mut out, members.filter_map(|field| member(field, api, place)));
        }
    }
    if !out.is_empty() {
        out.push_str("}\n");
    }
    out
}

/// Prints the entries, a line each, and the closing brace.
fn block(out: &mut String, entries: impl Iterator<Item = String>) {
    let start = out.len();
    for entry in entries {
        let _ = write!(out, "\n        {entry},");
    }
    out.push_str(if out.len() > start { "\n    }\n" } else { "}\n" });
}

/// An entry of `messages!`.
fn entry(field: &Field, api: &Api, place: &Place) -> String {
    let mut out = format!("{} {}", field.number, presence(field));
    let value = match &field.kind {
        Kind::Map(key, value) => {
            let _ = write!(out, "({})", scalar(key));
            value
        }
        kind => kind,
    };
    let _ = write!(out, " {} {}", kind(value, api, place), field.rust_name);
    if let Some(step) = &field.oneof {
        let _ = write!(out, "::{}", step.variant);
    }
    out.push_str(&message_type(value, place));
    if field.oneof.is_some() || field.rust_name != field.name {
        let _ = write!(out, " = {:?}", field.name);
    }
    if field.json_name != naming::json_name(&field.name) {
        let _ = write!(out, " => {:?}", field.json_name);
    }
    out.push_str(redacted(field));
    out
}

/// An entry of `oneofs!`.
fn member(field: &Field, api: &Api, place: &Place) -> Option<String> {
    let step = field.oneof.as_ref()?;
    let (kind, ty) = (kind(&field.kind, api, place), message_type(&field.kind, place));
    Some(format!("{} {kind} {}{ty}{}", field.number, step.variant, redacted(field)))
}

fn redacted(field: &Field) -> &'static str {
    if field.redacted { " as redacted" } else { "" }
}

fn presence(field: &Field) -> &'static str {
    match field.presence {
        _ if matches!(field.kind, Kind::Map(..)) => "map",
        Presence::Implicit => "singular",
        Presence::Explicit => "optional",
        Presence::Required => "required",
        Presence::Oneof(_) => "oneof",
        Presence::Repeated => "repeated",
        Presence::Packed => "packed",
    }
}

/// The macro's word for a kind, with the type of an enum. Without JSON, messages of other crates are opaque.
fn kind(kind: &Kind, api: &Api, place: &Place) -> String {
    let is_opaque = !api.options.json;
    match kind {
        Kind::Enum(ty) => format!("enumeration({})", place.text(&ty.rust)),
        Kind::Message(ty) if is_foreign(ty) => if is_opaque { "opaque" } else { "foreign" }.to_owned(),
        Kind::Group(ty) if is_foreign(ty) => {
            if is_opaque { "opaque_group" } else { "foreign_group" }.to_owned()
        }
        Kind::Message(ty) if is_wrapper(ty) => "wrapper".to_owned(),
        Kind::Message(_) => "message".to_owned(),
        Kind::Group(_) => "group".to_owned(),
        kind => scalar(kind),
    }
}

/// A scalar's name in `.proto` files.
fn scalar(kind: &Kind) -> String {
    match kind {
        Kind::Scalar(name) => name.to_lowercase(),
        _ => String::new(),
    }
}

/// The Rust type of a message.
fn message_type(kind: &Kind, place: &Place) -> String {
    match kind {
        Kind::Message(ty) | Kind::Group(ty) => match &ty.rust {
            RustType::Foreign(rust) if is_wrapper(ty) => match unwrapped(rust) {
                // The package may have types of these names.
                Some("String") => ": ::std::string::String".to_owned(),
                Some("Vec<u8>") => ": ::std::vec::Vec<u8>".to_owned(),
                other => format!(": {}", other.unwrap_or_default()),
            },
            rust => format!(": {}", place.text(rust)),
        },
        Kind::Scalar(_) | Kind::Enum(_) | Kind::Map(..) => String::new(),
    }
}

/// Whether this is a message of another crate whose fields the runtime does not know.
fn is_foreign(ty: &TypeRef) -> bool {
    match &ty.rust {
        RustType::Local(_) => false,
        RustType::Foreign(rust) => !rust.starts_with("::prost_types::") && unwrapped(rust).is_none(),
    }
}

/// Whether this is a wrapper, whose Rust type is the wrapped value. `google.protobuf.Empty` wraps nothing.
fn is_wrapper(ty: &TypeRef) -> bool {
    matches!(&ty.rust, RustType::Foreign(rust) if unwrapped(rust).is_some_and(|inner| inner != "()"))
}
