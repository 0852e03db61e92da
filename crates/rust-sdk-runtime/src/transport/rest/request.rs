//! The HTTP request of a call.

use http::HeaderValue;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, TE};

use super::super::{Body, RawRequest, RequestBody, Transport};
use super::requests::streamed;
use super::unfit;
use crate::api::method::MethodSchemas;
use crate::api::routing::Binding;
use crate::error::{Error, ErrorKind};
use crate::transcode as rest;

/// The request and its binding.
pub(super) async fn prepare(
    transport: &Transport,
    request: RawRequest,
    schemas: &MethodSchemas,
) -> Result<(http::Request<Body>, &'static Binding), Error> {
    let RawRequest { method, mut headers, deadline, body, .. } = request;
    let framing = transport.request_framing;
    let (sent, body) = match body {
        RequestBody::Message(payload) => {
            let mut sent =
                rest::request(method, schemas, payload.message()).map_err(|error| unfit(&error))?;
            let body = sent.body.take();
            if body.is_none() && matches!(sent.verb, "POST" | "PUT" | "PATCH") {
                // Some servers answer 411 without this header, and hyper omits it (RFC 9110 §8.6).
                headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
            }
            (sent, Body::full(body.unwrap_or_default()))
        }
        RequestBody::Stream(messages) => streamed(method, schemas, messages, framing).await?,
        RequestBody::End => streamed(method, schemas, Box::pin(tokio_stream::empty()), framing).await?,
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
    if let Some(content_type) = &sent.content_type {
        let content_type = HeaderValue::try_from(&**content_type).map_err(|_| {
            Error::invalid_argument("the content type of the google.api.HttpBody is not a valid header value")
        })?;
        headers.insert(CONTENT_TYPE, content_type);
    }
    let mut http = http::Request::new(body);
    *http.method_mut() = http::Method::from_bytes(sent.verb.as_bytes())
        .map_err(|error| Error::new(ErrorKind::Config, "the verb is not valid").with_source(error))?;
    *http.uri_mut() = transport.uri(&sent.path_and_query)?;
    *http.headers_mut() = headers;
    http.extensions_mut().insert(deadline);
    Ok((http, sent.binding))
}
