//! REST and JSON over HTTP, by the methods' `google.api.http` bindings.
//!
//! A stream of responses is a JSON array (Envoy, Google), JSON values one after the other (grpc-gateway, which wraps each in
//! `{"result": …}`, and Envoy if configured so), or server-sent events. The content type and the first byte tell which. A stream that
//! failed ends with an item `{"error": …}`, or with gRPC's status in the trailers. Envoy does the latter, over HTTP/1.1 only if its
//! `enable_trailers` is on. If it is off, a failed stream looks like a complete one.
//!
//! A stream of requests is one JSON array, which Envoy accepts and for which the client collects all of it first, or one line of JSON for
//! each request, as grpc-gateway reads it ([`RequestFraming`]).

mod content;
mod frames;
mod request;
mod requests;
mod response;
mod scan;

use http::HeaderMap;

use self::content::Content;
pub(crate) use self::response::Messages;
use super::{RawRequest, Transport, failure};
use crate::api::method::{Method, Streaming};
use crate::error::{Error, ErrorKind};
use crate::transcode::{RestError, Tried};

/// How a client sends a stream of requests over REST. The gateway of this crate reads both forms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestFraming {
    /// One JSON array, as Envoy reads it. The client sends it when the stream has ended.
    #[default]
    Array,
    /// A line of JSON for each request, as grpc-gateway reads it. The client sends each request as soon as it is there. Each line has all of
    /// its request, also what is in the path.
    Lines,
}

/// Sends the request and waits for the response's headers.
pub(super) async fn open(transport: &Transport, request: RawRequest) -> Result<(HeaderMap, Messages), Error> {
    let Some(schemas) = request.schemas else {
        let message =
            "REST needs the schemas of the messages: switch on the feature `rest` of the generated crate";
        return Err(Error::new(ErrorKind::Config, message));
    };
    let streaming = is_streaming(request.method);
    let (request, binding) = request::prepare(transport, request, &schemas).await?;
    let response = transport.service.send(request).await.map_err(failure::of_transport)?;
    #[cfg(feature = "gzip")]
    let response = unpacked(response);
    response::open(response, Content::new(binding, schemas), streaming, transport.max_message_size).await
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

/// The error of a stream that REST cannot send.
fn no_stream(what: &str) -> Error {
    Error::new(ErrorKind::Config, format!("{what}: call the method over gRPC"))
}

/// Whether a response has many messages.
fn is_streaming(method: &Method) -> bool {
    matches!(method.streaming(), Streaming::Server | Streaming::Bidirectional)
}

/// The response with its body unpacked, if it is packed.
#[cfg(feature = "gzip")]
fn unpacked(mut response: http::Response<super::Body>) -> http::Response<super::Body> {
    use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};

    if response.headers().get(CONTENT_ENCODING).is_none_or(|encoding| encoding != "gzip") {
        return response;
    }
    response.headers_mut().remove(CONTENT_ENCODING);
    response.headers_mut().remove(CONTENT_LENGTH);
    response.map(|body| super::Body::new(super::gzip::Unpacked::new(body)))
}
