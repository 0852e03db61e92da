//! `google.protobuf.Any`.

use std::fmt;

use serde::de::value::MapDeserializer;
use serde::de::{DeserializeSeed as _, Error, IgnoredAny, MapAccess, Visitor};

use super::buffer::Buffered;
use super::message::fields;
use super::slot::{Scalar, Slot, Target};
use super::{Decoder, MessageSeed, Outcome, refuse};
use crate::message::json::{JsonErrorKind, any};
use crate::message::schema::{HasSchema as _, Kind, MessageSchema, WellKnown};

/// Reads an object with `@type`.
pub(crate) struct AnySeed<'c, 's> {
    pub(crate) decoder: &'c Decoder,
    pub(crate) depth: u32,
    pub(crate) slot: Slot<'s>,
}

impl AnySeed<'_, '_> {
    fn refuse<E: Error>(self) -> E {
        self.decoder.fail(JsonErrorKind::Expected("an object with @type"))
    }
}

fn object<'de, A: MapAccess<'de>>(
    decoder: &Decoder,
    depth: u32,
    target: Target<'_>,
    map: &mut A,
) -> Result<(), A::Error> {
    let Some(first) = map.next_key::<String>()? else { return Ok(()) };
    if first == any::TYPE {
        let Buffered::Text(url) = map.next_value()? else {
            return Err(decoder.fail(JsonErrorKind::AnyType));
        };
        return content(decoder, depth, target, &url, map);
    }
    let mut url = None;
    let mut others = vec![(first, map.next_value::<Buffered>()?)];
    while let Some((key, value)) = map.next_entry::<String, Buffered>()? {
        match value {
            Buffered::Text(text) if key == any::TYPE && url.is_none() => url = Some(text),
            value => others.push((key, value)),
        }
    }
    let Some(url) = url else { return Err(decoder.fail(JsonErrorKind::AnyType)) };
    content(decoder, depth, target, &url, &mut MapDeserializer::new(others.into_iter()))
}

/// Reads the content beside `@type`, which may stand anywhere in the object. `url` is its value.
fn content<'de, A: MapAccess<'de>>(
    decoder: &Decoder,
    depth: u32,
    mut target: Target<'_>,
    url: &str,
    map: &mut A,
) -> Result<(), A::Error> {
    let schema = match any::find(decoder.options.types, url) {
        Err(JsonErrorKind::UnknownType(_)) if decoder.options.unknown_any => {
            return structure(decoder, depth, target, url, map);
        }
        found => found.map_err(|e| decoder.fail(e))?,
    };
    target.number(1).scalar(&Kind::String, Scalar::Str(url)).map_err(|e| decoder.fail(e))?;
    let depth = decoder.enter(depth)?;
    target.number(2).message(decoder, |decoder, target| match schema.well_known() {
        Some(_) => value(decoder, schema, depth, target.into(), map),
        None => fields(decoder, schema, depth, target, map),
    })
}

/// Reads a message of an unknown type as a `google.protobuf.Struct`.
fn structure<'de, A: MapAccess<'de>>(
    decoder: &Decoder,
    depth: u32,
    mut target: Target<'_>,
    url: &str,
    map: &mut A,
) -> Result<(), A::Error> {
    let mut entries = vec![(any::TYPE.to_owned(), Buffered::Text(url.to_owned()))];
    while let Some(entry) = map.next_entry::<String, Buffered>()? {
        entries.push(entry);
    }
    let schema = prost_types::Struct::schema();
    target.number(1).scalar(&Kind::String, Scalar::Str(any::STRUCT)).map_err(|e| decoder.fail(e))?;
    let depth = decoder.enter(depth)?;
    target.number(2).message(decoder, |decoder, target| {
        let content = MapDeserializer::new(entries.into_iter());
        MessageSeed { decoder, schema, depth, slot: target.into() }.deserialize(content).map(|_| ())
    })
}

/// Reads a well-known type from the key `value`.
fn value<'de, A: MapAccess<'de>>(
    decoder: &Decoder,
    schema: &'static MessageSchema,
    depth: u32,
    mut slot: Slot<'_>,
    map: &mut A,
) -> Result<(), A::Error> {
    let mut found = false;
    while let Some(key) = map.next_key::<String>()? {
        if key != "value" {
            if decoder.options.ignore_unknown {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            decoder.trace.at(key);
            return Err(decoder.fail(JsonErrorKind::UnknownField));
        }
        let outcome = if found {
            Err(decoder.fail(JsonErrorKind::Duplicate))
        } else {
            map.next_value_seed(MessageSeed { decoder, schema, depth, slot: slot.reborrow() })
        };
        found = outcome.inspect_err(|_| decoder.trace.at("value"))? == Outcome::Written;
    }
    // Some implementations write Empty without a value, others with one.
    if found || schema.well_known() == Some(WellKnown::Empty) {
        return Ok(());
    }
    Err(decoder.fail(JsonErrorKind::Expected("a value, under the key `value`")))
}

impl<'de> Visitor<'de> for AnySeed<'_, '_> {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with @type")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Outcome, A::Error> {
        let Self { decoder, depth, slot } = self;
        slot.message(decoder, |decoder, target| object(decoder, depth, target, &mut map))?;
        Ok(Outcome::Written)
    }

    fn visit_unit<E: Error>(self) -> Result<Outcome, E> {
        Ok(Outcome::Null)
    }

    refuse! { visit_none visit_bool visit_i64 visit_u64 visit_f64 visit_str visit_seq }
}
