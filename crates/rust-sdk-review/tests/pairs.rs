//! Hand-made pairs of versions: one for each class, with the report.

mod common;

use std::fmt::Write as _;

use common::{Rule, api, bindings, public, rule, unstated};
use rust_sdk_review::{FailOn, Report, RouteVerdict, Snapshot, Verdict, compare};

const METHOD: &str = "acme.v1.ShelfService/GetShelf";

fn review(old: &Rule, new: &Rule) -> Report {
    compare(&api(&[(METHOD, old)]), &api(&[(METHOD, new)]))
}

/// The verdict on one method; `None` if the report has none.
fn verdict(old: &Rule, new: &Rule) -> Option<Verdict> {
    let report = review(old, new);
    assert!(report.access.len() <= 1 && report.routes.is_empty() && report.calls.is_empty());
    report.access.first().map(|change| change.verdict)
}

#[test]
fn every_class_of_access_change() {
    use Verdict::{Incomparable, Narrowed, Widened};
    let all = |names: &[&str]| rule("all", names);
    let any = |names: &[&str]| rule("any", names);
    let authenticated = || rule("all", &[]);
    for (old, new, expected) in [
        // The same rule, written in another way.
        (all(&["a"]), all(&["a"]), None),
        (all(&["a"]), any(&["a"]), None),
        (any(&["a"]), all(&["a"]), None),
        (all(&["a", "b"]), all(&["b", "a"]), None),
        (public().actors(&["USER"]), public().actors(&["KEY"]), None),
        (public().scope(None), public(), None),
        // Permissions.
        (all(&["a", "b"]), all(&["a"]), Some(Widened)),
        (all(&["a"]), all(&["a", "b"]), Some(Narrowed)),
        (all(&["a"]), any(&["a", "b"]), Some(Widened)),
        (any(&["a", "b"]), all(&["b"]), Some(Narrowed)),
        (any(&["a", "b"]), any(&["b", "c"]), Some(Incomparable)),
        (all(&["a", "b"]), any(&["a", "b"]), Some(Widened)),
        (any(&["a", "b"]), all(&["a", "b"]), Some(Narrowed)),
        (all(&["a"]), all(&["b"]), Some(Incomparable)),
        (all(&["a"]), any(&["b"]), Some(Incomparable)),
        (all(&["a"]), any(&["b", "c"]), Some(Incomparable)),
        (all(&["a", "b"]), any(&["b", "c"]), Some(Widened)),
        (any(&["a", "b"]), all(&["a", "c"]), Some(Narrowed)),
        (any(&["a", "b"]), all(&["c", "d"]), Some(Incomparable)),
        // Case and spaces are a part of a name.
        (all(&["read:a"]), all(&["read:A"]), Some(Incomparable)),
        // Authentication.
        (all(&["a"]), authenticated(), Some(Widened)),
        (authenticated(), all(&["a"]), Some(Narrowed)),
        (all(&["a"]), public(), Some(Widened)),
        (authenticated(), public(), Some(Widened)),
        (public(), authenticated(), Some(Narrowed)),
        (unstated(), all(&["a"]), Some(Widened)),
        (all(&["a"]), unstated(), Some(Narrowed)),
        (unstated(), unstated(), None),
        // Kinds of callers.
        (all(&["a"]), all(&["a"]).actors(&["USER"]), Some(Narrowed)),
        (all(&["a"]).actors(&["USER"]), all(&["a"]), Some(Widened)),
        (all(&["a"]).actors(&["USER", "KEY"]), all(&["a"]).actors(&["KEY"]), Some(Narrowed)),
        (all(&["a"]).actors(&["USER", "KEY"]), all(&["a"]).actors(&["KEY", "USER"]), None),
        (all(&["a"]).actors(&["USER"]), all(&["a"]).actors(&["KEY"]), Some(Incomparable)),
        (authenticated(), authenticated().actors(&["USER"]), Some(Narrowed)),
        (all(&["a"]).actors(&["USER"]), public().actors(&["USER"]), Some(Widened)),
        // Scope.
        (all(&["a"]), all(&["a"]).scope(Some("shelf.account_id")), Some(Incomparable)),
        (all(&["a"]), all(&["a"]).scope(None), Some(Widened)),
        (all(&["a"]).scope(None), all(&["a"]), Some(Narrowed)),
        (authenticated(), authenticated().scope(None), Some(Widened)),
        // One side wider, the other narrower.
        (all(&["a"]), authenticated().actors(&["USER"]), Some(Incomparable)),
        (all(&["a", "b"]), all(&["a"]).scope(Some("other")), Some(Incomparable)),
    ] {
        assert_eq!(verdict(&old, &new), expected, "{old:?} → {new:?}");
    }
}

#[test]
fn what_a_reviewer_reads() {
    let full = |name: &str| format!("acme.v1.ShelfService/{name}");
    let all = |names: &[&str]| rule("all", names);
    let any = |names: &[&str]| rule("any", names);
    let pairs = [
        ("Opened", all(&["read:shelves"]), public()),
        (
            "Unguarded",
            all(&["read:shelves"]).actors(&["ACTOR_TYPE_USER"]),
            all(&[]).actors(&["ACTOR_TYPE_USER"]),
        ),
        ("Renamed", all(&["read:shelves"]), all(&["read:racks"])),
        ("RenamedToo", all(&["read:shelves"]), all(&["read:racks"])),
        ("Begun", all(&["write:shelves"]), any(&["write:shelves", "write:racks"])),
        ("Ended", any(&["write:shelves", "write:racks"]), all(&["write:racks"])),
        ("Stricter", all(&["write:shelves"]), all(&["write:shelves", "write:locks"])),
        ("Fewer", all(&["write:shelves"]), all(&["write:shelves"]).actors(&["ACTOR_TYPE_USER"])),
        ("Elsewhere", all(&["write:shelves"]), all(&["write:shelves"]).scope(Some("shelf.account_id"))),
        ("Unsaid", all(&["write:shelves"]), unstated()),
        ("Closed", public(), all(&[])),
        ("Same", all(&["read:shelves"]), any(&["read:shelves"])),
    ];
    let pairs: Vec<(String, &Rule, &Rule)> =
        pairs.iter().map(|(name, old, new)| (full(name), old, new)).collect();
    let mut old: Vec<(&str, &Rule)> = pairs.iter().map(|(name, old, _)| (name.as_str(), *old)).collect();
    let mut new: Vec<(&str, &Rule)> = pairs.iter().map(|(name, _, new)| (name.as_str(), *new)).collect();
    let (gone, come) = (all(&["read:shelves"]), public());
    old.push(("acme.v1.ShelfService/Gone", &gone));
    new.push(("acme.v1.ShelfService/Come", &gone));
    new.push(("acme.v1.ShelfService/ComeOpen", &come));
    let report = compare(&api(&old), &api(&new));
    insta::assert_snapshot!("access.txt", report.to_text());
    insta::assert_snapshot!("access.md", report.to_markdown());
    insta::assert_snapshot!("access.json", report.to_json());
}

#[test]
fn a_completion_is_confirmed_and_nothing_else_is() {
    let (old, new) = (rule("any", &["a", "b"]), rule("all", &["b"]));
    let mut report = review(&old, &new);
    let default = FailOn::default();
    assert_eq!(report.count(&default), 1);
    assert!(!report.confirm("acme.v1.ShelfService/Other"));
    assert!(report.confirm(METHOD));
    assert_eq!(report.count(&default), 0);
    assert!(report.to_text().contains("confirmed"));
    for (old, new) in [
        (rule("all", &["a", "b"]), rule("all", &["a", "b", "c"])),
        (rule("any", &["a", "b"]), rule("all", &["c"])),
        (rule("any", &["a", "b"]), rule("all", &["b"]).actors(&["USER"])),
        (rule("any", &["a", "b"]), rule("all", &["b"]).scope(Some("x"))),
        (rule("all", &["a"]), public()),
    ] {
        let mut report = review(&old, &new);
        assert!(!report.confirm(METHOD), "{old:?} {new:?}");
        assert_eq!(report.count(&default), 1);
    }
}

#[test]
fn thresholds() {
    let count = |old: &Rule, new: &Rule, names: &str| review(old, new).count(&names.parse().unwrap());
    let (a, ab, b) = (rule("all", &["a"]), rule("any", &["a", "b"]), rule("all", &["b"]));
    for (old, new, classes) in [
        (&a, &ab, ["widened", "security", "all"]),
        (&ab, &a, ["narrowed", "breaking", "all"]),
        (&a, &b, ["incomparable", "breaking", "security"]),
        (&a, &public(), ["public", "widened", "security"]),
    ] {
        for class in classes {
            assert_eq!(count(old, new, class), 1, "{class}");
            assert_eq!(count(old, new, &format!("added, {class}")), 1, "{class}");
        }
        assert_eq!(count(old, new, "added,removed,routes,calls,taken-over,problems"), 0);
        assert_eq!(count(old, new, "none"), 0);
    }
    assert!("widend".parse::<FailOn>().is_err() && "".parse::<FailOn>().is_err());
    // A new method is a finding by default only if it is public.
    let empty = Snapshot::default();
    for (rule, expected) in [(&a, 0), (&public(), 1)] {
        let report = compare(&empty, &api(&[(METHOD, rule)]));
        assert_eq!(report.count(&FailOn::default()), expected);
        assert_eq!(report.count(&"added".parse().unwrap()), 1);
    }
    assert_eq!(compare(&api(&[(METHOD, &a)]), &empty).count(&FailOn::default()), 1);
}

const LIST: &str = "acme.v1.S/List";
const GET: &str = "acme.v1.S/Get";
type Routes<'a> = &'a [(&'a str, &'a [&'a str])];
type Expected<'a> = &'a [(RouteVerdict, &'a str, &'a str, bool)];

const CASES: &[(Routes<'_>, Routes<'_>, Expected<'_>)] = {
    use RouteVerdict::{Added, Changed, Removed, TakenOver};
    &[
        (&[(GET, &["GET /v1/{id}"])], &[(GET, &["GET /v1/{id}"])], &[]),
        (
            &[(GET, &["GET /v1/{id}"])],
            &[(GET, &["GET /v1/{id}", "GET /v2/{id}"])],
            &[(Added, GET, "GET /v2/{id}", false)],
        ),
        (
            &[(GET, &["GET /v1/{id}", "GET /v2/{id}"])],
            &[(GET, &["GET /v2/{id}"])],
            &[(Removed, GET, "GET /v1/{id}", true)],
        ),
        (&[(GET, &["GET /v1/{id}"])], &[(GET, &["GET /v2/{id}"])], &[(Changed, GET, "GET /v2/{id}", true)]),
        (&[(GET, &["PUT /v1/{id}"])], &[(GET, &["POST /v1/{id}"])], &[(Changed, GET, "POST /v1/{id}", true)]),
        (
            &[(GET, &["POST /v1/{id} *"])],
            &[(GET, &["POST /v1/{id} shelf"])],
            &[(Changed, GET, "POST /v1/{id}", true)],
        ),
        (
            &[(GET, &["POST /v1/{id}"])],
            &[(GET, &["POST /v1/{id} *"])],
            &[(Changed, GET, "POST /v1/{id}", true)],
        ),
        (
            &[(GET, &["GET /v1/{id} - shelf"])],
            &[(GET, &["GET /v1/{id} - books"])],
            &[(Changed, GET, "GET /v1/{id}", true)],
        ),
        (
            &[(GET, &["GET /v1/{id}"])],
            &[(GET, &["GET /v1/{shelf_id}"])],
            &[(Changed, GET, "GET /v1/{shelf_id}", false)],
        ),
        (
            &[(GET, &["GET /v1/{id}"])],
            &[(GET, &["GET /v1/{id=*}"])],
            &[(Changed, GET, "GET /v1/{id=*}", false)],
        ),
        (
            &[(GET, &["GET /v1/{id}"])],
            &[(GET, &["GET /v1/{id=**}"])],
            &[(Changed, GET, "GET /v1/{id=**}", true)],
        ),
        // The same paths with another meaning.
        (
            &[(GET, &["GET /v1/{id}/{other}"])],
            &[(GET, &["GET /v1/{other}/{id}"])],
            &[(Changed, GET, "GET /v1/{other}/{id}", true)],
        ),
        (
            &[(GET, &["GET /v1/{account_id}/{id}"])],
            &[(GET, &["GET /v1/{other}/{id}"])],
            &[(Changed, GET, "GET /v1/{other}/{id}", true)],
        ),
        // The order of bindings does not matter to clients.
        (&[(GET, &["GET /a", "GET /b"])], &[(GET, &["GET /b", "GET /a"])], &[]),
        // With their methods.
        (&[], &[(GET, &["GET /v1/{id}"])], &[(Added, GET, "GET /v1/{id}", false)]),
        (&[(GET, &["GET /v1/{id}"])], &[], &[(Removed, GET, "GET /v1/{id}", true)]),
        // A route whose path is not a template is compared as text.
        (&[(GET, &["GET v1"])], &[(GET, &["GET v1"])], &[]),
        (&[(GET, &["GET v1"])], &[(GET, &["GET /v1"])], &[(Changed, GET, "GET /v1", true)]),
        // A renamed method keeps its route: another method has it now, with the same messages.
        (
            &[(GET, &["GET /v1/{id}"])],
            &[(LIST, &["GET /v1/{name}"])],
            &[(TakenOver, LIST, "GET /v1/{name}", false)],
        ),
        // More specific routes are added and removed.
        (
            &[(GET, &["GET /v1/{id}"])],
            &[(GET, &["GET /v1/{id}"]), (LIST, &["GET /v1/all"])],
            &[(TakenOver, LIST, "GET /v1/all", false), (Added, LIST, "GET /v1/all", false)],
        ),
        (
            &[(GET, &["GET /v1/{id}"]), (LIST, &["GET /v1/all"])],
            &[(GET, &["GET /v1/{id}"])],
            &[(TakenOver, GET, "GET /v1/{id}", false), (Removed, LIST, "GET /v1/all", true)],
        ),
        // A less specific route and a route with another verb take nothing over.
        (
            &[(LIST, &["GET /v1/all"])],
            &[(LIST, &["GET /v1/all"]), (GET, &["GET /v1/{id}"])],
            &[(Added, GET, "GET /v1/{id}", false)],
        ),
        (
            &[(GET, &["GET /v1/{id}"])],
            &[(GET, &["GET /v1/{id}"]), (LIST, &["POST /v1/all"])],
            &[(Added, LIST, "POST /v1/all", false)],
        ),
        // A third route takes the requests before and after.
        (
            &[(GET, &["GET /v1/{id=**}"]), ("acme.v1.S/One", &["GET /v1/{id}"])],
            &[(GET, &["GET /v1/{id=**}"]), ("acme.v1.S/One", &["GET /v1/{id}"]), (LIST, &["GET /v1/all"])],
            &[(TakenOver, LIST, "GET /v1/all", false), (Added, LIST, "GET /v1/all", false)],
        ),
    ]
};

#[test]
fn added_removed_and_changed_routes() {
    for (old, new, expected) in CASES {
        let report = compare(&bindings(old), &bindings(new));
        let found: Vec<(RouteVerdict, &str, &str, bool)> = report
            .routes
            .iter()
            .map(|change| (change.verdict, change.method.as_str(), change.route.as_str(), change.breaking))
            .collect();
        let (mut found, mut expected) = (found, expected.to_vec());
        let order = |change: &(RouteVerdict, &str, &str, bool)| format!("{change:?}");
        found.sort_by_key(order);
        expected.sort_by_key(order);
        assert_eq!(found, expected, "{old:?} → {new:?}\n{}", report.to_text());
    }
}

#[test]
fn a_route_that_takes_requests_from_a_method_with_other_callers_is_a_finding() {
    let variable = ("acme.v1.S/Get", rule("all", &["read:items"]).bound(&["GET /v1/items/{id}"]));
    let literal = |rule: Rule| ("acme.v1.S/Suggest", rule.bound(&["GET /v1/items/suggest"]));
    let without = api(&[(variable.0, &variable.1)]);
    let taken_over: FailOn = "taken-over".parse().unwrap();
    let mut shown = String::new();
    for (name, rule, expected) in [
        ("fewer", rule("all", &["write:items", "read:items"]), 1),
        ("more", rule("all", &[]), 1),
        ("others", rule("all", &["write:items"]), 1),
        ("the same", rule("all", &["read:items"]), 0),
    ] {
        let (method, literal) = literal(rule);
        let with = api(&[(variable.0, &variable.1), (method, &literal)]);
        for (old, new) in [(&without, &with), (&with, &without)] {
            let report = compare(old, new);
            assert_eq!(report.count(&taken_over), expected, "{name}");
            let _ = writeln!(shown, "== {name}\n{}", report.to_text());
        }
    }
    insta::assert_snapshot!("taken_over.txt", shown);
}

#[test]
fn other_messages_are_reported_if_both_versions_state_them() {
    let (mut old, mut new) = (bindings(&[("acme.v1.S/Get", &[])]), bindings(&[("acme.v1.S/Get", &[])]));
    let of = |snapshot: &mut Snapshot, request: Option<&str>, streaming: Option<&str>| {
        let method = snapshot.methods.get_mut("acme.v1.S/Get").unwrap();
        method.request = request.map(str::to_owned);
        method.streaming = streaming.map(str::to_owned);
    };
    of(&mut old, Some("acme.v1.A"), None);
    of(&mut new, Some("acme.v1.B"), Some("server"));
    let report = compare(&old, &new);
    assert_eq!(report.calls.len(), 1);
    assert_eq!(report.calls[0].reasons.len(), 1);
    assert_eq!(report.calls[0].reasons[0].to_string(), "request: `acme.v1.A` → `acme.v1.B`");
    assert_eq!(report.count(&"calls".parse().unwrap()), 1);
    of(&mut old, None, Some("unary"));
    assert_eq!(compare(&old, &new).calls[0].reasons[0].to_string(), "streaming: `unary` → `server`");
}

#[test]
fn hostile_names_have_no_effect() {
    let hostile = "x`</details>\n# @team [x](javascript:1) <img src=x> \u{1b}[2J | \u{202e}";
    let name = format!("{hostile}/{hostile}");
    let (old, new) =
        (rule("all", &[hostile]), rule("all", &["b"]).scope(Some(hostile)).actors(&[hostile]).bound(&[]));
    let report = compare(&api(&[(&name, &old), (hostile, &old)]), &api(&[(&name, &new)]));
    let markdown = report.to_markdown();
    insta::assert_snapshot!("hostile.md", markdown);
    for text in [report.to_text(), markdown] {
        assert!(!text.contains(['\u{1b}', '\u{202e}']));
        assert!(!text.lines().any(|line| line.starts_with("# ")));
    }
}

/// The workflow in the examples reads this line.
#[test]
fn the_fourth_line_says_whether_there_is_anything() {
    let (a, hostile) = (rule("all", &["a"]), rule("all", &["x\nNo change in access, routes or calls."]));
    let line = |report: &Report| report.to_markdown().lines().nth(3).map(str::to_owned).unwrap();
    assert_eq!(line(&review(&a, &a)), "No change in access, routes or calls.");
    assert_eq!(line(&review(&a, &hostile)), "**1 both widened and narrowed**");
}

#[test]
fn a_comment_stays_within_its_limit() {
    let methods = |prefix: &str| -> Snapshot {
        let mut all = Snapshot::default();
        for index in 0..5000 {
            let rule = rule("all", &[&format!("{prefix}:{index}")]);
            all.methods.extend(api(&[(&format!("acme.v1.Service/Method{index}"), &rule)]).methods);
        }
        all
    };
    let report = compare(&methods("read"), &methods("write"));
    let markdown = report.to_markdown();
    assert!(markdown.len() < 65_000, "{}", markdown.len());
    assert!(markdown.contains("5000 both widened and narrowed") && markdown.contains("more did not fit"));
}

#[test]
fn without_bindings_only_access_is_compared() {
    let method = |rest: &str, bindings: &str| {
        format!(
            r#"{{"methods": {{"acme.v1.S/Get": {{"state": "permissions", {rest}, "require": "all", "scope": null,
            "actors": []{bindings}}}}}}}"#
        )
    };
    let read = |text: String| Snapshot::from_json(text.as_bytes()).unwrap();
    let bound = r#", "bindings": [{"verb": "GET", "path": "/v1/s", "body": null}]"#;
    let (both, one) = (r#""permissions": ["a", "b"]"#, r#""permissions": ["a"]"#);
    let full = read(method(both, bound));
    for (old, new) in [(read(method(both, "")), full.clone()), (full.clone(), read(method(both, "")))] {
        let report = compare(&old, &new);
        assert!(report.is_empty(), "{report:?}");
        assert!(report.to_text().contains("1 method has no bindings"), "{}", report.to_text());
        assert!(report.to_json().contains(r#""routes_not_compared": 1"#));
    }
    let report = compare(&full, &read(method(one, "")));
    assert_eq!(report.access[0].verdict, Verdict::Widened);
    // An empty list of bindings differs from bindings that are not stated.
    let report = compare(&full, &read(method(both, r#", "bindings": []"#)));
    assert_eq!((report.routes.len(), report.unbound), (1, 0));
}
