//! Limits of sizes and times are those of a call over gRPC.

use std::time::Duration;

use lumen_cloud::API;
use lumen_cloud::greenhouse::v1::greenhouse_service::server::GreenhouseServiceServer;
use rust_sdk_runtime::Gateway;
use rust_sdk_runtime::transport::Body;
use serde_json::json;
use shapes::streaming::v1::streaming_service::server::StreamingServiceServer;
use tonic::service::Routes;

use crate::exchange::Answer;
use crate::server::{Greenhouses, Streams, streams};
use crate::{open, request, send};

const GREENHOUSES: &str = "/api/greenhouse/v1/accounts/a/greenhouses";

/// A gateway in front of this server over gRPC, and one that calls it.
macro_rules! both {
    ($api:expr, $server:expr) => {{
        let server = $server;
        let direct = Gateway::direct($api).service(server.clone()).without_access_layer();
        [Gateway::new($api, Routes::new(server)), direct]
    }};
}

/// The answers of both are equal, except for the size that a message states: over gRPC it is that of the bytes, which may have longer lengths
/// than needed.
async fn same(gateways: &[Gateway; 2], request: impl Fn() -> http::Request<Body>) -> Answer {
    let [over_grpc, direct] = gateways;
    let (expected, answer) = (send(over_grpc, request()).await, send(direct, request()).await);
    let text = |answer: &Answer| answer.text().replace(|c: char| c.is_ascii_digit(), "");
    assert_eq!(
        (answer.status, &answer.headers, text(&answer)),
        (expected.status, &expected.headers, text(&expected))
    );
    answer
}

#[tokio::test]
async fn the_servers_and_the_gateways_limits_of_messages_hold() {
    let create = |length: usize| {
        let body = json!({"greenhouse": {"name": "x".repeat(length)}}).to_string();
        move || request(&format!("POST {GREENHOUSES}"), &[], body.clone())
    };
    let server = || GreenhouseServiceServer::new(Greenhouses::default());
    let decoding = both!(&API, server().max_decoding_message_size(100));
    let encoding = both!(&API, server().max_encoding_message_size(100));
    let own = both!(&API, server()).map(|gateway| gateway.max_message_size(100));
    for (gateways, length, status) in [
        (&decoding, 80, 200),
        (&decoding, 100, 400),
        (&encoding, 80, 200),
        (&encoding, 100, 400),
        (&own, 80, 200),
        (&own, 100, 429),
    ] {
        assert_eq!(same(gateways, create(length)).await.status, status, "{length}");
    }
    // By default, a request has at most 4 MiB.
    let standard = both!(&API, server()).map(|gateway| gateway.max_body_size(usize::MAX));
    assert_eq!(same(&standard, create(4 << 20)).await.status, 400);
}

#[tokio::test]
async fn a_stream_ends_at_a_message_over_the_limit() {
    let server = || StreamingServiceServer::new(Streams::default());
    let watch = || request("GET /streaming/v1/topics/ab:watch?limit=2", &[], "");
    // tonic drops the responses before it that it has not sent yet.
    let [_, encoding] = both!(&shapes::API, server().max_encoding_message_size(4));
    let own = both!(&shapes::API, server()).map(|gateway| gateway.max_message_size(4));
    for answer in [send(&encoding, watch()).await, same(&own, watch).await] {
        let (first, rest) = answer.text().split_once('\n').unwrap();
        assert_eq!(first, r#"{"result":{"text":"ab"}}"#);
        assert!(rest.starts_with(r#"{"error":"#), "{rest}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_clients_timeout_ends_a_call() {
    let gateway = Greenhouses::default();
    let gateway = Gateway::direct(&API).service(GreenhouseServiceServer::new(gateway)).without_access_layer();
    for header in [("grpc-timeout", "1500m"), ("x-server-timeout", "1.5")] {
        let start = tokio::time::Instant::now();
        let slow = request(&format!("GET {GREENHOUSES}/slow"), &[header], "");
        let answer = send(&gateway, slow).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (504, &json!(4)));
        assert!(start.elapsed() >= Duration::from_millis(1500) && start.elapsed() < Duration::from_secs(2));
        let fast = request(&format!("GET {GREENHOUSES}/g"), &[header], "");
        assert_eq!(send(&gateway, fast).await.status, 200);
    }
    // The responses of a stream may take longer.
    let watch = request("GET /streaming/v1/topics/w:watch", &[("grpc-timeout", "1S")], "");
    let mut body = open(&streams(), watch).await.into_body();
    for _ in 0..3 {
        crate::next(&mut body).await.unwrap().unwrap();
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
}
