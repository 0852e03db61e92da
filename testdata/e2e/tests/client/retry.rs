//! Which calls are made again, when, and how often.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use lumen_cloud::greenhouse::v1::*;
use rust_sdk_runtime::rpc::RetryInfo;
use rust_sdk_runtime::schema::HasSchema;
use rust_sdk_runtime::{Code, Error, Fake, RetryPolicy};
use shapes::streaming::v1::{
    CollectRequest, CollectResponse, StreamingService, TalkRequest, TalkResponse, WatchRequest, WatchResponse,
};
use tokio::time::Instant;
use tokio_stream::StreamExt as _;

use crate::{client, got, script, status};

const GET: rust_sdk_runtime::Rpc<GetGreenhouseRequest, GetGreenhouseResponse> =
    GreenhouseService::GET_GREENHOUSE;
const CREATE: rust_sdk_runtime::Rpc<CreateGreenhouseRequest, CreateGreenhouseResponse> =
    GreenhouseService::CREATE_GREENHOUSE;

fn unavailable<O>() -> Result<O, Error> {
    Err(status(Code::Unavailable))
}

/// An error by which the server says how long to wait.
fn retry_after(code: Code, delay: Duration) -> Error {
    let info = RetryInfo { retry_delay: Some(delay.try_into().unwrap()) };
    let detail = prost_types::Any {
        type_url: format!("type.googleapis.com/{}", RetryInfo::schema().name()),
        value: prost::Message::encode_to_vec(&info),
    };
    let details =
        rust_sdk_runtime::rpc::Status { code: code.number(), message: String::new(), details: vec![detail] };
    status(code).with_details(prost::Message::encode_to_vec(&details))
}

fn attempts(fake: &Fake) -> Vec<Option<String>> {
    let of = |call: rust_sdk_runtime::testing::FakeCall| {
        call.headers.get("grpc-previous-rpc-attempts").map(ToOwned::to_owned)
    };
    fake.calls().into_iter().map(of).collect()
}

#[tokio::test(start_paused = true)]
async fn a_call_that_reads_is_made_again_up_to_the_policy() {
    let (fake, seen) = script(&GET, [unavailable(), unavailable(), got(GreenhousePhase::Running)]);
    let start = Instant::now();
    client(&fake).greenhouse_service().get_greenhouse("g").await.unwrap();
    assert_eq!(
        seen.all(),
        vec![GetGreenhouseRequest::default().with_account_id("a").with_greenhouse_id("g"); 3]
    );
    assert_eq!(attempts(&fake), [None, Some("1".to_owned()), Some("2".to_owned())]);
    // 200 ms and 400 ms, each between a half and the whole of it.
    let waited = start.elapsed();
    assert!(Duration::from_millis(300) <= waited && waited < Duration::from_millis(700), "{waited:?}");

    for (policy, made) in [
        (RetryPolicy::new(), 4),
        (RetryPolicy::new().attempts(2), 2),
        (RetryPolicy::never(), 1),
        (RetryPolicy::new().attempts(0), 1),
    ] {
        let (fake, seen) = script(&GET, [unavailable()]);
        let error =
            client(&fake).greenhouse_service().get_greenhouse("g").retry(policy.clone()).await.unwrap_err();
        assert!(error.is_unavailable());
        assert_eq!(seen.count(), made, "{policy:?}");
        let client = lumen_cloud::Client::builder()
            .grpc_service(fake.clone())
            .account_id("a")
            .retry(policy.clone())
            .build()
            .unwrap();
        client.greenhouse_service().get_greenhouse("g").await.unwrap_err();
        assert_eq!(seen.count(), 2 * made, "{policy:?} of the client");
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_not_made_again_after_what_does_not_pass() {
    for number in (1..=16).filter(|number| *number != Code::Unavailable.number()) {
        let code = Code::from_number(number);
        let (fake, seen) = script(&GET, [Err(status(code)), got(GreenhousePhase::Running)]);
        let error = client(&fake).greenhouse_service().get_greenhouse("g").await.unwrap_err();
        assert_eq!((error.code(), seen.count()), (Some(code), 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_changes_things_is_made_once_unless_it_is_said_to_be_safe() {
    let created = || Ok(CreateGreenhouseResponse::default());
    let (fake, seen) = script(&CREATE, [unavailable(), created()]);
    let create = || client(&fake).greenhouse_service().create_greenhouse(Greenhouse::default());
    assert!(create().await.unwrap_err().is_unavailable());
    assert_eq!(seen.count(), 1);

    let (fake, seen) = script(&CREATE, [unavailable(), created()]);
    let create = || client(&fake).greenhouse_service().create_greenhouse(Greenhouse::default());
    create().idempotency_key("key-1").await.unwrap();
    assert_eq!(seen.count(), 2);
    assert!(fake.calls().iter().all(|call| call.headers.get("idempotency-key") == Some("key-1")));

    let (fake, seen) = script(&CREATE, [unavailable(), created()]);
    let create = || client(&fake).greenhouse_service().create_greenhouse(Greenhouse::default());
    create().idempotent(true).await.unwrap();
    assert_eq!(seen.count(), 2);
    assert!(fake.calls().iter().all(|call| call.headers.get("idempotency-key").is_none()));

    let (fake, seen) = script(&GET, [unavailable(), got(GreenhousePhase::Running)]);
    let get = client(&fake).greenhouse_service().get_greenhouse("g").idempotent(false);
    assert!(get.await.unwrap_err().is_unavailable());
    assert_eq!(seen.count(), 1);

    let wrong = create().idempotency_key("two\nlines").await.unwrap_err();
    assert!(wrong.is_local(), "{wrong}");
}

#[tokio::test(start_paused = true)]
async fn the_server_says_how_long_to_wait_at_least() {
    for code in [Code::Unavailable, Code::ResourceExhausted, Code::Aborted] {
        let asked = Duration::from_secs(5);
        let (fake, seen) = script(&GET, [Err(retry_after(code, asked)), got(GreenhousePhase::Running)]);
        let start = Instant::now();
        client(&fake).greenhouse_service().get_greenhouse("g").await.unwrap();
        let waited = start.elapsed();
        assert!(asked <= waited && waited < asked + Duration::from_secs(1), "{code:?}: {waited:?}");
        assert_eq!(seen.count(), 2);
    }
    // More than the longest delay: the caller should know at once.
    let patient = RetryPolicy::new().longest_delay(Duration::from_secs(60));
    for (policy, is_patient) in [(RetryPolicy::new(), false), (patient, true)] {
        let asked = Duration::from_secs(30);
        let (fake, seen) =
            script(&GET, [Err(retry_after(Code::Unavailable, asked)), got(GreenhousePhase::Running)]);
        let start = Instant::now();
        let result = client(&fake).greenhouse_service().get_greenhouse("g").retry(policy).await;
        if is_patient {
            result.unwrap();
            assert_eq!(seen.count(), 2);
        } else {
            assert_eq!(result.unwrap_err().retry_delay(), Some(asked));
            assert_eq!((seen.count(), start.elapsed().as_secs()), (1, 0));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_deadline_is_that_of_all_attempts() {
    let policy = RetryPolicy::new().attempts(1000).first_delay(Duration::from_secs(1));
    let (fake, seen) = script(&GET, [unavailable()]);
    let start = Instant::now();
    let call = client(&fake).greenhouse_service().get_greenhouse("g").retry(policy);
    let error = call.timeout(Duration::from_secs(20)).await.unwrap_err();
    // There is no use in waiting for an attempt that comes too late.
    assert!(error.is_unavailable(), "{error}");
    assert!(start.elapsed() < Duration::from_secs(20));
    assert!((3..10).contains(&seen.count()), "{}", seen.count());
    let told: Vec<_> =
        fake.calls().iter().map(|call| call.headers.get("grpc-timeout").unwrap().to_owned()).collect();
    // Below 100 milliseconds, the header has nanoseconds.
    let nanoseconds = |told: &String| match told.strip_suffix('u') {
        Some(micros) => micros.parse::<u64>().unwrap() * 1000,
        None => told.strip_suffix('n').unwrap().parse().unwrap(),
    };
    assert!(told.iter().map(nanoseconds).is_sorted_by(|before, after| before > after), "{told:?}");

    let fake = Fake::new().on_async(&GET, |_| std::future::pending::<Result<GetGreenhouseResponse, Error>>());
    let call = client(&fake).greenhouse_service().get_greenhouse("g").timeout(Duration::from_secs(3));
    assert!(call.await.unwrap_err().is_timeout());
    assert_eq!(fake.calls().len(), 1, "a deadline is not for trying again");
}

fn shapes_client(fake: &Fake) -> shapes::Client {
    shapes::Client::builder().grpc_service(fake.clone()).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_asked_for_again_only_before_its_first_response() {
    let item = |sequence| Ok(WatchResponse { sequence, text: String::new() });
    let made = AtomicUsize::new(0);
    let fake = Fake::new().on_stream(&StreamingService::WATCH, move |request: WatchRequest| {
        match (request.topic.as_str(), made.fetch_add(1, Ordering::SeqCst)) {
            ("broken", _) => vec![item(1), unavailable()],
            (_, 0) => vec![unavailable()],
            _ => vec![item(1), item(2)],
        }
    });
    let service = shapes_client(&fake).streaming_service();
    let items = service.watch("late").await.unwrap();
    assert_eq!(items.map(|item| item.unwrap().sequence).collect::<Vec<_>>().await, [1, 2]);
    assert_eq!(fake.calls().len(), 2);

    let mut broken = service.watch("broken").await.unwrap();
    assert_eq!(broken.message().await.unwrap().unwrap().sequence, 1);
    assert!(broken.message().await.unwrap_err().is_unavailable());
    assert_eq!(fake.calls().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn calls_that_send_a_stream_are_made_once() {
    let fake = Fake::new()
        .on_streams(&StreamingService::COLLECT, |_: Vec<CollectRequest>| {
            unavailable::<Vec<Result<CollectResponse, _>>>()
        })
        .on_streams(&StreamingService::TALK, |_: Vec<TalkRequest>| {
            unavailable::<Vec<Result<TalkResponse, _>>>()
        });
    let service = shapes_client(&fake).streaming_service();
    let call = service.collect(tokio_stream::iter([CollectRequest::default()])).idempotent(true);
    assert!(call.await.unwrap_err().is_unavailable());
    assert_eq!(fake.calls().len(), 1);
    let call = service.talk(tokio_stream::iter([TalkRequest::default()])).idempotent(true);
    let error = match call.await {
        Ok(mut stream) => stream.next().await.unwrap().unwrap_err(),
        Err(error) => error,
    };
    assert!(error.is_unavailable());
    assert_eq!(fake.calls().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn under_an_outage_a_client_stops_to_repeat() {
    let (fake, seen) = script(&GET, [unavailable()]);
    let client = client(&fake);
    for _ in 0..200 {
        client.greenhouse_service().get_greenhouse("g").await.unwrap_err();
    }
    assert_eq!(seen.count(), 200 + 100);
    // Another client has a budget of its own.
    crate::client(&fake).greenhouse_service().get_greenhouse("g").await.unwrap_err();
    assert_eq!(seen.count(), 300 + 4);
}
