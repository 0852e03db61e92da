//! A table as tonic serves it: services as tonic-build writes them, but for methods that are known when the program runs.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::{Extensions, Request, Response};
use rust_sdk_runtime::{Method, Service, Streaming};
use tokio_stream::StreamExt as _;
use tonic::body::Body;
use tonic::server::{ClientStreamingService, Grpc, NamedService, UnaryService};
use tonic_prost::ProstCodec;

use crate::message::{Item, Scope};
use crate::seen;
use crate::table::{SERVICES, Table};

type BoxFuture<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

/// The service with this place among the names.
#[derive(Clone)]
struct Served<const NUMBER: usize>(&'static Service);

impl<const NUMBER: usize> NamedService for Served<NUMBER> {
    const NAME: &'static str = SERVICES[NUMBER];
}

impl<const NUMBER: usize> tower_service::Service<Request<Body>> for Served<NUMBER> {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Response<Body>, Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let found = self.0.methods().iter().find(|method| method.path() == request.uri().path());
        Box::pin(async move {
            let mut grpc = Grpc::new(ProstCodec::<(), Item>::default());
            Ok(match found {
                Some(method) if method.streaming() == Streaming::Client => {
                    grpc.client_streaming(Handler(method), request).await
                }
                Some(method) => grpc.unary(Handler(method), request).await,
                None => tonic::Status::unimplemented("").into_http(),
            })
        })
    }
}

struct Handler(&'static Method);

fn account(method: &Method, item: &Item) -> Option<String> {
    method.access().scope().and_then(Scope::of)?.in_message(item).map(str::to_owned)
}

impl UnaryService<Item> for Handler {
    type Response = ();
    type Future = BoxFuture<tonic::Response<()>, tonic::Status>;

    fn call(&mut self, request: tonic::Request<Item>) -> Self::Future {
        let accounts = vec![account(self.0, request.get_ref())];
        seen::note(request.extensions(), self.0, accounts);
        Box::pin(async { Ok(tonic::Response::new(())) })
    }
}

impl ClientStreamingService<Item> for Handler {
    type Response = ();
    type Future = BoxFuture<tonic::Response<()>, tonic::Status>;

    fn call(&mut self, request: tonic::Request<tonic::Streaming<Item>>) -> Self::Future {
        let method = self.0;
        let (_, extensions, mut items) = request.into_parts();
        let extensions: Extensions = extensions;
        Box::pin(async move {
            let mut accounts = Vec::new();
            let ended = loop {
                match items.next().await {
                    Some(Ok(item)) => accounts.push(account(method, &item)),
                    Some(Err(error)) => break Err(error),
                    None => break Ok(tonic::Response::new(())),
                }
            };
            seen::note(&extensions, method, accounts);
            ended
        })
    }
}

/// All services of a table.
pub(crate) fn routes(table: &Table) -> tonic::service::Routes {
    let mut routes = tonic::service::Routes::default();
    for service in table.api.services() {
        routes = match SERVICES.iter().position(|name| *name == service.name()) {
            Some(0) => routes.add_service(Served::<0>(service)),
            Some(1) => routes.add_service(Served::<1>(service)),
            Some(2) => routes.add_service(Served::<2>(service)),
            _ => routes.add_service(Served::<3>(service)),
        };
    }
    routes
}
