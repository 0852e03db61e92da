//! Peers that say nothing: calls end, and later ones use another connection.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hyper_util::rt::TokioIo;
use rust_sdk_runtime::{Client, Code, RetryPolicy};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

use crate::{frames, peer};

/// The first connection answers once and is then dead, without a word; the others work.
#[tokio::test]
async fn a_connection_on_which_a_deadline_passed_in_silence_is_left() {
    let (address, journal) = peer::serve(|stream, number, journal| async move {
        let Ok(mut connection) = h2::server::handshake(stream).await else { return };
        while let Some(Ok((request, respond))) = connection.accept().await {
            tokio::spawn(peer::handle(request, respond, journal.clone(), Duration::ZERO));
            if number == 0 {
                // Sends the response, then is gone.
                let closing = std::future::poll_fn(|context| connection.poll_closed(context));
                let _ = tokio::time::timeout(Duration::from_millis(50), closing).await;
                pending::<()>().await;
            }
        }
    })
    .await;
    let client = peer::client(address);
    peer::read(&client, 0).await.unwrap();
    let never = RetryPolicy::never();
    let error = peer::read(&client, 1).timeout(Duration::from_millis(100)).retry(never).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    for id in 2..20 {
        peer::write(&client, id).timeout(Duration::from_secs(5)).await.unwrap();
    }
    assert_eq!(journal.connections.load(std::sync::atomic::Ordering::SeqCst), 2);
}

/// The first attempt hangs. The second one is on another connection and has the rest of the time.
#[tokio::test]
async fn an_attempt_that_hangs_leaves_time_for_another() {
    let (address, journal) = peer::serve(|stream, number, journal| async move {
        let Ok(mut connection) = h2::server::handshake(stream).await else { return };
        while let Some(Ok((request, respond))) = connection.accept().await {
            if number == 0 {
                std::mem::forget(respond);
                drop(request);
            } else {
                tokio::spawn(peer::handle(request, respond, journal.clone(), Duration::ZERO));
            }
        }
    })
    .await;
    let client = Client::builder()
        .grpc(format!("http://{address}"))
        .attempt_timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    let start = Instant::now();
    peer::read(&client, 1).timeout(Duration::from_secs(20)).await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(200) && start.elapsed() < Duration::from_secs(5));
    assert_eq!(journal.requests(), 1);
}

#[tokio::test]
async fn only_idempotent_calls_are_made_again_after_a_hanging_attempt() {
    let (address, _) = peer::serve(|stream, _, _| async move {
        let Ok(mut connection) = h2::server::handshake(stream).await else { return };
        while let Some(Ok((_, respond))) = connection.accept().await {
            std::mem::forget(respond);
        }
    })
    .await;
    let client = peer::client(address);
    let start = Instant::now();
    let error = peer::write(&client, 1).attempt_timeout(Duration::from_millis(200)).await.unwrap_err();
    assert_eq!(error.code(), Some(Code::DeadlineExceeded));
    assert!(start.elapsed() < Duration::from_secs(1), "one attempt");
}

/// The server accepts the connection and never speaks: neither TLS nor HTTP/2 begins.
#[tokio::test]
async fn the_connect_timeout_covers_every_step() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            kept.push(stream);
        }
    });
    for (endpoint, step) in [
        (format!("https://{address}"), "did not finish the TLS handshake within 200ms"),
        (format!("http://{address}"), "did not begin HTTP/2 within 200ms"),
    ] {
        let builder =
            Client::builder().connect_timeout(Duration::from_millis(200)).retry(RetryPolicy::never());
        let client = builder.grpc(&endpoint).build().unwrap();
        let start = Instant::now();
        let error = peer::read(&client, 1).await.unwrap_err();
        assert!(start.elapsed() < Duration::from_secs(2));
        assert_eq!(error.code(), Some(Code::Unavailable));
        let text = error.to_string();
        assert!(text.contains(step) && text.contains(&endpoint), "{text}");
    }
}

/// A call of four minutes, on a clock that goes on whenever nothing else happens. Servers on gRPC's C core and on Go allow one ping in five
/// minutes.
#[tokio::test(start_paused = true)]
async fn a_silent_connection_is_not_pinged_unless_that_is_set() {
    const PAUSE: Duration = Duration::from_secs(240);
    for (interval, expected) in [(None, 0..=0), (Some(Duration::from_secs(30)), 7..=8)] {
        let pings = Arc::new(AtomicUsize::new(0));
        let seen = pings.clone();
        let connector = tower::service_fn(move |_: http::Uri| {
            let (ours, theirs) = tokio::io::duplex(1 << 16);
            let seen = seen.clone();
            tokio::spawn(async move { frames::slow(theirs, PAUSE, &seen).await });
            std::future::ready(Ok::<_, std::convert::Infallible>(TokioIo::new(ours)))
        });
        let mut builder = Client::builder().grpc("http://localhost").connector(connector);
        if let Some(interval) = interval {
            builder = builder.keep_alive(interval);
        }
        let call = peer::read(&builder.build().unwrap(), 1).timeout(2 * PAUSE);
        call.await.unwrap();
        assert!(expected.contains(&pings.load(Ordering::SeqCst)), "{interval:?}: {pings:?}");
    }
}

/// With pings, a call without a time limit ends when the server is gone without a word.
#[tokio::test(start_paused = true)]
async fn pings_find_a_server_that_is_gone() {
    let connector = tower::service_fn(move |_: http::Uri| {
        let (ours, mut theirs) = tokio::io::duplex(1 << 20);
        tokio::spawn(async move {
            // Settings, and nothing after them.
            theirs.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await.unwrap();
            pending::<()>().await;
        });
        std::future::ready(Ok::<_, std::convert::Infallible>(TokioIo::new(ours)))
    });
    let builder = Client::builder().grpc("http://localhost").connector(connector);
    let client = builder.keep_alive(Duration::from_secs(30)).build().unwrap();
    let start = tokio::time::Instant::now();
    let call = peer::write(&client, 1).timeout(Duration::from_secs(3600)).retry(RetryPolicy::never());
    assert_eq!(call.await.unwrap_err().code(), Some(Code::Unavailable));
    assert!(start.elapsed() <= Duration::from_secs(51), "{:?}", start.elapsed());
}
