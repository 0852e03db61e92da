//! REST calls by the runtime's own requests.

use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use sdk::runtime::{Streaming, rest};
use tokio::net::TcpStream;

use crate::subject::{Failure, Outcome, Subject};

/// Whether errors have their details. Not yet.
pub const DETAILS: bool = false;

pub async fn call(subject: &Subject, server: SocketAddr, request: &[u8]) -> Result<Outcome, Box<dyn std::error::Error>> {
    let request = rest::request(subject.method, &subject.schemas, request)?;
    let stream = TcpStream::connect(server).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let mut builder = http::Request::builder()
        .method(request.verb)
        .uri(&request.path_and_query)
        .header("host", "localhost")
        .header("x-e2e-request", "sent");
    if let Some(kind) = &request.content_type {
        builder = builder.header("content-type", &**kind);
    }
    let body = Full::new(Bytes::from(request.body.unwrap_or_default()));
    let (parts, body) = sender.send_request(builder.body(body)?).await?.into_parts();
    let body = body.collect().await?.to_bytes();
    let mut outcome = Outcome { metadata: parts.headers.clone(), ..Outcome::default() };
    if !parts.status.is_success() {
        let error: serde_json::Value = serde_json::from_slice(&body)
            .map_err(|_| format!("{}: {}", parts.status, String::from_utf8_lossy(&body)))?;
        outcome.failure = Some(Failure {
            code: error["code"].as_i64().map(|code| code as i32),
            message: error["message"].as_str().unwrap_or_default().to_owned(),
            details: Vec::new(),
        });
        return Ok(outcome);
    }
    let kind = parts.headers.get("content-type").and_then(|kind| kind.to_str().ok());
    let one = |body: &[u8]| rest::response(request.binding, &subject.schemas, kind, body);
    if subject.method.streaming() == Streaming::Server && kind == Some("application/json") {
        let items = serde_json::Deserializer::from_slice(&body).into_iter::<serde_json::Value>();
        for item in items {
            match item? {
                serde_json::Value::Array(items) => {
                    for item in items {
                        outcome.messages.push(one(item.to_string().as_bytes())?);
                    }
                }
                item => outcome.messages.push(one(item.to_string().as_bytes())?),
            }
        }
        return Ok(outcome);
    }
    outcome.messages.push(one(&body)?);
    Ok(outcome)
}
