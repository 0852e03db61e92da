//! How a field takes part in requests and responses: whether options that every API may use mark it as required, secret, output only,
//! deprecated and so on.

use prost_reflect::{Cardinality, FieldDescriptor, Value};

use super::validate_rules;
use crate::api::Behavior;

/// `google.api.field_behavior` (`google/api/field_behavior.proto`).
const FIELD_BEHAVIOR: u32 = 1052;
/// `google.api.FieldBehavior.REQUIRED`.
const REQUIRED: i32 = 2;
/// `buf.validate.field` (`buf/validate/validate.proto`).
const VALIDATE_FIELD: u32 = 1159;

/// Whether a message without this field is invalid.
pub(crate) fn is_required(field: &FieldDescriptor) -> bool {
    if field.cardinality() == Cardinality::Required {
        return true;
    }
    // Reading options is slower than checking that there are none.
    field.field_descriptor_proto().options.is_some()
        && field.options().extensions().any(|(extension, value)| match extension.number() {
            FIELD_BEHAVIOR => value
                .as_list()
                .is_some_and(|values| values.iter().any(|value| value.as_enum_number() == Some(REQUIRED))),
            VALIDATE_FIELD => value.as_message().is_some_and(|rules| {
                let required = rules.get_field_by_name("required");
                required.is_some_and(|required| *required == Value::Bool(true))
                    || (!field.supports_presence() && validate_rules::reject_zero(rules))
            }),
            _ => false,
        })
}

/// How the field takes part in requests and responses, besides being required (AIP-203).
pub(crate) fn stated(field: &FieldDescriptor) -> Vec<Behavior> {
    if field.field_descriptor_proto().options.is_none() {
        return Vec::new();
    }
    let options = field.options();
    let behavior = options.extensions().find(|(extension, _)| extension.number() == FIELD_BEHAVIOR);
    let values = behavior.iter().filter_map(|(_, value)| value.as_list()).flatten();
    let mut stated = Vec::new();
    for behavior in values.filter_map(|value| match value.as_enum_number()? {
        3 => Some(Behavior::OutputOnly),
        4 => Some(Behavior::InputOnly),
        5 => Some(Behavior::Immutable),
        8 => Some(Behavior::Identifier),
        _ => None,
    }) {
        if !stated.contains(&behavior) {
            stated.push(behavior);
        }
    }
    stated
}

/// Whether the field is marked deprecated.
pub(crate) fn is_deprecated(field: &FieldDescriptor) -> bool {
    let options = field.field_descriptor_proto().options.as_ref();
    options.is_some_and(prost_types::FieldOptions::deprecated)
}

/// prost-types does not know `debug_redact` (field 16 of `FieldOptions`), so it is found by number.
pub(crate) fn is_redacted(field: &FieldDescriptor) -> bool {
    if field.field_descriptor_proto().options.is_none() {
        return false;
    }
    let options = field.options();
    if let Some(value) = options.get_field_by_number(16) {
        return value.as_bool() == Some(true);
    }
    options.unknown_fields().any(|unknown| {
        let mut bytes = Vec::new();
        unknown.encode(&mut bytes);
        unknown.number() == 16 && bytes.last() == Some(&1)
    })
}
