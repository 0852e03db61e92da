//! Requests that servers read in more than one way: none of them reaches a handler that was not checked for it.

mod accounts;

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
