//! Requests whose account servers could read from more than one place.

use rust_sdk_runtime::access::Access;
use rust_sdk_runtime::http::{Binding, Part, Segment};
use rust_sdk_runtime::{Method, template};

use super::{ACCOUNT, JSON, REST, api, get, ok, send};
use crate::wire::framed;

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
