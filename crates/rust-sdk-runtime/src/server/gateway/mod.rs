//! A REST gateway: turns HTTP requests (`google.api.http`) into calls of a gRPC service.
//!
//! [`Gateway`] is a tower service around a gRPC service, such as tonic's `Routes`. It finds the method of a request in the tables from
//! which the REST client builds requests, so one in-memory server answers both transports:
//!
//! ```
//! use rust_sdk_runtime::{Api, Gateway};
//!
//! static API: Api = Api::new(&[]);
//!
//! let routes = tonic::service::Routes::default();
//! let gateway = Gateway::new(&API, routes);
//! ```
//!
//! The gateway authenticates nobody and enforces no deadline: it passes credentials and `grpc-timeout` to the service.

mod body;
mod failure;
mod headers;
mod stream;

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{Method as Verb, Request, Response, StatusCode};
use tower_service::Service;

use self::failure::Failure;
use self::stream::Items;
use crate::api::Api;
use crate::api::method::{MethodSchemas, Streaming};
use crate::api::routing::Match;
use crate::error::BoxError;
use crate::error::code::Code;
use crate::error::metadata::content_encoding;
use crate::message::json::{DecodeOptions, EncodeOptions};
use crate::server::grpc_codec;
use crate::transcode::{self as rest, Incoming};
use crate::transport::{Body, HttpService, receive};

/// How the responses of a stream are separated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Framing {
    /// One line for each response: `{"result":…}`. A stream that failed ends with `{"error":…}` (grpc-gateway).
    #[default]
    Lines,
    /// A JSON array (Envoy). The last element of a stream that failed is `{"error":…}`.
    Array,
}

/// A REST gateway in front of a gRPC service. See the [module](self).
///
/// gRPC requests are passed through as they are. Every other request is answered in JSON:
///
/// - 404 if no method is bound to the path; 405 with `Allow` if the methods of the path have other verbs. `HEAD` is answered like `GET`,
///   without the body.
/// - Errors are `{"code":…,"message":…,"details":[…]}` with the HTTP status of the code. A detail of an unknown type is
///   `{"typeUrl":…,"value":…}` with its bytes in base64.
/// - Headers are passed on in both directions, except those of HTTP and gRPC themselves. The service's trailers become headers of the
///   response, or follow a stream. `x-server-timeout` (in seconds) becomes a `grpc-timeout`.
/// - The responses of a stream are sent as they arrive. A stream of requests is read to its end before the call is made: a JSON array, or
///   one JSON value after the other.
#[derive(Clone)]
pub struct Gateway {
    api: &'static Api,
    service: HttpService,
    options: Options,
}

#[derive(Clone, Copy, Debug)]
struct Options {
    framing: Framing,
    max_body_size: usize,
    max_message_size: usize,
    prefix_metadata: bool,
    decode: DecodeOptions,
    encode: EncodeOptions,
}

impl Gateway {
    /// A gateway for the methods of this API in front of a service that implements them.
    pub fn new<S, B>(api: &'static Api, service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let options = Options {
            framing: Framing::default(),
            max_body_size: 4 << 20,
            max_message_size: usize::MAX,
            prefix_metadata: false,
            decode: DecodeOptions::default(),
            encode: EncodeOptions::default(),
        };
        Self { api, service: HttpService::new(service), options }
    }

    /// Sets how the responses of a stream are separated; one line for each by default.
    #[must_use]
    pub const fn framing(mut self, framing: Framing) -> Self {
        self.options.framing = framing;
        self
    }

    /// Sets the largest body of a request, in bytes; 4 MiB by default. A larger one is answered with 413.
    #[must_use]
    pub const fn max_body_size(mut self, bytes: usize) -> Self {
        self.options.max_body_size = bytes;
        self
    }

    /// Sets the largest message that the gateway accepts from the service, in bytes; no limit by default.
    #[must_use]
    pub const fn max_message_size(mut self, bytes: usize) -> Self {
        self.options.max_message_size = bytes;
        self
    }

    /// Whether the service's headers get the prefix `grpc-metadata-` and its trailers `grpc-trailer-`, as in grpc-gateway. By default they
    /// keep their names, as in Envoy.
    #[must_use]
    pub const fn prefix_metadata(mut self, prefix: bool) -> Self {
        self.options.prefix_metadata = prefix;
        self
    }

    /// Whether unknown fields and query parameters are ignored. By default they are errors.
    #[must_use]
    pub const fn ignore_unknown(mut self, ignore: bool) -> Self {
        self.options.decode.ignore_unknown = ignore;
        self
    }

    /// Sets how messages are written as JSON.
    #[must_use]
    pub const fn encode(mut self, options: EncodeOptions) -> Self {
        self.options.encode = options;
        self
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway").field("options", &self.options).finish_non_exhaustive()
    }
}

impl<B> Service<Request<B>> for Gateway
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (gateway, request) = (self.clone(), request.map(Body::new));
        Box::pin(async move { Ok(gateway.answer(request).await) })
    }
}

impl Gateway {
    async fn answer(self, request: Request<Body>) -> Response<Body> {
        if grpc_codec(request.headers()).is_some() {
            return self.service.send(request).await.unwrap_or_else(|_| failure::unreachable());
        }
        let is_head = request.method() == Verb::HEAD;
        let (parts, body) = request.into_parts();
        let response = match self.call_service(parts, body).await {
            Ok(response) => response,
            Err(failure) => failure.into_response(self.options.prefix_metadata),
        };
        if is_head { response.map(|_| Body::empty()) } else { response }
    }

    async fn call_service(&self, parts: Parts, body: Body) -> Result<Response<Body>, Failure> {
        let options = self.options;
        let found = route(self.api, &parts)?;
        let Some(schemas) = found.schemas() else {
            return Err(Failure::new(Code::Unimplemented, "the method's schemas are not compiled in"));
        };
        let headers = headers::of_request(&parts.headers)?;
        let body = body::read(body, options.max_body_size).await?;
        let messages = messages(&found, &schemas, &parts, &body, &options.decode)?;

        let mut request = Request::new(body::framed(&messages)?);
        *request.method_mut() = Verb::POST;
        *request.version_mut() = http::Version::HTTP_2;
        *request.uri_mut() = http::Uri::from_static(found.method.path());
        *request.headers_mut() = headers;
        *request.extensions_mut() = parts.extensions.clone();
        let (headers, responses) = receive(self.service.send(request).await, options.max_message_size)
            .map_err(|error| Failure::of_service(error, &schemas))?;
        let items = Items::new(found.binding, schemas, options, responses);
        match found.method.streaming() {
            Streaming::Unary | Streaming::Client => items.single(headers).await,
            Streaming::Server | Streaming::Bidirectional => items.respond(headers).await,
        }
    }
}

/// The method of a request.
fn route<'p>(api: &'static Api, parts: &'p Parts) -> Result<Match<'p>, Failure> {
    let (verb, path) = (parts.method.as_str(), parts.uri.path());
    if let Some(found) = api.routes().serving(verb, path) {
        return Ok(found);
    }
    let allowed: Vec<_> = api.routes().allowed(path).collect();
    if allowed.is_empty() {
        return Err(Failure::new(Code::NotFound, "no method is bound to this path"));
    }
    Err(Failure::not_allowed(&allowed))
}

/// The encoded request messages.
fn messages(
    found: &Match<'_>,
    schemas: &MethodSchemas,
    parts: &Parts,
    body: &[u8],
    options: &DecodeOptions,
) -> Result<Vec<Vec<u8>>, Failure> {
    if content_encoding(&parts.headers).is_some() {
        let failure = Failure::new(Code::InvalidArgument, "the body must not have a content encoding");
        return Err(failure.with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let content_type = headers::sole(&parts.headers, CONTENT_TYPE.as_str())?;
    let content_type = content_type.and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
    let incoming = Incoming {
        query: parts.uri.query().unwrap_or_default(),
        content_type,
        body: (!body.is_empty() || content_type.is_some()).then_some(body),
    };
    match found.method.streaming() {
        Streaming::Unary | Streaming::Server => {
            Ok(vec![rest::decode_request(found, schemas, &incoming, options)?])
        }
        Streaming::Client | Streaming::Bidirectional => {
            let messages = rest::decode_requests(found, schemas, &incoming, options)?;
            let message = "requests can be streamed only by a binding with the body `*`";
            messages.ok_or_else(|| Failure::new(Code::Unimplemented, message))
        }
    }
}
