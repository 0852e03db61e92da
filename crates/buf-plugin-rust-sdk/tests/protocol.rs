//! The real binary: pluginrpc v1 in both encodings.

mod common;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use buf_plugin_rust_sdk::messages::{
    CheckResponse, Code, GetPluginInfoResponse, ListCategoriesResponse, ListRequest, ListRulesResponse,
    Response, Spec,
};
use prost::Message as _;
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_buf-plugin-rust-sdk");

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(BINARY)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read its input may have ended.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn stdout(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let output = run(arguments, input);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
    output.stdout
}

fn binary(procedure: &str, request: &[u8]) -> Response {
    Response::decode(stdout(&[procedure], request).as_slice()).unwrap()
}

fn in_json(procedure: &str, request: &Value) -> Value {
    serde_json::from_slice(&stdout(&["--format", "json", procedure], request.to_string().as_bytes())).unwrap()
}

/// The value of a response without an error.
fn value<M: prost::Message + Default>(response: Response, name: &str) -> M {
    assert_eq!(response.error, None);
    let value = response.value.unwrap();
    assert_eq!(value.type_url, format!("type.googleapis.com/{name}"));
    M::decode(value.value.as_slice()).unwrap()
}

#[test]
fn protocol_and_procedures() {
    assert_eq!(stdout(&["--protocol"], b""), b"1\n");
    let spec = Spec::decode(stdout(&["--spec"], b"").as_slice()).unwrap();
    let json: Value = serde_json::from_slice(&stdout(&["--spec", "--format=json"], b"")).unwrap();
    let procedures: Vec<Value> = spec
        .procedures
        .iter()
        .map(|procedure| json!({"path": procedure.path, "args": procedure.args}))
        .collect();
    assert_eq!(json, json!({"procedures": procedures}));
    let paths: Vec<&str> = spec.procedures.iter().map(|procedure| procedure.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "/buf.plugin.check.v1.CheckService/Check",
            "/buf.plugin.check.v1.CheckService/ListRules",
            "/buf.plugin.check.v1.CheckService/ListCategories",
            "/buf.plugin.info.v1.PluginInfoService/GetPluginInfo",
        ]
    );
    // By argument or by path, with an empty stdin.
    for procedure in &spec.procedures[1..] {
        let by_path = binary(&procedure.path, b"");
        assert_eq!((by_path.error.clone(), by_path.clone()), (None, binary(&procedure.args[0], b"")));
    }
}

#[test]
fn rules_and_categories_are_the_same_in_both_encodings() {
    let rules: ListRulesResponse = value(binary("list-rules", b""), "buf.plugin.check.v1.ListRulesResponse");
    let response = in_json("list-rules", &json!({}));
    assert_eq!(response["value"]["@type"], "type.googleapis.com/buf.plugin.check.v1.ListRulesResponse");
    let listed = response["value"]["rules"].as_array().unwrap();
    assert_eq!(listed.len(), rules.rules.len());
    for (rule, json) in rules.rules.iter().zip(listed) {
        assert_eq!(json["id"], rule.id.as_str());
        assert_eq!(json["category_ids"], json!(rule.category_ids));
        assert_eq!(
            json["type"],
            ["", "RULE_TYPE_LINT", "RULE_TYPE_BREAKING"][usize::try_from(rule.r#type).unwrap()]
        );
    }
    let categories: ListCategoriesResponse =
        value(binary("list-categories", b""), "buf.plugin.check.v1.ListCategoriesResponse");
    let known: BTreeSet<&str> = categories.categories.iter().map(|category| category.id.as_str()).collect();
    let used: BTreeSet<&str> =
        rules.rules.iter().flat_map(|rule| &rule.category_ids).map(String::as_str).collect();
    assert_eq!(known, used);
    let info: GetPluginInfoResponse = value(binary("info", b""), "buf.plugin.info.v1.GetPluginInfoResponse");
    assert!(!info.plugin_info.unwrap().documentation.is_empty());
}

#[test]
fn every_rule_is_in_the_guide() {
    let guide = std::fs::read_to_string(common::testdata().join("../docs/src/buf.md")).unwrap();
    let rules: ListRulesResponse = value(binary("list-rules", b""), "buf.plugin.check.v1.ListRulesResponse");
    for rule in rules.rules {
        let kind = if rule.r#type == 1 { "lint" } else { "breaking" };
        let row = format!("| `{}` | {kind} |", rule.id);
        assert!(guide.contains(&row), "{row}");
        assert!(!rule.default || rule.category_ids.iter().any(|id| id == "RUST_SDK"), "{}", rule.id);
    }
}

#[test]
fn lists_come_in_pages() {
    let all: ListRulesResponse = value(binary("list-rules", b""), "buf.plugin.check.v1.ListRulesResponse");
    let mut found = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListRequest { page_size: 2, page_token }.encode_to_vec();
        let request = common::envelope("type.googleapis.com/buf.plugin.check.v1.ListRulesRequest", request);
        let page: ListRulesResponse =
            value(binary("list-rules", &request), "buf.plugin.check.v1.ListRulesResponse");
        assert!((1..=2).contains(&page.rules.len()));
        found.extend(page.rules);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(found, all.rules);
    for wrong in [json!({"pageToken": "NO_RULE"}), json!({"page_size": 1001})] {
        let mut request = wrong.clone();
        request["@type"] = json!("type.googleapis.com/buf.plugin.check.v1.ListRulesRequest");
        let response = in_json("list-rules", &json!({"value": request}));
        assert_eq!(response["error"]["code"], "CODE_INVALID_ARGUMENT", "{wrong}");
    }
}

/// The same request in JSON, where options have the names of their extensions.
fn check_in_json(name: &str) -> Value {
    let mut compiler =
        protox::Compiler::new([common::testdata().join("invalid"), common::testdata().join("proto")])
            .unwrap();
    compiler.include_imports(true).include_source_info(true).open_file(name).unwrap();
    let pool = compiler.descriptor_pool();
    let set = pool.get_message_by_name("google.protobuf.FileDescriptorSet").unwrap();
    let set =
        prost_reflect::DynamicMessage::decode(set, compiler.encode_file_descriptor_set().as_slice()).unwrap();
    let set = serde_json::to_value(&set).unwrap();
    let files: Vec<Value> = set["file"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| json!({"fileDescriptorProto": file, "isImport": file["name"] != name}))
        .collect();
    json!({"value": {
        "@type": common::CHECK,
        "file_descriptors": files,
        "options": [{"key": "required_method_options", "value": {"listValue": {"values": [
            {"stringValue": "lumen.cloud.common.v1.permissions"},
        ]}}}],
        "ruleIds": ["RUST_SDK_ACCESS", "RUST_SDK_HTTP", "RUST_SDK_NAMES", "QDRANT_CLOUD_METHOD_OPTIONS"],
    }})
}

#[test]
fn a_check_finds_the_same_in_both_encodings() {
    let roots = [common::testdata().join("invalid"), common::testdata().join("proto")];
    let request = common::request(
        common::files(&roots, &["many.proto"]),
        Vec::new(),
        &["RUST_SDK_ACCESS", "RUST_SDK_HTTP", "RUST_SDK_NAMES", "QDRANT_CLOUD_METHOD_OPTIONS"],
        &[("required_method_options", common::list(&["lumen.cloud.common.v1.permissions"]))],
    );
    let request = common::envelope(common::CHECK, request.encode_to_vec());
    let found: CheckResponse = value(binary("check", &request), "buf.plugin.check.v1.CheckResponse");
    let request = check_in_json("many.proto");
    assert!(request.to_string().contains("[lumen.cloud.common.v1.permissions]"));
    let response = in_json("check", &request);
    let annotations: Vec<Value> = found
        .annotations
        .iter()
        .map(|annotation| {
            let location = annotation.file_location.as_ref().unwrap();
            json!({
                "rule_id": annotation.rule_id,
                "message": annotation.message,
                "file_location": {"file_name": location.file_name, "source_path": location.source_path},
            })
        })
        .collect();
    assert!(annotations.len() > 8, "{annotations:?}");
    assert_eq!(response["value"]["annotations"], json!(annotations), "{response}");
}

#[test]
fn the_response_reports_invalid_requests() {
    let wrong_type =
        common::envelope("type.googleapis.com/buf.plugin.check.v1.ListRulesRequest", vec![10, 0]);
    let no_files = common::envelope(common::CHECK, Vec::new());
    for (request, text) in [
        (&b"this is no request"[..], "cannot be read"),
        (&wrong_type, "is a `buf.plugin.check.v1.ListRulesRequest`"),
        (&no_files, "no file to check"),
    ] {
        let response = binary("check", request);
        let error = response.error.unwrap();
        assert_eq!((error.code, response.value), (Code::InvalidArgument.into(), None));
        assert!(error.message.contains(text), "{}", error.message);
    }
    for (text, found) in [
        ("{", "cannot be read"),
        (
            r#"{"value": {"@type": "type.googleapis.com/buf.plugin.check.v1.CheckRequest", "nonsense": 1}}"#,
            "nonsense",
        ),
        (
            r#"{"value": {"@type": "type.googleapis.com/buf.plugin.check.v1.CheckRequest", "fileDescriptors": [{}]}}"#,
            "fileDescriptorProto",
        ),
    ] {
        let response = stdout(&["check", "--format", "json"], text.as_bytes());
        let response: Value = serde_json::from_slice(&response).unwrap();
        assert_eq!(response["error"]["code"], "CODE_INVALID_ARGUMENT");
        assert!(response["error"]["message"].as_str().unwrap().contains(found), "{response}");
    }
}

#[test]
fn wrong_usage_fails() {
    for (arguments, code) in [
        (&["--frobnicate"][..], 2),
        (&["--format", "yaml", "check"], 2),
        (&["--protocol", "--spec"], 2),
        (&["frobnicate"], 1),
        (&[], 1),
    ] {
        let output = run(arguments, b"");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(code), 0), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
}
