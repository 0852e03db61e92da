//! Connections that always have something to read: other tasks of the runtime have their turn, and calls reach their deadlines.

use std::convert::Infallible;
use std::future::{IntoFuture as _, ready};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use hyper::rt::{Read, ReadBufCursor, Write};
use rust_sdk_runtime::{Client, ClientBuilder, Code, RetryPolicy};

use crate::api::{READ, thing};
use crate::frames::settings;
use crate::http2::{PING, frame};

/// The most bytes that are read in a row.
const BURST: usize = 1 << 20;

/// The start, and the piece for ever after it. Unlike a socket of Tokio's, it never asks its reader to yield.
#[derive(Clone)]
struct Endless {
    start: Vec<u8>,
    piece: Vec<u8>,
    at: usize,
    /// Whether the client wrote something, and its reader until then.
    is_asked: bool,
    reader: Option<Waker>,
    /// The bytes that were read since other tasks had a turn.
    burst: Arc<AtomicUsize>,
}

impl Read for Endless {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.is_asked {
            self.reader = Some(context.waker().clone());
            return Poll::Pending;
        }
        let length = buffer.remaining().min(8192);
        for _ in 0..length {
            let at = self.at;
            let byte = match at.checked_sub(self.start.len()) {
                None => self.start[at],
                Some(behind) => self.piece[behind % self.piece.len()],
            };
            buffer.put_slice(&[byte]);
            self.at += 1;
        }
        self.burst.fetch_add(length, Ordering::SeqCst);
        Poll::Ready(Ok(()))
    }
}

impl Write for Endless {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.is_asked = true;
        self.reader.take().into_iter().for_each(Waker::wake);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Makes a call, and returns its code and the most bytes that were read in a row.
fn call(builder: ClientBuilder, start: Vec<u8>, piece: Vec<u8>) -> (Option<Code>, usize) {
    let burst = Arc::new(AtomicUsize::new(0));
    let endless = Endless { start, piece, at: 0, is_asked: false, reader: None, burst: burst.clone() };
    let connector = tower::service_fn(move |_: http::Uri| ready(Ok::<_, Infallible>(endless.clone())));
    let builder = builder.connector(connector).attempt_timeout(Duration::from_millis(300));
    let client = builder.retry(RetryPolicy::never()).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut most = 0;
        let turns = async {
            loop {
                most = burst.swap(0, Ordering::SeqCst).max(most);
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let code = tokio::select! {
            result = client.call(&READ, thing()).into_future() => result.unwrap_err().code(),
            () = turns => None,
        };
        (code, most)
    })
}

#[test]
fn every_connection_yields() {
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    let body = b"HTTP/1.1 200 OK\r\ncontent-length: 4000000\r\n\r\n".to_vec();
    let rest = || Client::builder().rest("http://things.example.io");
    let grpc = || Client::builder().grpc("http://things.example.io");
    for (name, builder, start, piece, code) in [
        ("a chunk's size", rest(), chunked, b"0".to_vec(), Code::DeadlineExceeded),
        ("a body", rest(), body, b" ".to_vec(), Code::Internal),
        ("pings", grpc(), settings(&[]), frame(PING, 0, 0, &[0; 8]), Code::DeadlineExceeded),
        ("unknown frames", grpc(), settings(&[]), frame(99, 0, 0, &[0; 1000]), Code::DeadlineExceeded),
    ] {
        // In a thread of its own: a call that never yields would hang the test.
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || sender.send(call(builder, start, piece)));
        let (ended, most) = receiver.recv_timeout(Duration::from_secs(60)).expect(name);
        assert!(
            ended.is_some_and(|ended| ended == code || ended == Code::DeadlineExceeded),
            "{name}: {ended:?}"
        );
        assert!(most <= BURST, "{name}: {most} bytes in a row");
    }
}
