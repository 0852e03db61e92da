//! The comparison of rules, checked with all possible callers.

use std::collections::BTreeSet;

use rust_sdk_review::access::{Access, Account, Caller, Guard, Kind, Relation, Scope};

const PERMISSIONS: [&str; 4] = ["a", "b", "c", "d"];
const KINDS: [&str; 2] = ["USER", "KEY"];
const SCOPES: [&str; 2] = ["account_id", "project.account_id"];

/// Every subset.
fn subsets(names: &[&str]) -> Vec<BTreeSet<String>> {
    (0..1_usize << names.len())
        .map(|bits| {
            let chosen = names.iter().enumerate().filter(|(index, _)| bits >> index & 1 == 1);
            chosen.map(|(_, name)| (*name).to_owned()).collect()
        })
        .collect()
}

fn rules() -> Vec<Access> {
    let mut guards = vec![Guard::Unstated, Guard::Public, Guard::Authenticated];
    for permissions in subsets(&PERMISSIONS).into_iter().filter(|set| !set.is_empty()) {
        guards.push(Guard::All(permissions.clone()));
        guards.push(Guard::Any(permissions));
    }
    let mut rules = Vec::new();
    for guard in guards {
        for actors in subsets(&KINDS) {
            let fields = SCOPES.map(|field| Scope::Field(field.to_owned()));
            for scope in fields.iter().chain([&Scope::None, &Scope::Missing("old.account_id".to_owned())]) {
                rules.push(Access { guard: guard.clone(), actors: actors.clone(), scope: scope.clone() });
            }
        }
    }
    rules
}

fn callers() -> Vec<Caller> {
    let mut callers = vec![Caller::Anonymous];
    let accounts = [Account::Of(SCOPES[0].to_owned()), Account::Of(SCOPES[1].to_owned()), Account::Other];
    let kinds = KINDS.map(|kind| Kind::Named(kind.to_owned()));
    for kind in kinds.iter().chain([&Kind::Unlisted]) {
        for permissions in subsets(&PERMISSIONS) {
            for account in &accounts {
                callers.push(Caller::Authenticated {
                    kind: kind.clone(),
                    permissions: permissions.clone(),
                    account: account.clone(),
                });
            }
        }
    }
    callers
}

/// The rules, written once more in a plain form.
fn is_let_in(rule: &Access, caller: &Caller) -> bool {
    let Caller::Authenticated { kind, permissions, account } = caller else {
        return rule.guard == Guard::Public;
    };
    let held = match &rule.guard {
        Guard::Unstated => return false,
        Guard::Public => return true,
        Guard::Authenticated => true,
        Guard::All(needed) => needed.iter().all(|permission| permissions.contains(permission)),
        Guard::Any(needed) => needed.iter().any(|permission| permissions.contains(permission)),
    };
    let of_kind = match kind {
        _ if rule.actors.is_empty() => true,
        Kind::Named(kind) => rule.actors.iter().any(|actor| actor == kind),
        Kind::Unlisted => false,
    };
    let in_account = match (&rule.scope, account) {
        (Scope::None, _) => true,
        (Scope::Field(scope), Account::Of(field)) => scope == field,
        (Scope::Field(_), Account::Other) | (Scope::Missing(_), _) => false,
    };
    held && of_kind && in_account
}

#[test]
fn every_pair_of_rules_compares_as_its_sets_of_callers() {
    let (rules, callers) = (rules(), callers());
    let sets: Vec<Vec<bool>> =
        rules.iter().map(|rule| callers.iter().map(|caller| is_let_in(rule, caller)).collect()).collect();
    for (rule, set) in rules.iter().zip(&sets) {
        for (caller, expected) in callers.iter().zip(set) {
            assert_eq!(rule.admits(caller), *expected, "{rule:?} {caller:?}");
        }
    }
    let mut seen = [0; 4];
    for (old, old_set) in rules.iter().zip(&sets) {
        for (new, new_set) in rules.iter().zip(&sets) {
            let beyond = |these: &[bool], those: &[bool]| these.iter().zip(those).any(|(a, b)| *a && !b);
            let expected = match (beyond(new_set, old_set), beyond(old_set, new_set)) {
                (false, false) => Relation::Equivalent,
                (true, false) => Relation::Widened,
                (false, true) => Relation::Narrowed,
                (true, true) => Relation::Incomparable,
            };
            assert_eq!(old.relation_to(new), expected, "{old:?} {new:?}");
            seen[expected as usize] += 1;
            for (one, other) in [(old, new), (new, old)] {
                if let Some(witness) = one.admits_beyond(other) {
                    assert!(is_let_in(one, &witness), "{one:?} {other:?} {witness:?}");
                    assert!(!is_let_in(other, &witness), "{one:?} {other:?} {witness:?}");
                }
            }
        }
    }
    assert!(seen.iter().all(|count| *count > 500), "{seen:?}");
}

/// The decision of a server, which reads the generated table.
fn server_lets_in(rule: &Access, caller: &Caller) -> bool {
    use rust_sdk_runtime::access::{Access as Table, Caller as Known};
    let leak = |names: &BTreeSet<String>| -> &'static [&'static str] {
        names.iter().map(|name| &*name.clone().leak()).collect::<Vec<_>>().leak()
    };
    let table = match &rule.guard {
        Guard::Unstated => Table::denied(),
        Guard::Public => Table::public(),
        Guard::Authenticated => Table::authenticated(),
        Guard::All(permissions) => Table::all(leak(permissions)),
        Guard::Any(permissions) => Table::any(leak(permissions)),
    };
    let table = table.only(leak(&rule.actors));
    // Each field of the request names a different account; a missing field names none.
    let (table, named) = match &rule.scope {
        Scope::None => (table, None),
        Scope::Field(field) => (table.within(field.clone().leak()), Some(field.as_str())),
        Scope::Missing(field) => (table.within(field.clone().leak()), None),
    };
    let Caller::Authenticated { kind, permissions, account } = caller else {
        return table.check(&Known::anonymous(), named).is_allowed();
    };
    let kind = match kind {
        Kind::Named(kind) => kind,
        Kind::Unlisted => "ROBOT",
    };
    let account = match account {
        Account::Of(field) => field,
        Account::Other => "elsewhere",
    };
    table.check(&Known::new(permissions).actor(kind).within(account), named).is_allowed()
}

#[test]
fn a_server_lets_in_the_same_callers() {
    let callers = callers();
    for rule in rules() {
        for caller in &callers {
            assert_eq!(server_lets_in(&rule, caller), rule.admits(caller), "{rule:?} {caller:?}");
        }
    }
}
