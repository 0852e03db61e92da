//! Reads a usual request straight into the fields of its message.
//!
//! What is not usual (a oneof in the path, required fields, raw bytes, and everything that is wrong) is left to [`decode_request`]. So there
//! is one place that decides what is an error.

use prost::Message;

use super::decode::{Incoming, RequestError, decode_request, read_query};
use super::options::RequestOptions;
use super::parameters::Parameters;
use super::{HTTP_BODY, is_http_body};
use crate::api::method::MethodSchemas;
use crate::api::routing::{Body, Match};
use crate::message::engine::{Fields, View, ViewMut, merge_records};
use crate::message::json::{DecodeOptions, JsonErrorKind, parts};
use crate::message::schema::{HasSchema, Kind, MessageSchema, Presence};

/// The request message of an HTTP request: what [`decode_request`] gives, decoded.
pub(crate) fn decode_message<M: Message + HasSchema + Default>(
    route: &Match<'_>,
    schemas: &MethodSchemas,
    request: &Incoming<'_>,
    options: RequestOptions,
) -> Result<M, RequestError> {
    let mut message = M::default();
    if message.fields_mut().is_some_and(|fields| read(route, schemas, request, options, fields)) {
        return Ok(message);
    }
    let wire = decode_request(route, schemas, request, &options)?;
    M::decode(&*wire).map_err(|error| JsonErrorKind::Decode(error).into())
}

/// Tries to read a usual request into a new message. After `false`, the fields have no meaning.
fn read(
    route: &Match<'_>,
    schemas: &MethodSchemas,
    request: &Incoming<'_>,
    options: RequestOptions,
    message: &mut dyn Fields,
) -> bool {
    let (schema, binding) = (schemas.request(), route.binding);
    if schema.has_required() || schema.name() == HTTP_BODY || options.fill_mask {
        return false;
    }
    let json = options.json(schemas);
    let is_body_read = match (binding.request_body(), request.body.filter(|body| !body.is_empty())) {
        (Body::None, content) => content.is_none() || options.ignore_unknown,
        (Body::All, content) => {
            content.is_none_or(|content| parts::into_message(schema, content, &json, message))
        }
        (Body::Field(name), content) => schema.field(name).is_some_and(|field| {
            // A value in the query may belong to the same oneof.
            let is_usual = !is_http_body(field)
                && (request.query.is_empty() || !matches!(field.presence, Presence::Oneof(_)));
            is_usual && content.is_none_or(|content| parts::into_field(field, content, &json, message))
        }),
    };
    is_body_read
        && (request.query.is_empty() || read_parameters(route, schema, request.query, options, message))
        && route.captures().all(|(path, value)| set(schema, message, path, &value))
}

fn read_parameters(
    route: &Match<'_>,
    schema: &'static MessageSchema,
    query: &str,
    options: RequestOptions,
    message: &mut dyn Fields,
) -> bool {
    let mut parameters = Parameters::new(schema);
    if read_query(&mut parameters, route, query, options).is_err() || parameters.has_required() {
        return false;
    }
    let mut records = Vec::new();
    parameters.write(&mut records);
    merge_records(message, &records).is_ok()
}

/// Sets the field of a path variable, in place of a value that the body or the query may have given.
fn set(schema: &'static MessageSchema, message: &mut dyn Fields, path: &str, value: &str) -> bool {
    // Names are too short for the search of the standard library to pay off.
    let dot = path.bytes().position(|byte| byte == b'.').unwrap_or(path.len());
    let (step, rest) = (&path[..dot], path.get(dot + 1..).unwrap_or_default());
    let Some(field) = schema.field(step) else { return false };
    if field.presence.is_repeated() || matches!(field.presence, Presence::Oneof(_)) {
        return false;
    }
    if !rest.is_empty() {
        let inner =
            field.kind.message().filter(|inner| inner.well_known().is_none() && !inner.has_required());
        return match (inner, message.view_mut(field.number)) {
            (Some(inner), Some(ViewMut::Message(message))) => set(inner, message, rest, value),
            _ => false,
        };
    }
    if matches!(field.kind, Kind::String) {
        let Some(ViewMut::Str(text)) = message.view_mut(field.number) else { return false };
        value.clone_into(text);
        return true;
    }
    let view = message.view(field.number);
    let is_unset = matches!(view, View::Unset) || field.presence == Presence::Implicit && view.is_default();
    is_unset
        && parts::is_text(field)
        && parts::text(field, value, &DecodeOptions::default())
            .is_ok_and(|record| merge_records(message, &record).is_ok())
}
