//! Reads the message from a request.

use std::borrow::Cow;

use super::options::RequestOptions;
use super::parameters::{ParameterError, Parameters};
use super::{HTTP_BODY, filled_mask, is_http_body, required, to_http_body};
use crate::api::method::MethodSchemas;
use crate::api::routing::leaf::without;
use crate::api::routing::{Body, Match};
use crate::error::code::Code;
use crate::message::json::{DecodeOptions, JsonError, JsonErrorKind, parts};
use crate::message::schema::{Field, MessageSchema};
use crate::wire::reader::{WireError, put_len};

/// The content of a request besides its verb and path. `Debug` shows only the sizes of query and body.
#[derive(Clone, Copy, Default)]
pub struct Incoming<'a> {
    /// The raw query: the text after the `?`, or empty.
    pub query: &'a str,
    /// The body's `Content-Type`.
    pub content_type: Option<&'a str>,
    /// The body, if there is one.
    pub body: Option<&'a [u8]>,
}

impl std::fmt::Debug for Incoming<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Incoming")
            .field("query", &format_args!("{} bytes", self.query.len()))
            .field("content_type", &self.content_type)
            .field("body", &self.body.map(|body| format!("{} bytes", body.len())))
            .finish()
    }
}

/// A request is not a valid message of its method. The error names the field and the rule, never the value, which may be secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// A value in the path is not valid for its field.
    #[error("path: `{field}`: {error}")]
    Path {
        /// The variable's field path.
        field: &'static str,
        /// The problem with the value.
        error: ParameterError,
    },
    /// A query parameter names no field of the message, or its value is not valid for the field.
    #[error("query: `{key}`: {error}")]
    Query {
        /// The key as the client wrote it, shortened if it is long.
        key: String,
        /// The problem with the parameter.
        error: ParameterError,
    },
    /// The body is not JSON of the message or the field that it should hold.
    #[error("body: {0}")]
    Body(JsonError),
    /// There is a body, but the binding takes none.
    #[error("body: {template} accepts no body")]
    UnexpectedBody {
        /// The binding's template.
        template: &'static str,
    },
    /// A proto2 required field is missing from the request.
    #[error("`{field}` is required")]
    MissingRequired {
        /// The field's dotted path.
        field: String,
    },
    /// The binding does not fit the message: the server's own fault.
    #[error("{template}: the message has no field `{field}` that fits this place")]
    Binding {
        /// The binding's template.
        template: &'static str,
        /// The field.
        field: &'static str,
    },
    /// The assembled bytes are not a message: the server's own fault.
    #[error("the request could not be assembled: {0}")]
    Internal(JsonErrorKind),
}

impl RequestError {
    /// The status code: `INVALID_ARGUMENT` for the client's mistakes, `INTERNAL` for the server's.
    pub const fn code(&self) -> Code {
        match self {
            Self::Binding { .. } | Self::Internal(_) => Code::Internal,
            _ => Code::InvalidArgument,
        }
    }
}

impl From<JsonErrorKind> for RequestError {
    fn from(reason: JsonErrorKind) -> Self {
        Self::Internal(reason)
    }
}

impl From<WireError> for RequestError {
    fn from(error: WireError) -> Self {
        Self::Internal(error.into())
    }
}

/// The encoded request message of an HTTP request, the inverse of [`request`](super::request).
///
/// Values in the path take precedence over the body and the query. Query keys, and the paths of field masks there, are JSON names or proto
/// names, and a list is a repeated key. An empty JSON body counts as no body. An `Any` may hold the types of `schemas`.
///
/// # Errors
/// If the request is not a valid message; [`RequestError::code`] says whose fault that is.
pub fn decode_request(
    route: &Match<'_>,
    schemas: &MethodSchemas,
    request: &Incoming<'_>,
    options: &RequestOptions,
) -> Result<Vec<u8>, RequestError> {
    let schema = schemas.request();
    let (mut wire, mut incomplete) = body(route, schemas, request, &options.json(schemas))?;
    let mut query = Parameters::new(schema);
    if let (Body::Field(field), false) = (route.binding.request_body(), wire.is_empty()) {
        query.occupy(field);
    }
    read_query(&mut query, route, request.query, *options)?;
    let captures: Vec<_> = route.captures().collect();
    if let Some((field, _)) = captures.iter().find(|(field, _)| query.excludes(field)) {
        return Err(RequestError::Path { field, error: JsonErrorKind::OneofConflict.into() });
    }
    query.write(&mut wire);
    if options.fill_mask {
        filled_mask::write(route, schema, request.body.unwrap_or_default(), &mut wire)?;
    }
    incomplete |= query.has_required();
    PathValues::read(route, schema, &captures)?.add(wire, incomplete)
}

/// The encoded request messages of a stream: a JSON array, or JSON values one after the other (`application/x-ndjson`). Each message gets
/// the values of the path. `None` if the binding's body is not the whole message: then requests cannot be streamed.
///
/// # Errors
/// As [`decode_request`].
pub fn decode_requests(
    route: &Match<'_>,
    schemas: &MethodSchemas,
    request: &Incoming<'_>,
    options: &RequestOptions,
) -> Result<Option<Vec<Vec<u8>>>, RequestError> {
    if route.binding.request_body() != Body::All {
        return Ok(None);
    }
    if schemas.request().name() == HTTP_BODY {
        return decode_request(route, schemas, request, options).map(|wire| Some(vec![wire]));
    }
    read_query(&mut Parameters::new(schemas.request()), route, request.query, *options)?;
    let json = options.json(schemas);
    let parts = parts::messages(schemas.request(), request.body.unwrap_or_default(), &json)
        .map_err(RequestError::Body)?;
    if parts.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let captures: Vec<_> = route.captures().collect();
    let path = PathValues::read(route, schemas.request(), &captures)?;
    parts.into_iter().map(|(wire, incomplete)| path.add(wire, incomplete)).collect::<Result<_, _>>().map(Some)
}

/// The message in the body, and whether it may lack required fields.
fn body(
    route: &Match<'_>,
    schemas: &MethodSchemas,
    request: &Incoming<'_>,
    options: &DecodeOptions,
) -> Result<parts::Part, RequestError> {
    let (schema, template) = (schemas.request(), route.binding.template());
    let content = request.body.filter(|body| !body.is_empty());
    match route.binding.request_body() {
        Body::All if schema.name() == HTTP_BODY => {
            Ok((to_http_body(request.content_type, request.body.unwrap_or_default()), false))
        }
        Body::All => match content {
            Some(json) => parts::message(schema, json, options).map_err(RequestError::Body),
            None => Ok((Vec::new(), schema.has_required())),
        },
        Body::Field(name) => {
            let unfit = RequestError::Binding { template, field: name };
            let Some((around, field)) = field_at(schema, name) else { return Err(unfit) };
            let (wire, incomplete) = match (content, request.body) {
                (_, Some(data)) if is_http_body(field) => {
                    let mut out = Vec::new();
                    put_len(&mut out, field.number, &to_http_body(request.content_type, data));
                    (out, false)
                }
                (Some(json), _) => parts::field(field, json, options).map_err(RequestError::Body)?,
                (None, _) => return Ok((Vec::new(), false)),
            };
            // The messages around the field may lack required fields, too.
            let incomplete = incomplete
                || around.iter().filter_map(|field| field.message()).any(MessageSchema::has_required);
            let wrap = |content: Vec<u8>, field: &&Field| {
                let mut out = Vec::with_capacity(content.len() + 8);
                put_len(&mut out, field.number, &content);
                out
            };
            Ok((around.iter().rev().fold(wire, wrap), incomplete))
        }
        Body::None if content.is_some() && !options.ignore_unknown => {
            Err(RequestError::UnexpectedBody { template })
        }
        Body::None => Ok((Vec::new(), false)),
    }
}

/// The field at a dotted path through single messages, and the fields of those.
fn field_at(mut schema: &'static MessageSchema, path: &str) -> Option<(Vec<&'static Field>, &'static Field)> {
    let mut around = Vec::new();
    let mut names = path.split('.').peekable();
    loop {
        let field = schema.field(names.next()?)?;
        if names.peek().is_none() {
            return Some((around, field));
        }
        if field.presence.is_repeated() || field.kind.is_group() {
            return None;
        }
        schema = field.message()?;
        around.push(field);
    }
}

pub(super) fn read_query(
    parameters: &mut Parameters,
    route: &Match<'_>,
    query: &str,
    options: RequestOptions,
) -> Result<(), RequestError> {
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        match read_pair(parameters, route, key, value, options) {
            Ok(()) => {}
            Err(ParameterError::Unknown | ParameterError::InBody) if options.ignore_unknown => {}
            Err(error) => {
                let mut key = key.to_owned();
                if let Some((end, _)) = key.char_indices().nth(64) {
                    key.replace_range(end.., "…");
                }
                return Err(RequestError::Query { key, error });
            }
        }
    }
    Ok(())
}

fn read_pair(
    parameters: &mut Parameters,
    route: &Match<'_>,
    key: &str,
    value: &str,
    options: RequestOptions,
) -> Result<(), ParameterError> {
    let key = options.text(key)?;
    match route.binding.request_body() {
        Body::All => return Err(ParameterError::InBody),
        Body::Field(name) if parameters.is_within(&key, name) => return Err(ParameterError::InBody),
        Body::Field(_) | Body::None => {}
    }
    parameters.parameter(&key, &options.text(value)?, options)
}

/// The values of a path.
struct PathValues {
    schema: &'static MessageSchema,
    fields: Vec<&'static str>,
    values: Parameters,
}

impl PathValues {
    fn read(
        route: &Match<'_>,
        schema: &'static MessageSchema,
        captures: &[(&'static str, Cow<'_, str>)],
    ) -> Result<Self, RequestError> {
        let template = route.binding.template();
        let mut values = Parameters::new(schema);
        for (field, value) in captures {
            values.variable(field, value).map_err(|error| match error {
                ParameterError::Unknown | ParameterError::NotFlat => {
                    RequestError::Binding { template, field }
                }
                error => RequestError::Path { field, error },
            })?;
        }
        Ok(Self { schema, fields: captures.iter().map(|(field, _)| *field).collect(), values })
    }

    /// Replaces fields of the message by these values, and checks the result.
    fn add(&self, mut wire: Vec<u8>, mut incomplete: bool) -> Result<Vec<u8>, RequestError> {
        if !self.fields.is_empty() {
            if !wire.is_empty()
                && let Cow::Owned(rest) = without(self.schema, &wire, &self.fields)?
            {
                wire = rest;
            }
            self.values.write(&mut wire);
            incomplete |= self.values.has_required();
        }
        if incomplete && let Some(field) = required::missing(self.schema, &wire)? {
            return Err(RequestError::MissingRequired { field });
        }
        Ok(wire)
    }
}
