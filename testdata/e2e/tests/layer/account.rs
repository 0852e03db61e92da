//! The account of a request, wherever it is: what the layer finds is what the handler decodes.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Empty, Full};
use proptest::prelude::*;
use prost::Message;
use rust_sdk_runtime::access::{Access, Identity};
use rust_sdk_runtime::method::MethodSchemas;
use rust_sdk_runtime::schema::HasSchema;
use rust_sdk_runtime::server::{Admitted, RequestBody, access_layer};
use rust_sdk_runtime::{Api, Code, Method, Service, template};
use shapes::types::v1::{Oneofs, Tree};
use tower_service::Service as _;

use crate::server::Directory;
use crate::wire::{Answer, framed};

static METHODS: [Method; 4] = [
    // The account is a member of a oneof, below one that is a message.
    Method::unary("/test.S/Oneof")
        .requires(Access::all(&["p"]).within("f_self.f_string"))
        .post(template!("/oneof"))
        .body("*"),
    Method::unary("/test.S/Tree")
        .requires(Access::all(&["p"]).within("left.child.label"))
        .post(template!("/tree"))
        .body("left"),
    // The body is a field within a message.
    Method::unary("/test.S/Leaf")
        .requires(Access::all(&["p"]).within("left.child.label"))
        .post(template!("/leaf"))
        .body("left.child"),
    Method::unary("/test.S/Label").requires(Access::all(&["p"]).within("label")).get(template!("/label")),
];
static SERVICE: Service = Service::new("test.S", &METHODS).schemas(|index| {
    let schema = if index == 0 { Oneofs::schema } else { Tree::schema };
    Some(MethodSchemas::new(schema, schema))
});
static API: Api = Api::new(&[&SERVICE]);

type Seen = Arc<Mutex<Vec<(Bytes, Option<String>)>>>;

/// Notes the bodies that come through, and the account that was checked.
#[derive(Clone, Default)]
struct Note(Seen);

impl tower_service::Service<Request<RequestBody<Full<Bytes>>>> for Note {
    type Response = Response<Empty<Bytes>>;
    type Error = Infallible;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Infallible>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<RequestBody<Full<Bytes>>>) -> Self::Future {
        let seen = Arc::clone(&self.0);
        Box::pin(async move {
            let account =
                request.extensions().get::<Admitted<Identity>>().unwrap().account().map(str::to_owned);
            let body = request.into_body().collect().await.unwrap().to_bytes();
            seen.lock().unwrap().push((body, account));
            Ok(Response::new(Empty::new()))
        })
    }
}

/// Sends a request from a caller who may do everything everywhere; what the handler got, or the refusal's code.
async fn send(target: &str, content_type: &str, body: Bytes) -> Result<(Bytes, Option<String>), Code> {
    let everything = Directory::of([Identity::new(["p"]).everywhere()]);
    let note = Note::default();
    let mut service = access_layer(&API, everything).layer(note.clone());
    let verb = if target.starts_with("/label") { "GET" } else { "POST" };
    let request = Request::builder().method(verb).uri(target).header("x-caller", "0");
    let request = request.header("content-type", content_type).body(Full::new(body)).unwrap();
    let (parts, body) = service.call(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let answer =
        Answer { status: parts.status, headers: parts.headers, body, trailers: http::HeaderMap::new() };
    let seen = note.0.lock().unwrap().pop();
    seen.ok_or_else(|| answer.code().unwrap())
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

/// Some account is named, or the call is denied; either way as the message says that prost decodes.
fn agrees<M: Message + Default>(
    path: &str,
    wire: &[u8],
    account: impl Fn(&M) -> Option<String>,
) -> Result<(), TestCaseError> {
    let got = block_on(send(path, "application/grpc", framed(wire)));
    let Ok(message) = M::decode(wire) else { return Ok(()) };
    match account(&message).filter(|account| !account.is_empty()) {
        Some(account) => prop_assert_eq!(got, Ok((framed(wire), Some(account)))),
        None => prop_assert_eq!(got, Err(Code::PermissionDenied)),
    }
    Ok(())
}

fn in_oneof(message: &Oneofs) -> Option<String> {
    use shapes::types::v1::oneofs::Choice;
    let Some(Choice::FSelf(inner)) = &message.choice else { return None };
    let Some(Choice::FString(account)) = &inner.choice else { return None };
    Some(account.clone())
}

fn in_tree(message: &Tree) -> Option<String> {
    use shapes::types::v1::tree::Either;
    let Some(Either::Left(left)) = &message.either else { return None };
    Some(left.child.as_ref()?.label.clone())
}

/// A field of bytes, with its tag as short as it can be or longer.
fn field(number: u8, content: &[u8], long: bool) -> Vec<u8> {
    let tag = u16::from(number) << 3 | 2;
    let (low, high) = (u8::try_from(tag & 0x7f).unwrap(), u8::try_from(tag >> 7).unwrap());
    let tag = if long || high > 0 { vec![low | 0x80, high] } else { vec![low] };
    [tag, vec![u8::try_from(content.len()).unwrap()], content.to_vec()].concat()
}

/// Messages of few fields, put together as hostile clients may: fields twice, in any order, at times with other types.
/// These numbers are messages like it, those are texts.
fn fields(messages: &'static [u8], texts: &'static [u8], depth: u32) -> BoxedStrategy<Vec<u8>> {
    let text = || prop_oneof![Just("a"), Just("b"), Just("")].prop_map(|text| text.as_bytes().to_vec());
    let inner = if depth == 0 { Just(Vec::new()).boxed() } else { fields(messages, texts, depth - 1) };
    let of = |numbers: &'static [u8], content: BoxedStrategy<Vec<u8>>| {
        let field = (prop::sample::select(numbers), content, 0..10_u8);
        field.prop_map(|(number, content, long)| field_or_varint(number, &content, long))
    };
    let field = prop_oneof![
        9 => of(messages, inner.clone()),
        9 => of(texts, text().boxed()),
        1 => of(messages, text().boxed()),
        1 => of(texts, inner),
    ];
    let fields = prop::collection::vec(field, 0..4).prop_map(|fields| fields.concat());
    fields.prop_filter("its length is one byte", |all| all.len() < 100).boxed()
}

fn field_or_varint(number: u8, content: &[u8], kind: u8) -> Vec<u8> {
    match kind {
        0 if number < 16 => vec![number << 3, 1],
        kind => field(number, content, kind == 1),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]
    #[test]
    fn what_is_found_is_what_prost_decodes(
        oneof in fields(&[14, 10], &[7, 16, 17], 3),
        tree in fields(&[4, 5, 1], &[6], 3),
    ) {
        agrees::<Oneofs>("/test.S/Oneof", &oneof, in_oneof)?;
        agrees::<Tree>("/test.S/Tree", &tree, in_tree)?;
        agrees::<Tree>("/test.S/Label", &tree, |tree| Some(tree.label.clone()))?;
    }

    #[test]
    fn arbitrary_bytes_are_refused_or_agreed_on(wire in prop::collection::vec(any::<u8>(), 0..40)) {
        agrees::<Oneofs>("/test.S/Oneof", &wire, in_oneof)?;
        agrees::<Tree>("/test.S/Tree", &wire, in_tree)?;
    }
}

/// A message that occurs twice is merged. A member of a oneof replaces the other members.
#[test]
fn what_is_there_twice() {
    let (a, b) = (field(7, b"a", false), field(7, b"b", false));
    let of = |inner: &[u8]| field(14, inner, false);
    let (other, number) = (field(10, b"", false), vec![3 << 3, 1]);
    for (wire, account) in [
        (of(&a), Some("a")),
        ([of(&a), of(&b)].concat(), Some("b")),
        (of(&[a.clone(), b].concat()), Some("b")),
        ([of(&a), of(&field(16, b"x", false))].concat(), Some("a")),
        ([of(&a), field(16, b"x", true)].concat(), Some("a")),
        ([of(&a), field(17, b"x", false)].concat(), Some("a")),
        ([of(&a), field(99, b"x", false)].concat(), Some("a")),
        ([of(&a), field(7, b"x", false)].concat(), None),
        ([of(&a), other.clone()].concat(), None),
        ([of(&a), number.clone()].concat(), None),
        ([of(&a), other.clone(), of(b"")].concat(), None),
        (of(&[a.clone(), other.clone()].concat()), None),
        ([of(&a), of(&other)].concat(), None),
        ([of(&a), of(&number)].concat(), None),
        ([other, of(&a)].concat(), Some("a")),
    ] {
        let message = Oneofs::decode(&wire[..]).unwrap();
        assert_eq!(in_oneof(&message).as_deref(), account, "{wire:?}");
        agrees::<Oneofs>("/test.S/Oneof", &wire, in_oneof).unwrap();
    }
}

#[tokio::test]
async fn messages_that_cannot_be_read_are_refused() {
    let grpc = "application/grpc";
    let label = framed(&[50, 1, b'a']);
    assert_eq!(send("/test.S/Label", grpc, label.clone()).await, Ok((label.clone(), Some("a".into()))));
    // Compressed, cut short, of a length that there is not, not UTF-8, and none at all.
    let with_prefix = |prefix: [u8; 5]| Bytes::from([&prefix[..], &label[5..]].concat());
    assert_eq!(send("/test.S/Label", grpc, with_prefix([1, 0, 0, 0, 3])).await, Err(Code::Unimplemented));
    assert_eq!(send("/test.S/Label", grpc, with_prefix([0, 0, 0, 0, 4])).await, Err(Code::InvalidArgument));
    assert_eq!(send("/test.S/Label", grpc, label.slice(..3)).await, Err(Code::InvalidArgument));
    assert_eq!(
        send("/test.S/Label", grpc, with_prefix([0, 0xff, 0xff, 0xff, 0xff])).await,
        Err(Code::ResourceExhausted)
    );
    assert_eq!(send("/test.S/Label", grpc, framed(&[50, 1, 0xff])).await, Err(Code::InvalidArgument));
    assert_eq!(send("/test.S/Label", grpc, Bytes::new()).await, Err(Code::PermissionDenied));
}

#[tokio::test]
async fn accounts_in_queries_and_json() {
    let json = "application/json";
    let none = Bytes::new;
    assert_eq!(send("/label?label=a", json, none()).await, Ok((none(), Some("a".into()))));
    assert_eq!(send("/label?label=a&label=a", json, none()).await, Ok((none(), Some("a".into()))));
    assert_eq!(send("/label?label=a&label=b", json, none()).await, Err(Code::InvalidArgument));
    assert_eq!(send("/label", json, none()).await, Err(Code::PermissionDenied));
    assert_eq!(send("/label?label=", json, none()).await, Err(Code::PermissionDenied));

    for (target, body) in [
        ("/oneof", r#"{"fSelf": {"fString": "a"}}"#),
        ("/oneof", r#" {"between": [{"fSelf": 1}], "f_self": {"f_string": "\u0061"}} "#),
        ("/oneof?fSelf.fString=a", r#"{"fSelf": {"fString": "a"}}"#),
        // The body is the field `left.child`.
        ("/leaf", r#"{"label": "a"}"#),
        ("/leaf?left.label=b", r#"{"child": {}, "label": "a"}"#),
        // The body is the field `left`.
        ("/tree", r#"{"child": {"label": "a"}}"#),
    ] {
        assert_eq!(
            send(target, json, body.into()).await,
            Ok((body.into(), Some("a".into()))),
            "{target} {body}"
        );
    }
    // The body holds the account, so the query must not.
    let other = r#"{"label": "a"}"#;
    assert_eq!(send("/leaf?left.child.label=b", json, other.into()).await, Err(Code::InvalidArgument));
    assert_eq!(send("/leaf", json, "{}".into()).await, Err(Code::PermissionDenied));
    let around = r#"{"left": {"child": {"label": "a"}}}"#;
    assert_eq!(send("/tree", json, around.into()).await, Err(Code::PermissionDenied));
    for (body, code) in [
        ("", Code::PermissionDenied),
        ("{}", Code::PermissionDenied),
        ("null", Code::PermissionDenied),
        (r#"{"fSelf": null}"#, Code::PermissionDenied),
        (r#"{"fSelf": {"fString": ""}}"#, Code::PermissionDenied),
        (r#"{"fself": {"fString": "a"}}"#, Code::PermissionDenied),
        (r#"{"fSelf": {"fString": "a"}, "fSelf": {"fString": "b"}}"#, Code::InvalidArgument),
        (r#"{"fSelf": {"fString": "a"}, "f_self": {"fString": "a"}}"#, Code::InvalidArgument),
        (r#"{"fSelf": {"fString": "a"}} {"fSelf": {"fString": "a"}}"#, Code::InvalidArgument),
        (r#"[{"fSelf": {"fString": "a"}}]"#, Code::InvalidArgument),
        (r#"{"fSelf": {"fString": 1}}"#, Code::InvalidArgument),
        (r#"{"fSelf": "a"}"#, Code::InvalidArgument),
        (r#"{"fSelf": {"fString": {"x": "a"}}}"#, Code::InvalidArgument),
        (r#"{"fSelf": {"fString": "a""#, Code::InvalidArgument),
        ("fSelf=a", Code::InvalidArgument),
    ] {
        assert_eq!(send("/oneof", json, body.into()).await, Err(code), "{body}");
    }
    let body = r#"{"fSelf": {"fString": "a"}}"#;
    assert_eq!(send("/oneof?fSelf.fString=b", json, body.into()).await, Err(Code::InvalidArgument));
}
