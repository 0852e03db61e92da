//! The default time limits, on a clock that goes on whenever nothing else happens: the other tests use shorter limits.

use std::convert::Infallible;
use std::future::pending;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::Frame;
use hyper_util::rt::TokioIo;
use rust_sdk_runtime::method::Rpc;
use rust_sdk_runtime::transport::Body;
use rust_sdk_runtime::{Client, Code};
use tokio::io::DuplexStream;
use tokio::time::{Instant, Sleep, sleep};

use crate::api::{READ, Thing, WRITE, thing};

/// Each call ends after so many attempts of this time.
async fn ends_after(client: Client, attempt: Duration, code: Code, attempts: [(&Rpc<Thing, Thing>, u32); 2]) {
    for (rpc, attempts) in attempts {
        let start = Instant::now();
        let error = client.call(rpc, thing()).await.unwrap_err();
        assert_eq!(error.code(), Some(code), "{error:#}");
        let (took, limit) = (start.elapsed(), attempts * attempt);
        // The pauses between attempts: at most 200, 400 and 800 ms.
        assert!(limit <= took && took < limit + Duration::from_secs(2), "{took:?}");
    }
}

/// A body of one byte a second, for ever: in gRPC, a message of 4 MB.
struct Drip {
    next: Pin<Box<Sleep>>,
    start: std::slice::Iter<'static, u8>,
}

impl Drip {
    fn body() -> Body {
        Body::new(Self { next: Box::pin(sleep(Duration::from_secs(1))), start: [0, 0, 63, 0, 0].iter() })
    }
}

impl http_body::Body for Drip {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        ready!(self.next.as_mut().poll(context));
        self.next = Box::pin(sleep(Duration::from_secs(1)));
        let byte = self.start.next().copied().unwrap_or_default();
        Poll::Ready(Some(Ok(Frame::data(Bytes::copy_from_slice(&[byte])))))
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_ends_after_60_seconds() {
    const ATTEMPT: Duration = Duration::from_secs(60);
    let silent =
        || tower::service_fn(|_: http::Request<Body>| pending::<Result<http::Response<Body>, Infallible>>());
    let slow = |status: u16, content_type: &'static str| {
        tower::service_fn(move |_: http::Request<Body>| {
            let response = http::Response::builder().status(status).header("content-type", content_type);
            std::future::ready(Ok::<_, Infallible>(response.body(Drip::body()).unwrap()))
        })
    };
    for client in [
        Client::builder().grpc_service(silent()),
        Client::builder().rest_service(silent()),
        Client::builder().grpc_service(slow(200, "application/grpc")),
        Client::builder().rest_service(slow(200, "application/json")),
        Client::builder().rest_service(slow(404, "application/json")),
    ] {
        let attempts = [(&READ, 4), (&WRITE, 1)];
        ends_after(client.build().unwrap(), ATTEMPT, Code::DeadlineExceeded, attempts).await;
    }
}

#[tokio::test(start_paused = true)]
async fn connecting_ends_after_20_seconds() {
    const CONNECT: Duration = Duration::from_secs(20);
    let never = || tower::service_fn(|_: http::Uri| pending::<Result<TokioIo<DuplexStream>, Infallible>>());
    // The other end is kept open and says nothing.
    let silent = || {
        tower::service_fn(|_: http::Uri| {
            let (ours, theirs) = tokio::io::duplex(1 << 20);
            std::mem::forget(theirs);
            std::future::ready(Ok::<_, Infallible>(TokioIo::new(ours)))
        })
    };
    let mut clients = vec![
        Client::builder().grpc("http://things.example.io").connector(never()),
        Client::builder().rest("http://things.example.io").connector(never()),
        Client::builder().grpc("http://things.example.io").connector(silent()),
    ];
    if cfg!(feature = "tls-ring") {
        clients.extend([
            Client::builder().grpc("https://things.example.io").connector(silent()),
            Client::builder().rest("https://things.example.io").connector(silent()),
        ]);
    }
    for client in clients {
        // Nothing was sent, so every call is tried again.
        ends_after(client.build().unwrap(), CONNECT, Code::Unavailable, [(&READ, 4), (&WRITE, 4)]).await;
    }
}
