//! Updates with a field mask, which read besides.

use proptest::prelude::*;
use prost::Message;
use rust_sdk_runtime::access::{Access, Caller, Decision, Needs};
use rust_sdk_runtime::method::Method;
use rust_sdk_runtime::method::PatchSource;
use rust_sdk_runtime::schema::{Field, HasSchema, Kind, MessageSchema, Presence};

const WRITE: Access = Access::all(&["write:a"]).within("thing.account");
const MAPPING: &[(&str, &str)] = &[("id", "thing.id"), ("account", "thing.account")];

static METHODS: [Method; 6] = [
    Method::unary("/t.v1.T/Get").requires(Access::all(&["read:a"]).within("account").only(&["U"])),
    Method::unary("/t.v1.T/Update").requires(WRITE).patches(source::<0>(MAPPING)),
    Method::unary("/t.v1.T/Elsewhere").requires(WRITE).patches(source::<0>(&[("account", "thing.other")])),
    Method::unary("/t.v1.T/Unmapped").requires(Access::all(&["write:a"])).patches(source::<0>(&[])),
    Method::unary("/t.v1.T/Forgotten"),
    Method::unary("/t.v1.T/Unreadable").requires(WRITE).patches(source::<4>(MAPPING)),
];

const fn source<const GET: usize>(mapping: &'static [(&'static str, &'static str)]) -> PatchSource {
    PatchSource::new(|| &METHODS[GET], "thing", "thing", mapping)
}

fn told(decision: Decision<'_>) -> Option<(&'static str, Option<&'static str>)> {
    decision.refusal().map(|refusal| (refusal.reason().as_str(), refusal.read()))
}

#[test]
fn whoever_updates_with_a_mask_may_read_as_well() {
    let [get, update, elsewhere, unmapped, _, unreadable] = &METHODS;
    let (both, write, read) = (["read:a", "write:a"], ["write:a"], ["read:a"]);
    let user = Caller::new(&both).actor("U").within("x");
    let name = Some("t.v1.T/Get");
    assert_eq!(told(update.check_masked(&user, Some("x"))), None);
    assert_eq!(
        told(update.check_masked(&Caller::new(&both).actor("K").within("x"), Some("x"))),
        Some(("ACTOR_NOT_ALLOWED", name))
    );
    let reader = Caller::new(&write).actor("U").within("x");
    let decision = update.check_masked(&reader, Some("x"));
    assert_eq!(told(decision), Some(("PERMISSION_MISSING", name)));
    assert_eq!(
        decision.refusal().unwrap().to_string(),
        "an update with a field mask also requires access to `t.v1.T/Get`: the caller lacks the permission `read:a`"
    );
    assert!(update.access().check(&reader, Some("x")).is_allowed(), "without a mask nothing is read");
    // The update's own rule comes first.
    for (caller, account, reason) in [
        (Caller::new(&read).actor("U").within("x"), Some("x"), "PERMISSION_MISSING"),
        (Caller::new(&write).actor("K").within("y"), Some("x"), "ACCOUNT_MISMATCH"),
        (Caller::anonymous(), None, "UNAUTHENTICATED"),
    ] {
        assert_eq!(told(update.check_masked(&caller, account)), Some((reason, None)));
    }
    // An account that is not known to be the same one is none.
    for other in [elsewhere, unmapped] {
        assert_eq!(told(other.check_masked(&user, Some("x"))), Some(("ACCOUNT_MISSING", name)));
    }
    assert_eq!(
        told(unreadable.check_masked(&user, Some("x"))),
        Some(("ACCESS_UNSTATED", Some("t.v1.T/Forgotten")))
    );
    // What reads nothing besides is as without a mask.
    assert_eq!(told(get.check_masked(&Caller::new(&read).actor("U").everywhere(), Some("x"))), None);

    let needs = Needs::of([update]).with_masks();
    assert!(needs.all().iter().eq(&both) && needs.actors().unwrap().contains("U"));
    assert!(Needs::of([get]).with_masks().all().iter().eq(&read));
    assert!(!Needs::of([unreadable]).with_masks().is_possible());
}

#[derive(Clone, PartialEq, prost::Message)]
struct Update {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(message, optional, tag = "2")]
    mask: Option<prost_types::FieldMask>,
}

static UPDATE: MessageSchema = MessageSchema::new(
    "t.v1.Update",
    "Update",
    &[
        Field::new(1, Presence::Implicit, Kind::String, "name"),
        Field::new(2, Presence::Explicit, Kind::Message(prost_types::FieldMask::schema), "mask"),
    ],
);

#[test]
fn a_mask_is_found_in_the_encoded_request() {
    let update = |paths: Option<&[&str]>| {
        let paths = paths.map(|paths| paths.iter().map(|&path| path.to_owned()).collect());
        let mask = paths.map(|paths| prost_types::FieldMask { paths });
        Update { name: "n".into(), mask }.encode_to_vec()
    };
    for (paths, masked) in [(None, false), (Some(&[][..]), false), (Some(&["name"][..]), true)] {
        assert_eq!(UPDATE.is_masked(&update(paths)), masked, "{paths:?}");
    }
    // Messages are merged: an empty mask takes back nothing.
    let merged = [update(Some(&["name"])), update(Some(&[])), update(None)].concat();
    assert!(UPDATE.is_masked(&merged) && !UPDATE.is_masked(&[]));
    // What cannot be read may hold anything.
    for broken in [&b"\x0a\x05n"[..], b"\x12", b"\x12\x80", b"\x07", b"\x00"] {
        assert!(UPDATE.is_masked(broken), "{broken:?}");
    }
    let schemaless = MessageSchema::new("t.v1.Other", "Other", &[]);
    assert!(!schemaless.is_masked(&update(Some(&["name"]))));
}

fn fragment() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec("[a-z]{0,3}", 0..3).prop_map(|paths| {
            Update { name: "n".into(), mask: Some(prost_types::FieldMask { paths }) }.encode_to_vec()
        }),
        prop::collection::vec(any::<u8>(), 0..6),
        // Fields that nobody knows.
        Just(b"\x1a\x03\x12\x01x".to_vec()),
        Just(b"\x23\x12\x03\x0a\x01x\x24".to_vec()),
    ]
}

proptest! {
    #[test]
    fn no_bytes_hide_a_mask(fragments in prop::collection::vec(fragment(), 0..5)) {
        let wire = fragments.concat();
        let masked = UPDATE.is_masked(&wire);
        match Update::decode(&*wire) {
            Ok(update) if update.mask.as_ref().is_some_and(|mask| !mask.paths.is_empty()) => prop_assert!(masked),
            // It may have a field that is not known.
            Ok(update) if update.mask.is_some() => {}
            Ok(_) => prop_assert!(!masked),
            // Others take it for a message perhaps.
            Err(_) => {}
        }
    }
}
