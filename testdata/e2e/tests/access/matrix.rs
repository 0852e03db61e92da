//! The decision matrix, decided by the generated tables.

use rust_sdk_runtime::access::Decision;
use rust_sdk_runtime::{Api, Code};

use crate::support::access::{self, LUMEN, SHAPES};

fn told(decision: &Decision<'_>) -> Option<(Code, &'static str)> {
    decision.refusal().map(|refusal| (refusal.code(), refusal.reason().as_str()))
}

fn check(api: &Api, access_json: &str) -> (usize, usize) {
    let methods = access::stated(access_json);
    assert_eq!(api.methods().count(), methods.len());
    let (mut allowed, mut all) = (0, 0);
    for stated in &methods {
        let method = api.method_by_name(&stated.name).unwrap();
        for case in access::cases(stated, &methods) {
            let identity = case.who.identity();
            let decision = method.access().check(&identity.caller(), case.account);
            assert_eq!(told(&decision), access::expected(stated, &case), "{} {case:?}", stated.name);
            allowed += usize::from(decision.is_allowed());
            all += 1;
        }
    }
    (allowed, all)
}

#[test]
fn every_method_lets_in_whom_the_document_says() {
    let (allowed, all) = check(&lumen_cloud::API, LUMEN);
    assert!(all > 10_000 && allowed > all / 20 && allowed < all / 2, "{allowed} of {all}");
    let (allowed, all) = check(&shapes::API, SHAPES);
    assert!(all > 5_000 && allowed == 0, "an API without statements lets in nobody: {allowed} of {all}");
}
