//! The API's own options as typed constants, of an API that has them everywhere.

use harbor::berth::v1::BerthService;
use harbor::cargo::v1::container::{Goods, Item};
use harbor::cargo::v1::{CargoService, Container};
use harbor::crew::v1::CrewService;
use harbor::options::{Answer, Danger, EnumValueOptions, Label, MessageOptions, Shed, Storage};
use rust_sdk_runtime::access::Rule;

#[test]
fn a_message_has_its_options() {
    const STORAGE: Storage = Storage {
        yard: None,
        shed: Some(&Shed { name: "north", keys: &[7, u64::MAX] }),
        // Maps are sorted by their keys.
        seals: &[("a", b"wax"), ("b", b"\0\xff\"seal")],
        sheds: &[(-1, Shed { name: "", keys: &[] }), (2, Shed { name: "two", keys: &[] })],
    };
    assert_eq!(Container::OPTIONS, MessageOptions { storage: Some(&STORAGE) });
    let nested = Item::OPTIONS.storage.unwrap();
    assert_eq!((nested.yard, nested.shed, nested.seals.len()), (Some(4), None, 0));
}

#[test]
fn a_field_has_its_options() {
    let labels = [Label { language: "en", text: "Number" }, Label { language: "de", text: "Nummer" }];
    assert_eq!(Container::ID_OPTIONS.label, labels);
    assert_eq!(Container::GOODS_OPTIONS.label.len(), 1);
}

#[test]
fn an_enum_value_has_its_options() {
    assert_eq!(Goods::Oil.options(), EnumValueOptions { danger: Some(Danger::Fire) });
    assert_eq!(Goods::Powder.options().danger.map(Danger::as_str_name), Some("DANGER_BLAST"));
    assert_eq!(Goods::Unspecified.options(), EnumValueOptions::NONE);
}

#[test]
fn services_and_methods_have_theirs() {
    assert_eq!(CargoService::OPTIONS.owner, Some("stevedores"));
    let options = CargoService::LOAD_CONTAINER_OPTIONS;
    let step = options.step.unwrap();
    let before: Vec<_> = step.before.iter().map(|step| (step.name, step.before.len())).collect();
    assert_eq!(before, [("weigh", 1), ("seal", 0)]);
    assert_eq!(step.undo.unwrap().name, "unload");
    let numbers = options.numbers.unwrap();
    assert_eq!((numbers.least, numbers.most, numbers.flag), (i64::MIN, u64::MAX, None));
    assert_eq!((numbers.ratio.to_bits(), numbers.exact.to_bits()), (0.1f32.to_bits(), 0.1f64.to_bits()));
    assert_eq!(numbers.edges[..2], [f32::INFINITY, f32::NEG_INFINITY]);
}

/// What the harbour says about access by paths, special texts and enum values.
#[test]
fn access_is_read_from_anywhere() {
    let list = BerthService::LIST_BERTHS;
    assert_eq!((list.access().rule(), list.access().scope()), (Rule::All(&["berth.read"]), Some("port_id")));
    assert_eq!(BerthService::MOOR_SHIP.access().actors(), ["CALLER_CAPTAIN", "CALLER_AGENT"]);
    assert_eq!(BerthService::NEAREST_PORT.access().rule(), Rule::Authenticated);
    assert_eq!(BerthService::GET_TIDE.access().rule(), Rule::Public);
    assert_eq!(BerthService::SCUTTLE_SHIP.access().rule(), Rule::Denied);
    assert_eq!(CrewService::SIGN_OFF.access().rule(), Rule::All(&["crew.write"]));
    assert_eq!(CrewService::GET_MY_CREW.access().rule(), Rule::Authenticated);
    // What else the option says is kept.
    let answer = BerthService::MOOR_SHIP_OPTIONS.rule.unwrap().answer;
    assert_eq!(answer, Some(&Answer { status: Some(201) }));
}
