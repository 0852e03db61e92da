//! The layers in front of a server: access control and the REST gateway.

#[cfg(feature = "server")]
mod access_layer;
#[cfg(feature = "gateway")]
pub mod gateway;

use http::{HeaderMap, HeaderValue, header};

#[cfg(feature = "server")]
pub use self::access_layer::*;
pub use crate::error::response::ErrorBody;

/// The `WWW-Authenticate` of a 401, unless a setting replaces it.
const CHALLENGE: HeaderValue = HeaderValue::from_static("Bearer");

/// The part of the content type after `application/grpc`; `None` if the request is not gRPC.
fn grpc_codec(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let (kind, rest) = value.split_at_checked("application/grpc".len())?;
    kind.eq_ignore_ascii_case("application/grpc").then_some(rest)
}
