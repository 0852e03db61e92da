//! The tests of `gateway` with a gateway that calls the servers directly, and tests of what differs.

mod access;
#[path = "../gateway/arbitrary.rs"]
mod arbitrary;
#[path = "../gateway/bodies.rs"]
mod bodies;
#[path = "../gateway/exchange.rs"]
mod exchange;
mod limits;
mod relay;
#[path = "../gateway/server.rs"]
mod server;
#[path = "../gateway/settings.rs"]
mod settings;
#[path = "../gateway/socket.rs"]
mod socket;
#[path = "../gateway/streams.rs"]
mod streams;
#[path = "../support/mod.rs"]
mod support;
#[path = "../gateway/unary.rs"]
mod unary;

use std::convert::Infallible;

use bytes::Bytes;
use http::{Request, Response};
use rust_sdk_runtime::codegen::DirectService;
use rust_sdk_runtime::error::BoxError;
use rust_sdk_runtime::transport::Body;
use rust_sdk_runtime::{Api, Gateway};

pub(crate) use self::exchange::{Answer, get, next, open, request, send};
pub(crate) use self::relay::recording;

/// A gateway in front of a generated server.
pub(crate) fn gateway<S, B>(api: &'static Api, server: S) -> Gateway
where
    S: DirectService
        + tower_service::Service<Request<Body>, Response = Response<B>, Error = Infallible>
        + Clone,
    S::Future: Send,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    Gateway::direct(api).service(server).without_access_layer()
}
