//! Every file of `testdata/invalid` causes exactly the diagnostics that it states.

mod common;

use std::collections::BTreeSet;

use rust_sdk_model::{Code, Diagnostics};

/// Needs a newer compiler; `tests/editions.rs` covers it.
const NOT_COMPILED: &str = "edition-unsupported.proto";

/// `line: severity[code]`, sorted.
fn expected(text: &str) -> Vec<String> {
    let mut lines: Vec<String> =
        text.lines().filter_map(|line| line.strip_prefix("// expect: ").map(str::to_owned)).collect();
    lines.sort();
    lines
}

fn found(problems: &Diagnostics, file: &str) -> Vec<String> {
    let mut lines: Vec<String> = problems
        .iter()
        .map(|problem| {
            let position = problem.position.as_ref().unwrap_or_else(|| panic!("no place: {problem}"));
            assert_eq!(position.file, file);
            assert!(position.column > 0, "{problem}");
            format!("{}: {}[{}]", position.line, common::severity(problem.severity), problem.code)
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn files_cause_what_they_expect() {
    let mut wrong = Vec::new();
    insta::glob!("../../../testdata/invalid", "*.proto", |path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        if name == NOT_COMPILED {
            return;
        }
        let text = std::fs::read_to_string(path).unwrap();
        let mut request = common::request(&["invalid", "proto"], &[name.to_owned()]);
        let options = text.lines().filter_map(|line| line.strip_prefix("// option: "));
        let parameter: Vec<&str> = options.chain(["lint=strict"]).collect();
        request.parameter = Some(parameter.join(","));
        let problems = common::problems(&request);
        insta::assert_snapshot!(problems.to_string());
        let expected = expected(&text);
        assert!(!expected.is_empty(), "{name} expects nothing");
        let found = found(&problems, name);
        if found != expected {
            wrong.push(format!("{name}\n  expected {expected:?}\n  found    {found:?}"));
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Codes that no single file can cause: they are about the request, its options or its parts.
const SHOWN_ELSEWHERE: [Code; 9] = [
    Code::Descriptor,
    Code::PluginOption,
    Code::OptionAmbiguous,
    Code::PartialPackage,
    Code::CrateName,
    Code::Generator,
    Code::ConfigFile,
    Code::ConfigUnknownMethod,
    Code::JsonNameConflict,
];

#[test]
fn every_code_has_its_file() {
    let folder = common::testdata().join("invalid");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .filter(|name| name != "many")
        .collect();
    let codes: BTreeSet<String> =
        Code::ALL.iter().filter(|code| !SHOWN_ELSEWHERE.contains(code)).map(Code::to_string).collect();
    assert_eq!(files, codes);
}
