//! Ways from one rule to another that lock nobody out.

use std::collections::BTreeSet;

use crate::access::{Access, Guard, Relation};
use crate::report::Migration;
use crate::text::Text;

/// The permissions, each of which is enough; `None` for other guards.
fn alternatives(guard: &Guard) -> Option<&BTreeSet<String>> {
    match guard {
        Guard::Any(permissions) => Some(permissions),
        Guard::All(permissions) if permissions.len() == 1 => Some(permissions),
        _ => None,
    }
}

/// The step of the documented migration that a change takes. The old version shows that the previous step was released.
/// Nothing shows that clients have moved.
pub(crate) fn step(old: &Access, new: &Access) -> Option<Migration> {
    if old.actors != new.actors || old.scope != new.scope {
        return None;
    }
    let (before, now) = (alternatives(&old.guard)?, alternatives(&new.guard)?);
    if before.is_subset(now) && before != now {
        Some(Migration::Start)
    } else if now.is_subset(before) && before != now {
        Some(Migration::Completion)
    } else {
        None
    }
}

/// What to do instead of a change that locks callers out because of their permissions.
pub(crate) fn safe_steps(old: &Access, new: &Access) -> Vec<Text> {
    let kinds_and_scope = Access { guard: old.guard.clone(), ..new.clone() };
    let guard = Access { guard: new.guard.clone(), ..old.clone() };
    let narrows = |relation| matches!(relation, Relation::Narrowed | Relation::Incomparable);
    if narrows(old.relation_to(&kinds_and_scope)) || !narrows(old.relation_to(&guard)) {
        return Vec::new();
    }
    let needed = || {
        let several = match &new.guard {
            Guard::All(permissions) if permissions.len() > 1 => "all of ",
            Guard::Any(permissions) if permissions.len() > 1 => "one of ",
            _ => "",
        };
        Text::say(several).join(Text::names(new.guard.permissions()))
    };
    match (&old.guard, &new.guard) {
        (_, Guard::Unstated) => Vec::new(),
        (Guard::Public, _) => vec![
            Text::say("make every client authenticate while the method is still public"),
            Text::say("then make this change"),
        ],
        _ if step(old, new) == Some(Migration::Completion) => vec![
            Text::say("the old version accepts any of ")
                .join(Text::names(old.guard.permissions()))
                .then(": release it before this change"),
            Text::say("make sure that every caller holds ").join(needed()).then(", then confirm this change"),
        ],
        _ => match (alternatives(&old.guard), alternatives(&new.guard)) {
            (Some(before), Some(now)) => vec![
                Text::say("release a version that accepts any of ")
                    .join(Text::names(before.union(now).map(String::as_str)))
                    .then(": nobody is locked out"),
                Text::say("give every caller ").join(needed()),
                Text::say("then release a version that accepts only ").join(needed()),
            ],
            _ => vec![
                Text::say("give every caller of the method ").join(needed()),
                Text::say("then make this change"),
            ],
        },
    }
}
