//! Requests that reached one method and now reach another: the route moved to another method, a more specific route was
//! added, or a more specific route was removed.

use std::collections::BTreeSet;

use crate::access::{Guard, Relation};
use crate::paths::{Example, Route, Router, verb_of_both};
use crate::report::{RouteChange, RouteVerdict};
use crate::route_table::{RouteKey, Table};
use crate::snapshot::Snapshot;
use crate::text::Text;
use crate::words;

/// The limits of the search and of its results, in total and per route. Only an API whose routes all overlap reaches them.
const MAX: Limit = Limit { cost: 1_000_000, changes: 10_000 };
const MAX_PER_ROUTE: Limit = Limit { cost: 100, changes: 4 };

/// Limits of the search.
struct Limit {
    cost: usize,
    changes: usize,
}

impl Limit {
    fn of(routes: usize) -> Self {
        Self {
            cost: MAX.cost + routes * MAX_PER_ROUTE.cost,
            changes: MAX.changes + routes * MAX_PER_ROUTE.changes,
        }
    }
}

/// What was found.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) changes: Vec<RouteChange>,
    /// Whether too many routes overlap to compare all of them.
    pub(crate) is_cut: bool,
}

/// All pairs of an old route and a new route of different methods, where some request reached the old route and now reaches the new one.
pub(crate) fn find_all(old: &Snapshot, new: &Snapshot, before: &Table<'_>, now: &Table<'_>) -> Found {
    let (old_routes, new_routes) = (Routes::new(before), Routes::new(now));
    let stays = old_routes.held_by(now);
    let was_there = new_routes.held_by(before);
    // A pair of routes that both versions have is no change.
    let limit = Limit::of(stays.len() + was_there.len());
    let mut pairs = BTreeSet::new();
    let mut cost = 0;
    let mut add = |a: usize, b: usize| {
        let (old_route, new_route) = (&old_routes.all()[a], &new_routes.all()[b]);
        if old_route.method != new_route.method && !(stays[a] && was_there[b]) && pairs.insert((a, b)) {
            cost += old_route.cost(new_route);
        }
        cost <= limit.cost
    };
    let gone = old_routes.all().iter().enumerate().filter(|(a, _)| !stays[*a]);
    let come = new_routes.all().iter().enumerate().filter(|(b, _)| !was_there[*b]);
    let mut is_within = gone
        .map(|(a, route)| (a, new_routes.router.near(route)))
        .all(|(a, near)| near.into_iter().all(|b| add(a, b)));
    is_within = is_within
        && come
            .map(|(b, route)| (b, old_routes.router.near(route)))
            .all(|(b, near)| near.into_iter().all(|a| add(a, b)));
    let mut found = Found { is_cut: !is_within, ..Found::default() };
    for (a, b) in pairs {
        let (old_key, new_key) = (&old_routes.keys[a], &new_routes.keys[b]);
        let (a, b) = (&old_routes.all()[a], &new_routes.all()[b]);
        let verb = verb_of_both(a, b);
        let reaches_both =
            |path: &Example| old_routes.reaches(a, verb, path) && new_routes.reaches(b, verb, path);
        if let Some(example) = a.overlaps(b).into_iter().find(reaches_both) {
            let shared = (new_key != old_key).then_some((verb, example.shown.as_str()));
            if found.changes.len() == limit.changes {
                found.is_cut = true;
                break;
            }
            found.changes.push(describe((old, a), (new, b), now, new_key, shared));
        }
    }
    found
}

fn holds(table: &Table<'_>, key: &RouteKey, method: &str) -> bool {
    table.get(key).is_some_and(|methods| methods.contains_key(method))
}

/// The routes of one version whose paths are valid templates.
struct Routes<'a> {
    keys: Vec<RouteKey>,
    router: Router<'a>,
}

impl<'a> Routes<'a> {
    fn new(table: &Table<'a>) -> Self {
        let (mut keys, mut routes) = (Vec::new(), Vec::new());
        for (key, methods) in table {
            for (method, binding) in methods {
                if let Some(route) = Route::new(method, &binding.verb, &binding.path) {
                    keys.push(key.clone());
                    routes.push(route);
                }
            }
        }
        Self { keys, router: Router::new(routes) }
    }

    fn all(&self) -> &[Route<'a>] {
        self.router.routes()
    }

    /// For each route, whether the other version has it.
    fn held_by(&self, other: &Table<'_>) -> Vec<bool> {
        self.keys.iter().zip(self.all()).map(|(key, route)| holds(other, key, route.method)).collect()
    }

    fn reaches(&self, route: &Route<'_>, verb: &str, path: &Example) -> bool {
        let found = self.router.find(verb, path);
        found.is_some_and(|found| (found.method, found.path) == (route.method, route.path))
    }
}

/// `shared`: a request that both routes match, if they are different routes.
fn describe(
    (old, a): (&Snapshot, &Route<'_>),
    (new, b): (&Snapshot, &Route<'_>),
    now: &Table<'_>,
    key: &RouteKey,
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
        reasons.push(Text::say("its callers needed: ").join(old).then("; now they need: ").join(new));
    }
    // For a REST client, the same route with the same messages is the same call.
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
