//! The engine against prost's derive: messages of the same fields, once by tables and once derived, read and write the same bytes,
//! and print and compare alike. (The derive writes a oneof where it stands in the struct, the engine in order of the numbers; so they
//! are compared as what is read of them.)

use proptest::collection::vec;
use proptest::prelude::*;
use prost::Message;

/// Every shape of field. `SourceContext` stands for the messages of other crates.
mod derived {
    use std::collections::BTreeMap;

    use prost_types::{SourceContext, Timestamp, Value};

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Shape {
        #[prost(string, tag = "1")]
        pub(super) text: String,
        #[prost(bytes = "vec", tag = "2")]
        pub(super) data: Vec<u8>,
        #[prost(bool, tag = "3")]
        pub(super) flag: bool,
        #[prost(int32, tag = "4")]
        pub(super) int: i32,
        #[prost(sint64, tag = "5")]
        pub(super) signed: i64,
        #[prost(fixed32, tag = "6")]
        pub(super) fixed: u32,
        #[prost(double, tag = "7")]
        pub(super) double: f64,
        #[prost(string, optional, tag = "8")]
        pub(super) maybe_text: Option<String>,
        #[prost(uint64, optional, tag = "9")]
        pub(super) maybe_number: Option<u64>,
        #[prost(message, optional, boxed, tag = "10")]
        pub(super) inner: Option<Box<Shape>>,
        #[prost(message, repeated, tag = "11")]
        pub(super) times: Vec<Timestamp>,
        #[prost(string, repeated, tag = "12")]
        pub(super) texts: Vec<String>,
        #[prost(sint32, repeated, tag = "13")]
        pub(super) packed: Vec<i32>,
        #[prost(sfixed64, repeated, packed = "false", tag = "14")]
        pub(super) unpacked: Vec<i64>,
        #[prost(btree_map = "string, sint32", tag = "15")]
        pub(super) by_text: BTreeMap<String, i32>,
        #[prost(btree_map = "fixed32, message", tag = "16")]
        pub(super) by_number: BTreeMap<u32, Timestamp>,
        #[prost(message, repeated, tag = "21")]
        pub(super) all_wrapped: Vec<i64>,
        #[prost(group, optional, tag = "22")]
        pub(super) group: Option<Group>,
        #[prost(group, repeated, tag = "23")]
        pub(super) groups: Vec<Group>,
        #[prost(float, repeated, tag = "24")]
        pub(super) floats: Vec<f32>,
        #[prost(message, optional, tag = "25")]
        pub(super) source: Option<SourceContext>,
        #[prost(message, repeated, tag = "26")]
        pub(super) sources: Vec<SourceContext>,
        #[prost(btree_map = "bool, message", tag = "27")]
        pub(super) source_of: BTreeMap<bool, SourceContext>,
        #[prost(message, optional, tag = "28")]
        pub(super) wrapped: Option<String>,
        #[prost(message, optional, tag = "29")]
        pub(super) anything: Option<Value>,
        #[prost(int32, required, tag = "30")]
        pub(super) required: i32,
        #[prost(message, required, tag = "31")]
        pub(super) needed: Group,
        #[prost(bytes = "vec", repeated, tag = "1000")]
        pub(super) blobs: Vec<Vec<u8>>,
        #[prost(oneof = "Choice", tags = "17, 18, 19, 20")]
        pub(super) choice: Option<Choice>,
    }

    #[derive(Clone, PartialEq, prost::Oneof)]
    pub(super) enum Choice {
        #[prost(string, tag = "17")]
        Text(String),
        #[prost(message, tag = "18")]
        Group(Group),
        #[prost(message, tag = "19")]
        Source(SourceContext),
        #[prost(fixed64, tag = "20")]
        Number(u64),
    }

    #[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
    pub(super) struct Group {
        #[prost(string, tag = "1")]
        pub(super) name: String,
        #[prost(uint32, optional, tag = "2")]
        pub(super) size: Option<u32>,
    }
}

mod by_table {
    use std::collections::BTreeMap;

    use prost_types::{SourceContext, Timestamp, Value};

    #[derive(Clone, Default)]
    pub(super) struct Shape {
        pub(super) text: String,
        pub(super) data: Vec<u8>,
        pub(super) flag: bool,
        pub(super) int: i32,
        pub(super) signed: i64,
        pub(super) fixed: u32,
        pub(super) double: f64,
        pub(super) maybe_text: Option<String>,
        pub(super) maybe_number: Option<u64>,
        pub(super) inner: Option<Box<Shape>>,
        pub(super) times: Vec<Timestamp>,
        pub(super) texts: Vec<String>,
        pub(super) packed: Vec<i32>,
        pub(super) unpacked: Vec<i64>,
        pub(super) by_text: BTreeMap<String, i32>,
        pub(super) by_number: BTreeMap<u32, Timestamp>,
        pub(super) all_wrapped: Vec<i64>,
        pub(super) group: Option<Group>,
        pub(super) groups: Vec<Group>,
        pub(super) floats: Vec<f32>,
        pub(super) source: Option<SourceContext>,
        pub(super) sources: Vec<SourceContext>,
        pub(super) source_of: BTreeMap<bool, SourceContext>,
        pub(super) wrapped: Option<String>,
        pub(super) anything: Option<Value>,
        pub(super) required: i32,
        pub(super) needed: Group,
        pub(super) blobs: Vec<Vec<u8>>,
        pub(super) choice: Option<Choice>,
    }

    #[derive(Clone, PartialEq)]
    pub(super) enum Choice {
        Text(String),
        Group(Group),
        Source(SourceContext),
        Number(u64),
    }

    #[derive(Clone, Default)]
    pub(super) struct Group {
        pub(super) name: String,
        pub(super) size: Option<u32>,
    }

    rust_sdk_runtime::messages! {
        pub(super) const ALL;

        Group: Eq = "t.Group" {
            1 singular string name,
            2 optional uint32 size,
        }

        Shape = "t.Shape" {
            1 singular string text,
            2 singular bytes data,
            3 singular bool flag,
            4 singular int32 int,
            5 singular sint64 signed,
            6 singular fixed32 fixed,
            7 singular double double,
            8 optional string maybe_text,
            9 optional uint64 maybe_number,
            10 optional message inner: Shape,
            11 repeated message times: Timestamp,
            12 repeated string texts,
            13 packed sint32 packed,
            14 repeated sfixed64 unpacked,
            15 map(string) sint32 by_text,
            16 map(fixed32) message by_number: Timestamp,
            17 oneof string choice::Text = "choice_text",
            18 oneof message choice::Group: Group = "choice_group",
            19 oneof foreign choice::Source: SourceContext = "choice_source",
            20 oneof fixed64 choice::Number = "choice_number",
            21 repeated wrapper all_wrapped: i64,
            22 optional group group: Group,
            23 repeated group groups: Group,
            24 packed float floats,
            25 optional foreign source: SourceContext,
            26 repeated foreign sources: SourceContext,
            27 map(bool) foreign source_of: SourceContext,
            28 optional wrapper wrapped: String,
            29 optional message anything: Value,
            30 required int32 required,
            31 required message needed: Group,
            1000 repeated bytes blobs,
        }
    }

    rust_sdk_runtime::oneofs! {
        Choice: {
            17 string Text,
            18 message Group: Group,
            19 foreign Source: SourceContext,
            20 fixed64 Number,
        }
    }
}

/// A field of any number and content: most are of the shapes above, some are none.
fn record() -> impl Strategy<Value = Vec<u8>> {
    let number = prop_oneof![20 => 1_u32..32, 1 => Just(1000), 1 => 32_u32..40];
    let inner = vec((1_u32..4, content()), 0..3);
    (number, prop_oneof![3 => content(), 1 => inner.prop_map(Content::Message), 1 => vec(content_bytes(), 0..3).prop_map(Content::Group)])
        .prop_map(|(number, content)| put(number, &content))
}

#[derive(Clone, Debug)]
enum Content {
    Varint(u64),
    Fixed32(u32),
    Fixed64(u64),
    Bytes(Vec<u8>),
    Message(Vec<(u32, Content)>),
    Group(Vec<Vec<u8>>),
}

fn content() -> impl Strategy<Value = Content> {
    prop_oneof![
        any::<u64>().prop_map(Content::Varint),
        (0_u64..3).prop_map(Content::Varint),
        any::<u32>().prop_map(Content::Fixed32),
        Just(Content::Fixed32(0)),
        any::<u64>().prop_map(Content::Fixed64),
        // Texts, packed numbers and entries of maps.
        "[a-z]{0,3}".prop_map(|text| Content::Bytes(text.into_bytes())),
        vec(0_u8..4, 0..9).prop_map(Content::Bytes),
        Just(Content::Bytes(Vec::new())),
    ]
}

fn content_bytes() -> impl Strategy<Value = Vec<u8>> {
    (1_u32..4, content()).prop_map(|(number, content)| put(number, &content))
}

fn put(number: u32, content: &Content) -> Vec<u8> {
    use prost::encoding::{WireType, encode_key, encode_varint};
    let mut out = Vec::new();
    let bytes = |out: &mut Vec<u8>, bytes: &[u8]| {
        encode_key(number, WireType::LengthDelimited, out);
        encode_varint(bytes.len() as u64, out);
        out.extend_from_slice(bytes);
    };
    match content {
        Content::Varint(n) => {
            encode_key(number, WireType::Varint, &mut out);
            encode_varint(*n, &mut out);
        }
        Content::Fixed32(n) => {
            encode_key(number, WireType::ThirtyTwoBit, &mut out);
            out.extend_from_slice(&n.to_le_bytes());
        }
        Content::Fixed64(n) => {
            encode_key(number, WireType::SixtyFourBit, &mut out);
            out.extend_from_slice(&n.to_le_bytes());
        }
        Content::Bytes(content) => bytes(&mut out, content),
        Content::Message(fields) => {
            let fields: Vec<u8> = fields.iter().flat_map(|(number, content)| put(*number, content)).collect();
            bytes(&mut out, &fields);
        }
        Content::Group(fields) => {
            encode_key(number, WireType::StartGroup, &mut out);
            out.extend(fields.concat());
            encode_key(number, WireType::EndGroup, &mut out);
        }
    }
    out
}

/// A record that fits the field of this number.
fn fitting() -> impl Strategy<Value = Vec<u8>> {
    let group = || {
        vec(
            prop_oneof![Just(put(1, &Content::Bytes(b"g".to_vec()))), Just(put(2, &Content::Varint(0)))],
            0..3,
        )
    };
    let bytes = |numbers: &'static [u32]| {
        (prop::sample::select(numbers), "[a-z]{0,3}")
            .prop_map(|(n, text)| put(n, &Content::Bytes(text.into_bytes())))
    };
    let varint = |numbers: &'static [u32]| {
        (prop::sample::select(numbers), prop_oneof![Just(0), any::<u64>()])
            .prop_map(|(n, value)| put(n, &Content::Varint(value)))
    };
    let message = |numbers: &'static [u32]| {
        let fields = vec(
            prop_oneof![
                (Just(1), "[a-z]{0,2}".prop_map(|text| Content::Bytes(text.into_bytes()))),
                (1_u32..3, (0_u64..9).prop_map(Content::Varint)),
                (Just(1), any::<u32>().prop_map(Content::Fixed32)),
                (Just(2), any::<u64>().prop_map(Content::Fixed64)),
                (Just(2), Just(Content::Message(vec![(1, Content::Varint(5))]))),
            ],
            0..3,
        );
        (prop::sample::select(numbers), fields).prop_map(|(n, fields)| put(n, &Content::Message(fields)))
    };
    prop_oneof![
        bytes(&[1, 2, 8, 12, 17, 1000]),
        varint(&[3, 4, 5, 9, 13, 30]),
        message(&[10, 11, 15, 16, 18, 19, 21, 25, 26, 27, 28, 29, 31]),
        (prop::sample::select(&[6_u32, 24][..]), any::<u32>())
            .prop_map(|(n, value)| put(n, &Content::Fixed32(value))),
        (prop::sample::select(&[7_u32, 14, 20][..]), any::<u64>())
            .prop_map(|(n, value)| put(n, &Content::Fixed64(value))),
        (prop::sample::select(&[22_u32, 23][..]), group())
            .prop_map(|(n, fields)| put(n, &Content::Group(fields))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_bytes_are_read_and_written_as_by_the_derive(records in vec(prop_oneof![8 => fitting(), 1 => record()], 0..6)) {
        let wire = records.concat();
        let (derived, ours) = (derived::Shape::decode(&wire[..]), by_table::Shape::decode(&wire[..]));
        match (derived, ours) {
            (Ok(derived), Ok(ours)) => {
                let written = ours.encode_to_vec();
                prop_assert_eq!(written.len(), derived.encode_to_vec().len());
                prop_assert_eq!(derived::Shape::decode(&written[..]).map(|shape| shape.encode_to_vec()), Ok(derived.encode_to_vec()));
                prop_assert_eq!(ours.encoded_len(), derived.encoded_len());
                prop_assert_eq!(format!("{ours:?}"), format!("{derived:?}"));
                prop_assert_eq!(format!("{ours:#?}"), format!("{derived:#?}"));
                prop_assert_eq!(ours == ours.clone(), derived == derived.clone());
            }
            (Err(derived), Err(ours)) => prop_assert_eq!(ours.to_string(), derived.to_string()),
            (derived, ours) => prop_assert!(false, "{:?} {:?}", derived.is_ok(), ours.is_ok()),
        }
    }

    #[test]
    fn what_differs_is_not_equal(a in vec(fitting(), 0..3), b in vec(fitting(), 0..3)) {
        let (a, b) = (a.concat(), b.concat());
        let derived = (derived::Shape::decode(&a[..]), derived::Shape::decode(&b[..]));
        let ours = (by_table::Shape::decode(&a[..]), by_table::Shape::decode(&b[..]));
        if let ((Ok(a), Ok(b)), (Ok(our_a), Ok(our_b))) = (derived, ours) {
            prop_assert_eq!(our_a == our_b, a == b);
        }
    }
}

#[test]
fn equal_messages_have_equal_hashes() {
    use std::collections::HashSet;

    let group = |name: &str, size| by_table::Group { name: name.to_owned(), size };
    let set = HashSet::from([group("a", None), group("a", Some(0)), group("b", None), group("a", None)]);
    assert_eq!(set.len(), 3);
    assert!(set.contains(&group("a", Some(0))));
}
