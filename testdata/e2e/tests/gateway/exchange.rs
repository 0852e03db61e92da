//! Requests, and responses that are read to their end.

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
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) trailers: HeaderMap,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/json"));
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// `VERB target`, with these headers and this body.
pub(crate) fn request(what: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Request<Body> {
    let (verb, target) = what.split_once(' ').unwrap();
    let mut request = Request::builder().method(verb).uri(target);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::full(body.into())).unwrap()
}

pub(crate) async fn open(gateway: &Gateway, request: Request<Body>) -> Response<Body> {
    gateway.clone().call(request).await.unwrap()
}

pub(crate) async fn send(gateway: &Gateway, request: Request<Body>) -> Answer {
    read(open(gateway, request).await).await
}

pub(crate) async fn read<B>(response: Response<B>) -> Answer
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<rust_sdk_runtime::error::BoxError>,
{
    let (parts, mut body) = response.map(Body::new).into_parts();
    let (mut read, mut trailers) = (Vec::new(), HeaderMap::new());
    while let Some(frame) = next(&mut body).await {
        match frame.unwrap().into_data() {
            Ok(data) => read.extend(data),
            Err(frame) => trailers = frame.into_trailers().unwrap(),
        }
    }
    Answer { status: parts.status, headers: parts.headers, body: read, trailers }
}

pub(crate) async fn get(gateway: &Gateway, target: &str) -> Answer {
    send(gateway, request(&format!("GET {target}"), &[], "")).await
}

pub(crate) type Frame = http_body::Frame<Bytes>;

pub(crate) async fn next(body: &mut Body) -> Option<Result<Frame, rust_sdk_runtime::error::BoxError>> {
    std::future::poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await
}
