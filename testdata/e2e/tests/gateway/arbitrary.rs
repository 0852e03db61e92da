//! Arbitrary messages of every method of the golden APIs: what the client half sends is what the service gets, and what
//! it answers is what the client half reads.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body::Frame;
use prost::encoding::{WireType, encode_key, encode_varint};
use rust_sdk_runtime::http::percent::decode;
use rust_sdk_runtime::http::{Binding, Part, Segment};
use rust_sdk_runtime::json::{self, EncodeOptions};
use rust_sdk_runtime::method::MethodSchemas;
use rust_sdk_runtime::schema::{Kind, MessageSchema};
use rust_sdk_runtime::transcode::{self, Incoming, RequestOptions, RestRequest};
use rust_sdk_runtime::transport::Body;
use rust_sdk_runtime::{Api, Method, Streaming};
use serde_json::Value;
use tower_service::Service;

use crate::support::wire::{arbitrary, populated};
use crate::{next, send};

/// What a path may hold, and what must not lead anywhere else.
const TEXTS: [&str; 6] = ["x", "..%2f..", "a b/c?d=e&f#g", "%2e%2e", ":cancel", "é+%"];

/// Every method with an HTTP binding.
fn bound(api: &'static Api) -> impl Iterator<Item = (&'static Method, MethodSchemas)> {
    let methods = api.services().iter().flat_map(|service| {
        let schemas = |index| service.method_schemas(index).unwrap();
        service.methods().iter().enumerate().map(move |(index, method)| (method, schemas(index)))
    });
    methods.filter(|(method, _)| method.bindings().next().is_some())
}

/// Requests of a method as its client half makes them, with the messages that they are made from. For each binding the
/// text variables of the path are set to what fits its template; other messages are as they come.
fn requests(method: &'static Method, schemas: MethodSchemas) -> Vec<(Vec<u8>, RestRequest)> {
    let mut requests = Vec::new();
    for seed in 0..8 {
        let mut made = vec![populated(schemas.request(), seed), arbitrary(schemas.request(), seed)];
        if !schemas.request().has_required() {
            made.push(Vec::new());
        }
        for (binding, text) in method.bindings().flat_map(|binding| TEXTS.map(|text| (binding, text))) {
            for mut message in made.clone() {
                for part in binding.parts() {
                    if let Part::Variable(field, pattern) = part {
                        set(schemas.request(), field, &fitting(pattern, text), &mut message);
                    }
                }
                // What has no REST form is refused, which other tests are about.
                if let Ok(request) = transcode::request(method, &schemas, &message) {
                    requests.push((message, request));
                }
            }
        }
    }
    requests
}

/// A value that fits a sub-template. A slash is data only where one segment is all there is.
fn fitting(pattern: &[Segment], text: &str) -> String {
    if pattern == [Segment::Any] {
        return text.to_owned();
    }
    let text = text.replace('/', "");
    let segments = pattern.iter().map(|segment| match segment {
        Segment::Literal(literal) => decode(literal).unwrap().into_owned(),
        Segment::Any => text.clone(),
        Segment::Rest => format!("{text}/more"),
    });
    segments.collect::<Vec<_>>().join("/")
}

/// Sets a string field by its path, in the way of the wire format: the last one counts.
fn set(schema: &'static MessageSchema, path: &str, text: &str, out: &mut Vec<u8>) {
    let (step, rest) = path.split_once('.').unwrap_or((path, ""));
    let field = schema.field(step).unwrap();
    let mut content = Vec::new();
    match field.kind {
        Kind::Message(inner) if !rest.is_empty() => set(inner(), rest, text, &mut content),
        Kind::String => content.extend(text.bytes()),
        _ => return,
    }
    encode_key(field.number, WireType::LengthDelimited, out);
    encode_varint(content.len() as u64, out);
    out.extend(content);
}

/// A message in canonical form, to compare.
fn canonical(schema: &'static MessageSchema, schemas: &MethodSchemas, wire: &[u8]) -> Value {
    let options = EncodeOptions { types: schemas.types(), ..EncodeOptions::default() };
    serde_json::from_slice(&json::from_wire(schema, wire, &options).unwrap()).unwrap()
}

#[test]
fn every_request_leads_back_to_its_method_and_message_by_every_binding() {
    for api in [&lumen_cloud::API, &shapes::API] {
        let (mut reached, mut all) = (BTreeSet::new(), BTreeSet::new());
        for (method, schemas) in bound(api) {
            // A message says nothing about a wildcard outside of variables.
            let built = method
                .bindings()
                .filter(|binding| !binding.parts().iter().any(|part| matches!(part, Part::Wildcard(_))));
            all.extend(built.map(|binding| (method.path(), binding.template())));
            for (message, request) in requests(method, schemas) {
                let target = &request.path_and_query;
                let (path, query) = target.split_once('?').unwrap_or((target, ""));
                let found = api.route(request.verb, path).unwrap_or_else(|| panic!("no route for {target}"));
                assert!(std::ptr::eq(found.method, method), "{target} leads to {}", found.method.path());
                let content_type = request.content_type.as_deref();
                let incoming = Incoming { query, content_type, body: request.body.as_deref() };
                let wire = transcode::decode_request(&found, &schemas, &incoming, &RequestOptions::default());
                let wire = wire.unwrap_or_else(|error| panic!("{target}: {error}"));
                let [read, sent] = [&wire, &message].map(|wire| canonical(schemas.request(), &schemas, wire));
                assert_eq!(read, sent, "{target}");
                reached.insert((method.path(), request.binding.template()));
            }
        }
        let missed: Vec<_> = all.difference(&reached).collect();
        assert!(missed.is_empty(), "{missed:?}");
    }
}

/// A gRPC service that notes what it gets and answers with what it is given.
#[derive(Clone, Default)]
pub(crate) struct Recorder {
    pub(crate) path: Arc<Mutex<String>>,
    pub(crate) request: Arc<Mutex<Vec<u8>>>,
    pub(crate) response: Arc<Mutex<Vec<u8>>>,
}

impl Service<Request<Body>> for Recorder {
    type Response = Response<Answer>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Answer>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let this = self.clone();
        Box::pin(async move {
            let (parts, mut body) = request.into_parts();
            let mut framed = Vec::new();
            while let Some(frame) = next(&mut body).await {
                framed.extend(frame.unwrap().into_data().unwrap());
            }
            parts.uri.path().clone_into(&mut this.path.lock().unwrap());
            framed[5..].clone_into(&mut this.request.lock().unwrap());
            let message = this.response.lock().unwrap().clone();
            let mut framed = vec![0];
            framed.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
            framed.extend(message);
            let status =
                HeaderMap::from_iter([("grpc-status".parse().unwrap(), HeaderValue::from_static("0"))]);
            let mut response =
                Response::new(Answer(vec![Frame::trailers(status), Frame::data(framed.into())]));
            response.headers_mut().insert("content-type", HeaderValue::from_static("application/grpc"));
            Ok(response)
        })
    }
}

/// Frames, the last one first.
pub(crate) struct Answer(Vec<Frame<Bytes>>);

impl http_body::Body for Answer {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop().map(Ok))
    }
}

#[tokio::test]
async fn every_unary_method_gets_its_message_and_gives_its_answer() {
    for api in [&lumen_cloud::API, &shapes::API] {
        let service = Recorder::default();
        let gateway = crate::recording(api, &service);
        let mut called = 0;
        for (method, schemas) in bound(api).filter(|(method, _)| method.streaming() == Streaming::Unary) {
            for (seed, (message, request)) in (0..).zip(requests(method, schemas)).step_by(7) {
                let sent = canonical(schemas.request(), &schemas, &message);
                // A function cannot tell it from zero where fields have no presence: prost does not write it.
                if sent.to_string().contains("-0.0") {
                    continue;
                }
                let RestRequest { binding, verb, path_and_query, body, content_type, .. } = request;
                let http = Request::builder().method(verb).uri(&path_and_query);
                let http = match &content_type {
                    // Not every text can be a header.
                    Some(content_type) if HeaderValue::try_from(&**content_type).is_err() => continue,
                    Some(content_type) => http.header("content-type", &**content_type),
                    None => http,
                };
                *service.response.lock().unwrap() = arbitrary(schemas.response(), seed);
                let http = http.body(Body::full(body.unwrap_or_default())).unwrap();
                let answer = send(&gateway, http).await;

                assert_eq!(*service.path.lock().unwrap(), method.path(), "{path_and_query}");
                let got = canonical(schemas.request(), &schemas, &service.request.lock().unwrap());
                assert_eq!(got, sent, "{path_and_query}");
                // As the service has sent it: prost leaves out a negative zero.
                let response = service.response.lock().unwrap().clone();
                if verb != "HEAD" {
                    answers(binding, &schemas, &response, &answer);
                }
                called += 1;
            }
        }
        assert!(called > 100, "{called}");
    }
}

/// The answer is what the client half reads as this response.
fn answers(binding: &'static Binding, schemas: &MethodSchemas, response: &[u8], answer: &crate::Answer) {
    let Ok(expected) = transcode::encode_response(binding, schemas, response, &EncodeOptions::default())
    else {
        // The extensions of an HttpBody have no place in HTTP.
        assert_eq!(answer.status, 500);
        return;
    };
    assert_eq!((answer.status.as_u16(), &answer.body), (200, &expected.body));
    let content_type = expected.content_type.as_deref();
    if binding.response_body_field().is_none() {
        let read = transcode::response(binding, schemas, content_type, &answer.body).unwrap();
        let [read, sent] = [&read[..], response].map(|wire| canonical(schemas.response(), schemas, wire));
        assert_eq!(read, sent, "{}", binding.template());
    }
}
