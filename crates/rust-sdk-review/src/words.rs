//! Rules and callers in words.

use std::collections::BTreeSet;

use crate::access::{Access, Account, Caller, Guard, Kind, Scope};
use crate::text::Text;

/// A whole rule: guard, kinds of callers and scope.
pub(crate) fn access(access: &Access) -> Text {
    let text = guard(&access.guard);
    match access.guard {
        Guard::Unstated | Guard::Public => text,
        _ => {
            let text = match &access.scope {
                Scope::Field(scope) if access.guard != Guard::Authenticated => {
                    text.then(" within ").with(scope)
                }
                Scope::Missing(scope) => text.then(" within ").with(scope).then(", which the request lacks"),
                Scope::None | Scope::Field(_) => text,
            };
            if access.actors.is_empty() { text } else { text.then(" for ").join(kinds(access)) }
        }
    }
}

/// The requirements for a caller.
pub(crate) fn guard(guard: &Guard) -> Text {
    let several = |words: &str| Text::say(format!("{words} ")).join(Text::names(guard.permissions()));
    match guard {
        Guard::Unstated => Text::say("nobody (not stated)"),
        Guard::Public => Text::say("public (no authentication)"),
        Guard::Authenticated => Text::say("every authenticated caller"),
        Guard::All(permissions) | Guard::Any(permissions) if permissions.len() == 1 => {
            Text::names(guard.permissions())
        }
        Guard::All(_) => several("all of"),
        Guard::Any(_) => several("any of"),
    }
}

/// The allowed kinds of callers.
pub(crate) fn kinds(access: &Access) -> Text {
    if access.actors.is_empty() { Text::say("every kind of caller") } else { names(&access.actors) }
}

/// The account in which permissions must be held.
pub(crate) fn scope(access: &Access) -> Text {
    match &access.scope {
        Scope::None => Text::say("any"),
        Scope::Field(scope) => Text::say("the one in ").with(scope),
        Scope::Missing(scope) => {
            Text::say("the one in ").with(scope).then(", which the request lacks: nobody is let in")
        }
    }
}

/// One caller, without details that do not matter for the two rules.
pub(crate) fn caller(caller: &Caller, old: &Access, new: &Access) -> Text {
    match caller {
        Caller::Anonymous => Text::say("callers without authentication"),
        Caller::Authenticated { kind, permissions, account } => {
            let text = match kind {
                Kind::Named(kind) => Text::say("callers of kind ").with(kind),
                Kind::Unlisted if old.actors.is_empty() && new.actors.is_empty() => Text::say("callers"),
                Kind::Unlisted => Text::say("callers of kinds that are not listed"),
            };
            let text = match (permissions.len(), guard(&old.guard) == guard(&new.guard)) {
                (_, true) => text,
                (0, _) => text.then(" without permissions"),
                (1, _) => text.then(" with ").join(names(permissions)).then(" alone"),
                _ => text.then(" with ").join(names(permissions)),
            };
            match account {
                _ if old.scope == new.scope => text,
                Account::Of(field) => text.then(" that act in the account in ").with(field),
                Account::Other => text.then(" that act in an account that the request does not name"),
            }
        }
    }
}

fn names(names: &BTreeSet<String>) -> Text {
    Text::names(names.iter().map(String::as_str))
}
