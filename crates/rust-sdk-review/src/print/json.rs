//! The report for programs. The form is a contract: keys may be added. Removing a key or changing its meaning takes a new `format`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::access::{Access, Account, Caller, Guard, Kind, Scope};
use crate::report::{
    AccessChange, AccessComparison, Migration, OptionChange, OwnCheck, Report, RouteChange, Verdict,
};
use crate::sdk::{Effect, SdkChange, SdkReport, Step};
use crate::snapshot::UnreadOption;
use crate::text::Text;

const FORMAT: u32 = 1;

impl Report {
    /// JSON: `{"format", "summary", "access_compared", "access_unread", "access", "options", "routes",
    /// "routes_not_compared", "routes_cut", "calls", "sdk", "notes", "problems"}`, each list most dangerous first.
    /// `access_compared` is `yes`, `introduced`, `nothing-stated`, `off` or `unread`. If it is `unread`,
    /// `access_unread` has the unread options of both versions. `routes_not_compared` counts the methods without
    /// `bindings` in one of the versions. If `routes_cut` is true, too many routes overlap to compare all of them.
    /// `sdk` is `null` if the generated crates were not compared. Its `level` follows semantic versioning from 1.0 on,
    /// its `step` is the part of `old_version` that rises by Cargo's rules, and its `version_taken` states whether
    /// `new_version` is at least `next_version`.
    pub fn to_json(&self) -> String {
        let mut summary: BTreeMap<&str, usize> = BTreeMap::new();
        for change in &self.access {
            *summary.entry(change.verdict.as_str()).or_default() += 1;
        }
        let report = json!({
            "format": FORMAT,
            "summary": summary,
            "access_compared": match self.compared {
                AccessComparison::Made => "yes",
                AccessComparison::Introduced => "introduced",
                AccessComparison::NothingStated => "nothing-stated",
                AccessComparison::Off => "off",
                AccessComparison::Unread { .. } => "unread",
            },
            "access_unread": match &self.compared {
                AccessComparison::Unread { old, new } => json!({ "old": unread(old), "new": unread(new) }),
                _ => Value::Null,
            },
            "access": self.access.iter().map(access).collect::<Vec<_>>(),
            "options": self.options.iter().map(option).collect::<Vec<_>>(),
            "routes": self.routes.iter().map(route).collect::<Vec<_>>(),
            "routes_not_compared": self.unbound,
            "routes_cut": self.routes_cut,
            "calls": self.calls.iter().map(|change| json!({
                "method": change.method,
                "reasons": texts(&change.reasons),
            })).collect::<Vec<_>>(),
            "sdk": self.sdk.as_ref().map(sdk),
            "notes": texts(&self.notes),
            "problems": { "old": self.old_problems, "new": self.new_problems },
        });
        format!("{report:#}\n")
    }
}

fn texts(texts: &[Text]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

fn sdk(report: &SdkReport) -> Value {
    let version = &report.version;
    json!({
        "level": version.level.as_str(),
        "step": version.step.map(Step::as_str),
        "old_version": version.old,
        "new_version": version.new,
        "next_version": version.next,
        "version_taken": version.is_taken,
        "changes": report.changes.iter().map(sdk_change).collect::<Vec<_>>(),
    })
}

fn sdk_change(change: &SdkChange) -> Value {
    let reasons = |effect: Effect| {
        let reasons = change.reasons.iter().filter(|reason| reason.effect == effect);
        reasons.map(|reason| reason.text.to_string()).collect::<Vec<_>>()
    };
    json!({
        "element": change.element.as_str(),
        "old": change.old,
        "new": change.new,
        "source": reasons(Effect::Source),
        "wire": reasons(Effect::Wire),
        "added": reasons(Effect::Added),
    })
}

fn unread(options: &[UnreadOption]) -> Value {
    options.iter().map(|option| json!({ "option": option.name, "setting": option.setting })).collect()
}

fn option(change: &OptionChange) -> Value {
    json!({
        "method": change.method,
        "option": change.option,
        "old": change.old,
        "new": change.new,
        "looks_like_access": change.looks_like_access,
    })
}

fn access(change: &AccessChange) -> Value {
    json!({
        "method": change.method,
        "verdict": change.verdict.as_str(),
        "public": change.opens_to_public(),
        "reasons": texts(&change.reasons),
        "old": change.old.as_ref().map(rule),
        "new": change.new.as_ref().map(rule),
        "let_in": change.let_in.as_ref().map(caller),
        "locked_out": change.locked_out.as_ref().map(caller),
        "own_check": change.own_check.map(|check| match check {
            OwnCheck::Announced => "announced",
            OwnCheck::Dropped => "dropped",
        }),
        "migration": change.migration.map(|step| match step {
            Migration::Start => "start",
            Migration::Completion => "completion",
        }),
        "confirmed": change.confirmed,
        "safe_steps": texts(&change.safe_steps),
    })
}

/// As in `access.json`.
fn rule(access: &Access) -> Value {
    let (state, require) = match access.guard {
        Guard::Unstated => ("unstated", "all"),
        Guard::Public => ("public", "all"),
        Guard::Authenticated => ("authenticated", "all"),
        Guard::All(_) => ("permissions", "all"),
        Guard::Any(_) => ("permissions", "any"),
    };
    json!({
        "state": state,
        "permissions": access.guard.permissions().collect::<Vec<_>>(),
        "require": require,
        "scope": match &access.scope {
            Scope::None => None,
            Scope::Field(field) | Scope::Missing(field) => Some(field),
        },
        "actors": access.actors,
    })
}

fn caller(caller: &Caller) -> Value {
    match caller {
        Caller::Anonymous => json!({ "authenticated": false }),
        Caller::Authenticated { kind, permissions, account } => json!({
            "authenticated": true,
            "actor": match kind {
                Kind::Named(name) => Some(name),
                Kind::Unlisted => None,
            },
            "permissions": permissions,
            "account_in": match account {
                Account::Of(field) => Some(field),
                Account::Other => None,
            },
        }),
    }
}

fn route(change: &RouteChange) -> Value {
    json!({
        "method": change.method,
        "verdict": change.verdict.as_str(),
        "route": change.route,
        "was": change.was,
        "from": change.from.as_ref().map(|(method, relation)| json!({
            "method": method,
            "access": Verdict::from(*relation).as_str(),
        })),
        "breaking": change.breaking,
        "reasons": texts(&change.reasons),
    })
}
