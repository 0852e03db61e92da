//! Reports for people and for programs.

mod items;
mod json;
mod markdown;
mod terminal;

use crate::report::{AccessChange, Report, RouteVerdict, Verdict};

/// What did not change, where nothing did.
fn nothing(report: &Report) -> &'static str {
    if report.unbound == 0 { "change in access, routes or calls" } else { "change in access or calls" }
}

/// What was not compared.
fn not_compared(report: &Report) -> Option<String> {
    let methods = match report.unbound {
        0 => return None,
        1 => "1 method has".to_owned(),
        count => format!("{count} methods have"),
    };
    Some(format!("{methods} no bindings in one of the versions: the routes were not compared."))
}

/// What happened in one line, most dangerous first; empty where nothing did.
fn summary(report: &Report) -> String {
    let access = |verdict| {
        let counts = |change: &&AccessChange| change.verdict == verdict && !change.opens_to_public();
        report.access.iter().filter(counts).count()
    };
    let routes = |test: fn(&crate::report::RouteChange) -> bool| {
        report.routes.iter().filter(|change| !change.with_method && test(change)).count()
    };
    let public = report.access.iter().filter(|change| change.opens_to_public()).count();
    let counts = [
        (public, "opened to the public"),
        (access(Verdict::Incomparable), "changed incomparably"),
        (access(Verdict::Widened), "widened"),
        (access(Verdict::Narrowed), "narrowed"),
        (access(Verdict::Removed), "removed"),
        (access(Verdict::Added), "added"),
    ];
    let mut parts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let plural = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    for (count, what) in [
        (routes(|change| change.verdict == RouteVerdict::Removed), "removed"),
        (routes(|change| change.verdict == RouteVerdict::Changed), "changed"),
        (routes(|change| change.verdict == RouteVerdict::TakenOver), "taken over"),
        (routes(|change| change.verdict == RouteVerdict::Added), "added"),
    ] {
        if count > 0 {
            parts.push(format!("{} {what}", plural(count, "route")));
        }
    }
    if !report.calls.is_empty() {
        parts.push(format!("{} with other messages", plural(report.calls.len(), "method")));
    }
    parts.join(", ")
}
