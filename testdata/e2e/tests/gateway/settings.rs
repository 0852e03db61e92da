//! What clients of other gateways send and expect, by the gateway's settings.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_body::Body as _;
use lumen_cloud::greenhouse::v1::sensor_service::server as sensors;
use lumen_cloud::greenhouse::v1::*;
use rust_sdk_runtime::gateway::{ErrorBody, Framing};
use rust_sdk_runtime::transport::Body;
use rust_sdk_runtime::{Client, Code, Gateway};
use serde_json::json;
use shapes::streaming::v1::{SearchRequest, StreamingService, TailRequest, WatchRequest};
use tonic::{Request, Response, Status};

use crate::server::{Greenhouses, streams};
use crate::{get, open, request, send};

const GREENHOUSES: &str = "/api/greenhouse/v1/accounts/a/greenhouses";
const SENSOR: &str = "PATCH /api/greenhouse/v1/accounts/a/greenhouses/g/sensors/3";

/// Notes each update; the slot 99 never answers.
#[derive(Clone, Default)]
struct Sensors(Arc<Mutex<Vec<CalibrateSensorRequest>>>);

impl Sensors {
    fn gateway(&self) -> Gateway {
        crate::gateway(&lumen_cloud::API, sensors::SensorServiceServer::new(self.clone()))
    }

    /// The paths of the last update's mask.
    fn paths(&self) -> Option<Vec<String>> {
        self.0.lock().unwrap().pop().unwrap().update_mask.map(|mask| mask.paths)
    }
}

#[tonic::async_trait]
impl sensors::SensorService for Sensors {
    async fn calibrate_sensor(
        &self,
        request: Request<CalibrateSensorRequest>,
    ) -> Result<Response<CalibrateSensorResponse>, Status> {
        let request = request.into_inner();
        let sensor = request.sensor.clone();
        self.0.lock().unwrap().push(request);
        if sensor.as_ref().is_some_and(|sensor| sensor.slot == 99) {
            std::future::pending::<()>().await;
        }
        Ok(Response::new(CalibrateSensorResponse { sensor }))
    }
}

#[tokio::test]
async fn masks_in_a_query_have_either_names() {
    let service = Sensors::default();
    let gateway = service.gateway();
    for mask in ["offset,serialNumber", "offset,serial_number", "offset%2Cserial_number"] {
        let answer = send(&gateway, request(&format!("{SENSOR}?updateMask={mask}"), &[], "{}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(service.paths().unwrap(), ["offset", "serial_number"], "{mask}");
    }
}

#[tokio::test]
async fn a_patch_without_a_mask_gets_one_on_request() {
    let service = Sensors::default();
    let body = r#"{"greenhouseId":"g","slot":3,"offset":0,"serialNumber":"5"}"#;
    let without = send(&service.gateway(), request(SENSOR, &[], body)).await;
    assert_eq!((without.status.as_u16(), service.paths()), (200, None));
    let gateway = service.gateway().fill_mask(true);
    assert_eq!(send(&gateway, request(SENSOR, &[], body)).await.status, 200);
    let mut paths = service.paths().unwrap();
    paths.sort();
    assert_eq!(paths, ["offset", "serial_number"]);
    send(&gateway, request(&format!("{SENSOR}?update_mask=factor"), &[], body)).await;
    assert_eq!(service.paths().unwrap(), ["factor"]);
}

#[tokio::test]
async fn a_plus_in_a_query_is_a_space_unless_it_is_set_to_be_a_plus() {
    let service = Sensors::default();
    let patch = || request(&format!("{SENSOR}?updateMask=a+b%2Bc%20d"), &[], "{}");
    assert_eq!(send(&service.gateway(), patch()).await.status, 200);
    assert_eq!(service.paths().unwrap(), ["a b+c d"]);
    assert_eq!(send(&service.gateway().plus_is_space(false), patch()).await.status, 200);
    assert_eq!(service.paths().unwrap(), ["a+b+c d"]);
}

#[tokio::test]
async fn an_empty_parameter_is_an_error_or_absent() {
    let watch = || request("GET /streaming/v1/topics/w:watch?limit=", &[], "");
    let strict = send(&streams(), watch()).await;
    assert_eq!(strict.json()["message"], "query: `limit`: expected a number");
    assert_eq!(open(&streams().empty_is_unset(true), watch()).await.status(), 200);
}

#[tokio::test]
async fn accept_chooses_the_framing_of_a_stream() {
    const WATCH: &str = "GET /streaming/v1/topics/w:watch?limit=2";
    let accept = |what: &'static str| request(WATCH, &[("accept", what)], "");
    let events = send(&streams(), accept("text/event-stream")).await;
    assert_eq!(events.header("content-type"), Some("text/event-stream"));
    assert_eq!(events.header("cache-control"), Some("no-cache"));
    assert_eq!(events.text(), "data: {\"text\":\"w\"}\n\ndata: {\"sequence\":\"1\",\"text\":\"w\"}\n\n");
    let lines = send(&streams().framing(Framing::Array), accept("application/x-ndjson")).await;
    assert_eq!(lines.header("content-type"), Some("application/x-ndjson"));
    assert_eq!(lines.text().lines().next(), Some(r#"{"result":{"text":"w"}}"#));
    let array = send(&streams(), accept("application/json;framing=array")).await;
    assert_eq!(array.json(), json!([{"text": "w"}, {"sequence": "1", "text": "w"}]));
    // A single response is JSON, even if the client asks for something else.
    let single = request(&format!("GET {GREENHOUSES}/g"), &[("accept", "text/event-stream")], "");
    assert_eq!(send(&Greenhouses::default().gateway(), single).await.json()["greenhouse"]["id"], "g");
    let tail = request("GET /streaming/v1/topics/t:tail", &[("accept", "text/event-stream")], "");
    let error = r#"{"error":{"code":15,"message":"the rest is lost","details":[]}}"#;
    assert_eq!(
        send(&streams(), tail).await.text(),
        format!("data: \"a\"\n\ndata: \"b\"\n\nevent: error\ndata: {error}\n\n")
    );
}

/// Whatever a gateway is set to, the client of this crate reads the same.
#[tokio::test]
async fn a_client_reads_every_framing_and_every_form_of_errors() {
    for accept in
        ["application/json", "application/x-ndjson", "text/event-stream", "application/json;framing=array"]
    {
        for form in [ErrorBody::Status, ErrorBody::Google] {
            let client: Client = Client::builder()
                .rest_service(streams().error_body(form))
                .header("accept", accept)
                .build()
                .unwrap();
            let watch = WatchRequest { topic: "w".into(), limit: Some(2) };
            let mut responses = client.server_streaming(&StreamingService::WATCH, watch).await.unwrap();
            let mut sequences = Vec::new();
            while let Some(response) = responses.message().await.unwrap() {
                sequences.push(response.sequence);
            }
            assert_eq!(sequences, [0, 1], "{accept}");

            let tail = TailRequest { topic: "t".into() };
            let mut responses = client.server_streaming(&StreamingService::TAIL, tail).await.unwrap();
            for line in ["a", "b"] {
                assert_eq!(responses.message().await.unwrap().unwrap().line, line, "{accept}");
            }
            let error = responses.message().await.unwrap_err();
            assert_eq!(
                (error.code(), error.message()),
                (Some(Code::DataLoss), "the rest is lost"),
                "{accept}"
            );

            let mut none = client.server_streaming(&StreamingService::SEARCH, SearchRequest::default()).await;
            let error = match &mut none {
                Ok(responses) => responses.message().await.unwrap_err(),
                Err(_) => none.unwrap_err(),
            };
            assert_eq!(error.code(), Some(Code::InvalidArgument), "{accept}");
        }
    }
}

#[tokio::test]
async fn errors_in_googles_form() {
    let gateway = Greenhouses::default().gateway().error_body(ErrorBody::Google);
    let answer = get(&gateway, &format!("{GREENHOUSES}/none")).await;
    let error = &answer.json()["error"];
    assert_eq!(answer.status, 404);
    assert_eq!((&error["code"], &error["status"]), (&json!(404), &json!("NOT_FOUND")));
    assert_eq!(error["details"][0]["value"], "1.500s");
    let other = send(&gateway, request(&format!("PATCH {GREENHOUSES}/g"), &[], "{}")).await;
    assert_eq!(other.json()["error"]["code"], 405);
}

#[tokio::test]
async fn metadata_with_a_prefix_is_taken_from_a_list() {
    let service = Greenhouses::default();
    let headers = [("grpc-metadata-x-tenant", "t"), ("Grpc-Metadata-Authorization", "Bearer stolen")];
    let call = || request(&format!("GET {GREENHOUSES}/g"), &headers, "");
    send(&service.gateway(), call()).await;
    assert!(service.seen().get("x-tenant").is_none());
    let gateway = service.gateway().accept_prefixed_metadata(&["x-tenant"]);
    send(&gateway, call()).await;
    let seen = service.seen();
    assert_eq!((seen.get("x-tenant").unwrap(), seen.get("authorization")), (&"t".parse().unwrap(), None));
    let both = [("grpc-metadata-x-tenant", "t"), ("x-tenant", "u")];
    let answer = send(&gateway, request(&format!("GET {GREENHOUSES}/g"), &both, "")).await;
    let message = "the request has both x-tenant and grpc-metadata-x-tenant";
    assert_eq!((answer.status.as_u16(), &answer.json()["message"]), (400, &json!(message)));
}

/// A body of which nothing arrives.
struct Silent;

impl http_body::Body for Silent {
    type Data = bytes::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<bytes::Bytes>, Self::Error>>> {
        std::task::Poll::Pending
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_ends_at_the_time_limit() {
    let service = Sensors::default();
    let limit = Duration::from_millis(1500);
    let gateway = service.gateway().time_limit(limit);
    let hangs = SENSOR.replace("/3", "/99");
    let silent = request(SENSOR, &[], "").map(|_| Body::new(Silent));
    for (request, gateway, limit) in [
        (request(&hangs, &[], "{}"), gateway.clone(), limit),
        (silent, gateway, limit),
        (request(&hangs, &[], "{}"), service.gateway(), Duration::from_secs(60)),
    ] {
        let start = tokio::time::Instant::now();
        let answer = send(&gateway, request).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (504, &json!(4)));
        assert!(start.elapsed() >= limit && start.elapsed() < limit + Duration::from_secs(1));
    }
    // A stream has all the time: it gives three responses, then nothing.
    let endless = request("GET /streaming/v1/topics/w:watch", &[], "");
    let mut body = open(&streams().time_limit(limit), endless).await.into_body();
    for _ in 0..3 {
        crate::next(&mut body).await.unwrap().unwrap();
        tokio::time::sleep(limit * 2).await;
    }
    assert!(!body.is_end_stream());
}

#[tokio::test]
async fn a_cors_layer_answers_browsers() {
    use tower_layer::Layer as _;
    use tower_service::Service as _;

    let origin = "https://app.example.com";
    let cors = tower_http::cors::CorsLayer::new()
        .allow_origin([origin.parse().unwrap()])
        .allow_methods(tower_http::cors::Any)
        .allow_headers(["authorization".parse().unwrap()]);
    let mut service = cors.layer(Greenhouses::default().gateway());
    let call = |verb: &str| {
        let headers = [("origin", origin), ("access-control-request-method", "GET")];
        request(&format!("{verb} {GREENHOUSES}/g"), &headers, "")
    };
    for verb in ["OPTIONS", "GET"] {
        let response = service.call(call(verb)).await.unwrap();
        assert_eq!(response.status(), 200, "{verb}");
        assert_eq!(response.headers()["access-control-allow-origin"], origin, "{verb}");
    }
}

#[tokio::test]
async fn a_401_names_the_scheme() {
    let gateway = Greenhouses::default().gateway();
    let call = || request(&format!("DELETE {GREENHOUSES}/16"), &[], "");
    let answer = send(&gateway, call()).await;
    assert_eq!((answer.status.as_u16(), answer.header("www-authenticate")), (401, Some("Bearer")));
    let gateway = gateway.challenge("Basic realm=\"x\"".parse().unwrap());
    assert_eq!(send(&gateway, call()).await.header("www-authenticate"), Some("Basic realm=\"x\""));
    let other = send(&gateway, request(&format!("DELETE {GREENHOUSES}/7"), &[], "")).await;
    assert_eq!((other.status.as_u16(), other.header("www-authenticate")), (403, None));
}
