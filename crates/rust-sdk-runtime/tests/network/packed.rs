//! gzip, against tonic's own and over REST.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use hyper_util::rt::TokioIo;
use rust_sdk_runtime::transport::Body;
use rust_sdk_runtime::{Client, ClientBuilder, Code};
use tokio::net::TcpListener;

use crate::peer::{self, Journal};
use crate::real::tonic_service;

async fn tonic(is_gzip: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = tonic_service::Peer { journal: Arc::new(Journal::default()), is_gzip };
    let incoming = tonic::transport::server::TcpIncoming::from(listener);
    tokio::spawn(tonic::transport::Server::builder().add_service(service).serve_with_incoming(incoming));
    address
}

#[tokio::test]
async fn grpc_messages_are_packed_both_ways() {
    let address = tonic(true).await;
    let builder = || Client::builder().grpc(format!("http://{address}"));
    for id in [7, usize::MAX] {
        for client in [builder().build().unwrap(), builder().compress_requests().build().unwrap()] {
            assert_eq!(peer::read(&client, id).await.unwrap().id, id.to_string());
            let long = "x".repeat(100_000);
            let call = peer::read(&client, 0).with(|_| peer::Thing { id: long.clone() });
            let response = call.with_response().await.unwrap();
            assert_eq!(response.headers.get("grpc-encoding"), Some("gzip"));
            assert!(response.message.id == long);
        }
    }
    let error = peer::read(&builder().max_message_size(1000).build().unwrap(), 0)
        .with(|_| peer::Thing { id: "x".repeat(100_000) })
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some(Code::ResourceExhausted));
}

#[tokio::test]
async fn a_server_without_gzip_rejects_packed_requests_and_answers_others() {
    let address = tonic(false).await;
    let builder = || Client::builder().grpc(format!("http://{address}"));
    peer::read(&builder().build().unwrap(), 7).await.unwrap();
    let error = peer::read(&builder().compress_requests().build().unwrap(), 7).await.unwrap_err();
    assert!(error.is_unimplemented(), "{error}");
}

/// Answers with this body, packed.
async fn rest(status: u16, body: Vec<u8>) -> ClientBuilder {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&body).unwrap();
    let packed = encoder.finish().unwrap();
    let (address, _) = peer::serve(move |stream, _, _| {
        let packed = packed.clone();
        async move {
            let service = hyper::service::service_fn(move |request: http::Request<hyper::body::Incoming>| {
                assert_eq!(request.headers()["accept-encoding"], "gzip");
                let response =
                    http::Response::builder().status(status).header("content-type", "application/json");
                let response = response.header("content-encoding", "gzip");
                std::future::ready(response.body(Body::full(packed.clone())))
            });
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        }
    })
    .await;
    Client::builder().rest(format!("http://{address}"))
}

#[tokio::test]
async fn rest_responses_and_errors_are_unpacked() {
    let client = rest(200, br#"{"id":"seven"}"#.to_vec()).await.build().unwrap();
    assert_eq!(peer::read(&client, 7).await.unwrap().id, "seven");
    let client = rest(404, br#"{"code":5,"message":"no such thing"}"#.to_vec()).await.build().unwrap();
    let error = peer::read(&client, 7).await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Some(Code::NotFound), "no such thing"));
}

/// A hundred megabytes in a hundred kilobytes.
#[tokio::test]
async fn a_bomb_is_not_unpacked_beyond_the_limit() {
    let client = rest(200, vec![b' '; 100 << 20]).await.build().unwrap();
    let error = peer::read(&client, 7).await.unwrap_err();
    assert_eq!(error.code(), Some(Code::ResourceExhausted), "{error}");
}
