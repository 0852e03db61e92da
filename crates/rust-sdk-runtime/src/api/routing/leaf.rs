//! The values of a message that a path or a query can hold: scalars, and the well-known types that JSON writes as one value.

#[cfg(feature = "rest")]
use std::borrow::Cow;

use super::PathValue;
use crate::message::json::{JsonErrorKind, well_known};
#[cfg(feature = "rest")]
use crate::message::schema::MessageSchema;
#[cfg(feature = "rest")]
use crate::message::schema::canonical::{Canonical, is_nothing};
use crate::message::schema::scalar::Scalar;
use crate::message::schema::{Kind, WellKnown};
use crate::wire::reader::{Reader, Value};
#[cfg(feature = "rest")]
use crate::wire::reader::{WireError, put_field};

impl<'a> From<Scalar<'a>> for PathValue<'a> {
    /// An enum value is its name, or its number if it has none.
    fn from(scalar: Scalar<'a>) -> Self {
        match scalar {
            Scalar::Double(n) => Self::Double(n),
            Scalar::Float(n) => Self::Float(n),
            Scalar::Int32(n) => Self::Int(n.into()),
            Scalar::Int64(n) => Self::Int(n),
            Scalar::Uint32(n) => Self::Uint(n.into()),
            Scalar::Uint64(n) => Self::Uint(n),
            Scalar::Bool(b) => Self::Bool(b),
            Scalar::Str(text) => Self::Str(text),
            Scalar::Bytes(bytes) => Self::Bytes(bytes),
            Scalar::Enum(schema, n) => schema.name_of(n).map_or(Self::Int(n.into()), Self::Str),
        }
    }
}

/// A value that a path or a query can hold.
#[derive(Debug)]
pub(crate) enum Leaf<'a> {
    Value(PathValue<'a>),
    /// The JSON string of a Timestamp or Duration; the proto names of a `FieldMask`.
    Text(String),
}

impl<'a> Leaf<'a> {
    /// The value of a field of this kind; `None` if the kind is a message that does not stand for one value.
    pub(crate) fn read(kind: &Kind, value: Value<'a>) -> Result<Option<Self>, JsonErrorKind> {
        let Some(schema) = kind.message() else {
            return Ok(Some(Self::Value(Scalar::read(kind, value)?.into())));
        };
        match schema.well_known() {
            Some(kind @ (WellKnown::Timestamp | WellKnown::Duration | WellKnown::FieldMask)) => {
                well_known::text(kind, value.message()?).map(|text| Some(Self::Text(text)))
            }
            Some(WellKnown::Wrapper) => {
                let Some(field) = schema.fields().first() else { return Ok(None) };
                let mut content = field.kind.default_value();
                let mut records = Reader::new(value.message()?);
                while let Some((number, value)) = records.field()? {
                    if number == field.number {
                        content = value;
                    }
                }
                Self::read(&field.kind, content)
            }
            _ => Ok(None),
        }
    }

    pub(crate) fn value(&self) -> PathValue<'_> {
        match self {
            Self::Value(value) => *value,
            Self::Text(text) => PathValue::Str(text),
        }
    }
}

/// The message without the fields at these dotted paths. A submessage that becomes empty is left out, too: the part of the request
/// that carries its fields also carries its presence.
#[cfg(feature = "rest")]
pub(crate) fn without<'a>(
    schema: &'static MessageSchema,
    wire: &'a [u8],
    paths: &[&str],
) -> Result<Cow<'a, [u8]>, JsonErrorKind> {
    if has_any(schema, wire, paths)? {
        copy_without(schema, wire, paths).map(Cow::Owned)
    } else {
        Ok(wire.into())
    }
}

/// Whether the message has a field at one of these paths, or an empty submessage on the way there.
#[cfg(feature = "rest")]
fn has_any(schema: &'static MessageSchema, wire: &[u8], paths: &[&str]) -> Result<bool, WireError> {
    paths.iter().try_fold(false, |found, path| Ok(found || has(schema, wire, path)?))
}

#[cfg(feature = "rest")]
fn has(schema: &'static MessageSchema, wire: &[u8], path: &str) -> Result<bool, WireError> {
    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
    let Some(field) = schema.field(name) else { return Ok(false) };
    let inner = field.message().filter(|_| !rest.is_empty());
    let mut records = Reader::new(wire);
    while let Some((number, value)) = records.field()? {
        if number != field.number {
            continue;
        }
        match inner {
            Some(schema) => {
                let content = value.message()?;
                if is_empty(schema, content)? || has(schema, content, rest)? {
                    return Ok(true);
                }
            }
            None if rest.is_empty() => return Ok(true),
            None => {}
        }
    }
    Ok(false)
}

/// Whether no known field is set.
#[cfg(feature = "rest")]
fn is_empty(schema: &'static MessageSchema, wire: &[u8]) -> Result<bool, WireError> {
    let mut records = Reader::new(wire);
    while let Some((number, value)) = records.field()? {
        if schema.find(number, 0).is_some_and(|(_, field)| !is_nothing(field, value)) {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(feature = "rest")]
fn copy_without(
    schema: &'static MessageSchema,
    wire: &[u8],
    paths: &[&str],
) -> Result<Vec<u8>, JsonErrorKind> {
    let message = Canonical::new(schema, wire)?;
    let mut out = Vec::with_capacity(wire.len());
    let mut fields = message.fields();
    while let Some(set) = fields.next()? {
        let name = set.field.name;
        if paths.contains(&name) {
            continue;
        }
        let inner: Vec<&str> =
            paths.iter().filter_map(|path| path.strip_prefix(name)?.strip_prefix('.')).collect();
        match set.field.message() {
            Some(schema) if !inner.is_empty() => {
                let rest = copy_without(schema, set.value.message()?, &inner)?;
                if !rest.is_empty() {
                    let value = match set.value {
                        Value::Group(_) => Value::Group(&rest),
                        _ => Value::Len(&rest),
                    };
                    put_field(&mut out, set.field.number, value);
                }
            }
            _ => out.extend_from_slice(set.records),
        }
    }
    Ok(out)
}
