//! Scalars.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use super::{Decoder, Outcome, number_text, refuse};
use crate::base64;
use crate::json::JsonReason;
use crate::json::number::{NumberError, parse_float, parse_integer};
use crate::schema::{EnumSchema, Kind};
use crate::wire::{close_len, put_tag, put_varint};

/// Reads one scalar and appends it, with its tag if one is given.
#[derive(Debug)]
pub(crate) struct ScalarSeed<'c> {
    pub(crate) decoder: &'c mut Decoder,
    pub(crate) kind: &'static Kind,
    pub(crate) tag: Option<u32>,
}

impl<'de> DeserializeSeed<'de> for ScalarSeed<'_> {
    type Value = Outcome;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Outcome, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl ScalarSeed<'_> {
    fn refuse<E: Error>(self) -> E {
        self.decoder.fail(JsonReason::Expected(match self.kind {
            Kind::String => "a string",
            Kind::Bytes => "a base64 string",
            Kind::Bool => "true or false",
            Kind::Enum(_) => "the name or number of an enum value",
            _ => "a number",
        }))
    }

    #[inline]
    fn start(&mut self) {
        if let Some(number) = self.tag {
            put_tag(&mut self.decoder.out, number, self.kind.wire_type());
        }
    }

    fn varint(mut self, value: u64) -> Outcome {
        self.start();
        put_varint(&mut self.decoder.out, value);
        Outcome::Written
    }

    fn fixed(mut self, bytes: &[u8]) -> Outcome {
        self.start();
        self.decoder.out.extend_from_slice(bytes);
        Outcome::Written
    }

    /// A whole number, for any numeric kind.
    // Each cast keeps the value: the range was checked, and negative varints are defined as 64-bit two's complement.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    fn integer<E: Error>(self, n: i128) -> Result<Outcome, E> {
        let (min, max) = match self.kind {
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 | Kind::Enum(_) => (i32::MIN.into(), i32::MAX.into()),
            Kind::Uint32 | Kind::Fixed32 => (0, u32::MAX.into()),
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => (i64::MIN.into(), i64::MAX.into()),
            Kind::Uint64 | Kind::Fixed64 => (0, u64::MAX.into()),
            Kind::Double | Kind::Float => return self.float(n as f64),
            _ => return Err(self.refuse()),
        };
        if n < min || n > max {
            return Err(self.decoder.fail(JsonReason::OutOfRange));
        }
        Ok(match self.kind {
            Kind::Sint32 | Kind::Sint64 => self.varint((n << 1 ^ n >> 127) as u64),
            Kind::Fixed32 | Kind::Sfixed32 => self.fixed(&(n as u32).to_le_bytes()),
            Kind::Fixed64 | Kind::Sfixed64 => self.fixed(&(n as u64).to_le_bytes()),
            _ => self.varint(n as u64),
        })
    }

    /// A number that is written with a point or an exponent, for any numeric kind.
    #[allow(clippy::cast_possible_truncation)] // Rounding to the nearest f32 is meant; whole floats fit an i128 here.
    fn float<E: Error>(self, n: f64) -> Result<Outcome, E> {
        match self.kind {
            Kind::Double => Ok(self.fixed(&n.to_le_bytes())),
            Kind::Float if (n as f32).is_finite() => Ok(self.fixed(&(n as f32).to_le_bytes())),
            Kind::Float => Err(self.decoder.fail(JsonReason::OutOfRange)),
            // A float of ±2^63 may be a neighbouring integer, rounded.
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 if n.abs() >= 2_f64.powi(63) => {
                Err(self.decoder.fail(JsonReason::OutOfRange))
            }
            _ if n.fract() != 0.0 || n.abs() > 2_f64.powi(64) => {
                Err(self.decoder.fail(JsonReason::OutOfRange))
            }
            _ => self.integer(n as i128),
        }
    }

    /// A number in text, for any numeric kind but enums.
    fn number<E: Error>(self, text: &str) -> Result<Outcome, E> {
        let parsed = match self.kind {
            Kind::Double => match parse_float::<f64>(text) {
                Ok(n) if n.is_infinite() && !text.ends_with("Infinity") => Err(NumberError::Range),
                Ok(n) => return Ok(self.fixed(&n.to_le_bytes())),
                Err(error) => Err(error),
            },
            Kind::Float => match parse_float::<f32>(text) {
                Ok(n) if n.is_infinite() && !text.ends_with("Infinity") => Err(NumberError::Range),
                Ok(n) => return Ok(self.fixed(&n.to_le_bytes())),
                Err(error) => Err(error),
            },
            _ => parse_integer(text),
        };
        match parsed {
            Ok(n) => self.integer(n),
            Err(NumberError::Range) => Err(self.decoder.fail(JsonReason::OutOfRange)),
            Err(NumberError::Syntax) => Err(self.refuse()),
        }
    }

    fn enum_name<E: Error>(self, schema: &'static EnumSchema, name: &str) -> Result<Outcome, E> {
        match schema.number_of(name) {
            Some(number) => self.integer(number.into()),
            None if self.decoder.options.ignore_unknown => Ok(Outcome::Ignored),
            None => Err(self.decoder.fail(JsonReason::UnknownEnumValue(schema.name()))),
        }
    }

    /// A scalar as a map's key, which is a string whatever its type.
    pub(crate) fn key<E: Error>(self, key: &str) -> Result<Outcome, E> {
        match (self.kind, key) {
            (Kind::Bool, "true") => Ok(self.varint(1)),
            (Kind::Bool, "false") => Ok(self.varint(0)),
            (Kind::Bool, _) => Err(self.refuse()),
            _ => self.visit_str(key),
        }
    }
}

impl<'de> Visitor<'de> for ScalarSeed<'_> {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Outcome, E> {
        if matches!(self.kind, Kind::Bool) { Ok(self.varint(value.into())) } else { Err(self.refuse()) }
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Outcome, E> {
        self.integer(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Outcome, E> {
        self.integer(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Outcome, E> {
        match self.kind {
            Kind::String | Kind::Bytes | Kind::Bool => Err(self.refuse()),
            _ => self.float(value),
        }
    }

    #[inline]
    fn visit_str<E: Error>(mut self, value: &str) -> Result<Outcome, E> {
        match self.kind {
            Kind::String => {
                self.start();
                put_varint(&mut self.decoder.out, value.len() as u64);
                self.decoder.out.extend_from_slice(value.as_bytes());
                Ok(Outcome::Written)
            }
            Kind::Bytes => {
                self.start();
                self.decoder.out.push(0);
                let start = self.decoder.out.len();
                if base64::decode(value, &mut self.decoder.out).is_none() {
                    return Err(self.refuse());
                }
                close_len(&mut self.decoder.out, start);
                Ok(Outcome::Written)
            }
            Kind::Enum(schema) => self.enum_name(schema, value),
            Kind::Bool => Err(self.refuse()),
            _ => self.number(value),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<Outcome, E> {
        match self.kind {
            Kind::Enum(schema) if schema.is_null_value() => Ok(self.varint(0)),
            _ => Ok(Outcome::Null),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Outcome, A::Error> {
        let Some(key) = map.next_key::<String>()? else { return Err(self.refuse()) };
        match (number_text(&key, &mut map)?, self.kind) {
            (None, _) | (_, Kind::String | Kind::Bytes | Kind::Bool) => Err(self.refuse()),
            (Some(text), Kind::Enum(_)) => match parse_integer(&text) {
                Ok(number) => self.integer(number),
                Err(_) => Err(self.decoder.fail(JsonReason::OutOfRange)),
            },
            (Some(text), _) => self.number(&text),
        }
    }

    refuse! { visit_none visit_seq }
}
