//! The server half by itself: what other clients send, and what is refused with which words.

use prost::Message;
use rust_sdk_runtime::Code;
use rust_sdk_runtime::http::{Binding, Part, Routes};
use rust_sdk_runtime::json::EncodeOptions;
use rust_sdk_runtime::method::{Method, MethodSchemas, Service};
use rust_sdk_runtime::schema::HasSchema as _;
use rust_sdk_runtime::transcode::{self, Incoming, RequestError, RequestOptions};

use crate::fixture::*;

const GET: &[Part] = &[Part::Literal("/v1/"), Part::var("cluster.id")];
static REQUESTS: MethodSchemas = MethodSchemas::new(Request::schema, Request::schema).with_types(TYPES);
static LEGACIES: MethodSchemas = MethodSchemas::new(Legacy::schema, Legacy::schema);

/// What a request comes to.
fn decode(
    schemas: &MethodSchemas,
    binding: Binding,
    target: &str,
    body: Option<&str>,
    options: RequestOptions,
) -> Result<Vec<u8>, RequestError> {
    let verb = if binding.verb() == "PATCH" { "PATCH" } else { "GET" };
    let method = Method::unary("/test.S/M").additional(vec![binding].leak());
    let service: &'static Service = Box::leak(Box::new(Service::new("test.S", vec![method].leak())));
    let routes = Routes::new(vec![service].leak());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let found = routes.find(verb, path).unwrap();
    let incoming = Incoming { query, content_type: None, body: body.map(str::as_bytes) };
    transcode::decode_request(&found, schemas, &incoming, &options)
}

const STRICT: RequestOptions =
    RequestOptions { ignore_unknown: false, plus_is_space: true, empty_is_unset: false, fill_mask: false };
const LENIENT: RequestOptions = RequestOptions { ignore_unknown: true, ..STRICT };

const fn get() -> Binding {
    Binding::new("GET", "/v1/{cluster.id}", GET)
}

fn at(field: &'static str) -> Binding {
    Binding::new("GET", "/v1/{x}", vec![Part::Literal("/v1/"), Part::var(field)].leak())
}

#[track_caller]
fn request(binding: Binding, target: &str, body: Option<&str>) -> Request {
    let wire = decode(&REQUESTS, binding, target, body, STRICT).unwrap();
    Request::decode(wire.as_slice()).unwrap()
}

#[track_caller]
fn refused(binding: Binding, target: &str, body: Option<&str>) -> String {
    let error = decode(&REQUESTS, binding, target, body, STRICT).unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgument);
    error.to_string()
}

#[test]
fn query_parameters_in_the_ways_that_clients_write_them() {
    let got = request(
        get(),
        "/v1/i?cluster.account_id=a+%2B&&page_size=1e1&cluster.tags=x&cluster.tags=&cluster.ports=1\
         &cluster.states=ALIVE&cluster.states=-1&cluster.key=-_8&cluster.ports=-2&cluster.ttl=1.5s&cluster.limit=0\
         &cluster.mask=a,bC,d_e&cluster.blob=%2B%2F8%3D&cluster.ratio=-Infinity&cluster.multiAz=true&force=false&cluster.state=7",
        None,
    );
    let cluster = Cluster {
        id: "i".into(),
        account_id: "a +".into(),
        tags: vec!["x".into(), String::new()],
        ports: vec![1, -2],
        states: vec![1, -1],
        key: vec![0xfb, 0xff],
        blob: Some(vec![0xfb, 0xff]),
        ttl: Some(prost_types::Duration { seconds: 1, nanos: 500_000_000 }),
        mask: Some(prost_types::FieldMask { paths: ["a", "b_c", "d_e"].map(Into::into).to_vec() }),
        limit: Some(0),
        ratio: f64::NEG_INFINITY,
        multi_az: Some(true),
        state: 7,
        ..Cluster::default()
    };
    assert_eq!(
        got,
        Request { cluster: Some(cluster), page_size: 10, force: Some(false), ..Request::default() }
    );
    assert_eq!(request(get(), "/v1/i?name", None).name, "");
    assert_eq!(request(get(), "/v1/i?nam%65=%C3%A9=", None).name, "é=");
}

#[test]
fn what_is_wrong_with_a_query_is_named_and_its_value_is_not() {
    for (query, message) in [
        ("x=hunter2", "query: `x`: there is no such parameter"),
        ("cluster.x=hunter2", "query: `cluster.x`: there is no such parameter"),
        ("name.x=hunter2", "query: `name.x`: there is no such parameter"),
        ("pageSize=hunter2", "query: `pageSize`: expected a number"),
        ("pageSize=", "query: `pageSize`: expected a number"),
        ("pageSize=2147483648", "query: `pageSize`: the number is out of range or has a fraction"),
        ("force=True", "query: `force`: expected true or false"),
        ("cluster.state=hunter2", "query: `cluster.state`: it is not a value of test.State"),
        (
            "cluster.blob=%",
            "query: `cluster.blob`: a `%` is not followed by two hexadecimal digits; write a literal `%` as `%25`",
        ),
        ("%FF=1", "query: `%FF`: the escapes do not decode to UTF-8"),
        ("force=true&force=true", "query: `force`: it occurs twice"),
        (
            "cluster.backupId=x&cluster.clone.id=y",
            "query: `cluster.clone.id`: another field of the same oneof is set as well",
        ),
        ("cluster={}", "query: `cluster`: it is not a flat value; a query can hold only its fields"),
        ("nodes.id=x", "query: `nodes.id`: it is not a flat value; a query can hold only its fields"),
        (
            "cluster.labels=x",
            "query: `cluster.labels`: it is not a flat value; a query can hold only its fields",
        ),
        (
            "cluster.anything=1",
            "query: `cluster.anything`: it is not a flat value; a query can hold only its fields",
        ),
        (
            "cluster.createdAt.seconds=1",
            "query: `cluster.createdAt.seconds`: it is not a flat value; a query can hold only its fields",
        ),
    ] {
        assert_eq!(refused(get(), &format!("/v1/i?{query}"), None), message, "{query}");
    }
    let long = refused(get(), &format!("/v1/i?{}=1", "é".repeat(100)), None);
    assert!(long.len() < 200 && long.contains('…'), "{long}");
    let deep = refused(get(), &format!("/v1/i?cluster.clone{}.id=1", ".parent".repeat(10_000)), None);
    assert!(deep.ends_with("messages are nested too deeply"), "{deep}");
    assert!(refused(get().body("*"), "/v1/i?force=true", None).ends_with("it belongs in the body"));
    assert!(refused(get().body("cluster"), "/v1/i?cluster.big=1", None).ends_with("it belongs in the body"));
    assert!(refused(get(), "/v1/i", Some("{}")).contains("body: /v1/{cluster.id} accepts no body"));

    let ignoring = |binding, target, body| decode(&REQUESTS, binding, target, body, LENIENT).is_ok();
    assert!(ignoring(get(), "/v1/i?x=1&cluster.x=1", Some("{}")));
    assert!(ignoring(get().body("*"), "/v1/i?alt=json", Some(r#"{"x":1}"#)));
    assert!(!ignoring(get(), "/v1/i?force=1", None));
}

#[test]
fn the_path_wins_over_the_body_and_the_query() {
    let body = r#"{"cluster":{"id":"other","limit":3,"accountId":"a"},"name":"n"}"#;
    let got = request(get().body("*"), "/v1/i", Some(body));
    let cluster = got.cluster.unwrap();
    assert_eq!((cluster.id.as_str(), cluster.account_id.as_str(), cluster.limit), ("i", "a", Some(3)));
    let got = request(get().body("cluster"), "/v1/i?name=n", Some(r#"{"id":"other"}"#));
    assert_eq!((got.cluster.unwrap().id, got.name), ("i".into(), "n".into()));
    assert_eq!(request(get(), "/v1/i?cluster.id=other", None).cluster.unwrap().id, "i");
    // What the body does not set is added to what it does.
    for (body, limit) in [(r#"{"cluster":{"limit":3}}"#, Some(3)), (r#"{"cluster":{}}"#, None), ("{}", None)]
    {
        let cluster = request(get().body("*"), "/v1/i", Some(body)).cluster.unwrap();
        assert_eq!((cluster.id.as_str(), cluster.limit), ("i", limit), "{body}");
    }
    // The default of the path, too.
    let zero = || at("page_size");
    assert_eq!(request(zero().body("*"), "/v1/0", Some(r#"{"pageSize":3}"#)), Request::default());
    let limit = || at("cluster.limit").body("*");
    let got = request(limit(), "/v1/0", Some(r#"{"cluster":{"limit":3}}"#));
    assert_eq!(got.cluster.unwrap().limit, Some(0));
    // A member of a oneof clears the other.
    let clone = || at("cluster.clone.id").body("*");
    let got = request(clone(), "/v1/c", Some(r#"{"cluster":{"backupId":"b"}}"#));
    assert_eq!(got.cluster.unwrap().source, Some(Source::Clone(node("c"))));
    let got = request(clone(), "/v1/c", Some(r#"{"cluster":{"clone":{"id":"b","coreCount":2}}}"#));
    assert_eq!(got.cluster.unwrap().source, Some(Source::Clone(Node { core_count: 2, ..node("c") })));
}

#[test]
fn a_path_value_of_the_wrong_type_is_the_clients_fault_and_a_broken_table_is_not() {
    let refusal = refused(at("page_size"), "/v1/hunter2", None);
    assert_eq!(refusal, "path: `page_size`: expected a number");
    let enumeration = decode(&REQUESTS, at("cluster.state"), "/v1/hunter2", None, LENIENT).unwrap_err();
    assert_eq!(enumeration.to_string(), "path: `cluster.state`: it is not a value of test.State");
    for field in ["nosuch", "cluster", "nodes", "name.x", "cluster.labels"] {
        let error = decode(&REQUESTS, at(field), "/v1/x", None, LENIENT).unwrap_err();
        assert_eq!(error.code(), Code::Internal, "{error}");
        assert!(error.to_string().contains(field), "{error}");
    }
    let error = decode(&REQUESTS, get().body("nosuch"), "/v1/x", None, LENIENT).unwrap_err();
    assert_eq!(error.code(), Code::Internal);
}

#[test]
fn bodies() {
    assert_eq!(request(get().body("*"), "/v1/i", Some("")), request(get().body("*"), "/v1/i", None));
    assert_eq!(request(get().body("nodes"), "/v1/i", Some(r#"[{"id":"x"}]"#)).nodes, [node("x")]);
    assert_eq!(request(get().body("force"), "/v1/i", Some("null")).force, None);
    assert_eq!(request(get().body("upload"), "/v1/i", Some("{")).upload.unwrap().data, b"{");
    assert_eq!(request(get().body("upload"), "/v1/i", None).upload, None);
    assert_eq!(
        refused(get().body("*"), "/v1/i", Some(r#"{"cluster":{"nosuch":"hunter2"}}"#)),
        "body: cluster.nosuch: there is no such field"
    );
    assert!(refused(get().body("*"), "/v1/i", Some("hunter2")).starts_with("body: not JSON"));
    assert!(refused(get().body("*"), "/v1/i", Some("null")).starts_with("body: expected a message"));
}

#[test]
fn a_required_field_may_come_from_anywhere() {
    let number = || at("number");
    let plain = || Binding::new("GET", "/v1", &[Part::Literal("/v1")]);
    let legacy = |binding, target, body| {
        decode(&LEGACIES, binding, target, body, STRICT).map(|wire| Legacy::decode(wire.as_slice()).unwrap())
    };
    assert_eq!(legacy(number().body("*"), "/v1/0", Some("{}")).unwrap(), Legacy::default());
    assert_eq!(legacy(number(), "/v1/7", None).unwrap().number, 7);
    assert_eq!(legacy(plain(), "/v1?number=0&part.id=x", None).unwrap().part, Some(node("x")));
    assert_eq!(legacy(plain().body("*"), "/v1", Some(r#"{"number":1}"#)).unwrap().number, 1);
    for (binding, body) in
        [(plain(), None), (plain().body("*"), Some("{}")), (plain().body("part"), Some("{}"))]
    {
        let error = legacy(binding, "/v1", body).unwrap_err();
        assert!(matches!(&error, RequestError::MissingRequired { field } if field == "number"), "{error}");
        assert_eq!(error.code(), Code::InvalidArgument);
    }
}

#[test]
fn a_stream_of_requests_is_an_array_or_values_in_a_row() {
    let method = Method::client_streaming("/test.S/M")
        .additional(vec![get().body("*"), Binding::new("POST", "/v1/{cluster.id}", GET)].leak());
    let service: &'static Service = Box::leak(Box::new(Service::new("test.S", vec![method].leak())));
    let routes = Routes::new(vec![service].leak());
    let found = routes.find("GET", "/v1/i").unwrap();
    let read = |body: &str| {
        let incoming = Incoming { body: Some(body.as_bytes()), ..Incoming::default() };
        let wires = transcode::decode_requests(&found, &REQUESTS, &incoming, &RequestOptions::default());
        wires.map(|wires| {
            wires.unwrap().iter().map(|wire| Request::decode(wire.as_slice()).unwrap()).collect::<Vec<_>>()
        })
    };
    let cluster = Some(Cluster { id: "i".into(), ..Cluster::default() });
    let expected =
        ["a", "b"].map(|name| Request { name: name.into(), cluster: cluster.clone(), ..Request::default() });
    for body in [
        r#" [{"name":"a"}, {"name":"b","cluster":{"id":"x"}}] "#,
        "{\"name\":\"a\"}\n{\"name\":\"b\"}\n",
        "{\n  \"name\": \"a\"\n}{\"name\":\"b\"}",
    ] {
        assert_eq!(read(body).unwrap(), expected, "{body}");
    }
    for body in ["", "[]", " \n"] {
        assert_eq!(read(body).unwrap(), [], "{body}");
    }
    for (body, message) in [
        (r#"[{"name":"a"},{"name":1}]"#, "body: [1].name: expected a string"),
        ("[{}]x", "body: not JSON: trailing characters at line 1 column 5"),
        ("[{},null]", "body: [1]: expected a message, not null"),
        (r#"{"name":"a"} {"nosuch":1}"#, "body: nosuch: there is no such field"),
    ] {
        assert_eq!(read(body).unwrap_err().to_string(), message);
    }
    let found = routes.find("POST", "/v1/i").unwrap();
    let none =
        transcode::decode_requests(&found, &REQUESTS, &Incoming::default(), &RequestOptions::default());
    assert!(none.unwrap().is_none());
}

#[test]
fn responses_and_what_debug_shows() {
    let nodes = Binding::new("GET", "/v1", &[]).response_body("nodes");
    let force = Binding::new("GET", "/v1", &[]).response_body("force");
    let upload = Binding::new("GET", "/v1", &[]).response_body("upload");
    let request = Request { nodes: vec![node("hunter2")], ..Request::default() };
    let encode = |binding: &Binding, request: &Request| {
        let options = EncodeOptions::default();
        transcode::encode_response(binding, &REQUESTS, &request.encode_to_vec(), &options).unwrap()
    };
    let sent = encode(&nodes, &request);
    assert_eq!(
        (&sent.body[..], sent.content_type.as_deref()),
        (&br#"[{"id":"hunter2"}]"#[..], Some("application/json"))
    );
    assert!(!format!("{sent:?}").contains("hunter2"));
    assert_eq!(encode(&force, &request).body, b"null");
    let none = encode(&upload, &request);
    assert_eq!((&none.body[..], none.content_type), (&b""[..], None));
    let incoming = Incoming { query: "hunter2", content_type: None, body: Some(b"hunter2") };
    assert!(!format!("{incoming:?}").contains("hunter2"));
}

#[test]
fn a_plus_in_a_query_is_a_space_or_a_plus() {
    let name = |query: &str, plus_is_space| {
        let options = RequestOptions { plus_is_space, ..STRICT };
        let wire = decode(&REQUESTS, get(), &format!("/v1/i?{query}"), None, options)?;
        Ok::<_, RequestError>(Request::decode(wire.as_slice()).unwrap().name)
    };
    for (query, space, plus) in [
        ("name=a+b", "a b", "a+b"),
        ("name=a%20b%2Bc", "a b+c", "a b+c"),
        ("name=%2B+%C3%A9+", "+ é ", "+ é+"),
    ] {
        assert_eq!(name(query, true).unwrap(), space);
        assert_eq!(name(query, false).unwrap(), plus.replace("+ é", "++é"));
    }
    // A key with either is no field, and the path of the URL is no form.
    assert!(name("na+me=x", true).is_err() && name("+name=x", false).is_err());
    assert_eq!(request(get(), "/v1/a+b", None).cluster.unwrap().id, "a+b");
}

#[test]
fn an_empty_parameter_is_absent_on_request() {
    let options = RequestOptions { empty_is_unset: true, ..STRICT };
    let query = "pageSize=&force=&name=&cluster.state=&cluster.ttl=&cluster.limit=&cluster.ports=&cluster.ports=1\
                 &cluster.tags=&cluster.blob=&cluster.mask=&cluster.backupId=x&pageSize=3&nam=";
    let error = decode(&REQUESTS, get(), &format!("/v1/i?{query}"), None, options).unwrap_err();
    assert_eq!(error.to_string(), "query: `nam`: there is no such parameter");
    let query = query.trim_end_matches("&nam=");
    let wire = decode(&REQUESTS, get(), &format!("/v1/i?{query}"), None, options).unwrap();
    let cluster = Cluster {
        id: "i".into(),
        ports: vec![1],
        tags: vec![String::new()],
        blob: Some(vec![]),
        mask: Some(prost_types::FieldMask::default()),
        source: Some(Source::BackupId("x".into())),
        ..Cluster::default()
    };
    let wanted = Request { cluster: Some(cluster), page_size: 3, ..Request::default() };
    assert_eq!(Request::decode(wire.as_slice()).unwrap(), wanted);
    assert!(decode(&REQUESTS, get(), "/v1/i?pageSize=", None, STRICT).is_err());
    // A path has no absent value.
    assert!(decode(&REQUESTS, at("page_size"), "/v1/x", None, options).is_err());
}

#[test]
fn a_patch_without_a_mask_gets_that_of_its_body() {
    static CLUSTERS: MethodSchemas = MethodSchemas::new(Cluster::schema, Cluster::schema).with_types(TYPES);
    let patch = |query: &str, body: &str, fill_mask| {
        let binding = Binding::new(
            "PATCH",
            "/v1/{clone.id}",
            const { &[Part::Literal("/v1/"), Part::var("clone.id")] },
        );
        let options = RequestOptions { fill_mask, ignore_unknown: true, ..STRICT };
        let target = format!("/v1/i?{query}");
        let wire = decode(&CLUSTERS, binding.body("clone"), &target, Some(body), options).unwrap();
        Cluster::decode(wire.as_slice()).unwrap().mask.map(|mask| mask.paths)
    };
    let paths = |paths: &[&str]| Some(paths.iter().map(ToString::to_string).collect::<Vec<_>>());
    for (query, body, wanted) in [
        // A default and a null are fields, too. The ID in the URL names the resource.
        ("", r#"{"coreCount":0,"id":"x"}"#, paths(&["core_count"])),
        ("", r#"{"core_count":null,"newer":1}"#, paths(&["core_count"])),
        ("", r#"{"parent":{"id":"p","coreCount":1}}"#, paths(&["parent.core_count", "parent.id"])),
        ("", r#"{"parent":{}}"#, paths(&["parent"])),
        ("", r#"{"parent":null}"#, paths(&["parent"])),
        ("", "{}", None),
        ("", r#"{"id":"i"}"#, None),
        ("mask=", r#"{"coreCount":1}"#, paths(&["core_count"])),
        ("mask=parent", r#"{"coreCount":1}"#, paths(&["parent"])),
    ] {
        let mut given = patch(query, body, true);
        // serde_json keeps the order of an object or sorts it, as its features say.
        if let Some(paths) = &mut given {
            paths.sort();
        }
        assert_eq!(given, wanted, "{query} {body}");
    }
    assert_eq!(patch("", r#"{"coreCount":0}"#, false), None);
    // Only a PATCH of one field is an update.
    for binding in [get().body("cluster"), get().body("*"), get()] {
        let fill = RequestOptions { fill_mask: true, ..STRICT };
        assert!(decode(&REQUESTS, binding, "/v1/i", Some(""), fill).is_ok());
    }
}
