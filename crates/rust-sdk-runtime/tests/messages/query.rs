//! What of a message goes to the query, and how.

use prost::Message;
use prost_types::{Duration, FieldMask, Struct, Timestamp, Value};
use rust_sdk_runtime::http::QueryErrorKind;
use rust_sdk_runtime::method::{Method, MethodSchemas};
use rust_sdk_runtime::schema::HasSchema as _;
use rust_sdk_runtime::template;
use rust_sdk_runtime::transcode::{self, RestError};

use crate::fixture::*;

static METHOD: Method = Method::unary("/test.Service/Get").get(template!("/v1"));

fn get(message: &impl Message, schemas: &MethodSchemas) -> Result<String, RestError> {
    let request = transcode::request(&METHOD, schemas, &message.encode_to_vec())?;
    assert_eq!((request.verb, request.body, request.content_type), ("GET", None, None));
    Ok(request.path_and_query)
}

#[track_caller]
fn query(cluster: &Cluster) -> String {
    let path_and_query = get(cluster, &MethodSchemas::new(Cluster::schema, Cluster::schema)).unwrap();
    path_and_query.strip_prefix("/v1").unwrap().to_owned()
}

#[track_caller]
fn refused(result: Result<String, RestError>) -> (String, QueryErrorKind) {
    match result.unwrap_err() {
        RestError::Query(error) => (error.field().to_owned(), error.kind().clone()),
        error => panic!("{error}"),
    }
}

fn refused_cluster(cluster: &Cluster) -> (String, QueryErrorKind) {
    refused(get(cluster, &MethodSchemas::new(Cluster::schema, Cluster::schema)))
}

fn refused_request(request: &Request) -> (String, QueryErrorKind) {
    refused(get(request, &MethodSchemas::new(Request::schema, Cluster::schema)))
}

#[test]
fn nothing_set_is_no_query() {
    assert_eq!(query(&Cluster::default()), "");
}

#[test]
fn scalars_in_field_order() {
    let cluster = Cluster {
        account_id: "a b+c&d=é/:%".into(),
        state: 1,
        key: vec![0xfb, 0xff],
        ratio: 1.5,
        weight: 0.1,
        big: i64::MIN,
        unsigned: u64::MAX,
        delta: -3,
        mark: 7,
        ..Cluster::default()
    };
    assert_eq!(
        query(&cluster),
        "?accountId=a%20b%2Bc%26d%3D%C3%A9%2F%3A%25&state=RUNNING&key=-_8%3D&ratio=1.5&weight=0.1\
         &big=-9223372036854775808&unsigned=18446744073709551615&delta=-3&mark=7"
    );
    assert_eq!(query(&Cluster { state: 99, ratio: f64::NAN, ..Cluster::default() }), "?state=99&ratio=NaN");
}

#[test]
fn explicit_presence_is_sent_even_for_defaults() {
    let cluster = Cluster {
        multi_az: Some(false),
        source: Some(Source::BackupId(String::new())),
        limit: Some(0),
        offset: Some(0),
        ..Cluster::default()
    };
    assert_eq!(query(&cluster), "?multiAz=false&backupId=&limit=0&offset=0");
}

#[test]
fn lists_repeat_the_key() {
    let cluster = Cluster {
        tags: vec!["b".into(), String::new(), "a".into()],
        ports: vec![2, 1],
        states: vec![2, 0, 42],
        ..Cluster::default()
    };
    assert_eq!(
        query(&cluster),
        "?tags=b&tags=&tags=a&ports=2&ports=1&states=STOPPED&states=STATE_UNSPECIFIED&states=42"
    );
}

#[test]
fn well_known_types_that_json_writes_as_one_value() {
    let cluster = Cluster {
        created_at: Some(Timestamp { seconds: 0, nanos: 500_000_000 }),
        mask: Some(FieldMask { paths: vec!["a_b".into(), "c".into()] }),
        ttl: Some(Duration { seconds: 1, nanos: 0 }),
        blob: Some(vec![0xfb]),
        ..Cluster::default()
    };
    assert_eq!(query(&cluster), "?createdAt=1970-01-01T00%3A00%3A00.500Z&mask=a_b%2Cc&ttl=1s&blob=-w%3D%3D");
}

#[test]
fn messages_are_dotted() {
    let clone = Node { core_count: 2, ..node("n") };
    let cluster = Cluster { source: Some(Source::Clone(clone)), ..Cluster::default() };
    assert_eq!(query(&cluster), "?clone.id=n&clone.coreCount=2");
    let request = Request { cluster: Some(cluster), force: Some(false), ..Request::default() };
    let path = get(&request, &MethodSchemas::new(Request::schema, Cluster::schema)).unwrap();
    assert_eq!(path, "/v1?cluster.clone.id=n&cluster.clone.coreCount=2&force=false");
}

#[test]
fn what_a_query_cannot_express_is_an_error_that_names_the_field() {
    let labels = Cluster { labels: [("a".into(), "b".into())].into(), ..Cluster::default() };
    assert_eq!(refused_cluster(&labels), ("labels".into(), QueryErrorKind::Map));
    let nested = Request { cluster: Some(labels), ..Request::default() };
    assert_eq!(refused_request(&nested), ("cluster.labels".into(), QueryErrorKind::Map));

    let nodes = Request { nodes: vec![node("a")], ..Request::default() };
    assert_eq!(refused_request(&nodes), ("nodes".into(), QueryErrorKind::RepeatedMessage));

    let extra = Cluster { extra: Some(Struct::default()), ..Cluster::default() };
    assert_eq!(refused_cluster(&extra), ("extra".into(), QueryErrorKind::Dynamic("google.protobuf.Struct")));
    let anything = Cluster { anything: Some(Value::default()), ..Cluster::default() };
    assert_eq!(
        refused_cluster(&anything),
        ("anything".into(), QueryErrorKind::Dynamic("google.protobuf.Value"))
    );

    let clone = Node { parent: Some(Box::new(node("p"))), ..node("n") };
    let recursive = Cluster { source: Some(Source::Clone(clone)), ..Cluster::default() };
    assert_eq!(refused_cluster(&recursive), ("clone.parent".into(), QueryErrorKind::Recursive("test.Node")));

    for (request, field) in [
        (Request { cluster: Some(Cluster::default()), ..Request::default() }, "cluster"),
        (Request { nothing: Some(()), ..Request::default() }, "nothing"),
    ] {
        assert_eq!(refused_request(&request), (field.into(), QueryErrorKind::EmptyMessage));
    }

    let late = Cluster { created_at: Some(Timestamp { seconds: i64::MAX, nanos: 0 }), ..Cluster::default() };
    let (field, kind) = refused_cluster(&late);
    assert!(field == "created_at" && matches!(kind, QueryErrorKind::Value(_)), "{kind}");
}
