//! gRPC over HTTP/2.

use http::header::{CONTENT_TYPE, TE};
use http::{HeaderMap, HeaderValue};

use super::frame::Messages;
use super::payload::StreamFailure;
use super::{Body, RawRequest, Transport, failure};
use crate::error::grpc_status;
use crate::error::{BoxError, Error};

/// Sends the request and waits for the response's headers.
pub(super) async fn open(transport: &Transport, request: RawRequest) -> Result<(HeaderMap, Messages), Error> {
    let (body, failure) = StreamFailure::of(request.body);
    let request = RawRequest { body, ..request };
    let response = transport.service.send(http_request(transport, request)?).await;
    match receive(response, transport.max_message_size) {
        Ok((headers, messages)) => Ok((headers, messages.of_requests(failure))),
        Err(error) => Err(failure.or(error)),
    }
}

/// The response's headers and its messages.
pub(crate) fn receive(
    response: Result<http::Response<Body>, BoxError>,
    max_message_size: usize,
) -> Result<(HeaderMap, Messages), Error> {
    let (parts, body) = response.map_err(failure::of_transport)?.into_parts();
    match grpc_status::take(parts.headers) {
        // A status among the headers: the response has only trailers.
        Ok(Err(error)) => Err(error),
        Ok(Ok(trailers)) => Ok((HeaderMap::new(), Messages::without_any(body, trailers))),
        Err(headers) => match grpc_status::of_http(parts.status, &headers) {
            Some(error) => Err(error.with_headers(headers)),
            None => {
                let encoding = headers.get("grpc-encoding");
                let is_gzip = cfg!(feature = "gzip") && encoding.is_some_and(|encoding| encoding == "gzip");
                Ok((headers, Messages::new(body, max_message_size).compressed(is_gzip)))
            }
        },
    }
}

fn http_request(transport: &Transport, request: RawRequest) -> Result<http::Request<Body>, Error> {
    let mut headers = request.headers;
    headers.insert(TE, HeaderValue::from_static("trailers"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    if let Some(timeout) = request.deadline.header() {
        headers.insert("grpc-timeout", timeout);
    }
    let body = Body::new(request.body);
    #[cfg(feature = "gzip")]
    let body = {
        headers.insert("grpc-accept-encoding", HeaderValue::from_static("gzip"));
        if transport.compress {
            headers.insert("grpc-encoding", HeaderValue::from_static("gzip"));
            Body::new(super::payload::Packed::new(body))
        } else {
            body
        }
    };
    let mut http = http::Request::new(body);
    *http.method_mut() = http::Method::POST;
    *http.version_mut() = http::Version::HTTP_2;
    *http.uri_mut() = transport.uri(request.method.path())?;
    *http.headers_mut() = headers;
    http.extensions_mut().insert(request.deadline);
    Ok(http)
}
