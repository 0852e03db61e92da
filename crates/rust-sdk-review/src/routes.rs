//! Compares routes, and finds requests that reach another method.

use std::collections::{BTreeMap, BTreeSet};

use rust_sdk_model::template::Template;

use crate::access::Scope;
use crate::report::{RouteChange, RouteVerdict};
use crate::route_table::{RouteKey, Table, table};
use crate::snapshot::{Binding, Method, Snapshot};
use crate::takeover;
use crate::text::Text;

/// `has_rules`: whether the two versions' rules can be compared.
pub(crate) fn compare(old: &Snapshot, new: &Snapshot, has_rules: bool) -> takeover::Found {
    let unbound = unbound(old, new);
    let (before, now) = (table(old, &unbound), table(new, &unbound));
    let mut found = takeover::find_all(old, new, &before, &now);
    let changes = &mut found.changes;
    if !has_rules {
        changes.iter_mut().for_each(RouteChange::forget_callers);
    }
    let names: BTreeSet<&String> = old.methods.keys().chain(new.methods.keys()).collect();
    for name in names.into_iter().filter(|name| !unbound.contains(name)) {
        of_method(name, (old.methods.get(name), &before), (new.methods.get(name), &now), changes);
    }
    changes.sort_by(|a, b| (a.danger(), &a.method, &a.route).cmp(&(b.danger(), &b.method, &b.route)));
    found
}

/// The methods whose bindings one of the versions does not state.
pub(crate) fn unbound<'a>(old: &'a Snapshot, new: &'a Snapshot) -> BTreeSet<&'a String> {
    old.unbound.iter().chain(&new.unbound).collect()
}

type Side<'a> = (Option<&'a Method>, &'a Table<'a>);

/// The routes that one method gains, loses or changes.
fn of_method(name: &str, (old, before): Side<'_>, (new, now): Side<'_>, changes: &mut Vec<RouteChange>) {
    let keys = |method: Option<&Method>| {
        method.into_iter().flat_map(|method| &method.bindings).map(RouteKey::of).collect::<Vec<_>>()
    };
    // A route that moves between methods is reported as taken over.
    let moved = |table: &Table<'_>, other: &Table<'_>, key: &RouteKey| {
        let (mine, others) = (table.get(key), other.get(key));
        others
            .is_some_and(|others| !others.keys().any(|name| mine.is_some_and(|mine| mine.contains_key(name))))
    };
    let (old_keys, new_keys) = (keys(old), keys(new));
    let (was, is): (BTreeSet<&RouteKey>, BTreeSet<&RouteKey>) =
        (old_keys.iter().collect(), new_keys.iter().collect());
    let lost = old_keys.iter().filter(|key| !is.contains(key) && !moved(before, now, key));
    let mut gained: Vec<&RouteKey> =
        new_keys.iter().filter(|key| !was.contains(key) && !moved(now, before, key)).collect();
    let with_method = old.is_none() || new.is_none();
    for key in lost {
        let was = &before[key][name];
        let same_verb = gained.iter().position(|other| other.verb == key.verb);
        let replacement = same_verb.or((!gained.is_empty()).then_some(0)).map(|index| gained.remove(index));
        changes.push(match replacement {
            Some(replacement) => RouteChange {
                was: Some(was.to_string()),
                breaking: true,
                reasons: vec![Text::say("was ").with(was.to_string())],
                ..RouteChange::new(name, RouteVerdict::Changed, now[replacement][name])
            },
            None => RouteChange {
                breaking: true,
                with_method,
                reasons: vec![Text::say("requests to it no longer reach the method")],
                ..RouteChange::new(name, RouteVerdict::Removed, was)
            },
        });
    }
    changes.extend(gained.into_iter().map(|key| RouteChange {
        with_method,
        ..RouteChange::new(name, RouteVerdict::Added, now[key][name])
    }));
    let (Some(old), Some(new)) = (old, new) else { return };
    for key in old_keys.iter().filter(|key| is.contains(key)) {
        changes.extend(same_paths(name, (old, before[key][name]), (new, now[key][name])));
    }
}

/// Compares a route whose paths stay the same.
fn same_paths(
    name: &str,
    (old_method, old): (&Method, &Binding),
    (new_method, new): (&Method, &Binding),
) -> Option<RouteChange> {
    let mut reasons = Vec::new();
    let part = |name: &Option<String>| match name.as_deref() {
        None | Some("") => Text::say("nothing"),
        Some(name) => Text::name(name),
    };
    if old.body != new.body {
        reasons.push(Text::say("body: ").join(part(&old.body)).then(" → ").join(part(&new.body)));
    }
    if let (Some(was), Some(is)) = (&old.response_body, &new.response_body)
        && was != is
    {
        let part =
            |name: &str| if name.is_empty() { Text::say("the whole message") } else { Text::name(name) };
        reasons.push(Text::say("response body: ").join(part(was)).then(" → ").join(part(is)));
    }
    let (was, is) = (variables(&old.path), variables(&new.path));
    let moved = was.iter().filter(|(field, position)| is.get(*field).is_some_and(|now| now != *position));
    let moved = Text::names(moved.map(|(field, _)| field.as_str()));
    if moved != Text::default() {
        reasons.push(Text::say("in other positions of the path: ").join(moved));
    }
    if let (Scope::Field(scope), Scope::Field(same)) = (&old_method.access.scope, &new_method.access.scope)
        && scope == same
        && was.contains_key(scope) != is.contains_key(scope)
    {
        let words = if is.contains_key(scope) { " is now in the path" } else { " is no longer in the path" };
        reasons.push(Text::say("the account, ").with(scope).then(format!(",{words}")));
    }
    let breaking = !reasons.is_empty();
    if old.path != new.path {
        reasons.push(Text::say("the same paths with other variable names: was ").with(&old.path));
    }
    (!reasons.is_empty()).then(|| RouteChange {
        was: (old.path != new.path).then(|| old.to_string()),
        breaking,
        reasons,
        ..RouteChange::new(name, RouteVerdict::Changed, new)
    })
}

/// The variables of a path, each with its position.
fn variables(path: &str) -> BTreeMap<String, usize> {
    let template = Template::parse(path).ok();
    let variables = template.iter().flat_map(Template::variables);
    variables.enumerate().map(|(position, (field, _))| (field.to_owned(), position)).collect()
}
