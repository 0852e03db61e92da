//! The value of a field: one, a list or a map.

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use super::list::ListSeed;
use super::scalar::ScalarSeed;
use super::{Decoder, MessageSeed, Outcome, refuse};
use crate::json::JsonReason;
use crate::json::maps::{Key, read_entry};
use crate::schema::{Field, Kind, MessageSchema, Presence};
use crate::wire::{Reader, close_len, open_len, put_tag};

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
#[inline]
fn drop_default(out: &mut Vec<u8>, mark: usize) {
    // Every default ends in a zero.
    if out.last() == Some(&0)
        && let Ok(Some((_, value))) = Reader::new(&out[mark..]).field()
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

    #[inline]
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
    let start = open_len(&mut decoder.out, number);
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
        self,
        first: Option<String>,
        map: &mut A,
    ) -> Result<Outcome, A::Error> {
        let Self { decoder, number, kinds, depth } = self;
        let mut keys = Keys::new(kinds, decoder.out.len());
        let mut first = first;
        loop {
            let mark = decoder.out.len();
            let start = open_len(&mut decoder.out, number);
            let key = KeySeed { decoder, kind: &kinds.0 };
            let more = match first.take() {
                Some(text) => key.visit_str(&text).map(Some)?,
                None => map.next_key_seed(key)?,
            };
            if more.is_none() {
                decoder.out.truncate(mark);
                return Ok(Outcome::Written);
            }
            let outcome = if keys.insert(&decoder.out, mark, start) {
                map.next_value_seed(ValueSeed { decoder, kind: &kinds.1, number: 2, depth })
            } else {
                Err(decoder.fail(JsonReason::Duplicate))
            };
            let outcome = match outcome {
                Ok(Outcome::Null) => Err(decoder.fail(JsonReason::Null)),
                outcome => outcome,
            };
            match outcome {
                Ok(Outcome::Written) => {
                    let len = decoder.out.len();
                    close_len(&mut decoder.out, start);
                    // Where the length went, the key was.
                    keys.last = start + (decoder.out.len() - len);
                }
                Ok(_) => decoder.out.truncate(mark),
                Err(error) => {
                    let key = first_key(&kinds.0, &decoder.out[start..]);
                    decoder.trace.at(key.map_or_else(String::new, |key| format!("[{key}]")));
                    return Err(error);
                }
            }
        }
    }
}

/// The key of an entry: what its first record holds, since this is how they are written here.
fn first_key<'a>(kind: &Kind, entry: &'a [u8]) -> Option<Key<'a>> {
    let mut entry = Reader::new(entry);
    let tag = entry.tag_of(1)?;
    Key::read(kind, entry.content(tag).ok()?).ok()
}

/// The keys of a map's entries so far. As long as each is above the one before it, nothing has to be kept.
struct Keys {
    kinds: &'static (Kind, Kind),
    /// Where the entries start, and where the key of the last one is; the same before there is one.
    start: usize,
    last: usize,
    seen: Option<HashSet<String>>,
}

impl Keys {
    fn new(kinds: &'static (Kind, Kind), start: usize) -> Self {
        Self { kinds, start, last: start, seen: None }
    }

    /// Adds the key at `at`, of the entry that starts at `mark`; whether it was not there before.
    fn insert(&mut self, out: &[u8], mark: usize, at: usize) -> bool {
        let Some(key) = first_key(&self.kinds.0, &out[at..]) else { return true };
        let is_above = self.last == self.start || first_key(&self.kinds.0, &out[self.last..]) < Some(key);
        if is_above && self.seen.is_none() {
            return true;
        }
        let seen = self.seen.get_or_insert_with(|| {
            let mut before = Reader::new(&out[self.start..mark]);
            let records = std::iter::from_fn(|| before.field().ok().flatten());
            let keys = records.filter_map(|(_, record)| read_entry(self.kinds, record).ok());
            keys.map(|(key, _)| key.to_string()).collect()
        });
        seen.insert(key.to_string())
    }
}

/// Reads a map's key and appends it.
struct KeySeed<'c> {
    decoder: &'c mut Decoder,
    kind: &'static Kind,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Outcome;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Outcome, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Outcome, E> {
        let Self { decoder, kind } = self;
        let result = ScalarSeed { decoder, kind, tag: Some(1) }.key(key);
        result.inspect_err(|_| decoder.trace.at(format!("[{key}]")))
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
