//! Requests as they are: by hyper, and byte by byte.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rust_sdk_runtime::{Code, Error};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A response, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) trailers: HeaderMap,
}

impl Answer {
    /// What went wrong; `None` for a success.
    pub(crate) fn error(&self) -> Option<Error> {
        let mut headers = self.headers.clone();
        headers.extend(self.trailers.clone());
        let failed = match headers.get("grpc-status") {
            Some(status) => status != "0",
            None => !self.status.is_success(),
        };
        failed.then(|| rust_sdk_runtime::transcode::status::of_response(self.status, &headers, &self.body))
    }

    /// Code and reason of the refusal; `None` where the call came through, to a handler that answered or that is a stub.
    pub(crate) fn refusal(&self) -> Option<(Code, String)> {
        let error = self.error().filter(|error| error.message() != super::server::STUB)?;
        Some((error.code()?, error.error_info().map(|info| info.reason).unwrap_or_default()))
    }

    pub(crate) fn code(&self) -> Option<Code> {
        self.error().and_then(|error| error.code())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// Sends requests over a connection that stays open.
#[derive(Clone)]
pub(crate) struct Sender {
    client: Client<HttpConnector, Full<Bytes>>,
    address: SocketAddr,
}

impl Sender {
    pub(crate) fn http1(address: SocketAddr) -> Self {
        Self { client: Client::builder(TokioExecutor::new()).build(connector()), address }
    }

    pub(crate) fn http2(address: SocketAddr) -> Self {
        let client = Client::builder(TokioExecutor::new()).http2_only(true).build(connector());
        Self { client, address }
    }

    /// `VERB target`, with these headers and this body.
    pub(crate) async fn send(&self, what: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Answer {
        let (verb, target) = what.split_once(' ').unwrap();
        let mut request = Request::builder().method(verb).uri(format!("http://{}{target}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.into())).unwrap();
        let (parts, body) = self.client.request(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap();
        let trailers = body.trailers().cloned().unwrap_or_default();
        Answer { status: parts.status, headers: parts.headers, body: body.to_bytes(), trailers }
    }

    /// A gRPC call with one message.
    pub(crate) async fn call(&self, path: &str, caller: usize, message: &[u8]) -> Answer {
        let caller = caller.to_string();
        let headers = [("content-type", "application/grpc"), ("te", "trailers"), ("x-caller", &caller)];
        self.send(&format!("POST {path}"), &headers, framed(message)).await
    }
}

/// Each request is written at once.
fn connector() -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    connector
}

/// One message in gRPC framing.
pub(crate) fn framed(message: &[u8]) -> Bytes {
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    [&[0], &length[..], message].concat().into()
}

/// Sends these bytes over HTTP/1.1 and gives the answer, which is the server's last.
pub(crate) async fn raw(address: SocketAddr, head: &str, body: &[u8]) -> String {
    let mut socket = TcpStream::connect(address).await.unwrap();
    let head = head.replace('\n', "\r\n");
    let length = if body.is_empty() { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    let request = format!("{head}\r\nhost: x\r\nconnection: close\r\n{length}\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    socket.write_all(body).await.unwrap();
    let mut answer = Vec::new();
    // A server that closes with unread bytes may reset the connection after its answer.
    let _ = socket.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}
