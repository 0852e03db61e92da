//! The HTTP request of a call.

use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, TE};
use http::{HeaderMap, HeaderValue};
use tokio_stream::StreamExt as _;

use super::super::{Body, MessageStream, Payload, RawRequest, RequestBody, Transport};
use crate::api::method::{Method, MethodSchemas, Streaming};
use crate::api::routing::{Binding, Body as BindingBody};
use crate::error::{Error, ErrorKind};
use crate::message::json::{self, EncodeOptions};
use crate::transcode::{self as rest, RestError, RestRequest, Tried};

/// The request and its binding.
pub(super) async fn prepare(
    transport: &Transport,
    request: RawRequest,
    schemas: &MethodSchemas,
) -> Result<(http::Request<Body>, &'static Binding), Error> {
    let RawRequest { method, mut headers, deadline, body, .. } = request;
    let sent = match body {
        RequestBody::Message(payload) => {
            rest::request(method, schemas, payload.message()).map_err(|error| unfit(&error))?
        }
        RequestBody::Stream(messages) => collect(method, schemas, messages).await?,
        RequestBody::End => collect(method, schemas, Box::pin(tokio_stream::empty())).await?,
    };
    // This header is gRPC's own; a proxy in front of a gRPC server would pass it on.
    headers.remove("grpc-previous-rpc-attempts");
    let accept = if rest::is_raw(sent.binding, schemas) { "*/*" } else { "application/json" };
    headers.entry(ACCEPT).or_insert(HeaderValue::from_static(accept));
    #[cfg(feature = "gzip")]
    headers.entry(http::header::ACCEPT_ENCODING).or_insert(HeaderValue::from_static("gzip"));
    // The status of a stream may follow in trailers, and grpc-gateway sends those of the server behind it. Servers omit them unless the
    // client asks.
    headers.insert(TE, HeaderValue::from_static("trailers"));
    if let Some(timeout) = deadline.header() {
        // grpc-gateway and Envoy pass it on.
        headers.insert("grpc-timeout", timeout);
    }
    describe_body(&mut headers, &sent)?;
    let mut http = http::Request::new(Body::full(sent.body.unwrap_or_default()));
    *http.method_mut() = http::Method::from_bytes(sent.verb.as_bytes())
        .map_err(|error| Error::new(ErrorKind::Config, "the verb is not valid").with_source(error))?;
    *http.uri_mut() = transport.uri(&sent.path_and_query)?;
    *http.headers_mut() = headers;
    http.extensions_mut().insert(deadline);
    Ok((http, sent.binding))
}

/// The error of a message without a REST form. It names fields and bindings, but no values.
fn unfit(error: &RestError) -> Error {
    // The client adds the method's name to every error.
    Error::invalid_argument(match error {
        RestError::NoBinding { tried, .. } => {
            format!("the request cannot be sent over HTTP: {}", Tried(tried))
        }
        other => other.to_string(),
    })
}

/// The request for a stream of messages. All of them are collected and sent as one JSON array, which Envoy accepts. As with Envoy, the
/// first message determines the path.
async fn collect(
    method: &'static Method,
    schemas: &MethodSchemas,
    mut messages: MessageStream,
) -> Result<RestRequest, Error> {
    if method.streaming() == Streaming::Bidirectional {
        return Err(no_stream("REST does not support bidirectional streams"));
    }
    let first = messages.next().await.transpose()?;
    let mut rest = rest::request(method, schemas, first.as_ref().map_or(&[], Payload::message))
        .map_err(|error| unfit(&error))?;
    if rest.binding.request_body() != BindingBody::All || schemas.request().name() == rest::HTTP_BODY {
        return Err(no_stream("REST supports streams of requests only if the body is `*` and JSON"));
    }
    let options = EncodeOptions { types: schemas.types(), unknown_any: true, ..EncodeOptions::default() };
    let mut array = vec![b'['];
    if first.is_some() {
        array.append(&mut rest.body.unwrap_or_default());
    }
    while let Some(message) = messages.next().await.transpose()? {
        let json = json::from_wire(schemas.request(), message.message(), &options)
            .map_err(|error| unfit(&error.into()))?;
        array.push(b',');
        array.extend_from_slice(&json);
    }
    array.push(b']');
    rest.body = Some(array);
    Ok(rest)
}

fn no_stream(what: &str) -> Error {
    Error::new(ErrorKind::Config, format!("{what}: call the method over gRPC"))
}

/// Sets the headers that the body requires.
fn describe_body(headers: &mut HeaderMap, rest: &RestRequest) -> Result<(), Error> {
    if let Some(content_type) = &rest.content_type {
        let content_type = HeaderValue::try_from(&**content_type).map_err(|_| {
            Error::invalid_argument("the content type of the google.api.HttpBody is not a valid header value")
        })?;
        headers.insert(CONTENT_TYPE, content_type);
    }
    if rest.body.is_none() && matches!(rest.verb, "POST" | "PUT" | "PATCH") {
        // Some servers answer 411 without this header, and hyper omits it (RFC 9110 §8.6).
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    Ok(())
}
