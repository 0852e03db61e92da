//! `google.protobuf.Any`.

use std::fmt;

use serde::de::value::MapDeserializer;
use serde::de::{Error, IgnoredAny, MapAccess, Visitor};

use super::buffer::Buffered;
use super::fields::enclose;
use super::{Decoder, MessageSeed, Outcome, refuse};
use crate::json::{JsonReason, any};
use crate::schema::{MessageSchema, WellKnown};
use crate::wire::{MAX_DEPTH, put_len};

/// Reads an object with `@type`.
#[derive(Debug)]
pub(crate) struct AnySeed<'c> {
    pub(crate) decoder: &'c mut Decoder,
    pub(crate) depth: u32,
}

impl AnySeed<'_> {
    fn refuse<E: Error>(self) -> E {
        self.decoder.fail(JsonReason::Expected("an object with @type"))
    }

    /// Reads what stands beside `@type`, which may be anywhere in the object: `url` was read already.
    fn content<'de, A: MapAccess<'de>>(self, url: &str, map: &mut A) -> Result<Outcome, A::Error> {
        let Self { decoder, depth } = self;
        let schema = any::find(decoder.options.types, url).map_err(|e| decoder.fail(e))?;
        put_len(&mut decoder.out, 1, url.as_bytes());
        enclose(decoder, 2, |decoder| {
            let depth = depth + 1;
            if schema.well_known().is_some() {
                return value(decoder, schema, depth, map);
            }
            if depth > MAX_DEPTH {
                return Err(decoder.fail(JsonReason::TooDeep));
            }
            MessageSeed { decoder, schema, depth }.fields(map)
        })
    }
}

/// Reads a well-known type, which stands under the key `value`.
fn value<'de, A: MapAccess<'de>>(
    decoder: &mut Decoder,
    schema: &'static MessageSchema,
    depth: u32,
    map: &mut A,
) -> Result<Outcome, A::Error> {
    let mut found = false;
    while let Some(key) = map.next_key::<String>()? {
        if key != "value" {
            if decoder.options.ignore_unknown {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            decoder.trace.at(key);
            return Err(decoder.fail(JsonReason::UnknownField));
        }
        let outcome = if found {
            Err(decoder.fail(JsonReason::Duplicate))
        } else {
            map.next_value_seed(MessageSeed { decoder, schema, depth })
        };
        found = outcome.inspect_err(|_| decoder.trace.at("value"))? == Outcome::Written;
    }
    // Some implementations write Empty without a value, some with one.
    if found || schema.well_known() == Some(WellKnown::Empty) {
        return Ok(Outcome::Written);
    }
    Err(decoder.fail(JsonReason::Expected("a value, under the key `value`")))
}

impl<'de> Visitor<'de> for AnySeed<'_> {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with @type")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Outcome, A::Error> {
        let Some(first) = map.next_key::<String>()? else { return Ok(Outcome::Written) };
        if first == any::TYPE {
            let Buffered::Text(url) = map.next_value()? else {
                return Err(self.decoder.fail(JsonReason::AnyType));
            };
            return self.content(&url, &mut map);
        }
        let mut url = None;
        let mut others = vec![(first, map.next_value::<Buffered>()?)];
        while let Some((key, value)) = map.next_entry::<String, Buffered>()? {
            match value {
                Buffered::Text(text) if key == any::TYPE && url.is_none() => url = Some(text),
                value => others.push((key, value)),
            }
        }
        let Some(url) = url else { return Err(self.decoder.fail(JsonReason::AnyType)) };
        self.content(&url, &mut MapDeserializer::new(others.into_iter()))
    }

    fn visit_unit<E: Error>(self) -> Result<Outcome, E> {
        Ok(Outcome::Null)
    }

    refuse! { visit_none visit_bool visit_i64 visit_u64 visit_f64 visit_str visit_seq }
}
