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
//! The gateway authenticates nobody: it passes credentials to the service. It passes on the client's `grpc-timeout`, too, and ends calls
//! that take longer than [its own limit](Gateway::time_limit).
//!
//! If the service is in the same process, the gateway can [call its functions](Gateway::direct) without gRPC in the middle, which is faster.
//!
//! Layers in front of it do the rest, such as tower-http's `CorsLayer` and `CompressionLayer`.

mod accept;
mod answer;
mod backend;
mod body;
mod call;
#[cfg(feature = "direct")]
pub mod direct;
mod failure;
mod headers;
mod settings;
mod stream;

use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method as Verb, Request, Response, StatusCode, Uri};
use http_body::Body as _;
use tower_service::Service;

use self::answer::Answer;
use self::backend::Backend;
use self::call::Call;
use self::failure::Failure;
pub use self::settings::Framing;
use self::settings::Options;
use self::stream::Items;
use crate::api::Api;
use crate::api::method::Streaming;
use crate::api::routing::Match;
use crate::error::BoxError;
use crate::error::code::Code;
use crate::error::metadata::content_encoding;
pub use crate::error::response::ErrorBody;
use crate::platform::{self, Instant};
use crate::server::grpc_codec;
use crate::transcode::Incoming;
use crate::transport::{Body, HttpService};

/// A REST gateway in front of a gRPC service. See the [module](self).
///
/// gRPC requests are passed through as they are. Every other request is answered in JSON:
///
/// - 404 if no method is bound to the path; 405 with `Allow` if the methods of the path have other verbs. `HEAD` is answered like `GET`,
///   without the body.
/// - Errors are `{"code":…,"message":…,"details":[…]}` with the HTTP status of the code, or have [another form](Self::error_body). A detail
///   of an unknown type is `{"typeUrl":…,"value":…}` with its bytes in base64.
/// - Headers are passed on in both directions, except those of HTTP and gRPC themselves. The service's trailers become headers of the
///   response, or follow a stream. `x-server-timeout` (in seconds) becomes a `grpc-timeout`.
/// - The responses of a stream are sent as they arrive, in the [framing](Self::framing) that `Accept` names. A stream of requests is read to its end before the call is made: a JSON array, or
///   one JSON value after the other.
///
/// `A` says which requests the gateway accepts: [anyone's](Anyone), or only those that have passed an access layer (`direct::Guarded`).
#[derive(Clone)]
pub struct Gateway<A = Anyone> {
    api: &'static Api,
    backend: Backend,
    options: Options,
    /// The `WWW-Authenticate` of a 401.
    challenge: HeaderValue,
    accepts: PhantomData<A>,
}

/// A [`Gateway`] that accepts every request.
#[derive(Clone, Copy, Debug)]
pub enum Anyone {}

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
        Self::in_front_of(api, Backend::Grpc(HttpService::new(service)))
    }
}

impl<A> fmt::Debug for Gateway<A> {
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
    type Future = GatewayFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> GatewayFuture {
        self.begin(request.map(Body::new))
    }
}

/// The response of a [`Gateway`].
type GatewayFuture = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

impl<A> Gateway<A> {
    fn in_front_of(api: &'static Api, backend: Backend) -> Self {
        let (options, challenge) = (Options::default(), super::CHALLENGE);
        Self { api, backend, options, challenge, accepts: PhantomData }
    }

    /// The same gateway for all requests.
    fn open(&self) -> Gateway {
        let (backend, challenge) = (self.backend.clone(), self.challenge.clone());
        Gateway { api: self.api, backend, options: self.options, challenge, accepts: PhantomData }
    }

    fn begin(&self, mut request: Request<Body>) -> GatewayFuture {
        let gateway = self.open();
        Box::pin(async move { Ok(gateway.answer(&mut request).await) })
    }
}

impl Gateway {
    /// The request is borrowed, since it is large to move.
    async fn answer(&self, request: &mut Request<Body>) -> Response<Body> {
        if grpc_codec(request.headers()).is_some() {
            return Box::pin(self.backend.pass(std::mem::take(request))).await;
        }
        let response = match self.call_service(request).await {
            Ok(response) => response,
            Err(failure) => failure.into_response(&self.options, &self.challenge),
        };
        if request.method() == Verb::HEAD { response.map(|_| Body::empty()) } else { response }
    }

    async fn call_service(&self, request: &mut Request<Body>) -> Result<Response<Body>, Failure> {
        let options = &self.options;
        let mut limit = Limit { limit: options.time_limit, end: None };
        let body = std::mem::take(request.body_mut());
        let mut extensions = std::mem::take(request.extensions_mut());
        let (uri, received) = (request.uri(), request.headers());
        let found = route(self.api, request.method(), uri)?;
        let Some(schemas) = found.schemas() else {
            return Err(Failure::new(Code::Unimplemented, "the method's schemas are not compiled in"));
        };
        let mut headers = headers::of_request(received, options.prefixed)?;
        let body = if body.is_end_stream() {
            Bytes::new()
        } else {
            limit.bound(pin!(body::read(body, options.max_body_size))).await?
        };
        let request = &incoming(uri.query().unwrap_or_default(), received, &body)?;
        let (headers, extensions) = (&mut headers, &mut extensions);
        let call = Call { found: &found, schemas: &schemas, request, headers, extensions, options };
        let mut call = self.backend.call(call);
        let answer = match found.method.streaming() {
            Streaming::Unary | Streaming::Client => limit.bound(call.as_mut()).await?,
            Streaming::Server | Streaming::Bidirectional => call.await?,
        };
        match answer {
            Answer::One(response) => Ok(response),
            Answer::Many(headers, responses) => {
                let (framing, content_type) = accept::framing(received, options.framing);
                let options = Options { framing, ..*options };
                let items = Items::new(found.binding, schemas, options, content_type, responses);
                Box::pin(items.respond(headers)).await
            }
        }
    }
}

/// The time that a call may take.
struct Limit {
    limit: Duration,
    /// Computed for the first work that must wait. Few calls that are in memory need a timer.
    end: Option<Instant>,
}

impl Limit {
    /// The work is pinned by the caller, since futures are large to move.
    async fn bound<T>(
        &mut self,
        mut work: Pin<&mut (impl Future<Output = Result<T, Failure>> + ?Sized)>,
    ) -> Result<T, Failure> {
        let begun = std::future::poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await;
        if let Poll::Ready(result) = begun {
            return result;
        }
        // Without a Tokio runtime there is no timer, and so no limit.
        if self.end.is_none() && platform::is_ready() {
            self.end = Instant::now().checked_add(self.limit);
        }
        let Some(end) = self.end else { return work.await };
        // In a box of its own: allocators are slower for large futures, and few calls need a timer.
        Box::pin(platform::timeout_at(end, work)).await.unwrap_or_else(|_| {
            let message = format!("the call took longer than the gateway's limit of {:?}", self.limit);
            Err(Failure::new(Code::DeadlineExceeded, message))
        })
    }
}

/// The method of a request.
fn route<'p>(api: &'static Api, method: &Verb, uri: &'p Uri) -> Result<Match<'p>, Failure> {
    let (verb, path) = (method.as_str(), uri.path());
    if let Some(found) = api.routes().serving(verb, path) {
        return Ok(found);
    }
    let allowed: Vec<_> = api.routes().allowed(path).collect();
    if allowed.is_empty() {
        return Err(Failure::new(Code::NotFound, "no method is bound to this path"));
    }
    Err(Failure::not_allowed(&allowed))
}

/// The content of the request.
fn incoming<'r>(query: &'r str, headers: &'r HeaderMap, body: &'r [u8]) -> Result<Incoming<'r>, Failure> {
    if content_encoding(headers).is_some() {
        let failure = Failure::new(Code::InvalidArgument, "the body must not have a content encoding");
        return Err(failure.with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let content_type = headers::sole(headers, &CONTENT_TYPE)?;
    let content_type = content_type.and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
    let body = (!body.is_empty() || content_type.is_some()).then_some(body);
    Ok(Incoming { query, content_type, body })
}
