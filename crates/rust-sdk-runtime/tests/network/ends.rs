//! Connections that the server ends: no call fails, and none is handled twice.

use std::future::IntoFuture as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rust_sdk_runtime::{Code, RetryPolicy};
use tokio::net::TcpStream;

use crate::frames;
use crate::peer::{self, Journal};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recycled_connections_fail_no_call_and_repeat_none() {
    for (at_once, calls, limit) in [(20, 2000, 50), (400, 4000, 100), (1, 100, 1)] {
        let (address, journal) = peer::serve(move |stream, _, journal| async move {
            let _ = frames::recycled(stream, limit, journal).await;
        })
        .await;
        peer::load(&peer::client(address), at_once, calls, &journal).await;
        assert!(journal.connections.load(Ordering::SeqCst) >= calls / limit);
    }
}

/// Refuses the first requests, then answers.
async fn refusing(stream: TcpStream, refused: usize, seen: Arc<AtomicUsize>, journal: Arc<Journal>) {
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        if seen.fetch_add(1, Ordering::SeqCst) < refused {
            respond.send_reset(h2::Reason::REFUSED_STREAM);
        } else {
            tokio::spawn(peer::handle(request, respond, journal.clone(), Duration::ZERO));
        }
    }
}

#[tokio::test]
async fn a_refused_stream_is_repeated_whatever_the_method() {
    for (refused, succeeds) in [(1, true), (5, true), (1000, false)] {
        let seen = Arc::new(AtomicUsize::new(0));
        let count = seen.clone();
        let (address, journal) =
            peer::serve(move |stream, _, journal| refusing(stream, refused, count.clone(), journal)).await;
        let result = peer::write(&peer::client(address), 7).retry(RetryPolicy::never()).await;
        assert_eq!(result.is_ok(), succeeds, "{result:?}");
        if let Err(error) = result {
            assert_eq!(error.code(), Some(Code::Unavailable));
        }
        assert_eq!(journal.requests(), usize::from(succeeds));
        assert_eq!(seen.load(Ordering::SeqCst), if succeeds { refused + 1 } else { 17 });
    }
}

/// A server that closes each connection as soon as it is made.
#[tokio::test]
async fn connections_that_end_at_once_are_not_made_for_ever() {
    let (address, journal) = peer::serve(|stream, _, _| async move {
        let Ok(mut connection) = h2::server::handshake(stream).await else { return };
        connection.abrupt_shutdown(h2::Reason::NO_ERROR);
        let _ = std::future::poll_fn(|context| connection.poll_closed(context)).await;
    })
    .await;
    let policy = RetryPolicy::new().first_delay(Duration::from_millis(1));
    let call = peer::read(&peer::client(address), 1).retry(policy).into_future();
    let error = tokio::time::timeout(Duration::from_secs(10), call).await.unwrap().unwrap_err();
    assert_eq!(error.code(), Some(Code::Unavailable));
    assert!(journal.connections.load(Ordering::SeqCst) <= 24);
}
