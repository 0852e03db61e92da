//! Every route of the generated APIs: found again from the path that it builds, and never from a hostile one.

use lumen_cloud::API as LUMEN;
use proptest::prelude::*;
use rust_sdk_runtime::http::Match;
use rust_sdk_runtime::http::{Binding, Part, Segment};
use rust_sdk_runtime::{Api, Method};
use shapes::API as SHAPES;

type Route = (&'static Api, &'static Method, &'static Binding);

fn routes() -> impl Iterator<Item = Route> {
    [&LUMEN, &SHAPES].into_iter().flat_map(|api: &'static Api| {
        api.methods().flat_map(move |method| method.bindings().map(move |binding| (api, method, binding)))
    })
}

/// The variables and wildcards of a binding, in order.
fn slots(binding: &Binding) -> impl Iterator<Item = &[Segment]> {
    binding.parts().iter().filter_map(|part| match part {
        Part::Literal(_) => None,
        Part::Variable(_, segments) => Some(*segments),
        Part::Wildcard(segment) => Some(std::slice::from_ref(segment)),
    })
}

/// A value of the slot's form, its open segments being made from these texts.
fn value(slot: &[Segment], texts: &mut impl Iterator<Item = String>, rest: usize) -> String {
    let mut next = || texts.next().unwrap_or_else(|| "x".to_owned());
    // What has several segments splits at a slash: there it cannot be data.
    let mut segment = |single: bool| if single { next() } else { next().replace('/', "-") };
    let segments = slot.iter().flat_map(|part| match part {
        Segment::Literal(text) => vec![(*text).to_owned()],
        Segment::Any => vec![segment(slot.len() == 1)],
        Segment::Rest => (0..rest).map(|_| segment(false)).collect(),
    });
    segments.collect::<Vec<_>>().join("/")
}

fn values(binding: &Binding, texts: impl IntoIterator<Item = String>, rest: usize) -> Vec<String> {
    let mut texts = texts.into_iter();
    slots(binding).map(|slot| value(slot, &mut texts, rest)).collect()
}

fn build(binding: &Binding, values: &[String]) -> Option<String> {
    let values: Vec<_> = values.iter().map(|value| value.as_str().into()).collect();
    binding.path(&values).ok()
}

/// The values of the variables alone, which is what a match tells.
fn of_variables(binding: &Binding, values: Vec<String>) -> Vec<(&str, String)> {
    let open = binding.parts().iter().filter(|part| !matches!(part, Part::Literal(_)));
    open.zip(values)
        .filter_map(|(part, value)| match part {
            Part::Variable(field, _) => Some((*field, value)),
            _ => None,
        })
        .collect()
}

fn captured(found: &Match<'_>) -> Vec<(&'static str, String)> {
    found.captures().map(|(field, value)| (field, value.into_owned())).collect()
}

/// A verb that the binding answers to.
fn verb(binding: &Binding) -> &'static str {
    if binding.verb() == "*" { "PURGE" } else { binding.verb() }
}

#[test]
fn every_binding_is_found_by_the_path_that_it_builds() {
    let mut count = 0;
    for (api, method, binding) in routes() {
        for rest in [1, 2, 3] {
            let texts = (1..).map(|number| format!("value {number}/é:%25"));
            let values = values(binding, texts, rest);
            let path =
                build(binding, &values).unwrap_or_else(|| panic!("{}: {values:?}", binding.template()));
            let found =
                api.route(verb(binding), &path).unwrap_or_else(|| panic!("{} {path}", binding.verb()));
            assert_eq!(found.method.path(), method.path(), "{path}");
            assert!(std::ptr::eq(found.binding, binding), "{path}");
            assert!(found.service.methods().iter().any(|other| std::ptr::eq(other, method)));
            assert_eq!(captured(&found), of_variables(binding, values), "{path}");
        }
        count += 1;
    }
    // As many as ROUTES.md of each crate counts.
    assert_eq!(count, 53 + 119);
}

#[test]
fn the_empty_rest_is_found() {
    for (path, name) in [
        ("/v1/files", "ReadFile"),
        ("/v1/elsewhere/1", "FindSomewhere"),
        ("/v1/versioned/versions", "ListFileVersions"),
        ("/v1/versioned/versions/versions", "ListFileVersions"),
    ] {
        assert_eq!(SHAPES.route("GET", path).unwrap().method.name(), name);
    }
    assert_eq!(SHAPES.route("POST", "/v1/archive:archive").unwrap().method.name(), "ArchiveFile");
    for path in ["/v1/files", "/v1/versioned/versions"] {
        assert_eq!(SHAPES.route("GET", path).unwrap().get("path").as_deref(), Some(""));
    }
}

#[test]
fn literals_beat_variables_and_verbs_are_told_from_data() {
    let name = |verb: &str, path: &str| SHAPES.route(verb, path).map(|found| found.method.name());
    assert_eq!(name("GET", "/v1/items/latest"), Some("GetLatestItem"));
    assert_eq!(name("GET", "/v1/items/later"), Some("GetItem"));
    assert_eq!(name("POST", "/v1/tasks/t:cancel"), Some("CancelTask"));
    assert_eq!(name("POST", "/v1/tasks/t%3Acancel"), Some("RunTask"));
    assert_eq!(name("POST", "/v1/tasks/t:other"), Some("RunTask"));
    assert_eq!(name("POST", "/v1/tasks:cancel"), Some("CancelAllTasks"));
    let lumen = |path: &str| LUMEN.route("GET", path).map(|found| found.method.name());
    assert_eq!(
        lumen("/api/greenhouse/v1/accounts/a/greenhouses/suggest-name"),
        Some("SuggestGreenhouseName")
    );
    assert_eq!(lumen("/api/greenhouse/v1/accounts/a/greenhouses/suggest-names"), Some("GetGreenhouse"));
    // A greenhouse of that name is reached all the same by gRPC; by REST the literal takes it, escaped or not.
    assert_eq!(
        lumen("/api/greenhouse/v1/accounts/a/greenhouses/suggest%2Dname"),
        Some("SuggestGreenhouseName")
    );
}

#[test]
fn other_verbs_and_unknown_paths_match_nothing() {
    for (verb, path) in [
        ("POST", "/api/platform/v1/regions"),
        ("get", "/api/platform/v1/regions"),
        ("GET", "/api/platform/v1/regions/"),
        ("GET", "/api/platform/v1//regions"),
        ("GET", "/API/platform/v1/regions"),
        ("GET", "api/platform/v1/regions"),
        ("GET", "/api/platform/v1/regions?x=y"),
        ("GET", "/api/platform/v1/regions/a/b"),
        ("GET", "/"),
        ("GET", ""),
    ] {
        assert!(LUMEN.route(verb, path).is_none(), "{verb} {path}");
    }
    let allowed: Vec<_> = LUMEN.routes().allowed("/api/account/v1/accounts/a").collect();
    assert_eq!(allowed, ["GET", "PUT", "DELETE"]);
}

/// What an attacker would put into a value.
fn hostile() -> Vec<String> {
    let mut texts: Vec<String> = [
        "..",
        ".",
        "%2e%2e",
        "%2E.",
        "a/b",
        "../../admin",
        "/",
        "//",
        "?",
        "a?b=c",
        "#",
        "a#b",
        "",
        " ",
        "%",
        "%zz",
        "%00",
        "\0",
        "\r\n",
        ":cancel",
        "x:cancel",
        "suggest-name",
        "latest",
        "*",
        "**",
        "{account_id}",
        "\u{202e}",
        "é",
        "a\\..\\b",
        ";jsessionid=1",
        "%2F..%2F",
        "x/../..",
        "http://other.example/",
        "@other.example",
        "a b",
    ]
    .map(str::to_owned)
    .into();
    texts.push("../".repeat(1 << 10));
    texts
}

#[test]
fn a_hostile_value_is_refused_or_leads_to_the_same_method() {
    let hostile = hostile();
    for (api, method, binding) in routes() {
        let open = slots(binding).count();
        for at in 0..open {
            for text in &hostile {
                let mut values = values(binding, [], 2);
                values[at].clone_from(text);
                let Some(path) = build(binding, &values) else { continue };
                assert!(path.is_ascii() && path.starts_with('/'));
                let literal = |byte: char| matches!(byte, '?' | '#' | '\\' | ' ') || byte.is_control();
                assert!(!path.contains(literal), "{path}");
                assert!(!path.split('/').any(|segment| matches!(segment, "." | "..")), "{path}");
                let found = api.route(verb(binding), &path).unwrap_or_else(|| panic!("{path}"));
                // A literal of the API that a value spells out is the one exception, as in every server.
                if matches!(text.as_str(), "latest" | "suggest-name") {
                    continue;
                }
                assert_eq!(found.method.path(), method.path(), "{path}");
                assert_eq!(captured(&found), of_variables(binding, values));
            }
        }
    }
}

#[test]
fn a_megabyte_is_a_value_like_any_other() {
    let text = "x/%2f..é".repeat((1 << 20) / 8);
    for (api, method, binding) in routes().filter(|(.., binding)| slots(binding).count() > 0).step_by(5) {
        let values = values(binding, [text.clone()], 1);
        let path = build(binding, &values).unwrap();
        let found = api.route(verb(binding), &path).unwrap();
        assert_eq!(found.method.path(), method.path());
        assert!(captured(&found) == of_variables(binding, values), "{}", binding.template());
    }
}

#[test]
fn dots_and_the_empty_value_are_always_refused() {
    for (_, _, binding) in routes() {
        for (at, slot) in slots(binding).enumerate() {
            for text in [".", "..", ""] {
                let mut values = values(binding, [], 2);
                text.clone_into(&mut values[at]);
                // A rest may be nothing at all.
                if text.is_empty() && *slot == [Segment::Rest] {
                    continue;
                }
                assert_eq!(build(binding, &values), None, "{} {text:?}", binding.template());
            }
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    let special =
        prop::sample::select(vec![".", "..", "%2F", "%", ":", "cancel", "/", "+", "é", "~", "versions"]);
    prop_oneof![
        any::<String>(),
        "[a-z0-9-]{1,40}",
        prop::collection::vec(special, 1..5).prop_map(|parts| parts.concat()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_match_of_what_was_built_gives_the_values_back(
        route in prop::sample::select(routes().collect::<Vec<_>>()),
        texts in prop::collection::vec(text(), 12),
        rest in 1_usize..4,
    ) {
        let (api, method, binding) = route;
        let values = values(binding, texts, rest);
        if let Some(path) = build(binding, &values) {
            let found = api.route(verb(binding), &path).expect("a path that was built is found");
            // A literal beside a variable wins: `items/latest`, `greenhouses/suggest-name`.
            prop_assert_eq!(found.method.path(), method.path());
            prop_assert_eq!(captured(&found), of_variables(binding, values));
        }
    }

    #[test]
    fn any_text_at_all_is_looked_up_without_a_panic(verb in "[A-Z]{1,7}|\\PC*", path in any::<String>()) {
        for api in [&LUMEN, &SHAPES] {
            if let Some(found) = api.route(&verb, &path) {
                let _ = captured(&found);
            }
        }
    }
}
