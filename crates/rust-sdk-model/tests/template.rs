//! The grammar of path templates: what is rejected, and that everything else is read as written.

use proptest::prelude::*;
use rust_sdk_model::Code;
use rust_sdk_model::template::{PatternSegment, Segment, Template, Wildcard};

/// Invalid templates, each with its code.
const REFUSED: &[(&str, Code)] = &[
    ("", Code::HttpLeadingSlash),
    ("v1/items", Code::HttpLeadingSlash),
    ("{id}", Code::HttpLeadingSlash),
    (":verb", Code::HttpLeadingSlash),
    ("/v1/items/", Code::HttpTrailingSlash),
    ("/v1/{id}/", Code::HttpTrailingSlash),
    ("/v1/items/:verb", Code::HttpTrailingSlash),
    ("/:verb", Code::HttpEmptySegment),
    ("//", Code::HttpEmptySegment),
    ("///", Code::HttpEmptySegment),
    ("//v1", Code::HttpEmptySegment),
    ("/v1//items", Code::HttpEmptySegment),
    ("/v1//", Code::HttpEmptySegment),
    ("/v1/{id=a//b}", Code::HttpEmptySegment),
    ("/v1/{id=a/}", Code::HttpEmptySegment),
    ("/v1/{}", Code::HttpEmptyVariable),
    ("/v1/{=}", Code::HttpEmptyVariable),
    ("/v1/{=a/*}", Code::HttpEmptyVariable),
    ("/v1/{id=}", Code::HttpEmptyPattern),
    ("/v1/{id=/a}", Code::HttpAbsolutePattern),
    ("/v1/{id=/}", Code::HttpAbsolutePattern),
    ("/v1/{id", Code::HttpUnterminatedVariable),
    ("/v1/{id=a/*", Code::HttpUnterminatedVariable),
    ("/v1/{id/items", Code::HttpUnterminatedVariable),
    ("/v1/{id:verb", Code::HttpUnterminatedVariable),
    ("/v1/id}", Code::HttpUnterminatedVariable),
    ("/v1/{id}}", Code::HttpUnterminatedVariable),
    ("/v1/}{", Code::HttpUnterminatedVariable),
    ("/v1/{id={other}}", Code::HttpNestedVariable),
    ("/v1/{id=a/{other}/b}", Code::HttpNestedVariable),
    ("/v1/{{id}}", Code::HttpNestedVariable),
    ("/v1/a{id}", Code::HttpMixedSegment),
    ("/v1/{id}b", Code::HttpMixedSegment),
    ("/v1/a{id}b", Code::HttpMixedSegment),
    ("/v1/{id}-{other}", Code::HttpMixedSegment),
    ("/v1/*{id}", Code::HttpMixedSegment),
    ("/v1/{id}:a:b", Code::HttpTwoVerbs),
    ("/v1/{id}::a", Code::HttpTwoVerbs),
    ("/v1/{id}:", Code::HttpEmptyVerb),
    ("/v1/items:", Code::HttpEmptyVerb),
    ("/v1/items:a/{id}", Code::HttpVerbNotLast),
    ("/v1:a/items:b", Code::HttpVerbNotLast),
    ("/v1/items:/b", Code::HttpVerbNotLast),
    ("/v1/{id=a:b}", Code::HttpVerbNotLast),
    ("/v1/{id=a/*:b}", Code::HttpVerbNotLast),
    ("/v1/***", Code::HttpBadWildcard),
    ("/v1/a*", Code::HttpBadWildcard),
    ("/v1/*a", Code::HttpBadWildcard),
    ("/v1/{id=a*}", Code::HttpBadWildcard),
    ("/v1/{id=***}", Code::HttpBadWildcard),
    ("/v1/**/**", Code::HttpAfterRest),
    ("/v1/{id=**/**}", Code::HttpAfterRest),
    ("/v1/{id=**}/{other=**}", Code::HttpAfterRest),
    ("/v1/%", Code::HttpBadEscape),
    ("/v1/%4", Code::HttpBadEscape),
    ("/v1/%zz", Code::HttpBadEscape),
    ("/v1/%4g/a", Code::HttpBadEscape),
    ("/v1/{id=%}", Code::HttpBadEscape),
    ("/v1/items:%", Code::HttpBadEscape),
    ("/v1/%é", Code::HttpBadEscape),
    ("/v1/a b", Code::HttpBadCharacter),
    ("/v1/a?b=c", Code::HttpBadCharacter),
    ("/v1/a#b", Code::HttpBadCharacter),
    ("/v1/a\\b", Code::HttpBadCharacter),
    ("/v1/a\"b", Code::HttpBadCharacter),
    ("/v1/<a>", Code::HttpBadCharacter),
    ("/v1/a|b", Code::HttpBadCharacter),
    ("/v1/^", Code::HttpBadCharacter),
    ("/v1/[a]", Code::HttpBadCharacter),
    ("/v1/`", Code::HttpBadCharacter),
    ("/v1/café", Code::HttpBadCharacter),
    ("/v1/a\n", Code::HttpBadCharacter),
    ("/v1/a\0", Code::HttpBadCharacter),
    ("/v1/{a b}", Code::HttpBadCharacter),
    ("/v1/items:a*", Code::HttpBadCharacter),
    ("/v1/items:{id}", Code::HttpBadCharacter),
    ("/v1/{1a}", Code::HttpBadIdentifier),
    ("/v1/{my-id}", Code::HttpBadIdentifier),
    ("/v1/{.id}", Code::HttpBadIdentifier),
    ("/v1/{id.}", Code::HttpBadIdentifier),
    ("/v1/{a..b}", Code::HttpBadIdentifier),
    ("/v1/{a/b}", Code::HttpBadIdentifier),
    ("/v1/{*}", Code::HttpBadIdentifier),
    ("/v1/{id:verb}", Code::HttpBadIdentifier),
    ("/v1/{a%20b}", Code::HttpBadIdentifier),
];

#[test]
fn invalid_templates_are_rejected_with_the_reason() {
    for (text, code) in REFUSED {
        let error = Template::parse(text).expect_err(text);
        assert_eq!(error.code, *code, "{text:?}: {error}");
        assert!(!error.hint.is_empty(), "{text:?}");
    }
}

/// Templates that gateways serve although the specification does not allow them, each with the code of a strict check.
const DEVIATING: &[(&str, Code)] = &[
    ("/v1/items:a:b", Code::HttpTwoVerbs),
    ("/v1/items::a", Code::HttpTwoVerbs),
    ("/v1/**/*", Code::HttpAfterRest),
    ("/v1/**/{id}", Code::HttpAfterRest),
    ("/v1/{id=**}/{other}", Code::HttpAfterRest),
    ("/v1/{id=**}/*", Code::HttpAfterRest),
    ("/v1/{id=a/**/*}", Code::HttpAfterRest),
    ("/v1/{id=**}/a/{other}:b", Code::HttpAfterRest),
];

#[test]
fn deviations_are_read_as_written_and_named() {
    for (text, code) in DEVIATING {
        let template = Template::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(template.to_string(), *text);
        let codes: Vec<Code> = template.deviations().iter().map(|error| error.code).collect();
        assert_eq!(codes, [*code], "{text}");
    }
}

const ACCEPTED: &[&str] = &[
    "/",
    "/a",
    "/v1/{id}",
    "/v1/{a.b_c.d1}",
    "/v1/{_}",
    "/v1/{name=shelves/*/books/*}",
    "/v1/{id=global}/settings",
    "/v1/{path=**}",
    "/v1/{path=**}/versions:purge",
    "/v1/*/tasks/{id}",
    "/v1/**",
    "/v1/{a}/b/**/c",
    "/v1/*:verb",
    "/v1/{id}:cancel",
    "/v1/items:cancel%20all",
    "/v1/caf%C3%A9/a+b/it's;x=1,2&(y)!/~me@home$/-._",
];

#[test]
fn valid_templates_print_as_written() {
    for text in ACCEPTED {
        let template = Template::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(template.to_string(), *text);
        assert!(template.deviations().is_empty(), "{text}");
    }
    // The only element with two forms.
    assert_eq!(Template::parse("/v1/{id=*}").unwrap().to_string(), "/v1/{id}");
}

#[test]
fn shapes_leave_the_names_out() {
    let shape = |text| Template::parse(text).unwrap().shape();
    assert_eq!(shape("/v1/{a}/b"), shape("/v1/{c.d}/b"));
    assert_eq!(shape("/v1/{a=x/*}/b"), shape("/v1/x/{b}/b"));
    assert_eq!(shape("/v1/{a}"), shape("/v1/*"));
    assert_ne!(shape("/v1/{a}"), shape("/v1/{a=**}"));
    assert_ne!(shape("/v1/{a}"), shape("/v1/{a}:verb"));
    assert_ne!(shape("/v1/a"), shape("/v1/{a}"));
}

fn literal() -> impl Strategy<Value = String> {
    // Every `pchar` but the colon, which starts a verb, and the star, which is a wildcard.
    "([A-Za-z0-9._~!$&'()+,;=@-]|%[0-9A-Fa-f]{2}){1,8}"
}

fn segment() -> impl Strategy<Value = PatternSegment> {
    prop_oneof![
        2 => literal().prop_map(PatternSegment::Literal),
        1 => Just(PatternSegment::Wildcard(Wildcard::One)),
    ]
}

fn outer_segment() -> impl Strategy<Value = Segment> {
    let path = "[A-Za-z_][A-Za-z0-9_]{0,5}(\\.[A-Za-z_][A-Za-z0-9_]{0,5}){0,2}";
    prop_oneof![
        4 => literal().prop_map(Segment::Literal),
        1 => Just(Segment::Wildcard(Wildcard::One)),
        3 => (path, prop::collection::vec(segment(), 1..4))
            .prop_map(|(path, pattern)| Segment::Variable { path, pattern }),
    ]
}

/// A template, perhaps with one `**`.
fn template() -> impl Strategy<Value = Template> {
    let rest = prop_oneof![
        Just(None),
        Just(Some(Segment::Wildcard(Wildcard::Rest))),
        prop::collection::vec(segment(), 0..3).prop_map(|mut pattern| {
            pattern.push(PatternSegment::Wildcard(Wildcard::Rest));
            Some(Segment::Variable { path: "rest".to_owned(), pattern })
        }),
    ];
    let segments = prop::collection::vec(outer_segment(), 1..6);
    let tail = prop::collection::vec(outer_segment(), 0..3);
    let verb = prop::option::of(literal());
    (segments, rest, tail, verb).prop_map(|(mut segments, rest, tail, verb)| {
        segments.extend(rest);
        segments.extend(tail);
        Template { segments, verb }
    })
}

proptest! {
    #[test]
    fn a_template_reads_back_as_itself(template in template()) {
        let text = template.to_string();
        prop_assert_eq!(Template::parse(&text).unwrap(), template, "{}", text);
    }

    #[test]
    fn any_text_is_read_or_rejected(text in any::<String>()) {
        let _ = Template::parse(&text);
    }

    /// Made of characters with a meaning, so that many cases get far.
    #[test]
    fn near_templates_are_read_as_written_or_rejected(text in "/([a-z]|[/{}=:*.%]|%4[1-9]|\\{a\\}|/){0,24}") {
        if let Ok(template) = Template::parse(&text) {
            prop_assert_eq!(template.to_string(), text.replace("=*}", "}"));
        }
    }
}
