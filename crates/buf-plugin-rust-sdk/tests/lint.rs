//! Lint rules: their findings and positions.

mod common;

use std::collections::BTreeMap;
use std::path::PathBuf;

use buf_plugin_rust_sdk::messages::{Annotation, FileDescriptor, Kind};
use common::{check, files, list, place, request, text};
use tempfile::TempDir;

fn roots(folder: PathBuf) -> [PathBuf; 2] {
    [folder, common::testdata().join("proto")]
}

/// `file:line rule`, sorted.
fn places(files: &[FileDescriptor], annotations: &[Annotation]) -> Vec<String> {
    let mut places: Vec<String> = annotations
        .iter()
        .map(|found| format!("{} {}", place(files, found.file_location.as_ref()), found.rule_id))
        .collect();
    places.sort();
    places
}

/// The rule that reports a code.
fn rule_of(severity: &str, code: &str) -> &'static str {
    match code.split('-').next().unwrap() {
        // No better than access that is not stated.
        "access" if code == "access-unread" => "RUST_SDK_ACCESS",
        _ if severity == "warning" => "RUST_SDK_WARNINGS",
        "http" => "RUST_SDK_HTTP",
        "access" | "option" => "RUST_SDK_ACCESS",
        "name" => "RUST_SDK_NAMES",
        _ => "RUST_SDK_DESCRIPTORS",
    }
}

const ALL: [&str; 5] =
    ["RUST_SDK_ACCESS", "RUST_SDK_DESCRIPTORS", "RUST_SDK_HTTP", "RUST_SDK_NAMES", "RUST_SDK_WARNINGS"];

#[test]
fn everything_that_the_generator_rejects_is_found_at_its_position() {
    let folder = common::testdata().join("invalid");
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        // Needs a newer compiler.
        if name == "edition-unsupported.proto" {
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        let mut expected: Vec<String> = source
            .lines()
            .filter_map(|line| line.strip_prefix("// expect: "))
            .map(|expected| {
                let (line, problem) = expected.split_once(": ").unwrap();
                let (severity, code) = problem.trim_end_matches(']').split_once('[').unwrap();
                format!("{name}:{line} {}", rule_of(severity, code))
            })
            .collect();
        expected.sort();
        let files = files(&roots(folder.clone()), &[name]);
        let mut options: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for option in source.lines().filter_map(|line| line.strip_prefix("// option: ")) {
            let (key, value) = option.split_once('=').unwrap();
            options.entry(key).or_default().push(value.to_owned());
        }
        let options: Vec<(&str, Kind)> = options
            .iter()
            .map(|(key, values)| (*key, list(&values.iter().map(String::as_str).collect::<Vec<_>>())))
            .collect();
        let found = check(&request(files.clone(), Vec::new(), &ALL, &options)).unwrap();
        assert_eq!(places(&files, &found), expected, "{name}");
        assert!(found.iter().all(|found| !found.message.contains('\n')));
        count += 1;
    }
    assert!(count > 40, "{count}");
}

#[test]
fn a_rule_reports_its_own_problems_only() {
    let files = files(&roots(common::testdata().join("invalid")), &["many.proto"]);
    for rule in ALL {
        let found = check(&request(files.clone(), Vec::new(), &[rule], &[])).unwrap();
        assert!(found.iter().all(|found| found.rule_id == rule), "{found:?}");
    }
    // Without rules, the default ones.
    let found = check(&request(files, Vec::new(), &[], &[])).unwrap();
    assert!(found.iter().any(|found| found.rule_id == "RUST_SDK_HTTP"));
    assert!(found.iter().all(|found| !found.rule_id.starts_with("QDRANT")));
}

#[test]
fn problems_that_hide_others_fail_the_check() {
    let files = files(&roots(common::testdata().join("invalid")), &["option-type.proto"]);
    let problem = check(&request(files.clone(), Vec::new(), &["RUST_SDK_HTTP"], &[])).unwrap_err();
    assert!(problem.contains("cannot be checked") && problem.contains("option-type"), "{problem}");
    // The same file as an import of a checked file: nothing else would report it.
    let folder = TempDir::new().unwrap();
    let text = "syntax = \"proto3\";\npackage acme.own;\nimport \"option-type.proto\";\nmessage Own {}\n";
    std::fs::write(folder.path().join("own.proto"), text).unwrap();
    let mut roots = roots(folder.path().to_owned()).to_vec();
    roots.push(common::testdata().join("invalid"));
    let own = common::files(&roots, &["own.proto"]);
    let problem = check(&request(own, Vec::new(), &ALL, &[])).unwrap_err();
    assert!(problem.contains("option-type"), "{problem}");
}

#[test]
fn imports_are_read_but_not_reported() {
    let mut files =
        files(&roots(common::testdata().join("invalid")), &["many.proto", "http-two-verbs.proto"]);
    let before = check(&request(files.clone(), Vec::new(), &ALL, &[])).unwrap();
    assert!(before.iter().any(|found| found.file_location.as_ref().unwrap().file_name == "many.proto"));
    for file in &mut files {
        let proto: prost_types::FileDescriptorProto =
            prost::Message::decode(file.file_descriptor_proto.as_slice()).unwrap();
        file.is_import = proto.name() != "http-two-verbs.proto";
    }
    let after = check(&request(files, Vec::new(), &ALL, &[])).unwrap();
    assert!(!after.is_empty());
    assert!(
        after.iter().all(|found| found.file_location.as_ref().unwrap().file_name == "http-two-verbs.proto")
    );
}

#[test]
fn a_part_of_a_package_is_checked_on_its_own() {
    let name = "lumen/cloud/greenhouse/v1/greenhouse.proto";
    let files = files(&roots(common::testdata().join("proto")), &[name]);
    for options in [vec![], vec![("crate_name", text("lumen-cloud"))]] {
        assert_eq!(check(&request(files.clone(), Vec::new(), &ALL, &options)).unwrap(), []);
    }
}

const HEAD: &str = "syntax = \"proto3\";\npackage acme.shelf.v1;\nimport \"google/api/annotations.proto\";\nimport \"lumen/cloud/common/v1/common.proto\";\n";

/// A file with this content in its own folder.
fn source(text: &str) -> (TempDir, &'static str) {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("shelf.proto"), format!("{HEAD}{text}")).unwrap();
    (folder, "shelf.proto")
}

fn lint(text: &str, rule: &str, options: &[(&str, Kind)]) -> Vec<(usize, String)> {
    let (folder, name) = source(text);
    let files = files(&roots(folder.path().to_owned()), &[name]);
    let found = check(&request(files.clone(), Vec::new(), &[rule], options)).unwrap();
    let head = HEAD.lines().count();
    found
        .into_iter()
        .map(|found| {
            let line = place(&files, found.file_location.as_ref());
            (line.rsplit(':').next().unwrap().parse::<usize>().unwrap() - head, found.message)
        })
        .collect()
}

const METHODS: &str = r#"service ShelfService {
  rpc A(M) returns (M) {
    option (lumen.cloud.common.v1.permissions) = "read:shelves";
    option (google.api.http) = {get: "/v1/a"};
  }
  rpc B(M) returns (M) {
    option (lumen.cloud.common.v1.permissions) = "read:shelves";
  }
  rpc C(M) returns (M) {
    option (google.api.http) = {get: "/v1/c"};
  }
  rpc D(M) returns (M) {
    option (lumen.cloud.common.v1.requires_authentication) = false;
    option (google.api.http) = {get: "/v1/d"};
  }
  rpc E(M) returns (M) {
    option (lumen.cloud.common.v1.requires_authentication) = false;
  }
  rpc F(M) returns (M) {
    option (lumen.cloud.common.v1.permissions) = "read:shelves";
    option (lumen.cloud.common.v1.account_id_expression) = "";
    option (google.api.http) = {get: "/v1/f"};
  }
  rpc G(M) returns (M) {
    option (lumen.cloud.common.v1.permissions) = "";
    option (lumen.cloud.common.v1.account_id_expression) = "";
    option (google.api.http) = {get: "/v1/g"};
  }
}
message M {
  string account_id = 1;
}
"#;

#[test]
fn methods_set_the_options_that_are_required() {
    let required = list(&["lumen.cloud.common.v1.permissions", "google.api.http"]);
    let found = lint(METHODS, "QDRANT_CLOUD_METHOD_OPTIONS", &[("required_method_options", required)]);
    let expected = [
        (6, "Method \"acme.shelf.v1.ShelfService.B\" does not define the \"google.api.http\" option"),
        (
            9,
            "Method \"acme.shelf.v1.ShelfService.C\" does not define the \"lumen.cloud.common.v1.permissions\" option",
        ),
        // A public method needs no permissions, but all other options.
        (16, "Method \"acme.shelf.v1.ShelfService.E\" does not define the \"google.api.http\" option"),
        (
            19,
            "Method \"acme.shelf.v1.ShelfService.F\" has permissions, but its account expression is empty; permissions are checked within an account",
        ),
    ];
    assert_eq!(found, expected.map(|(line, text)| (line, text.to_owned())));
}

#[test]
fn an_option_that_nobody_declares_is_missing_everywhere() {
    // These files do not declare the first default option.
    let found = lint(METHODS, "QDRANT_CLOUD_METHOD_OPTIONS", &[]);
    let undeclared = found.iter().filter(|(_, text)| text.contains("which no file declares")).count();
    assert_eq!(undeclared, 7, "{found:?}");
    // An option of messages is not an option of methods.
    let found = lint(
        METHODS,
        "QDRANT_CLOUD_METHOD_OPTIONS",
        &[("required_method_options", list(&["lumen.cloud.common.v1.api_version"]))],
    );
    assert_eq!(found.len(), 7);
}

const FIELDS: &str = r"service ShelfService {
  rpc ListShelves(ListShelvesRequest) returns (M);
  rpc GetShelf(GetShelfRequest) returns (M);
  rpc CreateBox(M) returns (M);
  rpc ListPolicies(M) returns (M);
  rpc MoveCrate(M) returns (M);
}
message M {}
message ListShelvesRequest { string account_id = 1; }
message GetShelfRequest { string shelf_id = 1; }
message CreateBoxRequest {}
message ListenRequest {}
message Outer {
  message DeleteShelfRequest {}
}
message Shelf {
  string id = 1;
  string name = 2;
  string updated_at = 3;
}
message Box {
  string id = 1;
  string name = 2;
  string account_id = 3;
  string created_at = 4;
}
message Policy {}
message Policies {}
message Crate {}
";

#[test]
fn entities_have_the_fields_that_are_required() {
    let found = lint(FIELDS, "QDRANT_CLOUD_REQUIRED_ENTITY_FIELDS", &[]);
    let expected = [
        (16, "message \"Shelf\" is missing required fields: account_id, created_at"),
        (19, "field \"updated_at\" is discouraged, use \"last_modified_at\" instead"),
        (27, "message \"Policy\" is missing required fields: id, name, account_id, created_at"),
    ];
    let expected = expected.map(|(line, text)| (line, text.to_owned()));
    assert_eq!(found, expected);
    let options = [("required_entity_fields", list(&["id"]))];
    let found = lint(FIELDS, "QDRANT_CLOUD_REQUIRED_ENTITY_FIELDS", &options);
    assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [19, 27]);
}

#[test]
fn requests_have_the_fields_that_are_required() {
    let found = lint(FIELDS, "QDRANT_CLOUD_REQUIRED_REQUEST_FIELDS", &[]);
    let expected = [
        (10, "message \"GetShelfRequest\" is missing required fields: account_id"),
        (14, "message \"DeleteShelfRequest\" is missing required fields: account_id"),
    ];
    assert_eq!(found, expected.map(|(line, text)| (line, text.to_owned())));
    let options = [("required_request_fields", list(&["shelf_id"]))];
    let found = lint(FIELDS, "QDRANT_CLOUD_REQUIRED_REQUEST_FIELDS", &options);
    assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [9, 14]);
}

#[test]
fn no_two_rules_report_the_same() {
    let required =
        || [("required_method_options", list(&["lumen.cloud.common.v1.permissions", "google.api.http"]))];
    let (folder, name) = source(METHODS);
    let files = files(&roots(folder.path().to_owned()), &[name]);
    let found = |rules: &[&str]| {
        let found = check(&request(files.clone(), Vec::new(), rules, &required())).unwrap();
        places(&files, &found)
    };
    let (own, access) = (found(&["QDRANT_CLOUD_METHOD_OPTIONS"]), found(&["RUST_SDK_ACCESS"]));
    let both = found(&["QDRANT_CLOUD_METHOD_OPTIONS", "RUST_SDK_ACCESS"]);
    // A method without permissions, and one with permissions but without an account.
    assert_eq!((own.len(), access.len(), both.len()), (4, 2, 4), "{own:?} {access:?}");
    assert!(access.iter().all(|place| both.contains(place)), "{both:?}");
}

#[test]
fn unread_options_are_reported_once() {
    let own = "extend google.protobuf.MethodOptions { repeated string scopes = 61001; }\n\
               service S { rpc A(M) returns (M) { option (scopes) = \"a\"; } rpc B(M) returns (M) { option (scopes) = \"b\"; } }\n\
               message M { string account_id = 1; }\n";
    let folder = TempDir::new().unwrap();
    let content = format!(
        "syntax = \"proto3\";\npackage acme.own.v1;\nimport \"google/protobuf/descriptor.proto\";\n{own}"
    );
    std::fs::write(folder.path().join("own.proto"), content).unwrap();
    let files = files(&roots(folder.path().to_owned()), &["own.proto"]);
    let lint = |rules: &[&str], options: &[(&str, Kind)]| {
        check(&request(files.clone(), Vec::new(), rules, options)).unwrap()
    };
    for rules in [&ALL[..], &["RUST_SDK_ACCESS"]] {
        let found = lint(rules, &[]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].message.contains("permissions_option=acme.own.v1.scopes"), "{found:?}");
    }
    assert_eq!(lint(&ALL, &[("access", Kind::Bool(false))]), []);
    assert_eq!(lint(&ALL, &[("permissions_option", text("acme.own.v1.scopes"))]), []);
    assert_eq!(lint(&ALL, &[("custom_option", text("acme.own.v1.scopes"))]), []);
}

#[test]
fn options_of_the_generator_reach_it() {
    let open =
        "service ShelfService {\n  rpc A(M) returns (M);\n}\nmessage M {\n  string account_id = 1;\n}\n";
    assert_eq!(lint(open, "RUST_SDK_ACCESS", &[]).len(), 1);
    assert_eq!(lint(open, "RUST_SDK_ACCESS", &[("unstated", text("deny"))]), []);
    assert_eq!(lint(open, "RUST_SDK_ACCESS", &[("access", Kind::Bool(false))]), []);
    let (folder, name) = source(open);
    let files = files(&roots(folder.path().to_owned()), &[name]);
    let problem = check(&request(files, Vec::new(), &ALL, &[("unstatd", text("deny"))])).unwrap_err();
    assert!(problem.contains("did you mean `unstated`?"), "{problem}");
}

#[test]
fn a_module_without_the_named_options_is_reported_at_its_services() {
    let two = "service A {}\nservice B {\n  rpc A(M) returns (M) {\n    option (google.api.http) = {get: \"v1\"};\n  }\n}\nmessage M {}\n";
    let options = [("permissions_option", text("acme.nothing")), ("account_option", text("acme.none"))];
    let found = lint(two, "RUST_SDK_ACCESS", &options);
    assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 2]);
    assert!(found[0].1.contains("`acme.nothing`") && found[0].1.contains("`acme.none`"), "{found:?}");
    // The rest is checked, and a module without services has no findings.
    assert_eq!(lint(two, "RUST_SDK_HTTP", &options).len(), 1);
    assert_eq!(lint("message M {}\n", "RUST_SDK_ACCESS", &options), []);
}

#[test]
fn findings_have_no_control_characters() {
    let hostile = "service A {\n  rpc A(M) returns (M) {\n    option (google.api.http) = {get: \"/v1/\\033[2J\\nb\"};\n  }\n}\nmessage M {}\n";
    let found = lint(hostile, "RUST_SDK_HTTP", &[]);
    assert!(!found.is_empty() && found.iter().all(|(_, text)| !text.contains(char::is_control)), "{found:?}");
}

#[test]
fn a_wrong_file_of_the_generators_options_fails_the_check() {
    let (folder, name) = source("service A {}\n");
    let path = folder.path().join("config.json");
    let files = files(&roots(folder.path().to_owned()), &[name]);
    let option = ("grpc_service_config", text(path.to_str().unwrap()));
    let checked = || check(&request(files.clone(), Vec::new(), &ALL, std::slice::from_ref(&option)));
    let problem = checked().unwrap_err();
    assert!(problem.contains("cannot be read"), "{problem}");
    std::fs::write(&path, "{\"methodConfig\": [{\"timeot\": \"1s\"}]}").unwrap();
    let problem = checked().unwrap_err();
    assert!(problem.contains("config.json:1:20") && problem.contains("did you mean `timeout`?"), "{problem}");
    std::fs::write(&path, "{\"methodConfig\": [{\"timeout\": \"1s\"}]}").unwrap();
    assert!(checked().is_ok());
}
