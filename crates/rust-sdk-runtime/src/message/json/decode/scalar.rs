//! Scalars.

use std::fmt;
use std::num::TryFromIntError;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use super::slot::{Scalar, Slot};
use super::{Decoder, Outcome, number_text, refuse};
use crate::message::base64;
use crate::message::json::JsonErrorKind;
use crate::message::json::number::{NumberError, parse_float, parse_integer};
use crate::message::schema::{EnumSchema, Kind};

/// Reads one scalar.
pub(crate) struct ScalarSeed<'c, 's> {
    pub(crate) decoder: &'c Decoder,
    pub(crate) kind: &'static Kind,
    pub(crate) slot: Slot<'s>,
}

impl<'de> DeserializeSeed<'de> for ScalarSeed<'_, '_> {
    type Value = Outcome;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Outcome, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl ScalarSeed<'_, '_> {
    #[cold]
    fn refuse<E: Error>(self) -> E {
        self.decoder.fail(JsonErrorKind::Expected(match self.kind {
            Kind::String => "a string",
            Kind::Bytes => "a base64 string",
            Kind::Bool => "true or false",
            Kind::Enum(_) => "the name or number of an enum value",
            _ => "a number",
        }))
    }

    #[inline]
    fn put<E: Error>(self, value: Scalar<'_>) -> Result<Outcome, E> {
        match self.slot.scalar(self.kind, value) {
            Ok(()) => Ok(Outcome::Written),
            Err(error) => Err(self.decoder.fail(error)),
        }
    }

    #[inline]
    fn put_if<E: Error>(self, value: Result<Scalar<'_>, TryFromIntError>) -> Result<Outcome, E> {
        match value {
            Ok(value) => self.put(value),
            Err(_) => Err(self.decoder.fail(JsonErrorKind::OutOfRange)),
        }
    }

    /// Writes a whole number, for any numeric kind.
    #[allow(clippy::cast_precision_loss)] // To the nearest float.
    fn integer<E: Error>(self, n: i128) -> Result<Outcome, E> {
        match self.kind {
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 | Kind::Enum(_) => {
                self.put_if(n.try_into().map(Scalar::I32))
            }
            Kind::Uint32 | Kind::Fixed32 => self.put_if(n.try_into().map(Scalar::U32)),
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => self.put_if(n.try_into().map(Scalar::I64)),
            Kind::Uint64 | Kind::Fixed64 => self.put_if(n.try_into().map(Scalar::U64)),
            Kind::Double | Kind::Float => self.float(n as f64),
            _ => Err(self.refuse()),
        }
    }

    /// Writes a number that has a point or an exponent, for any numeric kind.
    #[allow(clippy::cast_possible_truncation)] // Rounding to the nearest f32 is meant; whole floats fit an i128 here.
    fn float<E: Error>(self, n: f64) -> Result<Outcome, E> {
        match self.kind {
            Kind::Double => self.put(Scalar::F64(n)),
            Kind::Float if (n as f32).is_finite() => self.put(Scalar::F32(n as f32)),
            Kind::Float => Err(self.decoder.fail(JsonErrorKind::OutOfRange)),
            // A float of ±2^63 may be a neighbouring integer, rounded.
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 if n.abs() >= 2_f64.powi(63) => {
                Err(self.decoder.fail(JsonErrorKind::OutOfRange))
            }
            _ if n.fract() != 0.0 || n.abs() > 2_f64.powi(64) => {
                Err(self.decoder.fail(JsonErrorKind::OutOfRange))
            }
            _ => self.integer(n as i128),
        }
    }

    /// Writes a number from text, for any numeric kind except enums.
    fn number<E: Error>(self, text: &str) -> Result<Outcome, E> {
        let parsed = match self.kind {
            Kind::Double => match parse_float::<f64>(text) {
                Ok(n) if n.is_infinite() && !text.ends_with("Infinity") => Err(NumberError::Range),
                Ok(n) => return self.put(Scalar::F64(n)),
                Err(error) => Err(error),
            },
            Kind::Float => match parse_float::<f32>(text) {
                Ok(n) if n.is_infinite() && !text.ends_with("Infinity") => Err(NumberError::Range),
                Ok(n) => return self.put(Scalar::F32(n)),
                Err(error) => Err(error),
            },
            _ => parse_integer(text),
        };
        match parsed {
            Ok(n) => self.integer(n),
            Err(NumberError::Range) => Err(self.decoder.fail(JsonErrorKind::OutOfRange)),
            Err(NumberError::Syntax) => Err(self.refuse()),
        }
    }

    fn enum_name<E: Error>(self, schema: &'static EnumSchema, name: &str) -> Result<Outcome, E> {
        match schema.number_of(name) {
            Some(number) => self.integer(number.into()),
            None if self.decoder.options.ignore_unknown => Ok(Outcome::Ignored),
            None => Err(self.decoder.fail(JsonErrorKind::UnknownEnumValue(schema.name()))),
        }
    }

    /// Writes a map's key, which is a string for every type.
    pub(crate) fn key<E: Error>(self, key: &str) -> Result<Outcome, E> {
        match (self.kind, key) {
            (Kind::Bool, "true" | "false") => self.put(Scalar::Bool(key == "true")),
            (Kind::Bool, _) => Err(self.refuse()),
            _ => self.visit_str(key),
        }
    }
}

impl<'de> Visitor<'de> for ScalarSeed<'_, '_> {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Outcome, E> {
        if matches!(self.kind, Kind::Bool) { self.put(Scalar::Bool(value)) } else { Err(self.refuse()) }
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
    fn visit_str<E: Error>(self, value: &str) -> Result<Outcome, E> {
        match self.kind {
            Kind::String => self.put(Scalar::Str(value)),
            Kind::Bytes => {
                let mut bytes = Vec::new();
                match base64::decode(value, &mut bytes) {
                    Some(()) => self.put(Scalar::Bytes(bytes)),
                    None => Err(self.refuse()),
                }
            }
            Kind::Enum(schema) => self.enum_name(schema, value),
            Kind::Bool => Err(self.refuse()),
            _ => self.number(value),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<Outcome, E> {
        match self.kind {
            Kind::Enum(schema) if schema.is_null_value() => self.put(Scalar::I32(0)),
            _ => Ok(Outcome::Null),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Outcome, A::Error> {
        let Some(key) = map.next_key::<String>()? else { return Err(self.refuse()) };
        match (number_text(&key, &mut map)?, self.kind) {
            (None, _) | (_, Kind::String | Kind::Bytes | Kind::Bool) => Err(self.refuse()),
            (Some(text), Kind::Enum(_)) => match parse_integer(&text) {
                Ok(number) => self.integer(number),
                Err(_) => Err(self.decoder.fail(JsonErrorKind::OutOfRange)),
            },
            (Some(text), _) => self.number(&text),
        }
    }

    refuse! { visit_none visit_seq }
}
