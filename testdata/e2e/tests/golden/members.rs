//! What generated messages and enums offer besides their fields.

use lumen_cloud::greenhouse::v1::{
    Boiler, CalibrateSensorRequest, Climate, DistrictHeating, GetGreenhouseResponse, Greenhouse,
    GreenhousePhase, GreenhouseState, ListGreenhousesRequest, ListReadingsRequest, ListSensorsRequest,
    Sensor, SensorKind, UpdateGreenhouseRequest, climate, greenhouse, list_readings_request,
};
use lumen_cloud::key::v1::CreateKeyResponse;
use prost_types::{FieldMask, Timestamp};
use rust_sdk_runtime::{Error, ErrorKind, Mask, MissingField, OpenEnum, ProtoEnum as _};
use shapes::naming::v1::{Flavour, Members, Peer, UpdateMembersRequest, UpdateMembersResponse, members};
use shapes::types::v1::Size;

#[test]
fn setters_say_what_struct_literals_would() {
    let request = ListGreenhousesRequest::default()
        .with_account_id("a")
        .with_page_size(0)
        .with_region_id(String::from("r"))
        .with_phase(GreenhousePhase::Running)
        .with_created_after(std::time::UNIX_EPOCH)
        .with_search("rose");
    let literal = ListGreenhousesRequest {
        account_id: "a".into(),
        page_size: Some(0),
        region_id: Some("r".into()),
        phase: Some(2),
        created_after: Some(Timestamp::default()),
        search: "rose".into(),
        ..ListGreenhousesRequest::default()
    };
    assert_eq!(request, literal);
}

#[test]
fn lists_and_maps_are_replaced_as_a_whole() {
    let request = ListSensorsRequest::default()
        .with_kinds([SensorKind::Light])
        .with_kinds([SensorKind::Co2, SensorKind::Temperature]);
    assert_eq!(request.kinds, [4, 1]);
    let request = ListReadingsRequest::default()
        .with_units(["°C", "%"])
        .with_labels([("a", "1"), ("b", "2")])
        .with_below(0.0);
    assert_eq!(request.units, ["°C", "%"]);
    assert_eq!(request.labels["b"], "2");
    assert_eq!(request.below, Some(0.0), "a wrapper is what it wraps");
    let by_name = Members::default().with_by_name([("x", Flavour::Sweet)]).by_name;
    assert_eq!(by_name, [("x".to_owned(), 1)].into());
}

#[test]
fn a_member_sets_its_oneof() {
    let boiler = Boiler::default().with_fuel("gas").with_power(1.5);
    let climate = Climate::default().with_unheated(true).with_boiler(boiler.clone());
    assert_eq!(climate.heating, Some(climate::Heating::Boiler(boiler.clone())));
    assert_eq!((climate.boiler(), climate.district(), climate.unheated()), (Some(&boiler), None, None));
    // A message says which member it is.
    assert_eq!(Climate::default().with_heating(boiler.clone()), climate);
    assert_eq!(climate::Heating::from(boiler), climate.heating.unwrap());
    let when = list_readings_request::When::from(Timestamp::default());
    assert_eq!(when, list_readings_request::When::HourAfter(Timestamp::default()));
    assert_eq!(Climate::default().with_unheated(false).unheated(), Some(false), "set, though false");
}

#[test]
fn members_of_every_kind() {
    assert_eq!(Members::default().with_with_kind("k").with_kind_(), Some("k"));
    assert_eq!(Members::default().with_into([1, 2]).into_(), Some(&[1, 2][..]));
    assert_eq!(Members::default().with_pick(Flavour::Sweet).pick(), Some(Flavour::Sweet.into()));
    assert_eq!(Members::default().with_text("t").text(), Some("t"));
    assert_eq!(Members::default().with_fn(Peer::default()).r#fn(), Some(&Peer::default()));
    let unknown = Members { choice: Some(members::Choice::Pick(9)), ..Members::default() };
    assert_eq!(unknown.pick(), Some(OpenEnum::Unknown(9)));
    let nested = Members::default().with_again(Members::default().with_flag(true));
    assert_eq!(nested.again().and_then(Members::flag), Some(true));
}

#[test]
fn functions_give_way_to_those_of_prost() {
    let members = Members::default().with_response_("r").with_with_response("w").with_kind_open("o");
    assert_eq!((members.response(), members.with_response(), members.kind_open()), ("r", "w", "o"));
    assert_eq!(Members::default().with_kind(Flavour::Sweet).kind_open_(), Flavour::Sweet);
    assert_eq!(Members::default().with_type(Flavour::Sweet).type_open(), Some(Flavour::Sweet.into()));
    let several = Members { self_: vec![1, 7], ..Members::default() };
    assert!(several.self_open().eq([OpenEnum::Known(Flavour::Sweet), OpenEnum::Unknown(7)]));
    // The traits' functions are still the ones that are called.
    let mut members = Members::default().with_clear(Peer::default().with_name("p"));
    assert_eq!(members.clear_().unwrap().name, "p");
    prost::Message::clear(&mut members);
    assert_eq!(members, Members::default());
}

#[test]
fn what_must_be_there_comes_out_without_an_option() {
    let response = CreateKeyResponse::default();
    let missing: MissingField = response.key().unwrap_err();
    assert_eq!(missing.field(), "lumen.cloud.key.v1.CreateKeyResponse.key");
    let error = Error::from(missing);
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("lumen.cloud.key.v1.CreateKeyResponse.key"), "{error}");

    let members = Members::default().with_parent(Members::default().with_merge("m"));
    assert_eq!(members.parent().unwrap().merge, "m");
    let response = UpdateMembersResponse { members: Some(members.clone()), ..Default::default() };
    assert_eq!(response.members(), Ok(&members));
    assert_eq!(response.into_members_(), Ok(members));
    let response = GetGreenhouseResponse { greenhouse: Some(Greenhouse::default().with_name("g")) };
    assert_eq!(response.into_greenhouse().unwrap().name, "g");
}

#[test]
fn enums_are_read_and_printed_by_name() {
    for phase in [GreenhousePhase::Unspecified, GreenhousePhase::Running, GreenhousePhase::Failed] {
        assert_eq!(phase.to_string().parse(), Ok(phase));
        assert_eq!((phase as i32).to_string().parse(), Ok(phase));
        assert_eq!(phase.to_string().parse(), Ok(OpenEnum::Known(phase)));
    }
    assert_eq!(GreenhousePhase::Running.to_string(), "GREENHOUSE_PHASE_RUNNING");
    assert_eq!(format!("{:>26}", GreenhousePhase::Running), "  GREENHOUSE_PHASE_RUNNING");
    for text in ["RUNNING", "running", "Running", "greenhouse_phase_running"] {
        assert_eq!(text.parse(), Ok(GreenhousePhase::Running), "{text}");
    }
    assert_eq!("suspended".parse(), Ok(greenhouse::Mode::Suspended), "a nested one");
    assert_eq!("FLAVOUR_SUGARY".parse(), Ok(Flavour::Sweet), "the second name of a number");
    assert_eq!("sugary".parse(), Ok(Flavour::Sweet));
    assert_eq!("SIZE_2XL".parse(), Ok(Size::Size2xl));
    assert_eq!(GreenhousePhase::NAME, "lumen.cloud.greenhouse.v1.GreenhousePhase");
}

#[test]
fn no_name_that_is_unknown_becomes_a_value() {
    for text in
        ["", " ", "NOPE", "RUNNING ", "GREENHOUSE_PHASE_", "PHASE_RUNNING", "6", "-1", "+2", "02", "2.0", "é"]
    {
        let error = text.parse::<GreenhousePhase>().unwrap_err();
        assert_eq!(error.enum_name(), "lumen.cloud.greenhouse.v1.GreenhousePhase");
        assert_eq!(error.text(), text);
        assert_eq!(
            error.to_string(),
            format!("{text:?} is not a value of lumen.cloud.greenhouse.v1.GreenhousePhase")
        );
    }
    let long = "x".repeat(1 << 20).parse::<GreenhousePhase>().unwrap_err();
    assert!(long.to_string().len() < 200);
    assert!("NOPE".parse::<OpenEnum<GreenhousePhase>>().is_err());
}

#[test]
fn an_unknown_number_is_kept() {
    let state = GreenhouseState { phase: 99, ..GreenhouseState::default() };
    assert_eq!(state.phase(), GreenhousePhase::Unspecified, "prost's getter loses it");
    let open = state.phase_open();
    assert_eq!((open, open.known(), open.number()), (OpenEnum::Unknown(99), None, 99));
    assert_eq!(open.to_string(), "99");
    assert_eq!("99".parse(), Ok(open));
    assert_eq!("-2147483648".parse(), Ok(OpenEnum::<GreenhousePhase>::Unknown(i32::MIN)));
    assert_eq!(i32::from(OpenEnum::from(GreenhousePhase::Running)), 2);
    assert_eq!(OpenEnum::from(2), GreenhousePhase::Running);
    assert_ne!(open, GreenhousePhase::Unspecified);
}

fn paths(mask: impl Into<FieldMask>) -> Vec<String> {
    mask.into().paths
}

#[test]
fn a_mask_is_written_by_fields() {
    let mask =
        Greenhouse::mask().name().within_climate(|climate| climate.target_temperature().light()).labels();
    assert_eq!(paths(mask.clone()), ["name", "climate.target_temperature", "climate.light", "labels"]);
    let request = UpdateGreenhouseRequest::default().with_update_mask(mask.clone());
    assert_eq!(request.update_mask, Some(mask.into()));
    // The members of a oneof are fields of the message.
    let deep = Greenhouse::mask().within_climate(|climate| climate.within_boiler(|boiler| boiler.fuel()));
    assert_eq!(paths(deep), ["climate.boiler.fuel"]);
    let request = CalibrateSensorRequest::default().with_update_mask(Sensor::mask().offset());
    assert_eq!(request.update_mask.unwrap().paths, ["offset"]);
    assert!(paths(Greenhouse::mask().within_climate(|climate| climate)).is_empty());
}

#[test]
fn a_mask_holds_nothing_twice() {
    assert_eq!(paths(Greenhouse::mask().name().name()), ["name"]);
    let whole = Greenhouse::mask().within_climate(|climate| climate.light()).name().climate();
    assert_eq!(paths(whole), ["name", "climate"], "what is wider takes the place of what is within it");
    assert_eq!(paths(Greenhouse::mask().climate().within_climate(|climate| climate.light())), ["climate"]);

    let mask: Mask<Greenhouse> = Greenhouse::mask().climate().into();
    assert!(mask.contains("climate") && mask.contains("climate.light"));
    assert!(!mask.contains("clim") && !mask.contains("climates") && !mask.contains(""));
    let union = mask.clone().union(Greenhouse::mask().name());
    assert_eq!(union, Greenhouse::mask().name().climate().into());
    assert_ne!(union, mask);
    assert!(Mask::<Greenhouse>::new().is_empty());
}

#[test]
fn a_mask_is_read_strictly() {
    let mask = Mask::<Greenhouse>::parse("name,climate.target_temperature,labels.zone").unwrap();
    assert_eq!(mask.to_string(), "name,climate.target_temperature,labels.zone");
    assert_eq!(mask.to_string().parse(), Ok(mask.clone()));
    assert_eq!(Mask::try_from(FieldMask::from(mask.clone())), Ok(mask));
    let json = Mask::<Greenhouse>::parse("createdAt,climate.targetTemperature").unwrap();
    assert_eq!(
        json,
        Greenhouse::mask().created_at().within_climate(|climate| climate.target_temperature()).into()
    );
    assert!(Mask::<Greenhouse>::parse("").unwrap().is_empty());
    assert!(Mask::<Greenhouse>::parse("*").unwrap().contains("name"));
    for wrong in [
        "nam",
        "name.x",
        "climate.target",
        "beds.number",
        "labels.",
        "climate.",
        ".name",
        "created_at.seconds.x",
    ] {
        let error = Mask::<Greenhouse>::parse(&format!("name,{wrong}")).unwrap_err();
        assert_eq!((error.path(), error.message()), (wrong, "lumen.cloud.greenhouse.v1.Greenhouse"));
        assert_eq!(
            error.to_string(),
            format!("{wrong:?} is not a field of lumen.cloud.greenhouse.v1.Greenhouse")
        );
    }
    for wrong in [",", "name,", ",name", "name,,climate"] {
        assert!(Mask::<Greenhouse>::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_mask_has_a_function_for_names_that_meet() {
    let mask = Members::mask_()
        .r#type()
        .self_()
        .within_parent()
        .within_parent_(|parent| parent.clear().mask())
        .into_();
    let request = UpdateMembersRequest::default().with_update_mask(mask);
    let expected = ["type", "self", "within_parent", "parent.clear", "parent.mask", "into"];
    assert_eq!(request.update_mask.unwrap().paths, expected);
}

#[test]
fn a_heated_house_reads_well() {
    let house =
        Greenhouse::default().with_name("tomatoes").with_mode(greenhouse::Mode::Running).with_climate(
            Climate::default()
                .with_target_temperature(21.5)
                .with_district(DistrictHeating::default().with_contract_number("c-1")),
        );
    assert_eq!(house.mode_open(), greenhouse::Mode::Running);
    assert_eq!(house.climate.unwrap().district().unwrap().contract_number, "c-1");
}
