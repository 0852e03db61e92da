//! Getters for required messages, members of oneofs, and enums with unknown values. Other fields are read directly.

use rust_sdk_model::api::{Field, Kind, Message, Presence, RustType, TypeRef};

use super::FunctionDocs;
use super::{entry, variant};
use crate::messages::types::{primitive, unwrapped};
use crate::tokens::Place;

/// The getters of a message that responses contain.
pub(crate) fn of(message: &Message, place: &Place) -> String {
    if !message.uses.output {
        return String::new();
    }
    let docs = FunctionDocs::of_message(place);
    let entries = message.fields.iter().filter_map(|field| {
        let getter = field.getter.as_deref()?;
        let one = |docs: &str, what: &str| Some(entry(docs, getter, field.deprecated, what));
        match &field.kind {
            _ if field.oneof.is_some() => one(&docs.member(field), &member(field, place)?),
            Kind::Enum(ty) => one(&docs.open(field), &open(field, ty, place)),
            Kind::Message(ty) | Kind::Group(ty) => {
                let what = required(message, field, ty, place);
                let mut out = one(&docs.required(field), &format!("required {what}"))?;
                if let Some(taker) = field.taker.as_ref().filter(|_| message.uses.response) {
                    out += &entry(&docs.take(field), taker, field.deprecated, &format!("take {what}"));
                }
                Some(out)
            }
            Kind::Scalar(_) | Kind::Map(..) => None,
        }
    });
    entries.collect()
}

fn required(message: &Message, field: &Field, ty: &TypeRef, place: &Place) -> String {
    let name = format!("{}.{}", message.full_name, field.name);
    format!("{}: {}, {name:?}", field.rust_name, place.text(&ty.rust))
}

fn open(field: &Field, ty: &TypeRef, place: &Place) -> String {
    let many = match field.presence {
        Presence::Explicit => "Option ",
        Presence::Repeated | Presence::Packed => "Vec ",
        Presence::Implicit | Presence::Required | Presence::Oneof(_) => "",
    };
    format!("open {}: {many}{}", field.rust_name, place.text(&ty.rust))
}

fn member(field: &Field, place: &Place) -> Option<String> {
    let borrowed = |ty: &str| format!("ref {ty}");
    let foreign = |rust: &str| match unwrapped(rust) {
        Some("String") => borrowed("str"),
        Some("Vec<u8>") => borrowed("[u8]"),
        Some(copied) => copied.to_owned(),
        None => borrowed(rust),
    };
    let ty = match &field.kind {
        Kind::Scalar("String") => borrowed("str"),
        Kind::Scalar("Bytes") => borrowed("[u8]"),
        Kind::Scalar(name) => primitive(name)?.to_owned(),
        Kind::Enum(ty) if ty.local().is_some() => format!("open {}", place.text(&ty.rust)),
        Kind::Enum(_) => "i32".to_owned(),
        Kind::Message(ty) | Kind::Group(ty) => match &ty.rust {
            RustType::Foreign(rust) => foreign(rust),
            RustType::Local(_) => borrowed(&place.text(&ty.rust)),
        },
        Kind::Map(..) => return None,
    };
    Some(format!("member {}: {}, {ty}", field.rust_name, variant(field, place)?))
}
