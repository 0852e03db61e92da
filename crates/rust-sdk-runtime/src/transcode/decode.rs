//! From a request back to the message that it stands for.

use super::parameters::{ParameterError, Parameters};
use super::{HTTP_BODY, is_http_body, required, to_http_body};
use crate::api::method::MethodSchemas;
use crate::api::routing::encode::decode;
use crate::api::routing::leaf::without;
use crate::api::routing::{Body, Match};
use crate::error::code::Code;
use crate::message::json::{DecodeOptions, JsonError, JsonErrorKind, parts};
use crate::wire::reader::{WireError, put_len};

/// What a request holds besides its verb and its path. `Debug` shows sizes alone.
#[derive(Clone, Copy, Default)]
pub struct Incoming<'a> {
    /// The query as it came: what follows the `?`, or nothing.
    pub query: &'a str,
    /// The body's `Content-Type`.
    pub content_type: Option<&'a str>,
    /// The body, where there is one.
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

/// A request is no message of its method. It names the field and the rule, never the value, which may be a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// A value in the path is not one of its field.
    #[error("path: `{field}`: {error}")]
    Path {
        /// The variable's field path.
        field: &'static str,
        /// What is wrong.
        error: ParameterError,
    },
    /// A query parameter is not one of the message, or has a value that its field cannot have.
    #[error("query: `{key}`: {error}")]
    Query {
        /// The key as the client wrote it, shortened if it is long.
        key: String,
        /// What is wrong.
        error: ParameterError,
    },
    /// The body is not JSON of the message or the field that it should be.
    #[error("body: {0}")]
    Body(JsonError),
    /// There is a body where the binding takes none.
    #[error("body: {template} takes none")]
    UnexpectedBody {
        /// The binding's template.
        template: &'static str,
    },
    /// A proto2 required field is nowhere in the request.
    #[error("`{field}` is required")]
    MissingRequired {
        /// The field's dotted path.
        field: String,
    },
    /// The binding does not fit the message: the server's own fault.
    #[error("{template}: the message has no field `{field}` that can be there")]
    Binding {
        /// The binding's template.
        template: &'static str,
        /// The field.
        field: &'static str,
    },
    /// What was put together is not a message: the server's own fault.
    #[error("the request could not be put together: {0}")]
    Internal(JsonErrorKind),
}

impl RequestError {
    /// The status code: `INVALID_ARGUMENT` for what the client did wrong, `INTERNAL` for what is the server's fault.
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

/// The encoded request message that an HTTP request states, the inverse of [`request`](super::request).
///
/// What the path holds wins over the body and the query. Query keys are JSON names or proto names, `+` is a plus, and
/// a list is a key that is repeated. An empty JSON body is read as none. Unknown fields and query parameters are errors
/// unless the options say to ignore them; the types that an `Any` may hold are those of `schemas`.
///
/// # Errors
/// When the request is no such message; [`RequestError::code`] says whose fault that is.
pub fn decode_request(
    route: &Match<'_>,
    schemas: &MethodSchemas,
    request: &Incoming<'_>,
    options: &DecodeOptions,
) -> Result<Vec<u8>, RequestError> {
    let options = DecodeOptions { types: schemas.types(), ..*options };
    let schema = schemas.request();
    let (mut wire, mut incomplete) = body(route, schemas, request, &options)?;
    let mut query = Parameters::new(schema);
    read_query(&mut query, route, request.query, &options)?;
    query.write(&mut wire);
    incomplete |= query.has_required();
    let wire = add_path(route, schemas, wire, incomplete)?;
    Ok(wire)
}

/// The encoded request messages of a stream: a JSON array, or JSON values one after the other (`application/x-ndjson`).
/// What the path holds is in each of them.
///
/// # Errors
/// As [`decode_request`]; `None` where the binding's body is not the whole message, so that there is no stream.
pub fn decode_requests(
    route: &Match<'_>,
    schemas: &MethodSchemas,
    request: &Incoming<'_>,
    options: &DecodeOptions,
) -> Result<Option<Vec<Vec<u8>>>, RequestError> {
    if route.binding.request_body() != Body::All {
        return Ok(None);
    }
    if schemas.request().name() == HTTP_BODY {
        return decode_request(route, schemas, request, options).map(|wire| Some(vec![wire]));
    }
    let options = DecodeOptions { types: schemas.types(), ..*options };
    read_query(&mut Parameters::new(schemas.request()), route, request.query, &options)?;
    let parts = parts::messages(schemas.request(), request.body.unwrap_or_default(), &options)
        .map_err(RequestError::Body)?;
    let complete = |(wire, incomplete)| add_path(route, schemas, wire, incomplete);
    parts.into_iter().map(complete).collect::<Result<_, _>>().map(Some)
}

/// What the body states, and whether required fields may be absent from it.
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
            let field = schema.field(name).ok_or(RequestError::Binding { template, field: name })?;
            match (content, request.body) {
                (_, Some(data)) if is_http_body(field) => {
                    let mut out = Vec::new();
                    put_len(&mut out, field.number, &to_http_body(request.content_type, data));
                    Ok((out, false))
                }
                (Some(json), _) => parts::field(field, json, options).map_err(RequestError::Body),
                (None, _) => Ok((Vec::new(), false)),
            }
        }
        Body::None if content.is_some() && !options.ignore_unknown => {
            Err(RequestError::UnexpectedBody { template })
        }
        Body::None => Ok((Vec::new(), false)),
    }
}

fn read_query(
    parameters: &mut Parameters,
    route: &Match<'_>,
    query: &str,
    options: &DecodeOptions,
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
    options: &DecodeOptions,
) -> Result<(), ParameterError> {
    let key = decode(key)?;
    match route.binding.request_body() {
        Body::All => return Err(ParameterError::InBody),
        Body::Field(name) if parameters.is_within(&key, name) => return Err(ParameterError::InBody),
        Body::Field(_) | Body::None => {}
    }
    parameters.parameter(&key, &decode(value)?, options)
}

/// Puts the path's values in the place of what is there, and checks what was put together.
fn add_path(
    route: &Match<'_>,
    schemas: &MethodSchemas,
    mut wire: Vec<u8>,
    mut incomplete: bool,
) -> Result<Vec<u8>, RequestError> {
    let (schema, template) = (schemas.request(), route.binding.template());
    let mut path = Parameters::new(schema);
    let mut taken = Vec::new();
    for (field, value) in route.captures() {
        path.variable(field, &value).map_err(|error| match error {
            ParameterError::Unknown | ParameterError::NotFlat => RequestError::Binding { template, field },
            error => RequestError::Path { field, error },
        })?;
        taken.push(field);
    }
    if !taken.is_empty() {
        if !wire.is_empty() {
            wire = without(schema, &wire, &taken)?;
        }
        path.write(&mut wire);
        incomplete |= path.has_required();
    }
    if incomplete && let Some(field) = required::missing(schema, &wire)? {
        return Err(RequestError::MissingRequired { field });
    }
    Ok(wire)
}
