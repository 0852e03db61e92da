//! proto2's defaults, and messages that require themselves.

use prost::Message as _;
use rust_sdk_runtime::json;
use shapes::legacy::v1::{Endless, Grade, Legacy, Required, Size, endless};

#[test]
fn stated_defaults_are_what_the_file_says() {
    let legacy = Legacy::default();
    assert_eq!((legacy.size(), legacy.large(), legacy.least()), (42, u64::MAX, i64::MIN));
    assert_eq!(legacy.text(), "a \"b\"\n\tc é");
    assert_eq!(legacy.data(), [0, 255, b'\\']);
    assert_eq!(legacy.quote(), [39]);
    assert_eq!(legacy.escapes(), [7, 8, 12, 10, 13, 9, 11, b'\\', b'\'', b'"', 0x7f, b'?', 1]);
    assert!(legacy.limit() == f64::NEG_INFINITY && legacy.ratio().is_nan() && legacy.enabled());
    assert_eq!((legacy.grade(), legacy.named(), legacy.plain()), (Grade::Good, Size::Big, Size::Big));
}

#[test]
#[allow(deprecated, reason = "the field is there as long as the API has it")]
fn required_fields_start_with_their_defaults() {
    let required = Required::default();
    assert_eq!((required.name.as_str(), required.size(), required.grade()), ("none", Size::Big, Grade::Bad));
    assert_eq!(required.data, b"'\"");
    assert_eq!(Required::decode(&b""[..]).unwrap(), required);
    assert!(json::from_str::<Required>("{}").is_err());
}

#[test]
fn an_alias_names_its_value() {
    assert_eq!(Size::from_str_name("SIZE_HUGE"), Some(Size::Big));
    assert_eq!("SIZE_HUGE".parse(), Ok(Size::Big));
    assert_eq!("huge".parse(), Ok(Size::Big));
    assert_eq!(Size::Big.as_str_name(), "SIZE_BIG");
    assert_eq!(Size::from_str_name("SIZE_NONE"), None);
}

#[test]
fn a_message_that_requires_itself_ends() {
    let bottom = Endless::decode(&b""[..]).unwrap();
    assert_eq!(bottom, Endless::default());
    assert_eq!(bottom.next, None);
    assert!(json::from_str::<Endless>("{}").is_err());
    let around = endless::Inner { outer: Some(Box::new(bottom.clone())) };
    let top = Endless { next: Some(Box::new(bottom)), inner: Some(Box::new(around)), ..Endless::default() };
    assert_eq!(Endless::decode(top.encode_to_vec().as_slice()).unwrap(), top);
    assert_eq!(json::from_str::<Endless>(&json::to_string(&top).unwrap()).unwrap(), top);
}
