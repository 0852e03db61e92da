//! Runs the real buf, if it is installed (`BUF`, the folder `target/peers`, or the `PATH`): planted faults are found at
//! their file and line.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use buf_plugin_rust_sdk::{Format, respond};
use serde_json::{Value, json};
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_buf-plugin-rust-sdk");

fn buf() -> Option<PathBuf> {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/peers/node_modules/.bin/buf");
    let stated = std::env::var_os("BUF").map(PathBuf::from);
    let found = stated.into_iter().chain([installed, PathBuf::from("buf")]).find(|path| {
        Command::new(path).arg("--version").output().is_ok_and(|output| output.status.success())
    });
    if found.is_none() {
        eprintln!("skipped: buf is not there");
    }
    found
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

/// A workspace of the test APIs, with our plugin as the only one. Their imports are a second module, since nothing can be
/// fetched.
struct Workspace {
    folder: TempDir,
    buf: PathBuf,
}

impl Workspace {
    fn new(lint: &str, breaking: &str, options: &str) -> Option<Self> {
        let workspace = Self { folder: TempDir::new().unwrap(), buf: buf()? };
        let protos = common::testdata().join("proto");
        copy(&protos.join("lumen"), &workspace.path("proto/lumen"));
        for folder in ["google", "buf", "protoc-gen-openapiv2"] {
            copy(&protos.join(folder), &workspace.path("third").join(folder));
        }
        fs::create_dir(workspace.path("invalid")).unwrap();
        fs::write(workspace.path("invalid/none.proto"), "syntax = \"proto3\";\npackage none;\n").unwrap();
        let config = format!(
            "version: v2\nmodules:\n  - path: proto\n  - path: third\n  - path: invalid\n\
             lint:\n  use: [{lint}]\n  ignore: [third]\nbreaking:\n  use: [{breaking}]\n  ignore: [third]\n\
             plugins:\n  - plugin: {BINARY}\n{options}"
        );
        fs::write(workspace.path("buf.yaml"), config).unwrap();
        Some(workspace)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Replaces a text that occurs once. Returns its line.
    fn plant(&self, file: &str, from: &str, to: &str) -> usize {
        let path = self.path(file);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.matches(from).count(), 1, "{from} in {file}");
        fs::write(&path, text.replace(from, to)).unwrap();
        text[..text.find(from).unwrap()].lines().count().max(1)
    }

    /// `file:line: rule`, of each finding, and their messages.
    fn run(&self, arguments: &[&str]) -> (BTreeSet<String>, String) {
        let mut command = Command::new(&self.buf);
        command.args(arguments).args(["--error-format", "json"]).current_dir(self.folder.path());
        // The test must not depend on other caches.
        let output = command.env("BUF_CACHE_DIR", self.path("cache")).output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let code = output.status.code();
        assert_eq!(output.stderr, b"", "{}\n{stdout}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(code, Some(if stdout.is_empty() { 0 } else { 100 }), "{stdout}");
        let places = stdout.lines().map(|line| {
            let found: Value = serde_json::from_str(line).unwrap();
            let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
            format!("{}:{}: {}", text("path"), found["start_line"], text("type"))
        });
        (places.collect(), stdout)
    }
}

fn set(places: &[String]) -> BTreeSet<String> {
    places.iter().cloned().collect()
}

const GREENHOUSE: &str = "proto/lumen/cloud/greenhouse/v1/greenhouse.proto";

#[test]
fn lint_finds_planted_faults() {
    let options = "    options:\n      required_method_options: [lumen.cloud.common.v1.permissions, google.api.http]\n      required_entity_fields: [id]\n";
    let Some(workspace) = Workspace::new("RUST_SDK_STRICT, QDRANT_CLOUD", "FILE", options) else { return };
    // Findings of the test API itself, by the rules of another API, and its warnings.
    let (before, _) = workspace.run(&["lint"]);
    let known = ["QDRANT_CLOUD_REQUIRED", "RUST_SDK_WARNINGS"];
    assert!(before.iter().all(|found| known.iter().any(|known| found.contains(known))), "{before:?}");

    let mut planted = Vec::new();
    let mut plant = |from: &str, to: &str, rules: &[&str]| {
        let line = workspace.plant(GREENHOUSE, from, to);
        planted.extend(rules.iter().map(|rule| format!("{GREENHOUSE}:{line}: {rule}")));
    };
    plant(
        "get: \"/api/greenhouse/v1/accounts/{account_id}/greenhouses\"",
        "get: \"/api/greenhouse/v1/accounts/{acount_id}/greenhouses\"",
        &["RUST_SDK_HTTP"],
    );
    plant(
        "rpc DeleteGreenhouse(DeleteGreenhouseRequest) returns (DeleteGreenhouseResponse) {\n    option (common.v1.permissions) = \"delete:greenhouses\";\n",
        "rpc DeleteGreenhouse(DeleteGreenhouseRequest) returns (DeleteGreenhouseResponse) {\n\n",
        &["RUST_SDK_ACCESS"],
    );
    let (found, text) = workspace.run(&["lint"]);
    assert_eq!(&found - &before, set(&planted), "{text}");
    assert_eq!(&before - &found, BTreeSet::new());
}

/// Everything that the generator rejects, at the positions of buf's own compiler.
#[test]
fn lint_finds_what_the_generator_rejects() {
    let options = "    options:\n      access: off\n";
    let Some(workspace) = Workspace::new("RUST_SDK_STRICT", "FILE", options) else { return };
    let mut expected = Vec::new();
    for entry in fs::read_dir(common::testdata().join("invalid")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if !name.starts_with("http-") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        fs::write(workspace.path("invalid").join(name), &text).unwrap();
        expected.extend(text.lines().filter_map(|line| line.strip_prefix("// expect: ")).map(|expected| {
            let (line, problem) = expected.split_once(": ").unwrap();
            let rule = if problem.starts_with("warning") { "RUST_SDK_WARNINGS" } else { "RUST_SDK_HTTP" };
            format!("invalid/{name}:{line}: {rule}")
        }));
    }
    assert!(expected.len() > 50);
    let (found, text) = workspace.run(&["lint"]);
    assert_eq!(&set(&expected) - &found, BTreeSet::new(), "{text}");
    // Two of the files have overlapping routes.
    for more in (&found - &set(&expected)).iter().filter(|more| more.starts_with("invalid/")) {
        let reason = text.lines().find(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            more.starts_with(&format!("{}:{}:", line["path"].as_str().unwrap(), line["start_line"]))
                && line["message"].as_str().unwrap().contains("-route]")
        });
        assert!(reason.is_some(), "{more}\n{text}");
    }
}

#[test]
fn comments_turn_a_finding_off() {
    let Some(workspace) = Workspace::new("RUST_SDK", "FILE", "") else { return };
    let from = "get: \"/api/greenhouse/v1/accounts/{account_id}/greenhouses\"";
    let line = workspace.plant(GREENHOUSE, from, &from.replace("/{account_id}/", "/{acount_id}/"));
    assert_eq!(workspace.run(&["lint"]).0, set(&[format!("{GREENHOUSE}:{line}: RUST_SDK_HTTP")]));
    workspace.plant(
        GREENHOUSE,
        "  // Lists the greenhouses of an account, page by page.\n",
        "  // buf:lint:ignore RUST_SDK_HTTP\n  // Lists the greenhouses of an account, page by page.\n",
    );
    assert_eq!(workspace.run(&["lint"]).0, BTreeSet::new());
}

#[test]
fn a_wrong_option_fails_with_a_hint() {
    let options = "    options:\n      permission_option: a.b\n";
    let Some(workspace) = Workspace::new("RUST_SDK", "FILE", options) else { return };
    let output =
        Command::new(&workspace.buf).arg("lint").current_dir(workspace.folder.path()).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(stderr.contains("did you mean `permissions_option`?"), "{stderr}");
}

#[test]
fn breaking_finds_planted_faults() {
    let Some(workspace) =
        Workspace::new("RUST_SDK", "RUST_SDK_STRICT, QDRANT_CLOUD_PERMISSIONS_BREAKING", "")
    else {
        return;
    };
    let old = TempDir::new().unwrap();
    copy(workspace.folder.path(), old.path());
    let arguments = ["breaking", "--against", old.path().to_str().unwrap()];
    assert_eq!(workspace.run(&arguments).0, BTreeSet::new());

    let mut planted = Vec::new();
    let mut plant = |rpc: &str, from: &str, to: &str, rules: &[&str]| {
        let text = fs::read_to_string(workspace.path(GREENHOUSE)).unwrap();
        let at = text.find(&format!("  rpc {rpc}(")).unwrap();
        let end = at + text[at..].find("\n  }\n").unwrap();
        let method = &text[at..end];
        assert_eq!(method.matches(from).count(), 1, "{from} in {method}");
        let changed = format!("{}{}{}", &text[..at], method.replace(from, to), &text[end..]);
        fs::write(workspace.path(GREENHOUSE), changed).unwrap();
        let line = text[..at].lines().count() + 1;
        planted.extend(rules.iter().map(|rule| format!("{GREENHOUSE}:{line}: {rule}")));
    };
    // The other rule of the same category does not report these again.
    let (locked_out, let_in) = ("RUST_SDK_ACCESS_BREAKING", "RUST_SDK_ACCESS_WIDENED");
    plant("ListGreenhouses", "\"read:greenhouses\"", "\"list:greenhouses\"", &[locked_out, let_in]);
    plant(
        "GetGreenhouse",
        "get: \"/api/greenhouse/v1/",
        "get: \"/api/greenhouse/v2/",
        &["RUST_SDK_ROUTES_BREAKING"],
    );
    plant("CreateGreenhouse", "\"write:greenhouses\"", "\"\"", &[let_in]);
    plant(
        "UpdateGreenhouse",
        "option (common.v1.permissions) = \"write:greenhouses\";",
        "option (common.v1.permissions) = \"write:greenhouses\"; option (common.v1.supported_actor_types) = ACTOR_TYPE_USER;",
        &[locked_out],
    );
    // The same callers by another rule.
    plant(
        "DeleteGreenhouse",
        "option (common.v1.permissions) = \"delete:greenhouses\";",
        "option (common.v1.permissions) = \"delete:greenhouses\"; option (common.v1.requires_all_permissions) = true;",
        &[],
    );
    let (found, text) = workspace.run(&arguments);
    assert_eq!(found, set(&planted), "{text}");
}

/// buf's JSON is read, including what a newer compiler writes and the options' extensions.
#[test]
fn json_of_the_real_buf_is_read() {
    let Some(workspace) = Workspace::new("RUST_SDK, QDRANT_CLOUD_REQUIRED_ENTITY_FIELDS", "FILE", "") else {
        return;
    };
    let text = "get: \"/api/greenhouse/v1/accounts/{account_id}/greenhouses\"";
    workspace.plant(GREENHOUSE, text, &text.replace("/{account_id}/", "/{acount_id}/"));
    workspace.plant(GREENHOUSE, "(common.v1.permissions) = \"delete:greenhouses\"", "deprecated = true");
    let image = workspace.path("image.json");
    let mut build = Command::new(&workspace.buf);
    build.args(["build", "-o"]).arg(&image).current_dir(workspace.folder.path());
    assert!(build.status().unwrap().success());
    let mut image: Value = serde_json::from_str(&fs::read_to_string(image).unwrap()).unwrap();
    let files = image["file"].as_array_mut().unwrap().iter_mut().map(|file| {
        file.as_object_mut().unwrap().remove("bufExtension");
        let name = file["name"].as_str().unwrap();
        json!({"isImport": !name.starts_with("lumen/"), "fileDescriptorProto": file})
    });
    let request = json!({"value": {
        "@type": common::CHECK,
        "fileDescriptors": files.collect::<Vec<_>>(),
        "ruleIds": ["RUST_SDK_HTTP", "RUST_SDK_ACCESS", "QDRANT_CLOUD_REQUIRED_ENTITY_FIELDS"],
    }});
    let response = respond("check", Format::Json, request.to_string().as_bytes()).unwrap();
    let response: Value = serde_json::from_slice(&response).unwrap();
    let annotations = response["value"]["annotations"].as_array().unwrap_or_else(|| panic!("{response}"));
    let in_json: BTreeSet<&str> = annotations.iter().filter_map(|found| found["message"].as_str()).collect();
    let (_, found) = workspace.run(&["lint"]);
    let found: Vec<Value> = found.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let found: BTreeSet<&str> = found.iter().filter_map(|found| found["message"].as_str()).collect();
    assert!(found.iter().any(|text| text.contains("acount_id")) && found.len() > 5);
    assert_eq!(in_json, found);
}
