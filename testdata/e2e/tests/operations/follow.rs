//! Operations that succeed.

use std::time::Duration;

use kiln::google::longrunning::{self, Operations};
use kiln::v1::{KilnService, Piece};
use rust_sdk_runtime::{Fake, PollPolicy};
use tokio::time::Instant;
use tokio_stream::StreamExt as _;

use crate::server::{NAME, Studio, done, fired, piece, running, studio};
use crate::{SECOND, fire, firing};

#[tokio::test(start_paused = true)]
async fn it_is_polled_until_it_is_done() {
    let script = || vec![running(0), running(30), running(60), fired()];
    Studio::each(script, |studio, client| async move {
        let start = Instant::now();
        assert_eq!(fire(&client).until_done().await.unwrap(), piece());
        assert_eq!(start.elapsed().as_secs(), 3);
        assert_eq!(studio.calls(), firing(3));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn one_that_is_done_at_once_is_not_polled() {
    Studio::each(
        || vec![fired()],
        |studio, client| async move {
            assert_eq!(fire(&client).until_done().await.unwrap(), piece());
            assert_eq!(studio.calls(), firing(0));
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_call_alone_returns_the_operation() {
    Studio::each(
        || vec![running(5)],
        |studio, client| async move {
            let operation = client.kiln_service().fire_piece("studios/s", piece()).await.unwrap();
            assert_eq!((operation.name.as_str(), operation.done), (NAME, false));
            assert_eq!(studio.calls(), firing(0));
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn its_progress_is_typed() {
    Studio::each(
        || vec![running(0), running(50), fired()],
        |studio, client| async move {
            let mut poller = fire(&client);
            assert_eq!(poller.name(), None);
            let mut percents = Vec::new();
            while let Some(state) = poller.state().await.unwrap() {
                assert_eq!(state.name(), NAME);
                assert_eq!(state.is_done(), percents.len() == 2);
                percents.push(state.metadata().unwrap().unwrap().percent);
            }
            assert_eq!(percents, [0, 50, 100]);
            assert_eq!(poller.name(), Some(NAME));
            // The response is there already.
            assert_eq!(poller.until_done().await.unwrap(), piece());
            assert_eq!(studio.calls(), firing(2));
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn it_is_a_stream_of_its_states() {
    Studio::each(
        || vec![running(0), running(50), fired()],
        |_, client| async move {
            let states: Vec<_> = fire(&client).map(|state| state.unwrap()).collect().await;
            assert_eq!(states.iter().map(|state| state.is_done()).collect::<Vec<_>>(), [false, false, true]);
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn polls_have_the_settings_of_the_call() {
    Studio::each(
        || vec![running(0), fired()],
        |studio, _| async move {
            for builder in studio.builders() {
                studio.then([running(0), fired()]);
                let client = builder.api_key("secret").header("x-team", "potters").build().unwrap();
                let call = client
                    .kiln_service()
                    .fire_piece("studios/s", piece())
                    .header("x-batch", "7")
                    .header("x-goog-request-params", "parent=studios%2Fs")
                    .idempotency_key("k-1")
                    .timeout(Duration::from_secs(9));
                call.poller().header("x-poll", "1").until_done().await.unwrap();
                let [start, poll] = studio.seen().split_off(studio.seen().len() - 2).try_into().unwrap();
                for seen in [&start, &poll] {
                    let text = |name: &str| seen.metadata.get(name).and_then(|value| value.to_str().ok());
                    assert_eq!(text("authorization"), Some("apikey secret"), "{seen:?}");
                    assert_eq!((text("x-team"), text("x-batch")), (Some("potters"), Some("7")), "{seen:?}");
                    assert!(text("grpc-timeout").is_some(), "{seen:?}");
                    let is_start = seen.method == "FirePiece";
                    // Those of the one request stay with it.
                    assert_eq!(text("idempotency-key").is_some(), is_start, "{seen:?}");
                    assert_eq!(
                        text("x-goog-request-params") == Some("parent=studios%2Fs"),
                        is_start,
                        "{seen:?}"
                    );
                    assert_eq!(text("x-poll").is_some(), !is_start, "{seen:?}");
                }
            }
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn pauses_grow_by_default_and_as_the_policy_says() {
    let script = || (0..6).map(running).chain([fired()]).collect();
    Studio::each(script, |_, client| async move {
        let start = Instant::now();
        let poller = client.kiln_service().fire_piece("studios/s", piece()).poller();
        poller.until_done().await.unwrap();
        // Between half of and all of 5 + 7.5 + 11.25 + 16.9 + 25.3 + 38 seconds.
        let elapsed = start.elapsed().as_secs_f64();
        assert!((51.9..=104.0).contains(&elapsed), "{elapsed}");
    })
    .await;
    Studio::each(script, |_, client| async move {
        let start = Instant::now();
        let policy = PollPolicy::every(SECOND).factor(2.0).longest_delay(4 * SECOND);
        fire(&client).policy(policy).until_done().await.unwrap();
        // 1 + 2 + 4 + 4 + 4 + 4
        assert_eq!(start.elapsed().as_secs(), 19);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn another_program_resumes_by_name() {
    Studio::each(
        || vec![running(0), running(1), fired()],
        |studio, client| async move {
            let mut poller = fire(&client);
            let name = poller.start().await.unwrap().to_owned();
            assert_eq!(poller.start().await.unwrap(), NAME);
            drop(poller);
            let poller =
                client.operation(&KilnService::FIRE_PIECE, &name).every(SECOND).header("x-poll", "1");
            assert_eq!(poller.name(), Some(NAME));
            let start = Instant::now();
            assert_eq!(poller.until_done().await.unwrap(), piece());
            // The first poll is made at once.
            assert_eq!((studio.calls(), start.elapsed().as_secs()), (firing(2), 1));
            let polls = studio.seen().split_off(1);
            assert!(polls.iter().all(|seen| seen.metadata.contains_key("x-poll")), "{polls:?}");
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_start_shows_its_state_all_the_same() {
    Studio::each(
        || vec![running(7), fired()],
        |studio, client| async move {
            let mut poller = fire(&client);
            poller.start().await.unwrap();
            let state = poller.state().await.unwrap().unwrap();
            assert_eq!((state.metadata().unwrap().unwrap().percent, studio.polls()), (7, 0));
            assert!(poller.state().await.unwrap().unwrap().is_done());
            assert!(poller.state().await.unwrap().is_none());
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_dropped_future_cancels_nothing_and_loses_nothing() {
    Studio::each(
        || vec![running(0), running(1), fired()],
        |studio, client| async move {
            let mut poller = fire(&client).every(10 * SECOND);
            let mut states = 0;
            loop {
                let Ok(state) = tokio::time::timeout(SECOND, poller.state()).await else { continue };
                if state.unwrap().is_none() {
                    break;
                }
                states += 1;
            }
            assert_eq!((states, studio.calls()), (3, firing(2)));
            let unfinished = fire(&client).until_done();
            drop(unfinished);
            assert_eq!(studio.calls(), firing(2), "nothing was started");
            studio.then([running(0)]);
            assert!(tokio::time::timeout(5 * SECOND, fire(&client).until_done()).await.is_err());
            tokio::time::sleep(60 * SECOND).await;
            let seen: Vec<_> = studio.calls().into_iter().map(|(method, _)| method).collect();
            assert!(!seen.contains(&"CancelOperation"), "{seen:?}");
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_operation_without_a_response_may_leave_it_out() {
    let empty = || longrunning::operation::Result::Response(crate::server::any("google.protobuf.Empty", &()));
    for result in [None, Some(empty())] {
        Studio::each(
            || vec![running(0), done(result.clone())],
            |studio, client| async move {
                let poller = client.kiln_service().grind_piece("studios/s/pieces/p").poller().every(SECOND);
                poller.until_done().await.unwrap();
                assert_eq!(studio.polls(), 1);
            },
        )
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_whole_request_message_can_be_followed() {
    Studio::each(
        || vec![running(0), fired()],
        |studio, client| async move {
            let request = kiln::v1::FirePieceRequest::default().with_parent("studios/s").with_piece(piece());
            let poller = client.call(&KilnService::FIRE_PIECE, request).poller().every(SECOND);
            assert_eq!(poller.until_done().await.unwrap(), piece());
            assert_eq!(studio.calls(), firing(1));
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_stream_of_requests_can_start_one() {
    let stock = || crate::server::any("kiln.reports.v1.Stock", &kiln::reports::v1::Stock { pieces: 2 });
    let stocked = || done(Some(longrunning::operation::Result::Response(stock())));
    let studio = studio([running(0), stocked()]);
    let [grpc, _] = studio.builders();
    let pieces =
        tokio_stream::iter([kiln::v1::FirePieceRequest::default(), kiln::v1::FirePieceRequest::default()]);
    let poller = grpc.build().unwrap().kiln_service().fire_all(pieces).poller().every(SECOND);
    assert_eq!(poller.until_done().await.unwrap().pieces, 2);
    assert_eq!(studio.polls(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_fake_can_play_the_server() {
    let fake = Fake::new().on(&KilnService::FIRE_PIECE, |_| Ok(running(0).unwrap())).on(
        &Operations::GET_OPERATION,
        |request| {
            assert_eq!(request.name, NAME);
            Ok(fired().unwrap())
        },
    );
    let client = kiln::Client::builder().grpc_service(fake.clone()).build().unwrap();
    let fired: Piece = fire(&client).until_done().await.unwrap();
    assert_eq!((fired, fake.requests(&KilnService::FIRE_PIECE).len()), (piece(), 1));
}
