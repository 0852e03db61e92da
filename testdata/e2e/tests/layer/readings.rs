//! Requests that servers read in more than one way: none of them reaches a handler that was not checked for it.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response, Version};
use http_body_util::{BodyExt as _, Full};
use rust_sdk_runtime::access::{Access, Identity};
use rust_sdk_runtime::http::Binding;
use rust_sdk_runtime::http::{Part, Segment};
use rust_sdk_runtime::method::MethodSchemas;
use rust_sdk_runtime::schema::HasSchema;
use rust_sdk_runtime::server::{Admitted, RequestBody, access_layer};
use rust_sdk_runtime::{Api, Method, Service, template};
use shapes::types::v1::Oneofs;
use tower_service::Service as _;

use crate::server::Directory;
use crate::wire::framed;

const REST: &[Segment] = &[Segment::Rest];
const ACCOUNT: Access = Access::all(&["p"]).within("between");

/// An API of these methods, whose requests are all `Oneofs`.
fn api(methods: Vec<Method>) -> &'static Api {
    let schemas = |_| Some(MethodSchemas::new(Oneofs::schema, Oneofs::schema));
    let service = Box::leak(Box::new(Service::new("test.S", methods.leak()).schemas(schemas)));
    Box::leak(Box::new(Api::new(vec![&*service].leak())))
}

/// Says which method and which account a call was checked for.
#[derive(Clone)]
struct Handler;

impl tower_service::Service<Request<RequestBody<Full<Bytes>>>> for Handler {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<RequestBody<Full<Bytes>>>) -> Self::Future {
        let admitted = request.extensions().get::<Admitted<Identity>>().unwrap();
        let text = format!("{} {}", admitted.method().name(), admitted.account().unwrap_or("-"));
        ready(Ok(Response::new(text.into())))
    }
}

/// What a call is checked for, from somebody who may do everything everywhere; else the status of the refusal.
fn send(
    api: &'static Api,
    what: &str,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> Result<String, u16> {
    let (verb, target) = what.split_once(' ').unwrap();
    let mut request = Request::builder().method(verb).uri(target).header("x-caller", "0");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    ask(api, request.body(Full::new(body.into())).unwrap())
}

fn ask(api: &'static Api, request: Request<Full<Bytes>>) -> Result<String, u16> {
    let everything = Directory::of([Identity::new(["p"]).everywhere()]);
    let mut service = access_layer(api, everything).layer(Handler);
    let work = async {
        let (parts, body) = service.call(request).await.unwrap().into_parts();
        (parts, body.collect().await.unwrap().to_bytes())
    };
    let (parts, body) = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work);
    let of_grpc = parts.headers.get("grpc-status").map(|status| status.to_str().unwrap().parse().unwrap());
    match of_grpc {
        Some(code) => Err(code),
        None if parts.status.is_success() => Ok(String::from_utf8(body.to_vec()).unwrap()),
        None => Err(parts.status.as_u16()),
    }
}

fn get(api: &'static Api, target: &str) -> Result<String, u16> {
    send(api, &format!("GET {target}"), &[], "")
}

#[expect(clippy::unnecessary_wraps, reason = "it is what others are compared with")]
fn ok(text: &str) -> Result<String, u16> {
    Ok(text.to_owned())
}

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

/// Servers of gRPC go by the path alone: not by the verb, the content type, the query or the version.
#[test]
fn the_path_of_a_grpc_method_is_no_route() {
    let public = api(vec![
            Method::unary("/test.S/Weak").requires(Access::public()).binding(Binding::new(
                "*",
                "/{left}/{right=**}",
                const {
                    &[
                        Part::Literal("/"),
                        Part::var("left"),
                        Part::Literal("/"),
                        Part::Variable("right", REST),
                    ]
                },
            )),
            Method::unary("/test.S/Strong").requires(ACCOUNT),
        ]);
    for path in ["/test.S/Strong", "/test.S/Strong?x=y", "http://h/test.S/Strong", "/test.S/Weak"] {
        for verb in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"] {
            for kind in ["application/json", "text/plain", "application/grp", ""] {
                for version in [Version::HTTP_10, Version::HTTP_11, Version::HTTP_2] {
                    let request = Request::builder().method(verb).uri(path).version(version);
                    let request = request.header("content-type", kind).body(Full::new(framed(b""))).unwrap();
                    assert_eq!(ask(public, request), Err(404), "{verb} {path} {kind} {version:?}");
                }
            }
            assert_eq!(send(public, &format!("{verb} {path}"), &[], framed(b"")), Err(404), "{verb} {path}");
        }
    }
    // What those servers do not take for the method.
    for path in ["/test.S/Strong/x", "/test.S/%53trong", "/test.s/Strong", "/test.S/Strong:x"] {
        assert_eq!(get(public, path), ok("Weak -"), "{path}");
    }
    for path in ["/test.S/Strong/", "//test.S/Strong", "/test.S//Strong"] {
        assert_eq!(get(public, path), Err(404), "{path}");
    }
}

/// The other way round: a router of HTTP takes a call over gRPC for a request to the route.
#[test]
fn a_grpc_method_whose_path_is_a_route_is_not_called() {
    let grpc = [("content-type", "application/grpc")];
    let with = |verb| {
        api(vec![
            Method::unary("/test.S/Weak")
                .requires(Access::public())
                .custom(verb, template!("/", left, "/", right)),
            Method::unary("/test.S/Strong").requires(ACCOUNT),
        ])
    };
    let message = framed(&[130, 1, 1, b'a']);
    for (verb, expected) in [("GET", ok("Strong a")), ("POST", Err(12)), ("*", Err(12))] {
        assert_eq!(send(with(verb), "POST /test.S/Strong", &grpc, message.clone()), expected, "{verb}");
    }
}

#[test]
fn custom_verbs_that_handlers_split_off_the_decoded_value() {
    let both = api(vec![
        Method::unary("/test.S/Get").requires(Access::public()).post(template!("/items/", left)),
        Method::unary("/test.S/Go").requires(Access::authenticated()).post(template!("/items/", left, ":go")),
        Method::unary("/test.S/List").requires(Access::public()).get(template!("/items/", left)),
        // Of a router that compares text this is another path than the variable's.
        Method::unary("/test.S/All").requires(Access::public()).post(template!("/lists:go")),
        Method::unary("/test.S/Any").requires(Access::public()).post(template!("/", left)),
    ]);
    let post = |target: &str| send(both, &format!("POST {target}"), &[], "");
    assert_eq!(post("/items/n"), ok("Get -"));
    assert_eq!(post("/items/n:go"), ok("Go -"));
    assert_eq!(post("/items/n%3Ax:go"), ok("Go -"));
    assert_eq!(post("/items/n:x"), ok("Get -"));
    assert_eq!(post("/items/n%3Ax"), ok("Get -"));
    assert_eq!(post("/lists:go"), ok("All -"));
    assert_eq!(post("/lists%3Ago"), ok("Any -"));
    assert_eq!(get(both, "/items/n%3Ago"), ok("List -"), "no route of the verb");
    for target in ["/items/n%3Ago", "/items/n%3ago", "/items/n:x%3Ago", "/items/:go", "/items/n:g%6F"] {
        assert_eq!(post(target), Err(404), "{target}");
    }
}

/// They go by the path first, and by what follows a colon last.
#[test]
fn custom_verbs_of_less_specific_routes() {
    let deep = api(vec![
        Method::unary("/test.S/Item").requires(Access::authenticated()).get(template!("/items/", left)),
        Method::unary("/test.S/Go").requires(Access::public()).get(template!("/", left, "/", right, ":go")),
        Method::unary("/test.S/Any")
            .requires(Access::public())
            .custom("*", template!("/lists/", left, ":go")),
        Method::unary("/test.S/List").requires(Access::authenticated()).get(template!("/lists/", left)),
    ]);
    assert_eq!(get(deep, "/others/x:go"), ok("Go -"));
    assert_eq!(get(deep, "/items/x:go"), Err(404), "the route of the items takes it");
    assert_eq!(send(deep, "PUT /lists/x:go", &[], ""), ok("Any -"));
    assert_eq!(get(deep, "/lists/x:go"), Err(404), "the handler of GET takes it");
}

#[test]
fn literals_that_are_escaped_in_the_template() {
    let escaped = api(vec![
        Method::unary("/test.S/Tilde").requires(Access::public()).get(template!("/v1/%7E")),
        Method::unary("/test.S/Item").requires(Access::authenticated()).get(template!("/v1/", left)),
    ]);
    assert_eq!(get(escaped, "/v1/%7E"), ok("Tilde -"));
    assert_eq!(get(escaped, "/v1/x"), ok("Item -"));
    for path in ["/v1/~", "/v1/%7e"] {
        assert_eq!(get(escaped, path), Err(404), "{path}: elsewhere it is an item");
    }
}

#[test]
fn head_is_for_who_may_get() {
    let weak =
        |verb| Method::unary("/test.S/Weak").requires(Access::public()).custom(verb, template!("/a/", left));
    let strong = Method::unary("/test.S/Strong").requires(Access::authenticated());
    let same = api(vec![weak("*"), strong]);
    assert_eq!(send(same, "HEAD /a/b", &[], ""), ok("Weak -"));
    for verb in ["*", "HEAD"] {
        let strong = || Method::unary("/test.S/Strong").requires(Access::authenticated());
        // A more specific path comes first, with any verb.
        let literal = api(vec![weak(verb), strong().get(template!("/a/b"))]);
        assert_eq!(send(literal, "HEAD /a/b", &[], ""), ok("Strong -"), "{verb}");
        assert_eq!(send(literal, "HEAD /a/c", &[], ""), ok("Weak -"), "{verb}");
    }
    let strong = Method::unary("/test.S/Strong").requires(Access::authenticated());
    let both = api(vec![weak("*"), strong.get(template!("/a/", left))]);
    assert_eq!(send(both, "HEAD /a/b", &[], ""), ok("Strong -"));
    assert_eq!(send(both, "PUT /a/b", &[], ""), ok("Weak -"));
}

/// axum's `{*rest}` takes one segment at least.
#[test]
fn a_rest_without_segments_where_another_route_takes_the_path() {
    const FILES: &[Part] =
        &[Part::Literal("/a/"), Part::var("left"), Part::Literal("/"), Part::Variable("right", REST)];
    let weak = || {
        let binding = Binding::new("DELETE", "/a/{left}/{right=**}", FILES);
        Method::unary("/test.S/Weak").requires(Access::public()).binding(binding)
    };
    let alone = api(vec![weak()]);
    let delete = |api, target: &str| send(api, &format!("DELETE {target}"), &[], "");
    assert_eq!(delete(alone, "/a/c"), ok("Weak -"));
    let strong = Method::unary("/test.S/Strong").requires(Access::authenticated());
    let beside = api(vec![weak(), strong.delete(template!("/", left, "/", right))]);
    assert_eq!(delete(beside, "/a/c"), Err(404));
    assert_eq!(delete(beside, "/a/c/d"), ok("Weak -"));
    assert_eq!(delete(beside, "/b/c"), ok("Strong -"));
    // At the root, with a custom verb.
    let rest = |path: &'static str, verb| {
        let parts = vec![Part::Literal("/"), Part::Variable("right", REST), Part::Literal(verb)].leak();
        Method::unary(path).requires(Access::public()).binding(Binding::new(
            "GET",
            format!("/{{right=**}}{verb}").leak(),
            parts,
        ))
    };
    let root = api(vec![rest("/test.S/Escaped", ":g%6F"), rest("/test.S/Plain", ":go")]);
    assert_eq!(get(root, "/:g%6F"), ok("Escaped -"));
    assert_eq!(get(root, "/:go"), Err(404), "a router that compares text runs the other one");
    // A route of another verb answers 405 there.
    let strong = Method::unary("/test.S/Strong").requires(Access::authenticated());
    let other = api(vec![weak(), strong.get(template!("/", left, "/", right))]);
    assert_eq!(delete(other, "/a/c"), ok("Weak -"));
}

/// A program may have a route for an empty `**` before other segments, or a handler that finds it in the value of `{*rest}`.
#[test]
fn a_rest_without_segments_before_others() {
    const TAIL: &[Part] = &[Part::Literal("/a/"), Part::Variable("right", REST), Part::Literal("/b")];
    const FRONT: &[Part] = &[Part::Literal("/"), Part::Variable("right", REST), Part::Literal("/a/b")];
    const ALL: &[Part] = &[Part::Literal("/a/"), Part::Variable("right", REST)];
    let inner = |path: &'static str, access, template: &'static str, parts: &'static [Part]| {
        Method::unary(path).requires(access).binding(Binding::new("GET", template, parts))
    };
    let weak = || inner("/test.S/Weak", Access::public(), "/a/{right=**}/b", TAIL);
    let strong = || Method::unary("/test.S/Strong").requires(Access::authenticated());
    let alone = api(vec![weak()]);
    assert_eq!(get(alone, "/a/b"), ok("Weak -"));
    assert_eq!(get(alone, "/a/c/b"), ok("Weak -"));
    assert_eq!(get(alone, "/a"), Err(404));
    // A route with this path comes first for every server.
    let literal = api(vec![weak(), strong().get(template!("/a/b"))]);
    assert_eq!(get(literal, "/a/b"), ok("Strong -"));
    assert_eq!(get(literal, "/a/c/b"), ok("Weak -"));
    // A handler may find either route.
    let rest = api(vec![weak(), inner("/test.S/Strong", Access::authenticated(), "/a/{right=**}", ALL)]);
    assert_eq!(get(rest, "/a/b"), Err(404));
    assert_eq!(get(rest, "/a/c/b"), ok("Weak -"));
    assert_eq!(get(rest, "/a/c"), ok("Strong -"));
    // Of two empty ones, a program may have a route for one.
    let both = api(vec![weak(), inner("/test.S/Strong", Access::authenticated(), "/{right=**}/a/b", FRONT)]);
    assert_eq!(get(both, "/a/b"), Err(404));
    assert_eq!(get(both, "/c/a/b"), ok("Strong -"));
}

#[test]
fn segments_in_an_account_of_several() {
    let split = api(vec![
        Method::unary("/test.S/Get").requires(ACCOUNT).binding(Binding::new(
            "GET",
            "/v1/{between=accounts/*}/x",
            &[
                Part::Literal("/v1/"),
                Part::Variable("between", &[Segment::Literal("accounts"), Segment::Any]),
                Part::Literal("/x"),
            ],
        )),
        Method::unary("/test.S/Rest").requires(ACCOUNT).body_in("/v2/", REST),
    ]);
    assert_eq!(get(split, "/v1/accounts/a%20b/x"), ok("Get accounts/a b"));
    // It stays `%2F` here, and is a slash to routers.
    for path in ["/v1/accounts/a%2Fb/x", "/v1/accounts/a%2fb/x", "/v1/accounts/a%252Fb/x"] {
        assert_eq!(get(split, path), Err(400), "{path}");
    }
    let post = |target: &str, body: &str| send(split, &format!("POST {target}"), JSON, body.to_owned());
    assert_eq!(post("/v2/a/b", "{}"), ok("Rest a/b"));
    assert_eq!(post("/v2/a/b", r#"{"between": "a/b"}"#), ok("Rest a/b"));
    // The path says that there is none.
    assert_eq!(post("/v2", "{}"), Err(403));
    assert_eq!(post("/v2", r#"{"between": "a"}"#), Err(400));
    assert_eq!(post("/v2?between=a", "{}"), Err(400));
}

trait BodyIn {
    /// A `POST` with all of the body and the account in the path.
    fn body_in(self, front: &'static str, pattern: &'static [Segment]) -> Self;
}

impl BodyIn for Method {
    fn body_in(self, front: &'static str, pattern: &'static [Segment]) -> Self {
        let parts = vec![Part::Literal(front), Part::Variable("between", pattern)].leak();
        self.binding(Binding::new("POST", format!("{front}{{between=**}}").leak(), parts)).body("*")
    }
}

#[test]
fn accounts_in_queries() {
    let api = api(vec![
        Method::unary("/test.S/Get").requires(ACCOUNT).get(template!("/q")),
        Method::unary("/test.S/Deep")
            .requires(Access::all(&["p"]).within("f_self.f_string"))
            .get(template!("/deep")),
    ]);
    for (target, expected) in [
        ("/q?between=a", "a"),
        ("/q?%62etween=a", "a"),
        ("/q?between=me%20x", "me x"),
        ("/q?between=me%2Bx", "me+x"),
        ("/q?between=a%3Bb", "a;b"),
        ("/q?between=a%00", "a\0"),
        ("/q?between=a&between=a", "a"),
        ("/q?between=a&x=b+c;d&between2=b&[]=x&&=", "a"),
        ("/q?between=A", "A"),
    ] {
        assert_eq!(get(api, target), Ok(format!("Get {expected}")), "{target}");
    }
    for target in [
        // A space to servers that read forms.
        "/q?between=me+x",
        "/q?between=+",
        "/q?between=a&between=a+",
        "/q?+between=a",
        "/q?between+=a",
        // A separator to some.
        "/q?between=a;between=b",
        "/q?between=a;x=y",
        "/q?x=1;between=a",
        "/q?between=a&x=1;between=b",
        "/q?x=1;%62etween=a",
        "/q?x;_method=DELETE",
        // Names that generous servers take for it.
        "/q?Between=a",
        "/q?BETWEEN=a",
        "/q?bet_ween=a",
        "/q?bet-ween=a",
        "/q?between%5B%5D=a",
        "/q?between[]=a",
        "/q?between[0]=a",
        "/q?between.0=a",
        "/q?between%00=a",
        "/q?between%20=a",
        "/q?between=a&Between=a",
        // One that is empty is one.
        "/q?between=&between=a",
        "/q?between=a&between=",
        "/q?between&between=a",
        // What does not decode.
        "/q?between=a%ff",
        "/q?between=%",
        "/q?%ff=a",
    ] {
        assert_eq!(get(api, target), Err(400), "{target}");
    }
    for target in ["/q", "/q?", "/q?between", "/q?between=", "/q?x=between"] {
        assert_eq!(get(api, target), Err(403), "{target}");
    }
    for name in ["fSelf.fString", "f_self.f_string"] {
        assert_eq!(get(api, &format!("/deep?{name}=a")), ok("Deep a"));
    }
    for name in
        ["fSelf[fString]", "f_self[f_string]", "fself.fstring", "f_self.f_string[]", "f_self.f+string"]
    {
        assert_eq!(get(api, &format!("/deep?{name}=a")), Err(400), "{name}");
    }
}

/// A body that holds the account is read as JSON, so it must not be read in another way behind.
#[test]
fn bodies_that_are_not_json_to_every_server() {
    let api = api(vec![
        Method::unary("/test.S/Create").requires(ACCOUNT).post(template!("/a")).body("*"),
        Method::unary("/test.S/Path").requires(ACCOUNT).post(template!("/in/", between)).body("left"),
        Method::unary("/test.S/Grpc").requires(Access::public()),
        Method::unary("/test.S/Public")
            .requires(Access::public().within("between"))
            .post(template!("/public"))
            .body("*"),
    ]);
    let body = r#"{"between": "a"}"#;
    let post = |kinds: &[&str]| {
        let headers: Vec<_> = kinds.iter().map(|kind| ("content-type", *kind)).collect();
        send(api, "POST /a", &headers, body)
    };
    for kind in
        ["application/json", "Application/JSON; charset=utf-8", "application/x+json", "application/x-ndjson"]
    {
        assert_eq!(post(&[kind]), ok("Create a"), "{kind}");
    }
    assert_eq!(post(&[]), ok("Create a"));
    for kind in [
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "text/plain",
        "application/x-protobuf",
        "",
    ] {
        assert_eq!(post(&[kind]), Err(415), "{kind}");
        assert_eq!(
            send(api, "POST /in/a", &[("content-type", kind)], "x"),
            ok("Path a"),
            "{kind}: it is not read"
        );
    }
    assert_eq!(post(&["application/json", "application/json"]), Err(400));
    let form = [("content-type", "multipart/form-data"), ("content-encoding", "gzip")];
    assert_eq!(send(api, "POST /public", &form, "x"), ok("Public -"), "nobody is checked");

    let encoded = |what, kind, encodings: &[&'static str]| {
        let mut headers = vec![("content-type", kind)];
        headers.extend(encodings.iter().map(|encoding| ("content-encoding", *encoding)));
        send(api, what, &headers, if kind == "application/json" { body.into() } else { framed(b"") })
    };
    for (encodings, is_plain) in [
        (&["identity"][..], true),
        (&["Identity", "identity"], true),
        (&["gzip"], false),
        (&["identity", "gzip"], false),
        (&["gzip", "identity"], false),
        (&["identity, gzip"], false),
    ] {
        let expected = |text, code| if is_plain { ok(text) } else { Err(code) };
        assert_eq!(
            encoded("POST /a", "application/json", encodings),
            expected("Create a", 415),
            "{encodings:?}"
        );
        let grpc = encoded("POST /test.S/Grpc", "application/grpc", encodings);
        assert_eq!(grpc, expected("Grpc -", 12), "{encodings:?}");
    }
}

/// Handlers read the account from the one place that the binding has it at.
#[test]
fn an_account_where_no_handler_looks_for_it() {
    let oneof = Access::all(&["p"]).within("left");
    let api = api(vec![
        Method::unary("/test.S/Create").requires(ACCOUNT).post(template!("/a")).body("*"),
        Method::unary("/test.S/Self")
            .requires(Access::all(&["p"]).within("f_self.f_string"))
            .post(template!("/s"))
            .body("f_self"),
        Method::client_streaming("/test.S/Stream")
            .requires(Access::all(&["p"]).within("f_self.f_string"))
            .post(template!("/t"))
            .body("f_self"),
        // `right` and `left` are of one oneof: the path ends what the body has.
        Method::unary("/test.S/Right").requires(oneof).put(template!("/r/", right)).body("*"),
        Method::unary("/test.S/RightQuery").requires(oneof).get(template!("/r/", right)),
    ]);
    let post = |target: &str, body: &str| send(api, &format!("POST {target}"), JSON, body.to_owned());
    assert_eq!(post("/a?between=a", r#"{"between": "a"}"#), ok("Create a"));
    for body in ["", "{}", r#"{"between": ""}"#, r#"{"between": null}"#] {
        assert_eq!(post("/a?between=a", body), Err(400), "{body}");
    }
    assert_eq!(post("/a?between=", r#"{"between": "a"}"#), Err(400));
    assert_eq!(post("/s", r#"{"fString": "a"}"#), ok("Self a"));
    assert_eq!(post("/s?fSelf.fString=a", "{}"), Err(400));
    // The query is put together with the body: another member of a oneof ends that one.
    assert_eq!(post("/s?fInt32=1", r#"{"fString": "a"}"#), Err(400));
    assert_eq!(post("/s?fSelf.f_int32=1", r#"{"fString": "a"}"#), Err(400));
    assert_eq!(post("/s?between=1", r#"{"fString": "a"}"#), ok("Self a"));
    // A field is no stream of messages.
    assert_eq!(post("/t", r#"{"fString": "a"}"#), ok("Stream a"));
    assert_eq!(post("/t", r#"[{"fString": "a"}]"#), Err(400));
    assert_eq!(post("/t", r#"{"fString": "a"}{"fString": "a"}"#), Err(400));

    let put = |body: &str| send(api, "PUT /r/x", JSON, body.to_owned());
    assert_eq!(put(r#"{"left": "a"}"#), Err(400));
    assert_eq!(put("{}"), Err(403));
    assert_eq!(get(api, "/r/x?left=a"), Err(400));
    assert_eq!(get(api, "/r/x"), Err(403));
}
