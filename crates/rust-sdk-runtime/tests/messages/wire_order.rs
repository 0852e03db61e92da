//! The wire format allows any order and repetition; what comes out is what a parser would have made of it.

use prost::Message;
use rust_sdk_runtime::json::{self, EncodeOptions};
use rust_sdk_runtime::schema::HasSchema as _;

use crate::fixture::*;

fn text_of(parts: &[Cluster]) -> String {
    let wire: Vec<u8> = parts.iter().flat_map(Message::encode_to_vec).collect();
    let text =
        String::from_utf8(json::from_wire(Cluster::schema(), &wire, &EncodeOptions::default()).unwrap())
            .unwrap();
    assert_eq!(text, text_of_prost(&wire), "prost reads it otherwise");
    text
}

fn text_of_prost(wire: &[u8]) -> String {
    text(&Cluster::decode(wire).unwrap())
}

#[test]
fn fields_come_in_the_order_of_their_numbers() {
    let late = Cluster { big: 1, ..Cluster::default() };
    let early = Cluster { id: "x".into(), ..Cluster::default() };
    assert_eq!(text_of(&[late, early]), r#"{"id":"x","big":"1"}"#);
}

#[test]
fn the_last_scalar_wins_lists_grow_and_messages_merge() {
    let one = Cluster {
        id: "x".into(),
        tags: vec!["a".into()],
        ports: vec![1],
        created_at: Some(prost_types::Timestamp { seconds: 1, nanos: 0 }),
        ..Cluster::default()
    };
    let two = Cluster {
        id: "y".into(),
        tags: vec!["b".into()],
        ports: vec![2, 3],
        created_at: Some(prost_types::Timestamp { seconds: 0, nanos: 5 }),
        ..Cluster::default()
    };
    assert_eq!(
        text_of(&[one, two]),
        r#"{"id":"y","tags":["a","b"],"ports":[1,2,3],"createdAt":"1970-01-01T00:00:01.000000005Z"}"#
    );
}

#[test]
fn the_last_member_of_a_oneof_clears_the_others() {
    let with = |source| Cluster { source: Some(source), ..Cluster::default() };
    let (backup, clone) = (with(Source::BackupId("b".into())), with(Source::Clone(node("n"))));
    assert_eq!(text_of(&[clone.clone(), backup.clone()]), r#"{"backupId":"b"}"#);
    let again = with(Source::Clone(Node { core_count: 2, ..Node::default() }));
    assert_eq!(text_of(&[clone.clone(), backup, again.clone()]), r#"{"clone":{"coreCount":2}}"#);
    assert_eq!(text_of(&[clone, again]), r#"{"clone":{"id":"n","coreCount":2}}"#);
}

#[test]
fn a_oneof_member_after_later_fields() {
    let cluster = Cluster { source: Some(Source::Nothing(0)), limit: Some(3), ..Cluster::default() };
    assert_eq!(text(&cluster), r#"{"limit":3,"nothing":null}"#);
}

#[test]
fn lists_are_read_packed_and_unpacked() {
    let unpacked = [0x30, 1, 0x30, 2, 0x32, 2, 3, 4];
    let packed = [0xc2, 0x01, 2, 1, 2];
    let text = |wire: &[u8]| {
        String::from_utf8(json::from_wire(Cluster::schema(), wire, &EncodeOptions::default()).unwrap())
    };
    assert_eq!(text(&unpacked).unwrap(), r#"{"ports":[1,2,3,4]}"#);
    assert_eq!(text(&packed).unwrap(), r#"{"states":["RUNNING","STOPPED"]}"#);
}

#[test]
fn defaults_on_the_wire_are_absent_all_the_same() {
    let wire = [0x0a, 0, 0x18, 0, 0x20, 0, 0x32, 0];
    assert_eq!(
        json::from_wire(Cluster::schema(), &wire, &EncodeOptions::default()).unwrap(),
        br#"{"multiAz":false}"#
    );
}

#[test]
fn the_last_of_equal_map_keys_counts() {
    let wire = [0x3a, 6, 0x0a, 1, b'k', 0x12, 1, b'1', 0x3a, 6, 0x0a, 1, b'k', 0x12, 1, b'2', 0x3a, 0];
    assert_eq!(
        json::from_wire(Cluster::schema(), &wire, &EncodeOptions::default()).unwrap(),
        br#"{"labels":{"":"","k":"2"}}"#
    );
}
