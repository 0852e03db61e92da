//! `with_…` for every field of the messages that requests contain.

use rust_sdk_model::api::{Field, Kind, Message, Presence, RustType, TypeRef};

use super::FunctionDocs;
use super::{entry, variant};
use crate::messages::types::{primitive, unwrapped};
use crate::tokens::Place;

/// The setters of a message.
pub(crate) fn of(message: &Message, place: &Place) -> String {
    if !message.uses.input {
        return String::new();
    }
    let docs = FunctionDocs::of_message(place);
    let fields = message.fields.iter().map(|field| {
        let what = format!("{}: {}", field.rust_name, value(field, place));
        entry(&docs.setter(field), &field.setter, field.deprecated, &what)
    });
    let oneofs = message.oneofs.iter().map(|oneof| {
        let what = format!("{}: Option impl {}", oneof.name, place.text(&oneof.rust));
        entry(&docs.oneof_setter(oneof), &oneof.setter, false, &what)
    });
    fields.chain(oneofs).collect()
}

/// How an argument becomes a value.
#[derive(Clone, Copy, PartialEq)]
enum How {
    /// As it is.
    Plain,
    /// The type itself. The message holds it in another form: a box, or an enum's number.
    As,
    /// Everything that converts into the type.
    Impl,
}

/// The type of a field, in the macro's syntax.
fn value(field: &Field, place: &Place) -> String {
    if let (Some(resource), Presence::Explicit) = (&field.mask_of, field.presence) {
        return format!("Mask {}", place.text(&resource.rust));
    }
    if let Kind::Map(key, value) = &field.kind {
        return map(&one(key, place), &one(value, place));
    }
    let (how, ty) = one(&field.kind, place);
    let is_message = matches!(&field.kind, Kind::Message(ty) | Kind::Group(ty) if ty.local().is_some());
    let how = match how {
        // A list holds its messages without boxes.
        How::As if is_message && matches!(field.presence, Presence::Repeated) => "",
        How::Plain => "",
        How::As => "as ",
        How::Impl => "impl ",
    };
    match field.presence {
        Presence::Implicit | Presence::Required => format!("{how}{ty}"),
        Presence::Explicit => format!("Option {how}{ty}"),
        Presence::Repeated | Presence::Packed => format!("Vec {how}{ty}"),
        Presence::Oneof(_) => format!("Some({}) {how}{ty}", variant(field, place).unwrap_or_default()),
    }
}

/// The type that a field's setter takes.
pub(crate) fn parameter(field: &Field, place: &Place) -> String {
    if let (Some(resource), Presence::Explicit) = (&field.mask_of, field.presence) {
        return format!("impl Into<rt::Mask<{}>>", place.text(&resource.rust));
    }
    let of = |(how, ty): (How, String)| match how {
        How::Impl => format!("impl Into<{ty}>"),
        How::Plain | How::As => ty,
    };
    match &field.kind {
        Kind::Map(key, value) => {
            let (key, value) = (of(one(key, place)), of(one(value, place)));
            format!("impl IntoIterator<Item = ({key}, {value})>")
        }
        kind if matches!(field.presence, Presence::Repeated | Presence::Packed) => {
            format!("impl IntoIterator<Item = {}>", of(one(kind, place)))
        }
        kind => of(one(kind, place)),
    }
}

/// The conversion of a map is written out, since maps are too few for a rule of the macro.
fn map(key: &(How, String), value: &(How, String)) -> String {
    let ty = |(how, ty): &(How, String)| match how {
        How::Impl => format!("impl Into<{ty}>"),
        How::Plain | How::As => ty.clone(),
    };
    let into = |(how, _): &(How, String)| if *how == How::Plain { "" } else { ".into()" };
    let pairs = format!("impl IntoIterator<Item = ({}, {})>", ty(key), ty(value));
    let (key, value) = (into(key), into(value));
    let map = if key.is_empty() && value.is_empty() {
        String::new()
    } else {
        format!(".map(|(key, value)| (key{key}, value{value}))")
    };
    format!("pairs: {pairs} => pairs.into_iter(){map}.collect()")
}

/// The type of one value, and how an argument becomes the value.
fn one(kind: &Kind, place: &Place) -> (How, String) {
    match kind {
        Kind::Scalar("String") => (How::Impl, "String".to_owned()),
        Kind::Scalar("Bytes") => (How::Impl, "Vec<u8>".to_owned()),
        Kind::Scalar(name) => (How::Plain, primitive(name).unwrap_or(name).to_owned()),
        Kind::Enum(ty) => (How::As, place.text(&ty.rust)),
        Kind::Message(ty) | Kind::Group(ty) => message(ty, place),
        // A map never holds a map.
        Kind::Map(..) => (How::Plain, "()".to_owned()),
    }
}

fn message(ty: &TypeRef, place: &Place) -> (How, String) {
    match &ty.rust {
        // A message within itself is in a box.
        RustType::Local(_) => (How::As, place.text(&ty.rust)),
        RustType::Foreign(rust) => match unwrapped(rust) {
            Some(text @ ("String" | "Vec<u8>")) => (How::Impl, text.to_owned()),
            Some(copied) => (How::Plain, copied.to_owned()),
            None => (How::Impl, rust.clone()),
        },
    }
}
