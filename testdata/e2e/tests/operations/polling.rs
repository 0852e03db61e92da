//! How often an operation is polled: as the API, the client or the poller states.

use std::time::Duration;

use kiln::google::longrunning::operation;
use kiln::v1::KilnService;
use prost::Message;
use rust_sdk_runtime::{PollPolicy, Poller};
use tokio::time::Instant;

use crate::server::{Studio, any, done, running};

/// When polls are made, in milliseconds since the start.
async fn poll_times(
    studio: &Studio,
    mut poller: Poller<impl Message + Default, impl Message + Default>,
) -> Vec<u64> {
    let start = Instant::now();
    let mut times = Vec::new();
    poller.state().await.unwrap();
    while poller.state().await.unwrap().is_some() {
        times.push(u64::try_from(start.elapsed().as_millis()).unwrap());
    }
    assert_eq!(studio.calls().len(), times.len() + 1);
    times
}

/// Whether each pause is at least half of the expected one, and not longer.
fn are_pauses(times: &[u64], expected: &[u64]) -> bool {
    let pauses = times.iter().scan(0, |before, time| Some(time - std::mem::replace(before, *time)));
    times.len() == expected.len()
        && pauses.zip(expected).all(|(pause, expected)| expected / 2 <= pause && pause <= *expected)
}

#[tokio::test(start_paused = true)]
async fn the_api_and_the_client_state_how_often_it_is_polled() {
    let script = || {
        vec![
            running(0),
            running(1),
            running(2),
            running(3),
            running(4),
            done(Some(operation::Result::Response(any("google.protobuf.Empty", &())))),
        ]
    };
    Studio::each(script, |studio, client| async move {
        // The API's own statement: 60 seconds, doubled, up to 360.
        let poller = client.kiln_service().grind_piece("studios/s/pieces/p").poller();
        let times = poll_times(&studio, poller).await;
        assert!(are_pauses(&times, &[60_000, 120_000, 240_000, 360_000, 360_000]), "{times:?}");

        // The poller's policy comes first.
        studio.then(script());
        let poller =
            client.kiln_service().grind_piece("studios/s/pieces/p").poller().every(Duration::from_secs(7));
        let before = studio.calls().len();
        let start = Instant::now();
        poller.until_done().await.unwrap();
        assert_eq!((start.elapsed().as_secs(), studio.calls().len() - before), (35, 6));

        // Then the client's, which replaces the API's.
        for builder in studio.builders() {
            studio.then(script());
            let client = builder.poll_policy(PollPolicy::every(Duration::from_secs(3))).build().unwrap();
            let start = Instant::now();
            client.kiln_service().grind_piece("studios/s/pieces/p").poller().until_done().await.unwrap();
            assert_eq!(start.elapsed().as_secs(), 15);
        }

        // The client's policy limits the wait, too.
        studio.then([running(0)]);
        let policy = PollPolicy::every(Duration::from_secs(3)).at_most(Duration::from_secs(10));
        let [builder, _] = studio.builders();
        let client = builder.poll_policy(policy).build().unwrap();
        let wait = client.kiln_service().grind_piece("studios/s/pieces/p").poller().until_done();
        assert!(wait.await.unwrap_err().is_timeout());
    })
    .await;
}

#[test]
fn the_table_says_how_often_it_is_polled() {
    let polling = KilnService::GRIND_PIECE.operation().unwrap().polling().unwrap();
    assert_eq!(polling.first_delay(), Some(Duration::from_secs(60)));
    assert_eq!(polling.factor(), Some(2.0));
    assert_eq!(polling.longest_delay(), Some(Duration::from_secs(360)));
    assert_eq!(polling.limit(), Some(Duration::from_secs(15 * 60 * 60)));
    let polling = KilnService::TAKE_STOCK.operation().unwrap().polling().unwrap();
    assert_eq!((polling.first_delay(), polling.factor()), (Some(Duration::from_millis(500)), None));
    assert_eq!(polling.limit(), Some(Duration::ZERO));
    assert!(KilnService::FIRE_PIECE.operation().unwrap().polling().is_none());
}
