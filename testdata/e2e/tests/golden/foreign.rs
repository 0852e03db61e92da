//! Messages and enums of another generated crate (`extern_path`).

use ferry::v1::ferry_service::rest;
use ferry::v1::{FerryService as S, GetTripRequest, Trip, trip};
use harbor::berth::v1::Berth;
use harbor::cargo::v1::{Container, Danger, container::Goods};
use prost::Message as _;

fn full() -> Trip {
    Trip::default()
        .with_id("t")
        .with_from(Berth::default())
        .with_stops([Berth::default(), Berth::default()])
        .with_danger(Danger::Blast)
        .with_dangers([Danger::Fire, Danger::Unspecified])
        .with_goods(Goods::Oil)
        .with_goods_by_deck([("upper", Goods::Powder)])
        .with_berths([("b", Berth::default())])
        .with_container(Container::default())
}

#[test]
fn every_place_of_a_field_is_encoded_and_printed() {
    let trip = full();
    assert_eq!(Trip::decode(trip.encode_to_vec().as_slice()).unwrap(), trip);
    let json = serde_json::to_value(&trip).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "id": "t", "from": {}, "stops": [{}, {}], "danger": "DANGER_BLAST", "dangers": ["DANGER_FIRE", "DANGER_UNSPECIFIED"],
            "goods": "GOODS_OIL", "goodsByDeck": {"upper": "GOODS_POWDER"}, "berths": {"b": {}}, "container": {}
        })
    );
    assert_eq!(serde_json::from_value::<Trip>(json).unwrap(), trip);
    assert_eq!((trip.danger(), trip.goods()), (Danger::Blast, Goods::Oil));
    let dangerous = Trip { load: Some(trip::Load::OnlyDanger(Danger::Fire.into())), ..trip };
    assert!(format!("{dangerous:?}").contains("OnlyDanger(Fire)"), "{dangerous:?}");
}

#[test]
fn an_enum_of_another_crate_is_a_path_variable_and_a_parameter() {
    let request = GetTripRequest::default().with_kind(Danger::Fire).with_id("1").with_avoid([Danger::Blast]);
    let sent = S::GET_TRIP.rest_request(&request).unwrap();
    assert_eq!(sent.path_and_query, "/v1/DANGER_FIRE/trips/1?avoid=DANGER_BLAST");
    assert_eq!(rest::GetTrip { kind: Danger::Fire, id: "1" }.path().unwrap(), "/v1/DANGER_FIRE/trips/1");
}
