//! Short ways to write snapshots.
#![allow(dead_code)] // Each test uses its part.

pub(crate) mod files;
pub(crate) mod sdk;

use std::collections::BTreeSet;

use rust_sdk_review::access::{Access, Guard, Scope};
use rust_sdk_review::{Binding, Method, Snapshot};

/// A method's rule and routes.
#[derive(Clone, Debug)]
pub(crate) struct Rule(Method);

/// All or any of these permissions, within `account_id`; without permissions, authentication is enough.
pub(crate) fn rule(require: &str, permissions: &[&str]) -> Rule {
    let names = permissions.iter().map(|name| (*name).to_owned()).collect();
    let guard = match (require, permissions) {
        (_, []) => Guard::Authenticated,
        ("any", _) => Guard::Any(names),
        _ => Guard::All(names),
    };
    with(guard)
}

pub(crate) fn public() -> Rule {
    with(Guard::Public)
}

pub(crate) fn unstated() -> Rule {
    with(Guard::Unstated)
}

fn with(guard: Guard) -> Rule {
    let access = Access { guard, actors: BTreeSet::new(), scope: Scope::Field("account_id".to_owned()) };
    Rule(Method { access, bindings: Vec::new(), request: None, response: None, streaming: None })
}

impl Rule {
    pub(crate) fn actors(mut self, kinds: &[&str]) -> Self {
        self.0.access.actors = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        self
    }

    pub(crate) fn scope(mut self, field: Option<&str>) -> Self {
        self.0.access.scope = field.map_or(Scope::None, |field| Scope::Field(field.to_owned()));
        self
    }

    /// Each is `VERB PATH [BODY [RESPONSE_BODY]]`; `-` means none.
    pub(crate) fn bound(mut self, bindings: &[&str]) -> Self {
        self.0.bindings = bindings
            .iter()
            .map(|binding| {
                let mut words = binding.split(' ').map(str::to_owned);
                Binding {
                    verb: words.next().unwrap(),
                    path: words.next().unwrap(),
                    body: words.next().filter(|body| body != "-"),
                    response_body: Some(words.next().unwrap_or_default()),
                }
            })
            .collect();
        self
    }
}

pub(crate) fn api(methods: &[(&str, &Rule)]) -> Snapshot {
    let methods = methods.iter().map(|(name, rule)| ((*name).to_owned(), rule.0.clone())).collect();
    Snapshot { methods, ..Snapshot::default() }
}

/// Methods with the same rule and these routes.
pub(crate) fn bindings(methods: &[(&str, &[&str])]) -> Snapshot {
    let rules: Vec<Rule> = methods.iter().map(|(_, bindings)| rule("all", &["a"]).bound(bindings)).collect();
    api(&methods.iter().zip(&rules).map(|((name, _), rule)| (*name, rule)).collect::<Vec<_>>())
}
