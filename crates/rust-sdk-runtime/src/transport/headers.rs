//! The headers that a caller may set.

use http::{HeaderMap, HeaderName, HeaderValue};

/// Headers that the transport writes, or that HTTP/2 forbids (RFC 9113 §8.2.2).
const RESERVED: [&str; 17] = [
    "connection",
    "content-length",
    "content-type",
    "expect",
    "grpc-accept-encoding",
    "grpc-encoding",
    "grpc-message",
    "grpc-message-type",
    "grpc-status",
    "grpc-status-details-bin",
    "grpc-timeout",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// More than any server accepts, and far below the size at which `HeaderMap` panics.
const MAX_HEADERS: usize = 1000;

/// Adds a header that a caller gave. The error names the header and never its value.
pub(crate) fn append_header(
    headers: &mut HeaderMap,
    name: &str,
    value: Option<HeaderValue>,
) -> Result<(), String> {
    let Ok(name) = HeaderName::try_from(name) else {
        return Err(format!("{name:?} is not a valid header name"));
    };
    if RESERVED.contains(&name.as_str()) {
        return Err(format!("the header {name} is set by the transport and cannot be changed"));
    }
    let Some(mut value) = value else {
        return Err(format!("the value of the header {name} is not a valid one"));
    };
    if crate::error::metadata::is_secret(&name, &value) {
        value.set_sensitive(true);
    }
    if headers.len() >= MAX_HEADERS {
        return Err("too many headers".to_owned());
    }
    headers.append(name, value);
    Ok(())
}
