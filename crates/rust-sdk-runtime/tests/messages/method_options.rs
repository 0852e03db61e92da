//! Method options at run time: the log fields of a request and the values of events.

use http::{HeaderMap, HeaderValue};
use prost::Message as _;
use rust_sdk_runtime::Method;
use rust_sdk_runtime::method::{Event, Side, ValueError, ValueErrorKind};
use rust_sdk_runtime::schema::HasSchema as _;

use crate::fixture::{Cluster, Node, Source};

static METHOD: Method = Method::unary("/test.Clusters/Update").logs(&[
    ("id", "id"),
    ("state", "state"),
    ("tags", "tags"),
    ("ports", "ports"),
    ("clone", "clone.id"),
    ("parent", "clone.parent.core_count"),
    ("at", "created_at"),
    ("limit", "limit"),
    ("backup", "backup_id"),
]);

fn cluster() -> Cluster {
    let parent = Some(Box::new(Node { id: "p".into(), core_count: 8, parent: None }));
    Cluster {
        id: "c 1".into(),
        state: 2,
        tags: vec!["a".into(), "b".into()],
        ports: vec![80, 443],
        source: Some(Source::Clone(Node { id: "n".into(), core_count: 0, parent })),
        created_at: Some(prost_types::Timestamp { seconds: 0, nanos: 0 }),
        limit: Some(7),
        ..Cluster::default()
    }
}

fn logged(wire: &[u8]) -> Vec<(&'static str, String)> {
    METHOD.log_values(Cluster::schema(), wire).unwrap()
}

fn pairs(pairs: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

#[test]
fn fields_of_every_kind_are_logged_as_text() {
    assert_eq!(
        logged(&cluster().encode_to_vec()),
        pairs(&[
            ("id", "c 1"),
            ("state", "STOPPED"),
            ("tags", "a,b"),
            ("ports", "80,443"),
            ("clone", "n"),
            ("parent", "8"),
            ("at", "1970-01-01T00:00:00Z"),
            ("limit", "7"),
        ])
    );
}

#[test]
fn what_is_not_set_is_not_logged() {
    assert_eq!(logged(&[]), []);
    let wire = Cluster { source: Some(Source::BackupId("b".into())), ..Cluster::default() }.encode_to_vec();
    assert_eq!(logged(&wire), pairs(&[("backup", "b")]));
}

#[test]
fn messages_are_read_as_decoding_them_would() {
    // Two halves of a message are one, and the later value counts.
    let mut wire = cluster().encode_to_vec();
    wire.extend(Cluster { id: "c2".into(), tags: vec!["c".into()], ..Cluster::default() }.encode_to_vec());
    let values = logged(&wire);
    assert!(values.contains(&("id", "c2".to_owned())) && values.contains(&("tags", "a,b,c".to_owned())));
    // A member of a oneof ends the others.
    wire.extend(Cluster { source: Some(Source::BackupId("b".into())), ..Cluster::default() }.encode_to_vec());
    let values = logged(&wire);
    assert!(values.contains(&("backup", "b".to_owned())), "{values:?}");
    assert!(!values.iter().any(|(name, _)| ["clone", "parent"].contains(name)), "{values:?}");
}

#[test]
fn broken_bytes_are_told_without_what_is_in_them() {
    // No generated row names such a field.
    static WRONG: Method = Method::unary("/test.Clusters/Update").logs(&[("a", "id.nope")]);
    let error = METHOD.log_values(Cluster::schema(), b"\x12\x7fsecret").unwrap_err();
    assert_eq!(error.place(), "id");
    assert_eq!(error.to_string(), "`id` cannot be read: the bytes end within a field");
    let error = WRONG.log_values(Cluster::schema(), &cluster().encode_to_vec()).unwrap_err();
    assert_eq!(error.kind(), &ValueErrorKind::Unknown);
}

const EVENT: Event =
    Event::updated("cluster", "resp.id", "/accounts/{req.account_id}/nodes/{resp.id}?by={req-md.x-actor}")
        .context(&[("tags", "req.tags"), ("parent", "resp.parent.id"), ("shard", "resp-md.x-shard")]);

fn values(
    request: &Cluster,
    response: &Node,
    metadata: &[(&'static str, &str)],
) -> Result<rust_sdk_runtime::method::EventValues, ValueError> {
    let mut headers = HeaderMap::new();
    for (name, value) in metadata {
        headers.insert(*name, HeaderValue::from_str(value).unwrap());
    }
    let (request, response) = (request.encode_to_vec(), response.encode_to_vec());
    EVENT.values(
        Side::new(Cluster::schema(), &request).metadata(&headers),
        Side::new(Node::schema(), &response).metadata(&headers),
    )
}

fn problem(
    result: Result<rust_sdk_runtime::method::EventValues, ValueError>,
) -> (&'static str, ValueErrorKind) {
    let error = result.unwrap_err();
    (error.place(), error.kind().clone())
}

#[test]
fn an_event_is_made_of_both_sides() {
    let request = Cluster { account_id: "a/1 ü".into(), tags: vec!["x".into()], ..Cluster::default() };
    let response = Node { id: "n-1".into(), ..Node::default() };
    let event = values(&request, &response, &[("x-actor", "u&b"), ("x-shard", "s")]).unwrap();
    assert_eq!(event.resource_id, "n-1");
    assert_eq!(event.resource_url, "/accounts/a%2F1%20%C3%BC/nodes/n-1?by=u%26b");
    // The parent is not set.
    assert_eq!(event.context, pairs(&[("tags", "x"), ("shard", "s")]));
}

#[test]
fn an_event_without_its_resource_is_none() {
    let request = Cluster { account_id: "a".into(), ..Cluster::default() };
    let response = Node { id: "n".into(), ..Node::default() };
    let actor = [("x-actor", "u")];
    assert!(values(&request, &response, &actor).is_ok());
    assert_eq!(problem(values(&request, &Node::default(), &actor)), ("resp.id", ValueErrorKind::Missing));
    assert_eq!(
        problem(values(&Cluster::default(), &response, &actor)),
        ("req.account_id", ValueErrorKind::Missing)
    );
    assert_eq!(problem(values(&request, &response, &[])), ("req-md.x-actor", ValueErrorKind::Missing));
    let dots = Cluster { account_id: "..".into(), ..Cluster::default() };
    assert_eq!(problem(values(&dots, &response, &actor)), ("req.account_id", ValueErrorKind::DotSegment));
}

#[test]
fn secret_metadata_is_not_told() {
    const TOLD: Event = Event::deleted("node", "resp.id", "/nodes/{resp.id}").context(&[
        ("who", "req-md.authorization"),
        ("what", "req-md.x-token"),
        ("where", "req-md.x-region"),
    ]);
    let mut headers = HeaderMap::new();
    headers.insert("authorization", HeaderValue::from_static("apikey hunter2"));
    let mut token = HeaderValue::from_static("hunter3");
    token.set_sensitive(true);
    headers.insert("x-token", token);
    headers.insert("x-region", HeaderValue::from_static("eu"));
    let response = Node { id: "n".into(), ..Node::default() }.encode_to_vec();
    let request = Side::new(Cluster::schema(), b"hunter4").metadata(&headers);
    assert!(!format!("{request:?}").contains("hunter"));
    let event = TOLD
        .values(Side::new(Cluster::schema(), &[]).metadata(&headers), Side::new(Node::schema(), &response))
        .unwrap();
    assert_eq!(event.context, pairs(&[("where", "eu")]));
}
