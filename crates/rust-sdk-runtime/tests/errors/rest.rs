//! Errors from REST responses, in every shape that servers write.

use http::{HeaderMap, HeaderName, StatusCode};
use proptest::prelude::*;
use prost::Message;
use prost_types::Struct;
use rust_sdk_runtime::transcode::status::{of_response, of_stream_error};
use rust_sdk_runtime::{Code, Error, ErrorKind, json, rpc};
use serde_json::{Value, json};

use crate::{assert_typed, status};

const JSON: (&str, &str) = ("content-type", "application/json");

fn headers(entries: &[(&'static str, &str)]) -> HeaderMap {
    let entries = entries.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
    entries.collect()
}

fn respond(status: u16, entries: &[(&'static str, &str)], body: impl AsRef<[u8]>) -> Error {
    let error = of_response(StatusCode::from_u16(status).unwrap(), &headers(entries), body.as_ref());
    assert_eq!(error.kind(), ErrorKind::Status);
    error
}

/// The details of [`status`], as JSON.
fn details() -> Value {
    let status: Value = serde_json::from_str(&json::to_string(&status()).unwrap()).unwrap();
    status["details"].clone()
}

#[test]
fn every_shape_gives_the_same_details() {
    let (message, details) = (status().message, details());
    let bodies = [
        json!({"code": 8, "message": message, "details": details}),
        json!({"error": {"code": 429, "message": message, "status": "RESOURCE_EXHAUSTED", "details": details}}),
        json!([{"error": {"code": 429, "message": message, "status": "RESOURCE_EXHAUSTED", "details": details}}]),
        json!({"error": message, "message": message, "code": 8, "details": details}),
        json!({"error": {
            "grpc_code": 8, "http_code": 429, "message": message, "http_status": "Too Many Requests", "details": details
        }}),
        json!({"error": {"code": 8, "message": message, "details": details}}),
        json!({"code": "resource_exhausted", "message": message, "details": details}),
        json!({"code": "8", "message": message, "details": details}),
        json!({"code": 429, "message": message, "details": details}),
    ];
    for body in bodies {
        let body = body.to_string();
        // Neither the HTTP status nor the content type is needed.
        for (status, content_type) in [(429, JSON), (500, ("content-type", "text/html"))] {
            assert_typed(&respond(status, &[content_type], &body));
        }
        assert_typed(&of_stream_error(body.as_bytes()));
    }
}

#[test]
fn the_headers_of_grpc_say_the_same() {
    const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in status().encode_to_vec().chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        (0..=chunk.len()).for_each(|i| text.push(BASE64[(bits >> (18 - 6 * i) & 63) as usize].into()));
    }
    let entries =
        [("grpc-status", "8"), ("grpc-message", "too many%20shelves"), ("grpc-status-details-bin", &text)];
    assert_typed(&respond(500, &entries, ""));
    assert_typed(&respond(500, &entries, r#"{"code": 3, "message": "another"}"#));

    let body = json!({"message": status().message, "details": details()}).to_string();
    assert_typed(&respond(500, &[("grpc-status", "8")], &body));
    let error = respond(404, &[("grpc-status", "0"), ("grpc-message", "")], "");
    assert_eq!(error.to_string(), "NOT_FOUND: the server answered HTTP 404 Not Found");
}

#[test]
fn a_code_is_told_from_an_http_status_and_read_by_name() {
    for (status, body, code) in [
        (500, json!({"code": 5}), Code::NotFound),
        (500, json!({"code": 404}), Code::NotFound),
        (500, json!({"code": "NOT_FOUND"}), Code::NotFound),
        (500, json!({"code": "NotFound"}), Code::NotFound),
        (500, json!({"code": "404"}), Code::NotFound),
        (500, json!({"code": "canceled"}), Code::Cancelled),
        (409, json!({"error": {"code": 409, "status": "ALREADY_EXISTS"}}), Code::AlreadyExists),
        (400, json!({"error": {"code": 400, "status": "FAILED_PRECONDITION"}}), Code::FailedPrecondition),
        (500, json!({"error": {"code": 403}}), Code::PermissionDenied),
        (500, json!({"error": {"http_code": 404}}), Code::NotFound),
        (500, json!({"status": 403, "title": "Forbidden"}), Code::PermissionDenied),
        (401, json!({"status": "error", "code": "AUTH-7"}), Code::Unauthenticated),
        (404, json!({"code": 0}), Code::NotFound),
        (404, json!({"code": 200}), Code::NotFound),
        (404, json!({"code": 17}), Code::NotFound),
        (404, json!({"code": -1}), Code::NotFound),
        (404, json!({"code": 1.5e300}), Code::NotFound),
        (404, json!({"code": null, "error": null}), Code::NotFound),
        (404, json!({"code": ["NOT_FOUND".repeat(9)]}), Code::NotFound),
    ] {
        assert_eq!(respond(status, &[JSON], body.to_string()).code(), Some(code), "{status} {body}");
    }
    assert_eq!(of_stream_error(b"{}").code(), Some(Code::Unknown));
}

#[test]
fn where_nothing_states_a_code_the_http_status_does() {
    for (status, number) in [
        (302, 2),
        (400, 3),
        (401, 16),
        (402, 9),
        (403, 7),
        (404, 5),
        (408, 4),
        (409, 10),
        (412, 9),
        (413, 8),
        (416, 11),
        (429, 8),
        (498, 9),
        (499, 1),
        (500, 13),
        (501, 12),
        (502, 14),
        (503, 14),
        (504, 4),
        (599, 13),
        (999, 2),
    ] {
        assert_eq!(respond(status, &[], "").code(), Some(Code::from_number(number)), "{status}");
    }
}

#[test]
fn the_message_is_found_or_made() {
    let http = "the server answered HTTP 502 Bad Gateway";
    let text = ("content-type", "Text/Plain; charset=utf-8");
    let html = ("content-type", "text/html");
    for (content_type, body, message) in [
        (JSON, r#"{"message": "m", "error": "e"}"#, "m"),
        (JSON, r#"{"message": "", "error": "e"}"#, "e"),
        (JSON, r#"{"error": "invalid_grant", "error_description": "expired"}"#, "expired"),
        (JSON, r#"{"title": "t", "detail": "d"}"#, "d"),
        (JSON, r#""as a string""#, "as a string"),
        (JSON, r#"{"message": 5}"#, http),
        (JSON, "[]", http),
        (JSON, "null", http),
        (JSON, r#"{"message": "cut of"#, http),
        (text, r#"{"message": "cut of"#, http),
        (text, "", http),
        (text, "404 page\n\tnot found\n", "404 page not found"),
        (text, "<html>", http),
        (html, "<html><title>nginx</title>", http),
        (html, "plain after all", http),
        (("content-type", "application/octet-stream"), "plain after all", http),
        (("x-none", ""), "upstream down", "upstream down"),
    ] {
        assert_eq!(respond(502, &[content_type], body).message(), message, "{content_type:?} {body}");
    }
    let error = respond(502, &[text], b"down\x1b[31m\xff");
    assert_eq!(error.to_string(), "UNAVAILABLE: down\\u{1b}[31m");
    assert_eq!(respond(502, &[text], b"\xff\xfe").message(), http);
    assert_eq!(of_stream_error(b"{").message(), "the server ended the stream with an error");
}

#[test]
fn what_is_huge_is_cut() {
    let error = respond(500, &[], "é ".repeat(1_000_000));
    assert!((100..=210).contains(&error.message().len()) && error.message().ends_with('…'), "{error}");
    let body = json!({"code": 5, "message": "é".repeat(1_000_000)}).to_string();
    for error in [respond(500, &[JSON], &body), of_stream_error(body.as_bytes())] {
        assert!(error.message().len() < 10_000 && error.is_not_found());
    }
    for (open, close) in [("[", "]"), (r#"{"error":"#, "}"), (r#"{"details":["#, "]}")] {
        let body = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        assert!(respond(404, &[JSON], body).is_not_found());
    }
}

#[test]
fn a_detail_of_an_unknown_type_is_kept_and_read_when_asked_for() {
    #[derive(Clone, Default)]
    struct Own {
        name: String,
        size: i64,
    }
    rust_sdk_runtime::messages! {
        pub const MESSAGES;

        Own = "test.v1.Own" {
            1 singular string name,
            2 singular int64 size,
        }
    }

    let own = Own { name: "n".to_owned(), size: 7 };
    let detail = json!({"@type": "types.example/test.v1.Own", "size": "7", "name": "n", "newer": [1]});
    let body = json!({"code": 5, "details": [{"free": "form"}, "text", null, 1, detail]}).to_string();
    let error = respond(500, &[JSON], body);
    assert_eq!(error.detail::<Own>(), Some(own));
    assert_eq!(error.status_details().count(), 4);
    let first: Struct = error.detail().unwrap();
    assert_eq!(first.fields["free"], "form".into());
    assert_eq!(error.error_info(), None);
}

#[test]
fn a_detail_is_read_however_its_type_is_written() {
    let details = json!([
        {"@type": "google.rpc.RequestInfo", "requestId": "a", "added_later": 1},
        {"@type": "type.googleapis.com/google.rpc.ResourceInfo", "resource_name": "b"},
        {"type": "google.rpc.RetryInfo", "value": "CgIIBw", "debug": {}},
        {"type_url": "type.googleapis.com/google.rpc.DebugInfo", "value": "EgFk"},
        // A type that has no such content.
        {"@type": "type.googleapis.com/google.protobuf.Duration", "value": 7},
        {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{"field": "c"}]},
    ]);
    let error = respond(500, &[JSON], json!({"code": 9, "details": details}).to_string());
    assert_eq!(error.trace_id(), Some("a"));
    assert_eq!(error.resource_info().unwrap().resource_name, "b");
    assert_eq!(error.retry_delay(), Some(std::time::Duration::from_secs(7)));
    assert_eq!(error.debug_info().unwrap().detail, "d");
    assert_eq!(error.error_info(), None);
    assert_eq!(error.field_violations()[0].field, "c");
    let wire = rpc::Status::decode(error.details()).unwrap();
    assert_eq!((wire.code, wire.details.len()), (9, 6));

    // One that stands alone, and one that is no list at all.
    let alone = json!({"code": 9, "details": {"@type": "google.rpc.RequestInfo", "requestId": "a"}});
    assert_eq!(respond(500, &[JSON], alone.to_string()).trace_id(), Some("a"));
    assert_eq!(respond(500, &[JSON], r#"{"code": 9, "details": "none"}"#).details(), b"");
}

#[test]
fn what_does_not_fit_a_detail_is_left_out_of_it() {
    let details = json!([
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "R",
            "domain": 7,
            "metadata": {"a": "text", "b": 3, "c": null, "d": "text"},
        },
        {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [
            {"field": "a", "localizedMessage": "not an object"},
            {"field": ["b"], "description": "d"},
            "c",
            {"field": "d", "localizedMessage": {"locale": "en", "message": 1}},
        ]},
        {"@type": "type.googleapis.com/google.rpc.Help", "links": {"url": "no list"}},
    ]);
    let error = respond(500, &[JSON], json!({"code": 9, "details": details}).to_string());
    let info = error.error_info().unwrap();
    assert_eq!((&*info.reason, &*info.domain), ("R", ""));
    assert_eq!(info.metadata, crate::labels(&[("a", "text"), ("d", "text")]));
    let violations = error.field_violations();
    let fields: Vec<_> = violations.iter().map(|field| (&*field.field, &*field.description)).collect();
    assert_eq!(fields, [("a", ""), ("", "d"), ("d", "")]);
    assert_eq!(violations[0].localized_message, None);
    assert_eq!(violations[2].localized_message.as_ref().unwrap().locale, "en");
    assert_eq!(error.help_links(), []);
    assert_eq!(error.status_details().count(), 3);
}

#[test]
fn headers_are_kept_and_retry_after_is_a_delay() {
    let error = respond(503, &[("retry-after", "3"), ("x-request-id", "r-1")], "");
    assert_eq!(error.retry_delay(), Some(std::time::Duration::from_secs(3)));
    assert_eq!(error.metadata("x-request-id"), Some("r-1"));
    let body = json!({"code": 14, "details": details()}).to_string();
    let error = respond(503, &[("retry-after", "3"), JSON], body);
    assert_eq!(error.retry_delay(), Some(std::time::Duration::from_millis(1500)));
}

/// JSON with the keys that matter, and values that mostly do not fit.
fn nearly_an_error() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        (-1..600).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,9}".prop_map(Value::from),
        prop::sample::select(vec!["NOT_FOUND", "google.rpc.BadRequest", "x/google.rpc.Status", "AAAA", "1s"])
            .prop_map(Value::from),
    ];
    let keys = vec![
        "error",
        "code",
        "status",
        "message",
        "details",
        "@type",
        "value",
        "fieldViolations",
        "retryDelay",
    ];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        let object = prop::collection::btree_map(prop::sample::select(keys.clone()), inner.clone(), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::from),
            object.prop_map(|object| object
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect::<serde_json::Map<_, _>>()
                .into()),
        ]
    })
}

/// An error is made of anything, and everything of it can be read.
fn check(status: u16, body: &[u8]) {
    for error in [respond(status, &[JSON], body), respond(status, &[], body), of_stream_error(body)] {
        crate::details::read_all(&error);
        assert!(error.code().is_some_and(|code| code != Code::Ok) && !error.message().is_empty());
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_make_an_error(status in 100..1000_u16, body in prop::collection::vec(any::<u8>(), 0..200)) {
        check(status, &body);
    }

    #[test]
    fn nearly_right_json_makes_an_error(status in 100..1000_u16, body in nearly_an_error(), end: prop::sample::Index) {
        let body = body.to_string();
        check(status, body.as_bytes());
        check(status, &body.as_bytes()[..end.index(body.len())]);
    }
}

#[test]
fn violations_of_protovalidate_are_field_violations() {
    let body = r#"{"code":3,"message":"invalid","details":[{"@type":"type.googleapis.com/buf.validate.Violations",
        "violations":[{"field":{"elements":[{"fieldNumber":2,"fieldName":"name","fieldType":"TYPE_STRING"}]},
            "ruleId":"string.min_len","message":"too short"}]}]}"#;
    let violations = respond(400, &[], body).field_violations();
    assert_eq!(violations.len(), 1);
    assert_eq!((violations[0].field.as_str(), violations[0].reason.as_str()), ("name", "string.min_len"));
}

/// A server whose errors have a form of their own: its status and body are there.
#[test]
fn the_http_response_is_kept() {
    let body = r#"{"errors":[{"msg":"name is taken"}]}"#;
    let error = respond(422, &[], body);
    let http = error.http().unwrap();
    assert_eq!((http.status().as_u16(), http.body()), (422, body.as_bytes()));
    assert!(!format!("{error} {error:?}").contains("taken"));
    assert_eq!(respond(500, &[], "x".repeat(100_000).as_str()).http().unwrap().body().len(), 16 * 1024);
}

#[test]
fn what_a_gateway_prefixes_is_found() {
    let error = respond(503, &[("grpc-metadata-retry-after", "7")], "{}");
    assert_eq!(error.retry_delay(), Some(std::time::Duration::from_secs(7)));
}
