//! `with_…` for every field of the messages that requests are made of.

use rust_sdk_model::api::{Field, Kind, Message, Oneof, Presence, RustType, TypeRef};

use crate::accessors::{head, primitive, unwrapped, variant};
use crate::tokens::Place;

/// The setters of a message.
pub(crate) fn of(message: &Message, place: &Place) -> Vec<String> {
    if !message.uses.input {
        return Vec::new();
    }
    let fields = message.fields.iter().map(|field| setter(field, place));
    fields.chain(message.oneofs.iter().map(|oneof| oneof_setter(oneof, place))).collect()
}

/// What a function takes, and whether that is converted.
struct Param {
    ty: String,
    into: bool,
}

impl Param {
    fn plain(ty: impl Into<String>) -> Self {
        Self { ty: ty.into(), into: false }
    }

    /// Whatever can be made into the type.
    fn any(ty: &str) -> Self {
        Self { ty: format!("impl Into<{ty}>"), into: true }
    }

    fn value<'a>(&self, name: &'a str, converted: &'a str) -> &'a str {
        if self.into { converted } else { name }
    }
}

fn setter(field: &Field, place: &Place) -> String {
    let (ty, value) = if let (Some(resource), Presence::Explicit) = (&field.mask_of, field.presence) {
        let ty = format!("impl Into<rt::Mask<{}>>", place.text(&resource.rust));
        (ty, "Some(rt::Mask::into(value.into()))".to_owned())
    } else {
        value(field, place)
    };
    function(
        &field.setter,
        &field.rust_name,
        &ty,
        &value,
        &head(&field.summary, || sets(&field.name), field.deprecated),
    )
}

fn oneof_setter(oneof: &Oneof, place: &Place) -> String {
    let ty = format!("impl Into<{}>", place.text(&oneof.rust));
    let head = head(&oneof.summary, || sets(&oneof.name), false);
    function(&oneof.setter, &oneof.name, &ty, "Some(value.into())", &head)
}

fn sets(name: &str) -> String {
    format!("Sets `{name}`.")
}

fn function(name: &str, field: &str, ty: &str, value: &str, head: &str) -> String {
    format!(
        "{head}    #[must_use]\n    pub fn {name}(mut self, value: {ty}) -> Self {{\n        self.{field} = {value};\n        self\n    }}\n"
    )
}

/// The type of a setter's argument, and what the field is set to.
fn value(field: &Field, place: &Place) -> (String, String) {
    if let Kind::Map(key, value) = &field.kind {
        return pairs(&param(key, place), &param(value, place));
    }
    let param = param(&field.kind, place);
    let value = param.value("value", "value.into()");
    match field.presence {
        Presence::Implicit | Presence::Required => (param.ty, value.to_owned()),
        Presence::Explicit => (param.ty, format!("Some({value})")),
        Presence::Oneof(_) => {
            let variant = variant(field, place).unwrap_or_default();
            (param.ty, format!("Some({variant}({value}))"))
        }
        Presence::Repeated | Presence::Packed => {
            // A list holds its messages themselves, so they need no conversion.
            let is_message =
                matches!(&field.kind, Kind::Message(ty) | Kind::Group(ty) if ty.local().is_some());
            let map = if param.into && !is_message { ".map(Into::into)" } else { "" };
            (format!("impl IntoIterator<Item = {}>", param.ty), format!("value.into_iter(){map}.collect()"))
        }
    }
}

fn pairs(key: &Param, value: &Param) -> (String, String) {
    let ty = format!("impl IntoIterator<Item = ({}, {})>", key.ty, value.ty);
    let map = if key.into || value.into {
        let (key, value) = (key.value("key", "key.into()"), value.value("value", "value.into()"));
        format!(".map(|(key, value)| ({key}, {value}))")
    } else {
        String::new()
    };
    (ty, format!("value.into_iter(){map}.collect()"))
}

/// One value of a kind.
fn param(kind: &Kind, place: &Place) -> Param {
    match kind {
        Kind::Scalar("String") => Param::any("String"),
        Kind::Scalar("Bytes") => Param::any("Vec<u8>"),
        Kind::Scalar(name) => Param::plain(primitive(name).unwrap_or(name)),
        // The type itself: what it is in the message is a number.
        Kind::Enum(ty) => Param { ty: place.text(&ty.rust), into: true },
        Kind::Message(ty) | Kind::Group(ty) => message(ty, place),
        // No map holds another.
        Kind::Map(..) => Param::plain("()"),
    }
}

fn message(ty: &TypeRef, place: &Place) -> Param {
    match &ty.rust {
        // Within itself it is in a box.
        RustType::Local(_) => Param { ty: place.text(&ty.rust), into: true },
        RustType::Foreign(rust) => match unwrapped(rust) {
            Some(text @ ("String" | "Vec<u8>")) => Param::any(text),
            Some(copied) => Param::plain(copied),
            None => Param::any(rust),
        },
    }
}
