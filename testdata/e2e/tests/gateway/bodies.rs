//! Bodies that are not the whole message: one field, or raw bytes.

use serde_json::json;

use crate::server::bodies;
use crate::{get, request, send};

#[tokio::test]
async fn a_response_that_is_one_field() {
    let gateway = bodies();
    let item = json!({"id": "x", "owner": {"id": "o"}, "count": 0});
    assert_eq!(get(&gateway, "/v1/bodies/x/message").await.json(), item);
    assert_eq!(get(&gateway, "/v1/bodies/x/text").await.json(), json!("x"));
    assert_eq!(get(&gateway, "/v1/bodies/x/items").await.json(), json!([item]));
    assert_eq!(get(&gateway, "/v1/bodies/x/labels").await.json(), json!({"a": 1}));
}

#[tokio::test]
async fn raw_bytes_with_their_content_type() {
    let gateway = bodies();
    let raw = send(&gateway, request("POST /v1/raw", &[("content-type", "text/csv")], "a,b")).await;
    assert_eq!(raw.json(), json!({"text": "text/csv: a,b"}));
    let named = send(&gateway, request("POST /v1/raw/n?overwrite=true", &[], vec![0, 0xff])).await;
    assert_eq!(named.json(), json!({"text": "n: true 2"}));

    let raw = get(&gateway, "/v1/raw/image%2Fpng").await;
    assert_eq!((raw.header("content-type"), &raw.body[..]), (Some("image/png"), &[0, 0xff][..]));
    // What is no header value is left out.
    let raw = get(&gateway, "/v1/raw/%0A").await;
    assert_eq!((raw.status.as_u16(), raw.header("content-type")), (200, None));
    let named = get(&gateway, "/v1/raw/x/named").await;
    assert_eq!((named.header("content-type"), named.text()), (Some("text/csv"), "a,b"));
}

#[tokio::test]
async fn body_path_and_query_cannot_set_the_same_oneof() {
    let gateway = bodies();
    let choice = |query: &str, body: &'static str| {
        request(&format!("PUT /v1/bodies/x/choice{query}"), &[("content-type", "application/json")], body)
    };
    // The server does not implement the method.
    for (query, body) in [("", "{}"), ("?secondChoice=a", ""), ("?text=a", "{}")] {
        assert_eq!(send(&gateway, choice(query, body)).await.status, 501, "{query} {body}");
    }
    let both = send(&gateway, choice("?secondChoice=a", "{}")).await;
    let message = "query: `secondChoice`: another field of the same oneof is set as well";
    assert_eq!((both.status.as_u16(), &both.json()["message"]), (400, &json!(message)));

    let path = "/v1/path/presence/a/1/b";
    assert_eq!(get(&gateway, &format!("{path}?member=a")).await.status, 501);
    let both = get(&gateway, &format!("{path}?other=a")).await;
    let message = "path: `member`: another field of the same oneof is set as well";
    assert_eq!((both.status.as_u16(), &both.json()["message"]), (400, &json!(message)));
}
