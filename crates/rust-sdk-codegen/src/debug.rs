//! `Debug` for messages that a derived one would print wrongly: enums are numbers in Rust and are printed by their names, and
//! `debug_redact` fields are not printed.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rust_sdk_model::api::{Field, Kind, Message, OneofStep, Package, RustType};

use crate::tokens::Place;

/// Appends the `Debug`s of a package, and gives the paths of their types within the package's module.
pub(crate) fn push(package: &Package, place: &Place, out: &mut String) -> BTreeSet<Vec<String>> {
    let depth = package.module.len();
    let mut own = BTreeSet::new();
    let (mut structs, mut enums) = (String::new(), String::new());
    for message in &package.messages {
        if message.fields.iter().any(|field| field.oneof.is_none() && is_special(field)) {
            own.insert(message.path[depth..].to_vec());
            let _ = writeln!(structs, "    {} {{ {}}}", place.local(&message.path), fields(message, place));
        }
        let mut done: Vec<&OneofStep> = Vec::new();
        for oneof in
            message.fields.iter().filter(|field| is_special(field)).filter_map(|field| field.oneof.as_ref())
        {
            if done.iter().any(|other| other.name == oneof.name) {
                continue;
            }
            done.push(oneof);
            if let RustType::Local(path) = &oneof.rust {
                own.insert(path[depth..].to_vec());
                let _ = writeln!(enums, "    {} {{ {}}}", place.local(path), variants(message, oneof, place));
            }
        }
    }
    for (name, rows) in [("debug", structs), ("debug_oneofs", enums)] {
        if !rows.is_empty() {
            let _ = write!(out, "\n::rust_sdk_runtime::{name}! {{\n{rows}}}\n");
        }
    }
    own
}

fn is_special(field: &Field) -> bool {
    field.redacted || enum_of(&field.kind).is_some()
}

fn enum_of(kind: &Kind) -> Option<&RustType> {
    match kind {
        Kind::Enum(ty) => Some(&ty.rust),
        Kind::Map(_, value) => enum_of(value),
        Kind::Scalar(_) | Kind::Message(_) | Kind::Group(_) => None,
    }
}

/// The fields in the order of the struct's: oneofs come last.
fn fields(message: &Message, place: &Place) -> String {
    let mut out = String::new();
    let mut oneofs: Vec<&str> = Vec::new();
    for field in &message.fields {
        if let Some(oneof) = &field.oneof {
            if !oneofs.contains(&oneof.name.as_str()) {
                oneofs.push(&oneof.name);
            }
        } else {
            let _ = write!(out, "{}{} ", field.rust_name, how(field, place));
        }
    }
    for oneof in oneofs {
        let _ = write!(out, "{oneof} ");
    }
    out
}

fn variants(message: &Message, oneof: &OneofStep, place: &Place) -> String {
    let mut out = String::new();
    for field in &message.fields {
        if let Some(step) = field.oneof.as_ref().filter(|step| step.name == oneof.name) {
            let _ = write!(out, "{}{} ", step.variant, how(field, place));
        }
    }
    out
}

fn how(field: &Field, place: &Place) -> String {
    match enum_of(&field.kind) {
        _ if field.redacted => "(redacted)".to_owned(),
        Some(ty) => format!("({})", place.text(ty)),
        None => String::new(),
    }
}
