//! A message is read into its fields, or into wire bytes where only its schema is known. Both accept the same, and say the same
//! of what they refuse.

use std::collections::BTreeMap;
use std::fmt::Debug;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use prost::Message;
use prost_types::Method;
use rust_sdk_runtime::json::{self, DecodeOptions, JsonError, JsonErrorKind};
use rust_sdk_runtime::schema::HasSchema;
use serde::de::DeserializeOwned;

use crate::fixture::*;
use crate::property::clusters;

/// Reads the JSON every way there is.
#[track_caller]
fn agree<M: Message + Debug + Default + HasSchema + DeserializeOwned>(json: &str) -> Result<M, JsonError> {
    let direct = json::from_str::<M>(json);
    let options = DecodeOptions { types: TYPES, ..DecodeOptions::default() };
    let wire = json::to_wire(M::schema(), json.as_bytes(), &options);
    let serde = serde_json::from_str::<M>(json);
    match (&direct, wire, serde) {
        (Ok(direct), Ok(wire), Ok(serde)) => {
            // Their bytes, since a NaN equals nothing.
            assert_eq!(direct.encode_to_vec(), M::decode(&*wire).unwrap().encode_to_vec(), "{json}");
            assert_eq!(direct.encode_to_vec(), serde.encode_to_vec(), "{json}");
        }
        (Err(direct), Err(wire), Err(serde)) => {
            assert_eq!((direct.path(), direct.kind()), (wire.path(), wire.kind()), "{json}");
            // Of text that is no JSON, the format itself says where.
            if !matches!(direct.kind(), JsonErrorKind::Syntax(_)) {
                let (direct, serde) = (direct.to_string(), serde.to_string());
                assert!(serde.starts_with(&direct), "{json}: {direct}, but {serde}");
            }
        }
        (direct, wire, serde) => panic!("{json}: {direct:?}, but {wire:?} and {serde:?}"),
    }
    direct
}

/// What may stand anywhere in JSON, right or wrong.
fn token() -> impl Strategy<Value = String> {
    let names = Cluster::schema().fields().iter().flat_map(|field| [field.name.into(), field.json_name()]);
    prop_oneof![
        select(names.collect::<Vec<_>>()).prop_map(|name| format!(r#""{name}":"#)),
        select(vec![
            "null",
            "true",
            "false",
            "0",
            "-0",
            "-1",
            "1.5",
            "1e2",
            "1e400",
            "18446744073709551615",
            "2147483648",
            "NaN",
            "\"\"",
            "\"1\"",
            "\"1.0\"",
            "\"-1\"",
            "\"NaN\"",
            "\"true\"",
            "\"RUNNING\"",
            "\"ALIVE\"",
            "\"NULL_VALUE\"",
            "\"AAE\"",
            "\"2024-02-29T12:00:00.5Z\"",
            "\"1.5s\"",
            "\"fooBar,baz\"",
            "\"\\u00e9\\n\"",
            "\"é\"",
            "\"\\ud83d\"",
            "{",
            "}",
            "[",
            "]",
            ",",
            "{}",
            "[]",
            "{\"id\":\"x\"}",
            "{\"coreCount\":3,\"parent\":{}}",
            "[{\"id\":1}]",
            "{\"1\":{},\"1.0\":{}}",
            "{\"a\":\"1\",\"a\":2}",
            "{\"b\":\"1\",\"a\":\"2\"}",
            "{\"true\":1}",
            "{\"@type\":\"type.googleapis.com/test.Node\",\"id\":\"x\"}",
            "{\"value\":\"1s\",\"@type\":\"a/google.protobuf.Duration\"}",
            "{\"a\":[null,{\"b\":{}}]}",
            "\"id\":\"",
            "\"unknown\":",
        ])
        .prop_map(str::to_owned),
    ]
}

/// One field and a value for it, which suits it or not.
fn entry() -> impl Strategy<Value = String> {
    let names = Cluster::schema().fields().iter().map(|field| field.json_name()).collect::<Vec<_>>();
    (select(names), token()).prop_map(|(name, value)| format!(r#""{name}":{value}"#))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn on_messages_and_on_damaged_ones(
        cluster in clusters(),
        damages in vec((any::<Index>(), 0_usize..12, token()), 0..3),
    ) {
        let mut text = json::to_string(&cluster).unwrap();
        for (at, len, token) in damages {
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect::<Vec<_>>();
            let at = at.index(ends.len());
            text.replace_range(ends[at]..ends[ends.len().min(at + len + 1) - 1], &token);
        }
        let _ = agree::<Cluster>(&text);
    }

    #[test]
    fn on_fields_with_values_of_any_type(entries in vec(entry(), 1..5)) {
        let _ = agree::<Cluster>(&format!("{{{}}}", entries.join(",")));
    }

    #[test]
    fn on_tokens_in_any_order(tokens in vec(token(), 0..8)) {
        let _ = agree::<Cluster>(&tokens.concat());
        let _ = agree::<Cluster>(&format!("{{{}}}", tokens.concat()));
    }
}

/// What is read can be sent: prost counts the entry of a map as a level of its own.
#[test]
fn on_how_deep_messages_may_be() {
    let mut refused = 0;
    for depth in 0..110 {
        for (start, open, close, end) in [
            ("{\"clone\":", "{\"parent\":", "}", "}"),
            ("{\"nodes\":{\"1\":", "{\"parent\":", "}", "}}"),
            ("{\"extra\":{\"a\":", "{\"a\":", "}", "}}"),
            ("{\"anything\":", "[", "]", "}"),
            ("{\"list\":[", "[{\"a\":", "}]", "]}"),
            ("{\"detail\":{\"@type\":\"a/test.Node\",\"parent\":", "{\"parent\":", "}", "}}"),
        ] {
            let text = [start, &open.repeat(depth), "{}", &close.repeat(depth), end].concat();
            match agree::<Cluster>(&text) {
                Ok(cluster) => assert_eq!(Cluster::decode(&*cluster.encode_to_vec()), Ok(cluster), "{text}"),
                Err(error) => {
                    assert_eq!(error.kind(), &JsonErrorKind::TooDeep, "{text}");
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 100);
}

/// A message with messages of another crate, which are read by their bytes.
#[derive(Clone, Default)]
struct Plan {
    name: String,
    first: Option<Method>,
    all: Vec<Method>,
    by_day: BTreeMap<i32, Method>,
    last: Option<Last>,
    notes: Vec<String>,
    titles: BTreeMap<String, String>,
    group: Option<Method>,
    groups: Vec<Method>,
}

#[derive(Clone)]
enum Last {
    Method(Method),
    Note(String),
}

rust_sdk_runtime::messages! {
    pub(crate) const PLANS;

    Plan = "test.Plan" {
        1 singular string name,
        2 optional foreign first: Method,
        3 repeated foreign all: Method,
        4 map(int32) foreign by_day: Method = "byDay",
        5 oneof foreign last::Method: Method = "method",
        6 oneof wrapper last::Note: String = "note",
        7 repeated wrapper notes: String,
        8 map(string) wrapper titles: String,
        9 optional foreign_group group: Method,
        10 repeated foreign_group groups: Method,
    }
}

rust_sdk_runtime::oneofs! {
    Last: {
        5 foreign Method: Method,
        6 wrapper Note: String,
    }
}

#[test]
fn on_messages_of_other_crates_and_on_wrappers() {
    let method = r#"{"name":"Sow","options":[{"name":"a","value":{"@type":"a/google.protobuf.Empty"}}],"syntax":"SYNTAX_PROTO3"}"#;
    let text = format!(
        r#"{{"first":{method},"name":"P","all":[{{}},{method}],"byDay":{{"2":{method},"1":{{}}}},"method":{method},"notes":["","n"],"titles":{{"b":"","a":"t"}},"group":{method},"groups":[{method}]}}"#
    );
    let plan = agree::<Plan>(&text).unwrap();
    assert_eq!(plan.first.as_ref().map(|method| (&*method.name, method.options.len())), Some(("Sow", 1)));
    assert_eq!(plan.all, [Method::default(), plan.first.clone().unwrap()]);
    assert_eq!(plan.by_day.keys().collect::<Vec<_>>(), [&1, &2]);
    assert!(matches!(&plan.last, Some(Last::Method(method)) if Some(method) == plan.first.as_ref()));
    assert_eq!(plan.notes, ["", "n"]);
    assert_eq!(plan.group.iter().chain(&plan.groups).collect::<Vec<_>>(), [plan.first.as_ref().unwrap(); 2]);
    assert_eq!(plan.titles, [("a".to_owned(), "t".to_owned()), ("b".to_owned(), String::new())].into());
    assert!(
        matches!(agree::<Plan>(r#"{"note":""}"#).unwrap().last, Some(Last::Note(note)) if note.is_empty())
    );
    assert_eq!(
        agree::<Plan>(r#"{"first":null,"all":null,"method":null,"note":null}"#).unwrap(),
        Plan::default()
    );
    for (json, path, reason) in [
        (r#"{"first":{"name":1}}"#, "first.name", JsonErrorKind::Expected("a string")),
        (r#"{"all":[{},{"x":1}]}"#, "all[1].x", JsonErrorKind::UnknownField),
        (r#"{"all":[null]}"#, "all[0]", JsonErrorKind::Null),
        (r#"{"byDay":{"1":{},"1.0":{}}}"#, "byDay[1]", JsonErrorKind::Duplicate),
        (r#"{"method":{},"note":"n"}"#, "note", JsonErrorKind::OneofConflict),
        (r#"{"notes":[null]}"#, "notes[0]", JsonErrorKind::Null),
        (r#"{"titles":{"a":1}}"#, "titles[a]", JsonErrorKind::Expected("a string")),
    ] {
        let error = agree::<Plan>(json).unwrap_err();
        assert_eq!((error.path(), error.kind()), (path, &reason), "{json}");
    }
}
