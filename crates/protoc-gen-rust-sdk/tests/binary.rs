//! The real binary: the plugin protocol, the command line and their exit codes.

mod common;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use prost::Message as _;
use rust_sdk_model::options::{KEYS, OptionKey};
use rust_sdk_model::plugin::{CodeGeneratorRequest, CodeGeneratorResponse, EDITIONS};
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_protoc-gen-rust-sdk");

fn plugin(input: &[u8]) -> Output {
    let mut child = Command::new(BINARY)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn respond(request: &CodeGeneratorRequest) -> CodeGeneratorResponse {
    let output = plugin(&request.encode_to_vec());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    CodeGeneratorResponse::decode(output.stdout.as_slice()).unwrap()
}

fn cli(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(BINARY).args(arguments).stdin(Stdio::null()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn an_unreadable_request_fails_without_a_response() {
    let output = plugin(b"this is no request");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("not a CodeGeneratorRequest"), "{output:?}");
}

#[test]
fn every_other_problem_is_in_the_response() {
    let empty = respond(&CodeGeneratorRequest::default());
    assert!(empty.error.unwrap().contains("error[descriptor]"));

    let options = respond(&common::request(&["small.proto"], "crat_name=a,docs=maybe,server"));
    let error = options.error.unwrap();
    for part in [
        "unknown option `crat_name`",
        "did you mean `crate_name",
        "`docs` has the invalid value",
        "`server` has no value",
    ] {
        assert!(error.contains(part), "{part} in\n{error}");
    }
    assert!(options.file.is_empty());
}

#[test]
fn a_response_has_sorted_files_and_states_what_is_supported() {
    let response = respond(&common::request(&["small.proto"], ""));
    assert_eq!(response.error, None);
    assert_eq!(response.supported_features, Some(3));
    assert_eq!(
        (response.minimum_edition, response.maximum_edition),
        (Some(*EDITIONS.start()), Some(*EDITIONS.end()))
    );
    let names: Vec<&str> = response.file.iter().filter_map(|file| file.name.as_deref()).collect();
    assert!(names.len() > 1 && names.is_sorted(), "{names:?}");
}

/// Names the first difference only: whole responses would hide it.
fn assert_same(left: &CodeGeneratorResponse, right: &CodeGeneratorResponse) {
    assert_eq!(left.error, right.error);
    let names = |response: &CodeGeneratorResponse| {
        response.file.iter().map(|file| file.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(left), names(right));
    for (left, right) in left.file.iter().zip(&right.file) {
        let differs = left.content().lines().zip(right.content().lines()).find(|(left, right)| left != right);
        assert_eq!(differs, None, "in {}", left.name());
    }
    assert!(left == right);
}

#[test]
fn the_order_of_a_request_does_not_matter() {
    let names = common::files_below("lumen");
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut request = common::request(&names, "crate_name=lumen-cloud,server=on,reflection=on");
    let expected = respond(&request);
    assert_eq!(expected.error, None);
    request.proto_file.reverse();
    request.file_to_generate.rotate_left(3);
    assert_same(&respond(&request), &expected);
    let (even, odd): (Vec<_>, Vec<_>) =
        request.proto_file.iter().cloned().enumerate().partition(|(index, _)| index % 2 == 0);
    request.proto_file = odd.into_iter().chain(even).map(|(_, file)| file).collect();
    assert_same(&respond(&request), &expected);
}

#[test]
fn the_embedded_descriptors_have_all_types_and_no_comments() {
    let response = respond(&common::request(&["small.proto"], "reflection=on"));
    let file = response.file.iter().find(|file| file.name() == "src/descriptor_set.rs").unwrap();
    let set = file.content().replace("\\\n", "");
    assert!(set.contains("SEASON_UNSPECIFIED") && set.contains("ShopService"));
    assert!(!set.contains("Sells things"));
}

#[test]
fn help_lists_every_option() {
    for arguments in [&["--help"][..], &["generate", "--help"]] {
        let (code, help, _) = cli(arguments);
        assert_eq!(code, Some(0));
        for OptionKey { name: key, values, .. } in KEYS {
            assert!(help.contains(&format!("{key}={values}")), "{key}");
        }
    }
    assert_eq!(
        cli(&["--version"]),
        (Some(0), format!("protoc-gen-rust-sdk {}\n", env!("CARGO_PKG_VERSION")), String::new())
    );
}

#[test]
fn wrong_usage_is_exit_code_2() {
    for arguments in [&["frobnicate"][..], &["generate"], &["generate", "--out", "x"], &["--nonsense"]] {
        let (code, stdout, stderr) = cli(arguments);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(stderr.contains("Usage"), "{stderr}");
    }
}

#[test]
fn generate_writes_checks_and_reports_problems() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("sdk");
    let (root, include) = (common::own_protos(), common::protos());
    let [root, include, out] = [root.as_path(), &include, &out].map(|path: &Path| path.to_str().unwrap());
    let generate =
        ["generate", "--proto-root", root, "--include", include, "--opt", "crate_name=small", "--out", out];
    let check = [&generate[..], &["--check"]].concat();

    let (code, _, stderr) = cli(&check);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("missing: src/lib.rs") && !Path::new(out).exists(), "{stderr}");

    let (code, stdout, stderr) = cli(&generate);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("0 changed, 0 deleted"), "{stdout}");
    assert!(Path::new(out).join("src/lib.rs").exists());
    assert_eq!(cli(&check).0, Some(0));

    std::fs::write(Path::new(out).join("src/lib.rs"), "// mine\n").unwrap();
    let (code, _, stderr) = cli(&check);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("-// mine"), "{stderr}");
    assert!(stderr.trim_end().ends_with(&format!("--opt crate_name=small --out {out}")), "{stderr}");

    let (code, stdout, stderr) = cli(&[&generate[..], &["--opt", "layout=tree"]].concat());
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert!(stderr.contains("error[plugin-option]"), "{stderr}");
}
