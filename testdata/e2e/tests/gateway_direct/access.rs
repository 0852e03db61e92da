//! The access layer in front of a direct gateway covers both protocols, and the functions see what it found out.

use std::sync::{Arc, Mutex};

use lumen_cloud::API;
use lumen_cloud::greenhouse::v1::greenhouse_service::server::{GreenhouseService, GreenhouseServiceServer};
use lumen_cloud::greenhouse::v1::{GetGreenhouseRequest, GetGreenhouseResponse};
use rust_sdk_runtime::access::Identity;
use rust_sdk_runtime::server::{Admitted, Authorizer, Parts, access_layer};
use rust_sdk_runtime::transport::Body;
use rust_sdk_runtime::{Error, Gateway};
use serde_json::json;
use tonic::service::Routes;
use tonic::{Request, Response, Status};
use tower_service::Service;

use crate::exchange::read;
use crate::request;
use crate::server::framed;

/// Readers of the account `a` say so.
struct Readers;

impl Authorizer for Readers {
    type Identity = Identity;

    async fn authenticate(&self, head: &Parts) -> Result<Identity, Error> {
        Ok(match head.headers.get("x-reader") {
            Some(_) => Identity::new(["read:greenhouses"]).actor("ACTOR_TYPE_USER").within("a"),
            None => Identity::anonymous(),
        })
    }
}

/// Notes the account that was checked and the one in the message.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<(String, String)>>>);

#[tonic::async_trait]
impl GreenhouseService for Seen {
    async fn get_greenhouse(
        &self,
        request: Request<GetGreenhouseRequest>,
    ) -> Result<Response<GetGreenhouseResponse>, Status> {
        let admitted = request.extensions().get::<Admitted<Identity>>().unwrap();
        let checked = admitted.account().unwrap_or_default().to_owned();
        self.0.lock().unwrap().push((checked, request.into_inner().account_id));
        Ok(Response::new(GetGreenhouseResponse::default()))
    }
}

const READER: (&str, &str) = ("x-reader", "1");

#[tokio::test]
async fn rest_and_grpc_are_checked_and_answered_as_over_grpc() {
    let (seen, other) = (Seen::default(), Seen::default());
    let layer = access_layer(&API, Readers);
    let direct = Gateway::direct(&API).service(GreenhouseServiceServer::new(seen.clone()));
    let mut direct = layer.layer(direct);
    let routes = Routes::new(GreenhouseServiceServer::new(other.clone()));
    let mut over_grpc = layer.layer(Gateway::new(&API, routes));
    let rest = |account: &str| format!("GET /api/greenhouse/v1/accounts/{account}/greenhouses/g");
    let grpc = "POST /lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse";
    let message = |account: &str| {
        framed(&GetGreenhouseRequest { account_id: account.into(), greenhouse_id: "g".into() })
    };
    let codec = ("content-type", "application/grpc");
    let unbound = "POST /lumen.cloud.greenhouse.v1.GreenhouseService/Nothing";
    let cases = [
        (rest("a"), vec![READER], bytes::Bytes::new(), 200),
        (rest("b"), vec![READER], bytes::Bytes::new(), 403),
        (rest("a"), vec![], bytes::Bytes::new(), 401),
        ("DELETE /api/greenhouse/v1/accounts/a/greenhouses/g".into(), vec![READER], bytes::Bytes::new(), 403),
        ("GET /nowhere".into(), vec![READER], bytes::Bytes::new(), 404),
        (grpc.into(), vec![READER, codec], message("a"), 200),
        (grpc.into(), vec![READER, codec], message("b"), 200),
        (grpc.into(), vec![codec], message("a"), 200),
        (unbound.into(), vec![READER, codec], message("a"), 200),
    ];
    for (what, headers, body, status) in cases {
        let send = || request(&what, &headers, body.clone());
        let direct = read(direct.call(send()).await.unwrap()).await;
        let expected = read(over_grpc.call(send()).await.unwrap()).await;
        assert_eq!(direct.status, status, "{what} {headers:?}");
        assert_eq!(format!("{direct:?}"), format!("{expected:?}"), "{what}");
    }
    let both = [("a".to_owned(), "a".to_owned()), ("a".to_owned(), "a".to_owned())];
    assert_eq!(*seen.0.lock().unwrap(), both);
    assert_eq!(*other.0.lock().unwrap(), both);
}

#[tokio::test]
async fn without_a_layer_only_if_the_program_says_so() {
    let seen = Seen::default();
    let gateway = Gateway::direct(&API).service(GreenhouseServiceServer::new(seen.clone()));
    let mut open = gateway.without_access_layer();
    // An operation of another service is not served.
    let other = request("GET /api/greenhouse/v1/accounts/a/greenhouses/g/sensors", &[], "");
    let answer = read(Service::<http::Request<Body>>::call(&mut open, other).await.unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.json()["code"].clone()), (501, json!(12)));
    let grpc = request("POST /a.B/C", &[("content-type", "application/grpc")], "");
    let answer = read(open.call(grpc).await.unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.header("grpc-status")), (200, Some("12")));
    assert!(seen.0.lock().unwrap().is_empty());
}
