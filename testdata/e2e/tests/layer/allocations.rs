//! What the layer itself allocates for a call that it lets in: nothing.

use std::future::{Ready, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use allocation_counter::measure;
use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use http_body_util::{Empty, Full};
use lumen_cloud::API;
use rust_sdk_runtime::access::{Access, Identity};
use rust_sdk_runtime::http::Binding;
use rust_sdk_runtime::http::{Part, Segment};
use rust_sdk_runtime::server::{Authorizer, Call, RequestBody, access_layer};
use rust_sdk_runtime::{Api, Error, Method, Service as ApiService, template};
use tower_service::Service;

use crate::wire::framed;

/// Knows one caller. What is handed over to handlers is up to it.
struct One {
    caller: Identity,
    hands_over: bool,
}

impl Authorizer for One {
    type Identity = Identity;

    async fn authenticate(&self, head: &Parts) -> Result<Identity, Error> {
        Ok(if head.headers.contains_key("authorization") {
            self.caller.clone()
        } else {
            Identity::anonymous()
        })
    }

    fn admit(&self, identity: Option<Identity>, call: &mut Call) {
        if self.hands_over {
            let account = call.account().map(str::len);
            call.extensions_mut().insert((identity, account));
        }
    }
}

#[derive(Clone)]
struct Handler;

impl Service<Request<RequestBody<Full<Bytes>>>> for Handler {
    type Response = Response<Empty<Bytes>>;
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<RequestBody<Full<Bytes>>>) -> Self::Future {
        // The request is not what is measured; neither is giving it back.
        std::mem::forget(request);
        ready(Ok(Response::new(Empty::new())))
    }
}

/// How often memory is asked for during the call.
fn allocations(hands_over: bool, request: impl Fn() -> Request<Full<Bytes>>) -> u64 {
    allocations_in(&API, hands_over, request)
}

fn allocations_in(api: &'static Api, hands_over: bool, request: impl Fn() -> Request<Full<Bytes>>) -> u64 {
    let caller = Identity::new(["read:greenhouses", "write:greenhouses"]).within("acc-1");
    let mut service = access_layer(api, One { caller, hands_over }).layer(Handler);
    let mut call = |request: Request<Full<Bytes>>| {
        let mut counted = 0;
        let mut response = None;
        let info = measure(|| {
            let future = pin!(service.call(request));
            let Poll::Ready(Ok(answer)) = future.poll(&mut Context::from_waker(Waker::noop())) else {
                panic!("everything is there");
            };
            response = Some(answer);
        });
        counted += info.count_total;
        let response = response.unwrap();
        assert!(response.headers().is_empty() && response.status().is_success(), "{response:?}");
        counted
    };
    // The first look-up of each kind builds its index.
    call(request());
    call(request())
}

fn of_grpc() -> Request<Full<Bytes>> {
    let message = [&[10, 5][..], b"acc-1", &[18, 1, b'g']].concat();
    let request = Request::post("/lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse");
    let request = request.header("content-type", "application/grpc").header("authorization", "x");
    let mut request = request.body(Full::new(framed(&message))).unwrap();
    // Servers put the address of the client here.
    request.extensions_mut().insert("127.0.0.1");
    request
}

fn of_rest(verb: &str, target: &str, body: &'static str) -> Request<Full<Bytes>> {
    let request = Request::builder().method(verb).uri(format!("/api/greenhouse/v1/accounts/acc-1{target}"));
    let request = request.header("authorization", "x").body(Full::new(Bytes::from_static(body.as_bytes())));
    let mut request = request.unwrap();
    request.extensions_mut().insert("127.0.0.1");
    request
}

#[test]
fn nothing_over_grpc() {
    assert_eq!(allocations(false, of_grpc), 0);
}

#[test]
fn nothing_over_http() {
    assert_eq!(allocations(false, || of_rest("GET", "/greenhouses/g?x=y", "")), 0);
    // The account is in the path and in the body.
    let body = r#"{"greenhouse": {"name": "n", "accountId": "acc-1"}}"#;
    assert_eq!(allocations(false, || of_rest("POST", "/greenhouses", body)), 0);
}

/// Of an API whose requests are looked up as routers do that compare text, too.
#[test]
fn nothing_where_servers_read_requests_in_other_ways() {
    static METHODS: [Method; 3] = [
        Method::unary("/test.S/Get").requires(ACCESS).get(template!(
            "/api/greenhouse/v1/accounts/",
            account,
            "/x/",
            id
        )),
        Method::unary("/test.S/Go").requires(ACCESS).get(template!(
            "/api/greenhouse/v1/accounts/",
            account,
            "/x/",
            id,
            ":go"
        )),
        Method::unary("/test.S/Rest").requires(ACCESS).binding(Binding::new(
            "GET",
            "/api/greenhouse/v1/accounts/{account}/{id=**}",
            REST,
        )),
    ];
    static SERVICE: ApiService = ApiService::new("test.S", &METHODS);
    static ROUTES: Api = Api::new(&[&SERVICE]);
    const ACCESS: Access = Access::all(&["read:greenhouses"]).within("account");
    const REST: &[Part] = &[
        Part::Literal("/api/greenhouse/v1/accounts/"),
        Part::var("account"),
        Part::Literal("/"),
        Part::Variable("id", &[Segment::Rest]),
    ];
    for target in ["/x/1", "/x/1:go", "/x/1:no", "/y/1/2", ""] {
        assert_eq!(allocations_in(&ROUTES, false, || of_rest("GET", target, "")), 0, "{target}");
    }
}

#[test]
fn one_box_for_what_is_put_into_the_extensions() {
    assert_eq!(allocations(true, of_grpc), 1);
    assert_eq!(allocations(true, || of_rest("GET", "/greenhouses/g", "")), 1);
}
