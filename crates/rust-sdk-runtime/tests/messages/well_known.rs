//! The well-known types, as prost-types has them.

use prost_types::value::Kind;
use prost_types::{Duration, FieldMask, ListValue, Struct, Timestamp, Value};
use rust_sdk_runtime::json::{self, JsonErrorKind};

use crate::fixture::*;

fn both_ways(cluster: &Cluster, json: &str) {
    assert_eq!(text(cluster), json);
    assert_eq!(read(json), *cluster);
}

#[test]
fn strings_of_their_own_syntax() {
    both_ways(
        &Cluster {
            created_at: Some(Timestamp { seconds: 1, nanos: 10_000_000 }),
            mask: Some(FieldMask { paths: vec!["a_b.c".into(), "d".into()] }),
            ttl: Some(Duration { seconds: -1, nanos: -500_000_000 }),
            ..Cluster::default()
        },
        r#"{"createdAt":"1970-01-01T00:00:01.010Z","mask":"aB.c,d","ttl":"-1.500s"}"#,
    );
    both_ways(
        &Cluster {
            created_at: Some(Timestamp::default()),
            mask: Some(FieldMask::default()),
            ttl: Some(Duration::default()),
            ..Cluster::default()
        },
        r#"{"createdAt":"1970-01-01T00:00:00Z","mask":"","ttl":"0s"}"#,
    );
}

#[test]
fn what_has_no_json_form_is_an_error() {
    let fails = |cluster: Cluster| {
        let error = json::to_string(&cluster).unwrap_err();
        assert!(matches!(error.kind(), JsonErrorKind::NoJsonForm(_)), "{error}");
        error.path().to_owned()
    };
    let value = |kind| Some(Value { kind });
    let created_at = Some(Timestamp { seconds: i64::MAX, nanos: 0 });
    assert_eq!(fails(Cluster { created_at, ..Cluster::default() }), "created_at");
    let ttl = Some(Duration { seconds: 1, nanos: -1 });
    assert_eq!(fails(Cluster { ttl, ..Cluster::default() }), "ttl");
    let mask = Some(FieldMask { paths: vec!["fooBar".into()] });
    assert_eq!(fails(Cluster { mask, ..Cluster::default() }), "mask");
    assert_eq!(fails(Cluster { anything: value(None), ..Cluster::default() }), "anything");
    let anything = value(Some(Kind::NumberValue(f64::NAN)));
    assert_eq!(fails(Cluster { anything, ..Cluster::default() }), "anything");
}

#[test]
fn wrappers_keep_their_default() {
    both_ways(
        &Cluster { limit: Some(0), blob: Some(vec![]), ..Cluster::default() },
        r#"{"limit":0,"blob":""}"#,
    );
    both_ways(&Cluster { blob: Some(vec![1]), ..Cluster::default() }, r#"{"blob":"AQ=="}"#);
}

#[test]
fn values_of_any_shape() {
    let value = |kind| Value { kind: Some(kind) };
    let list = ListValue {
        values: vec![
            value(Kind::NullValue(0)),
            value(Kind::BoolValue(true)),
            value(Kind::StringValue("s".into())),
        ],
    };
    let fields = [
        ("empty".to_owned(), value(Kind::StructValue(Struct::default()))),
        ("list".to_owned(), value(Kind::ListValue(list.clone()))),
        ("number".to_owned(), value(Kind::NumberValue(-1.5))),
    ];
    both_ways(
        &Cluster {
            extra: Some(Struct { fields: fields.into() }),
            anything: Some(value(Kind::ListValue(ListValue::default()))),
            list: Some(list),
            ..Cluster::default()
        },
        r#"{"extra":{"empty":{},"list":[null,true,"s"],"number":-1.5},"anything":[],"list":[null,true,"s"]}"#,
    );
    assert_eq!(read(r#"{"anything":12}"#).anything, Some(value(Kind::NumberValue(12.0))));
}

#[test]
fn each_is_a_message_of_its_own() {
    assert_eq!(json::to_string(&Timestamp { seconds: 0, nanos: 0 }).unwrap(), r#""1970-01-01T00:00:00Z""#);
    assert_eq!(json::to_string(&7_i64).unwrap(), r#""7""#);
    assert_eq!(json::to_string(&String::from("x")).unwrap(), r#""x""#);
    assert_eq!(json::to_string(&()).unwrap(), "{}");
    assert!((json::from_str::<f64>("1.5").unwrap() - 1.5).abs() < f64::EPSILON);
    assert_eq!(json::from_str::<Value>("null").unwrap().kind, Some(Kind::NullValue(0)));
    assert!(json::from_str::<bool>("null").is_err());
}
