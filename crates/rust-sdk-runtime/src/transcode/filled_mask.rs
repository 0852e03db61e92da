//! The field mask of a `PATCH` that has none, from the fields of its body.

use serde_json::{Map, Value};

use crate::api::routing::{Body, Match};
use crate::message::json::JsonErrorKind;
use crate::message::schema::canonical::Canonical;
use crate::message::schema::{Field, MessageSchema, WellKnown};
use crate::wire::reader::{MAX_DEPTH, put_len};

/// Appends the mask to the request, if the method is a `PATCH` of one field and its mask has no paths. `json` is the body, which has been
/// read as a message before.
pub(super) fn write(
    route: &Match<'_>,
    schema: &'static MessageSchema,
    json: &[u8],
    wire: &mut Vec<u8>,
) -> Result<(), JsonErrorKind> {
    let (Body::Field(name), "PATCH") = (route.binding.request_body(), route.binding.verb()) else {
        return Ok(());
    };
    let Some(mask) = mask_field(schema) else { return Ok(()) };
    let Some(resource) = schema.field(name).filter(|field| !field.presence.is_repeated() && !field.is_map())
    else {
        return Ok(());
    };
    let message = Canonical::new(schema, wire)?;
    let index = schema.index_of(mask.number, 0).unwrap_or_default();
    let has_paths = match message.get(index)? {
        Some(set) => !set.value.message()?.is_empty(),
        None => false,
    };
    let (Some(inner), false) = (resource.kind.message(), has_paths) else { return Ok(()) };
    if inner.well_known().is_some() {
        return Ok(());
    }
    let Ok(Value::Object(object)) = serde_json::from_slice(json) else { return Ok(()) };
    let captured: Vec<_> = route.captures().map(|(field, _)| field).collect();
    let in_path = |path: &str| {
        let rest = |field: &'static str| field.strip_prefix(name)?.strip_prefix('.');
        captured.iter().any(|field| rest(field) == Some(path))
    };
    let mut content = Vec::new();
    let mut put = |path: &str| {
        if !in_path(path) {
            put_len(&mut content, 1, path.as_bytes());
        }
    };
    members(inner, &object, &mut String::new(), 0, &mut put);
    if !content.is_empty() {
        put_len(wire, mask.number, &content);
    }
    Ok(())
}

/// The request's field mask: `update_mask`, else the only one.
fn mask_field(schema: &'static MessageSchema) -> Option<&'static Field> {
    let is_mask = |field: &&Field| {
        !field.presence.is_repeated()
            && field.kind.message().and_then(MessageSchema::well_known) == Some(WellKnown::FieldMask)
    };
    let mut masks = schema.fields().iter().filter(is_mask);
    let first = masks.next()?;
    match masks.next() {
        None => Some(first),
        Some(_) => schema.field("update_mask").filter(is_mask),
    }
}

/// Gives the path of each member of the object, in proto names. `prefix` is the path of the object itself.
fn members(
    schema: &'static MessageSchema,
    object: &Map<String, Value>,
    prefix: &mut String,
    depth: u32,
    put: &mut impl FnMut(&str),
) {
    for (key, value) in object {
        // The decoder has rejected unknown fields, or ignores them.
        let Some(index) = schema.index_of_key(key, 0) else { continue };
        let field = &schema.fields()[index];
        let length = prefix.len();
        if length > 0 {
            prefix.push('.');
        }
        prefix.push_str(field.name);
        let inner = field.kind.message().filter(|schema| {
            depth < MAX_DEPTH
                && schema.well_known().is_none()
                && !field.presence.is_repeated()
                && !field.is_map()
        });
        match (inner, value) {
            (Some(inner), Value::Object(object)) if !object.is_empty() => {
                members(inner, object, prefix, depth + 1, put);
            }
            _ => put(prefix),
        }
        prefix.truncate(length);
    }
}
