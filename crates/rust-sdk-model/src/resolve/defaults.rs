//! The defaults that proto2 files state.

use prost_reflect::{FieldDescriptor, Kind, Value};

use super::enums;
use super::types::TypeIndex;
use crate::api::DefaultValue;

/// The default that the file states for a field.
pub(crate) fn stated(field: &FieldDescriptor, types: &TypeIndex) -> Option<DefaultValue> {
    field.field_descriptor_proto().default_value.as_ref()?;
    Some(match field.default_value() {
        Value::Bool(value) => DefaultValue::Bool(value),
        Value::I32(value) => DefaultValue::Int(value.into()),
        Value::I64(value) => DefaultValue::Int(value),
        Value::U32(value) => DefaultValue::Uint(value.into()),
        Value::U64(value) => DefaultValue::Uint(value),
        Value::F32(value) => DefaultValue::Float(value),
        Value::F64(value) => DefaultValue::Double(value),
        Value::String(text) => DefaultValue::Text(text),
        Value::Bytes(bytes) => DefaultValue::Bytes(bytes.to_vec()),
        Value::EnumNumber(number) => match field.kind() {
            Kind::Enum(item) => DefaultValue::Variant(enums::variant(&item, number, types)?),
            _ => return None,
        },
        Value::Message(_) | Value::List(_) | Value::Map(_) => return None,
    })
}
