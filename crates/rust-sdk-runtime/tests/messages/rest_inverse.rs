//! What the client half builds, the server half reads: the same message, for every binding and every value.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use prost::Message;
use rust_sdk_runtime::http::{Binding, Part, Routes, Segment};
use rust_sdk_runtime::json::EncodeOptions;
use rust_sdk_runtime::method::{Method, MethodSchemas, Service};
use rust_sdk_runtime::schema::HasSchema as _;
use rust_sdk_runtime::transcode::{self, Incoming, RequestOptions};

use crate::fixture::*;
use crate::property::{clusters, nodes};

static SCHEMAS: MethodSchemas = MethodSchemas::new(Request::schema, Request::schema).with_types(TYPES);
static CLUSTERS: MethodSchemas = MethodSchemas::new(Cluster::schema, Cluster::schema).with_types(TYPES);

const DEEP: &[Part] = &[
    Part::Literal("/v1/accounts/"),
    Part::var("cluster.account_id"),
    Part::Literal("/clusters/"),
    Part::var("cluster.id"),
];
const DEEP_TEXT: &str = "/v1/accounts/{cluster.account_id}/clusters/{cluster.id}";
const NAME: &[Part] = &[Part::Literal("/v1/names/"), Part::var("name")];
const REST: &[Part] =
    &[Part::Literal("/v1/rest/"), Part::Variable("name", &[Segment::Rest]), Part::Literal(":go")];

/// Every kind of body, each beside a path of every kind. The verbs keep the routes apart.
static METHODS: &[Method] = &[
    Method::unary("/test.S/All").additional(&[Binding::new("A", DEEP_TEXT, DEEP).body("*")]),
    Method::unary("/test.S/Cluster").additional(&[Binding::new("B", DEEP_TEXT, DEEP).body("cluster")]),
    Method::unary("/test.S/None").additional(&[Binding::new("C", DEEP_TEXT, DEEP)]),
    Method::unary("/test.S/NameAll").additional(&[Binding::new("D", "/v1/names/{name}", NAME).body("*")]),
    Method::unary("/test.S/NameNone").additional(&[Binding::new("E", "/v1/names/{name}", NAME)]),
    Method::unary("/test.S/Upload").additional(&[Binding::new("F", "/v1/names/{name}", NAME).body("upload")]),
    Method::unary("/test.S/Nodes")
        .additional(&[Binding::new("G", "/v1/rest/{name=**}:go", REST).body("nodes")]),
    Method::unary("/test.S/Size").additional(&[
        Binding::new("H", "/v1/rest/{name=**}:go", REST).body("page_size"),
        Binding::new("H", "/v1", &[Part::Literal("/v1")]).body("force"),
    ]),
];
static SERVICES: &[&Service] = &[&Service::new("test.S", METHODS)];

/// Sends a message and reads it again; `false` where the client refuses it.
fn comes_back<M: Message + Default + PartialEq + std::fmt::Debug>(
    routes: &Routes,
    method: &'static Method,
    schemas: &MethodSchemas,
    message: &M,
) -> Result<bool, TestCaseError> {
    let Ok(sent) = transcode::request(method, schemas, &message.encode_to_vec()) else { return Ok(false) };
    let (path, query) = sent.path_and_query.split_once('?').unwrap_or((&sent.path_and_query, ""));
    let Some(found) = routes.find(sent.verb, path) else {
        return Err(TestCaseError::fail(format!("{path} is not found")));
    };
    prop_assert!(std::ptr::eq(found.method, method), "{} reaches {}", path, found.method.path());
    let incoming = Incoming { query, content_type: sent.content_type.as_deref(), body: sent.body.as_deref() };
    let wire = transcode::decode_request(&found, schemas, &incoming, &RequestOptions::default())
        .map_err(|error| TestCaseError::fail(format!("{error} {}", sent.path_and_query)))?;
    prop_assert_eq!(&M::decode(wire.as_slice()).unwrap(), message, "{}", sent.path_and_query);
    Ok(true)
}

/// Text that is likely to go wrong, and any other.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("..".to_owned()),
        Just("%2e%2e".to_owned()),
        Just("%2F".to_owned()),
        Just("/".to_owned()),
        Just("?a=b&c".to_owned()),
        Just("#".to_owned()),
        Just("+".to_owned()),
        Just("%".to_owned()),
        Just(":go".to_owned()),
        Just("é\u{0}".to_owned()),
        any::<String>(),
    ];
    vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

/// A cluster without what a query cannot hold.
fn flat() -> impl Strategy<Value = Cluster> {
    clusters().prop_map(|cluster| Cluster {
        labels: BTreeMap::new(),
        nodes: BTreeMap::new(),
        flags: BTreeMap::new(),
        members: vec![],
        detail: None,
        anything: None,
        list: None,
        extra: None,
        source: cluster.source.filter(|source| !matches!(source, Source::Clone(_))),
        ..cluster
    })
}

prop_compose! {
    fn requests()(
        cluster in of(prop_oneof![clusters(), flat()]),
        (account_id, id, name) in (hostile(), hostile(), hostile()),
        (page_size, force, nodes, nothing) in
            (any::<i32>(), any::<Option<bool>>(), prop_oneof![Just(vec![]), vec(nodes(), 0..3)], of(Just(()))),
        upload in of(("[a-z/+; =]{0,12}", vec(any::<u8>(), 0..40))),
    ) -> Request {
        let upload = upload.map(|(content_type, data)| HttpBody { content_type, data, extensions: vec![] });
        let cluster = cluster.map(|cluster| Cluster { account_id, id, ..cluster });
        Request { cluster, name, page_size, force, nodes, nothing: nothing.filter(|()| page_size > 0), upload }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_message_comes_back_by_every_binding(mut request in requests()) {
        let routes = Routes::new(SERVICES);
        for method in METHODS {
            comes_back(&routes, method, &SCHEMAS, &request)?;
        }
        request.upload = None;
        request.nodes.clear();
        request.nothing = None;
        for method in METHODS {
            comes_back(&routes, method, &SCHEMAS, &request)?;
        }
    }

    #[test]
    fn what_is_flat_comes_back_from_a_query(cluster in flat(), name in "[a-z]{1,3}", force: Option<bool>) {
        let cluster = Some(Cluster { account_id: "a".into(), id: "i".into(), ..cluster });
        let request = Request { cluster, name, force, ..Request::default() };
        let routes = Routes::new(SERVICES);
        for method in METHODS {
            prop_assert!(comes_back(&routes, method, &SCHEMAS, &request)?, "{}", method.path());
        }
    }

    #[test]
    fn a_variable_of_every_kind_comes_back(cluster in clusters(), id in hostile()) {
        let cluster = Cluster { id, ..cluster };
        for field in [
            "account_id", "id", "multi_az", "state", "created_at", "key", "ratio", "weight", "big", "unsigned", "delta",
            "backup_id", "clone.id", "clone.core_count", "clone.parent.id", "limit", "mask", "ttl", "nothing", "blob",
            "offset", "mark",
        ] {
            let parts: &[Part] = vec![Part::Literal("/v1/"), Part::var(field)].leak();
            let bindings = vec![Binding::new("GET", "/v1/{x}", parts).body("*")].leak();
            let methods = vec![Method::unary("/test.S/M").additional(bindings)].leak();
            let service: &'static Service = Box::leak(Box::new(Service::new("test.S", methods)));
            comes_back(&Routes::new(vec![service].leak()), &methods[0], &CLUSTERS, &cluster)?;
        }
    }

    #[test]
    fn nothing_panics(
        path in hostile(), query in "([a-zA-Z_.]{0,9}[.=&%+]?(cluster|nodes|tags|ttl|2F|parent|clone|id)?){0,6}",
        body in vec(any::<u8>(), 0..60), json in "[\\[{]?(\"(name|cluster|id)\":?|[\\[\\]{},0-9]| |null|true){0,9}",
    ) {
        let routes = Routes::new(SERVICES);
        let options = RequestOptions { ignore_unknown: query.len() % 2 == 0, ..RequestOptions::default() };
        for verb in ["A", "B", "C", "D", "E", "F", "G", "H"] {
            for path in [format!("/v1/names/{path}"), format!("/v1/rest/{path}:go"), format!("/v1/accounts/{path}/clusters/x")] {
                let Some(found) = routes.find(verb, &path) else { continue };
                for body in [&body[..], json.as_bytes()] {
                    let incoming = Incoming { query: &query, content_type: None, body: Some(body) };
                    if let Ok(wire) = transcode::decode_request(&found, &SCHEMAS, &incoming, &options) {
                        prop_assert!(Request::decode(wire.as_slice()).is_ok());
                    }
                    let _ = transcode::decode_requests(&found, &SCHEMAS, &incoming, &options);
                }
            }
        }
    }

    #[test]
    fn a_response_comes_back(request in requests()) {
        for field in [None, Some("cluster"), Some("name"), Some("nodes"), Some("force"), Some("upload"), Some("nothing")] {
            let binding = Binding::new("GET", "/v1", &[]);
            let binding = match field {
                Some(field) => binding.response_body(field),
                None => binding,
            };
            let wire = request.encode_to_vec();
            let sent = transcode::encode_response(&binding, &SCHEMAS, &wire, &EncodeOptions::default()).unwrap();
            let wire = transcode::response(&binding, &SCHEMAS, sent.content_type.as_deref(), &sent.body).unwrap();
            let expected = match field {
                None => request.clone(),
                Some("cluster") => Request { cluster: request.cluster.clone(), ..Request::default() },
                Some("name") => Request { name: request.name.clone(), ..Request::default() },
                Some("nodes") => Request { nodes: request.nodes.clone(), ..Request::default() },
                Some("force") => Request { force: request.force, ..Request::default() },
                // Nothing tells an empty one from none.
                Some("upload") => {
                    Request { upload: Some(request.upload.clone().unwrap_or_default()), ..Request::default() }
                }
                Some(_) => Request { nothing: request.nothing, ..Request::default() },
            };
            prop_assert_eq!(Request::decode(wire.as_slice()).unwrap(), expected, "{:?}", field);
        }
    }
}

#[test]
fn a_megabyte_comes_back() {
    let routes = Routes::new(SERVICES);
    for name in ["a".repeat(1 << 20), "é/%".repeat(1 << 18)] {
        let cluster = Some(Cluster { account_id: "a".into(), id: name.clone(), ..Cluster::default() });
        let request = Request { cluster, name, ..Request::default() };
        // One with the rest in the query, one with it in the body.
        for method in &METHODS[2..4] {
            assert!(comes_back(&routes, method, &SCHEMAS, &request).unwrap(), "{}", method.path());
        }
    }
}
