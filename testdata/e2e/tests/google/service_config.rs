//! Timeouts and retries that a gRPC service config states.

use std::time::{Duration, Instant};

use rust_sdk_runtime::{Code as SdkCode, ErrorKind, RetryPolicy};
use signal::v1::*;
use tonic::Code;

use crate::{Beacons, Protocol};

const NAME: &str = "coasts/west/beacons/b";

#[test]
fn the_table_has_what_the_file_states() {
    let get = BeaconService::GET_BEACON;
    assert_eq!(get.default_timeout(), Some(Duration::from_secs(20)));
    let retry = get.default_retry().unwrap();
    assert_eq!(retry.max_attempts(), 3);
    assert_eq!(retry.first_delay(), Duration::from_millis(10));
    assert_eq!(retry.longest_delay(), Duration::from_millis(50));
    assert!((retry.multiplier() - 1.5).abs() < f64::EPSILON);
    assert_eq!(retry.codes(), [SdkCode::Unavailable, SdkCode::ResourceExhausted]);
    // Without a number of attempts it is gRPC's limit.
    assert_eq!(BeaconService::CREATE_BEACON.default_retry().unwrap().max_attempts(), 5);
    // The entry of the service is for its other methods.
    let light = BeaconService::LIGHT_BEACON;
    assert_eq!((light.default_timeout(), light.default_retry()), (Some(Duration::from_millis(500)), None));
}

#[tokio::test]
async fn calls_are_made_again_after_the_stated_codes() {
    for protocol in Protocol::BOTH {
        let beacons = Beacons::default();
        let service = beacons.client(protocol).await.beacon_service();

        beacons.fail([Code::ResourceExhausted, Code::Unavailable]);
        service.get_beacon(NAME).await.unwrap();
        assert_eq!(beacons.seen().len(), 3, "{protocol:?}");

        beacons.fail([Code::Unavailable; 3]);
        assert!(service.get_beacon(NAME).await.unwrap_err().is_unavailable());
        assert_eq!(beacons.seen().len(), 3, "{protocol:?}");

        beacons.fail([Code::Aborted]);
        assert_eq!(service.get_beacon(NAME).await.unwrap_err().code(), Some(SdkCode::Aborted));
        assert_eq!(beacons.seen().len(), 1, "{protocol:?}");

        // It changes something, but the API states that it may be made again.
        beacons.fail([Code::Aborted, Code::Unavailable, Code::Aborted, Code::Aborted]);
        service.create_beacon("coasts/west", Beacon::default()).await.unwrap();
        assert_eq!(beacons.seen().len(), 5, "{protocol:?}");

        beacons.fail([Code::ResourceExhausted]);
        service.create_beacon("coasts/west", Beacon::default()).await.unwrap_err();
        assert_eq!(beacons.seen().len(), 1, "{protocol:?}");

        // Nothing is stated: a `PATCH` is made once.
        beacons.fail([Code::Unavailable]);
        service.update_beacon(Beacon::default().with_name(NAME)).await.unwrap_err();
        assert_eq!(beacons.seen().len(), 1, "{protocol:?}");
    }
}

#[tokio::test]
async fn the_users_policy_comes_first() {
    for protocol in Protocol::BOTH {
        let beacons = Beacons::default();
        let service = beacons.client(protocol).await.beacon_service();

        beacons.fail([Code::Unavailable]);
        service.get_beacon(NAME).retry(RetryPolicy::never()).await.unwrap_err();
        assert_eq!(beacons.seen().len(), 1, "{protocol:?}");

        beacons.fail([Code::Aborted]);
        let create = || service.create_beacon("coasts/west", Beacon::default());
        create().idempotent(false).await.unwrap_err();
        assert_eq!(beacons.seen().len(), 1, "{protocol:?}");

        let policy = RetryPolicy::new()
            .attempts(2)
            .first_delay(Duration::from_millis(5))
            .retry_if(rust_sdk_runtime::Error::is_unavailable);
        let client = beacons.serve(protocol).await.retry(policy).build().unwrap();
        let service = client.beacon_service();
        beacons.fail([Code::Unavailable; 2]);
        service.get_beacon(NAME).await.unwrap_err();
        assert_eq!(beacons.seen().len(), 2, "{protocol:?}");
        // The policy makes nothing of this code.
        beacons.fail([Code::ResourceExhausted]);
        service.get_beacon(NAME).await.unwrap_err();
        assert_eq!(beacons.seen().len(), 1, "{protocol:?}");
        // What may be made again is still what the API states.
        beacons.fail([Code::Unavailable]);
        service.create_beacon("coasts/west", Beacon::default()).await.unwrap();
        assert_eq!(beacons.seen().len(), 2, "{protocol:?}");
    }
}

#[tokio::test]
async fn calls_end_after_the_stated_time() {
    for protocol in Protocol::BOTH {
        let beacons = Beacons::default();
        let client = beacons.client(protocol).await;
        let service = client.beacon_service();
        beacons.hang(true);
        let start = Instant::now();
        let error = service.light_beacon(NAME).await.unwrap_err();
        let waited = start.elapsed();
        assert_eq!(error.code(), Some(SdkCode::DeadlineExceeded), "{protocol:?} {error}");
        assert!(Duration::from_millis(450) < waited && waited < Duration::from_secs(10), "{waited:?}");
        // The server knows the time.
        assert!(beacons.seen()[0].metadata.contains_key("grpc-timeout"), "{protocol:?}");

        // A stream, too.
        let error = service.watch_beacon(NAME, 1).await.unwrap_err();
        assert_eq!(error.code(), Some(SdkCode::DeadlineExceeded), "{protocol:?} {error}");
        beacons.seen();

        // The call's own time comes first, then the client's.
        let start = Instant::now();
        let light = service.light_beacon(NAME).timeout(Duration::from_millis(20));
        assert_eq!(light.await.unwrap_err().kind(), ErrorKind::Timeout);
        assert!(start.elapsed() < Duration::from_millis(400), "{protocol:?}");
        let client = beacons.serve(protocol).await.timeout(Duration::from_millis(20)).build().unwrap();
        let start = Instant::now();
        client.beacon_service().light_beacon(NAME).await.unwrap_err();
        assert!(start.elapsed() < Duration::from_millis(400), "{protocol:?}");
    }
}
