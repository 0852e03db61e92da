//! Writes a message as the response that the client half reads.

use std::borrow::Cow;
use std::fmt;

use super::{HTTP_BODY, JSON, RestError, body_field, field_body, http_body, is_http_body};
use crate::api::method::MethodSchemas;
use crate::api::routing::Binding;
#[cfg(feature = "direct")]
use crate::message::engine::Fields;
use crate::message::json::{self, EncodeOptions};
#[cfg(feature = "direct")]
use crate::message::schema::HasSchema;

/// A response, ready to be sent. `Debug` shows only the size of the body.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RestResponse {
    /// The body.
    pub body: Vec<u8>,
    /// The body's `Content-Type`, if it is known.
    pub content_type: Option<Cow<'static, str>>,
}

impl fmt::Debug for RestResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RestResponse")
            .field("content_type", &self.content_type)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

/// The response for a response message, the inverse of [`response`](super::response). `wire` is the encoded message. An `Any` may hold the
/// types of `schemas`.
///
/// # Errors
/// If the message has no JSON form, which is the server's fault.
pub fn encode_response(
    binding: &Binding,
    schemas: &MethodSchemas,
    wire: &[u8],
    options: &EncodeOptions,
) -> Result<RestResponse, RestError> {
    let options = EncodeOptions { types: schemas.types(), ..*options };
    let schema = schemas.response();
    let (body, content_type) = match binding.response_body_field() {
        Some(name) => {
            let field = body_field(binding, schema, name)?;
            match field_body(schema, field, wire, &options)? {
                Some(content) => content,
                None if is_http_body(field) => (Vec::new(), None),
                None => (b"null".to_vec(), Some(JSON.into())),
            }
        }
        None if schema.name() == HTTP_BODY => http_body(wire)?,
        None => (json::from_wire(schema, wire, &options)?, Some(JSON.into())),
    };
    Ok(RestResponse { body, content_type })
}

/// A response message in memory.
#[cfg(feature = "direct")]
pub(crate) trait ToResponse: Send {
    /// The size in the binary format, in bytes.
    fn size(&self) -> usize;

    /// As [`encode_response`].
    fn to_response(
        &self,
        binding: &Binding,
        schemas: &MethodSchemas,
        options: &EncodeOptions,
    ) -> Result<RestResponse, RestError>;
}

#[cfg(feature = "direct")]
impl<M: prost::Message + HasSchema> ToResponse for M {
    fn size(&self) -> usize {
        self.encoded_len()
    }

    fn to_response(
        &self,
        binding: &Binding,
        schemas: &MethodSchemas,
        options: &EncodeOptions,
    ) -> Result<RestResponse, RestError> {
        match self.fields().and_then(|fields| encode_fields(binding, schemas, fields, options)) {
            Some(response) => Ok(response),
            None => encode_response(binding, schemas, &self.encode_to_vec(), options),
        }
    }
}

/// The response from the fields of a message. `None` if it must be made from the bytes: because it is a part of the message, or to determine
/// the error.
#[cfg(feature = "direct")]
fn encode_fields(
    binding: &Binding,
    schemas: &MethodSchemas,
    fields: &dyn Fields,
    options: &EncodeOptions,
) -> Option<RestResponse> {
    let schema = schemas.response();
    if binding.response_body_field().is_some() || schema.name() == HTTP_BODY {
        return None;
    }
    let options = EncodeOptions { types: schemas.types(), ..*options };
    let body = json::from_fields(schema, fields, &options).ok()?;
    Some(RestResponse { body, content_type: Some(JSON.into()) })
}

/// Whether responses are raw bytes instead of JSON.
pub(crate) fn is_raw(binding: &Binding, schemas: &MethodSchemas) -> bool {
    match binding.response_body_field() {
        Some(name) => schemas.response().field(name).is_some_and(is_http_body),
        None => schemas.response().name() == HTTP_BODY,
    }
}
