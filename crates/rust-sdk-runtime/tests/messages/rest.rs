//! Whole REST requests and responses.

use prost::Message;
use rust_sdk_runtime::http::{Binding, Part, Segment, Template};
use rust_sdk_runtime::method::{Method, MethodSchemas};
use rust_sdk_runtime::schema::HasSchema as _;
use rust_sdk_runtime::transcode::{self, BindingError, RestError, RestRequest};

use crate::fixture::*;

static SCHEMAS: MethodSchemas = MethodSchemas::new(Request::schema, Cluster::schema).with_types(TYPES);

const fn method(bindings: &'static [Binding]) -> Method {
    Method::unary("/test.Service/Call").additional(bindings)
}

const NESTED: &[Part] = &[
    Part::Literal("/v1/accounts/"),
    Part::var("cluster.account_id"),
    Part::Literal("/clusters/"),
    Part::var("cluster.id"),
];
const NAME: &[Part] = &[
    Part::Literal("/v1/"),
    Part::Variable("name", &[Segment::Literal("shelves"), Segment::Any]),
    Part::Literal(":move"),
];

#[track_caller]
fn send(method: &'static Method, request: &Request) -> RestRequest {
    transcode::request(method, &SCHEMAS, &request.encode_to_vec()).unwrap()
}

fn body(request: &RestRequest) -> Option<&str> {
    request.body.as_deref().map(|body| std::str::from_utf8(body).unwrap())
}

fn cluster(id: &str) -> Cluster {
    Cluster { account_id: "a/b".into(), id: id.into(), ..Cluster::default() }
}

#[test]
fn path_bound_leaves_are_not_repeated() {
    static GET: Method =
        method(&[Binding::new("GET", "/v1/accounts/{cluster.account_id}/clusters/{cluster.id}", NESTED)]);
    let mut request = Request { cluster: Some(cluster("c")), page_size: 5, ..Request::default() };
    assert_eq!(send(&GET, &request).path_and_query, "/v1/accounts/a%2Fb/clusters/c?pageSize=5");
    request.cluster.as_mut().unwrap().big = 7;
    let sent = send(&GET, &request);
    assert_eq!(sent.path_and_query, "/v1/accounts/a%2Fb/clusters/c?cluster.big=7&pageSize=5");
    assert_eq!((body(&sent), sent.content_type.as_deref()), (None, None));
}

#[test]
fn a_body_of_everything_else() {
    static PUT: Method =
        method(&[
            Binding::new("PUT", "/v1/accounts/{cluster.account_id}/clusters/{cluster.id}", NESTED).body("*")
        ]);
    let mut request = Request { cluster: Some(cluster("c")), ..Request::default() };
    let sent = send(&PUT, &request);
    assert_eq!((sent.verb, sent.path_and_query.as_str()), ("PUT", "/v1/accounts/a%2Fb/clusters/c"));
    assert_eq!((body(&sent), sent.content_type.as_deref()), (Some("{}"), Some("application/json")));
    request.cluster.as_mut().unwrap().multi_az = Some(false);
    request.page_size = 5;
    assert_eq!(body(&send(&PUT, &request)), Some(r#"{"cluster":{"multiAz":false},"pageSize":5}"#));
}

#[test]
fn a_body_of_one_field_keeps_what_the_path_took() {
    static PATCH: Method =
        method(&[Binding::new("PATCH", "/v1/accounts/{cluster.account_id}/clusters/{cluster.id}", NESTED)
            .body("cluster")]);
    let request =
        Request { cluster: Some(cluster("c")), force: Some(true), name: "n".into(), ..Request::default() };
    let sent = send(&PATCH, &request);
    assert_eq!(sent.path_and_query, "/v1/accounts/a%2Fb/clusters/c?name=n&force=true");
    assert_eq!(body(&sent), Some(r#"{"accountId":"a/b","id":"c"}"#));
}

#[test]
fn a_body_field_that_is_no_message_or_not_set() {
    static NODES: Method = method(&[Binding::new("POST", "/v1/{name=shelves/*}:move", NAME).body("nodes")]);
    static SIZE: Method =
        method(&[Binding::new("POST", "/v1/{name=shelves/*}:move", NAME).body("page_size")]);
    static FORCE: Method = method(&[Binding::new("POST", "/v1/{name=shelves/*}:move", NAME).body("force")]);
    static CLUSTER: Method =
        method(&[Binding::new("POST", "/v1/{name=shelves/*}:move", NAME).body("cluster")]);
    let request = Request { name: "shelves/é".into(), ..Request::default() };
    assert_eq!(send(&NODES, &request).path_and_query, "/v1/shelves/%C3%A9:move");
    let bodies = [&NODES, &SIZE, &FORCE, &CLUSTER].map(|method| send(method, &request).body);
    assert_eq!(bodies, [Some(b"[]".to_vec()), Some(b"0".to_vec()), None, None]);
    let request = Request { nodes: vec![node("x")], page_size: 3, ..request };
    assert_eq!(body(&send(&NODES, &request)), Some(r#"[{"id":"x"}]"#));
    assert_eq!(send(&NODES, &request).path_and_query, "/v1/shelves/%C3%A9:move?pageSize=3");
}

#[test]
fn without_a_body_everything_goes_to_the_query_for_every_verb() {
    static POST: Method = method(&[Binding::new("POST", "/v1/{name=shelves/*}:move", NAME)]);
    let sent = send(&POST, &Request { name: "shelves/1".into(), force: Some(true), ..Request::default() });
    assert_eq!((sent.path_and_query.as_str(), body(&sent)), ("/v1/shelves/1:move?force=true", None));
}

#[test]
fn an_http_body_is_raw_bytes_both_ways() {
    static UPLOAD: Method = method(&[Binding::new("POST", "/v1/{name=shelves/*}:move", NAME).body("upload")]);
    static RAW: Method = method(&[Binding::new("POST", "/v1", &[Part::Literal("/v1")]).body("*")]);
    let upload = HttpBody { content_type: "image/png".into(), data: vec![0, 0xff], extensions: vec![] };
    let mut request =
        Request { name: "shelves/1".into(), upload: Some(upload.clone()), ..Request::default() };
    let sent = send(&UPLOAD, &request);
    assert_eq!(
        (sent.body.as_deref(), sent.content_type.as_deref()),
        (Some(&[0, 0xff][..]), Some("image/png"))
    );

    let raw = MethodSchemas::new(HttpBody::schema, HttpBody::schema);
    let sent = transcode::request(&RAW, &raw, &upload.encode_to_vec()).unwrap();
    assert_eq!(
        (sent.body.as_deref(), sent.content_type.as_deref()),
        (Some(&[0, 0xff][..]), Some("image/png"))
    );
    let wire = transcode::response(sent.binding, &raw, Some("image/png"), &[0, 0xff]).unwrap();
    assert_eq!(HttpBody::decode(wire.as_slice()).unwrap(), upload);

    request.upload.as_mut().unwrap().extensions.push(prost_types::Any::default());
    let error = transcode::request(&UPLOAD, &SCHEMAS, &request.encode_to_vec()).unwrap_err();
    assert!(matches!(error, RestError::HttpBodyExtensions));
}

#[test]
fn the_first_binding_that_fits_wins_and_failure_lists_all() {
    static BINDINGS: &[Binding] = &[
        Binding::new("GET", "/v1/{name=shelves/*}:move", NAME),
        Binding::new("GET", "/v1/{cluster.id}", &[Part::Literal("/v1/"), Part::var("cluster.id")]),
        Binding::new(
            "GET",
            "/v1/*/x",
            &[Part::Literal("/v1/"), Part::Wildcard(Segment::Any), Part::Literal("/x")],
        ),
        Binding::new("POST", "/v2/{page_size}", &[Part::Literal("/v2/"), Part::var("page_size")]).body("*"),
    ];
    static MOVE: Method = method(BINDINGS);
    static FEWER: Method = method(BINDINGS.split_at(3).0);
    let named = Request { name: "shelves/1".into(), cluster: Some(cluster("c")), ..Request::default() };
    assert_eq!(send(&MOVE, &named).path_and_query, "/v1/shelves/1:move?cluster.accountId=a%2Fb&cluster.id=c");
    let other = Request { name: "books/1".into(), ..named };
    assert_eq!(send(&MOVE, &other).path_and_query, "/v1/c?cluster.accountId=a%2Fb&name=books%2F1");
    let zero = Request::default();
    assert_eq!(send(&MOVE, &zero).path_and_query, "/v2/0");

    let error = transcode::request(&FEWER, &SCHEMAS, &zero.encode_to_vec()).unwrap_err();
    let RestError::NoBinding { method, tried } = &error else { panic!("{error}") };
    assert_eq!(*method, "/test.Service/Call");
    assert!(matches!(tried[0].1, BindingError::Path(_)));
    assert_eq!(tried[1].1, BindingError::Unset { template: "/v1/{cluster.id}", field: "cluster" });
    assert_eq!(tried[2].1, BindingError::Wildcard { template: "/v1/*/x" });
    let text = error.to_string();
    for part in ["/test.Service/Call", "`name` is empty", "`cluster` is not set", "/v1/*/x"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(size_of::<RestError>() <= 128);
}

#[test]
fn variables_of_every_type_that_a_path_can_hold() {
    let path = |field: &'static str, cluster: &Cluster| {
        let parts: &[Part] = vec![Part::Literal("/v1/"), Part::var(field)].leak();
        let bindings = vec![Binding::new("GET", "/v1/{x}", parts).body("*")].leak();
        let method: &'static Method = Box::leak(Box::new(method(bindings)));
        transcode::request(
            method,
            &MethodSchemas::new(Cluster::schema, Cluster::schema),
            &cluster.encode_to_vec(),
        )
        .map(|request| request.path_and_query)
        .ok()
    };
    let none = Cluster::default();
    let some = Cluster {
        multi_az: Some(false),
        state: 1,
        key: vec![0xfb, 0xff],
        ratio: 1.5,
        created_at: Some(prost_types::Timestamp::default()),
        limit: Some(0),
        tags: vec!["a".into(), "b".into()],
        source: Some(Source::Clone(node("n"))),
        ..Cluster::default()
    };
    for (field, set, unset) in [
        ("multi_az", Some("/v1/false"), None),
        ("state", Some("/v1/RUNNING"), Some("/v1/STATE_UNSPECIFIED")),
        ("key", Some("/v1/-_8%3D"), None),
        ("ratio", Some("/v1/1.5"), Some("/v1/0")),
        ("big", Some("/v1/0"), Some("/v1/0")),
        ("created_at", Some("/v1/1970-01-01T00%3A00%3A00Z"), None),
        ("limit", Some("/v1/0"), None),
        ("clone.id", Some("/v1/n"), None),
        ("id", None, None),
        // The items of a list have commas between them.
        ("tags", Some("/v1/a%2Cb"), None),
        ("clone", None, None),
        ("nosuch", None, None),
        ("id.x", None, None),
    ] {
        assert_eq!(path(field, &some).as_deref(), set, "{field}");
        assert_eq!(path(field, &none).as_deref(), unset, "{field}");
    }
}

#[test]
fn responses() {
    static WHOLE: Binding = Binding::new("GET", "/v1", &[]);
    static FIELD: Binding = Binding::new("GET", "/v1", &[]).response_body("nodes");
    static RAW: Binding = Binding::new("GET", "/v1", &[]).response_body("upload");
    let wire =
        transcode::response(&WHOLE, &SCHEMAS, None, br#"{"id":"c","brandNew":[],"state":"NEW"}"#).unwrap();
    assert_eq!(Cluster::decode(wire.as_slice()).unwrap(), Cluster { id: "c".into(), ..Cluster::default() });

    let schemas = MethodSchemas::new(Cluster::schema, Request::schema);
    let wire = transcode::response(&FIELD, &schemas, None, br#"[{"id":"x"},{}]"#).unwrap();
    let nodes = vec![node("x"), Node::default()];
    assert_eq!(Request::decode(wire.as_slice()).unwrap(), Request { nodes, ..Request::default() });
    let wire = transcode::response(&RAW, &schemas, Some("text/plain"), b"hi").unwrap();
    let upload = HttpBody { content_type: "text/plain".into(), data: b"hi".to_vec(), extensions: vec![] };
    assert_eq!(Request::decode(wire.as_slice()).unwrap().upload, Some(upload));

    let empty = MethodSchemas::new(Cluster::schema, <()>::schema);
    assert_eq!(transcode::response(&WHOLE, &empty, None, b"").unwrap(), b"");
    assert!(matches!(transcode::response(&WHOLE, &SCHEMAS, None, b""), Err(RestError::Json(_))));
}

#[test]
fn an_empty_rest_is_refused_where_the_path_is_another_methods() {
    const PARTS: &[Part] = &[Part::Literal("/v1/files/"), Part::Variable("name", &[Segment::Rest])];
    static PLAIN: Method =
        Method::unary("/test.Service/Call").delete(Template::new("/v1/files/{name=**}", PARTS));
    static MARKED: Method =
        Method::unary("/test.Service/Call").delete(Template::new("/v1/files/{name=**}", PARTS).needs_rest());
    let named = |name: &str| Request { name: name.into(), ..Request::default() };
    assert_eq!(send(&PLAIN, &named("")).path_and_query, "/v1/files");
    assert_eq!(send(&MARKED, &named("a/b")).path_and_query, "/v1/files/a/b");
    let error = transcode::request(&MARKED, &SCHEMAS, &named("").encode_to_vec()).unwrap_err();
    let text = "DELETE path /v1/files/{name=**}: `name` is empty or not set; set it";
    assert!(matches!(error, RestError::NoBinding { .. }) && error.to_string().ends_with(text), "{error}");
}
