//! The rules of `buf.validate` that reject a field's zero value. Rules that are set are found by name.

use prost_reflect::{DynamicMessage, FieldDescriptor, Value};

/// Whether the rules reject the zero value. A field without presence is then required, since absence means zero.
pub(crate) fn reject_zero(rules: &DynamicMessage) -> bool {
    let mut rejected = false;
    for (field, value) in rules.fields() {
        match field.name() {
            // These settings accept the zero value, or all values.
            "ignore" if value.as_enum_number() != Some(0) => return false,
            "ignore_empty" | "skipped" if *value == Value::Bool(true) => return false,
            _ if is_member(&field, "type") => {
                rejected |= value.as_message().is_some_and(type_rejects_zero);
            }
            _ => {}
        }
    }
    rejected
}

fn type_rejects_zero(rules: &DynamicMessage) -> bool {
    outside_of_range(rules) || rules.fields().any(|(field, value)| rule_rejects_zero(&field, value))
}

fn rule_rejects_zero(field: &FieldDescriptor, value: &Value) -> bool {
    match field.name() {
        "in" => value.as_list().is_some_and(|values| !values.is_empty() && !values.iter().any(is_zero)),
        "not_in" => value.as_list().is_some_and(|values| values.iter().any(is_zero)),
        "const" | "len" | "min_len" | "len_bytes" | "min_bytes" | "min_items" | "min_pairs" | "prefix"
        | "suffix" | "contains" => !is_zero(value),
        // An empty URI reference is valid, and so is an empty header value.
        "uri_ref" => false,
        "well_known_regex" => value.as_enum_number() == Some(1),
        _ => is_member(field, "well_known") && *value == Value::Bool(true),
    }
}

/// Whether zero is out of bounds. If the upper bound is below the lower one, the values outside of the two are valid.
fn outside_of_range(rules: &DynamicMessage) -> bool {
    let (mut lower, mut upper) = (None, None);
    for (field, value) in rules.fields() {
        let Some(bound) = number(value) else { continue };
        match field.name() {
            "gt" => lower = Some((bound, bound < 0.0)),
            "gte" => lower = Some((bound, bound <= 0.0)),
            "lt" => upper = Some((bound, bound > 0.0)),
            "lte" => upper = Some((bound, bound >= 0.0)),
            _ => {}
        }
    }
    match (lower, upper) {
        (Some((lower, above)), Some((upper, below))) if upper < lower => !above && !below,
        (lower, upper) => [lower, upper].into_iter().flatten().any(|(_, within)| !within),
    }
}

#[allow(clippy::cast_precision_loss)] // The sign stays.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::I32(value) => Some(f64::from(*value)),
        Value::U32(value) => Some(f64::from(*value)),
        Value::I64(value) => Some(*value as f64),
        Value::U64(value) => Some(*value as f64),
        Value::F32(value) => Some(f64::from(*value)),
        Value::F64(value) => Some(*value),
        _ => None,
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Bool(value) => !value,
        Value::String(value) => value.is_empty(),
        Value::Bytes(value) => value.is_empty(),
        Value::EnumNumber(value) => *value == 0,
        _ => number(value) == Some(0.0),
    }
}

fn is_member(field: &FieldDescriptor, oneof: &str) -> bool {
    field.containing_oneof().is_some_and(|containing| containing.name() == oneof)
}
