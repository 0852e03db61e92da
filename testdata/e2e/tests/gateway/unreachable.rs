//! A service behind the gateway that does not answer.

use std::task::{Context, Poll};

use rust_sdk_runtime::Gateway;
use rust_sdk_runtime::transport::Body;
use tower_service::Service;

use crate::{get, request, send};

/// A service that cannot be reached, or is none that speaks gRPC.
#[derive(Clone)]
struct Elsewhere(bool);

impl Service<http::Request<Body>> for Elsewhere {
    type Response = http::Response<Body>;
    type Error = std::io::Error;
    type Future = std::future::Ready<Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: http::Request<Body>) -> Self::Future {
        std::future::ready(if self.0 {
            Ok(http::Response::new(Body::full("<html>")))
        } else {
            Err(std::io::Error::other("10.1.2.3 refused the connection"))
        })
    }
}

#[tokio::test]
async fn a_service_that_does_not_answer_is_the_servers_fault_and_stays_unseen() {
    let gateway = Gateway::new(&lumen_cloud::API, Elsewhere(false));
    let answer = get(&gateway, "/api/greenhouse/v1/accounts/a/greenhouses/g").await;
    assert_eq!((answer.status.as_u16(), answer.text().contains("10.1.2.3")), (503, false));
    let grpc = send(&gateway, request("POST /a.B/C", &[("content-type", "application/grpc")], "")).await;
    assert_eq!((grpc.status.as_u16(), grpc.header("grpc-status")), (200, Some("14")));
    let gateway = Gateway::new(&lumen_cloud::API, Elsewhere(true));
    assert_eq!(get(&gateway, "/api/greenhouse/v1/accounts/a/greenhouses/g").await.status, 500);
}
