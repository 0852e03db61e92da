//! What `Debug` prints otherwise than a derive would: enums are numbers in Rust and are printed by their names, and `debug_redact`
//! fields are not printed. Messages have it in their rows, oneofs in rows of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rust_sdk_model::api::{Field, Kind, Message, OneofStep, Package, RustType};

use crate::tokens::Place;

/// What a package's types print otherwise than a derive would, by their paths within the package's module.
#[derive(Default)]
pub(crate) struct Shown {
    /// Of messages: what stands for the fields of these numbers.
    pub(crate) fields: BTreeMap<Vec<String>, BTreeMap<u32, String>>,
    /// Oneofs with a `Debug` of their own.
    pub(crate) oneofs: BTreeSet<Vec<String>>,
}

/// What is printed otherwise. Appends the `Debug`s of oneofs.
pub(crate) fn push(package: &Package, place: &Place, out: &mut String) -> Shown {
    let depth = package.module.len();
    let mut shown = Shown::default();
    let mut enums = String::new();
    for message in &package.messages {
        let special = message.fields.iter().filter(|field| is_special(field));
        let fields = special.clone().filter_map(|field| Some((field.number, how(field, place)?))).collect();
        shown.fields.insert(message.path[depth..].to_vec(), fields);
        for oneof in special.filter_map(|field| field.oneof.as_ref()) {
            if let RustType::Local(path) = &oneof.rust
                && shown.oneofs.insert(path[depth..].to_vec())
            {
                let _ = writeln!(enums, "    {} {{ {}}}", place.local(path), variants(message, oneof, place));
            }
        }
    }
    if !enums.is_empty() {
        let _ = write!(out, "\n::rust_sdk_runtime::debug_oneofs! {{\n{enums}}}\n");
    }
    shown
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

fn variants(message: &Message, oneof: &OneofStep, place: &Place) -> String {
    let mut out = String::new();
    for field in &message.fields {
        if let Some(step) = field.oneof.as_ref().filter(|step| step.name == oneof.name) {
            let how = how(field, place).map_or_else(String::new, |how| format!("({how})"));
            let _ = write!(out, "{}{how} ", step.variant);
        }
    }
    out
}

fn how(field: &Field, place: &Place) -> Option<String> {
    if field.redacted {
        return Some("redacted".to_owned());
    }
    enum_of(&field.kind).map(|ty| place.text(ty))
}
