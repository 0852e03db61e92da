//! The REST gateway in front of generated servers: raw HTTP requests in memory, and over a socket.

mod arbitrary;
mod bodies;
mod browser;
mod server;
mod settings;
mod socket;
mod streams;
#[path = "../support/mod.rs"]
mod support;
mod unary;

use std::pin::Pin;

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body::Body as _;
use rust_sdk_runtime::Gateway;
use rust_sdk_runtime::transport::Body;
use serde_json::Value;
use tower_service::Service as _;

/// A response, read to its end.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    trailers: HeaderMap,
}

impl Answer {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/json"));
        serde_json::from_slice(&self.body).unwrap()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// `VERB target`, with these headers and this body.
fn request(what: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Request<Body> {
    let (verb, target) = what.split_once(' ').unwrap();
    let mut request = Request::builder().method(verb).uri(target);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::full(body.into())).unwrap()
}

async fn open(gateway: &Gateway, request: Request<Body>) -> Response<Body> {
    gateway.clone().call(request).await.unwrap()
}

async fn send(gateway: &Gateway, request: Request<Body>) -> Answer {
    let (parts, mut body) = open(gateway, request).await.into_parts();
    let (mut read, mut trailers) = (Vec::new(), HeaderMap::new());
    while let Some(frame) = next(&mut body).await {
        match frame.unwrap().into_data() {
            Ok(data) => read.extend(data),
            Err(frame) => trailers = frame.into_trailers().unwrap(),
        }
    }
    Answer { status: parts.status, headers: parts.headers, body: read, trailers }
}

async fn get(gateway: &Gateway, target: &str) -> Answer {
    send(gateway, request(&format!("GET {target}"), &[], "")).await
}

type Frame = http_body::Frame<Bytes>;

async fn next(body: &mut Body) -> Option<Result<Frame, rust_sdk_runtime::error::BoxError>> {
    std::future::poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await
}
