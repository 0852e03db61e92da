//! Messages, the well-known types among them.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::any::AnySeed;
use super::fields::{FieldSeed, MapSeed, enclose};
use super::list::ListSeed;
use super::scalar::ScalarSeed;
use super::text::TextSeed;
use super::{Decoder, Outcome, number_text, refuse};
use crate::json::JsonReason;
use crate::json::number::parse_float;
use crate::schema::canonical::BitSet;
use crate::schema::{Kind, MessageSchema, Presence, WellKnown, wkt};
use crate::wire::{MAX_DEPTH, WireError, put_len, put_tag, put_varint};

/// Reads a message and appends its fields, without tag and length.
#[derive(Debug)]
pub(crate) struct MessageSeed<'c> {
    pub(crate) decoder: &'c mut Decoder,
    pub(crate) schema: &'static MessageSchema,
    pub(crate) depth: u32,
}

impl<'de> DeserializeSeed<'de> for MessageSeed<'_> {
    type Value = Outcome;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Outcome, D::Error> {
        let Self { decoder, schema, depth } = self;
        if depth > MAX_DEPTH {
            return Err(decoder.fail(JsonReason::TooDeep));
        }
        match (schema.well_known(), schema.fields().first()) {
            (None | Some(WellKnown::Empty), _) => {
                deserializer.deserialize_any(Self { decoder, schema, depth })
            }
            (Some(kind @ (WellKnown::Timestamp | WellKnown::Duration | WellKnown::FieldMask)), _) => {
                deserializer.deserialize_any(TextSeed { decoder, kind })
            }
            (Some(WellKnown::Wrapper), Some(field)) => {
                ScalarSeed { decoder, kind: &field.kind, tag: Some(field.number) }.deserialize(deserializer)
            }
            (Some(WellKnown::Struct | WellKnown::ListValue), Some(field)) => {
                FieldSeed { decoder, field, depth }.deserialize(deserializer)
            }
            (Some(WellKnown::Value), _) => deserializer.deserialize_any(ValueVisitor { decoder, depth }),
            (Some(WellKnown::Any), _) => deserializer.deserialize_any(AnySeed { decoder, depth }),
            (Some(WellKnown::Wrapper | WellKnown::Struct | WellKnown::ListValue), None) => {
                Err(decoder.fail(WireError::Type))
            }
        }
    }
}

impl MessageSeed<'_> {
    fn refuse<E: Error>(self) -> E {
        self.decoder.fail(JsonReason::Expected("an object"))
    }

    /// Reads the fields of an object that is already open.
    pub(crate) fn fields<'de, A: MapAccess<'de>>(self, map: &mut A) -> Result<Outcome, A::Error> {
        let Self { decoder, schema, depth } = self;
        let mut seen = Seen::default();
        let mut next = 0;
        while let Some(key) = map.next_key_seed(KeySeed { schema, next })? {
            match key {
                Key::Field(index) => {
                    next = index + 1;
                    let name = schema.fields()[index].name;
                    field(decoder, schema, index, depth, &mut seen, map)
                        .inspect_err(|_| decoder.trace.at(name))?;
                }
                Key::Unknown(_) if decoder.options.ignore_unknown => {
                    map.next_value::<IgnoredAny>()?;
                }
                Key::Unknown(name) => {
                    decoder.trace.at(name);
                    return Err(decoder.fail(JsonReason::UnknownField));
                }
            }
        }
        if schema.has_required() {
            for (index, field) in schema.fields().iter().enumerate() {
                if field.presence == Presence::Required && !seen.set.contains(index) {
                    if let Some(incomplete) = &mut decoder.incomplete {
                        *incomplete = true;
                        break;
                    }
                    decoder.trace.at(field.name);
                    return Err(decoder.fail(JsonReason::MissingRequired));
                }
            }
        }
        Ok(Outcome::Written)
    }
}

/// Which fields and oneofs of one message were met.
#[derive(Debug, Default)]
struct Seen {
    keys: BitSet,
    set: BitSet,
    oneofs: BitSet,
}

fn field<'de, A: MapAccess<'de>>(
    decoder: &mut Decoder,
    schema: &'static MessageSchema,
    index: usize,
    depth: u32,
    seen: &mut Seen,
    map: &mut A,
) -> Result<(), A::Error> {
    if seen.keys.insert(index) {
        return Err(decoder.fail(JsonReason::Duplicate));
    }
    let field = &schema.fields()[index];
    if map.next_value_seed(FieldSeed { decoder, field, depth })? != Outcome::Written {
        return Ok(());
    }
    if schema.has_required() {
        seen.set.insert(index);
    }
    match field.presence {
        Presence::Oneof(oneof) if seen.oneofs.insert(oneof as usize) => {
            Err(decoder.fail(JsonReason::OneofConflict))
        }
        _ => Ok(()),
    }
}

impl<'de> Visitor<'de> for MessageSeed<'_> {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Outcome, A::Error> {
        self.fields(&mut map)
    }

    fn visit_unit<E: Error>(self) -> Result<Outcome, E> {
        Ok(Outcome::Null)
    }

    refuse! { visit_none visit_bool visit_i64 visit_u64 visit_f64 visit_str visit_seq }
}

/// Finds the field that a key names.
struct KeySeed {
    schema: &'static MessageSchema,
    next: usize,
}

enum Key {
    Field(usize),
    Unknown(String),
}

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Key, E> {
        Ok(self.schema.index_of_key(key, self.next).map_or_else(|| Key::Unknown(key.to_owned()), Key::Field))
    }
}

/// Reads any JSON value as a `google.protobuf.Value`.
struct ValueVisitor<'c> {
    decoder: &'c mut Decoder,
    depth: u32,
}

impl ValueVisitor<'_> {
    fn number<E: Error>(self, n: f64) -> Result<Outcome, E> {
        if !n.is_finite() {
            return Err(self.decoder.fail(JsonReason::OutOfRange));
        }
        put_tag(&mut self.decoder.out, 2, 1);
        self.decoder.out.extend_from_slice(&n.to_le_bytes());
        Ok(Outcome::Written)
    }

    fn varint(self, number: u32, value: u64) -> Outcome {
        put_tag(&mut self.decoder.out, number, 0);
        put_varint(&mut self.decoder.out, value);
        Outcome::Written
    }
}

impl<'de> Visitor<'de> for ValueVisitor<'_> {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Outcome, E> {
        Ok(self.varint(1, 0))
    }

    refuse! { visit_none }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Outcome, E> {
        Ok(self.varint(4, value.into()))
    }

    // A Value holds its numbers as doubles, by definition.
    #[allow(clippy::cast_precision_loss)]
    fn visit_i64<E: Error>(self, value: i64) -> Result<Outcome, E> {
        self.number(value as f64)
    }

    #[allow(clippy::cast_precision_loss)]
    fn visit_u64<E: Error>(self, value: u64) -> Result<Outcome, E> {
        self.number(value as f64)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Outcome, E> {
        self.number(value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Outcome, E> {
        put_len(&mut self.decoder.out, 3, value.as_bytes());
        Ok(Outcome::Written)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Outcome, A::Error> {
        let field = &wkt::LIST_VALUE.fields()[0];
        let depth = self.depth + 1;
        enclose(self.decoder, 6, |decoder| ListSeed { decoder, field, depth }.visit_seq(seq))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Outcome, A::Error> {
        static KINDS: (Kind, Kind) = (Kind::String, Kind::Message(&wkt::VALUE));
        let first = map.next_key::<String>()?;
        if let Some(key) = &first
            && let Some(text) = number_text(key, &mut map)?
        {
            let number = parse_float(&text).map_err(|_| self.decoder.fail(JsonReason::OutOfRange))?;
            return self.number(number);
        }
        let depth = self.depth + 1;
        enclose(self.decoder, 5, |decoder| {
            let entries = MapSeed { decoder, number: 1, kinds: &KINDS, depth };
            match first {
                None => Ok(Outcome::Written),
                first => entries.entries(first, &mut map),
            }
        })
    }
}
