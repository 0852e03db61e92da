//! JSON and back, for arbitrary messages.

use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use prost::Message;
use prost_types::value::Kind;
use prost_types::{Any, Duration, FieldMask, ListValue, Struct, Timestamp, Value};
use rust_sdk_runtime::json::{self, DecodeOptions, EncodeOptions};
use rust_sdk_runtime::schema::HasSchema as _;

use crate::fixture::*;

pub(crate) fn nodes() -> impl Strategy<Value = Node> {
    let leaf =
        (any::<String>(), any::<i32>()).prop_map(|(id, core_count)| Node { id, core_count, parent: None });
    leaf.prop_recursive(3, 3, 1, |inner| {
        (any::<String>(), inner).prop_map(|(id, parent)| Node { parent: Some(parent.into()), ..node(&id) })
    })
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Kind::NullValue(0)),
        any::<bool>().prop_map(Kind::BoolValue),
        // Zero has a sign that JSON keeps.
        prop::num::f64::NORMAL.prop_map(Kind::NumberValue),
        any::<String>().prop_map(Kind::StringValue),
    ]
    .prop_map(|kind| Value { kind: Some(kind) });
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(|values| Kind::ListValue(ListValue { values })),
            btree_map(any::<String>(), inner, 0..3).prop_map(|fields| Kind::StructValue(Struct { fields })),
        ]
        .prop_map(|kind| Value { kind: Some(kind) })
    })
}

fn sources() -> impl Strategy<Value = Source> {
    prop_oneof![
        any::<String>().prop_map(Source::BackupId),
        nodes().prop_map(Source::Clone),
        Just(Source::Nothing(0)),
    ]
}

fn details() -> impl Strategy<Value = Any> {
    nodes().prop_map(|node| Any {
        type_url: "type.googleapis.com/test.Node".into(),
        value: node.encode_to_vec(),
    })
}

prop_compose! {
    pub(crate) fn clusters()(
        (account_id, multi_az, state, tags, ports) in
            (any::<String>(), any::<Option<bool>>(), any::<i32>(), vec(any::<String>(), 0..4), vec(any::<i32>(), 0..40)),
        (labels, nodes, flags, members) in (
            btree_map(any::<String>(), any::<String>(), 0..4),
            btree_map(any::<i32>(), nodes(), 0..3),
            btree_map(any::<bool>(), any::<u64>(), 0..3),
            vec(nodes(), 0..3),
        ),
        (key, ratio, weight, big, unsigned, delta) in (
            vec(any::<u8>(), 0..200),
            prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO | prop::num::f64::INFINITE,
            prop::num::f32::NORMAL | prop::num::f32::SUBNORMAL | prop::num::f32::ZERO | prop::num::f32::INFINITE,
            any::<i64>(), any::<u64>(), any::<i32>(),
        ),
        (source, detail, anything, limit, blob) in
            (of(sources()), of(details()), of(values()), any::<Option<i32>>(), any::<Option<Vec<u8>>>()),
        (seconds, nanos, mask, states, offset, mark) in (
            -62_135_596_800_i64..=253_402_300_799,
            0..1_000_000_000,
            vec("[a-z]{1,3}(_[a-z]{1,3}){0,2}", 0..3),
            vec(-2..4, 0..4),
            any::<Option<i64>>(),
            any::<u32>(),
        ),
    ) -> Cluster {
        Cluster {
            account_id, multi_az, state, tags, ports, labels, nodes, flags, members, key, ratio, weight, big, unsigned,
            delta, source, detail, limit, blob, states, offset, mark,
            list: anything.as_ref().map(|value| ListValue { values: vec![value.clone()] }),
            extra: anything.as_ref().map(|value| Struct { fields: [("k".to_owned(), value.clone())].into() }),
            anything,
            created_at: Some(Timestamp { seconds, nanos }),
            ttl: Some(Duration { seconds: seconds.abs(), nanos }),
            mask: Some(FieldMask { paths: mask }),
            id: String::new(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_message_comes_back_from_its_json(cluster in clusters()) {
        let text = json::to_string(&cluster).unwrap();
        prop_assert_eq!(&json::from_str::<Cluster>(&text).unwrap(), &cluster);
        prop_assert_eq!(&serde_json::to_string(&cluster).unwrap(), &text);
        // A value has the digits of a double where the text has those of a float, and another order of keys.
        let value = serde_json::to_value(&cluster).unwrap();
        prop_assert_eq!(json::to_string(&serde_json::from_value::<Cluster>(value).unwrap()).unwrap(), text.clone());
        prop_assert_eq!(&serde_json::from_str::<Cluster>(&text).unwrap(), &cluster);
    }

    #[test]
    fn options_change_the_text_not_the_message(cluster in clusters(), emit_defaults: bool, proto_names: bool, enums_as_numbers: bool) {
        let options = EncodeOptions { emit_defaults, proto_names, enums_as_numbers, types: TYPES, ..EncodeOptions::default() };
        let text = json::from_wire(Cluster::schema(), &cluster.encode_to_vec(), &options).unwrap();
        prop_assert_eq!(&json::to_vec(&cluster, &options).unwrap(), &text);
        let options = DecodeOptions { types: TYPES, ..DecodeOptions::default() };
        let wire = json::to_wire(Cluster::schema(), &text, &options).unwrap();
        prop_assert_eq!(Cluster::decode(wire.as_slice()).unwrap(), cluster);
    }

    #[test]
    fn concatenated_messages_are_written_as_prost_merges_them(one in clusters(), two in clusters()) {
        let mut wire = one.encode_to_vec();
        wire.extend(two.encode_to_vec());
        let options = EncodeOptions { types: TYPES, ..EncodeOptions::default() };
        // Values that were scalar and struct in turn, and merged Any values, have no JSON form of their own.
        if let Ok(text) = json::from_wire(Cluster::schema(), &wire, &options) {
            let merged = Cluster::decode(wire.as_slice()).unwrap();
            prop_assert_eq!(String::from_utf8(text).unwrap(), json::to_string(&merged).unwrap());
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..300)) {
        let _ = json::from_wire(Cluster::schema(), &bytes, &EncodeOptions::default());
        let _ = json::to_wire(Cluster::schema(), &bytes, &DecodeOptions::default());
    }

    #[test]
    fn damaged_json_never_panics(cluster in clusters(), at: prop::sample::Index, byte: u8) {
        let mut text = json::to_string(&cluster).unwrap().into_bytes();
        let at = at.index(text.len());
        text[at] = byte;
        if let Ok(wire) = json::to_wire(Cluster::schema(), &text, &DecodeOptions { ignore_unknown: true, types: TYPES, ..DecodeOptions::default() }) {
            prop_assert!(Cluster::decode(wire.as_slice()).is_ok());
        }
    }
}
