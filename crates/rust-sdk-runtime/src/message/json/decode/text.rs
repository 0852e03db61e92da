//! The well-known types that are strings with a syntax of their own.

use std::fmt;

use serde::de::{Error, Visitor};

use super::slot::{Scalar, Slot, Target};
use super::{Decoder, Outcome, refuse};
use crate::message::json::{JsonErrorKind, mask, time};
use crate::message::schema::{Kind, WellKnown};
use crate::wire::reader::WireError;

/// Reads a `Timestamp`, `Duration` or `FieldMask`.
pub(crate) struct TextSeed<'c, 's> {
    pub(crate) decoder: &'c Decoder,
    pub(crate) kind: WellKnown,
    pub(crate) slot: Slot<'s>,
}

impl TextSeed<'_, '_> {
    fn refuse<E: Error>(self) -> E {
        self.decoder.fail(JsonErrorKind::Expected(match self.kind {
            WellKnown::Timestamp => {
                "an RFC 3339 timestamp such as 2024-02-29T12:00:00Z, of the years 1 to 9999"
            }
            WellKnown::Duration => "a duration such as 1.5s, of at most 315576000000 seconds",
            _ => "field paths in lowerCamel case, joined by commas",
        }))
    }
}

impl<'de> Visitor<'de> for TextSeed<'_, '_> {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Outcome, E> {
        let parsed = match self.kind {
            WellKnown::Timestamp => time::parse_timestamp(text),
            WellKnown::Duration => time::parse_duration(text),
            _ => {
                let Some(paths) = mask::parse(text) else { return Err(self.refuse()) };
                return write(self, |target| put_paths(target, &paths));
            }
        };
        let Some(time) = parsed else { return Err(self.refuse()) };
        write(self, |target| put_time(target, time))
    }

    fn visit_unit<E: Error>(self) -> Result<Outcome, E> {
        Ok(Outcome::Null)
    }

    refuse! { visit_none visit_bool visit_i64 visit_u64 visit_f64 visit_seq visit_map }
}

fn write<E: Error>(
    seed: TextSeed<'_, '_>,
    content: impl FnOnce(Target<'_>) -> Result<(), WireError>,
) -> Result<Outcome, E> {
    seed.slot.message(seed.decoder, |decoder, target| content(target).map_err(|e| decoder.fail(e)))?;
    Ok(Outcome::Written)
}

fn put_time(mut target: Target<'_>, (seconds, nanos): (i64, i32)) -> Result<(), WireError> {
    if seconds != 0 {
        target.number(1).scalar(&Kind::Int64, Scalar::I64(seconds))?;
    }
    if nanos != 0 {
        target.number(2).scalar(&Kind::Int32, Scalar::I32(nanos))?;
    }
    Ok(())
}

fn put_paths(mut target: Target<'_>, paths: &[String]) -> Result<(), WireError> {
    paths.iter().try_for_each(|path| target.number(1).scalar(&Kind::String, Scalar::Str(path)))
}
