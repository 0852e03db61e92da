//! Converts messages to REST requests and REST responses to messages (`google.api.http`), and does the inverse of both for servers.
//!
//! Source: `google/api/http.proto`. This module has no transport: use it with any HTTP client or server.

mod decode;
mod encode;
#[cfg(feature = "direct")]
mod fields;
mod filled_mask;
mod options;
mod parameters;
mod required;

pub use crate::error::rest_status as status;

use std::borrow::Cow;
use std::fmt;

use crate::api::method::{Method, MethodSchemas, Rpc};
use crate::api::routing::leaf::{Leaf, without};
use crate::api::routing::{Binding, Body, Part, PathError, PathValue, QueryError, query};
use crate::message::json::{self, DecodeOptions, EncodeOptions, JsonError, JsonErrorKind};
use crate::message::schema::canonical::{Canonical, Set};
use crate::message::schema::{Field, HasSchema, MessageSchema, Presence};
use crate::wire::reader::{Reader, WireError, put_len};

pub use decode::{Incoming, RequestError, decode_request, decode_requests};
#[cfg(feature = "direct")]
pub(crate) use encode::ToResponse;
pub(crate) use encode::is_raw;
pub use encode::{RestResponse, encode_response};
#[cfg(feature = "direct")]
pub(crate) use fields::decode_message;
pub use options::RequestOptions;
pub use parameters::ParameterError;

const JSON: &str = "application/json";
/// The message that stands for a body of any type: the body is its bytes, not JSON.
pub(crate) const HTTP_BODY: &str = "google.api.HttpBody";

/// A request, ready to be sent. `Debug` shows the template instead of the path, and only the size of the body: values may be secret.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RestRequest {
    /// The binding that the request was built from; [`response`] needs it.
    pub binding: &'static Binding,
    /// The HTTP verb.
    pub verb: &'static str,
    /// The path, and the query if there is one: everything after the host.
    pub path_and_query: String,
    /// The body, if there is one.
    pub body: Option<Vec<u8>>,
    /// The body's `Content-Type`, if it is known.
    pub content_type: Option<Cow<'static, str>>,
}

impl fmt::Debug for RestRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = self.body.as_ref().map(Vec::len);
        f.debug_struct("RestRequest")
            .field("verb", &self.verb)
            .field("template", &self.binding.template())
            .field("body", &body.map(|length| format!("{length} bytes")))
            .finish_non_exhaustive()
    }
}

/// A message has no REST form, or a response is not a valid message.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RestError {
    /// The method has no HTTP binding, or no binding fits the message.
    #[error("{method} cannot be called over HTTP: {}", Tried(.tried))]
    NoBinding {
        /// The method's gRPC path.
        method: &'static str,
        /// The bindings in order, each with the reason.
        tried: Vec<(&'static Binding, BindingError)>,
    },
    /// A field is set that a query cannot hold.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The body is not JSON of the message, or the message has no JSON form.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// `google.api.HttpBody.extensions` is set, but HTTP has no place for it.
    #[error("the extensions of a google.api.HttpBody cannot be sent")]
    HttpBodyExtensions,
    /// The binding names a body field that the message does not have.
    #[error("{template}: the message has no field `{field}`")]
    UnknownField {
        /// The binding's template.
        template: &'static str,
        /// The field.
        field: &'static str,
    },
}

impl From<JsonErrorKind> for RestError {
    fn from(reason: JsonErrorKind) -> Self {
        Self::Json(JsonError::new(reason))
    }
}

impl From<WireError> for RestError {
    fn from(error: WireError) -> Self {
        JsonErrorKind::from(error).into()
    }
}

/// Why no binding fits.
pub(crate) struct Tried<'a>(pub(crate) &'a [(&'static Binding, BindingError)]);

impl fmt::Display for Tried<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("it has no HTTP binding");
        }
        for (index, (binding, mismatch)) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{} {mismatch}", binding.verb())?;
        }
        Ok(())
    }
}

/// Why a binding does not fit a message.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BindingError {
    /// A variable's value does not fit.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A variable's field, or a parent message, is not set.
    #[error("path {template}: `{field}` is not set; set it")]
    Unset {
        /// The template as annotated.
        template: &'static str,
        /// The variable's field path, up to the unset field.
        field: &'static str,
    },
    /// The variable names no field that a path can hold.
    #[error("path {template}: `{field}` is not a field that a path can hold")]
    NoField {
        /// The template as annotated.
        template: &'static str,
        /// The variable's field path.
        field: &'static str,
    },
    /// The template has a wildcard outside the variables, for which no field has a value.
    #[error("path {template}: no field gives the wildcard a value; build the path from values")]
    Wildcard {
        /// The template as annotated.
        template: &'static str,
    },
    /// An item of a list has a comma. In a path, commas separate the items.
    #[error("path {template}: an item of `{field}` has a comma, which would be read as two items")]
    Separator {
        /// The template as annotated.
        template: &'static str,
        /// The variable's field path.
        field: &'static str,
    },
    /// The field's value has no text form, or the bytes are not a valid message.
    #[error("path {template}: `{field}`: {reason}")]
    Value {
        /// The template as annotated.
        template: &'static str,
        /// The variable's field path.
        field: &'static str,
        /// The problem with the value.
        reason: JsonErrorKind,
    },
}

impl<I: prost::Message + HasSchema, O: HasSchema, K> Rpc<I, O, K> {
    /// The HTTP request of a call with this message: verb, path, query and body, by the first binding that fits the message
    /// (`google.api.http`).
    ///
    /// # Errors
    /// If no binding fits, or if a field would go to the query that a query cannot hold.
    pub fn rest_request(&self, request: &I) -> Result<RestRequest, RestError> {
        self::request(self.method(), &MethodSchemas::of(self), &request.encode_to_vec())
    }
}

/// The request for a message, by the first of the method's bindings that fits. `wire` is the encoded request message.
pub fn request(
    method: &'static Method,
    schemas: &MethodSchemas,
    wire: &[u8],
) -> Result<RestRequest, RestError> {
    let mut tried = Vec::new();
    for binding in method.bindings() {
        match path(binding, schemas.request(), wire) {
            Ok(path) => return complete(binding, schemas, wire, path),
            Err(mismatch) => tried.push((binding, mismatch)),
        }
    }
    Err(RestError::NoBinding { method: method.path(), tried })
}

fn path(binding: &Binding, schema: &'static MessageSchema, wire: &[u8]) -> Result<String, BindingError> {
    let template = binding.template();
    let mut values = Vec::new();
    for part in binding.parts() {
        match part {
            Part::Literal(_) => {}
            Part::Variable(field, _) => values.push(variable(template, field, schema, wire)?),
            Part::Wildcard(_) => return Err(BindingError::Wildcard { template }),
        }
    }
    let values: Vec<_> = values.iter().map(Owned::value).collect();
    Ok(binding.path(&values)?)
}

/// A variable's value, owned: it may come from a reordered copy of the message's bytes.
enum Owned {
    Text(String),
    Bytes(Vec<u8>),
    Scalar(PathValue<'static>),
}

impl Owned {
    fn new(leaf: Leaf<'_>) -> Self {
        match leaf {
            Leaf::Text(text) => Self::Text(text),
            Leaf::Value(PathValue::Str(text)) => Self::Text(text.to_owned()),
            Leaf::Value(PathValue::Bytes(bytes)) => Self::Bytes(bytes.to_owned()),
            Leaf::Value(PathValue::Int(n)) => Self::Scalar(PathValue::Int(n)),
            Leaf::Value(PathValue::Uint(n)) => Self::Scalar(PathValue::Uint(n)),
            Leaf::Value(PathValue::Bool(b)) => Self::Scalar(PathValue::Bool(b)),
            Leaf::Value(PathValue::Float(n)) => Self::Scalar(PathValue::Float(n)),
            Leaf::Value(PathValue::Double(n)) => Self::Scalar(PathValue::Double(n)),
        }
    }

    fn value(&self) -> PathValue<'_> {
        match self {
            Self::Text(text) => PathValue::Str(text),
            Self::Bytes(bytes) => PathValue::Bytes(bytes),
            Self::Scalar(value) => *value,
        }
    }
}

fn variable(
    template: &'static str,
    field: &'static str,
    schema: &'static MessageSchema,
    wire: &[u8],
) -> Result<Owned, BindingError> {
    let value = |reason: JsonErrorKind| BindingError::Value { template, field, reason };
    let mut schema = schema;
    let mut wire = Cow::Borrowed(wire);
    let mut end = 0;
    for step in field.split('.') {
        end += step.len();
        let found = schema.fields().iter().position(|field| field.name == step);
        let Some(index) = found else { return Err(BindingError::NoField { template, field }) };
        let kind = &schema.fields()[index].kind;
        let presence = schema.fields()[index].presence;
        let message = Canonical::new(schema, &wire).map_err(|e| value(e.into()))?;
        let set = message.get(index).map_err(|e| value(e.into()))?;
        let content = match &set {
            Some(set) => set.value,
            None if presence == Presence::Implicit => kind.default_value(),
            None => return Err(BindingError::Unset { template, field: &field[..end] }),
        };
        if end == field.len() {
            if presence.is_repeated() {
                let set = set.ok_or(BindingError::Unset { template, field })?;
                return list(template, field, &set).map(Owned::Text);
            }
            let leaf = Leaf::read(kind, content).map_err(value)?;
            return leaf.map(Owned::new).ok_or(BindingError::NoField { template, field });
        }
        let Some(inner) = schema.fields()[index].message() else {
            return Err(BindingError::NoField { template, field });
        };
        let content = content.message().map_err(|e| value(e.into()))?.to_owned();
        (schema, wire) = (inner, Cow::Owned(content));
        end += 1;
    }
    Err(BindingError::NoField { template, field })
}

/// The items of a list, with commas between them, as grpc-gateway reads them.
fn list(template: &'static str, field: &'static str, set: &Set<'_>) -> Result<String, BindingError> {
    let wrong = |reason: JsonErrorKind| BindingError::Value { template, field, reason };
    let mut text = String::new();
    let mut elements = set.elements();
    let mut separator = "";
    while let Some(value) = elements.next().map_err(|error| wrong(error.into()))? {
        let leaf = Leaf::read(&set.field.kind, value).map_err(wrong)?;
        let item = leaf.ok_or(BindingError::NoField { template, field })?.value().to_string();
        if item.contains(',') {
            return Err(BindingError::Separator { template, field });
        }
        text.push_str(separator);
        text.push_str(&item);
        separator = ",";
    }
    Ok(text)
}

/// Adds the query and the body to the path.
fn complete(
    binding: &'static Binding,
    schemas: &MethodSchemas,
    wire: &[u8],
    path: String,
) -> Result<RestRequest, RestError> {
    let schema = schemas.request();
    let options = EncodeOptions { types: schemas.types(), unknown_any: true, ..EncodeOptions::default() };
    let mut taken: Vec<&str> = binding
        .parts()
        .iter()
        .filter_map(|part| if let Part::Variable(field, _) = part { Some(*field) } else { None })
        .collect();
    let mut path_and_query = path;
    let content = match binding.request_body() {
        Body::All => {
            let rest = without(schema, wire, &taken)?;
            if schema.name() == HTTP_BODY {
                Some(http_body(&rest)?)
            } else {
                Some((json::from_wire(schema, &rest, &options)?, Some(JSON.into())))
            }
        }
        Body::Field(name) => {
            let content = match body_parent(binding, schema, wire, name)? {
                Some((schema, wire, field)) => field_body(schema, field, &wire, &options)?,
                None => None,
            };
            // What the body does not carry stays for the query, which rejects a message that is set but empty.
            if content.is_some() {
                taken.push(name);
            }
            query::write(&mut path_and_query, schema, &without(schema, wire, &taken)?)?;
            content
        }
        Body::None => {
            query::write(&mut path_and_query, schema, &without(schema, wire, &taken)?)?;
            None
        }
    };
    let verb = match binding.verb() {
        // A binding for every verb needs one to send.
        "*" => {
            if content.is_some() {
                "POST"
            } else {
                "GET"
            }
        }
        verb => verb,
    };
    let (body, content_type) =
        content.map_or((None, None), |(body, content_type)| (Some(body), content_type));
    Ok(RestRequest { binding, verb, path_and_query, body, content_type })
}

type Content = (Vec<u8>, Option<Cow<'static, str>>);

fn body_field(
    binding: &Binding,
    schema: &'static MessageSchema,
    name: &'static str,
) -> Result<&'static Field, RestError> {
    let template = binding.template();
    schema.field(name).ok_or(RestError::UnknownField { template, field: name })
}

/// The field of a body, and the message that directly holds it.
type BodyField<'w> = (&'static MessageSchema, Cow<'w, [u8]>, &'static Field);

/// The field of the body. `None` if a message around it is not set.
fn body_parent<'w>(
    binding: &Binding,
    mut schema: &'static MessageSchema,
    wire: &'w [u8],
    name: &'static str,
) -> Result<Option<BodyField<'w>>, RestError> {
    let unknown = || RestError::UnknownField { template: binding.template(), field: name };
    let mut wire = Cow::Borrowed(wire);
    let mut names = name.split('.').peekable();
    while let Some(name) = names.next() {
        let field = schema.field(name).ok_or_else(unknown)?;
        if names.peek().is_none() {
            return Ok(Some((schema, wire, field)));
        }
        let index = schema.index_of(field.number, 0).unwrap_or_default();
        let message = Canonical::new(schema, &wire)?;
        let Some(set) = message.get(index)? else { return Ok(None) };
        let content = set.value.message()?.to_owned();
        (schema, wire) = (field.message().ok_or_else(unknown)?, Cow::Owned(content));
    }
    Err(unknown())
}

/// The body from one field; `None` if the field has presence and is not set.
fn field_body(
    schema: &'static MessageSchema,
    field: &'static Field,
    wire: &[u8],
    options: &EncodeOptions,
) -> Result<Option<Content>, RestError> {
    let message = Canonical::new(schema, wire)?;
    let index = schema.index_of(field.number, 0).unwrap_or_default();
    let set = match message.get(index)? {
        Some(set) => set,
        None if field.presence == Presence::Implicit || field.presence.is_repeated() => {
            Set { index, field, value: field.kind.default_value(), records: &[] }
        }
        None => return Ok(None),
    };
    if is_http_body(field) {
        return http_body(set.value.message()?).map(Some);
    }
    Ok(Some((json::field_from_wire(&set, options)?, Some(JSON.into()))))
}

fn is_http_body(field: &Field) -> bool {
    !field.presence.is_repeated() && field.kind.message().is_some_and(|schema| schema.name() == HTTP_BODY)
}

/// The bytes and the content type of a `google.api.HttpBody`.
fn http_body(wire: &[u8]) -> Result<Content, RestError> {
    let (mut data, mut content_type) = (&[][..], None);
    let mut reader = Reader::new(wire);
    while let Some((number, value)) = reader.field()? {
        match number {
            1 => content_type = Some(Cow::Owned(value.text()?.to_owned())),
            2 => data = value.bytes()?,
            3 => return Err(RestError::HttpBodyExtensions),
            _ => {}
        }
    }
    Ok((data.to_owned(), content_type))
}

/// The encoded response message in the body of a successful response. `binding` is the request's.
///
/// Unknown fields and enum values are ignored. An `Any` of an unknown type holds a `google.protobuf.Struct`
/// ([`DecodeOptions::unknown_any`]). An empty body is a message only if the message has no fields.
pub fn response(
    binding: &Binding,
    schemas: &MethodSchemas,
    content_type: Option<&str>,
    body: &[u8],
) -> Result<Vec<u8>, RestError> {
    let schema = schemas.response();
    let options = DecodeOptions { ignore_unknown: true, unknown_any: true, types: schemas.types() };
    if let Some(name) = binding.response_body_field() {
        let field = body_field(binding, schema, name)?;
        if is_http_body(field) {
            let mut out = Vec::new();
            put_len(&mut out, field.number, &to_http_body(content_type, body));
            return Ok(out);
        }
        return Ok(json::field_to_wire(field, body, &options)?);
    }
    if schema.name() == HTTP_BODY {
        return Ok(to_http_body(content_type, body));
    }
    if body.is_empty() && schema.fields().is_empty() {
        return Ok(Vec::new());
    }
    Ok(json::to_wire(schema, body, &options)?)
}

fn to_http_body(content_type: Option<&str>, data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len() + 64);
    for (number, content) in [(1, content_type.unwrap_or_default().as_bytes()), (2, data)] {
        if !content.is_empty() {
            put_len(&mut out, number, content);
        }
    }
    out
}
