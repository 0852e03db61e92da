//! The answers of a service, and the HTTP response to a call with one.

use std::borrow::Cow;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Response};

#[cfg(feature = "direct")]
use super::direct::responses::Responses;
use super::headers::{add_metadata, header_prefix, of_response, trailer_prefix};
use super::settings::Options;
use crate::api::method::MethodSchemas;
use crate::api::routing::Binding;
use crate::error::Error;
use crate::transcode::{self as rest, RestError, RestResponse};
use crate::transport::{Body, GrpcMessages};

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The answer to a call.
pub(super) enum Answer {
    One(Response<Body>),
    /// Many responses, after these headers.
    Many(HeaderMap, Box<Messages>),
}

/// The response to a call with this content only.
pub(super) fn single(
    options: &Options,
    headers: HeaderMap,
    content: RestResponse,
    trailers: &HeaderMap,
) -> Response<Body> {
    let RestResponse { body, content_type } = content;
    let mut response = response(options, Body::full(body), content_type, headers);
    add_metadata(response.headers_mut(), trailers, trailer_prefix(options.prefix_metadata));
    response
}

/// A response with the service's headers.
pub(super) fn response(
    options: &Options,
    body: Body,
    content_type: Option<Cow<'static, str>>,
    metadata: HeaderMap,
) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    *headers = of_response(metadata, header_prefix(options.prefix_metadata));
    let value = content_type.map(|content_type| match content_type {
        Cow::Borrowed("application/json") => Ok(JSON),
        Cow::Borrowed(text) => HeaderValue::from_maybe_shared(Bytes::from_static(text.as_bytes())),
        Cow::Owned(text) => HeaderValue::from_str(&text),
    });
    // The service states the type of its bytes. An invalid type is left out.
    if let Some(Ok(value)) = value
        && !value.is_empty()
    {
        headers.insert(CONTENT_TYPE, value);
    }
    response
}

/// The responses of a call, as they arrive.
pub(super) enum Messages {
    Grpc(GrpcMessages),
    #[cfg(feature = "direct")]
    Direct(Responses),
}

impl Messages {
    /// The next response; `None` after the last one of a successful call. Must not be polled again after `None` or an error.
    pub(super) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Message, Error>>> {
        match self {
            Self::Grpc(messages) => messages.poll_next(context).map_ok(Message::Encoded),
            #[cfg(feature = "direct")]
            Self::Direct(responses) => responses.poll_next(context).map_ok(Message::Typed),
        }
    }

    /// The trailers without the status; empty until the end.
    pub(super) fn trailers(&self) -> &HeaderMap {
        match self {
            Self::Grpc(messages) => messages.trailers(),
            #[cfg(feature = "direct")]
            Self::Direct(responses) => responses.trailers(),
        }
    }
}

/// A response message.
pub(super) enum Message {
    Encoded(Bytes),
    #[cfg(feature = "direct")]
    Typed(Box<dyn rest::ToResponse>),
}

impl Message {
    /// The message as a response over REST.
    pub(super) fn encode(
        &self,
        binding: &Binding,
        schemas: &MethodSchemas,
        options: &Options,
    ) -> Result<RestResponse, RestError> {
        match self {
            Self::Encoded(wire) => rest::encode_response(binding, schemas, wire, &options.encode),
            #[cfg(feature = "direct")]
            Self::Typed(message) => message.to_response(binding, schemas, &options.encode),
        }
    }
}
