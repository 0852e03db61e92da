//! Operations that fail, are cancelled or cannot be followed.

use std::error::Error as _;

use kiln::google::longrunning::{Operation, operation};
use kiln::v1::KilnService;
use rust_sdk_runtime::{Code, Error, ErrorKind, RetryPolicy, rpc};
use tokio::time::Instant;
use tokio_stream::StreamExt as _;
use tonic::Status;

use crate::server::{NAME, Studio, any, done, failed, fired, piece, running};
use crate::{SECOND, fire, firing};

const FIRE: &str = "kiln.v1.KilnService/FirePiece";
const GET: &str = "google.longrunning.Operations/GetOperation";

#[tokio::test(start_paused = true)]
async fn a_failed_operation_is_an_error_with_all_that_the_server_states() {
    let info =
        || rpc::ErrorInfo { reason: "NO_GAS".into(), domain: "kiln.example".into(), ..Default::default() };
    let details = || vec![any("google.rpc.ErrorInfo", &info())];
    let script = || vec![running(0), failed(tonic::Code::ResourceExhausted, details())];
    Studio::each(script, |studio, client| async move {
        let error = fire(&client).until_done().await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Status, Some(Code::ResourceExhausted)));
        assert_eq!((error.message(), error.operation()), ("the kiln went cold", Some(NAME)));
        assert_eq!(error.error_info(), Some(info()));
        assert_eq!(
            error.to_string(),
            format!("RESOURCE_EXHAUSTED: the kiln went cold ({FIRE}, operation {NAME}, reason NO_GAS)")
        );
        assert_eq!(studio.calls(), firing(1));

        // The progress ends with the same error.
        studio.then([running(0), failed(tonic::Code::Aborted, vec![])]);
        let mut poller = fire(&client);
        assert!(poller.state().await.unwrap().is_some());
        assert!(poller.state().await.unwrap_err().is_aborted());
        assert!(poller.state().await.unwrap().is_none());
        assert_eq!(poller.until_done().await.unwrap_err().kind(), ErrorKind::GaveUp);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_failure_without_a_code_is_a_failure() {
    Studio::each(
        || vec![failed(tonic::Code::Ok, vec![])],
        |_, client| async move {
            let error = fire(&client).until_done().await.unwrap_err();
            assert_eq!((error.code(), error.message()), (Some(Code::Unknown), "the kiln went cold"));
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_operation_ends_with_that_error() {
    Studio::each(
        || vec![running(0)],
        |studio, client| async move {
            let mut poller = fire(&client);
            assert!(poller.cancel().await.unwrap_err().is_local());
            poller.start().await.unwrap();
            poller.cancel().await.unwrap();
            let error = poller.until_done().await.unwrap_err();
            assert!(error.is_cancelled(), "{error}");
            assert_eq!(error.operation(), Some(NAME));
            let mut calls = firing(0);
            calls.push(("CancelOperation", NAME.into()));
            calls.push(("GetOperation", NAME.into()));
            assert_eq!(studio.calls(), calls);

            // From anywhere else, by name.
            client.operation(&KilnService::FIRE_PIECE, NAME).delete().await.unwrap();
            assert_eq!(studio.calls().last().unwrap(), &("DeleteOperation", NAME.to_owned()));
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn lost_polls_do_not_end_the_wait() {
    let lost = || Err(Status::unavailable("gone"));
    let script = || vec![running(0), lost(), lost(), running(50), lost(), fired()];
    Studio::each(script, |studio, client| async move {
        // The call's own policy repeats the polls.
        assert_eq!(fire(&client).until_done().await.unwrap(), piece());
        assert_eq!(studio.calls(), firing(5));
    })
    .await;
    Studio::each(script, |studio, client| async move {
        let call = client.kiln_service().fire_piece("studios/s", piece()).retry(RetryPolicy::never());
        let start = Instant::now();
        let mut states = call.poller().every(SECOND).map(|state| state.unwrap().is_done());
        let mut all = Vec::new();
        while let Some(is_done) = states.next().await {
            all.push(is_done);
        }
        assert_eq!((all, studio.polls(), start.elapsed().as_secs()), (vec![false, false, true], 5, 5));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn other_errors_of_polls_end_it() {
    for code in [tonic::Code::PermissionDenied, tonic::Code::NotFound, tonic::Code::Internal] {
        Studio::each(
            || vec![running(0), Err(Status::new(code, "no"))],
            |studio, client| async move {
                let error = fire(&client).until_done().await.unwrap_err();
                assert_eq!((error.method(), error.operation()), (Some(GET), Some(NAME)));
                assert_eq!(error.code().unwrap() as i32, code as i32);
                assert_eq!(studio.calls(), firing(1));
            },
        )
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_start_that_fails_is_not_polled() {
    Studio::each(
        || vec![Err(Status::unavailable("no"))],
        |studio, client| async move {
            let error = fire(&client).until_done().await.unwrap_err();
            assert!(error.is_unavailable() && error.operation().is_none(), "{error}");
            assert_eq!((error.method(), studio.calls()), (Some(FIRE), firing(0)));
            let call = client.kiln_service().fire_piece("studios/s", piece()).header("not a name", "x");
            assert!(call.poller().until_done().await.unwrap_err().is_local());
            assert!(fire(&client).header("x", "a\nb").until_done().await.unwrap_err().is_local());
            let resumed = client.operation(&KilnService::FIRE_PIECE, NAME).header("host", "x");
            assert!(resumed.until_done().await.unwrap_err().is_local());
            assert_eq!(studio.calls(), firing(0));
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_response_of_another_type_is_an_error() {
    let other = || operation::Result::Response(any("kiln.v1.FiringMetadata", &()));
    Studio::each(|| vec![running(0), done(Some(other()))], |_, client| async move {
        let error = fire(&client).until_done().await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Decode, Some(NAME)));
        assert_eq!(
            error.message(),
            "the response of the operation is a `kiln.v1.FiringMetadata`, and not a `kiln.v1.Piece` as the API states"
        );
    })
    .await;
    Studio::each(
        || vec![done(None)],
        |_, client| async move {
            let error = fire(&client).until_done().await.unwrap_err();
            let message = "the operation is done, but has no response; it should be a `kiln.v1.Piece`";
            assert_eq!((error.kind(), error.message()), (ErrorKind::Decode, message));
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn metadata_of_another_type_does_not_end_the_wait() {
    let odd = || {
        let metadata = Some(any("kiln.v1.Piece", &piece()));
        Ok(Operation { name: NAME.into(), metadata, ..Operation::default() })
    };
    Studio::each(
        || vec![odd(), fired()],
        |_, client| async move {
            let mut poller = fire(&client);
            let state = poller.state().await.unwrap().unwrap();
            let error = state.metadata().unwrap_err();
            assert_eq!((error.kind(), error.operation()), (ErrorKind::Decode, Some(NAME)));
            assert_eq!(state.any_metadata(), Some(any("kiln.v1.Piece", &piece())));
            assert_eq!(poller.until_done().await.unwrap(), piece());
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn one_without_a_name_cannot_be_followed() {
    let unnamed = || Ok(Operation { name: String::new(), ..Operation::default() });
    Studio::each(
        || vec![unnamed()],
        |studio, client| async move {
            let error = fire(&client).until_done().await.unwrap_err();
            assert_eq!((error.kind(), studio.calls()), (ErrorKind::Decode, firing(0)));
            assert!(error.message().contains("no name"), "{error}");
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn one_that_takes_too_long_goes_on_and_can_be_resumed() {
    Studio::each(
        || vec![running(0)],
        |studio, client| async move {
            let start = Instant::now();
            let error = fire(&client).at_most(SECOND * 7 / 2).until_done().await.unwrap_err();
            assert_eq!((error.kind(), error.operation()), (ErrorKind::Timeout, Some(NAME)));
            assert_eq!(error.method(), Some(FIRE));
            assert_eq!(error.message(), "the operation was not done within 3.5s; it goes on");
            assert_eq!((start.elapsed().as_millis(), studio.polls()), (3500, 3));

            studio.then([fired()]);
            let resumed = client.operation(&KilnService::FIRE_PIECE, error.operation().unwrap());
            assert_eq!(resumed.until_done().await.unwrap(), piece());
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_limit_is_half_an_hour_by_default_and_tells_of_the_last_error() {
    let script = || vec![running(0), Err(Status::unavailable("gone"))];
    Studio::each(script, |_, client| async move {
        let start = Instant::now();
        let call = client.kiln_service().fire_piece("studios/s", piece()).retry(RetryPolicy::never());
        let error = call.poller().until_done().await.unwrap_err();
        assert_eq!((start.elapsed().as_secs(), error.kind()), (1800, ErrorKind::Timeout));
        let text =
            "the operation was not done within 1800s; it goes on; the last attempt failed: UNAVAILABLE: gone";
        assert_eq!(error.message(), text);
        let last = error.source().unwrap().downcast_ref::<Error>().unwrap();
        assert_eq!((last.message(), last.method()), ("gone", Some(GET)));
    })
    .await;
}
