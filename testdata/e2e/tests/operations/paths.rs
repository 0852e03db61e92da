//! The REST paths of Google's operations: below the version of the method that starts them.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use kiln::Client;
use kiln::v1::KilnService;
use rust_sdk_runtime::transport::Body;

use crate::SECOND;
use crate::server::piece;

/// A REST server that answers with these bodies, in turn. Notes the verb and path of each request.
fn rest(bodies: &[&'static str]) -> (Client, Arc<Mutex<Vec<String>>>) {
    let (seen, mut bodies) = (Arc::new(Mutex::new(Vec::new())), bodies.to_vec());
    bodies.reverse();
    let (notes, bodies) = (Arc::clone(&seen), Arc::new(Mutex::new(bodies)));
    let service = tower_service_fn(move |request: http::Request<Body>| {
        notes.lock().unwrap().push(format!("{} {}", request.method(), request.uri()));
        let body = bodies.lock().unwrap().pop().unwrap_or("{}");
        let response = http::Response::builder().header("content-type", "application/json");
        response.body(Body::full(body)).unwrap()
    });
    (Client::builder().rest_service(service).build().unwrap(), seen)
}

#[derive(Clone)]
struct Served<F>(F);

fn tower_service_fn<F: Fn(http::Request<Body>) -> http::Response<Body> + Clone>(serve: F) -> Served<F> {
    Served(serve)
}

impl<F> tower_service::Service<http::Request<Body>> for Served<F>
where
    F: Fn(http::Request<Body>) -> http::Response<Body>,
{
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<http::Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Infallible>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        std::future::ready(Ok((self.0)(request)))
    }
}

#[tokio::test(start_paused = true)]
async fn an_operation_is_polled_by_its_whole_name() {
    let (client, seen) = rest(&[
        r#"{"name": "studios/s/operations/a b"}"#,
        r#"{"name": "studios/s/operations/a b",
            "metadata": {"@type": "type.googleapis.com/kiln.v1.FiringMetadata", "percent": 12}}"#,
        r#"{"name": "studios/s/operations/a b", "done": true,
            "response": {"@type": "type.googleapis.com/kiln.v1.Piece", "colour": "celadon"}}"#,
    ]);
    let mut poller = client.kiln_service().fire_piece("studios/s", piece()).poller().every(SECOND);
    let mut percents = Vec::new();
    while let Some(state) = poller.state().await.unwrap() {
        percents.push(state.metadata().unwrap().map(|metadata| metadata.percent));
    }
    assert_eq!(percents, [None, Some(12), None]);
    poller.cancel().await.unwrap();
    poller.delete().await.unwrap();
    assert_eq!(poller.until_done().await.unwrap().colour, "celadon");
    assert_eq!(
        *seen.lock().unwrap(),
        [
            "POST /v1/studios/s/pieces:fire",
            "GET /v1/studios/s/operations/a%20b",
            "GET /v1/studios/s/operations/a%20b",
            "POST /v1/studios/s/operations/a%20b:cancel",
            "DELETE /v1/studios/s/operations/a%20b",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_version_is_that_of_the_method() {
    let (client, seen) = rest(&[r#"{"done": true,
        "response": {"@type": "type.googleapis.com/kiln.reports.v1.Stock", "pieces": 3}}"#]);
    let poller = client.operation(&KilnService::TAKE_STOCK, "studios/s/operations/1");
    assert_eq!(poller.until_done().await.unwrap().pieces, 3);
    assert_eq!(*seen.lock().unwrap(), ["GET /v2/studios/s/operations/1"]);
}

/// A newer server may use types that the crate does not have.
#[tokio::test(start_paused = true)]
async fn unknown_types_lose_no_response_and_no_error() {
    let (client, seen) = rest(&[
        r#"{"name": "operations/1", "metadata": {"@type": "t/new.v1.Progress", "percent": 12}}"#,
        r#"{"name": "operations/1", "done": true, "metadata": {"@type": "t/new.v1.Progress"},
            "error": {"code": 9, "message": "no gas", "details": [{"@type": "t/new.v1.Meter", "bar": 0}]}}"#,
        r#"{"name": "operations/2", "done": true, "response": {"@type": "t/new.v1.Vase", "colour": "blue"}}"#,
    ]);
    let mut poller = client.kiln_service().fire_piece("studios/s", piece()).poller().every(SECOND);
    let state = poller.state().await.unwrap().unwrap();
    assert!(state.metadata().unwrap_err().message().contains("`new.v1.Progress`"));
    assert_eq!(state.any_metadata().unwrap().type_url, "type.googleapis.com/google.protobuf.Struct");
    let error = poller.until_done().await.unwrap_err();
    assert!(error.is_failed_precondition() && error.message() == "no gas", "{error}");
    assert_eq!((error.status_details().count(), seen.lock().unwrap().len()), (1, 2));

    let poller = client.operation(&KilnService::FIRE_PIECE, "operations/2");
    let error = poller.until_done().await.unwrap_err();
    assert_eq!(
        error.message(),
        "the response of the operation is a `new.v1.Vase`, and not a `kiln.v1.Piece` as the API states"
    );
}

#[tokio::test(start_paused = true)]
async fn no_name_leads_elsewhere() {
    for name in ["", "..", "operations/../../secrets", "operations/./x"] {
        let (client, seen) = rest(&[]);
        let error = client.operation(&KilnService::FIRE_PIECE, name).until_done().await.unwrap_err();
        assert!(error.is_local() && error.is_invalid_argument(), "{name:?}: {error}");
        assert!(seen.lock().unwrap().is_empty(), "{name:?}");
    }
}
