//! Streams, either way.

use std::time::Duration;

use rust_sdk_runtime::gateway::Framing;
use serde_json::json;

use crate::server::{Streams, streams};
use crate::{get, next, open, request, send};

const WATCH: &str = "/streaming/v1/topics/w:watch?limit=2";

#[tokio::test]
async fn a_line_for_each_response() {
    let gateway = streams();
    let answer = get(&gateway, WATCH).await;
    let expected = "{\"result\":{\"text\":\"w\"}}\n{\"result\":{\"sequence\":\"1\",\"text\":\"w\"}}\n";
    assert_eq!((answer.status.as_u16(), answer.text()), (200, expected));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("x-topic"), Some("weather"));
    assert_eq!(get(&gateway, "/streaming/v1/topics/w:watch?limit=0").await.text(), "");
    let search = request("POST /streaming/v1/search", &[], r#"{"words":["a",""]}"#);
    assert_eq!(send(&gateway, search).await.text(), "{\"result\":{\"text\":\"a\"}}\n{\"result\":{}}\n");
    let ticks = get(&gateway, "/streaming/v1/tick").await;
    assert_eq!(ticks.text(), "{\"result\":{}}\n{\"result\":{\"sequence\":\"1\"}}\n");
}

#[tokio::test]
async fn an_array_of_the_responses() {
    let gateway = streams().framing(Framing::Array);
    let expected = json!([{"text": "w"}, {"sequence": "1", "text": "w"}]);
    assert_eq!(get(&gateway, WATCH).await.json(), expected);
    assert_eq!(get(&gateway, "/streaming/v1/topics/w:watch?limit=0").await.json(), json!([]));
}

#[tokio::test]
async fn an_error_before_the_first_response_and_one_after() {
    for framing in [Framing::Lines, Framing::Array] {
        let gateway = streams().framing(framing);
        let refused = send(&gateway, request("POST /streaming/v1/search", &[], "")).await;
        assert_eq!(refused.status, 400);
        assert_eq!(refused.json(), json!({"code": 3, "message": "no words", "details": []}));

        let tail = get(&gateway, "/streaming/v1/topics/t:tail").await;
        let error = r#"{"error":{"code":15,"message":"the rest is lost","details":[]}}"#;
        let expected = match framing {
            Framing::Array => format!(r#"["a","b",{error}]"#),
            _ => format!("{{\"result\":\"a\"}}\n{{\"result\":\"b\"}}\n{error}\n"),
        };
        assert_eq!((tail.status.as_u16(), tail.text()), (200, &*expected));
        assert_eq!(tail.trailers.get("x-offset").unwrap(), "3");
    }
}

#[tokio::test]
async fn raw_bytes_are_neither_framed_nor_ended_where_they_break_off() {
    let gateway = streams();
    let whole = get(&gateway, "/streaming/v1/topics/t:download").await;
    assert_eq!((whole.header("content-type"), whole.text()), (Some("text/csv"), "a,b\n"));
    let nothing = get(&gateway, "/streaming/v1/topics/nothing:download").await;
    assert_eq!((nothing.status.as_u16(), nothing.text()), (200, ""));
    let denied = get(&gateway, "/streaming/v1/topics/denied:download").await;
    assert_eq!((denied.status.as_u16(), denied.json()["code"].as_i64()), (403, Some(7)));
    let broken = request("GET /streaming/v1/topics/broken:download", &[], "");
    let mut body = open(&gateway, broken).await.into_body();
    assert_eq!(next(&mut body).await.unwrap().unwrap().into_data().unwrap(), "a,");
    assert_eq!(next(&mut body).await.unwrap().unwrap().into_data().unwrap(), "b\n");
    assert!(next(&mut body).await.unwrap().is_err());
    assert!(next(&mut body).await.is_none());
}

#[tokio::test]
async fn responses_come_as_they_are_made_and_dropping_the_body_ends_the_call() {
    let service = Streams::default();
    let endless = request("GET /streaming/v1/topics/endless:watch", &[], "");
    let mut body = open(&service.gateway(), endless).await.into_body();
    for sequence in 0..3 {
        let item = tokio::time::timeout(Duration::from_secs(30), next(&mut body)).await.unwrap();
        let item = String::from_utf8(item.unwrap().unwrap().into_data().unwrap().to_vec()).unwrap();
        assert!(sequence == 0 || item.contains(&format!(r#""sequence":"{sequence}""#)), "{item}");
    }
    assert!(service.0.lock().unwrap().is_empty());
    drop(body);
    assert_eq!(service.0.lock().unwrap().get("endless"), Some(&true));
}

#[tokio::test]
async fn requests_in_a_stream() {
    let gateway = streams();
    for (body, parts) in [
        (r#"[{"part":"AAAA"},{"part":"AA=="}]"#, json!({"parts": "4"})),
        ("{\"part\":\"AAAA\"}\n{\"part\":\"AA==\"}\n", json!({"parts": "4"})),
        ("[]", json!({})),
        ("", json!({})),
    ] {
        let answer = send(&gateway, request("POST /streaming/v1/upload", &[], body)).await;
        assert_eq!(answer.json(), parts, "{body}");
    }
    let wrong =
        send(&gateway, request("POST /streaming/v1/upload", &[], r#"[{"part":"AAAA"},{"part":1}]"#)).await;
    assert_eq!(
        (wrong.status.as_u16(), &wrong.json()["message"]),
        (400, &json!("body: [1].part: expected a base64 string"))
    );
}
