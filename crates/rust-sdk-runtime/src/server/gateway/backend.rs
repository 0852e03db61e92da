//! What is behind the gateway: a gRPC service, or servers whose functions it calls.

use http::{Request, Response};

use super::call::{Call, Calling};
#[cfg(feature = "direct")]
use super::direct::services::Services;
use super::failure;
use crate::error::code::Code;
use crate::transport::{Body, HttpService};

/// What is behind the gateway.
#[derive(Clone)]
pub(super) enum Backend {
    Grpc(HttpService),
    #[cfg(feature = "direct")]
    Direct(Services),
}

impl Backend {
    /// Passes on a gRPC request.
    pub(super) async fn pass(&self, request: Request<Body>) -> Response<Body> {
        match self {
            Self::Grpc(service) => {
                service.send(request).await.unwrap_or_else(|_| failure::without_call(Code::Unavailable))
            }
            #[cfg(feature = "direct")]
            Self::Direct(services) => services.pass(request).await,
        }
    }

    /// Makes a call.
    pub(super) fn call<'a>(&'a self, call: Call<'a>) -> Calling<'a> {
        match self {
            Self::Grpc(service) => Box::pin(call.over_grpc(service)),
            #[cfg(feature = "direct")]
            Self::Direct(services) => services.call(call),
        }
    }
}
