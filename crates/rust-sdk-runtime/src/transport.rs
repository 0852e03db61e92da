//! From a prepared request to a stream of encoded responses. Nothing here is generic over messages, so it is compiled
//! once, in this crate.

mod frame;
mod grpc;
mod grpc_status;
mod payload;
mod response;

use http::{HeaderMap, HeaderName, HeaderValue};

pub(crate) use self::grpc::{GrpcOptions, GrpcService, GrpcTransport};
pub(crate) use self::payload::{Payload, RequestBody};
pub(crate) use self::response::{Deadline, RawResponse, RawStream};
use crate::error::Error;
use crate::method::Method;

/// How requests reach the server.
#[derive(Debug)]
pub(crate) enum Transport {
    Grpc(GrpcTransport),
}

/// One call, ready to be sent.
pub(crate) struct RawRequest {
    pub(crate) method: &'static Method,
    pub(crate) headers: HeaderMap,
    pub(crate) deadline: Deadline,
    pub(crate) body: RequestBody,
}

impl Transport {
    /// Sends the request and waits for the response's headers.
    pub(crate) async fn open(&self, request: RawRequest) -> Result<(HeaderMap, frame::Messages), Error> {
        match self {
            Self::Grpc(grpc) => grpc.open(request).await,
        }
    }

    /// Whether what is sent is safe from being read on the way, or the caller accepts that it is not.
    pub(crate) fn may_send_secrets(&self) -> bool {
        match self {
            Self::Grpc(grpc) => grpc.may_send_secrets(),
        }
    }
}

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

/// More than any server takes, and far from where `HeaderMap` panics.
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
        return Err(format!("the header {name} is the transport's own"));
    }
    let Some(mut value) = value else {
        return Err(format!("the value of the header {name} is not a valid one"));
    };
    if crate::metadata::is_secret(&name, &value) {
        value.set_sensitive(true);
    }
    if headers.len() >= MAX_HEADERS {
        return Err("too many headers".to_owned());
    }
    headers.append(name, value);
    Ok(())
}
