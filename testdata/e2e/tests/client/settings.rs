//! Settings of the client and of its calls.

use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use lumen_cloud::Client;
use lumen_cloud::greenhouse::v1::*;
use rust_sdk_runtime::{Code, Error, ErrorKind, Fake, Metadata, RetryPolicy};
use tower_layer::Layer;
use tower_service::Service;

use crate::{got, script, status};

/// A server whose errors have this trailer.
fn tracing(name: &'static str, value: &'static str) -> Fake {
    Fake::new().on(&GreenhouseService::GET_GREENHOUSE, move |_| {
        let trailers: http::HeaderMap =
            [(http::HeaderName::from_static(name), http::HeaderValue::from_static(value))]
                .into_iter()
                .collect();
        Err(status(Code::Internal).with_trailers(Metadata::from(trailers)))
    })
}

#[tokio::test]
async fn the_trace_id_is_the_servers_name_of_the_call() {
    for name in ["x-request-id", "x-correlation-id", "x-trace-id"] {
        let error =
            crate::client(&tracing(name, "t-1")).greenhouse_service().get_greenhouse("g").await.unwrap_err();
        assert_eq!(error.trace_id(), Some("t-1"), "{name}");
        assert_eq!(
            error.to_string(),
            "INTERNAL: so it is (lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse, trace t-1)"
        );
    }
    let fake = tracing("lumen-trace-id", "t-2");
    let error = crate::client(&fake).greenhouse_service().get_greenhouse("g").await.unwrap_err();
    assert_eq!(error.trace_id(), None);
    assert!(!error.to_string().contains("t-2"), "{error}");

    let told = Client::builder()
        .grpc_service(fake.clone())
        .account_id("a")
        .trace_header("lumen-trace-id")
        .build()
        .unwrap();
    let error = told.greenhouse_service().get_greenhouse("g").await.unwrap_err();
    assert_eq!(error.trace_id(), Some("t-2"));

    // This crate was generated with the option `trace_header`.
    let generated = lumen_cloud_2021::Client::builder().grpc_service(fake).account_id("a").build().unwrap();
    let error = generated.greenhouse_service().get_greenhouse("g").await.unwrap_err();
    assert_eq!(error.trace_id(), Some("t-2"));

    let wrong = Client::builder().grpc("http://localhost").trace_header("not a name").build().unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::Config);
}

/// Adds a header to every request, and notes the number of them.
#[derive(Clone, Default)]
struct Stamp(Arc<Mutex<u32>>);

#[derive(Clone)]
struct Stamping<S>(S, Stamp);

impl<S> Layer<S> for Stamp {
    type Service = Stamping<S>;

    fn layer(&self, inner: S) -> Stamping<S> {
        Stamping(inner, self.clone())
    }
}

impl<S: Service<http::Request<B>>, B> Service<http::Request<B>> for Stamping<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut request: http::Request<B>) -> S::Future {
        let mut count = self.1.0.lock().unwrap();
        *count += 1;
        request.headers_mut().insert("x-stamp", (*count).into());
        self.0.call(request)
    }
}

#[tokio::test(start_paused = true)]
async fn a_layer_sees_the_requests_of_all_attempts() {
    let unavailable = || Err(status(Code::Unavailable));
    let answers = [unavailable(), unavailable(), got(GreenhousePhase::Running)];
    let (fake, _) = script(&GreenhouseService::GET_GREENHOUSE, answers);
    let stamp = Stamp::default();
    let client = Client::builder()
        .grpc_service(fake.clone())
        .account_id("a")
        .api_key("k")
        .layer(stamp.clone())
        .build()
        .unwrap();
    client.greenhouse_service().get_greenhouse("g").await.unwrap();
    assert_eq!(*stamp.0.lock().unwrap(), 3);
    let stamps: Vec<_> =
        fake.calls().iter().map(|call| call.headers.get("x-stamp").unwrap().to_owned()).collect();
    assert_eq!(stamps, ["1", "2", "3"]);
    assert!(fake.calls().iter().all(|call| call.headers.get("authorization") == Some("apikey k")));
}

#[test]
fn root_certificates_that_are_none_are_an_error_of_build() {
    let empty = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";
    for pem in ["garbage", "", empty, "-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n"] {
        let error = Client::builder().grpc("https://localhost").root_certificates(pem).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{pem:?}: {error}");
    }
}

#[tokio::test]
async fn arguments_setters_and_whole_requests_say_the_same() {
    let answer = || Ok(UploadPlanResponse { beds: 1 });
    let (fake, seen) = script(&GreenhouseService::UPLOAD_PLAN, [answer()]);
    let client = crate::client(&fake);
    let plan = Plan { media_type: "image/png".into(), data: vec![1] };
    let request = UploadPlanRequest {
        account_id: "a".into(),
        greenhouse_id: "g".into(),
        plan: Some(plan.clone()),
        overwrite: true,
    };
    client.call(&GreenhouseService::UPLOAD_PLAN, request.clone()).await.unwrap();
    let upload = || client.greenhouse_service().upload_plan("g", plan.clone());
    upload().account_id("a").overwrite(true).await.unwrap();
    upload().with(|_| request.clone()).await.unwrap();
    let response =
        upload().account_id("a").overwrite(true).timeout(Duration::from_secs(9)).with_response().await;
    assert_eq!(response.unwrap().message.beds, 1);
    assert_eq!(seen.all(), vec![request; 4]);
    // An argument can be set once more: the last one counts.
    upload().greenhouse_id("other").await.unwrap();
    assert_eq!(seen.all().pop().unwrap().greenhouse_id, "other");
}

#[tokio::test]
async fn a_call_is_nothing_until_it_is_awaited() {
    let (fake, seen) = script(&GreenhouseService::GET_GREENHOUSE, [got(GreenhousePhase::Running)]);
    let call = crate::client(&fake).greenhouse_service().get_greenhouse("g");
    tokio::task::yield_now().await;
    assert_eq!(seen.count(), 0);
    drop(call);
    tokio::task::yield_now().await;
    assert_eq!((seen.count(), fake.calls().len()), (0, 0));
    let _: Error = status(Code::Ok);
}

#[test]
fn a_client_is_of_one_server() {
    let error = Client::builder().grpc("http://localhost:1").rest("http://localhost:2").build().unwrap_err();
    assert!(error.is_local() && error.message().contains("more than one server"), "{error}");
}

#[tokio::test]
async fn no_time_is_not_enough() {
    let fake = Fake::new().on(&GreenhouseService::GET_GREENHOUSE, |_| Ok(GetGreenhouseResponse::default()));
    let call = crate::client(&fake).greenhouse_service().get_greenhouse("g").timeout(Duration::ZERO);
    assert!(call.await.unwrap_err().is_timeout());
    assert!(fake.calls().is_empty());
}

#[tokio::test]
async fn a_fake_keeps_the_requests() {
    let fake = Fake::new().on(&GreenhouseService::GET_GREENHOUSE, |_| Ok(GetGreenhouseResponse::default()));
    crate::client(&fake).greenhouse_service().get_greenhouse("g-7").await.unwrap();
    assert_eq!(fake.requests(&GreenhouseService::GET_GREENHOUSE)[0].greenhouse_id, "g-7");
    assert!(!format!("{:?}", fake.calls()).contains("g-7"));
}

#[tokio::test]
async fn what_was_not_sent_is_sent_again_even_if_it_changes_things() {
    // Nothing listens there: every attempt ends before anything is sent.
    let stamp = Stamp::default();
    let client = Client::builder()
        .grpc("http://127.0.0.1:1")
        .retry(RetryPolicy::new().attempts(3).first_delay(Duration::from_millis(1)))
        .layer(stamp.clone())
        .account_id("a")
        .build()
        .unwrap();
    let call = client.greenhouse_service().create_greenhouse(Greenhouse::default());
    assert!(call.await.unwrap_err().is_unavailable());
    assert_eq!(*stamp.0.lock().unwrap(), 3);
}

#[tokio::test]
async fn the_server_is_told_which_program_and_which_sdk_calls() {
    let fake = Fake::new().on(&GreenhouseService::GET_GREENHOUSE, |_| Ok(GetGreenhouseResponse::default()));
    let builder = || Client::builder().grpc_service(fake.clone()).account_id("a");
    for client in [builder().build().unwrap(), builder().user_agent("app/7").build().unwrap()] {
        client.greenhouse_service().get_greenhouse("g").await.unwrap();
    }
    let runtime = concat!("rust-sdk-runtime/", env!("CARGO_PKG_VERSION"));
    let told: Vec<_> =
        fake.calls().iter().filter_map(|call| call.headers.get("user-agent").map(str::to_owned)).collect();
    assert_eq!(told, [format!("lumen-cloud/0.1.0 {runtime}"), format!("app/7 lumen-cloud/0.1.0 {runtime}")]);
}
