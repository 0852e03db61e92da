//! Sends a prepared request and returns a stream of encoded responses. Nothing here is generic over messages, so this crate compiles it
//! once.

mod body;
#[cfg(not(target_family = "wasm"))]
mod connect;
mod deadline;
mod endpoint;
mod failure;
#[cfg(target_family = "wasm")]
mod fetch;
#[cfg(feature = "grpc")]
mod frame;
#[cfg(feature = "grpc")]
mod grpc;
#[cfg(all(feature = "gzip", feature = "rest"))]
mod gzip;
mod headers;
mod payload;
#[cfg(not(target_family = "wasm"))]
mod pool;
#[cfg(feature = "rest")]
mod rest;
mod service;

use std::fmt;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;

pub use self::body::Body;
#[cfg(not(target_family = "wasm"))]
pub(crate) use self::connect::CustomConnector;
pub(crate) use self::deadline::{Deadline, timed_out};
pub(crate) use self::endpoint::Endpoint;
#[cfg(target_family = "wasm")]
pub(crate) use self::fetch::connect;
#[cfg(feature = "gateway")]
pub(crate) use self::frame::Messages as GrpcMessages;
#[cfg(feature = "gateway")]
pub(crate) use self::grpc::receive;
pub(crate) use self::headers::append_header;
#[cfg(feature = "testing")]
pub(crate) use self::payload::PREFIX;
pub(crate) use self::payload::{MessageStream, Payload, RequestBody};
#[cfg(not(target_family = "wasm"))]
pub(crate) use self::pool::connect;
#[cfg(feature = "rest")]
pub use self::rest::RequestFraming;
pub use self::service::{HttpFuture, HttpService};
use crate::api::method::{Method, MethodSchemas};
use crate::error::metadata::is_secret;
use crate::error::{Error, ErrorKind};

/// How requests reach the server: the endpoint, the connection and the protocol.
pub(crate) struct Transport {
    pub(crate) protocol: Protocol,
    /// `None` for the caller's own service, which needs no endpoint.
    pub(crate) endpoint: Option<Endpoint>,
    pub(crate) service: HttpService,
    /// The largest response message that is accepted, in bytes.
    pub(crate) max_message_size: usize,
    /// Whether credentials may be sent in plain text over a network.
    pub(crate) allow_insecure: bool,
    /// How streams of requests are sent over REST.
    #[cfg(feature = "rest")]
    pub(crate) request_framing: RequestFraming,
    /// Whether gRPC requests are compressed.
    #[cfg(all(feature = "gzip", feature = "grpc"))]
    pub(crate) compress: bool,
}

/// How connections are made.
pub(crate) struct ConnectOptions {
    pub(crate) connect_timeout: Duration,
    /// Certificates to trust besides the default ones, in PEM.
    pub(crate) roots: Vec<Vec<u8>>,
    /// HTTP/2 only, as gRPC requires. Otherwise the version that the server chooses by ALPN, and HTTP/1.1 in plain text.
    pub(crate) http2_only: bool,
    #[cfg(not(target_family = "wasm"))]
    pub(crate) network: NetworkOptions,
}

/// How connections are made, where the browser does not make them.
#[cfg(not(target_family = "wasm"))]
pub(crate) struct NetworkOptions {
    /// The certificate chain and the key of the client, in PEM.
    pub(crate) identity: Option<(Vec<u8>, Vec<u8>)>,
    /// The address to connect to, in place of the endpoint's.
    pub(crate) connect_to: Option<String>,
    pub(crate) custom: Option<CustomConnector>,
    pub(crate) proxy: ProxyChoice,
    /// How often the client pings a silent HTTP/2 connection with open calls; never by default.
    pub(crate) keep_alive: Option<Duration>,
    /// The largest size of a response's headers over HTTP/2, in bytes.
    pub(crate) max_header_size: u32,
}

/// Which proxy is used.
#[cfg(not(target_family = "wasm"))]
pub(crate) enum ProxyChoice {
    None,
    /// The one that `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` name.
    Environment,
    Url(String),
}

#[cfg(not(target_family = "wasm"))]
impl Default for NetworkOptions {
    fn default() -> Self {
        Self {
            identity: None,
            connect_to: None,
            custom: None,
            proxy: ProxyChoice::Environment,
            keep_alive: None,
            max_header_size: 256 << 10,
        }
    }
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
    /// The name, for logs.
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
    /// The schemas that REST needs.
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
            return Err(Error::new(
                ErrorKind::Credentials,
                "credentials must not be sent over plain http: use https, or call `allow_insecure` if the network is trusted",
            ));
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

    /// Whether credentials may be sent: nobody on the network can read them, or the caller accepts that.
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

/// The encoded messages of one response as they arrive, and the trailers after them.
pub(crate) enum Messages {
    #[cfg(feature = "grpc")]
    Grpc(frame::Messages),
    #[cfg(feature = "rest")]
    Rest(rest::Messages),
}

impl Messages {
    /// The next message; `None` after the last one of a successful call. Must not be polled again after `None` or an error.
    pub(crate) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        match self {
            #[cfg(feature = "grpc")]
            Self::Grpc(messages) => messages.poll_next(context),
            #[cfg(feature = "rest")]
            Self::Rest(messages) => messages.poll_next(context),
        }
    }

    /// The trailers without the status; empty until the end.
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
