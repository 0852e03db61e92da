//! Reading JSON.

use rust_sdk_runtime::json::{self, DecodeOptions, JsonErrorKind};
use rust_sdk_runtime::schema::HasSchema as _;

use crate::fixture::*;

fn at(path: &str, reason: JsonErrorKind) -> (String, JsonErrorKind) {
    (path.to_owned(), reason)
}

#[test]
fn both_names_of_a_field() {
    assert_eq!(read(r#"{"accountId":"a"}"#), read(r#"{"account_id":"a"}"#));
    assert_eq!(refused(r#"{"accountId":"a","account_id":"a"}"#), at("account_id", JsonErrorKind::Duplicate));
    assert_eq!(refused(r#"{"id":null,"id":"a"}"#), at("id", JsonErrorKind::Duplicate));
    assert_eq!(refused(r#"{"AccountId":"a"}"#), at("AccountId", JsonErrorKind::UnknownField));
}

#[test]
fn integers_in_every_notation() {
    for json in
        [r#"{"big":100}"#, r#"{"big":"100"}"#, r#"{"big":1e2}"#, r#"{"big":100.0}"#, r#"{"big":"1.00e2"}"#]
    {
        assert_eq!(read(json).big, 100, "{json}");
    }
    assert_eq!(read(r#"{"big":-9223372036854775808}"#).big, i64::MIN);
    assert_eq!(read(r#"{"unsigned":18446744073709551615}"#).unsigned, u64::MAX);
    assert_eq!(read(r#"{"delta":-2147483648}"#).delta, i32::MIN);
    assert_eq!(read(r#"{"ports":[-1,"2",3e0]}"#).ports, [-1, 2, 3]);
    assert_eq!(read(r#"{"offset":-5,"mark":7}"#).offset, Some(-5));
}

#[test]
fn numbers_that_do_not_fit() {
    for (field, numbers) in [
        ("delta", &["2147483648", "-2147483649", "0.5", "1e10", "\"2147483648\""][..]),
        ("mark", &["-1", "4294967296", "\"-1\""]),
        ("big", &["9223372036854775808", "-9223372036854775809", "1e19", "\"9223372036854775808\"", "1e300"]),
        ("unsigned", &["-1", "18446744073709551616", "\"18446744073709551616\""]),
        ("ratio", &["\"1e999\"", "\"-1e999\""]),
        ("weight", &["3.5e38", "-3.5e38", "\"3.5e38\""]),
        ("state", &["2147483648", "0.5"]),
    ] {
        for number in numbers {
            let json = format!(r#"{{"{field}":{number}}}"#);
            assert_eq!(refused(&json), at(field, JsonErrorKind::OutOfRange), "{json}");
        }
    }
}

#[test]
fn values_of_another_type_are_refused_without_being_repeated() {
    for (field, value) in [
        ("id", "1"),
        ("id", "true"),
        ("id", "[]"),
        ("id", r#"{"hunter2":1}"#),
        ("multiAz", r#""hunter2""#),
        ("multiAz", "1"),
        ("big", r#""hunter2""#),
        ("big", r#""""#),
        ("big", "true"),
        ("delta", "[1]"),
        ("ratio", r#""inf""#),
        ("key", r#""hunter2!""#),
        ("tags", r#""hunter2""#),
        ("labels", r#"["hunter2"]"#),
        ("clone", r#""hunter2""#),
        ("createdAt", r#""hunter2""#),
        ("createdAt", "7"),
        ("detail", r#""hunter2""#),
        ("state", "true"),
        ("extra", "[]"),
        ("list", "{}"),
    ] {
        let error = json::from_str::<Cluster>(&format!(r#"{{"{field}":{value}}}"#)).unwrap_err();
        assert!(matches!(error.kind(), JsonErrorKind::Expected(_)), "{field}: {error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        let error = serde_json::from_str::<Cluster>(&format!(r#"{{"{field}":{value}}}"#)).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
}

#[test]
fn errors_name_the_place() {
    for (json, path) in [
        (r#"{"nodes":{"7":{"parent":{"coreCount":"x"}}}}"#, "nodes[7].parent.core_count"),
        (r#"{"members":[{},{"id":1}]}"#, "members[1].id"),
        (r#"{"clone":{"foo":1}}"#, "clone.foo"),
        (r#"{"extra":{"a":[{"b":1},{"b":1,"b":2}]}}"#, "extra[a][1][b]"),
    ] {
        assert_eq!(refused(json).0, path);
    }
    let error = json::from_str::<Cluster>(r#"{"clone":{"id":1}}"#).unwrap_err();
    assert_eq!(error.to_string(), "clone.id: expected a string");
    let (path, _) = refused(&format!(r#"{{"{}":1}}"#, "x".repeat(5000)));
    assert_eq!(path.chars().count(), 65);
}

#[test]
fn null_is_absence() {
    let all =
        Cluster::schema().fields().iter().filter(|field| !["anything", "nothing"].contains(&field.name));
    for field in all {
        assert_eq!(
            read(&format!(r#"{{"{}":null}}"#, field.json_name())),
            Cluster::default(),
            "{}",
            field.name
        );
    }
    assert_eq!(refused(r#"{"tags":["a",null]}"#), at("tags[1]", JsonErrorKind::Null));
    assert_eq!(refused(r#"{"labels":{"a":null}}"#), at("labels[a]", JsonErrorKind::Null));
    assert!(matches!(refused("null").1, JsonErrorKind::Expected(_)));
}

#[test]
fn null_is_a_value_where_the_type_says_so() {
    let null = prost_types::Value { kind: Some(prost_types::value::Kind::NullValue(0)) };
    assert_eq!(read(r#"{"anything":null}"#).anything, Some(null));
    assert_eq!(read(r#"{"nothing":null}"#).source, Some(Source::Nothing(0)));
    assert_eq!(read(r#"{"nothing":"NULL_VALUE"}"#).source, Some(Source::Nothing(0)));
}

#[test]
fn a_oneof_has_one_member() {
    assert_eq!(refused(r#"{"backupId":"b","clone":{}}"#), at("clone", JsonErrorKind::OneofConflict));
    assert_eq!(read(r#"{"clone":null,"backupId":""}"#).source, Some(Source::BackupId(String::new())));
}

#[test]
fn map_keys_are_unique_and_of_their_type() {
    assert_eq!(refused(r#"{"labels":{"a":"1","a":"2"}}"#), at("labels[a]", JsonErrorKind::Duplicate));
    // In any order of the keys.
    let unsorted = r#"{"labels":{"b":"1","c":"2","a":"3","d":"4","c":"5"}}"#;
    assert_eq!(refused(unsorted), at("labels[c]", JsonErrorKind::Duplicate));
    assert_eq!(read(r#"{"labels":{"b":"1","a":"2","c":"3"}}"#).labels.len(), 3);
    assert_eq!(refused(r#"{"nodes":{"1":{},"1.0":{}}}"#), at("nodes[1]", JsonErrorKind::Duplicate));
    assert_eq!(read(r#"{"flags":{"true":"1","false":2}}"#).flags, [(true, 1), (false, 2)].into());
    for json in
        [r#"{"flags":{"True":1}}"#, r#"{"flags":{"1":1}}"#, r#"{"nodes":{"x":{}}}"#, r#"{"nodes":{" 1":{}}}"#]
    {
        assert!(matches!(refused(json).1, JsonErrorKind::Expected(_)), "{json}");
    }
    assert_eq!(refused(r#"{"nodes":{"2147483648":{}}}"#).1, JsonErrorKind::OutOfRange);
}

#[test]
fn enums_by_name_alias_or_number() {
    assert_eq!(read(r#"{"states":["ALIVE","RUNNING",1,1.0,77,"BROKEN"]}"#).states, [1, 1, 1, 1, 77, -1]);
    let unknown = JsonErrorKind::UnknownEnumValue("test.State");
    assert_eq!(refused(r#"{"state":"running"}"#), at("state", unknown));
}

#[test]
fn unknown_things_are_ignored_only_where_asked_for() {
    assert_eq!(
        lenient(r#"{"new":{"a":[1,"x"]},"id":"c","state":"NEW","states":["NEW","RUNNING"]}"#).unwrap(),
        Cluster { id: "c".into(), states: vec![1], ..Cluster::default() }
    );
    assert!(lenient(r#"{"state":true}"#).is_err());
    assert!(lenient(r#"{"new":}"#).is_err());
}

#[test]
fn required_fields() {
    let error = json::from_str::<Legacy>(r#"{"part":{}}"#).unwrap_err();
    assert_eq!((error.path(), error.kind()), ("number", &JsonErrorKind::MissingRequired));
    assert!(json::from_str::<Legacy>(r#"{"number":null}"#).is_err());
    assert_eq!(json::from_str::<Legacy>(r#"{"number":0,"part":null}"#).unwrap(), Legacy::default());
}

#[test]
fn text_that_is_no_json() {
    for json in [
        "",
        "{",
        "{}}",
        "{}x",
        r#"{"id":"a",}"#,
        "{id:1}",
        "{'id':'a'}",
        r#"{"id":"\ud83d"}"#,
        r#"{"id":"\udc00\ud800"}"#,
        r#"{"big":01}"#,
        r#"{"big":+1}"#,
        r#"{"ratio":NaN}"#,
        r#"{"ratio":1.}"#,
        "{\"id\":\"\n\"}",
        r#"{"id" "a"}"#,
    ] {
        assert!(matches!(refused(json).1, JsonErrorKind::Syntax(_)), "{json}");
    }
    let error =
        json::to_wire(Cluster::schema(), b"{\"id\":\"\xff\"}", &DecodeOptions::default()).unwrap_err();
    assert!(matches!(error.kind(), JsonErrorKind::Syntax(_)));
}

#[test]
fn nesting_has_a_limit() {
    let nest =
        |levels: usize| format!("{}{}", "{\"parent\":".repeat(levels - 1), "{}") + &"}".repeat(levels - 1);
    assert!(json::from_str::<Node>(&nest(100)).is_ok());
    assert_eq!(*json::from_str::<Node>(&nest(102)).unwrap_err().kind(), JsonErrorKind::TooDeep);
    let list = format!(r#"{{"list":{}{}}}"#, "[".repeat(60), "]".repeat(60));
    assert_eq!(refused(&list).1, JsonErrorKind::TooDeep);
}
