//! `google.protobuf.Any`.

use prost::Message;
use prost_types::Any;
use rust_sdk_runtime::json::{self, DecodeOptions, EncodeOptions, JsonErrorKind};
use rust_sdk_runtime::schema::HasSchema as _;

use crate::fixture::*;

fn any(type_url: &str, value: Vec<u8>) -> Cluster {
    Cluster { detail: Some(Any { type_url: type_url.into(), value }), ..Cluster::default() }
}

#[test]
fn a_message_stands_beside_its_type() {
    let cluster = any("type.googleapis.com/test.Node", Node { core_count: 3, ..node("n") }.encode_to_vec());
    let json = r#"{"detail":{"@type":"type.googleapis.com/test.Node","id":"n","coreCount":3}}"#;
    assert_eq!(text(&cluster), json);
    assert_eq!(read(json), cluster);
    let last = r#"{"detail":{"id":"n","coreCount":3,"@type":"type.googleapis.com/test.Node"}}"#;
    assert_eq!(read(last), cluster);
}

#[test]
fn a_well_known_type_stands_under_value() {
    let time = prost_types::Timestamp { seconds: 1, nanos: 0 }.encode_to_vec();
    let cluster = any("t/google.protobuf.Timestamp", time);
    let json = r#"{"detail":{"@type":"t/google.protobuf.Timestamp","value":"1970-01-01T00:00:01Z"}}"#;
    assert_eq!(text(&cluster), json);
    assert_eq!(read(json), cluster);
    assert_eq!(
        read(r#"{"detail":{"value":"1970-01-01T00:00:01Z","@type":"t/google.protobuf.Timestamp"}}"#),
        cluster
    );

    let outer = any("t/google.protobuf.Any", cluster.detail.unwrap().encode_to_vec());
    let json =
        format!(r#"{{"detail":{{"@type":"t/google.protobuf.Any","value":{}}}}}"#, &json[10..json.len() - 1]);
    assert_eq!(text(&outer), json);
    assert_eq!(read(&json), outer);
}

#[test]
fn empty_is_read_with_and_without_a_value() {
    let cluster = any("t/google.protobuf.Empty", vec![]);
    assert_eq!(text(&cluster), r#"{"detail":{"@type":"t/google.protobuf.Empty"}}"#);
    assert_eq!(read(&text(&cluster)), cluster);
    assert_eq!(read(r#"{"detail":{"@type":"t/google.protobuf.Empty","value":{}}}"#), cluster);
}

#[test]
fn an_any_of_nothing() {
    let cluster = any("", vec![]);
    assert_eq!(text(&cluster), r#"{"detail":{}}"#);
    assert_eq!(read(r#"{"detail":{}}"#), cluster);
}

#[test]
fn one_of_an_unknown_type_is_read_as_a_struct_on_request() {
    let options = DecodeOptions { unknown_any: true, ..DecodeOptions::default() };
    for json in [
        r#"{"detail":{"@type":"t/x.Y","a":{"b":[1.5,"2",null]},"c":true}}"#,
        r#"{"detail":{"a":{"b":[1.5,"2",null]},"@type":"t/x.Y","c":true}}"#,
    ] {
        let read: Cluster = json::from_slice(json.as_bytes(), &options).unwrap();
        let detail = read.detail.clone().unwrap();
        assert_eq!(detail.type_url, "type.googleapis.com/google.protobuf.Struct");
        let content = prost_types::Struct::decode(detail.value.as_slice()).unwrap();
        let keys: Vec<_> = content.fields.keys().map(String::as_str).collect();
        assert_eq!(keys, ["@type", "a", "c"]);
        assert_eq!(
            json::to_string(&content).unwrap(),
            r#"{"@type":"t/x.Y","a":{"b":[1.5,"2",null]},"c":true}"#
        );
        // Its bytes are read alike.
        let wire = json::to_wire(Cluster::schema(), json.as_bytes(), &options).unwrap();
        assert_eq!(Cluster::decode(wire.as_slice()).unwrap(), read);
    }
    for (json, reason) in [
        (r#"{"detail":{"id":"n"}}"#, JsonErrorKind::AnyType),
        (r#"{"detail":{"@type":"x.Y"}}"#, JsonErrorKind::AnyType),
        (r#"{"detail":{"@type":"t/x.Y","a":1,"a":2}}"#, JsonErrorKind::Duplicate),
    ] {
        let error = json::from_slice::<Cluster>(json.as_bytes(), &options).unwrap_err();
        assert_eq!(*error.kind(), reason, "{json}");
    }
}

#[test]
fn what_cannot_be_told_is_refused() {
    for (json, reason) in [
        (r#"{"detail":{"id":"n"}}"#, JsonErrorKind::AnyType),
        (r#"{"detail":{"@type":1}}"#, JsonErrorKind::AnyType),
        (r#"{"detail":{"@type":"test.Node"}}"#, JsonErrorKind::AnyType),
        (r#"{"detail":{"@type":"t/x.Y"}}"#, JsonErrorKind::UnknownType("x.Y".into())),
        (r#"{"detail":{"id":"a","id":"b","@type":"t/test.Node"}}"#, JsonErrorKind::Duplicate),
        (r#"{"detail":{"labels":{"a":"1","a":"2"},"@type":"t/test.Cluster"}}"#, JsonErrorKind::Duplicate),
        (r#"{"detail":{"@type":"t/test.Node","@type":"t/test.Node"}}"#, JsonErrorKind::UnknownField),
        (
            r#"{"detail":{"@type":"t/google.protobuf.Duration","value":"1s","x":1}}"#,
            JsonErrorKind::UnknownField,
        ),
        (
            r#"{"detail":{"@type":"t/google.protobuf.Duration","value":"1s","value":"1s"}}"#,
            JsonErrorKind::Duplicate,
        ),
    ] {
        assert_eq!(refused(json).1, reason, "{json}");
    }
    for json in [
        r#"{"detail":{"@type":"t/google.protobuf.Duration"}}"#,
        r#"{"detail":{"@type":"t/google.protobuf.Duration","value":null}}"#,
    ] {
        assert!(matches!(refused(json).1, JsonErrorKind::Expected(_)), "{json}");
    }
    let fails = |cluster: Cluster| json::to_string(&cluster).unwrap_err().kind().clone();
    assert_eq!(fails(any("", vec![1])), JsonErrorKind::AnyType);
    assert_eq!(fails(any("t/x.Y", vec![])), JsonErrorKind::UnknownType("x.Y".into()));
    let without_types = json::from_wire(
        Cluster::schema(),
        &any("t/test.Node", vec![]).encode_to_vec(),
        &EncodeOptions::default(),
    );
    assert_eq!(*without_types.unwrap_err().kind(), JsonErrorKind::UnknownType("test.Node".into()));
}

#[test]
fn an_unknown_type_is_kept_on_request() {
    let kept = DecodeOptions { types: TYPES, unknown_any: true, ..DecodeOptions::default() };
    let back = EncodeOptions { types: TYPES, unknown_any: true, ..EncodeOptions::default() };
    // In both orders of the keys, inside another Any, and in a list of the JSON.
    for detail in [
        r#"{"@type":"t/test.v2.New","id":"n","list":[1.5,{"x":null}],"big":"9007199254740993"}"#,
        r#"{"@type":"t/google.protobuf.Any","value":{"@type":"t/test.v2.New","value":"1s"}}"#,
        r#"{"@type":"t/test.v2.Empty"}"#,
    ] {
        let json = format!(r#"{{"id":"c","detail":{detail}}}"#);
        let wire = json::to_wire(Cluster::schema(), json.as_bytes(), &kept).unwrap();
        let cluster: Cluster = json::from_slice(json.as_bytes(), &kept).unwrap();
        assert_eq!(Cluster::decode(wire.as_slice()).unwrap(), cluster);
        assert_eq!(cluster.id, "c");
        let written = json::to_vec(&cluster, &back).unwrap();
        assert_eq!(
            serde_json::from_slice::<serde_json::Value>(&written).unwrap(),
            serde_json::from_str::<serde_json::Value>(&json).unwrap()
        );
        // A server must not guess: by default the type is an error, and a Struct stays a Struct.
        assert!(matches!(refused(&json).1, JsonErrorKind::UnknownType(_)));
        assert!(text(&cluster).contains("google.protobuf.Struct"));
    }
}

#[test]
fn an_unknown_any_is_unpacked_as_its_type() {
    let json = r#"{"detail":{"id":"n","coreCount":3,"later":1,"@type":"t/test.Node"}}"#;
    let options = DecodeOptions { unknown_any: true, ..DecodeOptions::default() };
    let wire = json::to_wire(Cluster::schema(), json.as_bytes(), &options).unwrap();
    let any = Cluster::decode(wire.as_slice()).unwrap().detail.unwrap();
    assert_eq!(any.type_url, "type.googleapis.com/google.protobuf.Struct");
    let wanted = Node { core_count: 3, ..node("n") };
    assert_eq!(json::unpack::<Node>(&any).unwrap(), Some(wanted.clone()));
    assert_eq!(json::unpack::<Cluster>(&any).unwrap(), None);
    let plain = Any { type_url: "t/test.Node".into(), value: wanted.encode_to_vec() };
    assert_eq!(json::unpack::<Node>(&plain).unwrap(), Some(wanted));
    assert!(json::unpack::<Node>(&Any { value: vec![0xff], ..plain }).is_err());
    let bad = r#"{"detail":{"@type":"t/test.Node","coreCount":"many"}}"#;
    let wire = json::to_wire(Cluster::schema(), bad.as_bytes(), &options).unwrap();
    assert!(json::unpack::<Node>(&Cluster::decode(wire.as_slice()).unwrap().detail.unwrap()).is_err());
}
