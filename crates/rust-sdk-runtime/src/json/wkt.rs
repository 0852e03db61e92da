//! The JSON forms of the well-known types, on writing.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::encode::{FieldValue, Message, Single};
use super::{JsonReason, any, mask, time};
use crate::schema::canonical::{Canonical, Set};
use crate::schema::scalar::Scalar;
use crate::schema::{Kind, WellKnown};
use crate::wire::{Value, WireError};

/// Writes a message of a well-known type.
pub(crate) fn encode<S: Serializer>(
    this: Message<'_>,
    kind: WellKnown,
    message: &Canonical<'_>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let encoder = this.encoder;
    let first = message.get(0).map_err(|e| encoder.fail(e))?;
    match kind {
        WellKnown::Empty => serializer.serialize_map(Some(0))?.end(),
        WellKnown::Timestamp | WellKnown::Duration | WellKnown::FieldMask => {
            serializer.serialize_str(&text(kind, message).map_err(|e| encoder.fail(e))?)
        }
        WellKnown::Wrapper => {
            let Some(field) = this.schema.fields().first() else { return Err(encoder.fail(WireError::Type)) };
            let value = first.map_or(field.kind.default_value(), |set| set.value);
            Single { encoder, kind: &field.kind, value, depth: this.depth }.serialize(serializer)
        }
        WellKnown::Struct | WellKnown::ListValue => {
            let Some(field) = this.schema.fields().first() else { return Err(encoder.fail(WireError::Type)) };
            let none = Set { index: 0, field, value: field.kind.default_value(), records: &[] };
            FieldValue { encoder, set: &first.unwrap_or(none), depth: this.depth }.serialize(serializer)
        }
        WellKnown::Value => {
            let Some(set) = message.fields().next().map_err(|e| encoder.fail(e))? else {
                return Err(encoder.fail(JsonReason::NoJsonForm("the Value holds nothing, not even null")));
            };
            if let (Kind::Double, Value::Fixed64(bits)) = (set.field.kind, set.value)
                && !f64::from_bits(bits).is_finite()
            {
                return Err(encoder.fail(JsonReason::NoJsonForm("the number of a Value must be finite")));
            }
            Single { encoder, kind: &set.field.kind, value: set.value, depth: this.depth }
                .serialize(serializer)
        }
        WellKnown::Any => any::encode(this, message, serializer),
    }
}

/// The text of a type whose JSON form is a string of its own syntax: `Timestamp`, `Duration`, `FieldMask`.
pub(crate) fn text(kind: WellKnown, message: &Canonical<'_>) -> Result<String, JsonReason> {
    if kind == WellKnown::FieldMask {
        return mask_text(message);
    }
    let (mut seconds, mut nanos) = (0, 0);
    let mut fields = message.fields();
    while let Some(set) = fields.next()? {
        match Scalar::read(&set.field.kind, set.value)? {
            Scalar::Int64(value) => seconds = value,
            Scalar::Int32(value) => nanos = value,
            _ => return Err(WireError::Type.into()),
        }
    }
    if kind == WellKnown::Timestamp {
        let reason = "a timestamp lies in the years 1 to 9999, its nanoseconds in 0 to 999999999";
        time::timestamp_text(seconds, nanos).ok_or(JsonReason::NoJsonForm(reason))
    } else {
        let reason = "a duration lies within 315576000000 seconds, its parts having the same sign";
        time::duration_text(seconds, nanos).ok_or(JsonReason::NoJsonForm(reason))
    }
}

fn mask_text(message: &Canonical<'_>) -> Result<String, JsonReason> {
    let mut text = String::new();
    let Some(paths) = message.get(0)? else { return Ok(text) };
    let mut paths = paths.elements();
    while let Some(path) = paths.next()? {
        if !text.is_empty() {
            text.push(',');
        }
        let reason = "a path of a field mask must be in lower snake case";
        mask::push_camel(path.text()?, &mut text).ok_or(JsonReason::NoJsonForm(reason))?;
    }
    Ok(text)
}
