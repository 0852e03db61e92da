//! Sample values for examples.

use rust_sdk_model::api::{Behavior, Binding, Field, Kind, MaskField, TypeRef};
use rust_sdk_model::template::{PatternSegment, Wildcard};

use crate::client::Requests;

/// A field that an update may change, with its field in the mask. A text field is preferred.
pub(crate) fn mask_field<'a>(
    requests: &Requests<'a>,
    resource: &TypeRef,
) -> Option<(&'a MaskField, &'a Field)> {
    let message = requests.message(resource)?;
    let has_id = message.fields.iter().any(|field| field.name == "id");
    let fields =
        || message.mask.as_ref().into_iter().flat_map(|mask| mask.fields.iter().zip(&message.fields));
    let changes = |(_, field): &(&MaskField, &Field)| {
        is_changeable(&field.name, has_id)
            && field.behavior.iter().all(|behavior| *behavior == Behavior::InputOnly)
    };
    let text = fields().filter(changes).find(|(_, field)| is_text(field));
    text.or_else(|| fields().find(changes)).or_else(|| fields().next())
}

/// Whether an update may change the field, judged by its name: it is not the identity of the resource (AIP-122), and
/// the server does not maintain it.
fn is_changeable(name: &str, has_id: bool) -> bool {
    match name {
        "id" | "uid" | "etag" => false,
        "name" => has_id,
        name => !["_id", "_at", "_by", "_time"].iter().any(|end| name.ends_with(end)),
    }
}

/// Whether the field is a single string, with or without presence.
pub(crate) fn is_text(field: &Field) -> bool {
    matches!(field.kind, Kind::Scalar("String")) && field.oneof.is_none() && !field.presence.is_repeated()
}

/// A sample text: `account_id` gives `account-id`.
pub(crate) fn sample(name: &str) -> String {
    name.rsplit('.').next().unwrap_or(name).replace('_', "-")
}

/// A sample for a text field at this path of a request: a name of the field's resource. It has the form that the binding's path states.
pub(crate) fn text(field: &Field, path: &str, binding: Option<&Binding>) -> String {
    let mut variables = binding.into_iter().flat_map(|binding| binding.template.variables());
    let pattern = variables.find(|(variable, _)| *variable == path).map(|(_, pattern)| pattern);
    let names = field.names.as_ref().map(|names| names.samples.as_slice()).unwrap_or_default();
    match pattern {
        None => names.first().cloned().unwrap_or_else(|| sample(&field.name)),
        Some(pattern) => {
            let fitting = names.iter().find(|name| fits(pattern, name));
            fitting.cloned().unwrap_or_else(|| matching(pattern, &sample(&field.name)))
        }
    }
}

/// Whether a name has the form of a path variable.
fn fits(pattern: &[PatternSegment], name: &str) -> bool {
    let segments: Vec<&str> = name.split('/').collect();
    let is = |(pattern, segment): (&PatternSegment, &&str)| match pattern {
        PatternSegment::Literal(text) => text == segment,
        PatternSegment::Wildcard(_) => true,
    };
    match pattern.split_last() {
        Some((PatternSegment::Wildcard(Wildcard::Rest), before)) => {
            segments.len() > before.len() && before.iter().zip(&segments).all(is)
        }
        _ => pattern.len() == segments.len() && pattern.iter().zip(&segments).all(is),
    }
}

/// A text that matches the pattern, with `text` for each wildcard.
pub(crate) fn matching(pattern: &[PatternSegment], text: &str) -> String {
    if pattern.is_empty() {
        return text.to_owned();
    }
    let segments = pattern.iter().map(|segment| match segment {
        PatternSegment::Literal(literal) => literal.as_str(),
        PatternSegment::Wildcard(_) => text,
    });
    segments.collect::<Vec<_>>().join("/")
}
