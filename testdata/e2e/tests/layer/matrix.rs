//! The decision matrix over the wire: what the layer lets in is what the document says, and so what `check` says.

use bytes::Bytes;
use lumen_cloud::API;
use rust_sdk_runtime::server::access_layer;
use rust_sdk_runtime::transport::Body;
use rust_sdk_runtime::{Code, Gateway, Method};
use tower_service::Service as _;

use crate::server::{self, Directory};
use crate::support::access::{self, Case, LUMEN, Stated};
use crate::wire::{Answer, Sender};

/// The methods, each with its row, its cases, and those cases' callers known to the directory.
fn each_method(directory: &Directory) -> impl Iterator<Item = (Stated, &'static Method, Vec<Case>)> {
    let directory = directory.clone();
    access::stated(LUMEN).into_iter().map(move |stated| {
        let methods = access::stated(LUMEN);
        let cases = access::cases(&stated, &methods);
        directory.know(cases.iter().map(|case| case.who.identity()).collect());
        let method = API.method_by_name(&stated.name).unwrap();
        (stated, method, cases)
    })
}

fn expected(stated: &Stated, case: &Case) -> Option<(Code, String)> {
    access::expected(stated, case).map(|(code, reason)| (code, reason.to_owned()))
}

/// The account that the handler is told of.
fn told(stated: &Stated, case: &Case) -> Option<String> {
    let account = case.account.filter(|account| !account.is_empty() && stated.state != "public");
    stated.scope.as_ref().and(account).map(str::to_owned)
}

#[tokio::test]
async fn through_tonic() {
    let directory = Directory::default();
    let sender = Sender::http2(server::tonic(directory.clone(), server::routes()).await);
    let (mut allowed, mut all) = (0, 0);
    for (stated, method, cases) in each_method(&directory) {
        let schema = schema(method);
        for (number, case) in cases.iter().enumerate() {
            let message = access::request(method, schema, case.account);
            let answer = sender.call(method.path(), number, &message).await;
            let expected = expected(&stated, case);
            assert_eq!(answer.refusal(), expected, "{} {case:?} {answer:?}", stated.name);
            let admitted = expected.is_none().then(|| (method.full_name(), told(&stated, case)));
            assert_eq!(directory.take_admitted(), Vec::from_iter(admitted), "{} {case:?}", stated.name);
            allowed += usize::from(answer.code() == Some(Code::Unimplemented));
            all += 1;
        }
    }
    assert!(all > 10_000 && allowed > all / 20 && allowed < all / 2, "{allowed} of {all}");
}

#[tokio::test]
async fn through_axum() {
    let directory = Directory::default();
    let sender = Sender::http1(server::axum(directory.clone()).await);
    let (mut allowed, mut all) = (0, 0);
    for (stated, method, cases) in each_method(&directory) {
        for (what, body) in routes(method) {
            for (number, case) in with_account(&cases) {
                let answer = sender.send(&what, &[("x-caller", &number.to_string())], body).await;
                let expected = expected(&stated, case);
                assert_eq!(answer.refusal(), expected, "{what} {case:?} {answer:?}");
                if expected.is_none() {
                    let account = stated.scope.as_ref().map_or("", |_| "a");
                    assert_eq!(answer.text(), format!("{} {account}", stated.name));
                    allowed += 1;
                }
                all += 1;
            }
        }
    }
    assert!(all > 5_000 && allowed > all / 20, "{allowed} of {all}");
}

/// The layer behind the gateway, where everything is gRPC, and in front of it, where it is HTTP: also if the gateway calls the services directly.
#[tokio::test]
async fn through_the_gateway() {
    let directory = Directory::default();
    let layer = access_layer(&API, directory.clone()).explain(true);
    let mut behind = Gateway::new(&API, layer.layer(server::routes()));
    let mut before = layer.layer(Gateway::new(&API, server::routes()));
    let mut direct = layer.layer(server::direct());
    let mut allowed = 0;
    for (stated, method, cases) in each_method(&directory) {
        for (what, body) in routes(method) {
            for (number, case) in with_account(&cases) {
                let (verb, target) = what.split_once(' ').unwrap();
                let request = || {
                    let request = http::Request::builder().method(verb).uri(target);
                    request.header("x-caller", number).body(Body::full(body)).unwrap()
                };
                let expected = expected(&stated, case);
                let answer = read(behind.call(request()).await.unwrap()).await;
                assert_eq!(answer.refusal(), expected, "{what} {case:?} {answer:?}");
                let before = read(before.call(request()).await.unwrap()).await;
                assert_eq!(before.refusal(), expected, "{what} {case:?} {before:?}");
                let direct = read(direct.call(request()).await.unwrap()).await;
                let of = |answer: &Answer| (answer.status, answer.headers.clone(), answer.body.clone());
                assert_eq!(of(&direct), of(&before), "{what} {case:?}");
                allowed += usize::from(expected.is_none());
            }
        }
    }
    assert!(allowed > 500, "{allowed}");
}

async fn read<B: http_body::Body<Data = Bytes>>(response: http::Response<B>) -> Answer
where
    B::Error: std::fmt::Debug,
{
    let (parts, body) = response.into_parts();
    let body = http_body_util::BodyExt::collect(body).await.unwrap();
    let trailers = body.trailers().cloned().unwrap_or_default();
    Answer { status: parts.status, headers: parts.headers, body: body.to_bytes(), trailers }
}

fn schema(method: &'static Method) -> &'static rust_sdk_runtime::schema::MessageSchema {
    let mut schemas = API.services().iter().flat_map(|service| {
        service.methods().iter().enumerate().map(|(index, method)| (method, service.method_schemas(index)))
    });
    let found = schemas.find(|(other, _)| std::ptr::eq(*other, method));
    found.and_then(|(_, schemas)| schemas).unwrap().request()
}

/// Cases whose account can be in a path.
fn with_account(cases: &[Case]) -> impl Iterator<Item = (usize, &Case)> {
    cases.iter().enumerate().filter(|(_, case)| case.account == Some("a"))
}

/// `VERB target` of each binding for the account `a`, and a body where there is one.
fn routes(method: &Method) -> Vec<(String, &'static str)> {
    let bindings = method.bindings().map(|binding| {
        let mut target = binding.template().to_owned();
        while let Some((start, rest)) = target.split_once('{') {
            let (variable, end) = rest.split_once('}').unwrap();
            let value = if Some(variable) == method.access().scope() { "a" } else { "1" };
            target = format!("{start}{value}{end}");
        }
        let body = if binding.request_body() == rust_sdk_runtime::http::Body::All { "{}" } else { "" };
        (format!("{} {target}", binding.verb()), body)
    });
    bindings.collect()
}
