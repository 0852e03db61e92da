//! What [`Binding::path`](rust_sdk_runtime::http::Binding::path) gives and refuses.

use rust_sdk_runtime::http::{
    Binding, Part, PathEncoding, PathError, PathErrorKind, PathValue, Segment, Template,
};

use crate::binding;

fn path(template: &'static str, values: &[PathValue<'_>]) -> String {
    binding("GET", template).path(values).unwrap()
}

fn refusal(template: &'static str, values: &[PathValue<'_>]) -> String {
    binding("GET", template).path(values).unwrap_err().to_string()
}

fn kind(template: &'static str, value: &str) -> PathErrorKind {
    match binding("GET", template).path(&[value.into()]).unwrap_err() {
        rust_sdk_runtime::http::PathError::Value { kind, .. } => kind,
        other => panic!("{other}"),
    }
}

#[test]
fn values_fill_the_slots_in_order() {
    let template = "/api/cluster/v1/accounts/{account_id}/clusters/{cluster.id}:suspend";
    assert_eq!(path(template, &["a".into(), "b".into()]), "/api/cluster/v1/accounts/a/clusters/b:suspend");
    assert_eq!(path("/v1/*/{x}/**", &["a".into(), "b".into(), "c/d".into()]), "/v1/a/b/c/d");
    assert_eq!(path("/v1/things", &[]), "/v1/things");
}

#[test]
fn single_segments_escape_all_but_the_unreserved() {
    assert_eq!(path("/v1/{x}", &["a/b c:d%e+é~".into()]), "/v1/a%2Fb%20c%3Ad%25e%2B%C3%A9~");
    assert_eq!(path("/v1/{x}", &["%2e%2e".into()]), "/v1/%252e%252e");
    // As long as an identifier, so that the fast path is asked too.
    assert_eq!(path("/v1/{x}", &["0123456789abcdef/0123456789".into()]), "/v1/0123456789abcdef%2F0123456789");
}

#[test]
fn multiple_segments_keep_their_slashes() {
    assert_eq!(path("/v1/{x=**}", &["a/b c:d/e=f".into()]), "/v1/a/b%20c%3Ad/e%3Df");
    assert_eq!(
        path("/v1/{x=shelves/*/books/*}", &["shelves/1/books/é".into()]),
        "/v1/shelves/1/books/%C3%A9"
    );
}

#[test]
fn relaxed_leaves_what_a_path_may_hold() {
    let relaxed = |template, value: &str| {
        binding("GET", template).path_with(&[value.into()], PathEncoding::Relaxed).unwrap()
    };
    let value = "a!$&'()*+,;=@:b/c d";
    assert_eq!(relaxed("/v1/{x=**}", value), "/v1/a!$&'()*+,;=@:b/c%20d");
    assert_eq!(relaxed("/v1/{x=**}:undo", "a:b/c:d"), "/v1/a:b/c:d:undo");
    assert_eq!(relaxed("/v1/{x=**}/end", "a:b/c:d"), "/v1/a:b/c:d/end");
    // Here it would be read as a custom verb.
    assert_eq!(relaxed("/v1/{x=**}", "a:b/c:d@e"), "/v1/a:b/c%3Ad@e");
    // A single segment has only one encoding.
    assert_eq!(relaxed("/v1/{x}", "a@b"), "/v1/a%40b");
}

#[test]
fn scalars() {
    let template = "/v1/{a}/{b}/{c}/{d}/{e}";
    let values = [0i32.into(), u64::MAX.into(), false.into(), 1.5f64.into(), b"\xfb\xff".as_slice().into()];
    assert_eq!(path(template, &values), "/v1/0/18446744073709551615/false/1.5/-_8%3D");
    assert_eq!(path("/v1/{a=**}", &[(-1i64).into()]), "/v1/-1");
    assert_eq!(path("/v1/{a=n/*}/{b=7}", &["n/1".into(), 7u32.into()]), "/v1/n/1/7");
    assert_eq!(path("/v1/{a}", &[f32::NEG_INFINITY.into()]), "/v1/-Infinity");
}

#[test]
fn empty_values_are_refused_by_name() {
    let message = "path /v1/accounts/{account_id}/x: `account_id` is empty or not set; set it";
    assert_eq!(refusal("/v1/accounts/{account_id}/x", &["".into()]), message);
    assert_eq!(refusal("/v1/{a}", &[[].as_slice().into()]), "path /v1/{a}: `a` is empty or not set; set it");
    assert_eq!(kind("/v1/{x=shelves/**}", ""), PathErrorKind::Empty);
    assert_eq!(refusal("/v1/*", &["".into()]), "path /v1/*: `*` is empty or not set; set it");
}

#[test]
fn a_trailing_rest_may_be_empty() {
    assert_eq!(path("/v1/{x=**}", &["".into()]), "/v1");
    assert_eq!(path("/v1/{x=**}:undo", &["".into()]), "/v1:undo");
    assert_eq!(path("/{x=**}", &["".into()]), "/");
    assert_eq!(path("/{x=**}:undo", &["".into()]), "/:undo");
    assert_eq!(path("/v1/**", &["".into()]), "/v1");
    assert_eq!(path("/v1/{x=**}", &[[].as_slice().into()]), "/v1");
    assert_eq!(path("/v1/{x=shelves/**}", &["shelves".into()]), "/v1/shelves");
}

/// A parent that is the root, as in `projects/*/databases/*/documents/**`.
#[test]
fn a_rest_before_other_segments_may_be_empty() {
    assert_eq!(path("/v1/{x=**}/tail", &["".into()]), "/v1/tail");
    assert_eq!(path("/v1/**/tail", &["".into()]), "/v1/tail");
    assert_eq!(path("/{x=**}/tail", &["".into()]), "/tail");
    assert_eq!(path("/{x=**}/tail:undo", &["".into()]), "/tail:undo");
    assert_eq!(path("/{x=**}/{y}", &["".into(), "a/b".into()]), "/a%2Fb");
    assert_eq!(path("/v1/{x=roots/*/**}/{y}", &["roots/r".into(), "c".into()]), "/v1/roots/r/c");
    assert_eq!(path("/v1/{x=shelves/**}/end", &["shelves".into()]), "/v1/shelves/end");
    assert_eq!(path("/v1/{x=a/**/b}", &["a/b".into()]), "/v1/a/b");
    assert_eq!(path("/v1/{x=**/b}", &["b".into()]), "/v1/b");
    assert_eq!(kind("/v1/{x=**/b}", ""), PathErrorKind::Empty);
}

#[test]
fn dot_segments_are_refused() {
    for (template, value) in [
        ("/v1/{x}", "."),
        ("/v1/{x}", ".."),
        ("/v1/{x=**}", ".."),
        ("/v1/{x=**}", "a/../b"),
        ("/v1/{x=**}", "a/."),
        ("/v1/{x=shelves/*}", "shelves/.."),
    ] {
        assert!(matches!(kind(template, value), PathErrorKind::DotSegment { .. }), "{template} {value}");
    }
    assert_eq!(path("/v1/{x}", &["...".into()]), "/v1/...");
    assert_eq!(path("/v1/{x}", &["a/../b".into()]), "/v1/a%2F..%2Fb");
    assert_eq!(path("/v1/{x=**}", &["a..b/.c".into()]), "/v1/a..b/.c");
}

#[test]
fn a_value_matches_its_sub_template() {
    for (template, value) in [
        ("/v1/{x=shelves/*}", "shelf/1"),
        ("/v1/{x=shelves/*}", "shelves"),
        ("/v1/{x=shelves/*}", "shelves/1/2"),
        ("/v1/{x=shelves/*}", "/shelves/1"),
        ("/v1/{x=shelves/*}", "shelves/"),
        ("/v1/{x=shelves/*}", "Shelves/1"),
        ("/v1/{x=shelves/*}", "%73helves/1"),
        ("/v1/{x=shelves/**}", "shelves/"),
        ("/v1/{x=shelves/**}", "shelves/a//b"),
        ("/v1/{x=**}", "/a"),
        ("/v1/{x=**}", "a/"),
        ("/v1/{x=a/**/b}", "a/c/d"),
        ("/v1/{x=fixed}", "other"),
    ] {
        assert!(matches!(kind(template, value), PathErrorKind::Mismatch { .. }), "{template} {value}");
    }
    assert_eq!(path("/v1/{x=a/**/b}", &["a/c/d/b".into()]), "/v1/a/c/d/b");
    assert_eq!(path("/v1/{x=fixed}", &["fixed".into()]), "/v1/fixed");
    let message = "path /v1/{x=shelves/*/books/**}: `x` is \"a\\nb\"; it must have the form `shelves/*/books/**`, \
                   with no empty segment";
    assert_eq!(refusal("/v1/{x=shelves/*/books/**}", &["a\nb".into()]), message);
}

#[test]
fn literals_of_a_sub_template_keep_the_annotations_escapes() {
    assert_eq!(path("/v1/{x=a%20b/*}", &["a b/c d".into()]), "/v1/a%20b/c%20d");
    assert_eq!(path("/v1/{x=a@b/*}", &["a@b/c".into()]), "/v1/a@b/c");
    assert_eq!(path("/v1/{x=a%2Fb/*}", &["a%2Fb/c".into()]), "/v1/a%2Fb/c");
    assert_eq!(path("/v1/{x=a%2Fb}", &["a/b".into()]), "/v1/a%2Fb");
}

#[test]
fn the_number_of_values_must_be_right() {
    let message = "path /v1/{x}/y/{z}: it takes 2 value(s), 1 given";
    assert_eq!(refusal("/v1/{x}/y/{z}", &["a".into()]), message);
    assert_eq!(refusal("/v1/{x}", &["abc".into(), "b".into()]), "path /v1/{x}: it takes 1 value(s), 2 given");
    assert_eq!(refusal("/v1", &["a".into()]), "path /v1: it takes 0 value(s), 1 given");
}

#[test]
fn an_error_shows_at_most_64_characters_of_a_value() {
    let message = refusal("/v1/{x=shelves/*}", &[&"é".repeat(1_000_000)].map(Into::into));
    assert!(message.contains(&format!("\"{}…\"", "é".repeat(64))), "{message}");
}

#[test]
fn one_allocation_is_enough() {
    let value = "größe/0e5a6f9c-7d7d-4c1b-9d3e-6f0d3a0b5f11";
    for path in [path("/v1/{x}/y", &[value.into()]), path("/v1/{x}/y", &["0e5a6f9c-7d7d-4c1b".into()])] {
        assert_eq!(path.capacity(), path.len());
    }
}

/// As the generator marks the template where another route has the path without the rest.
#[test]
fn a_rest_that_is_needed_takes_a_segment() {
    const PATTERN: &[Segment] =
        &[Segment::Literal("trees"), Segment::Any, Segment::Literal("blobs"), Segment::Rest];
    static FILE: Binding = Binding::delete(
        Template::new(
            "/v1/files/{path=**}",
            const { &[Part::Literal("/v1/files/"), Part::Variable("path", &[Segment::Rest])] },
        )
        .needs_rest(),
    );
    static TREE: Binding = Binding::delete(
        Template::new(
            "/v1/{path=trees/*/blobs/**}",
            const { &[Part::Literal("/v1/"), Part::Variable("path", PATTERN)] },
        )
        .needs_rest(),
    );
    static TAIL: Binding =
        Binding::get(
            Template::new(
                "/v1/{path=**}/tail",
                const {
                    &[Part::Literal("/v1/"), Part::Variable("path", &[Segment::Rest]), Part::Literal("/tail")]
                },
            )
            .needs_rest(),
        );
    let refused = |binding: &Binding, value: &str| match binding.path(&[value.into()]).unwrap_err() {
        PathError::Value { kind, .. } => kind,
        other => panic!("{other}"),
    };
    assert_eq!(FILE.path(&["a/b".into()]).unwrap(), "/v1/files/a/b");
    assert_eq!(refused(&FILE, ""), PathErrorKind::Empty);
    assert_eq!(refused(&TAIL, ""), PathErrorKind::Empty);
    assert_eq!(TREE.path(&["trees/t/blobs/a".into()]).unwrap(), "/v1/trees/t/blobs/a");
    assert!(matches!(refused(&TREE, "trees/t/blobs"), PathErrorKind::Mismatch { .. }));
    // Without the mark they are the path of the folder.
    assert_eq!(path("/v1/files/{path=**}", &["".into()]), "/v1/files");
    assert_eq!(path("/v1/{path=trees/*/blobs/**}", &["trees/t/blobs".into()]), "/v1/trees/t/blobs");
}
