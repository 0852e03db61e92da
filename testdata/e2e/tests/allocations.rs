//! Looking a method up and deciding who may call it needs no memory: in a program of its own, since memory is counted.

use std::collections::{BTreeSet, HashSet};

use allocation_counter::measure;
use lumen_cloud::API;
use lumen_cloud::greenhouse::v1::{CreateGreenhouseRequest, Greenhouse, GreenhouseService, SensorService};
use rust_sdk_runtime::access::{Caller, Decision, Identity, Reason};

/// How often memory is asked for.
fn allocations(work: impl FnOnce()) -> u64 {
    measure(work).count_total
}

#[test]
fn a_decision_needs_no_memory() {
    // That it is counted at all.
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![1_u8]))), 1);
    // The first look-up builds its index.
    assert!(API.method("/").is_none());

    let list = ["read:greenhouses", "write:greenhouses", "read:billing"];
    let (set, tree) = (HashSet::from(list), BTreeSet::from(list));
    let owned = Identity::new(list.map(ToOwned::to_owned)).within("a");
    let request = CreateGreenhouseRequest {
        greenhouse: Some(Greenhouse { account_id: "a".into(), ..Greenhouse::default() }),
        ..CreateGreenhouseRequest::default()
    };
    let callers = [Caller::new(&list), Caller::new(&set), Caller::new(&tree), owned.caller()];
    for caller in callers.map(|caller| caller.within("a")) {
        let mut allowed = 0;
        assert_eq!(
            allocations(|| {
                let path = "/lumen.cloud.greenhouse.v1.GreenhouseService/CreateGreenhouse";
                let method = API.method(path).unwrap();
                let account = GreenhouseService::CREATE_GREENHOUSE.scope_of(&request);
                allowed += usize::from(method.access().check(&caller, account).is_allowed());
                let any = SensorService::LIST_SENSORS.access();
                allowed += usize::from(any.check(&caller, Some("a")).is_allowed());
            }),
            0
        );
        assert_eq!(allowed, 2);
    }
}

#[test]
fn neither_does_a_refusal_nor_a_look_at_what_is_missing() {
    let list = ["read:greenhouses"];
    let identity = Identity::new(list).actor("ACTOR_TYPE_USER").within("a");
    let mut missing = 0;
    let allocations = allocations(|| {
        for method in API.methods() {
            for (caller, account) in
                [(identity.caller(), None), (identity.caller(), Some("a")), (Caller::anonymous(), Some("b"))]
            {
                if let Decision::Refused(refusal) = method.access().check(&caller, account) {
                    missing += refusal.reason().as_str().len() + refusal.code().as_str().len();
                    if let Reason::Permissions(names) = refusal.reason() {
                        missing += names.iter().map(str::len).sum::<usize>();
                    }
                }
            }
        }
    });
    assert_eq!(allocations, 0);
    assert!(missing > 1000, "{missing}");
}
