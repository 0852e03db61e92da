//! What the access layer adds to a call, besides the program's own look-ups: the time from the request to the handler.

use std::future::{Ready, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use divan::{Bencher, black_box};
use http::request::Parts;
use http::{Request, Response};
use http_body_util::{Empty, Full};
use lumen_cloud::API;
use rust_sdk_runtime::Error;
use rust_sdk_runtime::access::Identity;
use rust_sdk_runtime::server::{Authorizer, Call, access_layer};
use tower_service::Service;

const ACCOUNT: &str = "7f1e4c7a-2b63-4a0e-9d5b-0c1f6a4e8d21";
const GREENHOUSE: &str = "b2d9c0de-55aa-4f0b-8a77-1e3c5d7f9b10";

fn main() {
    black_box((API.method(""), API.route("", "")));
    divan::main();
}

/// The cheapest there is: one caller that everybody is.
struct One(Identity, bool);

impl Authorizer for One {
    type Identity = Identity;

    async fn authenticate(&self, _: &Parts) -> Result<Identity, Error> {
        Ok(self.0.clone())
    }

    fn admit(&self, identity: Option<Identity>, call: &mut Call) {
        if self.1 {
            let admitted = rust_sdk_runtime::server::Admitted::new(identity, call);
            call.extensions_mut().insert(admitted);
        }
    }
}

#[derive(Clone)]
struct Handler;

impl<B> Service<Request<B>> for Handler {
    type Response = Response<Empty<Bytes>>;
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        black_box(&request);
        ready(Ok(Response::new(Empty::new())))
    }
}

fn run<S: Service<Request<Full<Bytes>>>>(
    bencher: Bencher<'_, '_>,
    mut service: S,
    request: impl Fn() -> Request<Full<Bytes>>,
) {
    bencher.with_inputs(&request).bench_local_values(|request| {
        let future = pin!(service.call(request));
        let Poll::Ready(Ok(response)) = future.poll(&mut Context::from_waker(Waker::noop())) else {
            panic!("everything is there");
        };
        response
    });
}

fn with_layer(bencher: Bencher<'_, '_>, hands_over: bool, request: impl Fn() -> Request<Full<Bytes>>) {
    let caller = Identity::new(["read:greenhouses", "write:greenhouses"]).within(ACCOUNT);
    run(bencher, access_layer(&API, One(caller, hands_over)).layer(Handler), request);
}

fn grpc() -> Request<Full<Bytes>> {
    let message = [&[10, 36][..], ACCOUNT.as_bytes(), &[18, 36], GREENHOUSE.as_bytes()].concat();
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    let request = Request::post("/lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse");
    let request = request.header("content-type", "application/grpc").header("te", "trailers");
    let request = request.header("authorization", "apikey 123").header("user-agent", "bench");
    request.body(Full::new([&[0], &length[..], &message].concat().into())).unwrap()
}

fn rest() -> Request<Full<Bytes>> {
    let target = format!("/api/greenhouse/v1/accounts/{ACCOUNT}/greenhouses/{GREENHOUSE}");
    let request = Request::get(target).header("accept", "application/json");
    let request = request.header("authorization", "apikey 123").header("user-agent", "bench");
    request.body(Full::default()).unwrap()
}

fn create() -> Request<Full<Bytes>> {
    let target = format!("/api/greenhouse/v1/accounts/{ACCOUNT}/greenhouses");
    let body = format!(r#"{{"greenhouse":{{"accountId":"{ACCOUNT}","name":"tomatoes","regionId":"eu-1"}}}}"#);
    let request = Request::post(target).header("content-type", "application/json");
    let request = request.header("authorization", "apikey 123").header("user-agent", "bench");
    request.body(Full::new(body.into())).unwrap()
}

#[divan::bench(sample_size = 500)]
fn grpc_without(bencher: Bencher<'_, '_>) {
    run(bencher, Handler, grpc);
}

#[divan::bench(sample_size = 500)]
fn grpc_with_the_layer(bencher: Bencher<'_, '_>) {
    with_layer(bencher, false, grpc);
}

#[divan::bench(sample_size = 500)]
fn grpc_with_the_layer_and_extensions(bencher: Bencher<'_, '_>) {
    with_layer(bencher, true, grpc);
}

#[divan::bench(sample_size = 500)]
fn rest_without(bencher: Bencher<'_, '_>) {
    run(bencher, Handler, rest);
}

#[divan::bench(sample_size = 500)]
fn rest_with_the_layer(bencher: Bencher<'_, '_>) {
    with_layer(bencher, false, rest);
}

#[divan::bench(sample_size = 500)]
fn rest_with_the_account_in_the_body_too(bencher: Bencher<'_, '_>) {
    with_layer(bencher, false, create);
}
