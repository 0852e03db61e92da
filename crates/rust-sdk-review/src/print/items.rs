//! The findings for people: one list, most dangerous first. Methods with the same change are grouped.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use crate::access::Relation;
use crate::report::{
    AccessChange, CallChange, Migration, OptionChange, OwnCheck, Report, RouteChange, RouteVerdict, Verdict,
};
use crate::sdk::{Effect, Element, Reason, SdkChange};
use crate::text::Text;

/// A change of one or more methods.
pub(super) struct Item {
    pub(super) label: &'static str,
    /// Methods, or routes with their methods.
    pub(super) subjects: Vec<Text>,
    pub(super) reasons: Vec<Text>,
    pub(super) steps: Vec<Text>,
    /// Whether a person must check it. Other items come last.
    pub(super) matters: bool,
    rank: u8,
}

pub(super) fn items(report: &Report) -> Vec<Item> {
    let mut own_routes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for route in report.routes.iter().filter(|route| route.with_method) {
        own_routes.entry(&route.method).or_default().push(&route.route);
    }
    let access = report.access.iter().map(|change| of_access(change, own_routes.get(change.method.as_str())));
    let routes = report.routes.iter().filter(|route| !route.with_method).map(of_route);
    let sdk = || report.sdk.iter().flat_map(|sdk| &sdk.changes);
    let methods: HashMap<&str, &SdkChange> = sdk()
        .filter(|change| change.element == Element::Method)
        .map(|change| (change.name(), change))
        .collect();
    // A change that the SDK part reports, too, is reported only there.
    let is_reported = |call: &&CallChange| {
        methods.get(call.method.as_str()).is_some_and(|change| {
            call.reasons.iter().all(|text| change.reasons.iter().any(|reason| reason.text == *text))
        })
    };
    let calls = report.calls.iter().filter(|call| !is_reported(call)).map(|change| Item {
        label: "changed messages or streaming",
        subjects: vec![Text::name(&change.method)],
        reasons: change.reasons.clone(),
        steps: Vec::new(),
        matters: true,
        rank: 9,
    });
    let options = report.options.iter().map(of_option);
    let mut items: Vec<Item> = Vec::new();
    let mut known: HashMap<_, usize> = HashMap::new();
    for item in access.chain(options).chain(routes).chain(calls).chain(sdk().filter_map(of_sdk)) {
        match known.entry((item.rank, item.label, item.reasons.clone(), item.steps.clone())) {
            Entry::Occupied(entry) => items[*entry.get()].subjects.extend(item.subjects),
            Entry::Vacant(entry) => {
                entry.insert(items.len());
                items.push(item);
            }
        }
    }
    // A stable sort: within a rank, the report's order stays.
    items.sort_by_key(|item| item.rank);
    items
}

fn of_access(change: &AccessChange, routes: Option<&Vec<&str>>) -> Item {
    let (label, rank) = match change.verdict {
        Verdict::Added if change.opens_to_public() => ("added, open to the public", 0),
        Verdict::Stated if change.opens_to_public() => {
            ("states access for the first time: open to the public", 0)
        }
        _ if change.opens_to_public() => ("widened to the public", 0),
        Verdict::Incomparable if change.asks_for_nothing() => ("changed: requires no permission now", 1),
        Verdict::Widened if change.asks_for_nothing() => ("widened: requires no permission now", 1),
        Verdict::Incomparable => ("widened for some callers, narrowed for others", 2),
        Verdict::Widened if change.migration == Some(Migration::Start) => {
            ("widened, nobody locked out: start of a migration", 3)
        }
        Verdict::Widened => ("widened", 3),
        Verdict::Narrowed if change.confirmed => ("narrowed, confirmed: end of a migration", 6),
        Verdict::Narrowed if change.migration == Some(Migration::Completion) => {
            ("narrowed, unconfirmed: end of a migration", 6)
        }
        Verdict::Narrowed => ("narrowed", 5),
        Verdict::Removed => ("removed", 7),
        Verdict::Added => ("added", 10),
        Verdict::Stated => ("states access for the first time", 10),
        Verdict::Equivalent if change.own_check == Some(OwnCheck::Dropped) => {
            ("the same callers, but the method no longer announces its own check", 4)
        }
        Verdict::Equivalent => ("the same callers, and the method announces its own check", 11),
    };
    let subject = match routes {
        None => Text::name(&change.method),
        Some(routes) => {
            Text::name(&change.method).then(" (").join(Text::names(routes.iter().copied())).then(")")
        }
    };
    Item {
        label,
        subjects: vec![subject],
        reasons: change.reasons.clone(),
        steps: change.safe_steps.clone(),
        matters: rank < 10,
        rank,
    }
}

fn of_option(change: &OptionChange) -> Item {
    let value = |value: &Option<String>| match value {
        None => Text::say("not set"),
        Some(value) => Text::name(value),
    };
    let (label, rank) = if change.looks_like_access {
        ("an unread option that looks like access changed", 3)
    } else {
        ("another option changed", 11)
    };
    let reason = Text::name(&change.option).then(": ").join(value(&change.old)).then(" → ");
    Item {
        label,
        subjects: vec![Text::name(&change.method)],
        reasons: vec![reason.join(value(&change.new))],
        steps: Vec::new(),
        matters: rank < 10,
        rank,
    }
}

/// `None` for new and removed methods, which are reported with their access.
fn of_sdk(change: &SdkChange) -> Option<Item> {
    let is_whole = change.old.is_none() || change.new.is_none();
    if change.element == Element::Method && is_whole {
        return None;
    }
    let (label, rank) = match (change.has(Effect::Source), change.has(Effect::Wire)) {
        (true, true) => ("SDK: breaks code and wire compatibility", 9),
        (true, false) => ("SDK: breaks code", 9),
        (false, true) => ("SDK: breaks wire compatibility", 9),
        (false, false) if change.old.is_none() => ("SDK: added", 11),
        (false, false) => ("SDK: compatible change", 11),
    };
    let reason = |reason: &Reason| match reason.effect {
        Effect::Source => Text::say("code: ").join(reason.text.clone()),
        Effect::Wire => Text::say("wire: ").join(reason.text.clone()),
        Effect::Added => reason.text.clone(),
    };
    Some(Item {
        label,
        subjects: vec![Text::say(change.element.as_str()).then(" ").with(change.name())],
        reasons: change.reasons.iter().map(reason).collect(),
        steps: Vec::new(),
        matters: rank < 10,
        rank,
    })
}

fn of_route(change: &RouteChange) -> Item {
    let relation = change.from.as_ref().map(|(_, relation)| *relation);
    let (label, rank) = match (change.verdict, relation) {
        (RouteVerdict::TakenOver, Some(Relation::Widened | Relation::Incomparable)) => {
            ("requests reach another method, with other callers", 4)
        }
        (RouteVerdict::TakenOver, Some(Relation::Narrowed)) => {
            ("requests reach another method, with fewer callers", 8)
        }
        (RouteVerdict::TakenOver, _) if change.breaking => ("route taken over", 8),
        (RouteVerdict::TakenOver, _) => ("requests reach another method, with the same callers", 11),
        (RouteVerdict::Removed, _) => ("route removed", 8),
        (RouteVerdict::Changed, _) if change.breaking => ("route changed", 8),
        (RouteVerdict::Changed, _) => ("route with renamed variables", 11),
        (RouteVerdict::Added, _) => ("route added", 11),
    };
    Item {
        label,
        subjects: vec![Text::name(&change.route).then(" of ").with(&change.method)],
        reasons: change.reasons.clone(),
        steps: Vec::new(),
        matters: rank < 10,
        rank,
    }
}
