//! Large and hostile input: the time of a comparison grows with its size, or the comparison stops and reports that.

mod common;

use std::time::{Duration, Instant};

use common::{api, bindings, rule};
use rust_sdk_review::{FailOn, Report, Snapshot, compare};

/// Much more time than an unoptimised build needs, and much less than a quadratic search.
const LIMIT: Duration = Duration::from_secs(60);

fn timed(old: &Snapshot, new: &Snapshot) -> Report {
    let start = Instant::now();
    let report = compare(old, new);
    let printed = [report.to_text(), report.to_json(), report.to_markdown()];
    assert!(start.elapsed() < LIMIT, "{:?}", start.elapsed());
    assert!(printed.iter().all(|text| !text.is_empty()));
    report
}

/// Each method with one route.
fn routes(count: usize, name: &str, path: impl Fn(usize) -> String) -> Vec<(String, String)> {
    (0..count).map(|index| (format!("acme.v1.S/{name}{index}"), format!("GET {}", path(index)))).collect()
}

fn snapshot(methods: &[(String, String)]) -> Snapshot {
    let routes: Vec<[&str; 1]> = methods.iter().map(|(_, route)| [route.as_str()]).collect();
    let methods: Vec<(&str, &[&str])> =
        methods.iter().zip(&routes).map(|((name, _), route)| (name.as_str(), &route[..])).collect();
    bindings(&methods)
}

#[test]
fn all_methods_move() {
    let count = 20_000;
    let old = snapshot(&routes(count, "M", |index| format!("/v1/x{index}/{{id}}")));
    let new = snapshot(&routes(count, "M", |index| format!("/v2/x{index}/{{id}}")));
    let report = timed(&old, &new);
    assert_eq!((report.routes.len(), report.routes_cut), (count, false));
    // Under other names, each route belongs to another method.
    let renamed = snapshot(&routes(count, "N", |index| format!("/v1/x{index}/{{id}}")));
    let report = timed(&old, &renamed);
    assert_eq!((report.routes.len(), report.routes_cut), (count, false));
}

#[test]
fn one_of_many_permissions() {
    let names = |prefix: &str| (0..20_000).map(|index| format!("{prefix}{index}")).collect::<Vec<_>>();
    let any = |names: &[String]| rule("any", &names.iter().map(String::as_str).collect::<Vec<_>>());
    let (old, new) = (any(&names("a")), any(&names("b")));
    let method = |rule| api(&[("acme.v1.S/M", rule)]);
    assert_eq!(timed(&method(&old), &method(&new)).access.len(), 1);
    assert!(timed(&method(&old), &method(&old)).is_empty());
}

/// Routes that all overlap: more pairs than anybody would read.
#[test]
fn too_many_overlaps_are_a_finding() {
    for (old, new) in [("/{a}/x#", "/y#/{b}"), ("/{a=**}/x#", "/y#/{a=**}")] {
        let of = |name: &str, path: &str| routes(2_000, name, |index| path.replace('#', &index.to_string()));
        let (old, new) = (snapshot(&of("A", old)), snapshot(&of("B", new)));
        let report = timed(&old, &new);
        assert!(report.routes_cut && report.routes.len() < 50_000, "{}", report.routes.len());
        assert!(report.to_text().starts_with("routes NOT compared in full"));
        for class in ["routes", "taken-over", "breaking", "security"] {
            assert!(report.count(&class.parse::<FailOn>().unwrap()) > 0, "{class}");
        }
    }
    // Many segments around a `**`.
    let long = format!("{}/{{a=**}}/z", "/{x}".repeat(400)).replace("{x}", "*");
    let old = snapshot(&routes(20, "A", |index| format!("/a{index}{long}")));
    let new = snapshot(&routes(20, "B", |index| format!("{long}{index}")));
    timed(&old, &new);
}
