//! The servers behind a gateway, and how a call finds its own.

use std::sync::Arc;

use http::{Request, Response};

use super::call::{DirectCall, DirectService};
use crate::api::Api;
use crate::api::method::Service;
use crate::error::code::Code;
use crate::platform;
use crate::server::gateway::call::{Call, Calling};
use crate::server::gateway::failure::{self, Failure};
use crate::server::gateway::headers::timeout_of;
use crate::transport::{Body, HttpService};

/// The servers.
#[derive(Clone, Default)]
pub(in crate::server::gateway) struct Services(Arc<[Entry]>);

#[derive(Clone)]
struct Entry {
    name: &'static str,
    /// The service in the API; `None` if it is not part of the API.
    service: Option<&'static Service>,
    grpc: HttpService,
    direct: Arc<dyn DirectService>,
}

impl Services {
    /// Adds a server. It replaces one of the same name.
    pub(super) fn add(
        &mut self,
        api: &'static Api,
        name: &'static str,
        grpc: HttpService,
        server: impl DirectService,
    ) {
        let service = api.services().iter().copied().find(|service| service.name() == name);
        let entry = Entry { name, service, grpc, direct: Arc::new(server) };
        let others = self.0.iter().filter(|other| other.name != name).cloned();
        self.0 = others.chain([entry]).collect();
    }

    /// Passes a gRPC request to the server that its path names.
    pub(in crate::server::gateway) async fn pass(&self, request: Request<Body>) -> Response<Body> {
        let name = request.uri().path().strip_prefix('/').and_then(|path| path.split_once('/'));
        let found = name.and_then(|(name, _)| self.0.iter().find(|entry| entry.name == name));
        let Some(entry) = found else { return failure::without_call(Code::Unimplemented) };
        entry.grpc.send(request).await.unwrap_or_else(|_| failure::without_call(Code::Unavailable))
    }

    /// Calls the function of a method.
    pub(in crate::server::gateway) fn call<'a>(&'a self, call: Call<'a>) -> Calling<'a> {
        let is_own =
            |entry: &&Entry| entry.service.is_some_and(|service| std::ptr::eq(service, call.found.service));
        let Some(entry) = self.0.iter().find(is_own) else {
            // As over gRPC, what is wrong with the request is found first.
            let failure = call.messages().err();
            let failure = failure.unwrap_or_else(|| Failure::new(Code::Unimplemented, ""));
            return Box::pin(std::future::ready(Err(failure)));
        };
        let timeout = timeout_of(call.headers).filter(|_| platform::is_ready());
        let answer = match entry.direct.call(call.found.method.path(), DirectCall::new(call)) {
            Ok(answer) => answer.0,
            Err(call) => Box::pin(call.over_grpc(&entry.grpc)),
        };
        let Some(timeout) = timeout else { return answer };
        Box::pin(async move {
            platform::timeout(timeout, answer).await.unwrap_or_else(|_| {
                Err(Failure::new(Code::DeadlineExceeded, "the call took longer than the client's timeout"))
            })
        })
    }
}
