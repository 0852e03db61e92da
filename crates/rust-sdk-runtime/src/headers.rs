//! Headers that say how a body is read.

use http::{HeaderMap, HeaderValue, header};

/// The content encoding that a body has, in any header of the name; `identity` is none.
pub(crate) fn content_encoding(headers: &HeaderMap) -> Option<&HeaderValue> {
    let is_identity = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
    headers.get_all(header::CONTENT_ENCODING).iter().find(|value| !is_identity(value))
}

/// What follows `application/grpc` in the content type. `None` where a request is not gRPC.
#[cfg(any(feature = "gateway", feature = "server"))]
pub(crate) fn grpc_codec(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let (kind, rest) = value.split_at_checked("application/grpc".len())?;
    kind.eq_ignore_ascii_case("application/grpc").then_some(rest)
}
