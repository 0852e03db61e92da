//! Ids of requests that name none (AIP-155, AIP-4235).

use std::collections::HashSet;

use signal::v1::*;
use tokio_stream::StreamExt as _;
use tonic::Code;

use crate::{Beacons, Protocol};

/// The ids of the requests since the last question.
fn ids(beacons: &Beacons) -> Vec<String> {
    let seen = beacons.seen();
    seen.iter().map(|call| call.message::<CreateBeaconRequest>().request_id).collect()
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let is_digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|part| part.chars().all(is_digit))
        && parts[2].starts_with('4')
        && parts[3].starts_with(['8', '9', 'a', 'b'])
}

#[tokio::test]
async fn every_call_has_an_id_of_its_own() {
    for protocol in Protocol::BOTH {
        let beacons = Beacons::default();
        let service = beacons.client(protocol).await.beacon_service();
        let beacon = Beacon::default().with_height(3);
        for _ in 0..3 {
            service.create_beacon("coasts/west", beacon.clone()).await.unwrap();
        }
        let seen = beacons.seen();
        let requests: Vec<CreateBeaconRequest> = seen.iter().map(crate::Seen::message).collect();
        assert!(requests.iter().all(|request| is_uuid(&request.request_id)), "{protocol:?} {requests:?}");
        assert!(requests.iter().all(|request| request.beacon.as_ref() == Some(&beacon)), "{protocol:?}");
        let ids: HashSet<&String> = requests.iter().map(|request| &request.request_id).collect();
        assert_eq!(ids.len(), 3, "{protocol:?}");
    }
}

#[tokio::test]
async fn all_attempts_of_a_call_have_the_same_id() {
    for protocol in Protocol::BOTH {
        let beacons = Beacons::default();
        let service = beacons.client(protocol).await.beacon_service();
        beacons.fail([Code::Unavailable, Code::Unavailable]);
        service.create_beacon("coasts/west", Beacon::default()).idempotent(true).await.unwrap();
        let ids = ids(&beacons);
        assert_eq!(ids.len(), 3, "{protocol:?}");
        assert!(is_uuid(&ids[0]) && ids.iter().all(|id| *id == ids[0]), "{protocol:?} {ids:?}");
    }
}

#[tokio::test]
async fn an_id_alone_does_not_make_a_call_repeatable() {
    let beacons = Beacons::default();
    let service = beacons.client(Protocol::Grpc).await.beacon_service();
    beacons.fail([Code::Unavailable]);
    // A `PATCH`, for which the service config states no retries.
    let beacon = Beacon::default().with_name("coasts/west/beacons/b");
    assert!(service.update_beacon(beacon).await.unwrap_err().is_unavailable());
    assert_eq!(beacons.seen().len(), 1);
}

#[tokio::test]
async fn an_id_of_the_caller_is_sent() {
    for protocol in Protocol::BOTH {
        let beacons = Beacons::default();
        let service = beacons.client(protocol).await.beacon_service();
        service.create_beacon("coasts/west", Beacon::default()).request_id("mine").await.unwrap();
        assert_eq!(ids(&beacons), ["mine"], "{protocol:?}");
    }
}

#[tokio::test]
async fn other_fields_stay_empty() {
    let beacons = Beacons::default();
    let service = beacons.client(Protocol::Grpc).await.beacon_service();
    // It has the name, but is not marked as a UUID.
    service.light_beacon("coasts/west/beacons/b").await.unwrap();
    assert_eq!(beacons.seen()[0].message::<LightBeaconRequest>().request_id, "");
    // The request of a stream.
    let mut stream = service.watch_beacon("coasts/west/beacons/b", 1).await.unwrap();
    while stream.next().await.is_some() {}
    assert_eq!(beacons.seen()[0].message::<WatchBeaconRequest>().request_id, "");
    // It is marked as a UUID, but nothing says that a client fills it in.
    service.update_beacon(Beacon::default()).await.unwrap();
    assert_eq!(beacons.seen()[0].message::<UpdateBeaconRequest>().other_id, "");
}
