//! The value of a field: a single value, a list or a map.

use serde::de::{DeserializeSeed, Deserializer};

use super::list::ListSeed;
use super::map::MapSeed;
use super::scalar::ScalarSeed;
use super::slot::{Form, Slot};
use super::{Decoder, MessageSeed, Outcome};
use crate::message::json::maps::MapKinds;
use crate::message::schema::{Field, Kind, MessageSchema};

/// Reads a field's value.
pub(crate) struct FieldSeed<'c, 's> {
    pub(crate) decoder: &'c Decoder,
    pub(crate) field: &'static Field,
    pub(crate) depth: u32,
    pub(crate) slot: Slot<'s>,
}

impl<'de> DeserializeSeed<'de> for FieldSeed<'_, '_> {
    type Value = Outcome;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Outcome, D::Error> {
        let Self { decoder, field, depth, slot } = self;
        let kind = &field.kind;
        if let Some(key) = &field.map_key {
            let kinds = MapKinds { key, value: kind };
            return deserializer.deserialize_any(MapSeed { decoder, kinds, depth, slot });
        }
        if field.presence.is_repeated() {
            return deserializer.deserialize_any(ListSeed { decoder, field, depth, slot });
        }
        ValueSeed { decoder, kind, depth, slot }.deserialize(deserializer)
    }
}

/// Reads one value.
pub(crate) struct ValueSeed<'c, 's> {
    pub(crate) decoder: &'c Decoder,
    pub(crate) kind: &'static Kind,
    pub(crate) depth: u32,
    pub(crate) slot: Slot<'s>,
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_, '_> {
    type Value = Outcome;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Outcome, D::Error> {
        let Self { decoder, kind, depth, slot } = self;
        let slot = if kind.is_group() { slot.formed(Form::Group) } else { slot };
        match kind.message() {
            Some(schema) => message(decoder, schema, depth, slot, deserializer),
            None => ScalarSeed { decoder, kind, slot }.deserialize(deserializer),
        }
    }
}

fn message<'de, D: Deserializer<'de>>(
    decoder: &Decoder,
    schema: &'static MessageSchema,
    depth: u32,
    slot: Slot<'_>,
    deserializer: D,
) -> Result<Outcome, D::Error> {
    let depth = decoder.enter(depth)?;
    MessageSeed { decoder, schema, depth, slot }.deserialize(deserializer)
}
