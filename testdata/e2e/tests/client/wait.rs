//! Calls that are made until the response is as it should be.

use std::error::Error as _;
use std::time::Duration;

use lumen_cloud::greenhouse::v1::*;
use rust_sdk_runtime::client::Wait;
use rust_sdk_runtime::{Code, Error, ErrorKind, RetryPolicy};
use tokio::time::Instant;

use crate::{client, got, script, status};

const GET: rust_sdk_runtime::Rpc<GetGreenhouseRequest, GetGreenhouseResponse> =
    GreenhouseService::GET_GREENHOUSE;

fn is_running(response: &GetGreenhouseResponse) -> bool {
    let state = response.greenhouse.as_ref().and_then(|greenhouse| greenhouse.state.as_ref());
    state.is_some_and(|state| state.phase() == GreenhousePhase::Running)
}

/// Waits for the greenhouse `g` to run, asking once a second, without repetitions of single calls.
fn wait(fake: &rust_sdk_runtime::Fake) -> Wait<GetGreenhouseRequest, GetGreenhouseResponse> {
    let call = client(fake).greenhouse_service().get_greenhouse("g").retry(RetryPolicy::never());
    call.wait_until(is_running).every(Duration::from_secs(1))
}

#[tokio::test(start_paused = true)]
async fn it_asks_until_it_is_so() {
    let building = || got(GreenhousePhase::Building);
    let (fake, seen) = script(&GET, [building(), building(), got(GreenhousePhase::Running), building()]);
    let start = Instant::now();
    assert!(is_running(&wait(&fake).await.unwrap()));
    assert_eq!(start.elapsed().as_secs(), 2);
    assert_eq!(
        seen.all(),
        vec![GetGreenhouseRequest::default().with_account_id("a").with_greenhouse_id("g"); 3]
    );
}

#[tokio::test(start_paused = true)]
async fn the_pauses_grow_unless_they_are_set() {
    let mut answers: Vec<_> = (0..20).map(|_| got(GreenhousePhase::Building)).collect();
    answers.push(got(GreenhousePhase::Running));
    let (fake, _) = script(&GET, answers);
    let start = Instant::now();
    client(&fake).greenhouse_service().get_greenhouse("g").wait_until(is_running).await.unwrap();
    // 1 s, 1.5 s, 2.25 s, … up to 15 s.
    let pauses = (0..20).map(|made| 1.5_f64.powi(made).min(15.0)).sum::<f64>();
    let elapsed = start.elapsed().as_secs_f64();
    assert!((elapsed - pauses).abs() < 1.0, "{elapsed} instead of {pauses}");
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_waited_through() {
    let (fake, seen) = script(
        &GET,
        [
            Err(status(Code::Unavailable)),
            Err(status(Code::DeadlineExceeded)),
            got(GreenhousePhase::Building),
            Err(status(Code::Unavailable)),
            got(GreenhousePhase::Running),
        ],
    );
    assert!(is_running(&wait(&fake).await.unwrap()));
    assert_eq!(seen.count(), 5);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_pass_ends_it() {
    for code in [Code::NotFound, Code::PermissionDenied, Code::ResourceExhausted, Code::Internal] {
        let (fake, seen) = script(&GET, [got(GreenhousePhase::Building), Err(status(code))]);
        let failed = wait(&fake).await.unwrap_err();
        assert_eq!(failed.last(), got(GreenhousePhase::Building).ok().as_ref());
        let error = Error::from(failed);
        assert_eq!((error.code(), error.method()), (Some(code), Some(GET.full_name())));
        assert_eq!(seen.count(), 2);
    }
    let (fake, seen) = script(&GET, [got(GreenhousePhase::Running)]);
    let call = client(&fake).greenhouse_service().get_greenhouse("g").header("not a name", "x");
    assert!(call.wait_until(is_running).await.unwrap_err().error().is_local());
    assert_eq!(seen.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn in_the_end_the_error_says_what_the_last_one_was() {
    let (fake, seen) = script(&GET, [got(GreenhousePhase::Building), Err(status(Code::Unavailable))]);
    let failed = wait(&fake).at_most(Duration::from_millis(3500)).await.unwrap_err();
    let text = "DEADLINE_EXCEEDED: the condition was not met within 3.5s; the last attempt failed: UNAVAILABLE: so it is (";
    assert!(failed.to_string().starts_with(text), "{failed}");
    assert!(!format!("{failed:?}").contains("Building"), "{failed:?}");
    assert_eq!(failed.last(), got(GreenhousePhase::Building).ok().as_ref());
    let error = failed.into_error();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Timeout, Some(Code::DeadlineExceeded)));
    assert_eq!(error.method(), Some(GET.full_name()));
    let last = error.source().unwrap().downcast_ref::<Error>().unwrap();
    assert!(last.is_unavailable() && last.message() == "so it is", "{last}");
    assert_eq!(seen.count(), 4);

    // An answer after it takes its place.
    let (fake, _) = script(&GET, [Err(status(Code::Unavailable)), got(GreenhousePhase::Building)]);
    let failed = wait(&fake).at_most(Duration::from_secs(3)).await.unwrap_err();
    assert!(failed.error().is_timeout() && failed.source().is_none(), "{failed:?}");
    assert_eq!(failed.into_last(), got(GreenhousePhase::Building).ok());

    let (fake, _) = script(&GET, [Err(status(Code::Unavailable)), Err(status(Code::NotFound))]);
    assert_eq!(wait(&fake).await.unwrap_err().into_last(), None);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_hangs_is_bounded_by_the_calls_own_timeout() {
    let fake = rust_sdk_runtime::Fake::new()
        .on_async(&GET, |_| std::future::pending::<Result<GetGreenhouseResponse, Error>>());
    let call = client(&fake).greenhouse_service().get_greenhouse("g").timeout(Duration::from_secs(2));
    let wait = call.wait_until(is_running).every(Duration::from_secs(1));
    let error = wait.at_most(Duration::from_secs(10)).await.unwrap_err();
    assert!(error.error().is_timeout());
    // At 0, 3, 6 and 9 seconds.
    assert_eq!(fake.calls().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn it_gives_up_when_it_can_no_longer_come_about() {
    let (fake, seen) = script(&GET, [got(GreenhousePhase::Building), got(GreenhousePhase::Unspecified)]);
    let is_over = |response: &GetGreenhouseResponse| {
        response
            .greenhouse()
            .is_ok_and(|one| one.state.iter().any(|s| s.phase() == GreenhousePhase::Unspecified))
    };
    let failed = wait(&fake).unless(is_over).await.unwrap_err();
    assert_eq!((failed.error().kind(), seen.all().len()), (rust_sdk_runtime::ErrorKind::GaveUp, 2));
    assert!(is_over(failed.last().unwrap()));
}
