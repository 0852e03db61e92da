//! What a server writes down of its calls.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use lumen_cloud::API;
use rust_sdk_runtime::access::Identity;
use rust_sdk_runtime::server::access_layer;
use rust_sdk_runtime::transport::Body;
use tower_service::Service as _;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::server::{Directory, routes};
use crate::wire::framed;

/// Writes down every field, and when spans are entered.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = writeln!(self.0.lock().unwrap(), "{field}={value:?}");
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("rust_sdk_runtime")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let _ = writeln!(self.0.lock().unwrap(), "new {}", span.metadata().name());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// What is written down of this request. Other tests meet the same events without a subscriber; where that falls into the
/// moment in which tracing learns of ours, nothing is written, and the request is made again.
async fn log(request: http::request::Builder, body: impl Into<bytes::Bytes>) -> String {
    let caller = Identity::new(["read:greenhouses", "write:greenhouses"]).within("a");
    let mut service = access_layer(&API, Directory::of([caller])).layer(routes());
    let request = request.header("x-caller", "0").header("x-secret", "hunter2").body(body.into()).unwrap();
    for _ in 0..100 {
        let log = Log::default();
        let guard = tracing::subscriber::set_default(log.clone());
        service.call(request.clone().map(Body::full)).await.unwrap();
        drop(guard);
        let written = log.0.lock().unwrap().clone();
        assert!(!written.contains("hunter"), "{written}");
        if !written.is_empty() {
            return written;
        }
    }
    String::new()
}

fn span(system: &str, method: &str, values: &str) -> String {
    let service = "lumen.cloud.greenhouse.v1.GreenhouseService";
    format!("new call\nrpc.system={system:?}\nrpc.service={service:?}\nrpc.method={method:?}\n{values}")
}

#[tokio::test]
async fn a_span_has_the_fields_that_the_method_logs() {
    let grpc = |method: &str| {
        let path = format!("/lumen.cloud.greenhouse.v1.GreenhouseService/{method}");
        http::Request::post(path).header("content-type", "application/grpc")
    };
    let message = framed(&[10, 1, b'a', 18, 2, b'g', b'1']);
    let written = log(grpc("GetGreenhouse"), message.clone()).await;
    assert_eq!(written, span("grpc", "GetGreenhouse", "greenhouse_id=\"g1\"\n"));
    let target = "/api/greenhouse/v1/accounts/a/greenhouses";
    let written = log(http::Request::get(format!("{target}/g%201")), "").await;
    assert_eq!(written, span("http", "GetGreenhouse", "greenhouse_id=\"g 1\"\n"));
    let written = log(http::Request::get(format!("{target}?regionId=eu-1")), "").await;
    assert_eq!(written, span("http", "ListGreenhouses", "region_id=\"eu-1\"\n"));
    let body = r#"{"greenhouse": {"accountId": "a", "name": "tomatoes", "labels": {"x": "hunter3"}}}"#;
    let written = log(http::Request::post(target), body).await;
    assert_eq!(written, span("http", "CreateGreenhouse", "greenhouse_name=\"tomatoes\"\n"));
    // The method logs nothing.
    let written = log(http::Request::post(format!("{target}/g/restart")), "{}").await;
    assert!(written.starts_with(&span("http", "RestartGreenhouse", "")), "{written}");
}

#[tokio::test]
async fn a_refusal_leaves_its_reason() {
    let request = http::Request::delete("/api/greenhouse/v1/accounts/a/greenhouses/g");
    let written = log(request, "").await;
    for line in [
        "rpc.method=\"lumen.cloud.greenhouse.v1.GreenhouseService/DeleteGreenhouse\"",
        "rpc.status=\"PERMISSION_DENIED\"",
        "reason=\"PERMISSION_MISSING\"",
        "message=the caller lacks the permission `delete:greenhouses`",
    ] {
        assert!(written.lines().any(|written| written == line), "{line} is not in\n{written}");
    }
    assert!(!written.contains("new call"), "{written}");
}
