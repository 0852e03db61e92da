//! The messages of these tests: prost structs, and the schemas that generated code would hold.

use std::collections::BTreeMap;

use prost::Message;
use prost_types::{Any, Duration, FieldMask, ListValue, NullValue, Struct, Timestamp, Value};
use rust_sdk_runtime::json::{DecodeOptions, JsonError, JsonErrorKind};
use rust_sdk_runtime::schema::{EnumSchema, HasEnumSchema, HasSchema, Types};

#[derive(Clone, Default)]
pub(crate) struct Node {
    pub(crate) id: String,
    pub(crate) core_count: i32,
    pub(crate) parent: Option<Box<Node>>,
}

#[derive(Clone, Default)]
pub(crate) struct Cluster {
    pub(crate) account_id: String,
    pub(crate) id: String,
    pub(crate) multi_az: Option<bool>,
    pub(crate) state: i32,
    pub(crate) tags: Vec<String>,
    pub(crate) ports: Vec<i32>,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) nodes: BTreeMap<i32, Node>,
    pub(crate) created_at: Option<Timestamp>,
    pub(crate) key: Vec<u8>,
    pub(crate) ratio: f64,
    pub(crate) weight: f32,
    pub(crate) big: i64,
    pub(crate) unsigned: u64,
    pub(crate) delta: i32,
    // Members may be anywhere among the fields; prost writes the oneof where its first member stands.
    pub(crate) source: Option<Source>,
    pub(crate) extra: Option<Struct>,
    pub(crate) detail: Option<Any>,
    pub(crate) limit: Option<i32>,
    pub(crate) mask: Option<FieldMask>,
    pub(crate) ttl: Option<Duration>,
    pub(crate) states: Vec<i32>,
    pub(crate) anything: Option<Value>,
    pub(crate) list: Option<ListValue>,
    pub(crate) flags: BTreeMap<bool, u64>,
    pub(crate) members: Vec<Node>,
    pub(crate) blob: Option<Vec<u8>>,
    pub(crate) offset: Option<i64>,
    pub(crate) mark: u32,
}

#[derive(Clone, PartialEq)]
pub(crate) enum Source {
    BackupId(String),
    Clone(Node),
    Nothing(i32),
}

/// proto2: a required field and a group.
#[derive(Clone, Default)]
pub(crate) struct Legacy {
    pub(crate) number: i32,
    pub(crate) part: Option<Node>,
}

/// `test.State`, whose Rust values nothing here needs.
#[derive(Debug)]
pub(crate) struct State;

impl HasEnumSchema for State {
    const SCHEMA: &'static EnumSchema = &EnumSchema::new(
        "test.State",
        &[(0, "STATE_UNSPECIFIED"), (1, "RUNNING"), (1, "ALIVE"), (2, "STOPPED"), (-1, "BROKEN")],
        |number, f| std::fmt::Display::fmt(&number, f),
    );
}

pub(crate) const TYPES: Types = &[MESSAGES];

rust_sdk_runtime::messages! {
    pub(crate) const MESSAGES;

    Node, any TYPES = "test.Node" {
        1 singular string id,
        2 singular int32 core_count,
        3 optional message parent: Node,
    }

    Cluster, any TYPES = "test.Cluster" {
        1 singular string account_id,
        2 singular string id,
        3 optional bool multi_az,
        4 singular enumeration(State) state,
        5 repeated string tags,
        6 packed int32 ports,
        7 map(string) string labels,
        8 map(int32) message nodes: Node,
        9 optional message created_at: Timestamp,
        10 singular bytes key,
        11 singular double ratio,
        12 singular float weight,
        13 singular int64 big,
        14 singular uint64 unsigned,
        15 singular sint32 delta,
        16 oneof string source::BackupId = "backup_id",
        17 oneof message source::Clone: Node = "clone",
        19 optional message extra: Struct,
        20 optional message detail: Any,
        21 optional wrapper limit: i32,
        22 optional message mask: FieldMask,
        23 optional message ttl: Duration,
        24 repeated enumeration(State) states,
        25 optional message anything: Value,
        26 optional message list: ListValue,
        27 map(bool) uint64 flags,
        28 repeated message members: Node,
        29 optional wrapper blob: Vec<u8>,
        30 oneof enumeration(NullValue) source::Nothing = "nothing",
        31 optional sfixed64 offset,
        32 singular fixed32 mark,
    }

    Legacy, any TYPES = "test.Legacy" {
        1 required int32 number,
        2 optional group part: Node,
    }

    HttpBody = "google.api.HttpBody" {
        1 singular string content_type,
        2 singular bytes data,
        3 repeated message extensions: Any,
    }

    Request = "test.Request" {
        1 optional message cluster: Cluster,
        2 singular string name,
        3 singular int32 page_size,
        4 optional message upload: HttpBody,
        5 repeated message nodes: Node,
        6 optional bool force,
        7 optional message nothing: (),
    }
}

rust_sdk_runtime::oneofs! {
    Source: {
        16 string BackupId,
        17 message Clone: Node,
        30 enumeration(NullValue) Nothing,
    }
}

pub(crate) fn node(id: &str) -> Node {
    Node { id: id.to_owned(), ..Node::default() }
}

/// The JSON of a message.
#[track_caller]
pub(crate) fn text(cluster: &Cluster) -> String {
    rust_sdk_runtime::json::to_string(cluster).unwrap()
}

/// The message of this JSON.
#[track_caller]
pub(crate) fn read(json: &str) -> Cluster {
    rust_sdk_runtime::json::from_str(json).unwrap()
}

/// Why this JSON is no message, and where.
#[track_caller]
pub(crate) fn refused(json: &str) -> (String, JsonErrorKind) {
    let error = rust_sdk_runtime::json::from_str::<Cluster>(json).unwrap_err();
    (error.path().to_owned(), error.kind().clone())
}

/// Reading as a client of a newer server does.
pub(crate) fn lenient(json: &str) -> Result<Cluster, JsonError> {
    let options = DecodeOptions { ignore_unknown: true, ..DecodeOptions::default() };
    let wire = rust_sdk_runtime::json::to_wire(
        Cluster::schema(),
        json.as_bytes(),
        &DecodeOptions { types: TYPES, ..options },
    );
    let message = rust_sdk_runtime::json::from_slice(json.as_bytes(), &options);
    let of_wire = wire.map(|wire| Cluster::decode(wire.as_slice()).unwrap());
    assert_eq!(message.as_ref().map_err(ToString::to_string), of_wire.as_ref().map_err(ToString::to_string));
    message
}

/// `google.api.HttpBody`.
#[derive(Clone, Default)]
pub(crate) struct HttpBody {
    pub(crate) content_type: String,
    pub(crate) data: Vec<u8>,
    pub(crate) extensions: Vec<Any>,
}

/// A request around other messages.
#[derive(Clone, Default)]
pub(crate) struct Request {
    pub(crate) cluster: Option<Cluster>,
    pub(crate) name: String,
    pub(crate) page_size: i32,
    pub(crate) upload: Option<HttpBody>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) force: Option<bool>,
    pub(crate) nothing: Option<()>,
}
