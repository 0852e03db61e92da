//! An exchange as a line of JSON, for the test that plays it back.

use serde_json::{Value, json};

use crate::proxy::Exchange;
use crate::server::Answer;

/// Messages are encoded and in hexadecimal; so are bodies that are no text.
pub fn line(method: &str, requests: &[Vec<u8>], exchange: &Exchange, answer: &Answer) -> Value {
    let content_type = |headers: &http::HeaderMap| {
        headers.get("content-type").and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    json!({
        "method": method,
        "requests": requests.iter().map(|request| hex(request)).collect::<Vec<_>>(),
        "verb": exchange.verb,
        "target": exchange.target,
        "request_type": content_type(&exchange.request_headers),
        "request_body": body(&exchange.request_body),
        "status": exchange.status,
        "response_type": content_type(&exchange.response_headers),
        "response_body": body(&exchange.response_body),
        "responses": answer.messages.iter().map(|message| hex(message)).collect::<Vec<_>>(),
        "error": answer.error.as_ref().map(|(code, message, details)| {
            json!({ "code": code, "message": message, "details": hex(details) })
        }),
    })
}

fn body(bytes: &[u8]) -> Value {
    std::str::from_utf8(bytes).map_or_else(|_| json!({ "hex": hex(bytes) }), |text| json!(text))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
