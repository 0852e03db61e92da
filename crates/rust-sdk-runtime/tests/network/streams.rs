//! Many calls at once.

use std::future::IntoFuture as _;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::peer;

/// The server allows ten streams on a connection: more connections are made, so that calls do not wait for each other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_connections_are_made_where_streams_run_out() {
    let (address, journal) = peer::serve(|stream, _, journal| async move {
        let mut builder = h2::server::Builder::new();
        builder.max_concurrent_streams(10);
        let Ok(mut connection) = builder.handshake(stream).await else { return };
        while let Some(Ok((request, respond))) = connection.accept().await {
            tokio::spawn(peer::handle(request, respond, journal.clone(), Duration::from_millis(200)));
        }
    })
    .await;
    let client = peer::client(address);
    let start = Instant::now();
    let mut calls = JoinSet::new();
    for id in 0..100 {
        calls.spawn(peer::write(&client, id).into_future());
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap().unwrap();
    }
    // One after the other on one connection, they take two seconds.
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert!(journal.connections.load(Ordering::SeqCst) <= 16);
    assert_eq!(journal.requests(), 100);
}

/// Without a lack of streams, one connection is enough.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_share_a_connection() {
    let (address, journal) = peer::handling(Duration::from_millis(20)).await;
    let client = peer::client(address);
    let mut calls = JoinSet::new();
    for id in 0..500 {
        calls.spawn(peer::read(&client, id).into_future());
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap().unwrap();
    }
    assert_eq!(journal.connections.load(Ordering::SeqCst), 1);
}
