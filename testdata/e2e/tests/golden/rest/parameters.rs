//! Path variables and query parameters of every type.

use serde_json::{Value, json};
use shapes::API;
use shapes::http::v1::parameter_service::rest;
use shapes::http::v1::{Colour, ParameterService as S};

use super::{Cases, refusal};

#[test]
fn every_method() {
    let mut cases = Cases::new(&API);
    in_the_path(&mut cases);
    wrapped_in_the_path(&mut cases);
    in_the_query(&mut cases);
    cases.finish("shapes.http.v1.ParameterService");
}

fn in_the_path(cases: &mut Cases) {
    let extremes = rest::PathIntegers {
        int32: i32::MIN,
        int64: i64::MIN,
        uint32: u32::MAX,
        uint64: u64::MAX,
        sint32: -1,
        sint64: i64::MAX,
        fixed32: 0,
        fixed64: u64::MAX,
        sfixed32: i32::MAX,
        sfixed64: -1,
    };
    cases.case(
        &S::PATH_INTEGERS,
        json!({
            "int32": i32::MIN, "int64": i64::MIN.to_string(), "uint32": u32::MAX, "uint64": u64::MAX.to_string(),
            "sint32": -1, "sint64": i64::MAX.to_string(), "fixed64": u64::MAX.to_string(), "sfixed32": i32::MAX,
            "sfixed64": "-1",
        }),
        extremes.path(),
        "GET /v1/path/integers/-2147483648/-9223372036854775808/4294967295/18446744073709551615/-1\
         /9223372036854775807/0/18446744073709551615/2147483647/-1",
    );
    // The shortest text that reads back as the same number.
    cases.case(
        &S::PATH_FLOATS,
        json!({"float": 0.1, "double": -2.5}),
        rest::PathFloats { float: 0.1, double: -2.5 }.path(),
        "GET /v1/path/floats/0.1/-2.5",
    );
    cases.case(
        &S::PATH_SCALARS,
        json!({"string": "é/+", "bytes": "+/8=", "colour": "COLOUR_RED"}),
        rest::PathScalars { string: "é/+", bool: false, bytes: &[0xfb, 0xff], colour: Colour::Red }.path(),
        "GET /v1/path/scalars/%C3%A9%2F%2B/false/-_8%3D/COLOUR_RED",
    );
    for double in [1e300, 5e-324, f64::MAX, 0.1 + 0.2] {
        let sent = cases.sent(&S::PATH_FLOATS, json!({"float": 1.0, "double": double}));
        let text = sent.rsplit('/').next().unwrap().replace("%2B", "+");
        assert_eq!(text.parse::<f64>().unwrap().to_bits(), double.to_bits(), "{sent}");
    }
    // The zero of an enum has a name; a number that has none stays a number.
    assert_eq!(
        cases.sent(&S::PATH_SCALARS, json!({"string": "s", "bool": true, "bytes": "AA=="})),
        "GET /v1/path/scalars/s/true/AA%3D%3D/COLOUR_UNSPECIFIED"
    );
    assert_eq!(
        cases.sent(&S::PATH_SCALARS, json!({"string": "s", "bytes": "AA==", "colour": -5})),
        "GET /v1/path/scalars/s/false/AA%3D%3D/-5"
    );
    cases.case(
        &S::PATH_PRESENCE,
        json!({"optionalString": "s", "optionalInt32": 0, "member": "m"}),
        rest::PathPresence { optional_string: "s", optional_int32: 0, member: "m" }.path(),
        "GET /v1/path/presence/s/0/m",
    );
    let unset = |message: Value| refusal(&S::PATH_PRESENCE, message);
    let message = unset(json!({"optionalString": "s", "member": "m"}));
    assert!(message.contains("`optional_int32` is not set"), "{message}");
    let message = unset(json!({"optionalString": "s", "optionalInt32": 1, "other": "m"}));
    assert!(message.contains("`member` is not set"), "{message}");
}

fn wrapped_in_the_path(cases: &mut Cases) {
    let wrappers = rest::PathWrappers {
        string_value: "s t",
        bytes_value: &[0xff, 0xff, 0xff],
        bool_value: false,
        int32_value: 0,
        int64_value: -9,
        uint32_value: 7,
        uint64_value: u64::MAX,
        float_value: 1.5,
        double_value: 0.0,
    };
    cases.case(
        &S::PATH_WRAPPERS,
        json!({
            "stringValue": "s t", "bytesValue": "////", "boolValue": false, "int32Value": 0, "int64Value": "-9",
            "uint32Value": 7, "uint64Value": u64::MAX.to_string(), "floatValue": 1.5, "doubleValue": 0.0,
        }),
        wrappers.path(),
        "GET /v1/path/wrappers/s%20t/____/false/0/-9/7/18446744073709551615/1.5/0",
    );
    cases.case(
        &S::PATH_TIMES,
        json!({"timestamp": "2026-01-02T03:04:05.120Z", "duration": "-1.000000001s", "fieldMask": "a,bC.d"}),
        rest::PathTimes {
            timestamp: "2026-01-02T03:04:05.120Z",
            duration: "-1.000000001s",
            field_mask: "a,b_c.d",
        }
        .path(),
        "GET /v1/path/times/2026-01-02T03%3A04%3A05.120Z/-1.000000001s/a%2Cb_c.d",
    );
}

fn in_the_query(cases: &mut Cases) {
    let path = || rest::Query.path();
    cases.case(&S::QUERY, json!({}), path(), "GET /v1/query");
    cases.case(
        &S::QUERY,
        json!({
            "int32": -1, "int64": "9007199254740993", "uint32": 1, "uint64": u64::MAX.to_string(), "sint32": -2,
            "sint64": "-3", "fixed32": 4, "fixed64": "5", "sfixed32": -6, "sfixed64": "-7", "float": 0.1,
            "double": 0.0025, "string": "a b+c&d=e;ü", "bool": true, "bytes": "+/8=", "colour": "COLOUR_RED",
        }),
        path(),
        "GET /v1/query?int32=-1&int64=9007199254740993&uint32=1&uint64=18446744073709551615&sint32=-2&sint64=-3\
         &fixed32=4&fixed64=5&sfixed32=-6&sfixed64=-7&float=0.1&double=0.0025&string=a%20b%2Bc%26d%3De%3B%C3%BC\
         &bool=true&bytes=-_8%3D&colour=COLOUR_RED",
    );
    // Presence: defaults that were set are sent.
    cases.case(
        &S::QUERY,
        json!({
            "optionalInt32": 0, "optionalBool": false, "optionalString": "", "optionalColour": "COLOUR_UNSPECIFIED",
            "stringValue": "", "int64Value": "0", "boolValue": false, "bytesValue": "", "choiceNumber": "0",
        }),
        path(),
        "GET /v1/query?optionalInt32=0&optionalBool=false&optionalString=&optionalColour=COLOUR_UNSPECIFIED\
         &stringValue=&int64Value=0&boolValue=false&bytesValue=&choiceNumber=0",
    );
    // Lists: the key again for each, in order, defaults too.
    cases.case(
        &S::QUERY,
        json!({
            "int32List": [3, 0, 3], "stringList": ["", "a,b"], "bytesList": ["", "/w=="],
            "colourList": ["COLOUR_GREEN", "COLOUR_UNSPECIFIED", 8], "doubleList": [1.5, -0.5],
        }),
        path(),
        "GET /v1/query?int32List=3&int32List=0&int32List=3&stringList=&stringList=a%2Cb&bytesList=&bytesList=_w%3D%3D\
         &colourList=COLOUR_GREEN&colourList=COLOUR_UNSPECIFIED&colourList=8&doubleList=1.5&doubleList=-0.5",
    );
    // Well-known types as their JSON string without quotes, masks in proto names; messages flattened; names as JSON has them.
    cases.case(
        &S::QUERY,
        json!({
            "timestamp": "0001-01-01T00:00:00Z", "duration": "0.000001s", "fieldMask": "fooBar,baz",
            "item": {"id": "x", "owner": {"name": "z"}, "count": 0}, "choiceOwner": {"id": "y"},
            "other-name": "r", "withTwo3UnderScores": "w",
        }),
        path(),
        "GET /v1/query?timestamp=0001-01-01T00%3A00%3A00Z&duration=0.000001s&fieldMask=foo_bar%2Cbaz&item.id=x\
         &item.owner.name=z&item.count=0&choiceOwner.id=y&other-name=r&withTwo3UnderScores=w",
    );
    cases.case(
        &S::QUERY_NESTED,
        json!({"outer": {"inner": {"id": "i", "numbers": ["0", "18446744073709551615"]}, "flag": false}}),
        rest::QueryNested { outer_inner_id: "i" }.path(),
        "GET /v1/query/nested/i?outer.inner.numbers=0&outer.inner.numbers=18446744073709551615&outer.flag=false",
    );
    cases.case(
        &S::QUERY_INEXPRESSIBLE,
        json!({"plain": "p", "node": {"label": "l"}}),
        rest::QueryInexpressible.path(),
        "GET /v1/query/inexpressible?plain=p&node.label=l",
    );
}

#[test]
fn what_a_query_cannot_say_is_refused_and_never_dropped() {
    for (field, name, value) in [
        ("labels", "labels", json!({"k": "v"})),
        ("items", "items", json!([{"id": "x"}])),
        ("jsonStruct", "json_struct", json!({})),
        ("jsonValue", "json_value", json!(1)),
        ("jsonList", "json_list", json!([])),
        ("any", "any", json!({"@type": "type.googleapis.com/google.protobuf.Empty", "value": {}})),
        ("node", "node.next", json!({"label": "l", "next": {"label": "m"}})),
    ] {
        let message = refusal(&S::QUERY_INEXPRESSIBLE, json!({"plain": "p", field: value}));
        assert!(message.contains(&format!("`{name}`")), "{field}: {message}");
    }
}
