//! How messages are encoded, compared and printed: the rows of the runtime's `fields!`.

use std::fmt::Write as _;

use rust_sdk_model::api::{Field, Kind, Package, Presence, RustType, TypeRef};

use super::debug;
use crate::tokens::Place;
use crate::words::unwrapped;

/// What the runtime knows the fields of, of what is not generated.
const KNOWN: [&str; 7] = ["Any", "Timestamp", "Duration", "FieldMask", "Struct", "Value", "ListValue"];

/// The code of messages of another crate.
const FOREIGN: u8 = 5;
/// What is added to a code for presence, and for lists that are not packed.
const FLAGGED: u8 = 8;
/// What is added for proto2's `required`.
const REQUIRED: u8 = 16;

/// The tables of all messages of a package.
pub(super) fn generate(package: &Package, place: &Place) -> String {
    let (mut plain, mut general) = (String::new(), String::new());
    for message in &package.messages {
        let is_plain = message.fields.iter().all(|field| field.oneof.is_none() && !is_foreign(&field.kind));
        let rows: Vec<String> = message.fields.iter().map(|field| row(field, is_plain, place)).collect();
        let (path, rows) = (place.local(&message.path), rows.join(" "));
        let _ = if is_plain {
            writeln!(plain, "    {path} {{ {rows} }}")
        } else {
            writeln!(general, "    {path} [ {rows} ]")
        };
    }
    let mut out = String::new();
    for rows in [plain, general].iter().filter(|rows| !rows.is_empty()) {
        let _ = write!(out, "\n::rust_sdk_runtime::fields! {{\n{rows}}}\n");
    }
    let eq = package.messages.iter().filter(|message| message.traits.eq);
    let eq: Vec<String> = eq.map(|message| place.local(&message.path)).collect();
    if !eq.is_empty() {
        let _ = write!(out, "\n::rust_sdk_runtime::eq! {{\n    {}\n}}\n", eq.join(", "));
    }
    out
}

fn row(field: &Field, is_plain: bool, place: &Place) -> String {
    let code = code(field);
    let code = if code < 16 { code.to_string() } else { format!("{code:#x}") };
    let shown = debug::how(field, place).map_or_else(String::new, |how| format!(" [{how}]"));
    let name = &field.rust_name;
    if is_plain {
        return format!("{} {code} {name}{shown}", field.number);
    }
    let shape = if is_foreign(&field.kind) { format!("{} in ", shape(field)) } else { String::new() };
    let variant = field.oneof.as_ref();
    let variant = variant.map(|step| format!(" {}::{}", place.text(&step.rust), step.variant));
    format!("{} {code} ({shape}{name}{}){shown}", field.number, variant.unwrap_or_default())
}

/// How a field holds messages of another crate.
fn shape(field: &Field) -> &'static str {
    match (&field.kind, field.presence) {
        (Kind::Map(..), _) => "map",
        (_, Presence::Oneof(_)) => "member",
        (_, Presence::Repeated | Presence::Packed) => "list",
        (_, Presence::Required) => "plain",
        (_, Presence::Implicit | Presence::Explicit) => "one",
    }
}

fn code(field: &Field) -> u8 {
    let code = kind_code(&field.kind);
    if is_foreign(&field.kind) {
        return code;
    }
    match field.presence {
        Presence::Explicit | Presence::Oneof(_) => code | FLAGGED,
        Presence::Required => code | FLAGGED | REQUIRED,
        Presence::Repeated if is_packable(&field.kind) => code | FLAGGED,
        Presence::Implicit | Presence::Repeated | Presence::Packed => code,
    }
}

fn kind_code(kind: &Kind) -> u8 {
    match kind {
        Kind::Scalar("Sint32" | "Sint64") => 1,
        Kind::Scalar("Fixed32" | "Fixed64" | "Sfixed32" | "Sfixed64") => 2,
        Kind::Message(ty) if is_foreign_type(ty) => FOREIGN,
        Kind::Group(ty) if is_foreign_type(ty) => FOREIGN | FLAGGED,
        Kind::Message(ty) if is_wrapper(ty) => 4,
        Kind::Group(_) => 3,
        Kind::Scalar(_) | Kind::Enum(_) | Kind::Message(_) => 0,
        Kind::Map(key, value) => (kind_code(key) << 4) | kind_code(value),
    }
}

fn is_packable(kind: &Kind) -> bool {
    match kind {
        Kind::Scalar(name) => !matches!(*name, "String" | "Bytes"),
        Kind::Enum(_) => true,
        Kind::Message(_) | Kind::Group(_) | Kind::Map(..) => false,
    }
}

fn is_foreign(kind: &Kind) -> bool {
    kind.message().is_some_and(is_foreign_type)
}

/// Whether this is a message of another crate that the runtime knows no fields of.
fn is_foreign_type(ty: &TypeRef) -> bool {
    match &ty.rust {
        RustType::Local(_) => false,
        RustType::Foreign(rust) => {
            let known = rust.strip_prefix("::prost_types::").is_some_and(|name| KNOWN.contains(&name));
            !known && unwrapped(rust).is_none()
        }
    }
}

/// Whether this is a message that is what it wraps in Rust. `google.protobuf.Empty` wraps nothing.
fn is_wrapper(ty: &TypeRef) -> bool {
    matches!(&ty.rust, RustType::Foreign(rust) if unwrapped(rust).is_some_and(|inner| inner != "()"))
}
