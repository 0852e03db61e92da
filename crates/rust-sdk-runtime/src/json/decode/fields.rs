//! The value of a field: one, a list or a map.

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use super::list::ListSeed;
use super::scalar::ScalarSeed;
use super::{Decoder, MessageSeed, Outcome, refuse};
use crate::json::JsonReason;
use crate::schema::{Field, Kind, MessageSchema, Presence};
use crate::wire::{Reader, close_len, put_tag};

/// Reads a field's value and appends its records.
#[derive(Debug)]
pub(crate) struct FieldSeed<'c> {
    pub(crate) decoder: &'c mut Decoder,
    pub(crate) field: &'static Field,
    pub(crate) depth: u32,
}

impl<'de> DeserializeSeed<'de> for FieldSeed<'_> {
    type Value = Outcome;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Outcome, D::Error> {
        let Self { decoder, field, depth } = self;
        match &field.kind {
            Kind::Map(kinds) => {
                deserializer.deserialize_any(MapSeed { decoder, number: field.number, kinds, depth })
            }
            _ if field.presence.is_repeated() => {
                deserializer.deserialize_any(ListSeed { decoder, field, depth })
            }
            kind => {
                let mark = decoder.out.len();
                let value = ValueSeed { decoder, kind, number: field.number, depth };
                let outcome = value.deserialize(deserializer)?;
                if field.presence == Presence::Implicit {
                    drop_default(&mut decoder.out, mark);
                }
                Ok(outcome)
            }
        }
    }
}

/// Takes a default back that was written from `mark` on: without presence it is never on the wire, and the bytes inside
/// an Any go out as they are.
fn drop_default(out: &mut Vec<u8>, mark: usize) {
    if let Ok(Some((_, value))) = Reader::new(&out[mark..]).field()
        && value.is_default()
    {
        out.truncate(mark);
    }
}

/// Reads one value and appends it with its tag.
#[derive(Debug)]
pub(crate) struct ValueSeed<'c> {
    pub(crate) decoder: &'c mut Decoder,
    pub(crate) kind: &'static Kind,
    pub(crate) number: u32,
    pub(crate) depth: u32,
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = Outcome;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Outcome, D::Error> {
        let Self { decoder, kind, number, depth } = self;
        match kind {
            Kind::Message(schema) => {
                enclose(decoder, number, |decoder| message(decoder, schema, depth, deserializer))
            }
            Kind::Group(schema) => {
                let mark = decoder.out.len();
                put_tag(&mut decoder.out, number, 3);
                let outcome = message(decoder, schema, depth, deserializer)?;
                match outcome {
                    Outcome::Written => put_tag(&mut decoder.out, number, 4),
                    Outcome::Null | Outcome::Ignored => decoder.out.truncate(mark),
                }
                Ok(outcome)
            }
            _ => ScalarSeed { decoder, kind, tag: Some(number) }.deserialize(deserializer),
        }
    }
}

fn message<'de, D: Deserializer<'de>>(
    decoder: &mut Decoder,
    schema: &'static MessageSchema,
    depth: u32,
    deserializer: D,
) -> Result<Outcome, D::Error> {
    MessageSeed { decoder, schema, depth: depth + 1 }.deserialize(deserializer)
}

/// Writes what `content` writes as one field with a length; nothing where it writes nothing.
pub(crate) fn enclose<E>(
    decoder: &mut Decoder,
    number: u32,
    content: impl FnOnce(&mut Decoder) -> Result<Outcome, E>,
) -> Result<Outcome, E> {
    let mark = decoder.out.len();
    put_tag(&mut decoder.out, number, 2);
    let start = decoder.out.len();
    let outcome = content(decoder)?;
    match outcome {
        Outcome::Written => close_len(&mut decoder.out, start),
        Outcome::Null | Outcome::Ignored => decoder.out.truncate(mark),
    }
    Ok(outcome)
}

/// Reads an object as a map and appends its entries.
#[derive(Debug)]
pub(crate) struct MapSeed<'c> {
    pub(crate) decoder: &'c mut Decoder,
    pub(crate) number: u32,
    pub(crate) kinds: &'static (Kind, Kind),
    pub(crate) depth: u32,
}

impl MapSeed<'_> {
    fn refuse<E: Error>(self) -> E {
        self.decoder.fail(JsonReason::Expected("an object"))
    }

    /// Reads the entries, of which the first key may have been read already.
    pub(crate) fn entries<'de, A: MapAccess<'de>>(
        mut self,
        first: Option<String>,
        map: &mut A,
    ) -> Result<Outcome, A::Error> {
        let mut seen = HashSet::new();
        let mut next = match first {
            Some(key) => Some(key),
            None => map.next_key::<String>()?,
        };
        while let Some(key) = next {
            self.entry(&key, map, &mut seen).inspect_err(|_| self.decoder.trace.at(format!("[{key}]")))?;
            next = map.next_key()?;
        }
        Ok(Outcome::Written)
    }

    fn entry<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        map: &mut A,
        seen: &mut HashSet<Vec<u8>>,
    ) -> Result<Outcome, A::Error> {
        let (kinds, depth) = (self.kinds, self.depth);
        enclose(self.decoder, self.number, |decoder| {
            let start = decoder.out.len();
            ScalarSeed { decoder, kind: &kinds.0, tag: Some(1) }.key(key)?;
            if !seen.insert(decoder.out[start..].to_vec()) {
                return Err(decoder.fail(JsonReason::Duplicate));
            }
            match map.next_value_seed(ValueSeed { decoder, kind: &kinds.1, number: 2, depth })? {
                Outcome::Null => Err(decoder.fail(JsonReason::Null)),
                outcome => Ok(outcome),
            }
        })
    }
}

impl<'de> Visitor<'de> for MapSeed<'_> {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Outcome, A::Error> {
        self.entries(None, &mut map)
    }

    fn visit_unit<E: Error>(self) -> Result<Outcome, E> {
        Ok(Outcome::Null)
    }

    refuse! { visit_none visit_bool visit_i64 visit_u64 visit_f64 visit_str visit_seq }
}
