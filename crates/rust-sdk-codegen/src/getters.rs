//! Getters, where they say more than the field: required messages, members of oneofs, and enums that may be newer.

use rust_sdk_model::api::{Field, Kind, Message, Presence, RustType};

use crate::accessors::{head, primitive, unwrapped, variant};
use crate::tokens::Place;

/// The getters of a message that responses are made of.
pub(crate) fn of(message: &Message, place: &Place) -> Vec<String> {
    if !message.uses.output {
        return Vec::new();
    }
    let mut out = Vec::new();
    for field in &message.fields {
        let Some(getter) = &field.getter else { continue };
        let (ty, value) = match &field.kind {
            _ if field.oneof.is_some() => member(field, place),
            Kind::Enum(_) => open(field, place),
            _ => required(message, field, place),
        };
        out.push(function(field, getter, "&self", &ty, &value));
        if let Some(taker) = field.taker.as_ref().filter(|_| message.uses.response) {
            let ty = format!("Result<{}, rt::MissingField>", text(field, place));
            let value = format!("self.{}.ok_or({})", field.rust_name, missing(message, field));
            out.push(function(field, taker, "self", &ty, &value));
        }
    }
    out
}

fn function(field: &Field, name: &str, this: &str, ty: &str, value: &str) -> String {
    let head = head(&field.summary, || format!("The field `{}`.", field.name), field.deprecated);
    format!("{head}    pub fn {name}({this}) -> {ty} {{\n        {value}\n    }}\n")
}

/// The type of a field's value.
fn text(field: &Field, place: &Place) -> String {
    match &field.kind {
        Kind::Enum(ty) | Kind::Message(ty) | Kind::Group(ty) => place.text(&ty.rust),
        Kind::Scalar(_) | Kind::Map(..) => String::new(),
    }
}

fn missing(message: &Message, field: &Field) -> String {
    format!("rt::MissingField::new(\"{}.{}\")", message.full_name, field.name)
}

fn required(message: &Message, field: &Field, place: &Place) -> (String, String) {
    let ty = format!("Result<&{}, rt::MissingField>", text(field, place));
    // As a match it does for a message in a box, too.
    let value = format!(
        "match &self.{} {{\n            Some(value) => Ok(value),\n            None => Err({}),\n        }}",
        field.rust_name,
        missing(message, field),
    );
    (ty, value)
}

fn open(field: &Field, place: &Place) -> (String, String) {
    let ty = format!("rt::OpenEnum<{}>", text(field, place));
    let name = &field.rust_name;
    match field.presence {
        Presence::Explicit => (format!("Option<{ty}>"), format!("self.{name}.map(Into::into)")),
        Presence::Repeated | Presence::Packed => (
            format!("impl Iterator<Item = {ty}> + '_"),
            format!("self.{name}.iter().map(|value| (*value).into())"),
        ),
        Presence::Implicit | Presence::Required | Presence::Oneof(_) => (ty, format!("self.{name}.into()")),
    }
}

fn member(field: &Field, place: &Place) -> (String, String) {
    let copied = |ty: &str| (ty.to_owned(), "*value");
    let borrowed = |ty: &str| (format!("&{ty}"), "value");
    let (ty, value) = match &field.kind {
        Kind::Scalar("String") => borrowed("str"),
        Kind::Scalar("Bytes") => borrowed("[u8]"),
        Kind::Scalar(name) => copied(primitive(name).unwrap_or(name)),
        Kind::Enum(ty) if ty.local().is_some() => {
            (format!("rt::OpenEnum<{}>", place.text(&ty.rust)), "(*value).into()")
        }
        Kind::Enum(_) => copied("i32"),
        Kind::Message(ty) | Kind::Group(ty) => match &ty.rust {
            RustType::Foreign(rust) => match unwrapped(rust) {
                Some("String") => borrowed("str"),
                Some("Vec<u8>") => borrowed("[u8]"),
                Some(ty) => copied(ty),
                None => borrowed(rust),
            },
            RustType::Local(_) => borrowed(&place.text(&ty.rust)),
        },
        // No oneof holds a map.
        Kind::Map(..) => copied("()"),
    };
    let value = format!(
        "match &self.{} {{\n            Some({}(value)) => Some({value}),\n            _ => None,\n        }}",
        field.rust_name,
        variant(field, place).unwrap_or_default(),
    );
    (format!("Option<{ty}>"), value)
}
