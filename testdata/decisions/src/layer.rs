//! The access layer in front of a handler that answers everything, asked over gRPC and over HTTP.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body_util::BodyExt as _;
use rust_sdk_runtime::access::Identity;
use rust_sdk_runtime::schema::{Kind, MessageSchema};
use rust_sdk_runtime::server::{Authorizer, Parts, RequestBody, access_layer};
use rust_sdk_runtime::transport::Body;
use rust_sdk_runtime::method::MethodSchemas;
use rust_sdk_runtime::{Error, Method, Service, transcode};
use tower_service::Service as _;

use crate::Told;

/// Says that everybody is the one caller of the moment.
#[derive(Clone, Default)]
struct Everybody(Arc<Mutex<Option<Identity>>>);

impl Authorizer for Everybody {
    type Identity = Identity;

    async fn authenticate(&self, _: &Parts) -> Result<Identity, Error> {
        Ok(self.0.lock().unwrap().clone().unwrap_or(Identity::anonymous()))
    }
}

#[derive(Clone)]
struct Handler;

impl tower_service::Service<Request<RequestBody<Body>>> for Handler {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<RequestBody<Body>>) -> Self::Future {
        ready(Ok(Response::builder().header("x-handler", "1").body(Body::empty()).unwrap()))
    }
}

/// What the layer decides for this caller and account over both protocols. There is no HTTP request for a method without a
/// binding, nor for one that has its account in the path and is given none.
pub(crate) async fn decide(
    service: &'static Service,
    index: usize,
    identity: Identity,
    account: Option<&str>,
) -> Vec<Told> {
    let method = &service.methods()[index];
    let schemas = service.method_schemas(index).expect("schemas are compiled in");
    let wire = message(method, &schemas, account);
    let framed = [&[0][..], &u32::try_from(wire.len()).unwrap().to_be_bytes(), &wire].concat();
    let grpc = Request::builder().method("POST").uri(method.path()).header("content-type", "application/grpc");
    let mut requests = vec![grpc.body(Body::full(framed)).unwrap()];
    if let Ok(found) = transcode::request(method, &schemas, &wire) {
        let mut request = Request::builder().method(found.verb).uri(&found.path_and_query);
        if let Some(kind) = found.content_type {
            request = request.header("content-type", kind.as_ref());
        }
        requests.push(request.body(found.body.map_or_else(Body::empty, Body::full)).unwrap());
    }
    let everybody = Everybody::default();
    *everybody.0.lock().unwrap() = Some(identity);
    let mut layered = access_layer(&sdk::API, everybody).explain(true).layer(Handler);
    let mut told = Vec::new();
    for request in requests {
        let (head, body) = layered.call(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let refused = !head.headers.contains_key("x-handler");
        told.push(refused.then(|| {
            let error = transcode::status::of_response(head.status, &head.headers, &body);
            let reason = error.error_info().map(|info| info.reason).unwrap_or_default();
            (error.code().expect("a code"), reason)
        }));
    }
    told
}

/// A request for the account, with something in every variable of its first path.
fn message(method: &Method, schemas: &MethodSchemas, account: Option<&str>) -> Vec<u8> {
    let scope = method.access().scope();
    let mut wire = Vec::new();
    if let (Some(path), Some(account)) = (scope, account) {
        put(schemas.request(), path, account, &mut wire);
    }
    let template = method.bindings().next().map_or("", |binding| binding.template());
    for variable in template.split('{').skip(1) {
        let name = variable.split(['}', '=']).next().unwrap_or_default();
        if Some(name) != scope {
            put(schemas.request(), name, "x", &mut wire);
        }
    }
    wire
}

/// Appends a field of text at a path. Messages that are there twice are one.
fn put(schema: &MessageSchema, path: &str, text: &str, wire: &mut Vec<u8>) {
    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
    let field = schema.fields().iter().find(|field| field.name == name).expect("a field of the path");
    let mut content = Vec::new();
    match &field.kind {
        Kind::Message(inner) => put(inner(), rest, text, &mut content),
        _ => content.extend_from_slice(text.as_bytes()),
    }
    prost::encoding::bytes::encode(field.number, &content, wire);
}
