//! Exchanges with a real Envoy that `cargo xtask e2e --record testdata/exchanges` wrote, played back: the client sends
//! what was sent, and reads what came as it was read.

use std::convert::Infallible;
use std::fs;
use std::future::{Ready, poll_fn, ready};
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::{Buf, BufMut, Bytes};
use http_body::Body as _;
use http_body_util::Full;
use prost::encoding::{DecodeContext, WireType};
use prost::{DecodeError, Message as _};
use rust_sdk_runtime::json::{self, EncodeOptions};
use rust_sdk_runtime::method::MethodSchemas;
use rust_sdk_runtime::method::Scope;
use rust_sdk_runtime::rpc;
use rust_sdk_runtime::transport::Body;
use rust_sdk_runtime::{Api, Client, Error, RetryPolicy, Rpc, Service, Streaming};
use serde_json::Value;
use tokio_stream::StreamExt as _;

#[tokio::test]
async fn the_demo_api() {
    assert!(play(&lumen_cloud::API, "lumen-cloud.jsonl").await > 50);
}

#[tokio::test]
async fn every_shape() {
    assert!(play(&shapes::API, "shapes.jsonl").await > 80);
}

/// An encoded message of any type.
#[derive(Clone, Debug, Default, PartialEq)]
struct Encoded(Vec<u8>);

impl prost::Message for Encoded {
    fn encode_raw(&self, buf: &mut impl BufMut) {
        buf.put_slice(&self.0);
    }

    fn merge_field(
        &mut self,
        _: u32,
        _: WireType,
        _: &mut impl Buf,
        _: DecodeContext,
    ) -> Result<(), DecodeError> {
        unreachable!("it is decoded as a whole")
    }

    fn encoded_len(&self) -> usize {
        self.0.len()
    }

    fn clear(&mut self) {
        self.0.clear();
    }

    fn decode(mut buf: impl Buf) -> Result<Self, DecodeError> {
        let mut message = vec![0; buf.remaining()];
        buf.copy_to_slice(&mut message);
        Ok(Self(message))
    }
}

/// A server that gives one answer, and keeps what it was sent.
#[derive(Clone)]
struct Recorded {
    exchange: Arc<Value>,
    sent: Arc<Mutex<Option<http::Request<Body>>>>,
}

impl tower_service::Service<http::Request<Body>> for Recorded {
    type Response = http::Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        *self.sent.lock().unwrap() = Some(request);
        let mut response = http::Response::builder()
            .status(u16::try_from(self.exchange["status"].as_u64().unwrap()).unwrap());
        if let Some(content_type) = self.exchange["response_type"].as_str() {
            response = response.header("content-type", content_type);
        }
        let body = Bytes::from(bytes(&self.exchange["response_body"]));
        ready(Ok(response.body(Full::new(body)).unwrap()))
    }
}

/// The number of exchanges that were played.
async fn play(api: &'static Api, file: &str) -> usize {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../exchanges").join(file);
    let text = fs::read_to_string(&file).unwrap();
    for line in text.lines() {
        one(api, serde_json::from_str(line).unwrap()).await;
    }
    text.lines().count()
}

async fn one(api: &'static Api, exchange: Value) {
    let name = exchange["method"].as_str().unwrap();
    let (service, index) = find(api, name);
    let schemas = service.method_schemas(index).unwrap();
    let rpc = Rpc::<Encoded, Encoded>::new(service, index, Scope::NONE);
    let server = Recorded { exchange: Arc::new(exchange.clone()), sent: Arc::default() };
    let client = Client::builder().rest_service(server.clone()).retry(RetryPolicy::never()).build().unwrap();
    let requests: Vec<_> = list(&exchange["requests"]).map(|request| Encoded(hex(request))).collect();
    let result = call(&client, &rpc, requests).await;

    let sent = server.sent.lock().unwrap().take().unwrap_or_else(|| panic!("{name}: {result:?}"));
    assert_eq!(sent.method().as_str(), exchange["verb"], "{name}");
    assert_eq!(sent.uri().to_string(), exchange["target"], "{name}");
    let content_type = sent.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(content_type.as_deref(), exchange["request_type"].as_str(), "{name}");
    let body = collect(sent.into_body()).await;
    assert_eq!(
        content(content_type.as_deref(), &body),
        content(content_type.as_deref(), &bytes(&exchange["request_body"])),
        "{name}"
    );

    match result {
        Ok(messages) => {
            assert_eq!(exchange["error"], Value::Null, "{name}");
            let expected: Vec<_> =
                list(&exchange["responses"]).map(|message| message_json(&schemas, &hex(message))).collect();
            let found: Vec<_> = messages.iter().map(|message| message_json(&schemas, &message.0)).collect();
            assert_eq!(found, expected, "{name}");
        }
        Err(error) => {
            let expected = &exchange["error"];
            assert_eq!(error.code().map(|code| code as i64), expected["code"].as_i64(), "{name}: {error}");
            assert_eq!(error.message(), expected["message"], "{name}");
            // Each encoder has its own order of fields, so the JSON is compared.
            let details = |bytes: &[u8]| json::to_string(&rpc::Status::decode(bytes).unwrap()).unwrap();
            assert_eq!(details(error.details()), details(&hex(&expected["details"])), "{name}");
        }
    }
}

fn find(api: &'static Api, name: &str) -> (&'static Service, usize) {
    let place = |service: &&'static Service| {
        let index = service.methods().iter().position(|method| method.full_name() == name)?;
        Some((*service, index))
    };
    api.services().iter().find_map(place).unwrap_or_else(|| panic!("no method {name}: record again"))
}

async fn call(
    client: &Client,
    rpc: &Rpc<Encoded, Encoded>,
    mut requests: Vec<Encoded>,
) -> Result<Vec<Encoded>, Error> {
    match rpc.streaming() {
        Streaming::Unary => Ok(vec![client.call(rpc, requests.remove(0)).await?]),
        Streaming::Client => Ok(vec![client.client_streaming(rpc, tokio_stream::iter(requests)).await?]),
        _ => client.server_streaming(rpc, requests.remove(0)).await?.collect().await,
    }
}

async fn collect(body: Body) -> Vec<u8> {
    let mut body = pin!(body);
    let mut all = Vec::new();
    while let Some(frame) = poll_fn(|context| body.as_mut().poll_frame(context)).await {
        all.extend_from_slice(&frame.unwrap().into_data().unwrap_or_default());
    }
    all
}

/// JSON as a value: the order of a map's entries says nothing.
fn content(content_type: Option<&str>, body: &[u8]) -> Result<Value, Vec<u8>> {
    match content_type {
        Some("application/json") => Ok(serde_json::from_slice(body).unwrap()),
        _ => Err(body.to_owned()),
    }
}

fn message_json(schemas: &MethodSchemas, message: &[u8]) -> Value {
    let options = EncodeOptions { types: schemas.types(), ..EncodeOptions::default() };
    serde_json::from_slice(&json::from_wire(schemas.response(), message, &options).unwrap()).unwrap()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().unwrap().iter()
}

fn bytes(body: &Value) -> Vec<u8> {
    body.as_str().map_or_else(|| hex(&body["hex"]), |text| text.as_bytes().to_owned())
}

fn hex(text: &Value) -> Vec<u8> {
    let digit = |byte: u8| u8::try_from(char::from(byte).to_digit(16).unwrap()).unwrap();
    let text = text.as_str().unwrap().as_bytes();
    text.chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}
