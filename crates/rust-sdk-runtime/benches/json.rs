//! What JSON and REST requests cost, for a message of the size that an API sends, and for a list of a thousand.

use std::collections::HashMap;
use std::fmt::Display as _;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use prost::Message;
use prost_types::Timestamp;
use rust_sdk_runtime::json::{self, DecodeOptions, EncodeOptions};
use rust_sdk_runtime::method::{Method, MethodSchemas};
use rust_sdk_runtime::schema::{EnumSchema, Field, HasSchema as _, Kind, MessageSchema, Presence};
use rust_sdk_runtime::template;
use rust_sdk_runtime::transcode;

fn main() {
    divan::main();
}

#[derive(Clone, PartialEq, Message)]
struct Cluster {
    #[prost(string, tag = "1")]
    account_id: String,
    #[prost(string, tag = "2")]
    id: String,
    #[prost(string, tag = "3")]
    name: String,
    #[prost(message, optional, tag = "4")]
    created_at: Option<Timestamp>,
    #[prost(int32, tag = "5")]
    state: i32,
    #[prost(bool, optional, tag = "6")]
    multi_az: Option<bool>,
    #[prost(int64, tag = "7")]
    size: i64,
    #[prost(string, repeated, tag = "8")]
    tags: Vec<String>,
    #[prost(map = "string, string", tag = "9")]
    labels: HashMap<String, String>,
}

#[derive(Clone, PartialEq, Message)]
struct List {
    #[prost(message, repeated, tag = "1")]
    items: Vec<Cluster>,
}

static STATE: EnumSchema =
    EnumSchema::new("bench.State", &[(0, "STATE_UNSPECIFIED"), (1, "STATE_RUNNING")], |n, f| n.fmt(f));

static CLUSTER: MessageSchema = MessageSchema::new(
    "bench.Cluster",
    "Cluster",
    &[
        Field::new(1, Presence::Implicit, Kind::String, "account_id"),
        Field::new(2, Presence::Implicit, Kind::String, "id"),
        Field::new(3, Presence::Implicit, Kind::String, "name"),
        Field::new(4, Presence::Explicit, Kind::Message(Timestamp::schema), "created_at"),
        Field::new(5, Presence::Implicit, Kind::Enum(&STATE), "state"),
        Field::new(6, Presence::Explicit, Kind::Bool, "multi_az"),
        Field::new(7, Presence::Implicit, Kind::Int64, "size"),
        Field::new(8, Presence::Repeated, Kind::String, "tags"),
        Field::new(9, Presence::Repeated, Kind::String, "labels").keyed_by(Field::new(
            1,
            Presence::Implicit,
            Kind::String,
            "key",
        )),
    ],
);

static LIST: MessageSchema = MessageSchema::new(
    "bench.List",
    "List",
    &[Field::new(1, Presence::Repeated, Kind::Message(|| &CLUSTER), "items")],
);

static GET: Method =
    Method::unary("/bench.Service/Get").get(template!("/v1/accounts/", account_id, "/clusters/", id));

static SCHEMAS: MethodSchemas = MethodSchemas::new(|| &CLUSTER, || &CLUSTER);

fn cluster() -> Cluster {
    Cluster {
        account_id: "5f1c2d8e-4a6b-4c1d-9e0f-123456789abc".into(),
        id: "0a9b8c7d-6e5f-4a3b-8c1d-abcdefabcdef".into(),
        name: "production cluster in the \"north\"".into(),
        created_at: Some(Timestamp { seconds: 1_700_000_000, nanos: 500_000_000 }),
        state: 1,
        multi_az: Some(false),
        size: 1 << 40,
        tags: ["red", "green", "blue"].map(str::to_owned).into(),
        labels: [("team".to_owned(), "search".to_owned()), ("tier".to_owned(), "gold".to_owned())].into(),
    }
}

fn messages(items: usize) -> (&'static MessageSchema, Vec<u8>) {
    match items {
        1 => (&CLUSTER, cluster().encode_to_vec()),
        _ => (&LIST, List { items: vec![cluster(); items] }.encode_to_vec()),
    }
}

#[divan::bench(args = [1, 1000])]
fn encode(bencher: Bencher<'_, '_>, items: usize) {
    let (schema, wire) = messages(items);
    let json = json::from_wire(schema, &wire, &EncodeOptions::default()).expect("it has a JSON form");
    bencher
        .counter(BytesCount::new(json.len()))
        .bench(|| json::from_wire(schema, black_box(&wire), &EncodeOptions::default()));
}

#[divan::bench(args = [1, 1000])]
fn decode(bencher: Bencher<'_, '_>, items: usize) {
    let (schema, wire) = messages(items);
    let json = json::from_wire(schema, &wire, &EncodeOptions::default()).expect("it has a JSON form");
    bencher
        .counter(BytesCount::new(json.len()))
        .bench(|| json::to_wire(schema, black_box(&json), &DecodeOptions::default()));
}

/// For comparison: the tokens alone, without a schema.
#[divan::bench(args = [1, 1000])]
fn serde_json_value(bencher: Bencher<'_, '_>, items: usize) {
    let (schema, wire) = messages(items);
    let json = json::from_wire(schema, &wire, &EncodeOptions::default()).expect("it has a JSON form");
    bencher
        .counter(BytesCount::new(json.len()))
        .bench(|| serde_json::from_slice::<serde_json::Value>(black_box(&json)));
}

#[divan::bench]
fn request(bencher: Bencher<'_, '_>) {
    let message = Cluster { labels: HashMap::new(), ..cluster() };
    bencher.bench(|| transcode::request(&GET, &SCHEMAS, &black_box(&message).encode_to_vec()));
}
