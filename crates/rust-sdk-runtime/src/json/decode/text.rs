//! The well-known types that are strings of a syntax of their own.

use std::fmt;

use serde::de::{Error, Visitor};

use super::{Decoder, Outcome, refuse};
use crate::json::{JsonReason, mask, time};
use crate::schema::WellKnown;
use crate::wire::{put_len, put_tag, put_varint};

/// Reads a `Timestamp`, `Duration` or `FieldMask`.
#[derive(Debug)]
pub(crate) struct TextSeed<'c> {
    pub(crate) decoder: &'c mut Decoder,
    pub(crate) kind: WellKnown,
}

impl TextSeed<'_> {
    fn refuse<E: Error>(self) -> E {
        self.decoder.fail(JsonReason::Expected(match self.kind {
            WellKnown::Timestamp => {
                "an RFC 3339 timestamp such as 2024-02-29T12:00:00Z, of the years 1 to 9999"
            }
            WellKnown::Duration => "a duration such as 1.5s, of at most 315576000000 seconds",
            _ => "field paths in lowerCamel case, joined by commas",
        }))
    }
}

impl<'de> Visitor<'de> for TextSeed<'_> {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Outcome, E> {
        let out = &mut self.decoder.out;
        let parsed = match self.kind {
            WellKnown::Timestamp => time::parse_timestamp(text),
            WellKnown::Duration => time::parse_duration(text),
            _ => match mask::parse(text) {
                Some(paths) => {
                    for path in paths {
                        put_len(out, 1, path.as_bytes());
                    }
                    return Ok(Outcome::Written);
                }
                None => None,
            },
        };
        let Some((seconds, nanos)) = parsed else { return Err(self.refuse()) };
        for (number, value) in [(1, seconds), (2, nanos.into())] {
            if value != 0 {
                put_tag(out, number, 0);
                put_varint(out, value.cast_unsigned());
            }
        }
        Ok(Outcome::Written)
    }

    fn visit_unit<E: Error>(self) -> Result<Outcome, E> {
        Ok(Outcome::Null)
    }

    refuse! { visit_none visit_bool visit_i64 visit_u64 visit_f64 visit_seq visit_map }
}
