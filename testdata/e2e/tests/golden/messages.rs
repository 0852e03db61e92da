//! Generated messages through serde, and what their `Debug` keeps to itself.

use std::fmt::Debug;

use lumen_cloud::key::v1::{
    CreateKeyRequest, CreateKeyResponse, IdentifyKeyRequest, Key, KeyService, ListKeysResponse, key,
};
use proptest::prelude::*;
use rust_sdk_runtime::schema::HasSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shapes::types::v1::{
    Explicit, Implicit, Lists, Maps, Names, Oneofs, Outer, Size, Tree, WellKnown, oneofs,
};

/// There and back: JSON, message, bytes, message, JSON.
#[track_caller]
fn round_trip<M>(json: &Value) -> M
where
    M: prost::Message + Default + Debug + PartialEq + Serialize + DeserializeOwned,
{
    let message: M = serde_json::from_value(json.clone()).unwrap();
    let text = serde_json::to_string(&message).unwrap();
    // By way of the text: as a value, serde_json writes a float with the digits of a double.
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), *json);
    assert_eq!(serde_json::from_str::<M>(&text).unwrap(), message);
    assert_eq!(serde_json::from_value::<M>(serde_json::to_value(&message).unwrap()).unwrap(), message);
    assert_eq!(M::decode(&*message.encode_to_vec()).unwrap(), message);
    message
}

/// The same, for JSON that has a value for every field.
#[track_caller]
fn filled<M>(json: &Value) -> M
where
    M: prost::Message + Default + Debug + PartialEq + Serialize + DeserializeOwned + HasSchema,
{
    for field in M::schema().fields() {
        assert!(json.get(&*field.json_name()).is_some(), "{} is not filled", field.json_name());
    }
    round_trip(json)
}

fn implicit() -> Value {
    json!({
        "fDouble": -2.5, "fFloat": 0.1, "fInt32": i32::MIN, "fInt64": i64::MIN.to_string(), "fUint32": u32::MAX,
        "fUint64": u64::MAX.to_string(), "fSint32": -1, "fSint64": "-1", "fFixed32": 1, "fFixed64": "9007199254740993",
        "fSfixed32": -7, "fSfixed64": i64::MAX.to_string(), "fBool": true, "fString": "a\"\\\u{1F331}\u{0}\n",
        "fBytes": "+/8=", "fEnum": "SIZE_2XL", "fLast": "x",
    })
}

#[test]
fn scalars_without_presence() {
    let message: Implicit = filled(&implicit());
    assert_eq!((message.f_uint64, message.f_fixed64), (u64::MAX, 9_007_199_254_740_993));
    assert_eq!((message.f_bytes.as_slice(), message.f_enum()), (&[0xfb, 0xff][..], Size::Size2xl));
    assert_eq!(serde_json::to_string(&Implicit::default()).unwrap(), "{}");
    // What the enum does not know is kept as a number; the infinities and NaN have names.
    let odd: Implicit = round_trip(&json!({"fEnum": 42, "fDouble": "-Infinity", "fFloat": "Infinity"}));
    assert_eq!((odd.f_enum, odd.f_double), (42, f64::NEG_INFINITY));
    let nan: Implicit = serde_json::from_value(json!({"fDouble": "NaN"})).unwrap();
    assert!(nan.f_double.is_nan());
    assert_eq!(serde_json::to_value(&nan).unwrap(), json!({"fDouble": "NaN"}));
}

#[test]
fn scalars_with_presence_and_lists() {
    let mut explicit = implicit();
    explicit.as_object_mut().unwrap().remove("fLast");
    explicit["fMessage"] = implicit();
    filled::<Explicit>(&explicit);
    // Defaults that are set are there; null is absence.
    let zeros: Explicit =
        round_trip(&json!({"fInt32": 0, "fBool": false, "fString": "", "fEnum": "SIZE_UNSPECIFIED"}));
    assert_eq!((zeros.f_int32, zeros.f_string.as_deref(), zeros.f_int64), (Some(0), Some(""), None));
    assert_eq!(serde_json::from_value::<Explicit>(json!({"fInt32": null})).unwrap(), Explicit::default());

    let mut lists: Value = json!({"fUnpacked": [1, 1, -1], "fMessage": [implicit(), {}]});
    for (name, value) in implicit().as_object().unwrap() {
        if name != "fLast" {
            lists[name] = json!([value, value]);
        }
    }
    let lists: Lists = filled(&lists);
    assert_eq!((lists.f_message.len(), lists.f_unpacked.as_slice()), (2, &[1, 1, -1][..]));
}

#[test]
fn maps_with_every_kind_of_key_and_value() {
    let integers = json!({"0": "zero", "7": "seven"});
    let mut json = json!({
        "byBool": {"true": "t", "false": ""}, "byString": {"": "", "\"ü\"": "v"}, "toDouble": {"k": 0.0, "l": -1.5},
        "toInt64": {"k": "-9223372036854775808"}, "toBytes": {"k": "", "l": "AA=="},
        "toEnum": {"k": "SIZE_LARGE", "l": 99}, "toMessage": {"k": {}, "l": implicit()},
        "toTimestamp": {"k": "9999-12-31T23:59:59.999999999Z"}, "toValue": {"k": null, "l": {"m": [1.5]}},
        "toMaps": {"k": {"toMaps": {"": {}}}},
    });
    for kind in [
        "Int32", "Int64", "Uint32", "Uint64", "Sint32", "Sint64", "Fixed32", "Fixed64", "Sfixed32",
        "Sfixed64",
    ] {
        json[format!("by{kind}")] = integers.clone();
    }
    // NaN is not equal to itself, so that one is looked at apart.
    let with_nan: Maps = serde_json::from_value(json!({"toDouble": {"l": "NaN"}})).unwrap();
    assert_eq!(serde_json::to_string(&with_nan).unwrap(), r#"{"toDouble":{"l":"NaN"}}"#);
    let maps: Maps = filled(&json);
    assert_eq!(maps.by_bool[&true], "t");
    assert_eq!(maps.by_sint64[&7], "seven");
    assert_eq!(maps.to_maps["k"].to_maps[""], Maps::default());
    assert!(serde_json::from_value::<Maps>(json!({"byInt32": {"2147483648": ""}})).is_err());
}

#[test]
fn every_member_of_a_oneof() {
    let members = [
        ("fDouble", json!(0.0)),
        ("fFloat", json!(0.0)),
        ("fInt32", json!(0)),
        ("fInt64", json!("0")),
        ("fUint64", json!(u64::MAX.to_string())),
        ("fBool", json!(false)),
        ("fString", json!("")),
        ("fBytes", json!("")),
        ("fEnum", json!("SIZE_UNSPECIFIED")),
        ("fMessage", json!({})),
        ("fTimestamp", json!("1970-01-01T00:00:00Z")),
        ("fNull", json!(null)),
        ("fEmpty", json!({})),
        ("fSelf", json!({"fSelf": {"right": ""}})),
        ("fWrapper", json!("")),
    ];
    for (name, value) in members {
        let message: Oneofs = round_trip(&json!({name: value, "between": "b", "left": ""}));
        assert!(message.choice.is_some(), "{name}");
        assert_eq!(message.other_choice, Some(oneofs::OtherChoice::Left(String::new())));
    }
    assert!(serde_json::from_value::<Oneofs>(json!({"left": "", "right": ""})).is_err(), "both of one");
}

#[test]
fn every_well_known_type() {
    let json = json!({
        "timestamp": "2026-01-02T03:04:05.000000006Z", "duration": "-0.500s", "fieldMask": "fooBar,baz.qux",
        "struct": {"a": [null, true, 1.5, "x", {}]}, "value": null, "listValue": [[], {}], "nullValue": null,
        "any": {"@type": "type.googleapis.com/google.protobuf.Duration", "value": "1.500s"},
        "empty": {}, "doubleValue": 0.0, "floatValue": 1.5, "int64Value": "0", "uint64Value": "1", "int32Value": 0,
        "uint32Value": 1, "boolValue": false, "stringValue": "", "bytesValue": "AA==",
        "timestamps": ["0001-01-01T00:00:00Z"], "durations": ["0s", "315576000000s"], "int64Values": ["0", "-1"],
        "values": [null, 0.0, ""], "anys": [{}], "optionalNull": null,
    });
    let mut message: WellKnown = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(message.int64_values, [0, -1]);
    assert_eq!(message.values.len(), 3);
    assert_eq!(
        message.value,
        Some(prost_types::Value { kind: Some(prost_types::value::Kind::NullValue(0)) })
    );
    assert_eq!(message.optional_null, Some(0), "null is the value that this one has");
    message.anys.clear();
    let mut json = json;
    json.as_object_mut().unwrap().remove("anys");
    // The default of a field without presence, which is not written.
    json.as_object_mut().unwrap().remove("nullValue");
    assert_eq!(round_trip::<WellKnown>(&json), message);
    for wrong in ["2026-01-02", "2026-13-01T00:00:00Z", "0000-01-01T00:00:00Z"] {
        assert!(serde_json::from_value::<WellKnown>(json!({"timestamp": wrong})).is_err(), "{wrong}");
    }
}

#[test]
fn names_are_read_in_both_spellings_and_written_in_one() {
    let json = json!({
        "snakeCaseName": "1", "@type-of-thing": "2", "second": "is first", "first": "is second", "UPPER": "5",
        "camelCase": "6", "Leading": "7", "trailing": "8", "doubleUnder": "9", "digit12x": "10", "a\"b\\c é": "11",
    });
    let names: Names = filled(&json);
    assert_eq!((names.first.as_str(), names.second.as_str()), ("is first", "is second"));
    let original = json!({"snake_case_name": "1", "renamed": "2", "_leading": "7", "double__under": "9"});
    let read: Names = serde_json::from_value(original).unwrap();
    assert_eq!((read.renamed.as_str(), read.leading.as_str(), read.double_under.as_str()), ("2", "7", "9"));
}

#[test]
fn messages_within_messages() {
    let leaf = json!({"label": "leaf"});
    let tree = json!({
        "child": {"child": leaf}, "children": [leaf, {}], "named": {"": leaf}, "right": {"tree": {"left": leaf}},
        "label": "root",
    });
    round_trip::<Tree>(&tree);
    filled::<Outer>(&json!({
        "middle": {"inner": {"kind": "KIND_PLAIN"}}, "inner": {}, "kind": 3, "otherInner": {"text": "t"},
    }));
    // Deep enough to exhaust a stack is an error, not the end of the program.
    let deep = r#"{"child":"#.repeat(100_000);
    assert!(serde_json::from_str::<Tree>(&deep).is_err());
    let unknown = serde_json::from_value::<Tree>(json!({"label": "l", "nope": 1})).unwrap_err();
    assert!(unknown.to_string().contains("nope"), "{unknown}");
}

fn double() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("NaN is not equal to itself", |double| !double.is_nan())
}

prop_compose! {
    fn any_implicit()(
        (f_double, f_float, f_bool, f_string, f_bytes, f_enum, f_last) in
            (double(), double(), any::<bool>(), any::<String>(), any::<Vec<u8>>(), any::<i32>(), any::<String>()),
        (f_int32, f_int64, f_uint32, f_uint64, f_sint32, f_sint64) in any::<(i32, i64, u32, u64, i32, i64)>(),
        (f_fixed32, f_fixed64, f_sfixed32, f_sfixed64) in any::<(u32, u64, i32, i64)>(),
    ) -> Implicit {
        #[expect(clippy::cast_possible_truncation, reason = "any float will do")]
        let f_float = f_float as f32;
        Implicit {
            f_double, f_float, f_int32, f_int64, f_uint32, f_uint64, f_sint32, f_sint64, f_fixed32, f_fixed64,
            f_sfixed32, f_sfixed64, f_bool, f_string, f_bytes, f_enum, f_last,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_message_survives_json(
        implicit in any_implicit(),
        by_int64 in any::<std::collections::BTreeMap<i64, String>>(),
        by_string in any::<std::collections::BTreeMap<String, String>>(),
    ) {
        let to_message = [("k".to_owned(), implicit)].into();
        let maps = Maps { by_int64, by_string, to_message, ..Maps::default() };
        let json = serde_json::to_string(&maps).unwrap();
        prop_assert_eq!(serde_json::from_str::<Maps>(&json).unwrap(), maps);
    }
}

/// Messages of the same fields whose `Debug` is prost's own.
mod by_prost {
    use std::collections::BTreeMap;

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Tree {
        #[prost(message, optional, boxed, tag = "1")]
        pub child: Option<Box<Tree>>,
        #[prost(message, repeated, tag = "2")]
        pub children: Vec<Tree>,
        #[prost(btree_map = "string, message", tag = "3")]
        pub named: BTreeMap<String, Tree>,
        #[prost(string, tag = "6")]
        pub label: String,
        #[prost(oneof = "Either", tags = "4, 5")]
        pub either: Option<Either>,
    }

    #[derive(Clone, PartialEq, prost::Oneof)]
    pub(super) enum Either {
        #[prost(message, tag = "4")]
        Left(Box<Tree>),
        #[prost(message, tag = "5")]
        Right(Box<Branch>),
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Branch {
        #[prost(message, optional, boxed, tag = "1")]
        pub tree: Option<Box<Tree>>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Nothing {}
}

#[test]
fn messages_print_as_prost_prints_them() {
    #[track_caller]
    fn same<M: prost::Message + Debug, N: prost::Message + Default + Debug>(message: &M) {
        let by_prost = N::decode(message.encode_to_vec().as_slice()).unwrap();
        assert_eq!(format!("{message:?}"), format!("{by_prost:?}"));
        assert_eq!(format!("{message:#?}"), format!("{by_prost:#?}"));
    }
    let tree: Tree = serde_json::from_value(json!({
        "label": "root\n",
        "child": {"label": "child", "left": {"label": "l"}},
        "children": [{"label": "a"}, {"right": {"tree": {"label": "b"}}}],
        "named": {"k": {"label": "v"}},
    }))
    .unwrap();
    same::<_, by_prost::Tree>(&tree);
    same::<_, by_prost::Tree>(&Tree::default());
    same::<_, by_prost::Nothing>(&shapes::types::v1::Nothing {});
    // Enums print as their names, in lists, in maps and in oneofs, too; numbers without a name as they are.
    let size = Size::try_from(1).unwrap();
    let name = format!("{size:?}");
    let printed = |value: &dyn Debug| format!("{value:?}");
    assert!(
        printed(&Explicit { f_enum: Some(1), ..Explicit::default() })
            .contains(&format!("f_enum: Some({name})"))
    );
    assert!(printed(&Implicit { f_enum: 4711, ..Implicit::default() }).contains("f_enum: 4711"));
    let lists: Lists = serde_json::from_value(json!({"fEnum": [1, 4711]})).unwrap();
    assert!(printed(&lists).contains(&format!("[{name}, 4711]")), "{lists:?}");
    assert_eq!(printed(&oneofs::Choice::FEnum(1)), format!("FEnum({name})"));
}

const SECRET: &str = "s3cr3t-value";

/// Neither as text nor as the numbers of its bytes.
#[track_caller]
fn hides(value: &dyn Debug) {
    let bytes = SECRET.as_bytes().iter().map(u8::to_string).collect::<Vec<_>>().join(",");
    for printed in [format!("{value:?}"), format!("{value:#?}")] {
        let printed = printed.replace([' ', '\n'], "");
        assert!(!printed.contains(SECRET) && !printed.contains(&bytes), "{printed}");
    }
}

#[test]
fn a_redacted_field_is_never_printed() {
    let restriction = key::Restriction::PairingCode(SECRET.into());
    let key =
        Key { id: "k-1".into(), name: "ci".into(), restriction: Some(restriction.clone()), ..Key::default() };
    let response = CreateKeyResponse { key: Some(key.clone()), secret: SECRET.into() };
    let request = IdentifyKeyRequest { secret: SECRET.into() };
    hides(&restriction);
    hides(&key);
    hides(&response);
    hides(&request);
    // Parents, and parents of parents.
    hides(&CreateKeyRequest { key: Some(key.clone()) });
    hides(&ListKeysResponse { items: vec![key.clone()] });
    hides(&Some(Ok::<_, ()>(vec![response.clone()])));
    // The rest is still there to see.
    let printed = format!("{response:?}");
    assert!(printed.contains("k-1") && printed.contains("ci") && printed.contains("redacted"), "{printed}");
    let open = key::Restriction::Cidr("10.0.0.0/8".into());
    assert!(format!("{open:?}").contains("10.0.0.0/8"));
}

#[test]
fn neither_is_the_request_that_it_is_in() {
    let request = IdentifyKeyRequest { secret: SECRET.into() };
    let rest = KeyService::IDENTIFY_KEY.rest_request(&request).unwrap();
    assert!(String::from_utf8(rest.body.clone().unwrap()).unwrap().contains(SECRET), "it is sent");
    hides(&rest);
    let client = lumen_cloud::Client::builder().grpc("http://127.0.0.1:1").api_key(SECRET).build().unwrap();
    hides(&client);
    hides(&client.key_service().identify_key(SECRET));
}

#[test]
fn an_error_does_not_quote_what_it_could_not_read() {
    for json in [json!({"secret": [SECRET]}), json!({"secret": {"x": SECRET}})] {
        let error = serde_json::from_value::<IdentifyKeyRequest>(json).unwrap_err();
        assert!(!error.to_string().contains(SECRET), "{error}");
    }
    let error = serde_json::from_value::<IdentifyKeyRequest>(json!({"secret": 907_199_254})).unwrap_err();
    assert!(!error.to_string().contains("907199254"), "{error}");
}
