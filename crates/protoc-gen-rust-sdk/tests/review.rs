//! The command `review`: every kind of input, every format, and the exit codes.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use protox::Compiler;
use serde_json::{Value, json};
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_protoc-gen-rust-sdk");

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(BINARY).args(arguments).stdin(Stdio::null()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A version of the API of these tests, in every form of input.
struct Version {
    folder: TempDir,
}

impl Version {
    /// With these replacements in one file, each of which must apply.
    fn new(edits: &[(&str, &str)]) -> Self {
        let this = Self { folder: TempDir::new().unwrap() };
        for (name, content) in [("acme/access.proto", ACCESS), ("acme/shelf.proto", SHELF)] {
            let mut content = content.to_owned();
            if name == "acme/shelf.proto" {
                for (from, to) in edits {
                    assert!(content.contains(from), "{from}");
                    content = content.replacen(from, to, 1);
                }
            }
            let path = this.protos().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        this
    }

    fn protos(&self) -> PathBuf {
        self.folder.path().join("proto")
    }

    fn set(&self, imports: bool) -> PathBuf {
        let mut compiler = Compiler::new([self.protos(), common::protos()]).unwrap();
        compiler.include_imports(imports).include_source_info(false).open_file("acme/shelf.proto").unwrap();
        let path = self.folder.path().join(format!("set-{imports}.binpb"));
        fs::write(&path, compiler.encode_file_descriptor_set()).unwrap();
        path
    }

    /// As generated, and with the required keys only.
    fn json(&self) -> [PathBuf; 2] {
        let out = self.folder.path().join("sdk");
        let arguments = ["generate", "--proto-root", text(&self.protos()), "--include"].map(str::to_owned);
        let rest =
            [text(&common::protos()), "--opt", "unstated=deny", "--out", text(&out)].map(str::to_owned);
        let all: Vec<String> = arguments.into_iter().chain(rest).collect();
        let (code, _, stderr) = run(&all.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(code, Some(0), "{stderr}");
        let full = out.join("access.json");
        let mut content: Value = serde_json::from_slice(&fs::read(&full).unwrap()).unwrap();
        let methods = content["methods"].take();
        let mut small = json!({ "methods": methods });
        for method in small["methods"].as_object_mut().unwrap().values_mut() {
            let method = method.as_object_mut().unwrap();
            method.retain(|key, _| {
                let contract = [
                    "state",
                    "permissions",
                    "require",
                    "scope",
                    "actors",
                    "bindings",
                    "api_version",
                    "deprecated",
                ];
                contract.contains(&key.as_str())
            });
            for binding in method["bindings"].as_array_mut().unwrap() {
                binding.as_object_mut().unwrap().remove("response_body");
            }
        }
        let path = self.folder.path().join("contract.json");
        fs::write(&path, small.to_string()).unwrap();
        [full, path]
    }
}

const ACCESS: &str = r#"
syntax = "proto3";
package acme;
import "google/protobuf/descriptor.proto";
enum Actor { ACTOR_UNSPECIFIED = 0; ACTOR_USER = 1; ACTOR_KEY = 2; }
extend google.protobuf.MethodOptions {
  repeated string permissions = 50001;
  string account_id_expression = 50002;
  bool requires_authentication = 50003;
  repeated Actor supported_actor_types = 50004;
  bool requires_all_permissions = 50005;
}
"#;

const SHELF: &str = r#"
syntax = "proto3";
package acme;
import "acme/access.proto";
import "google/api/annotations.proto";
service ShelfService {
  rpc GetShelf(Request) returns (Response) {
    option (permissions) = "read:shelves";
    option (google.api.http) = {get: "/v1/accounts/{account_id}/shelves/{id}"};
  }
  rpc UpdateShelf(Request) returns (Response) {
    option (permissions) = "write:shelves";
    option (google.api.http) = {put: "/v1/accounts/{account_id}/shelves/{id}" body: "*"};
  }
  rpc DeleteShelf(Request) returns (Response) {
    option (permissions) = "write:shelves";
    option (permissions) = "delete:shelves";
    option (google.api.http) = {delete: "/v1/accounts/{account_id}/shelves/{id}"};
  }
  rpc Status(Request) returns (Response) {
    option (requires_authentication) = false;
    option (account_id_expression) = "";
    option (google.api.http) = {get: "/v1/status"};
  }
  // more
}
message Request { string account_id = 1; string id = 2; string other_id = 3; }
message Response { Request shelf = 1; }
"#;

const NO_OP: &[(&str, &str)] = &[(
    r#"option (permissions) = "read:shelves";"#,
    r#"option (permissions) = "read:shelves"; option (requires_all_permissions) = false; option (account_id_expression) = "account_id";"#,
)];

const CHANGES: &[(&str, &str)] = &[
    (r#"option (permissions) = "read:shelves";"#, "option (requires_authentication) = false;"),
    (
        r#"option (permissions) = "write:shelves";
    option (google.api.http) = {put: "#,
        r#"option (permissions) = "edit:shelves"; option (supported_actor_types) = ACTOR_USER;
    option (google.api.http) = {patch: "#,
    ),
    (
        r#"option (permissions) = "delete:shelves";"#,
        r#"option (permissions) = "delete:shelves"; option (requires_all_permissions) = false;"#,
    ),
    (
        "// more",
        r#"rpc Suggest(Request) returns (Response) {
    option (permissions) = "";
    option (google.api.http) = {get: "/v1/accounts/{account_id}/shelves/suggest"};
  }"#,
    ),
];

fn review<'a>(old: &'a Path, new: &'a Path, more: &[&'a str]) -> (Option<i32>, String, String) {
    let protos = common::protos();
    let arguments = ["review", text(old), text(new), "--include", text(&protos)];
    run(&[&arguments[..], more].concat())
}

#[test]
fn every_kind_of_input_gives_the_same_report() {
    let (old, new) = (Version::new(&[]), Version::new(CHANGES));
    let inputs = |version: &Version| {
        let [full, contract] = version.json();
        [version.protos(), version.set(true), full, contract]
    };
    let (code, stdout, stderr) = review(&old.protos(), &new.protos(), &["--format", "json"]);
    assert_eq!(code, Some(1), "{stderr}");
    let report: Value = serde_json::from_str(&stdout).unwrap();
    let found: Vec<(&str, &str)> = report["access"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| (change["method"].as_str().unwrap(), change["verdict"].as_str().unwrap()))
        .collect();
    assert_eq!(
        found,
        [
            ("acme.ShelfService/GetShelf", "widened"),
            ("acme.ShelfService/UpdateShelf", "incomparable"),
            ("acme.ShelfService/DeleteShelf", "widened"),
            ("acme.ShelfService/Suggest", "added"),
        ]
    );
    assert!(report["routes"].to_string().contains("taken-over"));
    // An access.json has no messages, which the report states.
    let without_sdk = |mut report: Value| {
        let (sdk, notes) = (report["sdk"].take(), report["notes"].take());
        assert_eq!(sdk.is_null(), notes.to_string().contains("The SDK was not compared"), "{notes}");
        report
    };
    let expected = without_sdk(report);
    for old in inputs(&old) {
        for new in inputs(&new) {
            let (code, found, stderr) = review(&old, &new, &["--format", "json"]);
            assert_eq!(code, Some(1), "{stderr}");
            let found: Value = serde_json::from_str(&found).unwrap();
            let has_messages = |path: &Path| path.extension().is_none_or(|extension| extension != "json");
            assert_eq!(!found["sdk"].is_null(), has_messages(&old) && has_messages(&new), "{old:?} {new:?}");
            assert_eq!(without_sdk(found), expected, "{old:?} {new:?}");
        }
    }
}

#[test]
fn equivalent_rules_are_not_reported() {
    let (old, new) = (Version::new(&[]), Version::new(NO_OP));
    let (code, stdout, _) = review(&old.protos(), &new.protos(), &["--fail-on", "all"]);
    assert_eq!((code, stdout.as_str()), (Some(0), "no change in access, routes, calls or the SDK\n"));
}

#[test]
fn formats_and_thresholds() {
    let (old, new) = (Version::new(&[]), Version::new(CHANGES));
    let (old, new) = (old.set(true), new.set(true));
    let codes = |names: &str| review(&old, &new, &["--fail-on", names]).0;
    for (names, expected) in [
        ("public", 1),
        ("widened,removed", 1),
        ("narrowed", 0),
        ("removed", 0),
        ("routes", 1),
        ("taken-over", 1),
        ("calls,problems", 0),
        ("none", 0),
        ("all", 1),
        ("breaking", 1),
        ("everything", 2),
        ("", 2),
    ] {
        assert_eq!(codes(names), Some(expected), "{names}");
    }
    let (_, stdout, stderr) = review(&old, &new, &[]);
    assert!(stdout.starts_with("1 opened to the public"), "{stdout}");
    assert_eq!(stderr, "");
    let (_, stdout, _) = review(&old, &new, &["--format", "markdown"]);
    assert!(stdout.contains("- **widened to the public**: `acme.ShelfService/GetShelf`\n"), "{stdout}");
    let (code, _, stderr) = review(&old, &new, &["--confirm", "acme.ShelfService/GetShelf"]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("nothing to confirm"), "{stderr}");
}

#[test]
fn the_end_of_a_migration_is_confirmed() {
    let any = r#"option (permissions) = "write:shelves"; option (permissions) = "edit:shelves"; option (requires_all_permissions) = false;
    option (google.api.http) = {put: "#;
    let from = r#"option (permissions) = "write:shelves";
    option (google.api.http) = {put: "#;
    let to = r#"option (permissions) = "edit:shelves";
    option (google.api.http) = {put: "#;
    let (before, between, after) =
        (Version::new(&[]), Version::new(&[(from, any)]), Version::new(&[(from, to)]));
    let (before, between, after) = (before.protos(), between.protos(), after.protos());
    let (code, stdout, _) = review(&before, &between, &["--fail-on", "breaking"]);
    assert_eq!(code, Some(0));
    assert!(stdout.contains("start of a migration"), "{stdout}");
    assert_eq!(review(&before, &between, &[]).0, Some(1));
    let (code, stdout, _) = review(&between, &after, &[]);
    assert_eq!(code, Some(1));
    assert!(stdout.contains("unconfirmed: end of a migration"), "{stdout}");
    let (code, stdout, stderr) = review(&between, &after, &["--confirm", "acme.ShelfService/UpdateShelf"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""), "{stdout}");
    let (code, stdout, _) = review(&before, &after, &["--confirm", "acme.ShelfService/UpdateShelf"]);
    assert_eq!(code, Some(1));
    assert!(
        stdout.contains("1. release a version that accepts any of `edit:shelves`, `write:shelves`"),
        "{stdout}"
    );
}

#[test]
fn rejected_versions_are_reviewed() {
    let good = Version::new(&[]);
    let unstated = Version::new(&[(r#"option (permissions) = "read:shelves";"#, "")]);
    let (code, stdout, _) = review(&good.protos(), &unstated.protos(), &[]);
    assert_eq!(code, Some(1));
    assert!(stdout.contains("`read:shelves` → nobody (not stated)"), "{stdout}");
    // What the generator rejects, with the same text.
    assert!(stdout.contains("error[access-unstated]: ShelfService.GetShelf"), "{stdout}");
    assert_eq!(review(&good.protos(), &unstated.protos(), &["--fail-on", "problems"]).0, Some(1));
    assert_eq!(review(&unstated.protos(), &good.protos(), &["--fail-on", "problems"]).0, Some(0));
    let (code, stdout, _) = review(&unstated.protos(), &good.protos(), &["--fail-on", "widened"]);
    assert_eq!(code, Some(1));
    assert!(stdout.contains("nobody (not stated) → `read:shelves`"), "{stdout}");

    let wrong = Version::new(&[
        (
            r#"option (permissions) = "read:shelves";"#,
            r#"option (permissions) = "read:shelves"; option (supported_actor_types) = ACTOR_UNSPECIFIED;"#,
        ),
        ("{put: \"/v1/accounts/{account_id}", "{put: \"/v1/accounts/{acount_id}"),
        (
            r#"option (permissions) = "delete:shelves";"#,
            r#"option (permissions) = "delete:shelves"; option (account_id_expression) = "account";"#,
        ),
    ]);
    let strict = ["--opt", "lint=strict", "--fail-on", "problems"];
    let (code, stdout, stderr) = review(&good.protos(), &wrong.protos(), &strict);
    assert_eq!(code, Some(1), "{stderr}");
    for part in [
        // An empty list would allow every kind of caller.
        "kinds of callers: every kind of caller → `ACTOR_UNSPECIFIED`",
        "the one in `account`, which the request lacks: nobody is let in",
        "the same paths with other variable names: was `/v1/accounts/{account_id}/shelves/{id}`",
        "the generator rejects the new version",
        "error[http-unknown-field]",
    ] {
        assert!(stdout.contains(part), "{part} in\n{stdout}");
    }
    assert_eq!(review(&wrong.protos(), &wrong.protos(), &[]).0, Some(0));

    // A route that can match the path of a gRPC method.
    let grpc = Version::new(&[(r#"{get: "/v1/status"}"#, r#"{get: "/{id}/{other_id=**}"}"#)]);
    let (code, stdout, stderr) = review(&good.protos(), &grpc.protos(), &strict);
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stdout.contains("`GET /v1/status`") && stdout.contains("error[http-grpc-path]"), "{stdout}");
    let back = review(&grpc.protos(), &good.protos(), &["--fail-on", "problems"]);
    assert_eq!(back.0, Some(0), "the base of a change cannot be mended in it: {back:?}");
}

#[test]
fn unreadable_input_never_reports_no_change() {
    let good = Version::new(&[]);
    let folder = TempDir::new().unwrap();
    let file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    };
    let [full, _] = good.json();
    let full = fs::read_to_string(full).unwrap();
    let broken = Version::new(&[("message Request", "mesage Request")]);
    let cases = [
        (folder.path().join("not-there"), "not-there"),
        (file("empty.binpb", ""), "has no file"),
        (file("text.binpb", "this is no set"), "is not a descriptor set"),
        (good.set(false), "which the set lacks"),
        (broken.protos(), "acme/shelf.proto:"),
        (file("list.json", "{}"), "has no `methods`"),
        (file("cut.json", &full[..full.len() / 2]), "not an access.json"),
        (file("image.json", r#"{"file": []}"#), "a buf image must be binary"),
        (file("future.json", &full.replacen("\"format\": 1", "\"format\": 2", 1)), "unknown format 2"),
        (file("twice.json", &full.replace("/UpdateShelf\":", "/GetShelf\":")), "occurs twice"),
        (
            file("state.json", &full.replacen("\"state\": \"public\"", "\"state\": \"open\"", 1)),
            "is none of `public`",
        ),
        (file("actors.json", &full.replacen("\"actors\"", "\"actor\"", 1)), "has no `actors`"),
        (file("scope.json", &full.replacen("\"scope\": \"account_id\"", "\"scope\": \"\"", 1)), "is empty"),
        (
            file("require.json", &full.replacen("\"require\": \"all\"", "\"require\": true", 1)),
            "is not a text",
        ),
        (file("none.json", &full.replacen("[\"read:shelves\"]", "[]", 1)), "is empty, but the state"),
        (
            file("some.json", &full.replacen("\"permissions\": []", "\"permissions\": [\"a\"]", 1)),
            "lists permissions",
        ),
    ];
    for (path, part) in cases {
        let protos = good.protos();
        for (old, new, which) in [(&path, &protos, "old"), (&protos, &path, "new"), (&path, &path, "old")] {
            let (code, stdout, stderr) = review(old, new, &["--fail-on", "none"]);
            assert_eq!((code, stdout.as_str()), (Some(2), ""), "{path:?}");
            assert!(stderr.contains(part), "{part} in\n{stderr}");
            assert!(stderr.contains(&format!("the {which} version, {}", path.display())), "{stderr}");
        }
    }
    for wrong in [&["review"][..], &["review", "a"], &["review", "a", "b", "--format", "xml"]] {
        assert_eq!(run(wrong).0, Some(2), "{wrong:?}");
    }
    for (option, part) in [("acess=on", "unknown option"), ("permissions_option=acme.x", "acme.x")] {
        let (code, stdout, stderr) = review(&good.protos(), &good.protos(), &["--opt", option]);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{option}");
        assert!(stderr.contains(part), "{stderr}");
    }
}

#[test]
fn the_demo_api_against_itself() {
    let all = common::protos();
    let options = ["--opt", "package=lumen", "--fail-on", "all"];
    let arguments = ["review", text(&all), text(&all)];
    let (code, stdout, stderr) = run(&[&arguments[..], &options].concat());
    assert_eq!(
        (code, stdout.as_str()),
        (Some(0), "no change in access, routes, calls or the SDK\n"),
        "{stderr}"
    );
}
