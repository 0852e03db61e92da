//! Every decision over a small world, against a truth table that is written down here by itself.

use proptest::prelude::*;
use rust_sdk_runtime::access::{Access, Caller, Decision, Reason, Rule};

const NAMES: [&str; 3] = ["read:a", "write:a", "read:b"];
const KINDS: [&str; 2] = ["USER", "KEY"];

/// All sublists of a list, in its order.
fn sublists(names: &[&'static str]) -> Vec<&'static [&'static str]> {
    let sublist = |bits: usize| {
        let chosen = names.iter().enumerate().filter(|(index, _)| bits >> index & 1 == 1);
        &*chosen.map(|(_, name)| *name).collect::<Vec<_>>().leak()
    };
    (0..1 << names.len()).map(sublist).collect()
}

fn rules() -> Vec<Rule> {
    let mut rules = vec![Rule::Public, Rule::Authenticated, Rule::Denied];
    for permissions in sublists(&NAMES) {
        rules.extend([Rule::All(permissions), Rule::Any(permissions)]);
    }
    rules
}

fn accesses() -> Vec<Access> {
    let mut accesses = Vec::new();
    for rule in rules() {
        for actors in sublists(&KINDS) {
            let access = Access::new(rule).only(actors);
            accesses.extend([access, access.within("a.id")]);
        }
    }
    accesses
}

/// What a caller says of themselves.
#[derive(Clone, Copy, Debug)]
struct Known {
    authenticated: bool,
    kind: Option<&'static str>,
    grants: &'static [&'static str],
    own: Own,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Own {
    Unknown,
    One(&'static str),
    Every,
}

impl Known {
    fn caller(&self) -> Caller<'_> {
        if !self.authenticated {
            return Caller::anonymous();
        }
        let mut caller = Caller::new(&self.grants);
        if let Some(kind) = self.kind {
            caller = caller.actor(kind);
        }
        match self.own {
            Own::Unknown => caller,
            Own::One(account) => caller.within(account),
            Own::Every => caller.everywhere(),
        }
    }
}

fn callers() -> Vec<Known> {
    let mut callers = vec![Known { authenticated: false, kind: None, grants: &[], own: Own::Unknown }];
    for kind in [None, Some("USER"), Some("KEY"), Some("user"), Some("")] {
        for grants in sublists(&[NAMES[0], NAMES[1], NAMES[2], "read:other"]) {
            for own in [Own::Unknown, Own::One("x"), Own::One("y"), Own::One(""), Own::Every] {
                callers.push(Known { authenticated: true, kind, grants, own });
            }
        }
    }
    callers
}

/// One column of the table a rule, each with the reason for which it refuses.
fn truth(access: &Access, known: &Known, account: Option<&str>) -> Option<&'static str> {
    let asks = access.permissions();
    let by_permissions = matches!(access.rule(), Rule::All(_) | Rule::Any(_));
    let has = |name: &&str| known.grants.contains(name);
    let enough = match access.rule() {
        Rule::All(_) => asks.iter().filter(|name| has(name)).count() == asks.len(),
        Rule::Any(_) => asks.iter().filter(|name| has(name)).count() > 0,
        _ => true,
    };
    let scoped = access.scope().is_some();
    let named = account.unwrap_or_default();
    let table = [
        (access.rule() == Rule::Denied || (by_permissions && asks.is_empty()), "ACCESS_UNSTATED"),
        (!known.authenticated, "UNAUTHENTICATED"),
        (
            !access.actors().is_empty() && !access.actors().iter().any(|actor| known.kind == Some(actor)),
            "ACTOR_NOT_ALLOWED",
        ),
        (
            scoped && named.is_empty() && (by_permissions || matches!(known.own, Own::One(_))),
            "ACCOUNT_MISSING",
        ),
        (scoped && matches!(known.own, Own::One(own) if own != named), "ACCOUNT_MISMATCH"),
        (scoped && by_permissions && known.own == Own::Unknown, "ACCOUNT_UNKNOWN"),
        (!enough, "PERMISSION_MISSING"),
    ];
    if access.rule() == Rule::Public {
        return None;
    }
    table.into_iter().find(|(refuses, _)| *refuses).map(|(_, reason)| reason)
}

fn reason(decision: &Decision<'_>) -> Option<&'static str> {
    decision.refusal().map(|refusal| refusal.reason().as_str())
}

#[test]
fn every_decision_is_that_of_the_truth_table() {
    let (accesses, callers) = (accesses(), callers());
    let mut allowed = 0_usize;
    let mut seen = std::collections::BTreeSet::new();
    for access in &accesses {
        for known in &callers {
            for account in [None, Some(""), Some("x"), Some("y"), Some("X")] {
                let decision = access.check(&known.caller(), account);
                let expected = truth(access, known, account);
                assert_eq!(reason(&decision), expected, "{access:?} {known:?} {account:?}");
                assert_eq!(decision.is_allowed(), expected.is_none());
                allowed += usize::from(decision.is_allowed());
                seen.extend(expected);
            }
        }
    }
    let all = accesses.len() * callers.len() * 5;
    assert!(allowed > all / 20 && allowed < all / 2, "{allowed} of {all}");
    assert_eq!(seen.len(), 7, "every reason occurs: {seen:?}");
}

#[test]
fn before_there_is_a_request_the_account_is_the_callers_own() {
    for access in accesses() {
        for known in callers() {
            let decision = access.check_own_account(&known.caller());
            let known = Known { own: Own::One("x"), ..known };
            assert_eq!(reason(&decision), truth(&access, &known, Some("x")), "{access:?} {known:?}");
        }
    }
}

#[test]
fn what_is_missing_is_what_the_rule_asks_for_and_the_caller_lacks() {
    for access in accesses() {
        for known in callers() {
            let caller = known.caller();
            let Decision::Refused(refusal) = access.check_own_account(&caller) else { continue };
            let Reason::Permissions(missing) = refusal.reason() else { continue };
            let lacks = access.permissions().iter().filter(|name| !known.grants.contains(name));
            assert_eq!(missing.iter().collect::<Vec<_>>(), lacks.copied().collect::<Vec<_>>());
            assert_eq!(missing.all(), matches!(access.rule(), Rule::All(_)));
            // Whoever gets all of them is let in.
            let more: Vec<&str> = known.grants.iter().copied().chain(missing.iter()).collect();
            let mut richer = Caller::new(&more);
            richer = known.kind.map_or(richer, |kind| richer.actor(kind));
            assert!(access.check_own_account(&richer).is_allowed());
        }
    }
}

#[test]
fn a_permission_without_a_name_is_held_by_nobody() {
    let grants = ["", "read:a"];
    let caller = Caller::new(&grants);
    assert!(!Access::all(&[""]).check(&caller, None).is_allowed());
    assert!(!Access::any(&[""]).check(&caller, None).is_allowed());
    assert!(!Access::all(&["read:a", ""]).check(&caller, None).is_allowed());
    assert!(Access::any(&["read:a", ""]).check(&caller, None).is_allowed());
}

fn names() -> impl Strategy<Value = Vec<String>> {
    let name = prop_oneof!["[ab]", "[A-Za-z:*_ ]{0,4}", any::<String>()];
    prop::collection::vec(name, 0..5)
}

fn leak(names: &[String]) -> &'static [&'static str] {
    names.iter().map(|name| &*name.clone().leak()).collect::<Vec<&'static str>>().leak()
}

proptest! {
    #[test]
    fn any_names_decide_as_sets_do(asks in names(), held in names(), all: bool) {
        let asks = leak(&asks);
        let access = if all { Access::all(asks) } else { Access::any(asks) };
        let has = |name: &&str| !name.is_empty() && held.iter().any(|held| held == name);
        let expected = !asks.is_empty() && if all { asks.iter().all(has) } else { asks.iter().any(has) };
        prop_assert_eq!(access.check(&Caller::new(&held), None).is_allowed(), expected);
    }

    #[test]
    fn more_permissions_never_lock_out_and_a_narrower_method_lets_in_nobody_new(
        asks in names(), held in names(), more in names(), kinds in names(), kind in "[ab]?", all: bool,
        account in "[ab]?", own in "[ab]?",
    ) {
        let (asks, kinds) = (leak(&asks), leak(&kinds));
        let access = if all { Access::all(asks) } else { Access::any(asks) }.within("account");
        let both: Vec<String> = held.iter().chain(&more).cloned().collect();
        let (poor, rich) = (Caller::new(&held).actor(&kind), Caller::new(&both).actor(&kind));
        let decide = |access: Access, caller: Caller<'_>| {
            access.check(&caller.within(&own), Some(&account)).is_allowed()
        };
        prop_assert!(!decide(access, poor) || decide(access, rich));
        prop_assert!(!decide(access.only(kinds), poor) || decide(access, poor));
        let all = Access::all(asks).within("account");
        prop_assert!(!decide(all, poor) || decide(Access::any(asks).within("account"), poor));
        prop_assert!(!decide(access, poor) || (account == own && !own.is_empty()));
    }
}
