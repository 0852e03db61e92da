//! Servers for a direct gateway: their functions note what they get and answer as the gRPC server does.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use http::HeaderMap;
use rust_sdk_runtime::codegen::{DirectAnswer, DirectCall, DirectLimits, DirectService};
use rust_sdk_runtime::transport::Body;
use tokio_stream::Stream;
use tonic::metadata::MetadataMap;
use tonic::{Code, Request, Response, Status};
use tower_service::Service;

use crate::gateway::Backend;
use crate::server::{Answer, HEADER, Seen, Server, TRAILER};
use crate::subject::{Subject, Type};

/// Calls the function of a method, or gives the call back.
pub type Function = for<'a> fn(&'a Relay, DirectCall<'a>) -> Result<DirectAnswer<'a>, DirectCall<'a>>;

/// One service.
#[derive(Clone)]
pub struct Relay {
    name: &'static str,
    functions: Arc<BTreeMap<&'static str, Function>>,
    server: Server,
    /// The method that is called. There is one call at a time.
    path: Arc<Mutex<String>>,
    grpc: Backend,
}

impl Relay {
    /// The services of these methods.
    pub fn all(server: &Server, subjects: &[Subject], grpc: &Backend) -> Vec<Self> {
        let functions = subjects.iter().map(|subject| (subject.method.path(), subject.function));
        let functions: Arc<BTreeMap<_, _>> = Arc::new(functions.collect());
        let relay = |name| Self {
            name,
            functions: Arc::clone(&functions),
            server: server.clone(),
            path: Arc::default(),
            grpc: grpc.clone(),
        };
        sdk::API.services().iter().map(|service| relay(service.name())).collect()
    }

    fn receive<I: Type>(&self, request: Request<I>) -> Answer {
        let (metadata, _, message) = request.into_parts();
        let path = self.path.lock().unwrap().clone();
        self.server.receive(Seen {
            path,
            headers: metadata.into_headers(),
            messages: vec![message.encode_to_vec()],
        })
    }
}

fn metadata<const N: usize>(entries: [(&'static str, &'static str); N]) -> MetadataMap {
    let entries = entries.map(|(name, value)| (name.parse().expect(name), value.parse().expect(value)));
    MetadataMap::from_headers(HeaderMap::from_iter(entries))
}

/// Fails if the answer is an error alone.
fn status(answer: &Answer) -> Result<(), Status> {
    let Some((code, message, details)) = &answer.error else { return Ok(()) };
    let (code, details) = (Code::from_i32(*code), details.clone().into());
    Err(Status::with_details_and_metadata(code, message, details, metadata([HEADER, TRAILER])))
}

fn decode<O: Type>(message: &[u8]) -> O {
    O::decode(message).expect("a message of the method's own response type")
}

fn response<T>(content: T) -> Response<T> {
    Response::from_parts(metadata([HEADER]), content, http::Extensions::new())
}

fn limits() -> DirectLimits {
    DirectLimits::new(Some(usize::MAX), None)
}

pub fn unary<'a, I: Type, O: Type>(
    relay: &'a Relay,
    call: DirectCall<'a>,
) -> Result<DirectAnswer<'a>, DirectCall<'a>> {
    Ok(call.unary(relay, limits(), |relay, request: Request<I>| {
        Box::pin(async move {
            let answer = relay.receive(request);
            status(&answer)?;
            Ok(response(decode::<O>(&answer.messages[0])))
        })
    }))
}

type Messages<O> = Pin<Box<dyn Stream<Item = Result<O, Status>> + Send>>;

pub fn server_streaming<'a, I: Type, O: Type>(
    relay: &'a Relay,
    call: DirectCall<'a>,
) -> Result<DirectAnswer<'a>, DirectCall<'a>> {
    Ok(call.server_streaming(relay, limits(), |relay, request: Request<I>| {
        Box::pin(async move {
            let answer = relay.receive(request);
            status(&answer)?;
            let messages: Vec<_> = answer.messages.iter().map(|message| Ok(decode::<O>(message))).collect();
            let stream: Messages<O> = Box::pin(tokio_stream::iter(messages));
            Ok(response(stream))
        })
    }))
}

/// Calls with many requests are made over gRPC.
#[allow(dead_code, reason = "an API need not have streams")]
pub fn over_grpc<'a>(_: &'a Relay, call: DirectCall<'a>) -> Result<DirectAnswer<'a>, DirectCall<'a>> {
    Err(call)
}

impl DirectService for Relay {
    fn name(&self) -> &'static str {
        self.name
    }

    fn call<'a>(&'a self, path: &str, call: DirectCall<'a>) -> Result<DirectAnswer<'a>, DirectCall<'a>> {
        path.clone_into(&mut self.path.lock().unwrap());
        match self.functions.get(path) {
            Some(function) => function(self, call),
            None => Err(call),
        }
    }
}

impl Service<http::Request<Body>> for Relay {
    type Response = <Backend as Service<http::Request<Body>>>::Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let answer = self.grpc.call(request);
        Box::pin(async move { Ok(answer.await.expect("the gRPC server answers")) })
    }
}
