//! A gRPC server for every method there is: it notes what it gets and answers as it has been told.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::{BufMut as _, Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Empty, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;

/// What one call brought.
#[derive(Clone, Debug)]
pub struct Seen {
    pub path: String,
    pub headers: HeaderMap,
    pub messages: Vec<Vec<u8>>,
}

/// What the next call gets.
#[derive(Clone, Default)]
pub struct Answer {
    pub messages: Vec<Vec<u8>>,
    /// Code, message and encoded `google.rpc.Status`; after the messages.
    pub error: Option<(i32, String, Vec<u8>)>,
}

#[derive(Default)]
struct State {
    answer: Answer,
    seen: Vec<Seen>,
}

/// The server's other end.
#[derive(Clone)]
pub struct Server {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
}

/// Sent before the messages and after them.
pub const HEADER: (&str, &str) = ("x-e2e-header", "before");
pub const TRAILER: (&str, &str) = ("x-e2e-trailer", "after");

impl Server {
    pub async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let server = Self { address: listener.local_addr()?, state: Arc::default() };
        let state = server.state.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // Otherwise, each response waits for a delayed acknowledgement.
                let _ = stream.set_nodelay(true);
                let state = state.clone();
                let service = service_fn(move |request| serve(request, state.clone()));
                tokio::spawn(
                    http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service),
                );
            }
        });
        Ok(server)
    }

    pub fn answer(&self, answer: Answer) {
        self.state.lock().unwrap().answer = answer;
    }

    /// Notes a call that came another way, and returns what it gets.
    pub fn receive(&self, seen: Seen) -> Answer {
        let mut state = self.state.lock().unwrap();
        state.seen.push(seen);
        state.answer.clone()
    }

    /// What came since the last time.
    pub fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.state.lock().unwrap().seen)
    }
}

async fn serve(
    request: Request<Incoming>,
    state: Arc<Mutex<State>>,
) -> Result<Response<BoxBody<Bytes, Infallible>>, hyper::Error> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let mut state = state.lock().unwrap();
    state.seen.push(Seen {
        path: parts.uri.path().to_owned(),
        headers: parts.headers,
        messages: messages(&body),
    });
    Ok(response(&state.answer))
}

/// The messages in a body: each after a flag, which says that it is not compressed, and its length.
fn messages(mut body: &[u8]) -> Vec<Vec<u8>> {
    let mut messages = Vec::new();
    while let Some((head, rest)) = body.split_first_chunk::<5>() {
        assert_eq!(head[0], 0, "a compressed message");
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
        let (message, rest) = rest.split_at(length);
        messages.push(message.to_owned());
        body = rest;
    }
    assert!(body.is_empty(), "a part of a message");
    messages
}

fn response(answer: &Answer) -> Response<BoxBody<Bytes, Infallible>> {
    let mut frames: Vec<_> = answer.messages.iter().map(|message| Frame::data(frame(message))).collect();
    let mut trailers = HeaderMap::new();
    trailers.insert(TRAILER.0, HeaderValue::from_static(TRAILER.1));
    match &answer.error {
        None => drop(trailers.insert("grpc-status", HeaderValue::from_static("0"))),
        Some((code, message, details)) => {
            trailers.insert("grpc-status", (*code).into());
            trailers.insert("grpc-message", percent(message).parse().unwrap());
            trailers.insert("grpc-status-details-bin", base64(details).parse().unwrap());
        }
    }
    let mut response =
        Response::builder().header("content-type", "application/grpc").header(HEADER.0, HEADER.1);
    // A status alone comes with the headers, as servers send it.
    if let Some(headers) = response.headers_mut().filter(|_| frames.is_empty()) {
        headers.extend(trailers);
        return response.body(Empty::new().boxed()).unwrap();
    }
    frames.push(Frame::trailers(trailers));
    let body = StreamBody::new(tokio_stream::iter(frames.into_iter().map(Ok)));
    response.body(body.boxed()).unwrap()
}

fn frame(message: &[u8]) -> Bytes {
    let mut frame = BytesMut::with_capacity(message.len() + 5);
    frame.put_u8(0);
    frame.put_u32(u32::try_from(message.len()).unwrap());
    frame.put_slice(message);
    frame.freeze()
}

fn percent(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b' '..=b'~' if byte != b'%' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

fn base64(data: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in data.chunks(3) {
        let bits =
            chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for at in 0..=chunk.len() {
            text.push(char::from(ALPHABET[(bits >> (18 - 6 * at) & 63) as usize]));
        }
    }
    text
}
