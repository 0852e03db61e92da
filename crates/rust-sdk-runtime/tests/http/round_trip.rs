//! Finding undoes building, for every value; and no value leads to another route.

use proptest::prelude::*;
use rust_sdk_runtime::http::percent::decode;
use rust_sdk_runtime::http::{Binding, Part, PathEncoding, PathValue, Routes, Segment};

use crate::{binding, routes, routes_of};

/// Text that is likely to go wrong, and any other.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("..".to_owned()),
        Just(".".to_owned()),
        Just("%2e%2e".to_owned()),
        Just("%2F".to_owned()),
        Just("//".to_owned()),
        Just("/../".to_owned()),
        Just("?a=b".to_owned()),
        Just("#".to_owned()),
        Just("%".to_owned()),
        Just(":cancel".to_owned()),
        Just("admin".to_owned()),
        "[a/:.%]{0,3}",
        any::<String>(),
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

/// One path segment of a value: not empty, no slash, no dots alone.
fn segment() -> impl Strategy<Value = String> {
    hostile()
        .prop_map(|text| text.replace('/', ""))
        .prop_filter("a value", |text| !matches!(&**text, "" | "." | ".."))
}

/// A template, and values that fit it.
fn template() -> impl Strategy<Value = (String, Vec<String>)> {
    let literal = prop_oneof![Just("a"), Just("bb"), Just("cancel"), Just("c%20d"), Just("x@y")];
    let fixed = literal.clone().prop_map(|text| (text.to_owned(), None));
    let single = segment().prop_map(|value| ("{x}".to_owned(), Some(value)));
    let wildcard = segment().prop_map(|value| ("*".to_owned(), Some(value)));
    let pattern = (literal.clone(), segment(), literal).prop_map(|(first, value, last)| {
        let plain = |text: &str| decode(text).unwrap().into_owned();
        (format!("{{x={first}/*/{last}}}"), Some(format!("{}/{value}/{}", plain(first), plain(last))))
    });
    let several = prop::collection::vec(segment(), 1..4).prop_map(|values| values.join("/"));
    let rest = several.prop_map(|value| ("{x=**}".to_owned(), Some(value))).boxed();
    let one = prop_oneof![fixed, single, wildcard, pattern];
    let end = prop_oneof![
        Just(None),
        Just(Some(("{x=**}".to_owned(), Some(String::new())))),
        rest.clone().prop_map(Some)
    ];
    let verb = prop_oneof![Just(""), Just(":cancel")];
    let inner = prop_oneof![1 => Just(("{x=**}".to_owned(), Some(String::new()))), 2 => rest];
    let middle = prop::option::of((inner, prop_oneof![Just("end"), Just("end/of/it")]));
    (prop::collection::vec(one, 1..5), end, middle, verb).prop_map(|(mut pieces, end, middle, verb)| {
        match middle {
            Some((rest, tail)) => pieces.extend([rest, (tail.to_owned(), None)]),
            None => pieces.extend(end),
        }
        let mut template = String::new();
        let mut values = Vec::new();
        for (index, (text, value)) in pieces.into_iter().enumerate() {
            template = template + "/" + &text.replace("{x", &format!("{{x{index}"));
            values.extend(value);
        }
        (template + verb, values)
    })
}

fn slots(binding: &Binding) -> impl Iterator<Item = &'static Part> {
    binding.parts().iter().filter(|part| !matches!(part, Part::Literal(_)))
}

/// Builds, finds, and compares.
fn check(
    routes: &Routes,
    binding: &Binding,
    values: &[String],
    encoding: PathEncoding,
) -> Result<(), TestCaseError> {
    let path_values: Vec<PathValue<'_>> = values.iter().map(Into::into).collect();
    let path =
        binding.path_with(&path_values, encoding).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert!(path.is_ascii() && !path.contains(['?', '#', ' ']), "{}", path);
    let Some(found) = routes.find(binding.verb(), &path) else {
        return Err(TestCaseError::fail(format!("{path} is not found by {}", binding.template())));
    };
    prop_assert_eq!(found.binding.template(), binding.template(), "{}", path);
    let expected = slots(binding).zip(values).filter_map(|(part, value)| match part {
        Part::Variable(field, _) => Some((*field, value.clone())),
        _ => None,
    });
    let captured = found.captures().map(|(field, value)| (field, value.into_owned()));
    prop_assert_eq!(captured.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "{}", path);
    Ok(())
}

/// A slow and obvious matcher to compare with.
fn matches(binding: &Binding, path: &str) -> bool {
    let template = binding.template();
    let (template, path) = match template.rsplit_once(':') {
        Some((template, verb)) => {
            let Some((front, found)) = path.rsplit_once(':') else { return false };
            if decode(found).ok().as_deref() != Some(verb) {
                return false;
            }
            (template, front)
        }
        None => (template, path),
    };
    let template: Vec<&str> = template.split(['/', '{', '}']).filter(|text| !text.is_empty()).collect();
    let template: Vec<&str> = template
        .into_iter()
        .map(|text| match text.split_once('=') {
            Some((_, pattern)) => pattern,
            None if text.starts_with('x') && !text.contains('@') => "*",
            None => text,
        })
        .collect();
    let Some(rest) = path.strip_prefix('/') else { return false };
    let segments: Option<Vec<String>> = if rest.is_empty() {
        Some(Vec::new())
    } else {
        rest.split('/').map(|text| Some(decode(text).ok()?.into_owned())).collect()
    };
    segments.is_some_and(|segments| fits(&template, &segments))
}

fn fits(template: &[&str], segments: &[String]) -> bool {
    let value = |text: &String| !matches!(&**text, "" | "." | "..");
    match (template, segments) {
        ([], []) => true,
        (["**", rest @ ..], _) => (0..=segments.len())
            .any(|taken| segments[..taken].iter().all(value) && fits(rest, &segments[taken..])),
        (["*", rest @ ..], [first, segments @ ..]) => value(first) && fits(rest, segments),
        ([literal, rest @ ..], [first, segments @ ..]) => {
            decode(literal).ok().as_deref() == Some(first) && fits(rest, segments)
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn find_undoes_build((template, values) in template()) {
        let template: &'static str = template.leak();
        let binding = binding("GET", template);
        // The other route is there to have its custom verb known.
        let routes = routes(&[&*format!("GET {template}").leak(), "GET /other/route:cancel"]);
        for encoding in [PathEncoding::Strict, PathEncoding::Relaxed] {
            check(&routes, &binding, &values, encoding)?;
        }
    }

    #[test]
    fn no_value_reaches_another_route(value in hostile()) {
        let routes = routes(&[
            "GET /v1/accounts/{x}", "GET /v1/accounts/{x}:cancel", "GET /v1/accounts/{x}/admin", "GET /v1/accounts",
            "GET /v1/names/{x=shelves/*}", "GET /v1/names/{x=shelves/*}:cancel", "GET /v1/names", "GET /v1/admin",
            "GET /v2/{x=**}", "GET /v2/{x=**}:cancel", "GET /v3/{x=**}/tail", "GET /",
        ]);
        for (template, value) in [
            ("/v1/accounts/{x}", value.clone()),
            ("/v1/accounts/{x}:cancel", value.clone()),
            ("/v1/accounts/{x}/admin", value.clone()),
            ("/v1/names/{x=shelves/*}", format!("shelves/{value}")),
            ("/v1/names/{x=shelves/*}:cancel", format!("shelves/{value}")),
            ("/v2/{x=**}", value.clone()),
            ("/v2/{x=**}:cancel", value.clone()),
            ("/v3/{x=**}/tail", value.clone()),
        ] {
            let binding = binding("GET", template);
            for encoding in [PathEncoding::Strict, PathEncoding::Relaxed] {
                // A refused value reaches nothing.
                if binding.path_with(&[(&value).into()], encoding).is_ok() {
                    check(&routes, &binding, std::slice::from_ref(&value), encoding)?;
                }
            }
        }
    }

    #[test]
    fn find_agrees_with_an_obvious_matcher(
        templates in prop::collection::vec(template(), 1..6),
        path in "(/(a|bb|cancel|c%20d|end|of|it|%61|\\.\\.|%2e|x|%|)){0,6}(:cancel|:x|/)?",
    ) {
        let bindings: Vec<Binding> = templates.iter().map(|(text, _)| binding("GET", text.clone().leak())).collect();
        let expected = bindings.iter().any(|binding| matches(binding, &path));
        let routes = routes_of(bindings);
        prop_assert_eq!(routes.find("GET", &path).is_some(), expected);
    }

    #[test]
    fn nothing_panics(path in any::<String>(), verb in any::<String>(), values in prop::collection::vec(hostile(), 0..4)) {
        let routes = routes(&["GET /{x=**}", "* /v1/{y}:cancel", "GET /a/{x=**}/b"]);
        for path in [path.clone(), format!("/{path}"), format!("/v1/{path}:cancel")] {
            if let Some(found) = routes.find(&verb, &path).or_else(|| routes.find("GET", &path)) {
                prop_assert!(found.captures().count() == 1);
            }
        }
        let binding = Binding::new("GET", "?", &[
            Part::Wildcard(Segment::Literal("odd")),
            Part::Variable("x", &[]),
            Part::Variable("y", &[Segment::Rest, Segment::Rest, Segment::Literal("%")]),
        ]);
        let values: Vec<PathValue<'_>> = values.iter().map(Into::into).collect();
        prop_assert!(binding.path(&values).is_err());
    }
}

#[test]
fn a_megabyte_is_a_value_like_any_other() {
    let routes = routes(&["GET /v1/{x}", "GET /v2/{x=**}", "GET /v2/{x=**}:cancel"]);
    for (template, text) in [("/v1/{x}", "a/é:%"), ("/v2/{x=**}", "a/é:%"), ("/v1/{x}", "abcde")] {
        let value = text.repeat(200_000);
        check(&routes, &binding("GET", template), &[value], PathEncoding::Relaxed).unwrap();
    }
}
