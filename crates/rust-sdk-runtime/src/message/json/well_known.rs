//! Writes the JSON forms of the well-known types.

use super::encode::{Encoder, Outcome};
use super::{JsonErrorKind, mask, time};
use crate::message::schema::canonical::{Canonical, Set};
use crate::message::schema::scalar::Scalar;
use crate::message::schema::{Field, Kind, MessageSchema, WellKnown};
use crate::wire::reader::{Reader, Value, WireError};

pub(super) const NOTHING: JsonErrorKind =
    JsonErrorKind::NoJsonForm("the Value is empty; a null must be set explicitly");
pub(super) const NOT_FINITE: JsonErrorKind =
    JsonErrorKind::NoJsonForm("the number of a Value must be finite");

impl Encoder {
    /// Writes a message of a well-known type.
    pub(crate) fn well_known(
        &mut self,
        kind: WellKnown,
        schema: &'static MessageSchema,
        wire: &[u8],
        depth: u32,
    ) -> Outcome {
        match kind {
            WellKnown::Empty => self.out.extend_from_slice(b"{}"),
            WellKnown::Timestamp | WellKnown::Duration | WellKnown::FieldMask => {
                self.out.push(b'"');
                push_text(kind, wire, &mut self.out).map_err(|e| self.fail(e))?;
                self.out.push(b'"');
            }
            WellKnown::Wrapper => {
                let field = self.only_field(schema)?;
                let value = last(field, wire).map_err(|e| self.fail(e))?;
                return self.value(&field.kind, value, depth);
            }
            WellKnown::Struct | WellKnown::ListValue => {
                let field = self.only_field(schema)?;
                let message = Canonical::new(schema, wire).map_err(|e| self.fail(e))?;
                let none = Set { index: 0, field, value: field.kind.default_value(), records: &[] };
                let set = message.get(0).map_err(|e| self.fail(e))?;
                return self.field(&set.unwrap_or(none), depth);
            }
            WellKnown::Value => return self.dynamic(schema, wire, depth),
            WellKnown::Any => return self.any(wire, depth),
        }
        Ok(())
    }

    pub(super) fn only_field(&self, schema: &'static MessageSchema) -> Outcome<&'static Field> {
        schema.fields().first().ok_or_else(|| self.fail(WireError::Type))
    }

    /// Writes a `google.protobuf.Value`.
    fn dynamic(&mut self, schema: &'static MessageSchema, wire: &[u8], depth: u32) -> Outcome {
        let message = Canonical::new(schema, wire).map_err(|e| self.fail(e))?;
        let Some(set) = message.fields().next().map_err(|e| self.fail(e))? else {
            return Err(self.fail(NOTHING));
        };
        if let (Kind::Double, Value::Fixed64(bits)) = (set.field.kind, set.value)
            && !f64::from_bits(bits).is_finite()
        {
            return Err(self.fail(NOT_FINITE));
        }
        self.value(&set.field.kind, set.value, depth)
    }
}

/// The value of the only field of a message, which is a scalar.
fn last<'a>(field: &'static Field, wire: &'a [u8]) -> Result<Value<'a>, WireError> {
    let mut reader = Reader::new(wire);
    let mut last = field.kind.default_value();
    while let Some((number, value)) = reader.field()? {
        if number == field.number {
            last = value;
        }
    }
    Ok(last)
}

/// The text in a path or a query of a type whose JSON form is a string with its own syntax: `Timestamp`, `Duration`, `FieldMask`. It is that
/// string, except that a mask has proto names.
pub(crate) fn text(kind: WellKnown, wire: &[u8]) -> Result<String, JsonErrorKind> {
    if kind == WellKnown::FieldMask {
        let reason = "a path of a field mask must not be empty, and have no commas or upper case letters";
        return joined(paths(wire)?, mask::push_proto, reason);
    }
    let mut text = Vec::new();
    push_text(kind, wire, &mut text)?;
    String::from_utf8(text).map_err(|_| WireError::Utf8.into())
}

fn push_text(kind: WellKnown, wire: &[u8], out: &mut Vec<u8>) -> Result<(), JsonErrorKind> {
    if kind == WellKnown::FieldMask {
        out.extend_from_slice(mask(paths(wire)?)?.as_bytes());
        return Ok(());
    }
    let mut reader = Reader::new(wire);
    let (mut seconds, mut nanos) = (0, 0);
    while let Some((number, value)) = reader.field()? {
        match number {
            1 => seconds = scalar(&Kind::Int64, value)?,
            2 => nanos = scalar(&Kind::Int32, value)?,
            _ => {}
        }
    }
    // The number was read as an int32, so it fits.
    push_time(kind, seconds, i32::try_from(nanos).unwrap_or_default(), out)
}

/// The paths of an encoded `FieldMask`.
fn paths(wire: &[u8]) -> Result<Vec<&str>, WireError> {
    let mut reader = Reader::new(wire);
    let mut paths = Vec::new();
    while let Some((number, path)) = reader.field()? {
        if number == 1 {
            paths.push(path.text()?);
        }
    }
    Ok(paths)
}

/// The JSON text of a mask of these paths.
pub(super) fn mask<'p>(paths: impl IntoIterator<Item = &'p str>) -> Result<String, JsonErrorKind> {
    joined(paths, mask::push_camel, "a path of a field mask must be in lower snake case")
}

fn joined<'p>(
    paths: impl IntoIterator<Item = &'p str>,
    push: impl Fn(&str, &mut String) -> Option<()>,
    reason: &'static str,
) -> Result<String, JsonErrorKind> {
    let mut text = String::new();
    for path in paths {
        if !text.is_empty() {
            text.push(',');
        }
        push(path, &mut text).ok_or(JsonErrorKind::NoJsonForm(reason))?;
    }
    Ok(text)
}

/// The text of a `Timestamp` or a `Duration`.
pub(super) fn push_time(
    kind: WellKnown,
    seconds: i64,
    nanos: i32,
    out: &mut Vec<u8>,
) -> Result<(), JsonErrorKind> {
    if kind == WellKnown::Timestamp {
        let reason = "a timestamp must be in the years 1 to 9999, with nanoseconds from 0 to 999999999";
        time::push_timestamp(seconds, nanos, out).ok_or(JsonErrorKind::NoJsonForm(reason))
    } else {
        let reason = "a duration must be within 315576000000 seconds, and its parts must have the same sign";
        time::push_duration(seconds, nanos, out).ok_or(JsonErrorKind::NoJsonForm(reason))
    }
}

fn scalar(kind: &Kind, value: Value<'_>) -> Result<i64, WireError> {
    match Scalar::read(kind, value)? {
        Scalar::Int64(n) => Ok(n),
        Scalar::Int32(n) => Ok(n.into()),
        _ => Err(WireError::Type),
    }
}
