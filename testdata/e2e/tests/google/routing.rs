//! The routing header `x-goog-request-params` (AIP-4222).

use signal::v1::*;
use tokio_stream::StreamExt as _;

use crate::{Beacons, Protocol};

/// The routing header of the only call since the last question.
fn header(beacons: &Beacons) -> Option<String> {
    let seen = beacons.seen();
    assert_eq!(seen.len(), 1);
    seen[0].routing().map(ToOwned::to_owned)
}

#[tokio::test]
async fn the_variables_of_the_first_binding_route_a_call() {
    for protocol in Protocol::BOTH {
        let beacons = Beacons::default();
        let service = beacons.client(protocol).await.beacon_service();

        service.get_beacon("coasts/west/beacons/b 1").await.unwrap();
        assert_eq!(header(&beacons).as_deref(), Some("name=coasts%2Fwest%2Fbeacons%2Fb%201"), "{protocol:?}");

        // A variable of a further binding is none of the header.
        service.list_beacons("coasts/west").keeper("k").await.unwrap();
        assert_eq!(header(&beacons).as_deref(), Some("parent=coasts%2Fwest"), "{protocol:?}");

        // A field of a message in the request.
        let beacon = Beacon::default().with_name("coasts/west/beacons/b");
        service.update_beacon(beacon).await.unwrap();
        let expected = "beacon.name=coasts%2Fwest%2Fbeacons%2Fb";
        assert_eq!(header(&beacons).as_deref(), Some(expected), "{protocol:?}");

        // A stream of responses. A number does not route the call.
        let watch = service.watch_beacon("coasts/west/beacons/b", 3);
        let mut stream = watch.await.unwrap();
        stream.next().await.unwrap().unwrap();
        assert_eq!(header(&beacons).as_deref(), Some("name=coasts%2Fwest%2Fbeacons%2Fb"), "{protocol:?}");
    }
}

#[tokio::test]
async fn every_page_has_the_header() {
    for protocol in Protocol::BOTH {
        let beacons = Beacons::default();
        let service = beacons.client(protocol).await.beacon_service();
        let mut items = service.list_beacons("coasts/west").items();
        while let Some(item) = items.next().await {
            item.unwrap();
        }
        let headers: Vec<_> =
            beacons.seen().iter().map(|call| call.routing().map(ToOwned::to_owned)).collect();
        assert_eq!(headers, vec![Some("parent=coasts%2Fwest".to_owned()); 2], "{protocol:?}");
    }
}

#[tokio::test]
async fn a_routing_rule_replaces_the_variables() {
    for protocol in Protocol::BOTH {
        let beacons = Beacons::default();
        let service = beacons.client(protocol).await.beacon_service();

        // The last parameter of a name that matches wins.
        let light = service.light_beacon("coasts/west/beacons/b");
        light.ship(Ship::default().with_fleet("a&b")).await.unwrap();
        assert_eq!(header(&beacons).as_deref(), Some("route=coasts%2Fwest&ship.fleet=a%26b"), "{protocol:?}");

        // What is not set is left out.
        service.light_beacon("coasts/west/beacons/b").await.unwrap();
        assert_eq!(header(&beacons).as_deref(), Some("route=coasts%2Fwest"), "{protocol:?}");

        // A rule without parameters.
        service.douse_beacons("coasts/west").await.unwrap();
        assert_eq!(header(&beacons), None, "{protocol:?}");
    }
}

#[tokio::test]
async fn nothing_routes_a_request_without_values() {
    let beacons = Beacons::default();
    let service = beacons.client(Protocol::Grpc).await.beacon_service();
    service.get_beacon("").await.unwrap();
    assert_eq!(header(&beacons), None);
    service.update_beacon(Beacon::default()).await.unwrap();
    assert_eq!(header(&beacons), None);
    // The headers of a stream of requests are sent before the first request.
    let sightings = tokio_stream::iter([ReportSightingsRequest::default()]);
    service.report_sightings(sightings).await.unwrap();
    assert_eq!(header(&beacons), None);
}

#[tokio::test]
async fn a_header_of_the_caller_replaces_it() {
    let name = "x-goog-request-params";
    for protocol in Protocol::BOTH {
        let beacons = Beacons::default();
        let client = beacons.client(protocol).await;
        let get = client.beacon_service().get_beacon("coasts/west/beacons/b");
        get.header(name, "zone=z").await.unwrap();
        assert_eq!(header(&beacons).as_deref(), Some("zone=z"), "{protocol:?}");

        let client = beacons.serve(protocol).await.header(name, "zone=y").build().unwrap();
        client.beacon_service().get_beacon("coasts/west/beacons/b").await.unwrap();
        assert_eq!(header(&beacons).as_deref(), Some("zone=y"), "{protocol:?}");
    }
}

#[test]
fn the_table_names_the_parameters() {
    assert_eq!(BeaconService::GET_BEACON.request_params(), ["name"]);
    assert_eq!(BeaconService::LIGHT_BEACON.request_params(), ["route", "ship.fleet"]);
    assert_eq!(BeaconService::WATCH_BEACON.request_params(), ["name"]);
    assert!(BeaconService::DOUSE_BEACONS.request_params().is_empty());
    assert!(BeaconService::REPORT_SIGHTINGS.request_params().is_empty());
}
