//! Breaking rules: what is a change, and under which rule.

mod common;

use std::collections::BTreeSet;

use buf_plugin_rust_sdk::messages::{Annotation, FileDescriptor};
use common::{check, files, place, request};
use tempfile::TempDir;

const HOME: &str = "QDRANT_CLOUD_PERMISSIONS_BREAKING";
const LOCKED_OUT: &str = "RUST_SDK_ACCESS_BREAKING";
const LET_IN: &str = "RUST_SDK_ACCESS_WIDENED";
const ROUTES: &str = "RUST_SDK_ROUTES_BREAKING";

const HEAD: &str = r#"syntax = "proto3";
package acme.shelf.v1;
import "google/api/annotations.proto";
import "lumen/cloud/common/v1/common.proto";
message M {
  string account_id = 1;
  string shelf_id = 2;
}
"#;

fn compile(text: &str) -> Vec<FileDescriptor> {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("shelf.proto"), format!("{HEAD}{text}")).unwrap();
    files(&[folder.path().to_owned(), common::testdata().join("proto")], &["shelf.proto"])
}

fn compare(old: &str, new: &str) -> (Vec<FileDescriptor>, Vec<FileDescriptor>, Vec<Annotation>) {
    let (old, new) = (compile(old), compile(new));
    let rules = [HOME, LOCKED_OUT, LET_IN, ROUTES];
    let found = check(&request(new.clone(), old.clone(), &rules, &[])).unwrap();
    (old, new, found)
}

/// The rules that report something between two versions of one method.
fn rules(old: &str, new: &str) -> BTreeSet<String> {
    let service = |method: &str| format!("service S {{\n  rpc A(M) returns (M) {{\n{method}\n  }}\n}}\n");
    let (_, files, found) = compare(&service(old), &service(new));
    for found in &found {
        assert_eq!(place(&files, found.file_location.as_ref()), "shelf.proto:10", "{found:?}");
        assert!(found.against_file_location.is_some() && !found.message.contains('\n'));
    }
    found.into_iter().map(|found| found.rule_id).collect()
}

/// `permissions`, comma-separated, with what else is stated.
fn access(stated: &str) -> String {
    let (permissions, more) = stated.split_once('|').unwrap_or((stated, ""));
    let permissions = permissions.split(',').filter(|name| !name.is_empty()).map(|name| {
        let name = if name == "none" { "" } else { name };
        format!("option (lumen.cloud.common.v1.permissions) = \"{name}\";")
    });
    let more = more.split(',').map(|more| match more {
        "any" => "option (lumen.cloud.common.v1.requires_all_permissions) = false;",
        "all" => "option (lumen.cloud.common.v1.requires_all_permissions) = true;",
        "public" => "option (lumen.cloud.common.v1.requires_authentication) = false;",
        "user" => "option (lumen.cloud.common.v1.supported_actor_types) = ACTOR_TYPE_USER;",
        "shelf" => "option (lumen.cloud.common.v1.account_id_expression) = \"shelf_id\";",
        _ => "",
    });
    permissions.chain(more.map(str::to_owned)).collect()
}

#[test]
fn changes_of_access_are_judged_by_who_is_let_in() {
    let cases: [(&str, &str, &[&str]); 22] = [
        ("a", "a", &[]),
        ("a,b", "b,a", &[]),
        // One permission is the same with any flag.
        ("a", "a|any", &[]),
        ("a|any", "a|all", &[]),
        // From one permission to another: the three steps, and the leap.
        ("a", "a,b|any", &[LET_IN]),
        ("a,b|any", "b", &[HOME, LOCKED_OUT]),
        ("a", "b", &[HOME, LOCKED_OUT, LET_IN]),
        ("a", "b,c|any", &[HOME, LOCKED_OUT, LET_IN]),
        ("a,b", "a,b|any", &[LET_IN]),
        ("a,b|any", "a,b", &[HOME, LOCKED_OUT]),
        ("a", "a,b", &[HOME, LOCKED_OUT]),
        ("a,b|any", "a,b,c|any", &[LET_IN]),
        // Permissions that are asked for no more are what the home case's own check is about, too.
        ("a,b", "a", &[HOME, LET_IN]),
        ("a", "none", &[HOME, LET_IN]),
        ("a", "|public", &[HOME, LET_IN]),
        ("none", "|public", &[LET_IN]),
        ("|public", "none", &[HOME, LOCKED_OUT]),
        // Nobody is let in where nothing is stated, by the generated table; by other servers, anybody may be.
        ("", "a", &[HOME, LET_IN]),
        ("a", "", &[HOME, LOCKED_OUT]),
        // Kinds of callers and the account count.
        ("a", "a|user", &[HOME, LOCKED_OUT]),
        ("a|user", "a", &[LET_IN]),
        ("a", "a|shelf", &[HOME, LOCKED_OUT, LET_IN]),
    ];
    for (old, new, expected) in cases {
        let expected = expected.iter().map(|rule| (*rule).to_owned()).collect();
        assert_eq!(rules(&access(old), &access(new)), expected, "{old} → {new}");
    }
}

#[test]
fn changes_of_routes_are_judged_by_what_is_served() {
    let http = |rule: &str| {
        format!("option (lumen.cloud.common.v1.permissions) = \"a\"; option (google.api.http) = {{{rule}}};")
    };
    for (old, new, expected) in [
        ("get: \"/v1/a/{shelf_id}\"", "get: \"/v1/a/{shelf_id=*}\"", false),
        ("get: \"/v1/a\"", "get: \"/v1/b\"", true),
        ("get: \"/v1/a\"", "post: \"/v1/a\" body: \"*\"", true),
        ("post: \"/v1/a\" body: \"*\"", "post: \"/v1/a\"", true),
        ("get: \"/v1/a\" additional_bindings {get: \"/v1/b\"}", "get: \"/v1/a\"", true),
        ("get: \"/v1/a\"", "get: \"/v1/a\" additional_bindings {get: \"/v1/b\"}", false),
    ] {
        let expected: BTreeSet<String> = expected.then(|| ROUTES.to_owned()).into_iter().collect();
        assert_eq!(rules(&http(old), &http(new)), expected, "{old} → {new}");
    }
}

#[test]
fn what_is_gone_is_told_where_it_was() {
    let method = |name: &str| {
        format!("  rpc {name}(M) returns (M) {{ option (lumen.cloud.common.v1.permissions) = \"a\"; }}\n")
    };
    let service = |name: &str, methods: &str| format!("service {name} {{\n{methods}}}\n");
    let old = service("S", &(method("A") + &method("B"))) + &service("T", &method("C"));
    let (old, new, found) = compare(&old, &service("S", &method("A")));
    let places: Vec<[String; 2]> = found
        .iter()
        .map(|found| {
            assert_eq!(found.rule_id, ROUTES);
            let at = found.file_location.as_ref().unwrap();
            let at = if at.source_path.is_empty() { at.file_name.clone() } else { place(&new, Some(at)) };
            [at, place(&old, found.against_file_location.as_ref())]
        })
        .collect();
    assert_eq!(places, [["shelf.proto", "shelf.proto:14"], ["shelf.proto:9", "shelf.proto:11"]]);
}

#[test]
fn a_new_method_for_everybody_is_for_a_review() {
    let method = |name: &str, stated: &str| format!("  rpc {name}(M) returns (M) {{ {} }}\n", access(stated));
    let service = |methods: &str| format!("service S {{\n{methods}}}\n");
    let old = service(&method("A", "a"));
    let (_, new, found) =
        compare(&old, &service(&(method("A", "a") + &method("B", "a") + &method("C", "|public"))));
    let found: Vec<(String, &str)> = found
        .iter()
        .map(|found| (place(&new, found.file_location.as_ref()), found.rule_id.as_str()))
        .collect();
    assert_eq!(found, [("shelf.proto:12".to_owned(), LET_IN)]);
}

#[test]
fn without_an_earlier_version_nothing_is_broken() {
    let files = compile("service S {\n  rpc A(M) returns (M);\n}\n");
    assert_eq!(check(&request(files, Vec::new(), &[HOME, LOCKED_OUT, LET_IN, ROUTES], &[])).unwrap(), []);
}

#[test]
fn an_earlier_version_that_cannot_be_read_is_an_error() {
    let files = compile("service S {\n  rpc A(M) returns (M);\n}\n");
    let mut against = files.clone();
    against.remove(0);
    let problem = check(&request(files, against, &[LOCKED_OUT], &[])).unwrap_err();
    assert!(problem.contains("cannot be checked"), "{problem}");
}

#[test]
fn access_that_cannot_be_read_does_not_pass() {
    let files = compile("service S {\n  rpc A(M) returns (M);\n}\n");
    let options = [("permissions_option", common::text("acme.nothing"))];
    let found = check(&request(files.clone(), files, &[HOME, LOCKED_OUT, LET_IN, ROUTES], &options)).unwrap();
    let rules: Vec<&str> = found.iter().map(|found| found.rule_id.as_str()).collect();
    assert_eq!(rules, [HOME, LOCKED_OUT, LET_IN], "{found:?}");
}
