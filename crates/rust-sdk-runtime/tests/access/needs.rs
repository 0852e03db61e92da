//! What a program's calls need, against a search through every set of permissions.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rust_sdk_runtime::Api;
use rust_sdk_runtime::access::{Access, Caller, Needs, Rule};
use rust_sdk_runtime::method::{Method, Service};

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

fn method(access: Access) -> &'static Method {
    Box::leak(Box::new(Method::unary("/t.v1.T/M").requires(access)))
}

fn set(names: &[&'static str]) -> BTreeSet<&'static str> {
    names.iter().copied().collect()
}

fn any(groups: &[&'static [&'static str]]) -> Vec<&'static Method> {
    groups.iter().map(|group| method(Access::any(group))).collect()
}

/// Sets of which none is within another one, by trying all of them.
fn minimal_by_search(methods: &[&'static Method]) -> BTreeSet<BTreeSet<&'static str>> {
    let names = |bits: usize| {
        NAMES.iter().enumerate().filter(move |(index, _)| bits >> index & 1 == 1).map(|(_, name)| *name)
    };
    let enough = |bits: usize| {
        let held: Vec<&str> = names(bits).collect();
        let caller = Caller::new(&held);
        methods.iter().all(|method| method.access().check(&caller, None).is_allowed())
    };
    let minimal = |bits: &usize| {
        enough(*bits) && (0..NAMES.len()).all(|index| bits >> index & 1 == 0 || !enough(bits & !(1 << index)))
    };
    (0..1 << NAMES.len()).filter(minimal).map(|bits| names(bits).collect()).collect()
}

fn access() -> impl Strategy<Value = Access> {
    let permissions = prop::sample::subsequence(&NAMES[..], 1..4).prop_map(|names| &*names.leak());
    prop_oneof![
        1 => Just(Access::public()),
        1 => Just(Access::authenticated()),
        2 => permissions.clone().prop_map(Access::all),
        6 => permissions.prop_map(Access::any),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_least_sets_are_those_that_a_search_finds(accesses in prop::collection::vec(access(), 0..7)) {
        let methods: Vec<_> = accesses.into_iter().map(method).collect();
        let needs = Needs::of(methods.iter().copied());
        let found = needs.minimal_sets().unwrap();
        let searched = minimal_by_search(&methods);
        prop_assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), searched.clone());
        prop_assert_eq!(found.len(), searched.len(), "none is there twice");
        prop_assert!(found.is_sorted_by_key(|set| (set.len(), set.clone())));
        prop_assert_eq!(&needs.least(), &found[0]);
        // What is said without listing the sets comes to the same.
        let whole = found.iter().fold(set(&NAMES), |all, set| &all & set);
        prop_assert!(needs.all().is_subset(&whole));
        prop_assert!(needs.any().iter().all(|group| group.is_disjoint(needs.all())));
    }
}

#[test]
fn the_order_of_the_calls_and_repetitions_do_not_matter() {
    let mut methods = any(&[&["a", "b"], &["b", "c"], &["a", "b", "c"], &["c"]]);
    methods.push(method(Access::all(&["d", "d"])));
    let needs = Needs::of(methods.iter().copied());
    assert_eq!(needs.all(), &set(&["d"]));
    assert_eq!(
        needs.any(),
        &BTreeSet::from([set(&["a", "b"]), set(&["c"])]),
        "c is the only one of its group"
    );
    assert_eq!(needs.minimal_sets().unwrap(), [set(&["a", "c", "d"]), set(&["b", "c", "d"])]);
    let again = Needs::of(methods.iter().rev().chain(&methods).copied());
    assert_eq!((again.all(), again.any(), again.least()), (needs.all(), needs.any(), needs.least()));
}

#[test]
fn too_many_choices_are_an_error_and_never_a_wait() {
    let groups = |count: usize, width: usize, shift: usize| {
        (0..count).map(move |group| {
            let names = (0..width).map(|index| &*format!("p{}", group * shift + index).leak());
            method(Access::any(names.collect::<Vec<&'static str>>().leak()))
        })
    };
    assert_eq!(Needs::of(groups(9, 2, 2)).minimal_sets().unwrap().len(), 512);
    // The second one would be 2^200 sets: a search without a limit does not end.
    for (count, width, shift) in [(10, 2, 2), (200, 2, 2), (50, 30, 30), (50, 30, 7), (60, 60, 1)] {
        let needs = Needs::of(groups(count, width, shift));
        let error = needs.minimal_sets().unwrap_err();
        assert!(error.to_string().contains("too many"));
        // One is found all the same, and nothing of it can be left out.
        let least = needs.least();
        let enough = |set: &BTreeSet<&'static str>| needs.any().iter().all(|group| !group.is_disjoint(set));
        assert!(enough(&least));
        for permission in &least {
            let mut less = least.clone();
            less.remove(permission);
            assert!(!enough(&less), "{permission} of {least:?}");
        }
    }
}

#[test]
fn methods_for_different_kinds_of_callers_have_no_one_caller() {
    let (user, key) = (Access::authenticated().only(&["U", "S"]), Access::all(&["a"]).only(&["K", "S"]));
    let needs = Needs::of([method(user), method(key), method(Access::authenticated())]);
    assert_eq!(needs.actors(), Some(&set(&["S"])));
    assert!(needs.is_possible() && needs.authentication() && needs.denied().is_empty());
    let needs = Needs::of([method(user), method(key), method(Access::public().only(&["K"]))]);
    assert_eq!(needs.actors(), Some(&set(&["S"])), "a public method limits nobody");
    let needs = Needs::of([method(user), method(Access::authenticated().only(&["K"]))]);
    assert_eq!((needs.actors(), needs.is_possible()), (Some(&set(&[])), false));
    let limited = needs.limited().iter().map(|method| method.access().actors()).collect::<Vec<_>>();
    assert_eq!(limited, [&["U", "S"][..], &["K"]]);

    let needs = Needs::of([method(Access::denied()), method(Access::all(&["a"]))]);
    assert_eq!((needs.denied().len(), needs.is_possible(), needs.actors()), (1, false, None));
    for nobody in [Access::all(&[]), Access::all(&["a", ""]), Access::any(&[]), Access::any(&[""])] {
        assert!(!Needs::of([method(nobody)]).is_possible(), "{nobody:?}");
    }
    assert_eq!(Needs::of([method(Access::any(&["", "a"]))]).any(), &BTreeSet::from([set(&["a"])]));
    let public = Needs::of([method(Access::public())]);
    assert!(public.is_possible() && !public.authentication() && public.least().is_empty());
    assert_eq!(public.minimal_sets().unwrap(), [set(&[])]);
}

static METHODS: [Method; 5] = [
    Method::unary("/t.v1.T/Read").requires(Access::all(&["a"]).within("id")),
    Method::unary("/t.v1.T/Both").requires(Access::all(&["a", "b", "a"]).only(&["K"])),
    Method::unary("/t.v1.T/Either").requires(Access::any(&["b", "c"])),
    Method::unary("/t.v1.T/Open").requires(Access::public()),
    Method::unary("/t.v1.T/Forgotten"),
];
static SERVICE: Service = Service::new("t.v1.T", &METHODS);
static API: Api = Api::new(&[&SERVICE]);

fn names(methods: impl IntoIterator<Item = &'static Method>) -> Vec<&'static str> {
    methods.into_iter().map(Method::name).collect()
}

#[test]
fn permissions_lead_to_methods_and_callers_do() {
    assert_eq!(names(API.methods_asking_for("a")), ["Read", "Both"]);
    assert_eq!(names(API.methods_asking_for("A")), [""; 0]);
    let index = API.methods_by_permission();
    assert_eq!(index.keys().copied().collect::<Vec<_>>(), ["a", "b", "c"]);
    for (permission, methods) in index {
        assert_eq!(names(methods), names(API.methods_asking_for(permission)));
    }

    let grants = ["a", "b"];
    let caller = Caller::new(&grants);
    assert_eq!(names(API.callable(&caller)), ["Read", "Either", "Open"]);
    assert_eq!(names(API.callable(&caller.actor("K"))), ["Read", "Both", "Either", "Open"]);
    assert_eq!(names(API.callable(&Caller::anonymous())), ["Open"]);
    // Whoever has what all of the calls need may make all of them.
    for last in 0..4 {
        let needs = API.required_for(&METHODS[..=last]);
        for set in needs.minimal_sets().unwrap() {
            let caller = Caller::new(&set).actor("K");
            assert!(METHODS[..=last].iter().all(|method| matches!(method.access().rule(), Rule::Public)
                || method.access().check_own_account(&caller).is_allowed()));
        }
    }
}
