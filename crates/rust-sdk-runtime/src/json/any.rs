//! `google.protobuf.Any`: finding its type, and writing it.

use serde::ser::{SerializeMap, Serializer};

use super::JsonReason;
use super::encode::Message;
use crate::schema::canonical::Canonical;
use crate::schema::{MessageSchema, Types, WellKnown, wkt};
use crate::wire::{MAX_DEPTH, WireError};

/// The key of an Any's type URL.
pub(crate) const TYPE: &str = "@type";

/// The schema that a type URL names, among the given types and the well-known ones.
pub(crate) fn find(types: Types, url: &str) -> Result<&'static MessageSchema, JsonReason> {
    let (_, name) = url.rsplit_once('/').ok_or(JsonReason::AnyType)?;
    let all = types.iter().copied().chain([wkt::ALL]);
    all.flatten()
        .copied()
        .find(|schema| schema.name() == name)
        .ok_or_else(|| JsonReason::UnknownType(name.to_owned()))
}

/// Writes an Any.
pub(crate) fn encode<S: Serializer>(
    this: Message<'_>,
    message: &Canonical<'_>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let encoder = this.encoder;
    let (url, wire) = parts(message).map_err(|e| encoder.fail(e))?;
    if url.is_empty() && wire.is_empty() {
        return serializer.serialize_map(Some(0))?.end();
    }
    let schema = find(encoder.options.types, url).map_err(|e| encoder.fail(e))?;
    let content = Message { encoder, schema, wire, depth: this.depth + 1 };
    if content.depth > MAX_DEPTH {
        return Err(encoder.fail(JsonReason::TooDeep));
    }
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry(TYPE, url)?;
    match schema.well_known() {
        None | Some(WellKnown::Empty) => {
            let message = Canonical::new(schema, wire).map_err(|e| encoder.fail(e))?;
            content.fields(&message, &mut map)?;
        }
        Some(_) => map.serialize_entry("value", &content)?,
    }
    map.end()
}

fn parts<'a>(message: &'a Canonical<'_>) -> Result<(&'a str, &'a [u8]), WireError> {
    let url = message.get(0)?.map_or(Ok(""), |set| set.value.text())?;
    let wire = message.get(1)?.map_or(Ok(&[][..]), |set| set.value.bytes())?;
    Ok((url, wire))
}
