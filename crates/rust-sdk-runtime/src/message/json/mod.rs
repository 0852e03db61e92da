//! `ProtoJSON`: messages to JSON and back, driven by their schemas.
//!
//! Source: <https://protobuf.dev/programming-guides/json/>. Messages with accessible fields are read and written field by field. Other
//! messages go through their wire bytes: prost writes or reads the bytes, and this module walks over them. Object keys come in the order of
//! the field numbers, and maps are sorted by key, so equal messages give equal text.

mod any;
mod decode;
mod encode;
mod error;
mod maps;
pub(crate) mod mask;
mod number;
#[cfg(feature = "rest")]
pub(crate) mod parts;
mod read;
mod serialize;
mod text;
mod time;
mod transcode;
pub(crate) mod well_known;

use prost::Message;
use serde::de::{DeserializeSeed, Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, Serializer};

pub use self::error::{JsonError, JsonErrorKind};
pub use crate::wire::reader::WireError;

use self::decode::{Decoder, MessageSeed, Outcome, Slot};
use self::encode::Encoder;
use self::transcode::Text;
use crate::message::engine::Fields;
#[cfg(feature = "rest")]
use crate::message::schema::{Field, canonical::Set};
use crate::message::schema::{HasSchema, MessageSchema, Types};

/// How messages are written.
#[derive(Clone, Copy, Debug, Default)]
pub struct EncodeOptions {
    /// Write fields without presence even if they equal their default, and empty lists and maps.
    pub emit_defaults: bool,
    /// Use the field names of the `.proto` file instead of the lowerCamel ones.
    pub proto_names: bool,
    /// Write enum values as numbers.
    pub enums_as_numbers: bool,
    /// The types that an `Any` may hold, in addition to the well-known ones.
    pub types: Types,
    /// Write an `Any` that was read by [`DecodeOptions::unknown_any`] as the JSON that it was read from.
    pub unknown_any: bool,
}

/// How messages are read.
#[derive(Clone, Copy, Debug, Default)]
pub struct DecodeOptions {
    /// Ignore fields and names of enum values that the schema does not know, as a client of a newer server must.
    pub ignore_unknown: bool,
    /// Read an `Any` of an unknown type as one that holds a `google.protobuf.Struct`: its content, with the key `@type`. Otherwise an unknown
    /// type is an error. [`unpack`] reads the message from either form.
    pub unknown_any: bool,
    /// The types that an `Any` may hold, in addition to the well-known ones.
    pub types: Types,
}

/// The JSON of the message in `wire`. Unknown fields are left out.
pub fn from_wire(
    schema: &'static MessageSchema,
    wire: &[u8],
    options: &EncodeOptions,
) -> Result<Vec<u8>, JsonError> {
    write(options, wire.len() * 2 + 32, |encoder| encoder.message(schema, wire, 0))
}

/// The JSON of a message from its fields.
pub(crate) fn from_fields(
    schema: &'static MessageSchema,
    fields: &dyn Fields,
    options: &EncodeOptions,
) -> Result<Vec<u8>, JsonError> {
    write(options, 256, |encoder| encoder.message_of(schema, fields, 0))
}

/// The JSON of one field of a message, from its records.
#[cfg(feature = "rest")]
pub(crate) fn field_from_wire(set: &Set<'_>, options: &EncodeOptions) -> Result<Vec<u8>, JsonError> {
    write(options, set.records.len() * 2 + 32, |encoder| encoder.field(set, 0))
}

/// The written text, which is checked to be UTF-8.
#[inline]
fn write(
    options: &EncodeOptions,
    capacity: usize,
    content: impl Fn(&mut Encoder) -> encode::Outcome,
) -> Result<Vec<u8>, JsonError> {
    let mut encoder = Encoder::new(*options, capacity);
    if content(&mut encoder).is_ok() {
        if !encoder.has_raw_text || std::str::from_utf8(&encoder.out).is_ok() {
            return Ok(encoder.out);
        }
        // Writes again, to find the string that is not UTF-8.
        encoder.check_utf8 = true;
        let _ = content(&mut encoder);
    }
    Err(encoder.trace.into_error(|| WireError::Utf8.into()))
}

/// The wire bytes of the message in `json`.
pub fn to_wire(
    schema: &'static MessageSchema,
    json: &[u8],
    options: &DecodeOptions,
) -> Result<Vec<u8>, JsonError> {
    let json = utf8(json)?;
    // The wire bytes are rarely longer than the JSON.
    let mut wire = Vec::with_capacity(json.len());
    if !read_quickly(schema, json, options, Slot::content(&mut wire)) {
        wire.clear();
        read_carefully(schema, json, options, Slot::content(&mut wire))?;
    }
    Ok(wire)
}

/// Tries to read a message from well-formed, usual text. After `false`, the text must be read [carefully](read_carefully).
fn read_quickly(schema: &'static MessageSchema, json: &str, options: &DecodeOptions, slot: Slot<'_>) -> bool {
    let decoder = Decoder::quick(*options);
    let seed = MessageSeed { decoder: &decoder, schema, depth: 0, slot };
    read_value(&decoder, json, seed) == Some(Outcome::Written)
}

/// Tries to read a value from well-formed, usual text. After `None`, the text must be [read](read) with `serde_json`.
fn read_value<'de, S: DeserializeSeed<'de, Value = Outcome>>(
    decoder: &Decoder,
    json: &'de str,
    seed: S,
) -> Option<Outcome> {
    let mut text = read::Json::new(json, &decoder.likely);
    let outcome = seed.deserialize(&mut text).ok()?;
    text.is_at_end().then_some(outcome)
}

/// Reads a message, or determines the error.
#[cold]
fn read_carefully(
    schema: &'static MessageSchema,
    json: &str,
    options: &DecodeOptions,
    slot: Slot<'_>,
) -> Result<(), JsonError> {
    read(json, options, |decoder, json| {
        let outcome = MessageSeed { decoder, schema, depth: 0, slot }.deserialize(&mut *json)?;
        not_null(decoder, outcome)
    })
}

fn utf8(json: &[u8]) -> Result<&str, JsonError> {
    std::str::from_utf8(json)
        .map_err(|error| JsonError::new(JsonErrorKind::Syntax(format!("the text is not UTF-8: {error}"))))
}

/// The records of one field of a message, from the field's JSON. `null` gives no record.
#[cfg(feature = "rest")]
pub(crate) fn field_to_wire(
    field: &'static Field,
    json: &[u8],
    options: &DecodeOptions,
) -> Result<Vec<u8>, JsonError> {
    let mut wire = Vec::new();
    let slot = Slot::of(&mut wire, field);
    read(utf8(json)?, options, |decoder, json| {
        decode::FieldSeed { decoder, field, depth: 0, slot }.deserialize(&mut *json).map(|_| ())
    })?;
    Ok(wire)
}

type SliceDeserializer<'a> = serde_json::Deserializer<serde_json::de::StrRead<'a>>;

fn read(
    text: &str,
    options: &DecodeOptions,
    seed: impl FnOnce(&Decoder, &mut SliceDeserializer<'_>) -> Result<(), serde_json::Error>,
) -> Result<(), JsonError> {
    let decoder = Decoder::new(*options);
    let mut json = serde_json::Deserializer::from_str(text);
    seed(&decoder, &mut json)
        .and_then(|()| json.end())
        .map_err(|error| decoder.trace.into_error(|| JsonErrorKind::Syntax(error.to_string())))
}

fn not_null<E: serde::de::Error>(decoder: &Decoder, outcome: Outcome) -> Result<(), E> {
    match outcome {
        Outcome::Written => Ok(()),
        Outcome::Null | Outcome::Ignored => Err(decoder.fail(JsonErrorKind::Expected("a message, not null"))),
    }
}

/// The JSON of a message, with the default options.
pub fn to_string<M: Message + HasSchema>(message: &M) -> Result<String, JsonError> {
    let text = to_vec(message, &EncodeOptions::default())?;
    String::from_utf8(text).map_err(|_| JsonError::new(WireError::Utf8))
}

/// The JSON of a message. If the options name no types, an `Any` may hold the types that the message was declared with.
pub fn to_vec<M: Message + HasSchema>(message: &M, options: &EncodeOptions) -> Result<Vec<u8>, JsonError> {
    let options = EncodeOptions { types: types::<M>(options.types), ..*options };
    if let Some(fields) = message.fields() {
        return from_fields(M::schema(), fields, &options);
    }
    from_wire(M::schema(), &message.encode_to_vec(), &options)
}

/// The message in the JSON, with the default options.
pub fn from_str<M: Message + Default + HasSchema>(json: &str) -> Result<M, JsonError> {
    from_text(json, &DecodeOptions::default())
}

/// The message in the JSON. If the options name no types, an `Any` may hold the types that the message was declared with.
pub fn from_slice<M: Message + Default + HasSchema>(
    json: &[u8],
    options: &DecodeOptions,
) -> Result<M, JsonError> {
    from_text(utf8(json)?, options)
}

fn from_text<M: Message + Default + HasSchema>(json: &str, options: &DecodeOptions) -> Result<M, JsonError> {
    let options = DecodeOptions { types: types::<M>(options.types), ..*options };
    let mut message = M::default();
    let Some(fields) = message.fields_mut() else {
        let wire = to_wire(M::schema(), json.as_bytes(), &options)?;
        return M::decode(wire.as_slice()).map_err(|error| JsonError::new(JsonErrorKind::Decode(error)));
    };
    if read_quickly(M::schema(), json, &options, fields.into()) {
        return Ok(message);
    }
    message = M::default();
    if let Some(fields) = message.fields_mut() {
        read_carefully(M::schema(), json, &options, fields.into())?;
    }
    Ok(message)
}

fn types<M: HasSchema>(given: Types) -> Types {
    if given.is_empty() { M::TYPES } else { given }
}

/// The message in an `Any`; `None` if the `Any` holds another type. If [`DecodeOptions::unknown_any`] made a `google.protobuf.Struct` of the
/// message, that is read, and what `T` does not know is ignored.
///
/// # Errors
/// If the content is not a valid `T`.
pub fn unpack<T: Message + Default + HasSchema>(any: &prost_types::Any) -> Result<Option<T>, JsonError> {
    let is_named = |url: &str| url.rsplit_once('/').is_some_and(|(_, name)| name == T::schema().name());
    if is_named(&any.type_url) {
        let message = T::decode(any.value.as_slice());
        return message.map(Some).map_err(|error| JsonError::new(JsonErrorKind::Decode(error)));
    }
    if !any::unknown_url(&any.type_url, &any.value).is_some_and(is_named) {
        return Ok(None);
    }
    let kept = from_wire(prost_types::Struct::schema(), &any.value, &EncodeOptions::default())?;
    let options = DecodeOptions { ignore_unknown: true, types: const { &[&[T::schema]] }, unknown_any: true };
    let any = to_wire(prost_types::Any::schema(), &kept, &options)?;
    let (_, content) = any::parts(&any).map_err(JsonError::new)?;
    T::decode(content).map(Some).map_err(|error| JsonError::new(JsonErrorKind::Decode(error)))
}

/// The implementation of `Serialize` for generated messages.
pub fn serialize<M: Message + HasSchema, S: Serializer>(
    message: &M,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if let Some(fields) = message.fields() {
        let whole = serialize::Message { schema: M::schema(), fields, types: M::TYPES, depth: 0 };
        // Writes again, to determine the error.
        return whole
            .serialize(serializer)
            .map_err(|error| to_string(message).map_or_else(S::Error::custom, |_| error));
    }
    let text = to_string(message).map_err(S::Error::custom)?;
    Text::new(&text).serialize(serializer)
}

/// The implementation of `Deserialize` for generated messages. The format must be self-describing.
pub fn deserialize<'de, M, D>(deserializer: D) -> Result<M, D::Error>
where
    M: Message + Default + HasSchema,
    D: Deserializer<'de>,
{
    let decoder = Decoder::new(DecodeOptions { types: M::TYPES, ..DecodeOptions::default() });
    let mut message = M::default();
    let mut wire = Vec::new();
    let (is_wire, slot) = match message.fields_mut() {
        Some(fields) => (false, fields.into()),
        None => (true, Slot::content(&mut wire)),
    };
    let seed = MessageSeed { decoder: &decoder, schema: M::schema(), depth: 0, slot };
    let result = seed.deserialize(deserializer).and_then(|outcome| not_null(&decoder, outcome));
    if let Err(error) = result {
        return Err(decoder.trace.explain().map_or(error, D::Error::custom));
    }
    if is_wire { M::decode(wire.as_slice()).map_err(D::Error::custom) } else { Ok(message) }
}
