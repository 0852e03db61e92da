//! The gateway in front of services in the same process: it calls their functions, without gRPC in the middle.
//!
//! [`Gateway::direct`] is given the generated servers themselves. It reads a REST request into the request message, calls the function of the
//! server trait with it, and writes the response message as JSON: no HTTP request to the service, no protobuf bytes, no tonic service. The
//! answers are the same as with [`Gateway::new`], and so is what the function sees: the request's metadata and extensions.
//!
//! - tonic's interceptors, and layers around a server, would not run. So [`service`](Gateway::service) takes only the plain server.
//! - The server's limits of message sizes hold.
//! - A call ends when the client's `grpc-timeout` or `x-server-timeout` is over, as it does with tonic's own server (504); for a stream that
//!   is the time to the response's head.
//! - Calls with many requests are made over gRPC, in memory: the trait's function expects tonic's `Streaming`, which reads only gRPC.
//! - gRPC requests are answered by the same servers, so one access layer in front covers both protocols.
//!
//! # Access
//!
//! A layer around the gRPC service would not see REST calls. So [`Gateway::direct`] returns a `Gateway<Guarded>`, which is a tower service only
//! for requests that come out of an [access layer](crate::server::access_layer): put the layer directly around it. A server that checks its
//! callers elsewhere, or does not check them, says so by [`without_access_layer`](Gateway::without_access_layer).
//!
//! ```compile_fail,E0277
//! # use rust_sdk_runtime::{Api, Gateway};
//! # static API: Api = Api::new(&[]);
//! fn serve<B>(_: impl tower_service::Service<http::Request<B>>) {}
//!
//! // Nobody has checked who calls.
//! serve::<rust_sdk_runtime::transport::Body>(Gateway::direct(&API));
//! ```
//!
//! ```
//! # use rust_sdk_runtime::{Api, Gateway};
//! # use rust_sdk_runtime::server::{Authorizer, access_layer};
//! # use tower_layer::Layer;
//! # static API: Api = Api::new(&[]);
//! fn serve<B>(_: impl tower_service::Service<http::Request<B>>) {}
//!
//! # fn example(authorizer: impl Authorizer) {
//! serve::<rust_sdk_runtime::transport::Body>(access_layer(&API, authorizer).layer(Gateway::direct(&API)));
//! serve::<rust_sdk_runtime::transport::Body>(Gateway::direct(&API).without_access_layer());
//! # }
//! ```

mod call;
mod limits;
pub(super) mod responses;
pub(super) mod services;

use std::convert::Infallible;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use tower_service::Service;

#[doc(hidden)]
pub use self::call::{DirectAnswer, DirectCall, DirectService};
#[doc(hidden)]
pub use self::limits::Limits;
use self::services::Services;
use super::backend::Backend;
use super::{Anyone, Gateway, GatewayFuture};
use crate::api::Api;
use crate::error::BoxError;
use crate::server::RequestBody;
use crate::transport::{Body, HttpService};

/// A [`Gateway`] that accepts only requests that an access layer has admitted.
#[derive(Clone, Copy, Debug)]
pub enum Guarded {}

impl Gateway {
    /// A gateway that calls the functions of this API's servers directly. Add the servers by [`service`](Self::service), then put the
    /// [access layer](crate::server::access_layer) around the gateway. See the [module](self).
    pub fn direct(api: &'static Api) -> Gateway<Guarded> {
        Gateway::in_front_of(api, Backend::Direct(Services::default()))
    }
}

impl Gateway<Guarded> {
    /// Adds a generated server, such as `GreenhouseServiceServer::new(…)`. Methods of other services are answered with `UNIMPLEMENTED`.
    ///
    /// The server must be the plain one: an interceptor or a layer around it would not run for REST calls.
    #[must_use]
    pub fn service<S, B>(mut self, server: S) -> Self
    where
        S: DirectService + Service<Request<Body>, Response = Response<B>, Error = Infallible> + Clone,
        S::Future: Send,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        if let Backend::Direct(services) = &mut self.backend {
            services.add(self.api, server.name(), HttpService::new(server.clone()), server);
        }
        self
    }

    /// Accepts requests without an access layer. Then everybody may call every method, unless something else in front of the gateway checks
    /// the callers.
    #[must_use]
    pub fn without_access_layer(self) -> Gateway<Anyone> {
        self.open()
    }
}

impl<B> Service<Request<RequestBody<B>>> for Gateway<Guarded>
where
    RequestBody<B>: http_body::Body<Data = Bytes> + Send + 'static,
    <RequestBody<B> as http_body::Body>::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = GatewayFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<RequestBody<B>>) -> GatewayFuture {
        self.begin(request.map(Body::new))
    }
}
