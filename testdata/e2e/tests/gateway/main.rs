//! The REST gateway in front of generated servers over gRPC: raw HTTP requests in memory, and over a socket. `gateway_direct` is the same with a
//! gateway that calls the servers directly.

mod arbitrary;
mod bodies;
mod browser;
mod exchange;
mod server;
mod settings;
mod socket;
mod streams;
#[path = "../support/mod.rs"]
mod support;
mod unary;
mod unreachable;

use rust_sdk_runtime::{Api, Gateway};
use tonic::body::Body;
use tonic::server::NamedService;
use tonic::service::Routes;

pub(crate) use self::exchange::{Answer, get, next, open, request, send};

/// A gateway in front of a generated server.
pub(crate) fn gateway<S>(api: &'static Api, server: S) -> Gateway
where
    S: tower_service::Service<http::Request<Body>, Error = std::convert::Infallible>
        + NamedService
        + Clone
        + Send
        + Sync
        + 'static,
    S::Response: axum::response::IntoResponse,
    S::Future: Send + 'static,
{
    Gateway::new(api, Routes::new(server))
}

/// A gateway in front of a service that notes every call.
pub(crate) fn recording(api: &'static Api, recorder: &arbitrary::Recorder) -> Gateway {
    Gateway::new(api, recorder.clone())
}
