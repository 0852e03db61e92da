//! Two snapshots → a report.

use std::collections::BTreeSet;

use rust_sdk_model::template::Template;

use crate::access::{Access, Guard, Relation, Scope};
use crate::migration;
use crate::report::{AccessChange, CallChange, Migration, Report, Verdict};
use crate::routes;
use crate::snapshot::{Binding, Method, Snapshot};
use crate::text::Text;
use crate::words;

/// Compares two versions of an API.
pub fn compare(old: &Snapshot, new: &Snapshot) -> Report {
    let mut report = Report {
        routes: routes::compare(old, new),
        unbound: routes::unbound(old, new).len(),
        old_problems: old.problems.clone(),
        new_problems: new.problems.clone(),
        ..Report::default()
    };
    let known: BTreeSet<&str> =
        old.methods.values().flat_map(|method| method.access.guard.permissions()).collect();
    for (name, method) in &old.methods {
        match new.methods.get(name) {
            None => report.access.push(removed(name, &method.access)),
            Some(other) => {
                report.access.extend(changed(name, method, other, &known));
                report.calls.extend(call(name, method, other));
            }
        }
    }
    let added = new.methods.iter().filter(|(name, _)| !old.methods.contains_key(*name));
    report.access.extend(added.map(|(name, method)| added_method(name, &method.access)));
    report.access.sort_by(|a, b| (a.danger(), &a.method).cmp(&(b.danger(), &b.method)));
    report
}

fn removed(method: &str, access: &Access) -> AccessChange {
    AccessChange {
        reasons: vec![Text::say("the method is gone; its callers needed: ").join(words::access(access))],
        old: Some(access.clone()),
        ..AccessChange::new(method, Verdict::Removed)
    }
}

fn added_method(method: &str, access: &Access) -> AccessChange {
    AccessChange {
        reasons: vec![Text::say("a new method; its callers need: ").join(words::access(access))],
        new: Some(access.clone()),
        ..AccessChange::new(method, Verdict::Added)
    }
}

/// `None` where the same callers are let in, however that is said. `known` are the permissions of the old version.
fn changed(name: &str, method: &Method, other: &Method, known: &BTreeSet<&str>) -> Option<AccessChange> {
    let (old, new) = (&method.access, &other.access);
    let relation = old.relation_to(new);
    if relation == Relation::Equivalent {
        return None;
    }
    let let_in = new.admits_beyond(old);
    let locked_out = old.admits_beyond(new);
    let arrow = |what: &str, old: Text, new: Text| Text::say(what).join(old).then(" → ").join(new);
    let mut reasons = Vec::new();
    if words::guard(&old.guard) != words::guard(&new.guard) {
        reasons.push(arrow("callers need: ", words::guard(&old.guard), words::guard(&new.guard)));
    }
    let both_ask = |access: &Access| !matches!(access.guard, Guard::Unstated | Guard::Public);
    if both_ask(old) && both_ask(new) {
        if old.actors != new.actors {
            reasons.push(arrow("kinds of callers: ", words::kinds(old), words::kinds(new)));
        }
        if old.scope != new.scope {
            reasons.push(arrow("account: ", words::scope(old), words::scope(new)));
            if same_place(method, other) {
                reasons.push(Text::say("in REST paths the account stays at the same place"));
            }
        }
    }
    for (words, caller) in [("lets in ", &let_in), ("locks out ", &locked_out)] {
        reasons.extend(caller.as_ref().map(|caller| Text::say(words).join(words::caller(caller, old, new))));
    }
    let fresh = || new.guard.permissions().filter(|permission| !known.contains(permission));
    if fresh().next().is_some() {
        reasons.push(Text::say("no method of the old version asks for ").join(Text::names(fresh())));
    }
    if new.guard == Guard::Unstated {
        reasons.push(Text::say("a server that does not enforce the generated table may let in anybody"));
    }
    Some(AccessChange {
        migration: migration::step(old, new),
        safe_steps: migration::safe_steps(old, new),
        old: Some(old.clone()),
        new: Some(new.clone()),
        let_in,
        locked_out,
        reasons,
        ..AccessChange::new(name, relation.into())
    })
}

/// Whether the account is at the same place of some path before and now, under another name.
fn same_place(old: &Method, new: &Method) -> bool {
    let places = |method: &Method| {
        let Scope::Field(scope) = &method.access.scope else { return Vec::new() };
        let place = |binding: &Binding| {
            let template = Template::parse(&binding.path).ok()?;
            let at = template.variables().position(|(field, _)| field == scope)?;
            Some((binding.verb.clone(), template.shape(), at))
        };
        method.bindings.iter().filter_map(place).collect()
    };
    let now = places(new);
    places(old).iter().any(|place| now.contains(place))
}

fn call(method: &str, old: &Method, new: &Method) -> Option<CallChange> {
    let parts = [
        ("request: ", &old.request, &new.request),
        ("response: ", &old.response, &new.response),
        ("streaming: ", &old.streaming, &new.streaming),
    ];
    let reasons: Vec<Text> = parts
        .into_iter()
        .filter_map(|(what, old, new)| {
            let (old, new) = (old.as_ref()?, new.as_ref()?);
            (old != new).then(|| Text::say(what).with(old).then(" → ").with(new))
        })
        .collect();
    (!reasons.is_empty()).then(|| CallChange { method: method.to_owned(), reasons })
}

impl AccessChange {
    fn new(method: &str, verdict: Verdict) -> Self {
        Self {
            method: method.to_owned(),
            verdict,
            old: None,
            new: None,
            let_in: None,
            locked_out: None,
            migration: None,
            confirmed: false,
            reasons: Vec::new(),
            safe_steps: Vec::new(),
        }
    }

    /// Whether anybody may call the method now who had to authenticate before, or who had no method to call.
    pub fn opens_to_public(&self) -> bool {
        let is_public =
            |access: &Option<Access>| access.as_ref().is_some_and(|access| access.guard == Guard::Public);
        is_public(&self.new) && !is_public(&self.old)
    }

    /// Whether authentication is enough now, where more was asked for.
    pub fn asks_for_nothing(&self) -> bool {
        let asks = |access: &Option<Access>| {
            access.as_ref().is_some_and(|access| access.guard != Guard::Authenticated)
        };
        self.new.is_some() && !asks(&self.new) && asks(&self.old)
    }

    /// The order of a report: what lets in most comes first.
    fn danger(&self) -> u8 {
        match self.verdict {
            _ if self.opens_to_public() => 0,
            Verdict::Widened | Verdict::Incomparable if self.asks_for_nothing() => 1,
            Verdict::Incomparable => 2,
            Verdict::Widened => 3,
            Verdict::Narrowed if self.migration == Some(Migration::Completion) => 5,
            Verdict::Narrowed => 4,
            Verdict::Removed => 6,
            Verdict::Added => 7,
            Verdict::Equivalent => 8,
        }
    }
}
