//! Every kind of request body.

use serde_json::{Value, json};
use shapes::API;
use shapes::google::api::HttpBody;
use shapes::http::v1::body_service::rest;
use shapes::http::v1::{BodyService as S, UploadNamedRequest};

use super::Cases;

#[test]
fn every_method() {
    let mut cases = Cases::new(&API);
    none(&mut cases);
    all(&mut cases);
    fields(&mut cases);
    raw(&mut cases);
    cases.finish("shapes.http.v1.BodyService");
}

fn none(cases: &mut Cases) {
    cases.case(
        &S::POST_NOTHING,
        json!({"id": "i", "text": "a b", "number": 0}),
        rest::PostNothing { id: "i" }.path(),
        "POST /v1/bodies/i/nothing?text=a%20b&number=0",
    );
    cases.case(
        &S::PUT_NOTHING,
        json!({"id": "i", "item": {"id": "x", "owner": {"id": "y", "name": "z"}, "count": 0}}),
        rest::PutNothing { id: "i" }.path(),
        "PUT /v1/bodies/i/nothing?item.id=x&item.owner.id=y&item.owner.name=z&item.count=0",
    );
}

fn all(cases: &mut Cases) {
    cases.case(
        &S::POST_REST,
        json!({"id": "i"}),
        rest::PostRest { id: "i" }.path(),
        "POST /v1/bodies/i/rest {}",
    );
    cases.case(
        &S::POST_DEEP,
        json!({"item": {"id": "x", "owner": {"id": "y", "name": "z"}, "count": 2}}),
        rest::PostDeep { item_id: "x", item_owner_id: "y" }.path(),
        r#"POST /v1/bodies/x/y/deep {"item":{"owner":{"name":"z"},"count":2}}"#,
    );
}

/// One field as the body; the others, `text` among them, go to the query.
fn fields(cases: &mut Cases) {
    let path = |last: &str| format!("PUT /v1/bodies/i/{last}?text=t ");
    let message = |field: &str, value: Value| json!({"id": "i", "text": "t", field: value});
    cases.case(
        &S::PUT_MESSAGE,
        json!({"id": "i", "item": {"id": "x", "count": 0}}),
        rest::PutMessage { item_id: "x" }.path(),
        // The variable is inside of the body, and stays there.
        r#"PUT /v1/bodies/x/message?id=i {"id":"x","count":0}"#,
    );
    cases.case(
        &S::PUT_TEXT,
        json!({"id": "i", "text": "a\"é", "secondChoice": ""}),
        rest::PutText { id: "i" }.path(),
        r#"PUT /v1/bodies/i/text?secondChoice= "a\"é""#,
    );
    cases.case(
        &S::PUT_NUMBER,
        message("number", json!("-9223372036854775808")),
        rest::PutNumber { id: "i" }.path(),
        &(path("number") + r#""-9223372036854775808""#),
    );
    cases.case(
        &S::PUT_COLOUR,
        message("colour", json!("COLOUR_GREEN")),
        rest::PutColour { id: "i" }.path(),
        &(path("colour") + r#""COLOUR_GREEN""#),
    );
    // Base64 of the standard alphabet, with padding.
    cases.case(
        &S::PUT_DATA,
        message("data", json!("+/8=")),
        rest::PutData { id: "i" }.path(),
        &(path("data") + r#""+/8=""#),
    );
    cases.case(
        &S::PUT_ITEMS,
        message("items", json!([{"id": "x"}, {}])),
        rest::PutItems { id: "i" }.path(),
        &(path("items") + r#"[{"id":"x"},{}]"#),
    );
    cases.case(
        &S::PUT_TAGS,
        message("tags", json!([])),
        rest::PutTags { id: "i" }.path(),
        &(path("tags") + "[]"),
    );
    cases.case(
        &S::PUT_LABELS,
        message("labels", json!({"b": 0, "a": 1})),
        rest::PutLabels { id: "i" }.path(),
        &(path("labels") + r#"{"a":1,"b":0}"#),
    );
    for value in [json!(null), json!({"a": [1.5, "x", true, null]})] {
        cases.case(
            &S::PUT_JSON,
            message("json", value.clone()),
            rest::PutJson { id: "i" }.path(),
            &(path("json") + &value.to_string()),
        );
    }
    cases.case(
        &S::PUT_WRAPPED,
        message("wrapped", json!("")),
        rest::PutWrapped { id: "i" }.path(),
        &(path("wrapped") + r#""""#),
    );
    cases.case(
        &S::PUT_TIME,
        message("time", json!("2026-01-02T03:04:05Z")),
        rest::PutTime { id: "i" }.path(),
        &(path("time") + r#""2026-01-02T03:04:05Z""#),
    );
    cases.case(
        &S::PUT_CHOICE,
        message("firstChoice", json!({"id": "x"})),
        rest::PutChoice { id: "i" }.path(),
        &(path("choice") + r#"{"id":"x"}"#),
    );
    // A body field that is absent, as presence goes, is no body at all; the default of one without presence is one.
    assert_eq!(cases.sent(&S::PUT_CHOICE, json!({"id": "i", "text": "t"})), path("choice").trim_end());
    assert_eq!(cases.sent(&S::PUT_NUMBER, json!({"id": "i", "text": "t"})), path("number") + r#""0""#);
    for (rpc, last) in [
        (&S::GET_MESSAGE, "message"),
        (&S::GET_TEXT, "text"),
        (&S::GET_ITEMS, "items"),
        (&S::GET_LABELS, "labels"),
    ] {
        assert_eq!(cases.sent(rpc, json!({"id": "i"})), format!("GET /v1/bodies/i/{last}"));
    }
    assert_eq!(rest::GetMessage { id: "i" }.path().unwrap(), "/v1/bodies/i/message");
    assert_eq!(rest::GetText { id: "i" }.path().unwrap(), "/v1/bodies/i/text");
    assert_eq!(rest::GetItems { id: "i" }.path().unwrap(), "/v1/bodies/i/items");
    assert_eq!(rest::GetLabels { id: "i" }.path().unwrap(), "/v1/bodies/i/labels");
}

/// `google.api.HttpBody` is its own bytes with its own content type.
fn raw(cases: &mut Cases) {
    let content =
        HttpBody { content_type: "image/png".into(), data: vec![0, 0xff, b'"'], extensions: vec![] };
    let whole = S::UPLOAD_RAW.rest_request(&content).unwrap();
    assert_eq!((whole.verb, whole.path_and_query.as_str()), ("POST", "/v1/raw"));
    assert_eq!(whole.body.as_deref(), Some(&[0, 0xff, b'"'][..]));
    assert_eq!(whole.content_type.as_deref(), Some("image/png"));
    assert_eq!(rest::UploadRaw.path().unwrap(), "/v1/raw");

    let named = UploadNamedRequest { name: "n".into(), content: Some(content), overwrite: true };
    let sent = S::UPLOAD_NAMED.rest_request(&named).unwrap();
    assert_eq!((sent.verb, sent.path_and_query.as_str()), ("POST", "/v1/raw/n?overwrite=true"));
    assert_eq!(sent.body.as_deref(), Some(&[0, 0xff, b'"'][..]));
    assert_eq!(sent.content_type.as_deref(), Some("image/png"));
    assert_eq!(rest::UploadNamed { name: "n" }.path().unwrap(), "/v1/raw/n");
    cases.seen.extend([S::UPLOAD_RAW.path(), S::UPLOAD_NAMED.path()]);

    cases.case(&S::DOWNLOAD_RAW, json!({"id": "i"}), rest::DownloadRaw { id: "i" }.path(), "GET /v1/raw/i");
    cases.case(
        &S::DOWNLOAD_NAMED,
        json!({"id": "i"}),
        rest::DownloadNamed { id: "i" }.path(),
        "GET /v1/raw/i/named",
    );
}

#[test]
fn the_content_type_of_json_is_told() {
    let message = serde_json::from_value(json!({"id": "i"})).unwrap();
    let sent = S::POST_REST.rest_request(&message).unwrap();
    assert_eq!(sent.content_type.as_deref(), Some("application/json"));
}
