//! A message is read into its fields, or into wire bytes where only its schema is known. Both accept the same, and say the same
//! of what they refuse.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use prost::Message;
use rust_sdk_runtime::json::{self, DecodeOptions, JsonError, JsonReason};

use crate::fixture::*;
use crate::property::clusters;

/// Reads the JSON every way there is.
#[track_caller]
fn agree(json: &str) -> Result<Cluster, JsonError> {
    let direct = json::from_str::<Cluster>(json);
    let wire =
        json::from_slice(&CLUSTER, json.as_bytes(), &DecodeOptions { ignore_unknown: false, types: TYPES });
    let serde = serde_json::from_str::<Cluster>(json);
    match (&direct, wire, serde) {
        (Ok(direct), Ok(wire), Ok(serde)) => {
            // Their bytes, since a NaN equals nothing.
            assert_eq!(direct.encode_to_vec(), Cluster::decode(&*wire).unwrap().encode_to_vec(), "{json}");
            assert_eq!(direct.encode_to_vec(), serde.encode_to_vec(), "{json}");
        }
        (Err(direct), Err(wire), Err(serde)) => {
            assert_eq!((direct.path(), direct.reason()), (wire.path(), wire.reason()), "{json}");
            // Of text that is no JSON, the format itself says where.
            if !matches!(direct.reason(), JsonReason::Syntax(_)) {
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
    let names = CLUSTER.fields().iter().flat_map(|field| [field.name, field.json_name]);
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
    let names = CLUSTER.fields().iter().map(|field| field.json_name).collect::<Vec<_>>();
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
        let _ = agree(&text);
    }

    #[test]
    fn on_fields_with_values_of_any_type(entries in vec(entry(), 1..5)) {
        let _ = agree(&format!("{{{}}}", entries.join(",")));
    }

    #[test]
    fn on_tokens_in_any_order(tokens in vec(token(), 0..8)) {
        let _ = agree(&tokens.concat());
        let _ = agree(&format!("{{{}}}", tokens.concat()));
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
            match agree(&text) {
                Ok(cluster) => assert_eq!(Cluster::decode(&*cluster.encode_to_vec()), Ok(cluster), "{text}"),
                Err(error) => {
                    assert_eq!(error.reason(), &JsonReason::TooDeep, "{text}");
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 100);
}
