//! Messages, including the well-known types.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::any::AnySeed;
use super::fields::FieldSeed;
use super::scalar::ScalarSeed;
use super::slot::{Form, Slot, Target};
use super::text::TextSeed;
use super::value::{ContainerVisitor, ValueVisitor};
use super::{Decoder, Outcome, refuse};
use crate::message::json::JsonErrorKind;
use crate::message::schema::canonical::BitSets;
use crate::message::schema::{MessageSchema, Presence, WellKnown};
use crate::wire::reader::WireError;

/// Reads a message.
pub(crate) struct MessageSeed<'c, 's> {
    pub(crate) decoder: &'c Decoder,
    pub(crate) schema: &'static MessageSchema,
    pub(crate) depth: u32,
    pub(crate) slot: Slot<'s>,
}

impl<'de> DeserializeSeed<'de> for MessageSeed<'_, '_> {
    type Value = Outcome;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Outcome, D::Error> {
        match self.schema.well_known() {
            None | Some(WellKnown::Empty) => deserializer.deserialize_any(self),
            Some(kind) => self.well_known(kind, deserializer),
        }
    }
}

impl MessageSeed<'_, '_> {
    fn refuse<E: Error>(self) -> E {
        self.decoder.fail(JsonErrorKind::Expected("an object"))
    }

    fn well_known<'de, D: Deserializer<'de>>(
        self,
        kind: WellKnown,
        deserializer: D,
    ) -> Result<Outcome, D::Error> {
        let Self { decoder, schema, depth, slot } = self;
        match (kind, schema.fields().first()) {
            (WellKnown::Timestamp | WellKnown::Duration | WellKnown::FieldMask, _) => {
                deserializer.deserialize_any(TextSeed { decoder, kind, slot })
            }
            (WellKnown::Wrapper, Some(field)) => {
                let slot = slot.formed(Form::Wrapper);
                ScalarSeed { decoder, kind: &field.kind, slot }.deserialize(deserializer)
            }
            (WellKnown::Struct | WellKnown::ListValue, _) => {
                let is_list = kind == WellKnown::ListValue;
                deserializer.deserialize_any(ContainerVisitor { decoder, is_list, depth, slot })
            }
            (WellKnown::Value, _) => deserializer.deserialize_any(ValueVisitor { decoder, depth, slot }),
            (WellKnown::Any, _) => deserializer.deserialize_any(AnySeed { decoder, depth, slot }),
            _ => Err(decoder.fail(WireError::Type)),
        }
    }
}

/// Reads the fields of an object that is already open.
pub(super) fn fields<'de, A: MapAccess<'de>>(
    decoder: &Decoder,
    schema: &'static MessageSchema,
    depth: u32,
    mut target: Target<'_>,
    map: &mut A,
) -> Result<(), A::Error> {
    let mut seen = Seen::new();
    let mut next = 0;
    loop {
        decoder.likely.set(schema.keys().get(next));
        match map.next_key_seed(KeySeed { decoder, schema, next })? {
            Some(Some(index)) => {
                next = index + 1;
                field(decoder, schema, index, depth, &mut target, &mut seen, map)
                    .inspect_err(|_| decoder.trace.at(schema.fields()[index].name))?;
            }
            Some(None) => {
                map.next_value::<IgnoredAny>()?;
            }
            None => break,
        }
    }
    if schema.has_required() { required(decoder, schema, &mut seen) } else { Ok(()) }
}

/// The seen parts of one message: [`KEYS`], [`ONEOFS`] and [`REQUIRED`] fields that are set.
type Seen = BitSets<3>;

const KEYS: usize = 0;
const ONEOFS: usize = 1;
const REQUIRED: usize = 2;

fn field<'de, A: MapAccess<'de>>(
    decoder: &Decoder,
    schema: &'static MessageSchema,
    index: usize,
    depth: u32,
    target: &mut Target<'_>,
    seen: &mut Seen,
    map: &mut A,
) -> Result<(), A::Error> {
    if seen.insert(KEYS, index) {
        return Err(decoder.fail(JsonErrorKind::Duplicate));
    }
    let field = &schema.fields()[index];
    let slot = target.field(field);
    if map.next_value_seed(FieldSeed { decoder, field, depth, slot })? != Outcome::Written {
        return Ok(());
    }
    match field.presence {
        Presence::Oneof(oneof) if seen.insert(ONEOFS, schema.first_member(oneof)) => {
            Err(decoder.fail(JsonErrorKind::OneofConflict))
        }
        Presence::Required => {
            seen.insert(REQUIRED, index);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Fails if a required field is missing, unless the decoder allows that.
#[cold]
fn required<E: Error>(decoder: &Decoder, schema: &'static MessageSchema, seen: &mut Seen) -> Result<(), E> {
    let mut fields = schema.fields().iter().enumerate();
    let absent =
        fields.find(|(index, field)| field.presence == Presence::Required && !seen.insert(REQUIRED, *index));
    let Some((_, field)) = absent else { return Ok(()) };
    if decoder.incomplete.get().is_some() {
        decoder.incomplete.set(Some(true));
        return Ok(());
    }
    decoder.trace.at(field.name);
    Err(decoder.fail(JsonErrorKind::MissingRequired))
}

impl<'de> Visitor<'de> for MessageSeed<'_, '_> {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Outcome, A::Error> {
        let Self { decoder, schema, depth, slot } = self;
        slot.message(decoder, |decoder, target| fields(decoder, schema, depth, target, &mut map))?;
        Ok(Outcome::Written)
    }

    fn visit_unit<E: Error>(self) -> Result<Outcome, E> {
        Ok(Outcome::Null)
    }

    refuse! { visit_none visit_bool visit_i64 visit_u64 visit_f64 visit_str visit_seq }
}

/// Finds the index of the field that a key names; `None` if the key is unknown and ignored.
struct KeySeed<'c> {
    decoder: &'c Decoder,
    schema: &'static MessageSchema,
    next: usize,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Option<usize>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    #[inline]
    fn visit_str<E: Error>(self, key: &str) -> Result<Option<usize>, E> {
        let decoder = self.decoder;
        // The reader found the likely key.
        if decoder.likely.get().is_none() && self.next < self.schema.fields().len() {
            return Ok(Some(self.next));
        }
        let index = self.schema.index_of_key(key, self.next);
        if index.is_none() && !self.decoder.options.ignore_unknown {
            self.decoder.trace.at(key);
            return Err(self.decoder.fail(JsonErrorKind::UnknownField));
        }
        Ok(index)
    }
}
