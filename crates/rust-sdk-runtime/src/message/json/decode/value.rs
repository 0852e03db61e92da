//! `google.protobuf.Value`, `Struct` and `ListValue`.

use std::fmt;

use prost_types::{ListValue, NullValue, Value};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};

use super::list::ListSeed;
use super::map::MapSeed;
use super::slot::{Scalar, Slot};
use super::{Decoder, Outcome, number_text, refuse};
use crate::message::json::JsonErrorKind;
use crate::message::json::maps::MapKinds;
use crate::message::json::number::parse_float;
use crate::message::schema::{HasEnumSchema as _, HasSchema as _, Kind};

/// Reads any JSON value as a `Value`.
pub(super) struct ValueVisitor<'c, 's> {
    pub(super) decoder: &'c Decoder,
    pub(super) depth: u32,
    pub(super) slot: Slot<'s>,
}

impl ValueVisitor<'_, '_> {
    fn number<E: Error>(self, n: f64) -> Result<Outcome, E> {
        if !n.is_finite() {
            return Err(self.decoder.fail(JsonErrorKind::OutOfRange));
        }
        self.member(2, &Kind::Double, Scalar::F64(n))
    }

    fn member<E: Error>(self, number: u32, kind: &Kind, value: Scalar<'_>) -> Result<Outcome, E> {
        self.slot.message(self.decoder, |decoder, mut target| {
            target.number(number).scalar(kind, value).map_err(|e| decoder.fail(e))
        })?;
        Ok(Outcome::Written)
    }
}

impl<'de> Visitor<'de> for ValueVisitor<'_, '_> {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Outcome, E> {
        self.member(1, &Kind::Enum(NullValue::SCHEMA), Scalar::I32(0))
    }

    refuse! { visit_none }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Outcome, E> {
        self.member(4, &Kind::Bool, Scalar::Bool(value))
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
        self.member(3, &Kind::String, Scalar::Str(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Outcome, A::Error> {
        let depth = self.decoder.enter(self.depth)?;
        self.slot.message(self.decoder, |decoder, mut target| list(decoder, depth, target.number(6), seq))?;
        Ok(Outcome::Written)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Outcome, A::Error> {
        let first = map.next_key::<String>()?;
        if let Some(key) = &first
            && let Some(text) = number_text(key, &mut map)?
        {
            let number = parse_float(&text).map_err(|_| self.decoder.fail(JsonErrorKind::OutOfRange))?;
            return self.number(number);
        }
        let depth = self.decoder.enter(self.depth)?;
        self.slot.message(self.decoder, |decoder, mut target| {
            let slot = target.number(5);
            match first {
                None => slot.message(decoder, |_, _| Ok(())),
                first => object(decoder, depth, slot, first, map),
            }
        })?;
        Ok(Outcome::Written)
    }
}

/// Reads an array as a `ListValue`.
fn list<'de, A: SeqAccess<'de>>(
    decoder: &Decoder,
    depth: u32,
    slot: Slot<'_>,
    seq: A,
) -> Result<(), A::Error> {
    let field = &ListValue::schema().fields()[0];
    slot.message(decoder, |decoder, mut target| {
        ListSeed { decoder, field, depth, slot: target.field(field) }.visit_seq(seq).map(|_| ())
    })
}

/// Reads an object as a `Struct`. Its first key may have been read already.
fn object<'de, A: MapAccess<'de>>(
    decoder: &Decoder,
    depth: u32,
    slot: Slot<'_>,
    first: Option<String>,
    mut map: A,
) -> Result<(), A::Error> {
    let kinds = MapKinds { key: &Kind::String, value: &Kind::Message(Value::schema) };
    slot.message(decoder, |decoder, mut target| {
        MapSeed { decoder, kinds, depth, slot: target.number(1) }.entries(first, &mut map)
    })
}

/// Reads a `Struct` or a `ListValue`.
pub(super) struct ContainerVisitor<'c, 's> {
    pub(super) decoder: &'c Decoder,
    pub(super) is_list: bool,
    pub(super) depth: u32,
    pub(super) slot: Slot<'s>,
}

impl ContainerVisitor<'_, '_> {
    fn refuse<E: Error>(self) -> E {
        self.decoder.fail(JsonErrorKind::Expected(if self.is_list { "an array" } else { "an object" }))
    }
}

impl<'de> Visitor<'de> for ContainerVisitor<'_, '_> {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array")
    }

    fn visit_unit<E: Error>(self) -> Result<Outcome, E> {
        Ok(Outcome::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Outcome, A::Error> {
        if !self.is_list {
            return Err(self.refuse());
        }
        list(self.decoder, self.depth, self.slot, seq).map(|()| Outcome::Written)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Outcome, A::Error> {
        if self.is_list {
            return Err(self.refuse());
        }
        object(self.decoder, self.depth, self.slot, None, map).map(|()| Outcome::Written)
    }

    refuse! { visit_none visit_bool visit_i64 visit_u64 visit_f64 visit_str }
}
