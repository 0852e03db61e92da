//! Writing JSON.

use prost::Message;
use rust_sdk_runtime::json::{self, EncodeOptions, JsonErrorKind, WireError};
use rust_sdk_runtime::schema::HasSchema as _;

use crate::fixture::*;

#[test]
fn scalars() {
    let cluster = Cluster {
        account_id: "a\"\u{1F600}\n".into(),
        multi_az: Some(false),
        state: 1,
        key: vec![0xfb, 0xff],
        ratio: 0.1,
        weight: 0.1,
        big: i64::MIN,
        unsigned: u64::MAX,
        delta: -3,
        offset: Some(-1),
        mark: u32::MAX,
        ..Cluster::default()
    };
    assert_eq!(
        text(&cluster),
        r#"{"accountId":"a\"😀\n","multiAz":false,"state":"RUNNING","key":"+/8=","ratio":0.1,"weight":0.1,"#
            .to_owned()
            + r#""big":"-9223372036854775808","unsigned":"18446744073709551615","delta":-3,"offset":"-1","mark":4294967295}"#
    );
}

#[test]
fn what_is_not_set_is_not_written() {
    assert_eq!(text(&Cluster::default()), "{}");
}

#[test]
fn floats_that_json_has_no_number_for() {
    for (value, expected) in
        [(f64::NAN, "NaN"), (f64::INFINITY, "Infinity"), (f64::NEG_INFINITY, "-Infinity")]
    {
        #[allow(clippy::cast_possible_truncation)]
        let cluster = Cluster { ratio: value, weight: value as f32, ..Cluster::default() };
        assert_eq!(text(&cluster), format!(r#"{{"ratio":"{expected}","weight":"{expected}"}}"#));
    }
}

#[test]
fn an_enum_value_without_a_name_is_a_number() {
    let cluster = Cluster { state: 77, states: vec![0, -1, 99], ..Cluster::default() };
    assert_eq!(text(&cluster), r#"{"state":77,"states":["STATE_UNSPECIFIED","BROKEN",99]}"#);
}

#[test]
fn maps_are_sorted_by_key_whatever_their_own_order() {
    let cluster = Cluster {
        labels: ["b", "a", "c"].map(|key| (key.to_owned(), key.to_uppercase())).into(),
        nodes: [(10, node("x")), (-2, node("y")), (9, node("z"))].into(),
        flags: [(true, 1), (false, 0)].into(),
        ..Cluster::default()
    };
    assert_eq!(
        text(&cluster),
        r#"{"labels":{"a":"A","b":"B","c":"C"},"nodes":{"-2":{"id":"y"},"9":{"id":"z"},"10":{"id":"x"}},"#
            .to_owned()
            + r#""flags":{"false":"0","true":"1"}}"#
    );
}

#[test]
fn options() {
    let cluster = Cluster { account_id: "a".into(), state: 1, ..Cluster::default() };
    let wire = cluster.encode_to_vec();
    let names = EncodeOptions { proto_names: true, enums_as_numbers: true, ..EncodeOptions::default() };
    assert_eq!(
        json::from_wire(Cluster::schema(), &wire, &names).unwrap(),
        br#"{"account_id":"a","state":1}"#
    );

    let defaults = EncodeOptions { emit_defaults: true, ..EncodeOptions::default() };
    let text = String::from_utf8(json::from_wire(Cluster::schema(), &wire, &defaults).unwrap()).unwrap();
    assert_eq!(
        text,
        r#"{"accountId":"a","id":"","state":"RUNNING","tags":[],"ports":[],"labels":{},"nodes":{},"key":"","#
            .to_owned()
            + r#""ratio":0.0,"weight":0.0,"big":"0","unsigned":"0","delta":0,"states":[],"flags":{},"members":[],"mark":0}"#
    );
}

#[test]
fn a_group_is_an_object() {
    let legacy = Legacy { number: 0, part: Some(node("n")) };
    let text = json::to_string(&legacy).unwrap();
    assert_eq!(text, r#"{"number":0,"part":{"id":"n"}}"#);
    assert_eq!(json::from_str::<Legacy>(&text).unwrap(), legacy);
}

#[test]
fn nesting_has_a_limit() {
    let nest =
        |levels| (1..levels).fold(node("x"), |inner, _| Node { parent: Some(inner.into()), ..node("") });
    assert!(json::to_string(&nest(101)).is_ok());
    let error = json::to_string(&nest(102)).unwrap_err();
    assert_eq!(*error.kind(), JsonErrorKind::TooDeep);
}

#[test]
fn bytes_that_are_no_such_message() {
    let fails = |wire: &[u8]| {
        json::from_wire(Cluster::schema(), wire, &EncodeOptions::default()).unwrap_err().to_string()
    };
    assert_eq!(fails(&[0x0a, 5, b'a']), "the bytes end within a field");
    assert_eq!(fails(&[0x08, 1]), "account_id: a field has another wire type than its schema says");
    assert_eq!(fails(&[0x0a, 1, 0xff]), "account_id: a string is not UTF-8");
    let error =
        json::from_wire(Cluster::schema(), &[0x42, 3, 0x12, 1, 0x0a], &EncodeOptions::default()).unwrap_err();
    assert_eq!((error.path(), error.kind()), ("nodes[0]", &JsonErrorKind::Wire(WireError::Truncated)));
}

#[test]
fn fields_that_the_schema_does_not_know_are_passed_over() {
    let mut wire = vec![0x98, 0x06, 1];
    wire.extend(Cluster { id: "c".into(), ..Cluster::default() }.encode_to_vec());
    wire.extend([0x9b, 0x06, 0x08, 1, 0x9c, 0x06]);
    assert_eq!(
        json::from_wire(Cluster::schema(), &wire, &EncodeOptions::default()).unwrap(),
        br#"{"id":"c"}"#
    );
}
