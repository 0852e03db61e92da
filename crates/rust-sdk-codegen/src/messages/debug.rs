//! What `Debug` prints otherwise than a derive would: enums are numbers in Rust and are printed by their names, and `debug_redact`
//! fields are not printed. Messages have it in their rows, oneofs in rows of their own.

use std::fmt::Write as _;

use rust_sdk_model::api::{Field, Message, Oneof, Package};

use crate::tokens::Place;

/// The `Debug`s of oneofs.
pub(super) fn oneofs(package: &Package, place: &Place) -> String {
    let mut rows = String::new();
    for message in &package.messages {
        for oneof in &message.oneofs {
            if oneof.members.iter().any(|at| is_special(&message.fields[*at])) {
                let variants = variants(message, oneof, place);
                let _ = writeln!(rows, "    {} {{ {variants}}}", place.text(&oneof.rust));
            }
        }
    }
    if rows.is_empty() { rows } else { format!("\n::rust_sdk_runtime::debug_oneofs! {{\n{rows}}}\n") }
}

/// Whether a derive would print too much of a field, or too little.
pub(super) fn is_special(field: &Field) -> bool {
    field.redacted || field.kind.enumeration().is_some()
}

fn variants(message: &Message, oneof: &Oneof, place: &Place) -> String {
    let mut out = String::new();
    for field in oneof.members.iter().map(|at| &message.fields[*at]) {
        if let Some(step) = &field.oneof {
            let how = how(field, place).map_or_else(String::new, |how| format!("({how})"));
            let _ = write!(out, "{}{how} ", step.variant);
        }
    }
    out
}

/// What stands for a field where it is printed.
pub(super) fn how(field: &Field, place: &Place) -> Option<String> {
    if field.redacted {
        return Some("redacted".to_owned());
    }
    field.kind.enumeration().map(|ty| place.text(&ty.rust))
}
