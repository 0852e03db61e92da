//! Parts of messages: a body without the fields of the path, and values that are plain text.

use serde::de::value::{BoolDeserializer, Error, I32Deserializer, StrDeserializer};
use serde::de::{DeserializeSeed, IntoDeserializer};

use super::decode::{Decoder, FieldSeed, MessageSeed, Outcome, Slot, ValueSeed};
#[cfg(feature = "direct")]
use super::read_quickly;
use super::{DecodeOptions, JsonError, JsonErrorKind, mask, not_null, read, read_value, utf8};
#[cfg(feature = "direct")]
use crate::message::engine::Fields;
use crate::message::schema::{Field, Kind, MessageSchema, Presence, WellKnown};
use crate::wire::reader::put_len;

/// The wire bytes of a message or a field, and whether a required field is missing.
pub(crate) type Part = (Vec<u8>, bool);

/// The message in `json`, which may lack required fields.
pub(crate) fn message(
    schema: &'static MessageSchema,
    json: &[u8],
    options: &DecodeOptions,
) -> Result<Part, JsonError> {
    let json = utf8(json)?;
    let quick = quick_part(json, options, |decoder, out| {
        let slot = Slot::content(out);
        let outcome = read_value(decoder, json, MessageSeed { decoder, schema, depth: 0, slot });
        outcome == Some(Outcome::Written)
    });
    if let Some(part) = quick {
        return Ok(part);
    }
    part(json, options, |decoder, json, out| {
        let slot = Slot::content(out);
        let outcome = MessageSeed { decoder, schema, depth: 0, slot }.deserialize(&mut *json)?;
        not_null(decoder, outcome)
    })
}

/// The messages in a JSON array, or in JSON values one after the other, with or without line breaks.
pub(crate) fn messages(
    schema: &'static MessageSchema,
    json: &[u8],
    options: &DecodeOptions,
) -> Result<Vec<Part>, JsonError> {
    let is_array = json.trim_ascii_start().first() == Some(&b'[');
    let mut parts = Vec::new();
    part(utf8(json)?, options, |decoder, json, _| {
        if is_array {
            return serde::Deserializer::deserialize_seq(json, Items { decoder, schema, parts: &mut parts });
        }
        while json.end().is_err() {
            let mut wire = Vec::new();
            let slot = Slot::content(&mut wire);
            let outcome = MessageSeed { decoder, schema, depth: 0, slot }.deserialize(&mut *json)?;
            not_null(decoder, outcome)?;
            parts.push((wire, take_incomplete(decoder)));
        }
        Ok(())
    })?;
    Ok(parts)
}

/// The records of one field, which may lack required fields. `null` gives no record.
pub(crate) fn field(field: &'static Field, json: &[u8], options: &DecodeOptions) -> Result<Part, JsonError> {
    let json = utf8(json)?;
    let quick = quick_part(json, options, |decoder, out| {
        let slot = Slot::of(out, field);
        read_value(decoder, json, FieldSeed { decoder, field, depth: 0, slot }).is_some()
    });
    if let Some(part) = quick {
        return Ok(part);
    }
    part(json, options, |decoder, json, out| {
        FieldSeed { decoder, field, depth: 0, slot: Slot::of(out, field) }.deserialize(&mut *json).map(|_| ())
    })
}

/// Tries to read a whole message into the fields of a new one. After `false`, the fields have no meaning.
#[cfg(feature = "direct")]
pub(crate) fn into_message(
    schema: &'static MessageSchema,
    json: &[u8],
    options: &DecodeOptions,
    message: &mut dyn Fields,
) -> bool {
    utf8(json).is_ok_and(|json| read_quickly(schema, json, options, message.into()))
}

/// The same for one field of the message.
#[cfg(feature = "direct")]
pub(crate) fn into_field(
    field: &'static Field,
    json: &[u8],
    options: &DecodeOptions,
    message: &mut dyn Fields,
) -> bool {
    let decoder = Decoder::quick(*options);
    let slot = Slot::in_message(message, field);
    let seed = FieldSeed { decoder: &decoder, field, depth: 0, slot };
    utf8(json).is_ok_and(|json| read_value(&decoder, json, seed).is_some())
}

/// Tries to read well-formed, usual text. After `None`, the text must be read as a [`part`].
fn quick_part(
    json: &str,
    options: &DecodeOptions,
    read: impl FnOnce(&Decoder, &mut Vec<u8>) -> bool,
) -> Option<Part> {
    let decoder = Decoder::quick(*options);
    decoder.incomplete.set(Some(false));
    // The wire bytes are rarely longer than the JSON.
    let mut wire = Vec::with_capacity(json.len());
    read(&decoder, &mut wire).then(|| (wire, take_incomplete(&decoder)))
}

/// Reads with `serde_json`, which determines errors.
fn part(
    json: &str,
    options: &DecodeOptions,
    seed: impl FnOnce(&Decoder, &mut super::SliceDeserializer<'_>, &mut Vec<u8>) -> Result<(), serde_json::Error>,
) -> Result<Part, JsonError> {
    let mut incomplete = false;
    let mut wire = Vec::new();
    read(json, options, |decoder, json| {
        decoder.incomplete.set(Some(false));
        seed(decoder, json, &mut wire)?;
        incomplete = take_incomplete(decoder);
        Ok(())
    })?;
    Ok((wire, incomplete))
}

fn take_incomplete(decoder: &Decoder) -> bool {
    decoder.incomplete.replace(Some(false)) == Some(true)
}

/// The elements of an array, each one message.
struct Items<'a> {
    decoder: &'a Decoder,
    schema: &'static MessageSchema,
    parts: &'a mut Vec<Part>,
}

impl<'de> serde::de::Visitor<'de> for Items<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Self { decoder, schema, parts } = self;
        loop {
            let index = parts.len();
            let mut wire = Vec::new();
            let slot = Slot::content(&mut wire);
            let seed = MessageSeed { decoder, schema, depth: 0, slot };
            let outcome = match seq.next_element_seed(seed) {
                Ok(Some(outcome)) => not_null(decoder, outcome),
                Ok(None) => return Ok(()),
                Err(error) => Err(error),
            };
            outcome.inspect_err(|_| decoder.trace.at(format!("[{index}]")))?;
            parts.push((wire, take_incomplete(decoder)));
        }
    }
}

/// Whether a value of this field is a single text: a scalar, or a well-known type that JSON writes as one value.
pub(crate) fn is_text(field: &Field) -> bool {
    if field.is_map() {
        return false;
    }
    match field.kind.message() {
        Some(schema) => matches!(
            schema.well_known(),
            Some(WellKnown::Timestamp | WellKnown::Duration | WellKnown::FieldMask | WellKnown::Wrapper)
        ),
        None => !matches!(field.kind, Kind::Foreign(_) | Kind::ForeignGroup(_)),
    }
}

/// Whether the empty text is a value of this field.
pub(crate) fn is_empty_text(field: &Field) -> bool {
    let kind = match field.kind.message() {
        Some(schema) if schema.well_known() == Some(WellKnown::FieldMask) => return true,
        Some(schema) if schema.well_known() == Some(WellKnown::Wrapper) => schema.fields().first(),
        Some(_) => None,
        None => Some(field),
    };
    kind.is_some_and(|field| matches!(field.kind, Kind::String | Kind::Bytes))
}

/// The record of one value of a field, from its text in a path or a query: the JSON string, number or word, unquoted. An enum value may be
/// given by number, and the paths of a mask in proto names, too. A default without presence gives no record.
pub(crate) fn text(
    field: &'static Field,
    text: &str,
    options: &DecodeOptions,
) -> Result<Vec<u8>, JsonErrorKind> {
    // With the tag and the length, most records have this size.
    let mut wire = Vec::with_capacity(text.len() + 4);
    if field.kind.message().and_then(MessageSchema::well_known) == Some(WellKnown::FieldMask) {
        let paths = mask::parse_any(text).ok_or(JsonErrorKind::Expected("field paths, joined by commas"))?;
        let mut content = Vec::new();
        for path in paths {
            put_len(&mut content, 1, path.as_bytes());
        }
        put_len(&mut wire, field.number, &content);
        return Ok(wire);
    }
    if matches!(field.kind, Kind::String) && !field.presence.is_repeated() {
        if !(text.is_empty() && field.presence == Presence::Implicit) {
            put_len(&mut wire, field.number, text.as_bytes());
        }
        return Ok(wire);
    }
    let decoder = Decoder::new(*options);
    let result = if field.presence.is_repeated() {
        let seed = ValueSeed {
            decoder: &decoder,
            kind: &field.kind,
            depth: 0,
            slot: Slot::record(&mut wire, field.number),
        };
        deserialize(seed, &field.kind, text)
    } else {
        let slot = Slot::of(&mut wire, field);
        deserialize(FieldSeed { decoder: &decoder, field, depth: 0, slot }, &field.kind, text)
    };
    match result {
        Ok(_) => Ok(wire),
        Err(error) => Err(decoder.trace.into_error(|| JsonErrorKind::Syntax(error.to_string())).into_kind()),
    }
}

fn deserialize<'de>(
    seed: impl DeserializeSeed<'de, Value = Outcome>,
    kind: &Kind,
    text: &'de str,
) -> Result<Outcome, Error> {
    let scalar = match kind.message().map(MessageSchema::fields) {
        Some([field]) => &field.kind,
        _ => kind,
    };
    match (scalar, text) {
        (Kind::Bool, "true" | "false") => seed.deserialize(BoolDeserializer::new(text == "true")),
        (Kind::Enum(_), _) => match text.parse() {
            Ok(number) => seed.deserialize(I32Deserializer::new(number)),
            Err(_) => seed.deserialize(StrDeserializer::new(text)),
        },
        _ => seed.deserialize(text.into_deserializer()),
    }
}
