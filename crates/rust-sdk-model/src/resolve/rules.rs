//! Which rules of `buf.validate` refuse a field's zero value. What they say is read by name, as far as it is set.

use prost_reflect::{DynamicMessage, FieldDescriptor, Value};

/// Whether a field without presence must be stated: its zero value, which is what its absence means, is refused.
pub(crate) fn refuse_zero(rules: &DynamicMessage) -> bool {
    let mut refused = false;
    for (field, value) in rules.fields() {
        match field.name() {
            // Whatever it says, zero or all values are let through.
            "ignore" if value.as_enum_number() != Some(0) => return false,
            "ignore_empty" | "skipped" if *value == Value::Bool(true) => return false,
            _ if is_member(&field, "type") => {
                refused |= value.as_message().is_some_and(type_refuses_zero);
            }
            _ => {}
        }
    }
    refused
}

fn type_refuses_zero(rules: &DynamicMessage) -> bool {
    outside_of_range(rules) || rules.fields().any(|(field, value)| rule_refuses_zero(&field, value))
}

fn rule_refuses_zero(field: &FieldDescriptor, value: &Value) -> bool {
    match field.name() {
        "in" => value.as_list().is_some_and(|values| !values.is_empty() && !values.iter().any(is_zero)),
        "not_in" => value.as_list().is_some_and(|values| values.iter().any(is_zero)),
        "const" | "len" | "min_len" | "len_bytes" | "min_bytes" | "min_items" | "min_pairs" | "prefix"
        | "suffix" | "contains" => !is_zero(value),
        // An empty reference is one, and so is an empty value of a header.
        "uri_ref" => false,
        "well_known_regex" => value.as_enum_number() == Some(1),
        _ => is_member(field, "well_known") && *value == Value::Bool(true),
    }
}

/// Whether zero is beyond the bounds. Where the upper one is below the lower, they let through what is outside of them.
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
