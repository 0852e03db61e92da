//! What a service configuration adds: services of other APIs, and HTTP rules.

use signal::google::cloud::location::*;
use signal::v1::*;
use tokio_stream::StreamExt as _;

use crate::{Beacons, Protocol};

#[tokio::test]
async fn a_mixed_in_service_has_a_client() {
    for protocol in Protocol::BOTH {
        let beacons = Beacons::default();
        let locations = beacons.client(protocol).await.locations();
        // Only the second binding fits, over REST. The first one routes the call.
        locations.get_location("seas/north/locations/l").await.unwrap();
        let seen = beacons.seen();
        assert_eq!(seen[0].message::<GetLocationRequest>().name, "seas/north/locations/l", "{protocol:?}");
        assert_eq!(seen[0].routing(), Some("name=seas%2Fnorth%2Flocations%2Fl"), "{protocol:?}");

        let mut items = locations.list_locations("coasts/west").items();
        assert!(items.next().await.is_none());
        assert_eq!(beacons.seen().len(), 1, "{protocol:?}");
    }
}

#[test]
fn the_rules_of_the_file_replace_the_annotations() {
    let route = |verb: &str, path: &str| signal::API.route(verb, path).map(|found| found.method.full_name());
    for (verb, path, expected) in [
        ("GET", "/v1/coasts/west/locations", Some("google.cloud.location.Locations/ListLocations")),
        ("GET", "/v1/locations", None),
        ("GET", "/v1/coasts/west/locations/l", Some("google.cloud.location.Locations/GetLocation")),
        ("GET", "/v1/locations/l", None),
        ("PUT", "/v1/coasts/west/dark", Some("signal.v1.BeaconService/DouseBeacons")),
        ("POST", "/v1/coasts/west/beacons:douse", None),
    ] {
        assert_eq!(route(verb, path), expected, "{verb} {path}");
    }
}

#[tokio::test]
async fn a_listed_field_is_filled_in() {
    for protocol in Protocol::BOTH {
        let beacons = Beacons::default();
        let service = beacons.client(protocol).await.beacon_service();
        let beacon = || Beacon::default().with_name("coasts/west/beacons/b");
        service.update_beacon(beacon()).await.unwrap();
        let id = beacons.seen()[0].message::<UpdateBeaconRequest>().change_id.unwrap();
        assert_eq!(id.len(), 36, "{protocol:?}");
        // The field has presence, so the empty text is a value of the caller.
        service.update_beacon(beacon()).change_id("").await.unwrap();
        let id = beacons.seen()[0].message::<UpdateBeaconRequest>().change_id;
        assert_eq!(id.as_deref(), Some(""), "{protocol:?}");
    }
}
