//! The HTTP request of a call.

use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};

use super::super::{Body, RawRequest, RequestBody, Transport};
use super::content::is_raw;
use crate::error::{Error, ErrorKind};
use crate::http::Binding;
use crate::method::{Method, MethodSchemas, Streaming};
use crate::rest::{self, RestError, RestRequest};

/// The request, and the binding that it was made by.
pub(super) async fn prepare(
    transport: &Transport,
    request: RawRequest,
    schemas: &MethodSchemas,
) -> Result<(http::Request<Body>, &'static Binding), Error> {
    let RawRequest { method, headers, deadline, body, .. } = request;
    let rest = match body {
        RequestBody::Message(payload) => rest::request(method, schemas, payload.message()).map_err(unfit)?,
        RequestBody::Stream(_) | RequestBody::End => return Err(no_streams(method)),
    };
    let accept = if is_raw(rest.binding, schemas) { "*/*" } else { "application/json" };
    let headers = complete(headers, &rest, HeaderValue::from_static(accept), deadline.header())?;
    let mut http = http::Request::new(Body::full(rest.body.unwrap_or_default()));
    *http.method_mut() = http::Method::from_bytes(rest.verb.as_bytes())
        .map_err(|error| Error::new(ErrorKind::Config, "the verb is not valid").with_source(error))?;
    *http.uri_mut() = transport.uri(&rest.path_and_query)?;
    *http.headers_mut() = headers;
    Ok((http, rest.binding))
}

/// The message has no REST form. The error names fields and bindings, and no value.
fn unfit(error: RestError) -> Error {
    Error::invalid_argument(error.to_string()).with_source(error)
}

fn no_streams(method: &Method) -> Error {
    let what = match method.streaming() {
        Streaming::Bidirectional => "REST has no streams in both directions",
        _ => "REST has no such stream of requests",
    };
    Error::new(ErrorKind::Config, format!("{what}: call the method over gRPC"))
}

/// What the caller set, with what the transport adds.
fn complete(
    mut headers: HeaderMap,
    rest: &RestRequest,
    accept: HeaderValue,
    timeout: Option<HeaderValue>,
) -> Result<HeaderMap, Error> {
    // gRPC's own; a proxy in front of a gRPC server would pass it on.
    headers.remove("grpc-previous-rpc-attempts");
    headers.entry(ACCEPT).or_insert(accept);
    if let Some(content_type) = &rest.content_type {
        let content_type = HeaderValue::try_from(&**content_type).map_err(|_| {
            Error::invalid_argument("the content type of the google.api.HttpBody is not a valid header value")
        })?;
        headers.insert(CONTENT_TYPE, content_type);
    }
    if rest.body.is_none() && matches!(rest.verb, "POST" | "PUT" | "PATCH") {
        // Without it some servers answer 411; hyper leaves it out (RFC 9110 §8.6).
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    if let Some(timeout) = timeout {
        // grpc-gateway and Envoy go by it, as gRPC servers do.
        headers.insert("grpc-timeout", timeout);
    }
    Ok(headers)
}
