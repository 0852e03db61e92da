//! From a prepared request to a stream of encoded responses. Nothing here is generic over messages, so it is compiled
//! once, in this crate.

mod body;
#[cfg(not(target_family = "wasm"))]
mod connect;
mod endpoint;
mod failure;
#[cfg(target_family = "wasm")]
mod fetch;
#[cfg(feature = "grpc")]
mod frame;
#[cfg(feature = "grpc")]
mod grpc;
pub(crate) mod grpc_status;
mod headers;
mod payload;
mod response;
#[cfg(feature = "rest")]
mod rest;
mod service;
#[cfg(all(feature = "_tls", not(target_family = "wasm")))]
mod tls;

use std::fmt;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;

pub use self::body::Body;
#[cfg(not(target_family = "wasm"))]
pub(crate) use self::connect::connect;
pub(crate) use self::endpoint::Endpoint;
#[cfg(target_family = "wasm")]
pub(crate) use self::fetch::connect;
#[cfg(feature = "gateway")]
pub(crate) use self::frame::Messages as GrpcMessages;
#[cfg(feature = "gateway")]
pub(crate) use self::grpc::receive;
pub(crate) use self::headers::append_header;
#[cfg(feature = "rest")]
use self::payload::MessageStream;
#[cfg(feature = "testing")]
pub(crate) use self::payload::PREFIX;
pub(crate) use self::payload::{Payload, RequestBody};
pub(crate) use self::response::{Deadline, RawCall, RawResponse, RawStream};
pub use self::service::{HttpFuture, HttpService};
use crate::error::{Error, ErrorKind};
use crate::metadata::is_secret;
use crate::method::{Method, MethodSchemas};

/// How requests reach the server: where it is, what sends to it, and in which form.
pub(crate) struct Transport {
    pub(crate) protocol: Protocol,
    /// `None` for a service of the caller's making, which knows by itself.
    pub(crate) endpoint: Option<Endpoint>,
    pub(crate) service: HttpService,
    /// The largest response message that is accepted, in bytes.
    pub(crate) max_message_size: usize,
    /// Whether credentials may be sent in plain text over a network.
    pub(crate) allow_insecure: bool,
}

/// How connections are made.
#[derive(Clone, Debug)]
pub(crate) struct ConnectOptions {
    pub(crate) connect_timeout: Duration,
    /// Certificates to trust besides Mozilla's, in PEM.
    pub(crate) roots: Vec<Vec<u8>>,
    /// HTTP/2 alone, as gRPC wants it; otherwise what the server offers by ALPN, and HTTP/1.1 in plain text.
    pub(crate) http2_only: bool,
}

/// The form of requests and responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    #[cfg(feature = "grpc")]
    Grpc,
    #[cfg(feature = "rest")]
    Rest,
}

impl Protocol {
    /// The name, for people.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            #[cfg(feature = "grpc")]
            Self::Grpc => "grpc",
            #[cfg(feature = "rest")]
            Self::Rest => "rest",
        }
    }
}

/// One attempt of a call, ready to be sent.
pub(crate) struct RawRequest {
    pub(crate) method: &'static Method,
    /// What REST goes by.
    #[cfg_attr(not(feature = "rest"), expect(dead_code, reason = "gRPC needs no schemas"))]
    pub(crate) schemas: Option<MethodSchemas>,
    pub(crate) headers: HeaderMap,
    pub(crate) deadline: Deadline,
    pub(crate) body: RequestBody,
}

impl Transport {
    /// Sends the request and waits for the response's headers.
    pub(crate) async fn open(&self, request: RawRequest) -> Result<(HeaderMap, Messages), Error> {
        if !self.may_send_secrets() && request.headers.iter().any(|(name, value)| is_secret(name, value)) {
            return Err(Error::new(ErrorKind::Credentials, "credentials must not go over plain http"));
        }
        match self.protocol {
            #[cfg(feature = "grpc")]
            Protocol::Grpc => {
                let (headers, messages) = grpc::open(self, request).await?;
                Ok((headers, Messages::Grpc(messages)))
            }
            #[cfg(feature = "rest")]
            Protocol::Rest => {
                let (headers, messages) = rest::open(self, request).await?;
                Ok((headers, Messages::Rest(messages)))
            }
        }
    }

    /// Whether what is sent is safe from being read on the way, or the caller accepts that it is not.
    pub(crate) fn may_send_secrets(&self) -> bool {
        let endpoint = self.endpoint.as_ref();
        self.allow_insecure || endpoint.is_none_or(|endpoint| endpoint.is_secure() || endpoint.is_loopback())
    }

    /// The URI of a path.
    fn uri(&self, path_and_query: &str) -> Result<http::Uri, Error> {
        let uri = match &self.endpoint {
            Some(endpoint) => endpoint.uri(path_and_query),
            None => http::Uri::try_from(path_and_query).map_err(Into::into),
        };
        uri.map_err(|error| Error::invalid_argument("the path is not valid").with_source(error))
    }
}

/// The messages of one response as they arrive, encoded, and what follows them.
pub(crate) enum Messages {
    #[cfg(feature = "grpc")]
    Grpc(frame::Messages),
    #[cfg(feature = "rest")]
    Rest(rest::Messages),
}

impl Messages {
    /// The next message; `None` after the last one of a call that succeeded. Not to be polled after that or an error.
    pub(crate) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        match self {
            #[cfg(feature = "grpc")]
            Self::Grpc(messages) => messages.poll_next(context),
            #[cfg(feature = "rest")]
            Self::Rest(messages) => messages.poll_next(context),
        }
    }

    /// What came after the messages, the status left out; empty until the end.
    pub(crate) fn trailers(&self) -> &HeaderMap {
        match self {
            #[cfg(feature = "grpc")]
            Self::Grpc(messages) => messages.trailers(),
            #[cfg(feature = "rest")]
            Self::Rest(messages) => messages.trailers(),
        }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tuple = f.debug_tuple(self.protocol.name());
        match &self.endpoint {
            Some(endpoint) => tuple.field(&format_args!("{endpoint}")),
            None => tuple.field(&format_args!("<service>")),
        };
        tuple.finish()
    }
}
