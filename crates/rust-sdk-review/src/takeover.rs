//! Requests that reached one method and reach another one now: the route went to another method, a more specific one came,
//! or one that was more specific is gone.

use crate::access::{Guard, Relation};
use crate::paths::{Example, Route, find, verb_of_both};
use crate::report::{RouteChange, RouteVerdict};
use crate::routes::{Key, Table};
use crate::snapshot::Snapshot;
use crate::text::Text;
use crate::words;

/// Every pair of an old route and a new one, of different methods, such that some request went by the first and goes by
/// the second.
pub(crate) fn find_all(
    old: &Snapshot,
    new: &Snapshot,
    before: &Table<'_>,
    now: &Table<'_>,
) -> Vec<RouteChange> {
    let (old_routes, new_routes) = (Routes::new(before), Routes::new(now));
    let was_there: Vec<bool> =
        new_routes.keyed().map(|(key, route)| holds(before, key, route.method)).collect();
    let mut changes = Vec::new();
    for (old_key, a) in old_routes.keyed() {
        let stays = holds(now, old_key, a.method);
        for ((new_key, b), was_there) in new_routes.keyed().zip(&was_there) {
            // Between routes that are the same in both versions, nothing changes.
            if a.method == b.method || (stays && *was_there) {
                continue;
            }
            let verb = verb_of_both(a, b);
            let mut examples = a.overlaps(b).into_iter();
            let found =
                examples.find(|path| old_routes.reaches(a, verb, path) && new_routes.reaches(b, verb, path));
            if let Some(example) = found {
                let shared = (new_key != old_key).then_some((verb, example.shown.as_str()));
                changes.push(describe((old, a), (new, b), now, new_key, shared));
            }
        }
    }
    changes
}

fn holds(table: &Table<'_>, key: &Key, method: &str) -> bool {
    table.get(key).is_some_and(|methods| methods.contains_key(method))
}

/// The routes of one version that are templates.
struct Routes<'a> {
    keys: Vec<Key>,
    routes: Vec<Route<'a>>,
}

impl<'a> Routes<'a> {
    fn new(table: &Table<'a>) -> Self {
        let mut all = Self { keys: Vec::new(), routes: Vec::new() };
        for (key, methods) in table {
            for (method, binding) in methods {
                if let Some(route) = Route::new(method, &binding.verb, &binding.path) {
                    all.keys.push(key.clone());
                    all.routes.push(route);
                }
            }
        }
        all
    }

    fn keyed(&self) -> impl Iterator<Item = (&Key, &Route<'a>)> {
        self.keys.iter().zip(&self.routes)
    }

    fn reaches(&self, route: &Route<'_>, verb: &str, path: &Example) -> bool {
        find(&self.routes, verb, path)
            .is_some_and(|found| (found.method, found.path) == (route.method, route.path))
    }
}

/// `shared` is one of the requests that both routes take, where they are not the same route.
fn describe(
    (old, a): (&Snapshot, &Route<'_>),
    (new, b): (&Snapshot, &Route<'_>),
    now: &Table<'_>,
    key: &Key,
    shared: Option<(&str, &str)>,
) -> RouteChange {
    let (from, to) = (&old.methods[a.method], &new.methods[b.method]);
    let relation = from.access.relation_to(&to.access);
    let mut reasons = Vec::new();
    let is_partial = shared.is_some();
    if let Some((verb, path)) = shared
        && path != Route::shape(b.path)
    {
        reasons.push(Text::say("such as ").with(format!("{verb} {path}")));
    }
    reasons.push(Text::say("reached ").with(a.method).then(" before"));
    if relation != Relation::Equivalent {
        let (old, new) = (words::access(&from.access), words::access(&to.access));
        reasons.push(Text::say("its callers needed: ").join(old).then("; they need now: ").join(new));
    }
    // The same route to the same messages is the same to a REST client.
    let same_call =
        (&from.request, &from.response, &from.streaming) == (&to.request, &to.response, &to.streaming);
    RouteChange {
        was: is_partial.then(|| format!("{} {}", a.verb, a.path)),
        from: Some((a.method.to_owned(), relation)),
        breaking: !is_partial && !same_call,
        opens_to_public: to.access.guard == Guard::Public && from.access.guard != Guard::Public,
        reasons,
        ..RouteChange::new(b.method, RouteVerdict::TakenOver, now[key][b.method])
    }
}
