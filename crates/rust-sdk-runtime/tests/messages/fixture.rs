//! The messages of these tests: prost structs, and the schemas that generated code would hold.

use std::collections::{BTreeMap, HashMap};

use prost::{Message, Oneof};
use prost_types::{Any, Duration, FieldMask, ListValue, Struct, Timestamp, Value};
use rust_sdk_runtime::json::{DecodeOptions, JsonError, JsonReason};
use rust_sdk_runtime::schema::{EnumSchema, Field, Kind, MessageSchema, Presence, Types, wkt};

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Node {
    #[prost(string, tag = "1")]
    pub(crate) id: String,
    #[prost(int32, tag = "2")]
    pub(crate) core_count: i32,
    #[prost(message, optional, boxed, tag = "3")]
    pub(crate) parent: Option<Box<Node>>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Cluster {
    #[prost(string, tag = "1")]
    pub(crate) account_id: String,
    #[prost(string, tag = "2")]
    pub(crate) id: String,
    #[prost(bool, optional, tag = "3")]
    pub(crate) multi_az: Option<bool>,
    #[prost(int32, tag = "4")]
    pub(crate) state: i32,
    #[prost(string, repeated, tag = "5")]
    pub(crate) tags: Vec<String>,
    #[prost(int32, repeated, tag = "6")]
    pub(crate) ports: Vec<i32>,
    #[prost(map = "string, string", tag = "7")]
    pub(crate) labels: HashMap<String, String>,
    #[prost(btree_map = "int32, message", tag = "8")]
    pub(crate) nodes: BTreeMap<i32, Node>,
    #[prost(message, optional, tag = "9")]
    pub(crate) created_at: Option<Timestamp>,
    #[prost(bytes = "vec", tag = "10")]
    pub(crate) key: Vec<u8>,
    #[prost(double, tag = "11")]
    pub(crate) ratio: f64,
    #[prost(float, tag = "12")]
    pub(crate) weight: f32,
    #[prost(int64, tag = "13")]
    pub(crate) big: i64,
    #[prost(uint64, tag = "14")]
    pub(crate) unsigned: u64,
    #[prost(sint32, tag = "15")]
    pub(crate) delta: i32,
    // Members may be anywhere among the fields; prost writes the oneof where its first member stands.
    #[prost(oneof = "Source", tags = "16, 17, 30")]
    pub(crate) source: Option<Source>,
    #[prost(message, optional, tag = "19")]
    pub(crate) extra: Option<Struct>,
    #[prost(message, optional, tag = "20")]
    pub(crate) detail: Option<Any>,
    #[prost(message, optional, tag = "21")]
    pub(crate) limit: Option<i32>,
    #[prost(message, optional, tag = "22")]
    pub(crate) mask: Option<FieldMask>,
    #[prost(message, optional, tag = "23")]
    pub(crate) ttl: Option<Duration>,
    #[prost(int32, repeated, packed = "false", tag = "24")]
    pub(crate) states: Vec<i32>,
    #[prost(message, optional, tag = "25")]
    pub(crate) anything: Option<Value>,
    #[prost(message, optional, tag = "26")]
    pub(crate) list: Option<ListValue>,
    #[prost(map = "bool, uint64", tag = "27")]
    pub(crate) flags: HashMap<bool, u64>,
    #[prost(message, repeated, tag = "28")]
    pub(crate) members: Vec<Node>,
    #[prost(message, optional, tag = "29")]
    pub(crate) blob: Option<Vec<u8>>,
    #[prost(sfixed64, optional, tag = "31")]
    pub(crate) offset: Option<i64>,
    #[prost(fixed32, tag = "32")]
    pub(crate) mark: u32,
}

#[derive(Clone, PartialEq, Oneof)]
pub(crate) enum Source {
    #[prost(string, tag = "16")]
    BackupId(String),
    #[prost(message, tag = "17")]
    Clone(Node),
    #[prost(int32, tag = "30")]
    Nothing(i32),
}

/// proto2: a required field and a group.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Legacy {
    #[prost(int32, required, tag = "1")]
    pub(crate) number: i32,
    #[prost(group, optional, tag = "2")]
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
    let options = DecodeOptions { ignore_unknown: true, types: TYPES };
    let wire = rust_sdk_runtime::json::from_slice(&CLUSTER, json.as_bytes(), &options)?;
    Ok(Cluster::decode(wire.as_slice()).unwrap())
}

/// `google.api.HttpBody`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct HttpBody {
    #[prost(string, tag = "1")]
    pub(crate) content_type: String,
    #[prost(bytes = "vec", tag = "2")]
    pub(crate) data: Vec<u8>,
    #[prost(message, repeated, tag = "3")]
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
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Request {
    #[prost(message, optional, tag = "1")]
    pub(crate) cluster: Option<Cluster>,
    #[prost(string, tag = "2")]
    pub(crate) name: String,
    #[prost(int32, tag = "3")]
    pub(crate) page_size: i32,
    #[prost(message, optional, tag = "4")]
    pub(crate) upload: Option<HttpBody>,
    #[prost(message, repeated, tag = "5")]
    pub(crate) nodes: Vec<Node>,
    #[prost(bool, optional, tag = "6")]
    pub(crate) force: Option<bool>,
    #[prost(message, optional, tag = "7")]
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
