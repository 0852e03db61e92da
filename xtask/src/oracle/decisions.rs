//! Compares decisions by the generated rules with decisions by the facts: for callers of every kind, with every subset of
//! the permissions that matter.

use std::collections::BTreeSet;

use rust_sdk_runtime::access::{Access, Caller, Decision};
use serde_json::Value;

use super::Methods;

/// A caller, and the account that it calls for.
#[derive(Clone, Debug)]
struct Case {
    /// `None`: not authenticated.
    permissions: Option<Vec<String>>,
    kind: Option<String>,
    own: Own,
    account: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Own {
    Unknown,
    One(&'static str),
    Every,
}

/// Compares all decisions. Returns their number, and one line for each method with differences.
pub(super) fn compare(ours: &Methods, facts: &Methods) -> (usize, Vec<String>) {
    let kinds: BTreeSet<String> = facts.values().flat_map(|fact| strings(&fact["actors"])).collect();
    let mut all = 0;
    let mut differences = Vec::new();
    for (name, fact) in facts {
        let Some(access) = ours.get(name).map(access) else { continue };
        let cases = cases(fact, &kinds);
        all += cases.len();
        let wrong: Vec<&Case> =
            cases.iter().filter(|case| decide(access, case) != expected(fact, case)).collect();
        if let Some(first) = wrong.first() {
            let (decision, expected) = (decide(access, first), expected(fact, first));
            differences.push(format!(
                "{name}: {} of {} decisions differ; {first:?} gives {decision:?}, should be {expected:?}",
                wrong.len(),
                cases.len()
            ));
        }
    }
    (all, differences)
}

fn strings(value: &Value) -> Vec<String> {
    let list = value.as_array().map_or(&[][..], Vec::as_slice);
    list.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

/// The runtime's rule, whose tables must live as long as the program.
fn access(method: &Value) -> Access {
    let leak = |names: Vec<String>| -> &'static [&'static str] {
        names.into_iter().map(|name| &*name.leak()).collect::<Vec<&'static str>>().leak()
    };
    let permissions = leak(strings(&method["permissions"]));
    let access = match (method["state"].as_str(), method["require"].as_str()) {
        (Some("public"), _) => Access::public(),
        (Some("authenticated"), _) => Access::authenticated(),
        (Some("permissions"), Some("all")) => Access::all(permissions),
        (Some("permissions"), Some("any")) => Access::any(permissions),
        _ => Access::denied(),
    };
    let access = access.only(leak(strings(&method["actors"])));
    match method["scope"].as_str() {
        Some(field) => access.within(field.to_owned().leak()),
        None => access,
    }
}

fn decide(access: Access, case: &Case) -> Option<&'static str> {
    let mut caller = case.permissions.as_ref().map_or(Caller::anonymous(), Caller::new);
    if let Some(kind) = &case.kind {
        caller = caller.actor(kind);
    }
    caller = match case.own {
        Own::Unknown => caller,
        Own::One(account) => caller.within(account),
        Own::Every => caller.everywhere(),
    };
    match access.check(&caller, case.account) {
        Decision::Allowed => None,
        Decision::Refused(refusal) => Some(refusal.reason().as_str()),
    }
}

/// The decision by the facts alone.
fn expected(fact: &Value, case: &Case) -> Option<&'static str> {
    let (asked, actors) = (strings(&fact["permissions"]), strings(&fact["actors"]));
    let asks = fact["state"] == "permissions";
    if fact["state"] == "public" {
        return None;
    }
    if !asks && fact["state"] != "authenticated" {
        return Some("ACCESS_UNSTATED");
    }
    let Some(held) = &case.permissions else { return Some("UNAUTHENTICATED") };
    if !actors.is_empty() && !case.kind.as_ref().is_some_and(|kind| actors.contains(kind)) {
        return Some("ACTOR_NOT_ALLOWED");
    }
    if !fact["scope"].is_null() {
        match (case.own, case.account) {
            (Own::One(_), None) => return Some("ACCOUNT_MISSING"),
            (_, None) if asks => return Some("ACCOUNT_MISSING"),
            (Own::One(own), Some(account)) if own != account => return Some("ACCOUNT_MISMATCH"),
            (Own::Unknown, Some(_)) if asks => return Some("ACCOUNT_UNKNOWN"),
            _ => {}
        }
    }
    let missing = asked.iter().filter(|name| !held.contains(name)).count();
    let enough = if fact["require"] == "any" { missing < asked.len() } else { missing == 0 };
    (asks && !enough).then_some("PERMISSION_MISSING")
}

fn cases(fact: &Value, kinds: &BTreeSet<String>) -> Vec<Case> {
    let asked = strings(&fact["permissions"]);
    // Few methods require more than two permissions. Of longer lists, only the first permissions vary.
    let choices = (0_usize..1 << asked.len().min(6)).map(|bits| {
        let chosen = asked.iter().enumerate().filter(|(index, _)| bits >> index & 1 == 1);
        chosen.map(|(_, name)| name.clone()).chain(["some:other".to_owned()]).collect()
    });
    let permissions: Vec<Option<Vec<String>>> =
        choices.chain([Vec::new(), asked.clone()]).map(Some).chain([None]).collect();
    let kinds = kinds.iter().cloned().map(Some).chain([None, Some("stranger".to_owned())]);
    let kinds: Vec<Option<String>> = kinds.collect();
    let mut cases = Vec::new();
    for permissions in &permissions {
        for kind in &kinds {
            for own in [Own::Unknown, Own::One("a"), Own::One("b"), Own::Every] {
                for account in [None, Some("a")] {
                    let (permissions, kind) = (permissions.clone(), kind.clone());
                    cases.push(Case { permissions, kind, own, account });
                }
            }
        }
    }
    cases
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn compared(ours: &Value, fact: &Value) -> usize {
        let methods = |value: &Value| Methods::from([("a".to_owned(), value.clone())]);
        let (all, differences) = compare(&methods(ours), &methods(fact));
        assert!(all > 50);
        differences.len()
    }

    #[test]
    fn every_change_of_a_rule_changes_a_decision() {
        let fact = json!({
            "state": "permissions", "permissions": ["x", "y"], "require": "all", "actors": ["U"], "scope": "id",
        });
        assert_eq!(compared(&fact, &fact), 0);
        for (key, value) in [
            ("state", json!("public")),
            ("state", json!("authenticated")),
            ("state", json!("unstated")),
            ("permissions", json!(["x"])),
            ("permissions", json!(["x", "y", "z"])),
            ("permissions", json!([])),
            ("require", json!("any")),
            ("actors", json!([])),
            ("actors", json!(["U", "stranger"])),
            ("actors", json!(["u"])),
            ("scope", json!(null)),
        ] {
            let mut ours = fact.clone();
            ours[key] = value;
            assert_eq!(compared(&ours, &fact), 1, "{ours}");
        }
        // An equivalent rule has no differences.
        let mut ours = fact.clone();
        ours["permissions"] = json!(["y", "x", "x"]);
        assert_eq!(compared(&ours, &fact), 0);
    }
}
