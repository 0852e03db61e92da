//! Two snapshots → a report.

use std::collections::{BTreeMap, BTreeSet};

use crate::changes;
use crate::report::{AccessComparison, CallChange, OptionChange, Report, RouteChange};
use crate::routes;
use crate::sdk::{self, Level, NextVersion, SdkChange, SdkReport};
use crate::snapshot::{AccessSource, Method, Snapshot, UnreadOption, UnreadValue};
use crate::text::Text;

/// Compares two versions of an API.
pub fn compare(old: &Snapshot, new: &Snapshot) -> Report {
    let compared = comparison(old, new);
    let both =
        || old.methods.iter().filter_map(|(name, method)| Some((name, method, new.methods.get(name)?)));
    let routes = routes::compare(old, new, compared == AccessComparison::Made);
    Report {
        access: changes::compare(old, new, &compared),
        options: options(old, new, &compared),
        calls: both().filter_map(|(name, old, new)| call(name, old, new)).collect(),
        sdk: sdk(old, new, &routes.changes),
        unbound: routes::unbound(old, new).len(),
        notes: notes(old, new),
        old_problems: old.problems.clone(),
        new_problems: new.problems.clone(),
        routes: routes.changes,
        routes_cut: routes.is_cut,
        compared,
    }
}

/// The changes of the generated crate, and the next version. A breaking change of a route counts, too: the server
/// responds differently to the old crate's requests.
fn sdk(old: &Snapshot, new: &Snapshot, routes: &[RouteChange]) -> Option<SdkReport> {
    let (old, new) = (old.sdk.as_ref()?, new.sdk.as_ref()?);
    let changes = sdk::compare(old, new);
    let level = if changes.iter().any(SdkChange::breaks) || routes.iter().any(|route| route.breaking) {
        Level::Major
    } else if !changes.is_empty() {
        Level::Minor
    } else {
        Level::Patch
    };
    Some(SdkReport { changes, version: NextVersion::new(level, &old.version, &new.version) })
}

/// Whether the rules of the two versions can be compared.
fn comparison(old: &Snapshot, new: &Snapshot) -> AccessComparison {
    let unread = |source: &AccessSource| -> Vec<UnreadOption> {
        if let AccessSource::Unread(options) = source { options.clone() } else { Vec::new() }
    };
    // A version without files has no rules to read.
    let before = if old.has_no_files { &new.access } else { &old.access };
    match (before, &new.access) {
        (AccessSource::Unread(_), _) | (_, AccessSource::Unread(_)) => {
            AccessComparison::Unread { old: unread(&old.access), new: unread(&new.access) }
        }
        (AccessSource::Stated, _) => AccessComparison::Made,
        (_, AccessSource::Stated) => AccessComparison::Introduced,
        (AccessSource::Absent, AccessSource::Absent) => AccessComparison::NothingStated,
        _ => AccessComparison::Off,
    }
}

fn notes(old: &Snapshot, new: &Snapshot) -> Vec<Text> {
    let mut notes = Vec::new();
    if old.has_no_files {
        notes.push(Text::say("The old version has no files: everything is new"));
    } else if old.sdk.is_none() || new.sdk.is_none() {
        notes.push(Text::say("The SDK was not compared: an ").with("access.json").then(" has no messages"));
    }
    let absent = old.absent.iter().map(|absent| {
        // One code span around the whole, since a part of it may be foreign.
        Text::say("The old version lacks an option that a setting names, so the setting was ignored: ")
            .with(absent.replace('`', ""))
    });
    notes.extend(absent);
    notes
}

/// Unread options with another value. For a new method, only options that look like access count.
fn options(old: &Snapshot, new: &Snapshot, compared: &AccessComparison) -> Vec<OptionChange> {
    if matches!(compared, AccessComparison::Unread { .. } | AccessComparison::Off) {
        return Vec::new();
    }
    let none = BTreeMap::new();
    let mut changes = Vec::new();
    for method in new.methods.keys() {
        let (was, is) = (old.unread.get(method).unwrap_or(&none), new.unread.get(method).unwrap_or(&none));
        let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
        for option in names {
            let value = |values: &BTreeMap<String, UnreadValue>| {
                values.get(option).map(|unread| unread.value.clone())
            };
            let looks_like_access = [was, is]
                .iter()
                .any(|values| values.get(option).is_some_and(|unread| unread.looks_like_access));
            let (old_value, new_value) = (value(was), value(is));
            let is_reported = looks_like_access || old.methods.contains_key(method);
            if old_value != new_value && is_reported {
                changes.push(OptionChange {
                    method: method.clone(),
                    option: option.clone(),
                    old: old_value,
                    new: new_value,
                    looks_like_access,
                });
            }
        }
    }
    changes.sort_by_key(|change| !change.looks_like_access);
    changes
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
