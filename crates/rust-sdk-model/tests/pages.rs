//! How lists are paged: found by the shape of messages, or by rules of the plugin's options.

mod common;

use rust_sdk_model::api::PageKind;
use rust_sdk_model::{Api, Options};

const MESSAGES: &str = "
    message Item {}
    message Key { bytes key = 1; uint64 offset = 2; uint64 limit = 3; }
    message Next { bytes next_key = 1; }
    message Text { string token = 1; }
    message NextText { string next_token = 1; }
    message Part { int64 offset = 1; int32 limit = 2; }
    message Wrapped { string text = 1; }";

/// `kind request -> response list` of a method with these messages.
fn pages(input: &str, output: &str, settings: &[&str]) -> Result<Option<String>, String> {
    let source = format!(
        "syntax = \"proto3\"; package p; {MESSAGES}\n\
         service S {{ rpc List(Q) returns (R); }} message Q {{ {input} }} message R {{ {output} }}"
    );
    let options = Options::from_pairs(settings.iter().copied()).map_err(|problems| problems.to_string())?;
    let api = Api::build(&common::request_of_source(&source), options).map_err(|error| error.to_string())?;
    let method = api.methods().next().unwrap().2;
    Ok(method.pagination.as_ref().map(|pages| {
        let kind = match pages.kind {
            PageKind::Token if pages.is_bytes => "bytes".to_owned(),
            PageKind::Token => "text".to_owned(),
            PageKind::Offset => "offset".to_owned(),
            PageKind::Number { first } => format!("page{first}"),
        };
        let next = pages.next_page_token.as_ref().map_or("", |next| &next.name);
        let size = pages.page_size.as_deref().unwrap_or("-");
        format!("{kind} {} {size} -> {next} {}", pages.page_token.name, pages.items.name)
    }))
}

#[test]
fn shapes_without_another_meaning_are_found() {
    for (input, output, expected) in [
        (
            "bytes next_page_token = 1;",
            "bytes next_page_token = 1; repeated Item items = 2;",
            Some("bytes next_page_token - -> next_page_token items"),
        ),
        ("bytes page_token = 1;", "string next_page_token = 1; repeated Item items = 2;", None),
        (
            "Key pagination = 1;",
            "repeated Item items = 1; Next pagination = 2;",
            Some("bytes pagination.key pagination.limit -> pagination.next_key items"),
        ),
        (
            "Text page = 1;",
            "repeated Item items = 1; NextText page = 2;",
            Some("text page.token - -> page.next_token items"),
        ),
        (
            "Wrapped page_token = 1;",
            "repeated Item items = 1; Wrapped next_page_token = 2;",
            Some("text page_token.text - -> next_page_token.text items"),
        ),
        ("Part query = 1;", "repeated Item items = 1;", Some("offset query.offset query.limit ->  items")),
        (
            "uint32 offset = 1; uint32 limit = 2;",
            "repeated string names = 1;",
            Some("offset offset limit ->  names"),
        ),
        // The usual name of a token wins over other fields.
        (
            "string page_token = 1; Key pagination = 2;",
            "string next_page_token = 1; repeated Item items = 2; Next pagination = 3;",
            Some("text page_token - -> next_page_token items"),
        ),
        // Two that could be meant.
        ("Key a = 1; Key b = 2;", "repeated Item items = 1; Next pagination = 2;", None),
        ("Part a = 1; Part b = 2;", "repeated Item items = 1;", None),
        ("Part query = 1;", "repeated Item items = 1; repeated Item others = 2;", None),
        // The number of the first page is unknown.
        ("uint32 page = 1; uint32 limit = 2;", "repeated Item items = 1;", None),
        ("uint32 offset = 1;", "repeated Item items = 1;", None),
        ("repeated Key pagination = 1;", "repeated Item items = 1; Next pagination = 2;", None),
        ("oneof kind { Key pagination = 1; }", "repeated Item items = 1; Next pagination = 2;", None),
    ] {
        assert_eq!(pages(input, output, &[]).unwrap().as_deref(), expected, "{input} {output}");
    }
}

#[test]
fn rules_state_what_no_shape_says() {
    let input = "uint32 page = 1; uint32 limit = 2; Text mark = 3;";
    let output = "repeated Item items = 1; repeated Item others = 2; Text mark = 3;";
    for (rule, expected) in [
        ("page1:page;limit:others", "page1 page limit ->  others"),
        ("page0:page:items", "page0 page - ->  items"),
        ("token:mark.token:mark.token;items", "text mark.token - -> mark.token items"),
    ] {
        let found = pages(input, output, &[&format!("pagination={rule}")]).unwrap();
        assert_eq!(found.as_deref(), Some(expected), "{rule}");
    }
    for rule in [
        "page1:page:", // Two lists.
        "page1:nope:items",
        "page1:mark:items",
        "token:page:mark.token;items",
        "token:mark.token:mark;items",
        "token:mark.token:mark.token;mark",
    ] {
        let problem = pages(input, output, &[&format!("pagination={rule}")]).unwrap_err();
        assert!(
            problem.contains(&format!("error[plugin-option]: `pagination={rule}` fits no method")),
            "{problem}"
        );
    }
}
