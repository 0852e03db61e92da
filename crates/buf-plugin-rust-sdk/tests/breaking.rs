//! Breaking rules: which changes they report.

mod common;

use std::collections::BTreeSet;

use buf_plugin_rust_sdk::messages::{Annotation, FileDescriptor};
use common::{check, files, place, request};
use tempfile::TempDir;

const HOME: &str = "QDRANT_CLOUD_PERMISSIONS_BREAKING";
const LOCKED_OUT: &str = "RUST_SDK_ACCESS_BREAKING";
const LET_IN: &str = "RUST_SDK_ACCESS_WIDENED";
const PUBLIC: &str = "RUST_SDK_ACCESS_PUBLIC";
const ROUTES: &str = "RUST_SDK_ROUTES_BREAKING";
const NAMES: &str = "RUST_SDK_NAMES_BREAKING";
const REQUIRED: &str = "RUST_SDK_REQUIRED_BREAKING";
const SIGNATURES: &str = "RUST_SDK_SIGNATURES_BREAKING";

const HEAD: &str = r#"syntax = "proto3";
package acme.shelf.v1;
import "google/api/annotations.proto";
import "google/api/field_behavior.proto";
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
    let (old, files) = (compile(&service(old)), compile(&service(new)));
    // One rule at a time: another rule need not repeat a finding.
    let found = [HOME, LOCKED_OUT, LET_IN, ROUTES].map(|rule| {
        let found = check(&request(files.clone(), old.clone(), &[rule], &[])).unwrap();
        for found in &found {
            assert_eq!(place(&files, found.file_location.as_ref()), "shelf.proto:11", "{found:?}");
            assert!(found.against_file_location.is_some() && !found.message.contains('\n'));
        }
        found
    });
    found.into_iter().flatten().map(|found| found.rule_id).collect()
}

/// The rules that report something between two versions of the files, if all of these are requested.
fn together(old: &str, new: &str, rules: &[&str]) -> Vec<String> {
    let found = check(&request(compile(new), compile(old), rules, &[])).unwrap();
    found.into_iter().map(|found| found.rule_id).collect()
}

/// `permissions`, separated by commas, and other options.
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
fn changes_of_access_are_judged_by_callers() {
    let cases: [(&str, &str, &[&str]); 22] = [
        ("a", "a", &[]),
        ("a,b", "b,a", &[]),
        // With one permission, the flag does not matter.
        ("a", "a|any", &[]),
        ("a|any", "a|all", &[]),
        // From one permission to another: in three steps, and at once.
        ("a", "a,b|any", &[LET_IN]),
        ("a,b|any", "b", &[HOME, LOCKED_OUT]),
        ("a", "b", &[HOME, LOCKED_OUT, LET_IN]),
        ("a", "b,c|any", &[HOME, LOCKED_OUT, LET_IN]),
        ("a,b", "a,b|any", &[LET_IN]),
        ("a,b|any", "a,b", &[HOME, LOCKED_OUT]),
        ("a", "a,b", &[HOME, LOCKED_OUT]),
        ("a,b|any", "a,b,c|any", &[LET_IN]),
        // The API's own check reports dropped permissions, too.
        ("a,b", "a", &[HOME, LET_IN]),
        ("a", "none", &[HOME, LET_IN]),
        ("a", "|public", &[HOME, LET_IN]),
        ("none", "|public", &[LET_IN]),
        ("|public", "none", &[HOME, LOCKED_OUT]),
        // Without a stated rule, the generated table lets in nobody, but other servers may let in anybody.
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
fn changes_of_routes_are_judged_by_requests() {
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
fn removed_elements_are_reported_at_their_old_position() {
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
    assert_eq!(places, [["shelf.proto", "shelf.proto:15"], ["shelf.proto:10", "shelf.proto:12"]]);
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
    assert_eq!(found, [("shelf.proto:13".to_owned(), LET_IN)]);
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
    assert_eq!(rules, [LOCKED_OUT], "{found:?}");
    // Whichever access rule is requested.
    for rule in [HOME, LOCKED_OUT, PUBLIC, LET_IN] {
        let files = compile("service S {\n  rpc A(M) returns (M);\n}\n");
        let found = check(&request(files.clone(), files, &[rule], &options)).unwrap();
        assert_eq!(found.len(), 1, "{rule}");
    }
}

fn method(name: &str, stated: &str) -> String {
    format!("  rpc {name}(M) returns (M) {{ {} }}\n", access(stated))
}

fn service(methods: &str) -> String {
    format!("service S {{\n{methods}}}\n")
}

/// The default rules fail for public methods.
#[test]
fn a_public_method_is_found_by_default() {
    let old = service(&method("A", "a"));
    for new in [service(&method("A", "|public")), service(&(method("A", "a") + &method("B", "|public")))] {
        assert_eq!(together(&old, &new, &[]), [PUBLIC]);
        // Reported once, whichever other rules are requested.
        assert_eq!(together(&old, &new, &[HOME, LOCKED_OUT, PUBLIC, LET_IN]), [PUBLIC]);
        assert_eq!(together(&old, &new, &[LET_IN]), [LET_IN]);
    }
    assert_eq!(together(&old, &service(&method("A", "none")), &[]), Vec::<String>::new());
    assert_eq!(together(&service(&method("A", "|public")), &old, &[PUBLIC]), Vec::<String>::new());
    // A route that now leads to a public method.
    let http = |stated: &str, path: &str| {
        format!(
            "  rpc {} {{ {} option (google.api.http) = {{get: \"{path}\"}}; }}\n",
            if stated == "a" { "A(M) returns (M)" } else { "B(M) returns (M)" },
            access(stated)
        )
    };
    let old = service(&(http("a", "/v1/x") + &http("|public", "/v1/y")));
    let new = service(&(http("a", "/v1/z") + &http("|public", "/v1/x")));
    assert!(together(&old, &new, &[PUBLIC]).contains(&PUBLIC.to_owned()));
}

#[test]
fn each_finding_is_reported_once() {
    let with = |stated: &str| service(&method("A", stated));
    for (old, new, expected) in [
        ("a", "b", vec![LOCKED_OUT]),
        ("a,b|any", "b", vec![LOCKED_OUT]),
        ("a,b", "a", vec![HOME]),
        ("", "a", vec![HOME]),
    ] {
        assert_eq!(together(&with(old), &with(new), &[HOME, LOCKED_OUT, PUBLIC]), expected, "{old} → {new}");
    }
    assert_eq!(together(&with("a,b"), &with("a"), &[HOME, LOCKED_OUT, PUBLIC, LET_IN]), [LET_IN]);
}

const OWN: &str = r#"syntax = "proto3";
package acme.own.v1;
import "google/protobuf/descriptor.proto";
extend google.protobuf.MethodOptions { repeated string scopes = 61001; bool open = 61002; }
service S {
  rpc A(M) returns (M) {
    option (scopes) = "a";
  }
}
message M { string account_id = 1; }
"#;

fn file_of(text: &str) -> Vec<FileDescriptor> {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("own.proto"), text).unwrap();
    files(&[folder.path().to_owned(), common::testdata().join("proto")], &["own.proto"])
}

fn own((from, to): (&str, &str)) -> Vec<FileDescriptor> {
    assert!(OWN.contains(from));
    file_of(&OWN.replace(from, to))
}

#[test]
fn unread_access_does_not_pass() {
    let scopes = "    option (scopes) = \"a\";\n";
    let (old, open) = (own(("acme", "acme")), own((scopes, "    option (open) = true;\n")));
    let plain = own((scopes, ""));
    let found = |new: &[FileDescriptor], old: &[FileDescriptor], rules: &[&str], options: &[(&str, &str)]| {
        let options: Vec<_> = options.iter().map(|(key, value)| (*key, common::text(value))).collect();
        check(&request(new.to_vec(), old.to_vec(), rules, &options)).unwrap()
    };
    for (new, old) in [(&open, &old), (&old, &old), (&old, &plain), (&plain, &old)] {
        let found = found(new, old, &[], &[]);
        let told: Vec<_> = found.iter().filter(|found| found.rule_id == LOCKED_OUT).collect();
        assert_eq!(told.len(), 1, "{found:?}");
        assert!(
            told[0].message.contains("Access was NOT compared")
                && told[0].message.contains("_option=acme.own.v1."),
            "{told:?}"
        );
        assert_eq!(told[0].file_location.as_ref().unwrap().file_name, "own.proto");
    }
    assert_eq!(found(&plain, &plain, &[], &[]), []);
    assert_eq!(found(&open, &old, &[LOCKED_OUT, PUBLIC], &[("access", "off")]), []);
    let names =
        [("permissions_option", "acme.own.v1.scopes"), ("mode_option", "acme.own.v1.open:true=public")];
    assert_eq!(
        found(&open, &old, &[], &names).iter().map(|found| found.rule_id.as_str()).collect::<Vec<_>>(),
        [PUBLIC]
    );
    // Options that are read do not hide an unread one.
    let both = own((scopes, "    option (scopes) = \"a\"; option (open) = true;\n"));
    let found_by_part = found(&both, &old, &[], &names[..1]);
    assert!(
        found_by_part
            .iter()
            .any(|found| found.rule_id == PUBLIC
                && found.message.contains("`acme.own.v1.open` looks like access")),
        "{found_by_part:?}"
    );
}

/// A change that adds the options.
#[test]
fn an_earlier_version_may_lack_the_options() {
    let scopes = "    option (scopes) = \"a\";\n";
    let extensions =
        "extend google.protobuf.MethodOptions { repeated string scopes = 61001; bool open = 61002; }\n";
    let before = file_of(&OWN.replace(extensions, "").replace(scopes, ""));
    let names = [
        ("permissions_option", common::text("acme.own.v1.scopes")),
        ("mode_option", common::text("acme.own.v1.open:true=public")),
    ];
    let found = |new: Vec<FileDescriptor>, old: Vec<FileDescriptor>| {
        let found = check(&request(new, old, &[LOCKED_OUT, PUBLIC, LET_IN], &names)).unwrap();
        found.into_iter().map(|found| (found.rule_id, found.message)).collect::<Vec<_>>()
    };
    assert_eq!(found(file_of(OWN), before.clone()), []);
    let open = found(own((scopes, "    option (open) = true;\n")), before.clone());
    assert_eq!(open.len(), 1, "{open:?}");
    assert!(open[0].0 == PUBLIC && open[0].1.contains("access is stated for the first time"), "{open:?}");
    // In the other direction, access is lost.
    let lost = found(before, file_of(OWN));
    assert!(
        lost.iter().any(|(rule, message)| rule == LOCKED_OUT && message.contains("cannot be read")),
        "{lost:?}"
    );
}

/// There, the options name options of another type.
#[test]
fn an_earlier_version_whose_access_cannot_be_read_does_not_pass() {
    let of = |ty: &str, value: &str| {
        let extension = "extend google.protobuf.MethodOptions { Who who = 61003; }";
        let own =
            OWN.replace("service S", &format!("message Who {{ {ty} level = 1; }}\n{extension}\nservice S"));
        file_of(&own.replace("option (scopes) = \"a\"", &format!("option (who).level = {value}")))
    };
    let found = |old, option: &str| {
        let options = [("permissions_option", common::text(option))];
        check(&request(of("string", "\"a\""), old, &[LOCKED_OUT], &options))
    };
    let by_field = found(of("int32", "3"), "acme.own.v1.who#level").unwrap();
    assert_eq!(by_field.len(), 1, "{by_field:?}");
    assert!(by_field[0].message.contains("in the earlier version cannot be read"), "{by_field:?}");
    let by_option = found(
        file_of(&OWN.replace("repeated string scopes", "int32 scopes").replace("\"a\"", "3")),
        "acme.own.v1.scopes",
    );
    assert!(by_option.unwrap_err().contains("option-type"));
}

#[test]
fn what_breaks_in_the_generated_crate() {
    let api = |message: &str, path: &str, more: &str| {
        format!(
            "service S {{\n  rpc A(R) returns (M) {{ {} option (google.api.http) = {{get: \"{path}\"}}; }}\n  rpc B(R) returns (P) {{ {} }}\n}}\n\
             message R {{\n  string account_id = 1;\n  string a = 2;\n  string b = 3;\n  int32 page_size = 4;\n  string page_token = 5;\n{message}\n}}\n\
             message P {{\n  repeated string rows = 1;\n  string next_page_token = 2;\n}}\n{more}",
            access("a"),
            access("a")
        )
    };
    let path = "/v1/accounts/{account_id}/{a}/{b}";
    let old = api("", path, "");
    let found = |new: &str| {
        let files = compile(new);
        let found =
            check(&request(files.clone(), compile(&old), &[NAMES, REQUIRED, SIGNATURES], &[])).unwrap();
        found
            .iter()
            .map(|found| {
                assert!(!found.message.contains('\n'));
                (found.rule_id.clone(), place(&files, found.file_location.as_ref()), found.message.clone())
            })
            .collect::<Vec<_>>()
    };
    let by_rule = |found: &[(String, String, String)]| {
        found.iter().map(|(rule, ..)| rule.clone()).collect::<BTreeSet<_>>()
    };
    assert_eq!(found(&old), []);
    // Additions break nothing.
    assert_eq!(found(&api("  string more = 9;", path, "message More {}\n")), []);
    let required = found(&api("  string why = 9 [(google.api.field_behavior) = REQUIRED];", path, ""));
    assert_eq!(by_rule(&required), [REQUIRED, SIGNATURES].map(str::to_owned).into());
    let (_, at, message) = required.iter().find(|(rule, ..)| rule == REQUIRED).unwrap();
    assert_eq!(at, "shelf.proto:20");
    assert!(
        message.starts_with("The field \"acme.shelf.v1.R.why\" in the generated crate: a new required field"),
        "{message}"
    );
    let order = found(&api("", "/v1/accounts/{account_id}/{b}/{a}", ""));
    assert_eq!(by_rule(&order), [SIGNATURES.to_owned()].into());
    assert!(order[0].2.contains("old code compiles, but passes values in the wrong positions"), "{order:?}");
    assert_eq!(order[0].1, "shelf.proto:11");
    let pages = found(&old.replace("  string next_page_token = 2;\n", ""));
    assert!(
        pages.iter().any(|(rule, _, message)| rule == SIGNATURES && message.contains("items()")),
        "{pages:?}"
    );
    // A message that takes a name: nothing else in the files changes.
    let names = found(&api("", path, "message SClient {}\n"));
    assert_eq!(by_rule(&names), [NAMES.to_owned()].into());
    assert!(names[0].2.contains("its client: `SClient` → `SClient2`"), "{names:?}");
    assert_eq!(names[0].1, "shelf.proto:10");
    // buf itself reports removed elements and other types.
    assert_eq!(
        found(&old.replace(
            "  string next_page_token = 2;\n",
            "  string next_page_token = 2;\n  int32 total_size = 3;\n"
        )),
        []
    );
}
