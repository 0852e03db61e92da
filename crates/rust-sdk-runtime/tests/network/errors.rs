//! Errors of connections: each says where, in which step, and what to do.

use std::future::IntoFuture as _;
use std::time::Duration;

use rust_sdk_runtime::{Client, Code, Error, RetryPolicy};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::peer;

/// Answers each connection's first bytes with these.
async fn answering(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 1024]).await;
                let _ = stream.write_all(bytes).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    address.to_string()
}

async fn failed(endpoint: &str, policy: RetryPolicy) -> Error {
    let client = Client::builder().grpc(endpoint).retry(policy).build().unwrap();
    let call = peer::read(&client, 1).timeout(Duration::from_secs(20));
    call.await.unwrap_err()
}

#[tokio::test]
async fn https_to_a_plain_port() {
    let address = answering(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let start = std::time::Instant::now();
    // A retry would take at least five seconds.
    let policy = RetryPolicy::new().first_delay(Duration::from_secs(10));
    let error = failed(&format!("https://{address}"), policy).await;
    let text = error.to_string();
    assert!(
        text.contains(&format!("transport error at https://{address}: the TLS handshake failed")),
        "{text}"
    );
    assert!(text.contains("does not speak TLS"), "{text}");
    assert!(!error.is_transient());
    assert!(start.elapsed() < Duration::from_secs(4), "it is not retried");
}

#[tokio::test]
async fn grpc_to_a_port_of_http_1() {
    let address = answering(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
    let error = failed(&format!("http://{address}"), RetryPolicy::new()).await;
    assert!(
        error.to_string().contains("the server did not begin HTTP/2: is this a port for gRPC?"),
        "{error}"
    );
}

#[tokio::test]
async fn rest_to_a_port_of_grpc() {
    let (address, _) = peer::handling(Duration::ZERO).await;
    let client = Client::builder().rest(format!("http://{address}")).build().unwrap();
    let error = peer::read(&client, 1).await.unwrap_err();
    assert!(error.to_string().contains("is it a gRPC port?"), "{error:#}");
    assert!(!error.is_transient(), "{error:#}");
}

/// A gateway may serve gRPC below a path.
#[tokio::test]
async fn grpc_below_a_path() {
    let (address, _) = peer::serve(|stream, _, _| async move {
        let Ok(mut connection) = h2::server::handshake(stream).await else { return };
        while let Some(Ok((request, mut respond))) = connection.accept().await {
            assert_eq!(request.uri().path(), "/below/test.v1.Peer/Read");
            tokio::spawn(async move {
                peer::message(request).await;
                peer::answer(&mut respond);
            });
        }
    })
    .await;
    let client = Client::builder().grpc(format!("http://{address}/below/")).build().unwrap();
    peer::read(&client, 1).await.unwrap();
}

#[tokio::test]
async fn a_host_that_does_not_exist() {
    let error = failed("http://no-such-host.invalid:1", RetryPolicy::new()).await;
    assert_eq!(error.code(), Some(Code::Unavailable));
    let text = format!("{error:#}");
    assert!(text.contains("http://no-such-host.invalid:1: the host's address was not found"), "{text}");
}

#[tokio::test]
async fn nobody_listens() {
    let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let client =
        Client::builder().grpc(format!("http://{address}")).retry(RetryPolicy::never()).build().unwrap();
    let error = peer::write(&client, 1).await.unwrap_err();
    assert!(error.is_transient());
    let text = format!("{error:#}");
    assert_eq!(text.matches("onnection refused").count(), 1, "{text}");
}

/// The error's message alone is larger than the 16 kB that h2 reads of a header list by default.
#[tokio::test]
async fn a_long_error_keeps_its_code_and_message() {
    for trailers_only in [true, false] {
        let (address, _) = peer::serve(move |stream, _, _| async move {
            let Ok(mut connection) = h2::server::handshake(stream).await else { return };
            while let Some(Ok((_, mut respond))) = connection.accept().await {
                let mut trailers = http::HeaderMap::new();
                trailers.insert("grpc-status", 5.into());
                trailers.insert("grpc-message", "x".repeat(17_000).parse().unwrap());
                let mut head =
                    http::Response::builder().header("content-type", "application/grpc").body(()).unwrap();
                if trailers_only {
                    head.headers_mut().extend(trailers);
                    let _ = respond.send_response(head, true);
                } else if let Ok(mut stream) = respond.send_response(head, false) {
                    let _ = stream.send_trailers(trailers);
                }
            }
        })
        .await;
        let error = peer::read(&peer::client(address), 1).await.unwrap_err();
        assert_eq!((error.code(), error.message().len()), (Some(Code::NotFound), 17_000));
    }
}

#[tokio::test]
async fn a_wait_ends_at_once_where_waiting_does_not_help() {
    let address = answering(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let client = Client::builder().grpc(format!("https://{address}")).build().unwrap();
    let wait = peer::read(&client, 1).wait_until(|_| true);
    let error = tokio::time::timeout(Duration::from_secs(5), wait.into_future()).await.unwrap().unwrap_err();
    assert!(error.to_string().contains("TLS handshake"), "{error}");
    let client = Client::builder().grpc("http://no-such-host.invalid:1").build().unwrap();
    let wait = peer::read(&client, 1).wait_until(|_| true);
    let error = tokio::time::timeout(Duration::from_secs(20), wait.into_future()).await.unwrap().unwrap_err();
    assert!(error.to_string().contains("no-such-host.invalid"), "{error}");
}
