//! Maps.

use std::collections::HashSet;
use std::fmt::{self, Write as _};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use super::fields::ValueSeed;
use super::scalar::ScalarSeed;
use super::slot::Slot;
use super::{Decoder, Outcome, refuse};
use crate::message::engine::ViewMut;
use crate::message::engine::view::Fill;
use crate::message::json::JsonErrorKind;
use crate::message::json::maps::{Key, MapKinds, read_entry};
use crate::message::schema::Kind;
use crate::wire::reader::{Reader, WireError, close_len, open_len};

/// Reads an object as a map and adds its entries.
pub(crate) struct MapSeed<'c, 's> {
    pub(crate) decoder: &'c Decoder,
    pub(crate) kinds: MapKinds,
    pub(crate) depth: u32,
    pub(crate) slot: Slot<'s>,
}

impl MapSeed<'_, '_> {
    fn refuse<E: Error>(self) -> E {
        self.decoder.fail(JsonErrorKind::Expected("an object"))
    }

    /// Reads the entries. The first key may have been read already.
    pub(crate) fn entries<'de, A: MapAccess<'de>>(
        self,
        first: Option<String>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let Self { decoder, kinds, depth, slot } = self;
        let entries = Entries { kinds, depth, first, map };
        slot.open(decoder, |decoder, slot| match slot {
            Slot::Wire { out, number, .. } => entries.append(decoder, out, number),
            Slot::View(ViewMut::Map(map)) => entries.insert(decoder, &mut |fill| map.insert(fill)),
            _ => Err(decoder.fail(WireError::Type)),
        })
    }
}

impl<'de> Visitor<'de> for MapSeed<'_, '_> {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Outcome, A::Error> {
        self.entries(None, &mut map).map(|()| Outcome::Written)
    }

    fn visit_unit<E: Error>(self) -> Result<Outcome, E> {
        Ok(Outcome::Null)
    }

    refuse! { visit_none visit_bool visit_i64 visit_u64 visit_f64 visit_str visit_seq }
}

/// The remaining entries.
struct Entries<'m, A> {
    kinds: MapKinds,
    depth: u32,
    /// A key that was read already.
    first: Option<String>,
    map: &'m mut A,
}

impl<'de, A: MapAccess<'de>> Entries<'_, A> {
    /// Reads a key, and returns whether there is one.
    #[inline]
    fn key(&mut self, decoder: &Decoder, slot: Slot<'_>) -> Result<bool, A::Error> {
        let seed = KeySeed { decoder, kind: self.kinds.key, slot };
        match self.first.take() {
            Some(text) => seed.visit_str(&text).map(|()| true),
            None => Ok(self.map.next_key_seed(seed)?.is_some()),
        }
    }

    /// Reads a value. An entry counts as one nesting level.
    #[inline]
    fn value(&mut self, decoder: &Decoder, slot: Slot<'_>) -> Result<Outcome, A::Error> {
        let depth = decoder.enter(self.depth)?;
        match self.map.next_value_seed(ValueSeed { decoder, kind: self.kinds.value, depth, slot })? {
            Outcome::Null => Err(decoder.fail(JsonErrorKind::Null)),
            outcome => Ok(outcome),
        }
    }

    fn insert(
        mut self,
        decoder: &Decoder,
        insert: &mut dyn FnMut(&mut Fill<'_>) -> Option<bool>,
    ) -> Result<(), A::Error> {
        let mut name = String::new();
        loop {
            let mut read = Ok(None);
            let is_new = insert(&mut |mut key, value| {
                read = match self.key(decoder, Slot::View(key.reborrow())) {
                    Ok(true) => {
                        if !decoder.is_quick {
                            rename(&mut name, &key);
                        }
                        self.value(decoder, Slot::View(value))
                            .inspect_err(|_| decoder.trace.at(&*name))
                            .map(Some)
                    }
                    Ok(false) => Ok(None),
                    Err(error) => Err(error),
                };
                matches!(read, Ok(Some(Outcome::Written)))
            });
            if read?.is_none() {
                return Ok(());
            }
            if is_new == Some(false) {
                decoder.trace.at(name);
                return Err(decoder.fail(JsonErrorKind::Duplicate));
            }
        }
    }

    fn append(mut self, decoder: &Decoder, out: &mut Vec<u8>, number: u32) -> Result<(), A::Error> {
        let mut keys = Keys::new(self.kinds, out.len());
        loop {
            let mark = out.len();
            let start = open_len(out, number);
            if !self.key(decoder, Slot::record(out, 1))? {
                out.truncate(mark);
                return Ok(());
            }
            let outcome = match self.value(decoder, Slot::record(out, 2)) {
                Ok(Outcome::Written) if !keys.insert(out, mark, start) => {
                    Err(decoder.fail(JsonErrorKind::Duplicate))
                }
                outcome => outcome,
            };
            match outcome {
                Ok(Outcome::Written) => {
                    let len = out.len();
                    close_len(out, start);
                    // Writing the length may have moved the key.
                    keys.last = start + (out.len() - len);
                }
                Ok(_) => out.truncate(mark),
                Err(error) => {
                    let key = first_key(self.kinds.key, &out[start..]);
                    decoder.trace.at(key.map_or_else(String::new, |key| format!("[{key}]")));
                    return Err(error);
                }
            }
        }
    }
}

/// Sets `name` to the step of an error's path for this key.
fn rename(name: &mut String, key: &ViewMut<'_>) {
    name.clear();
    // Writing to memory does not fail.
    let _ = match key {
        ViewMut::Str(key) => write!(name, "[{key}]"),
        ViewMut::Bool(key) => write!(name, "[{key}]"),
        ViewMut::I32(key) => write!(name, "[{key}]"),
        ViewMut::I64(key) => write!(name, "[{key}]"),
        ViewMut::U32(key) => write!(name, "[{key}]"),
        ViewMut::U64(key) => write!(name, "[{key}]"),
        _ => Ok(()),
    };
}

/// The key of an entry, which is its first record: this module writes entries so.
fn first_key<'a>(kind: &Kind, entry: &'a [u8]) -> Option<Key<'a>> {
    let mut entry = Reader::new(entry);
    let tag = entry.tag_of(1)?;
    Key::read(kind, entry.content(tag).ok()?).ok()
}

/// The keys of the written entries so far. No key has to be stored as long as each one is above the one before.
struct Keys {
    kinds: MapKinds,
    /// Where the entries start, and where the key of the last entry is. Both are the same before the first entry.
    start: usize,
    last: usize,
    seen: Option<HashSet<String>>,
}

impl Keys {
    fn new(kinds: MapKinds, start: usize) -> Self {
        Self { kinds, start, last: start, seen: None }
    }

    /// Adds the key at `at`, of the entry that starts at `mark`, and returns whether it is new.
    fn insert(&mut self, out: &[u8], mark: usize, at: usize) -> bool {
        let Some(key) = first_key(self.kinds.key, &out[at..]) else { return true };
        let is_above = self.last == self.start || first_key(self.kinds.key, &out[self.last..]) < Some(key);
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

/// Reads a map's key.
struct KeySeed<'c, 's> {
    decoder: &'c Decoder,
    kind: &'static Kind,
    slot: Slot<'s>,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_, '_> {
    type Value = ();

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    #[inline]
    fn visit_str<E: Error>(self, key: &str) -> Result<(), E> {
        let Self { decoder, kind, slot } = self;
        let result = ScalarSeed { decoder, kind, slot }.key(key);
        result.map(|_| ()).inspect_err(|_| decoder.trace.at(format!("[{key}]")))
    }
}
