//! A scalar's value, read from the wire by its kind.

use super::{EnumSchema, Kind};
use crate::wire::reader::{Value, WireError};

/// The value of a scalar.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scalar<'a> {
    Double(f64),
    Float(f32),
    Int32(i32),
    Int64(i64),
    Uint32(u32),
    Uint64(u64),
    Bool(bool),
    Str(&'a str),
    Bytes(&'a [u8]),
    Enum(&'static EnumSchema, i32),
}

impl<'a> Scalar<'a> {
    /// The scalar that `value` is as a `kind`; `Type` if the wire type does not fit, or the kind is not a scalar.
    // The wire format defines narrower integers as the low bits of the varint.
    #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
    #[expect(
        clippy::inline_always,
        reason = "what is read is matched on at once, and the two matches become one"
    )]
    #[inline(always)]
    pub(crate) fn read(kind: &Kind, value: Value<'a>) -> Result<Self, WireError> {
        Ok(match kind {
            Kind::Double => Self::Double(f64::from_bits(value.fixed64()?)),
            Kind::Float => Self::Float(f32::from_bits(value.fixed32()?)),
            Kind::Int32 => Self::Int32(value.varint()? as i32),
            Kind::Int64 => Self::Int64(value.varint()? as i64),
            Kind::Uint32 => Self::Uint32(value.varint()? as u32),
            Kind::Uint64 => Self::Uint64(value.varint()?),
            Kind::Sint32 => {
                let n = value.varint()? as u32;
                Self::Int32((n >> 1) as i32 ^ -((n & 1) as i32))
            }
            Kind::Sint64 => {
                let n = value.varint()?;
                Self::Int64((n >> 1) as i64 ^ -((n & 1) as i64))
            }
            Kind::Fixed32 => Self::Uint32(value.fixed32()?),
            Kind::Fixed64 => Self::Uint64(value.fixed64()?),
            Kind::Sfixed32 => Self::Int32(value.fixed32()? as i32),
            Kind::Sfixed64 => Self::Int64(value.fixed64()? as i64),
            Kind::Bool => Self::Bool(value.varint()? != 0),
            Kind::String => Self::Str(value.text()?),
            Kind::Bytes => Self::Bytes(value.bytes()?),
            Kind::Enum(schema) => Self::Enum(schema, value.varint()? as i32),
            Kind::Message(_)
            | Kind::Wrapper(_)
            | Kind::Group(_)
            | Kind::Foreign(_)
            | Kind::ForeignGroup(_) => return Err(WireError::Type),
        })
    }
}

impl Kind {
    /// The wire value of a scalar's default, or of an empty message.
    pub(crate) const fn default_value(&self) -> Value<'static> {
        match self.wire_type() {
            0 => Value::Varint(0),
            1 => Value::Fixed64(0),
            5 => Value::Fixed32(0),
            3 => Value::Group(&[]),
            _ => Value::Len(&[]),
        }
    }
}
