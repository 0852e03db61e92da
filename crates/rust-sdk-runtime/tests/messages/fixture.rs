//! The messages of these tests: prost structs, and the schemas that generated code would hold.

use std::collections::BTreeMap;

use prost::Message;
use prost_types::{Any, Duration, FieldMask, ListValue, Struct, Timestamp, Value};
use rust_sdk_runtime::json::{DecodeOptions, JsonError, JsonReason};
use rust_sdk_runtime::schema::{EnumSchema, Field, Kind, MessageSchema, Presence, Types, wkt};

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

#[derive(Debug, Clone, PartialEq)]
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

use Presence::{Explicit, Implicit, Oneof as Member, Packed, Repeated, Required};

pub(crate) static STATE: EnumSchema = EnumSchema::new(
    "test.State",
    &[(0, "STATE_UNSPECIFIED"), (1, "RUNNING"), (1, "ALIVE"), (2, "STOPPED"), (-1, "BROKEN")],
);

pub(crate) static NODE: MessageSchema = MessageSchema::new(
    "test.Node",
    &[
        Field::new(1, "id", "id", Implicit, Kind::String),
        Field::new(2, "core_count", "coreCount", Implicit, Kind::Int32),
        Field::new(3, "parent", "parent", Explicit, Kind::Message(&NODE)),
    ],
);

pub(crate) static CLUSTER: MessageSchema = MessageSchema::new(
    "test.Cluster",
    &[
        Field::new(1, "account_id", "accountId", Implicit, Kind::String),
        Field::new(2, "id", "id", Implicit, Kind::String),
        Field::new(3, "multi_az", "multiAz", Explicit, Kind::Bool),
        Field::new(4, "state", "state", Implicit, Kind::Enum(&STATE)),
        Field::new(5, "tags", "tags", Repeated, Kind::String),
        Field::new(6, "ports", "ports", Packed, Kind::Int32),
        Field::new(7, "labels", "labels", Repeated, Kind::Map(&(Kind::String, Kind::String))),
        Field::new(8, "nodes", "nodes", Repeated, Kind::Map(&(Kind::Int32, Kind::Message(&NODE)))),
        Field::new(9, "created_at", "createdAt", Explicit, Kind::Message(&wkt::TIMESTAMP)),
        Field::new(10, "key", "key", Implicit, Kind::Bytes),
        Field::new(11, "ratio", "ratio", Implicit, Kind::Double),
        Field::new(12, "weight", "weight", Implicit, Kind::Float),
        Field::new(13, "big", "big", Implicit, Kind::Int64),
        Field::new(14, "unsigned", "unsigned", Implicit, Kind::Uint64),
        Field::new(15, "delta", "delta", Implicit, Kind::Sint32),
        Field::new(16, "backup_id", "backupId", Member(0), Kind::String),
        Field::new(17, "clone", "clone", Member(0), Kind::Message(&NODE)),
        Field::new(19, "extra", "extra", Explicit, Kind::Message(&wkt::STRUCT)),
        Field::new(20, "detail", "detail", Explicit, Kind::Message(&wkt::ANY)),
        Field::new(21, "limit", "limit", Explicit, Kind::Message(&wkt::INT32_VALUE)),
        Field::new(22, "mask", "mask", Explicit, Kind::Message(&wkt::FIELD_MASK)),
        Field::new(23, "ttl", "ttl", Explicit, Kind::Message(&wkt::DURATION)),
        Field::new(24, "states", "states", Repeated, Kind::Enum(&STATE)),
        Field::new(25, "anything", "anything", Explicit, Kind::Message(&wkt::VALUE)),
        Field::new(26, "list", "list", Explicit, Kind::Message(&wkt::LIST_VALUE)),
        Field::new(27, "flags", "flags", Repeated, Kind::Map(&(Kind::Bool, Kind::Uint64))),
        Field::new(28, "members", "members", Repeated, Kind::Message(&NODE)),
        Field::new(29, "blob", "blob", Explicit, Kind::Message(&wkt::BYTES_VALUE)),
        Field::new(30, "nothing", "nothing", Member(0), Kind::Enum(&wkt::NULL_VALUE)),
        Field::new(31, "offset", "offset", Explicit, Kind::Sfixed64),
        Field::new(32, "mark", "mark", Implicit, Kind::Fixed32),
    ],
);

pub(crate) static LEGACY: MessageSchema = MessageSchema::new(
    "test.Legacy",
    &[
        Field::new(1, "number", "number", Required, Kind::Int32),
        Field::new(2, "part", "part", Explicit, Kind::Group(&NODE)),
    ],
);

pub(crate) const TYPES: Types = &[&[&CLUSTER, &LEGACY], &[&NODE]];

rust_sdk_runtime::messages! {
    types = TYPES;
    Cluster => CLUSTER,
    Legacy => LEGACY,
    Node => NODE,
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
pub(crate) fn refused(json: &str) -> (String, JsonReason) {
    let error = rust_sdk_runtime::json::from_str::<Cluster>(json).unwrap_err();
    (error.path().to_owned(), error.reason().clone())
}

/// Reading as a client of a newer server does.
pub(crate) fn lenient(json: &str) -> Result<Cluster, JsonError> {
    let options = DecodeOptions { ignore_unknown: true, ..DecodeOptions::default() };
    let wire = rust_sdk_runtime::json::to_wire(
        &CLUSTER,
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

pub(crate) static HTTP_BODY: MessageSchema = MessageSchema::new(
    "google.api.HttpBody",
    &[
        Field::new(1, "content_type", "contentType", Implicit, Kind::String),
        Field::new(2, "data", "data", Implicit, Kind::Bytes),
        Field::new(3, "extensions", "extensions", Repeated, Kind::Message(&wkt::ANY)),
    ],
);

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

pub(crate) static REQUEST: MessageSchema = MessageSchema::new(
    "test.Request",
    &[
        Field::new(1, "cluster", "cluster", Explicit, Kind::Message(&CLUSTER)),
        Field::new(2, "name", "name", Implicit, Kind::String),
        Field::new(3, "page_size", "pageSize", Implicit, Kind::Int32),
        Field::new(4, "upload", "upload", Explicit, Kind::Message(&HTTP_BODY)),
        Field::new(5, "nodes", "nodes", Repeated, Kind::Message(&NODE)),
        Field::new(6, "force", "force", Explicit, Kind::Bool),
        Field::new(7, "nothing", "nothing", Explicit, Kind::Message(&wkt::EMPTY)),
    ],
);

rust_sdk_runtime::fields! {
    Node { 1 0 id 2 0 core_count 3 8 parent }
    Legacy { 1 8 number 2 11 part }
    HttpBody { 1 0 content_type 2 0 data 3 0 extensions }
    Request { 1 8 cluster 2 0 name 3 0 page_size 4 8 upload 5 0 nodes 6 8 force 7 8 nothing }
}

rust_sdk_runtime::fields! {
    Cluster [ 1 0 (account_id) 2 0 (id) 3 8 (multi_az) 4 0 (state) 5 0 (tags) 6 0 (ports) 7 0 (labels) 8 0 (nodes) 9 8 (created_at) 10 0 (key) 11 0 (ratio) 12 0 (weight) 13 0 (big) 14 0 (unsigned) 15 1 (delta) 16 8 (source Source::BackupId) 17 8 (source Source::Clone) 19 8 (extra) 20 8 (detail) 21 12 (limit) 22 8 (mask) 23 8 (ttl) 24 8 (states) 25 8 (anything) 26 8 (list) 27 0 (flags) 28 0 (members) 29 12 (blob) 30 8 (source Source::Nothing) 31 10 (offset) 32 2 (mark) ]
}
