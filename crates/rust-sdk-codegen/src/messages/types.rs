//! Rust types as text.

use std::collections::BTreeSet;

use rust_sdk_model::api::{Field, Kind, Oneof, Package, Presence, RustType, TypeRef};

use crate::tokens::Place;

/// How the standard library's types are written: by their names alone, unless the package has types of these names.
pub(crate) struct Prelude {
    option: &'static str,
    string: &'static str,
    vec: &'static str,
    boxed: &'static str,
}

impl Prelude {
    pub(crate) fn new(package: &Package) -> Self {
        let last = |path: &'_ [String]| path.last().cloned();
        let messages = package.messages.iter().flat_map(|message| {
            let oneofs = message.oneofs.iter().filter_map(|oneof| match &oneof.rust {
                RustType::Local(path) => last(path),
                RustType::Foreign(_) => None,
            });
            last(&message.path).into_iter().chain(oneofs)
        });
        let enums = package.enums.iter().filter_map(|item| last(&item.path));
        let services = package
            .services
            .iter()
            .flat_map(|service| [service.marker.clone(), service.client.clone(), service.stub.clone()]);
        let taken: BTreeSet<String> = messages.chain(enums).chain(services).collect();
        let choose = |name: &'static str, whole| if taken.contains(name) { whole } else { name };
        Self {
            option: choose("Option", "::core::option::Option"),
            string: choose("String", "::std::string::String"),
            vec: choose("Vec", "::std::vec::Vec"),
            boxed: choose("Box", "::std::boxed::Box"),
        }
    }

    /// The type of a field of a struct.
    pub(crate) fn field(&self, field: &Field, place: &Place) -> String {
        let value = self.member(field, place);
        match field.presence {
            _ if matches!(field.kind, Kind::Map(..)) => value,
            Presence::Implicit | Presence::Required | Presence::Oneof(_) => value,
            Presence::Explicit => format!("{}<{value}>", self.option),
            Presence::Repeated | Presence::Packed => format!("{}<{value}>", self.vec),
        }
    }

    /// The type that a oneof's variant holds.
    pub(crate) fn member(&self, field: &Field, place: &Place) -> String {
        let value = self.kind(&field.kind, place);
        if field.boxed { format!("{}<{value}>", self.boxed) } else { value }
    }

    /// The type of a field that holds a oneof.
    pub(crate) fn oneof(&self, oneof: &Oneof, place: &Place) -> String {
        format!("{}<{}>", self.option, place.text(&oneof.rust))
    }

    fn kind(&self, kind: &Kind, place: &Place) -> String {
        match kind {
            Kind::Scalar("String") => self.string.to_owned(),
            Kind::Scalar("Bytes") => format!("{}<u8>", self.vec),
            Kind::Scalar(name) => primitive(name).unwrap_or(name).to_owned(),
            // Numbers, so that values which this version does not know are kept.
            Kind::Enum(_) => "i32".to_owned(),
            Kind::Message(ty) | Kind::Group(ty) => self.message(ty, place),
            Kind::Map(key, value) => format!(
                "::std::collections::BTreeMap<{}, {}>",
                self.kind(key, place),
                self.kind(value, place)
            ),
        }
    }

    fn message(&self, ty: &TypeRef, place: &Place) -> String {
        match &ty.rust {
            RustType::Foreign(rust) => match unwrapped(rust) {
                Some("String") => self.string.to_owned(),
                Some("Vec<u8>") => format!("{}<u8>", self.vec),
                _ => rust.clone(),
            },
            RustType::Local(path) => place.local(path),
        }
    }
}

/// The Rust type of a scalar by the name of its kind; `None` for types that are not `Copy`.
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

/// The Rust type of a message that is no struct in Rust: a wrapper is the wrapped value. `None` for other messages.
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
