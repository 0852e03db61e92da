//! How the callers of methods change.

use std::collections::BTreeSet;

use rust_sdk_model::template::Template;

use crate::access::{Access, Guard, Relation, Scope};
use crate::migration;
use crate::report::{AccessChange, AccessComparison, Migration, OwnCheck, Verdict};
use crate::snapshot::{AccessSource, Binding, Method, Snapshot};
use crate::text::Text;
use crate::words;

/// The methods whose callers change, and new and removed methods, most dangerous first.
pub(crate) fn compare(old: &Snapshot, new: &Snapshot, compared: &AccessComparison) -> Vec<AccessChange> {
    let mut changes = Vec::new();
    let known: BTreeSet<&str> =
        old.methods.values().flat_map(|method| method.access.guard.permissions()).collect();
    for (name, method) in &old.methods {
        let Some(other) = new.methods.get(name) else {
            changes.push(removed(name, &method.access, states(old)));
            continue;
        };
        match compared {
            AccessComparison::Made => {
                let own_check = match (old.custom.contains(name), new.custom.contains(name)) {
                    (false, true) => Some(OwnCheck::Announced),
                    (true, false) => Some(OwnCheck::Dropped),
                    _ => None,
                };
                changes.extend(changed(name, (method, other), own_check, &known));
            }
            AccessComparison::Introduced => changes.extend(introduced(name, &other.access)),
            AccessComparison::NothingStated | AccessComparison::Off | AccessComparison::Unread { .. } => {}
        }
    }
    let added = new.methods.iter().filter(|(name, _)| !old.methods.contains_key(*name));
    changes.extend(added.map(|(name, method)| added_method(name, &method.access, states(new))));
    changes.sort_by(|a, b| (a.danger(), &a.method).cmp(&(b.danger(), &b.method)));
    changes
}

/// Whether the version's rules are known: the API states access, and access was read.
fn states(snapshot: &Snapshot) -> bool {
    snapshot.access == AccessSource::Stated
}

fn removed(method: &str, access: &Access, states: bool) -> AccessChange {
    let reason = Text::say("the method is removed");
    let needed = || reason.clone().then("; its callers needed: ").join(words::access(access));
    AccessChange {
        reasons: vec![if states { needed() } else { reason.clone() }],
        old: Some(access.clone()),
        ..AccessChange::new(method, Verdict::Removed)
    }
}

fn added_method(method: &str, access: &Access, states: bool) -> AccessChange {
    let reason = Text::say("a new method");
    let need = || reason.clone().then("; its callers need: ").join(words::access(access));
    AccessChange {
        reasons: vec![if states { need() } else { reason.clone() }],
        new: Some(access.clone()),
        ..AccessChange::new(method, Verdict::Added)
    }
}

/// A method that states access for the first time, in an API that stated none.
fn introduced(method: &str, access: &Access) -> Option<AccessChange> {
    (access.guard != Guard::Unstated).then(|| AccessChange {
        reasons: vec![Text::say("its callers need: ").join(words::access(access))],
        new: Some(access.clone()),
        ..AccessChange::new(method, Verdict::Stated)
    })
}

/// The change of a method's access; `None` if the same callers are let in, however the rule is written, and the
/// method's own check stays. `known`: the permissions of the old version.
fn changed(
    name: &str,
    (method, other): (&Method, &Method),
    own_check: Option<OwnCheck>,
    known: &BTreeSet<&str>,
) -> Option<AccessChange> {
    let (old, new) = (&method.access, &other.access);
    let relation = old.relation_to(new);
    if relation == Relation::Equivalent && own_check.is_none() {
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
                reasons.push(Text::say("in REST paths, the account stays in the same position"));
            }
        }
    }
    for (words, caller) in [("lets in ", &let_in), ("locks out ", &locked_out)] {
        reasons.extend(caller.as_ref().map(|caller| Text::say(words).join(words::caller(caller, old, new))));
    }
    let fresh = || new.guard.permissions().filter(|permission| !known.contains(permission));
    if fresh().next().is_some() {
        reasons.push(Text::say("no method of the old version requires ").join(Text::names(fresh())));
    }
    if new.guard == Guard::Unstated {
        reasons.push(Text::say("a server that does not enforce the generated table may let in anybody"));
    }
    reasons.extend(own_check.map(|check| match check {
        OwnCheck::Announced => Text::say("the method announces its own check, after the rule"),
        OwnCheck::Dropped => Text::say("the method no longer announces its own check: is the check gone?"),
    }));
    Some(AccessChange {
        own_check,
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

/// Whether some path has the account in the same position in both versions.
fn same_place(old: &Method, new: &Method) -> bool {
    let positions = |method: &Method| {
        let Scope::Field(scope) = &method.access.scope else { return Vec::new() };
        let position = |binding: &Binding| {
            let template = Template::parse(&binding.path).ok()?;
            let at = template.variables().position(|(field, _)| field == scope)?;
            Some((binding.verb.clone(), template.shape(), at))
        };
        method.bindings.iter().filter_map(position).collect()
    };
    let now = positions(new);
    positions(old).iter().any(|position| now.contains(position))
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
            own_check: None,
            migration: None,
            confirmed: false,
            reasons: Vec::new(),
            safe_steps: Vec::new(),
        }
    }

    /// Whether the method becomes public: it required authentication before, or it is new.
    pub fn opens_to_public(&self) -> bool {
        let is_public =
            |access: &Option<Access>| access.as_ref().is_some_and(|access| access.guard == Guard::Public);
        is_public(&self.new) && !is_public(&self.old)
    }

    /// Whether authentication is now enough, and was not before.
    pub fn asks_for_nothing(&self) -> bool {
        let asks = |access: &Option<Access>| {
            access.as_ref().is_some_and(|access| access.guard != Guard::Authenticated)
        };
        self.new.is_some() && !asks(&self.new) && asks(&self.old)
    }

    /// The order of a report: changes that let in most come first.
    fn danger(&self) -> u8 {
        match self.verdict {
            _ if self.opens_to_public() => 0,
            Verdict::Widened | Verdict::Incomparable if self.asks_for_nothing() => 1,
            Verdict::Incomparable => 2,
            Verdict::Widened => 3,
            Verdict::Equivalent if self.own_check == Some(OwnCheck::Dropped) => 4,
            Verdict::Narrowed if self.migration == Some(Migration::Completion) => 6,
            Verdict::Narrowed => 5,
            Verdict::Removed => 7,
            Verdict::Added => 8,
            Verdict::Stated => 9,
            Verdict::Equivalent => 10,
        }
    }
}
