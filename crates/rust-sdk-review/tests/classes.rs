//! Every finding of a report has a class, so `--fail-on all` ignores nothing.

mod common;

use common::{api, bindings, public, rule};
use rust_sdk_review::{AccessSource, CLASSES, FailOn, Report, Snapshot, UnreadOption, UnreadValue, compare};

const METHOD: &str = "acme.v1.ShelfService/GetShelf";

/// The classes of a report's findings, without groups.
fn classes(report: &Report) -> Vec<&'static str> {
    let single = CLASSES.iter().filter(|group| group.classes.len() == 1).map(|group| group.name);
    single.filter(|name| report.count(&name.parse().unwrap()) > 0).collect()
}

fn fails_by_default(report: &Report) -> bool {
    report.count(&FailOn::default()) > 0
}

/// Methods whose own code decides, too.
fn with_own_check(mut snapshot: Snapshot) -> Snapshot {
    snapshot.custom = snapshot.methods.keys().cloned().collect();
    snapshot
}

fn with_option(mut snapshot: Snapshot, value: &str, looks_like_access: bool) -> Snapshot {
    let value = UnreadValue { value: value.to_owned(), looks_like_access };
    let options = [("acme.auth.v1.open".to_owned(), value)];
    snapshot.unread = [(METHOD.to_owned(), options.into())].into();
    snapshot
}

#[test]
fn a_removed_own_check_is_a_finding() {
    for plain in [rule("all", &[]), rule("all", &["a"])].map(|rule| api(&[(METHOD, &rule)])) {
        let custom = with_own_check(plain.clone());
        let dropped = compare(&custom, &plain);
        assert_eq!(classes(&dropped), ["custom"]);
        assert!(fails_by_default(&dropped) && dropped.count(&"security".parse().unwrap()) == 1);
        assert!(dropped.to_text().starts_with("1 without its own check\n"), "{}", dropped.to_text());
        assert!(dropped.to_json().contains("\"own_check\": \"dropped\""));
        let announced = compare(&plain, &custom);
        assert_eq!(classes(&announced), ["custom-added"]);
        assert!(!fails_by_default(&announced) && !announced.is_empty());
        assert!(announced.to_text().starts_with("1 with its own check\n"), "{}", announced.to_text());
        assert!(compare(&custom, &custom).is_empty());
    }
    // Reported in addition to the change of the rule.
    let (custom, open) = (with_own_check(api(&[(METHOD, &rule("all", &[]))])), api(&[(METHOD, &public())]));
    assert_eq!(classes(&compare(&custom, &open)), ["public", "widened", "custom"]);
}

#[test]
fn an_added_binding_is_a_finding() {
    let one = bindings(&[(METHOD, &["GET /v1/{id}"])]);
    let report = compare(&one, &bindings(&[(METHOD, &["GET /v1/{id}", "GET /v2/{id}"])]));
    assert_eq!(classes(&report), ["routes-added"]);
    assert_eq!((report.count(&"all".parse().unwrap()), fails_by_default(&report)), (1, false));
    // A new method brings its routes.
    let report = compare(&Snapshot::default(), &one);
    assert_eq!((classes(&report), report.count(&"all".parse().unwrap())), (vec!["added"], 1));
    let renamed = compare(&one, &bindings(&[(METHOD, &["GET /v1/{shelf_id}"])]));
    assert_eq!(classes(&renamed), ["routes-renamed"]);
}

#[test]
fn a_route_that_leads_to_a_public_method_opens_its_requests() {
    let shelf = rule("all", &["a"]);
    let status = public().bound(&["GET /v1/status"]);
    let old = api(&[(METHOD, &shelf.clone().bound(&["GET /v1/{id}"])), ("acme.v1.S/Status", &status)]);
    let moved = public().bound(&["GET /v1/status", "GET /v1/{id}"]);
    let new = api(&[(METHOD, &shelf.bound(&[])), ("acme.v1.S/Status", &moved)]);
    let report = compare(&old, &new);
    assert!(classes(&report).contains(&"public"), "{:?}", classes(&report));
}

#[test]
fn options_that_are_not_read_are_findings_where_they_change() {
    let plain = api(&[(METHOD, &rule("all", &["a"]))]);
    let telling = with_option(plain.clone(), "true", true);
    for (old, new) in
        [(&plain, &telling), (&telling, &plain), (&telling, &with_option(plain.clone(), "no", true))]
    {
        let report = compare(old, new);
        assert_eq!((classes(&report), fails_by_default(&report)), (vec!["unread"], true));
    }
    let other = with_option(plain.clone(), "true", false);
    let report = compare(&plain, &other);
    assert_eq!((classes(&report), fails_by_default(&report)), (vec!["options"], false));
    assert!(compare(&telling, &telling).is_empty());
    // Of a new method, options that look like access count.
    assert_eq!(classes(&compare(&Snapshot::default(), &telling)), ["unread", "added"]);
    assert_eq!(classes(&compare(&Snapshot::default(), &other)), ["added"]);
}

#[test]
fn unread_access_is_not_compared() {
    let source = AccessSource::Unread(vec![UnreadOption { name: "acme.x`y".to_owned(), setting: None }]);
    let plain = api(&[(METHOD, &rule("all", &["a"]))]);
    let unread = Snapshot { access: source, ..api(&[(METHOD, &public())]) };
    for (old, new) in [(&plain, &unread), (&unread, &plain), (&unread, &unread)] {
        let report = compare(old, new);
        assert!(report.why_unread().is_some() && report.access.is_empty());
        for text in [report.to_text(), report.to_markdown()] {
            assert!(
                text.contains("access NOT compared") && !text.to_lowercase().contains("no change"),
                "{text}"
            );
        }
        assert!(report.to_markdown().contains("``acme.x`y``"));
    }
    let absent = Snapshot { access: AccessSource::Absent, ..api(&[(METHOD, &public())]) };
    let report = compare(&absent, &plain);
    assert!(report.why_unread().is_none());
    assert_eq!(classes(&report), ["stated"]);
    assert_eq!(classes(&compare(&plain, &absent)), ["public", "widened"]);
}

/// All pairs of some rules and routes: if a report has findings, some class counts them.
#[test]
fn every_finding_is_in_a_class() {
    let rules =
        [rule("all", &[]), rule("all", &["a"]), rule("any", &["a", "b"]), public(), common::unstated()];
    let routes: [&[&str]; 6] = [
        &[],
        &["GET /v1/{id}"],
        &["GET /v1/{name}"],
        &["GET /v1/{id}", "GET /v2/{id}"],
        &["GET /v1/all"],
        &["POST /v1/{id} *"],
    ];
    let mut versions = vec![Snapshot::default()];
    for rule in &rules {
        for routes in routes {
            let version = api(&[("acme.v1.S/A", &rule.clone().bound(routes))]);
            versions.push(with_own_check(version.clone()));
            versions.push(api(&[("acme.v1.S/B", &rule.clone().bound(routes))]));
            versions.push(version);
        }
    }
    let all: FailOn = "all".parse().unwrap();
    let mut told = 0;
    for old in &versions {
        for new in &versions {
            let report = compare(old, new);
            assert_eq!(report.is_empty(), report.count(&all) == 0, "{}", report.to_text());
            assert_eq!(
                report.is_empty(),
                report.to_text().starts_with("no change in "),
                "{}",
                report.to_text()
            );
            told += usize::from(!report.is_empty());
        }
    }
    assert!(told > 5000, "{told}");
}
