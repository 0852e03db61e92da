//! Access options under names that are not configured: no command treats them as "nothing stated".

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use prost::Message as _;
use serde_json::Value;
use tempfile::TempDir;

#[derive(Clone, PartialEq, prost::Message)]
struct Set {
    #[prost(bytes = "vec", repeated, tag = "1")]
    file: Vec<Vec<u8>>,
}

/// The name of an encoded `FileDescriptorProto`.
#[derive(Clone, PartialEq, prost::Message)]
struct Named {
    #[prost(string, tag = "1")]
    name: String,
}

const BINARY: &str = env!("CARGO_BIN_EXE_protoc-gen-rust-sdk");

const AUTH: &str = r#"syntax = "proto3";
package acme.auth.v1;
import "google/protobuf/descriptor.proto";
extend google.protobuf.MethodOptions {
  repeated string scopes = 50001;
  bool open = 50002;
  string tenant = 50003;
}
"#;

const SHOP: &str = r#"syntax = "proto3";
package acme.shop.v1;
import "acme/auth.proto";
service Catalog {
  rpc ListItems(Request) returns (Response) {
    option (acme.auth.v1.scopes) = "catalog.read";
    option (acme.auth.v1.tenant) = "tenant_id";
  }
  rpc AddItem(Request) returns (Response) {
    option (acme.auth.v1.scopes) = "catalog.write";
    option (acme.auth.v1.tenant) = "tenant_id";
  }
  // more
}
message Request { string tenant_id = 1; }
message Response {}
"#;

/// An API without custom options.
const PLAIN: &str = r#"syntax = "proto3";
package acme.shop.v1;
service Catalog {
  rpc ListItems(Request) returns (Response);
  rpc AddItem(Request) returns (Response);
  // more
}
message Request { string tenant_id = 1; }
message Response {}
"#;

const OPENED: &[(&str, &str)] =
    &[("option (acme.auth.v1.scopes) = \"catalog.write\";", "option (acme.auth.v1.open) = true;")];
const NAMES: [&str; 3] = [
    "permissions_option=acme.auth.v1.scopes",
    "mode_option=acme.auth.v1.open:true=public",
    "account_option=acme.auth.v1.tenant",
];

fn api(text: &str, edits: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut text = text.to_owned();
    for (from, to) in edits {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    fs::create_dir(folder.path().join("acme")).unwrap();
    if text.contains("acme/auth.proto") {
        fs::write(folder.path().join("acme/auth.proto"), AUTH).unwrap();
    }
    fs::write(folder.path().join("acme/shop.proto"), text).unwrap();
    folder
}

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(BINARY).args(arguments).stdin(Stdio::null()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn review(old: &Path, new: &Path, more: &[&str]) -> (Option<i32>, String, String) {
    let arguments = ["review", old.to_str().unwrap(), new.to_str().unwrap()];
    run(&[&arguments[..], more].concat())
}

/// Each setting after its flag.
fn options<'a>(flag: &'a str, settings: &[&'a str]) -> Vec<&'a str> {
    settings.iter().flat_map(|setting| [flag, *setting]).collect()
}

fn generate(api: &Path, settings: &[&str]) -> (TempDir, String) {
    let out = TempDir::new().unwrap();
    let arguments =
        ["generate", "--proto-root", api.to_str().unwrap(), "--out", out.path().to_str().unwrap()];
    let (code, _, stderr) = run(&[&arguments[..], &options("--opt", settings)].concat());
    assert_eq!(code, Some(0), "{stderr}");
    (out, stderr)
}

#[test]
fn a_review_of_unread_access_never_reports_no_change() {
    let (old, new) = (api(SHOP, &[]), api(SHOP, OPENED));
    for new in [&new, &old] {
        for format in ["text", "markdown", "json"] {
            let more = ["--format", format, "--fail-on", "none"];
            let (code, stdout, stderr) = review(old.path(), new.path(), &more);
            assert_eq!(code, Some(2), "{stdout}");
            assert!(!stdout.to_lowercase().contains("no change"), "{stdout}");
            for part in [NAMES[0], NAMES[2]] {
                assert!(stdout.contains(part) && stderr.contains(part), "{part} in\n{stdout}\n{stderr}");
            }
        }
    }
    let (_, stdout, _) = review(old.path(), new.path(), &["--format", "json"]);
    let report: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(report["access_compared"], "unread");
    assert_eq!(report["access_unread"]["old"].as_array().unwrap().len(), 2);
    assert_eq!(report["access_unread"]["new"][0]["setting"], NAMES[1]);
    // With the names, the change is reviewed.
    let (code, stdout, _) = review(old.path(), new.path(), &options("--opt", &NAMES));
    assert_eq!(code, Some(1));
    assert!(stdout.starts_with("1 opened to the public"), "{stdout}");
}

#[test]
fn an_access_json_without_the_names_says_so() {
    let (old, new) = (api(SHOP, &[]), api(SHOP, OPENED));
    let [(old, warned), (new, _)] = [old, new].map(|api| generate(api.path(), &[]));
    assert!(warned.contains("warning[access-unread]") && warned.contains(NAMES[0]), "{warned}");
    let json = |folder: &TempDir| folder.path().join("access.json");
    let (code, stdout, stderr) = review(&json(&old), &json(&new), &[]);
    assert_eq!(code, Some(2), "{stdout}");
    assert!(stderr.contains(NAMES[0]), "{stderr}");
}

#[test]
fn the_plugin_warns_like_generate() {
    let api = api(SHOP, &[]);
    let mut compiler = protox::Compiler::new([api.path()]).unwrap();
    compiler.include_imports(true).include_source_info(true).open_file("acme/shop.proto").unwrap();
    let set = Set::decode(compiler.encode_file_descriptor_set().as_slice()).unwrap();
    let request = rust_sdk_model::plugin::CodeGeneratorRequest {
        file_to_generate: vec!["acme/shop.proto".to_owned()],
        parameter: None,
        proto_file: set.file.into_iter().map(Into::into).collect(),
    };
    let outcome = protoc_gen_rust_sdk::respond(request.encode_to_vec()).unwrap();
    let warnings = outcome.warnings.to_string();
    assert!(warnings.contains("warning[access-unread]") && warnings.contains(NAMES[2]), "{warnings}");
}

#[test]
fn an_api_that_states_no_access_is_quiet() {
    let (old, new) = (api(PLAIN, &[]), api(PLAIN, &[]));
    let (code, stdout, stderr) = review(old.path(), new.path(), &["--fail-on", "all"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert!(!stdout.contains("no change in access"), "{stdout}");
    assert_eq!(generate(old.path(), &[]).1, "");
    // If the user says that nothing states access, the rest is reviewed.
    let (old, new) = (api(SHOP, &[]), api(SHOP, OPENED));
    let (code, stdout, stderr) = review(old.path(), new.path(), &["--opt", "access=off"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert!(!stdout.contains("no change in access") && stdout.contains("`access=off`"), "{stdout}");
    assert_eq!(generate(old.path(), &["access=off"]).1, "");
    let gone = api(SHOP, &[("rpc ListItems", "rpc ListEverything")]);
    assert_eq!(review(old.path(), gone.path(), &["--opt", "access=off"]).0, Some(1));
    // The same for each option.
    let declared = ["custom_option=acme.auth.v1.scopes", "custom_option=acme.auth.v1.tenant"];
    assert_eq!(review(old.path(), old.path(), &options("--opt", &declared)).0, Some(0));
}

/// A pull request that adds the options, a first version, and a version that has only some of them.
#[test]
fn the_old_version_may_lack_the_options() {
    let (plain, shop, open) = (api(PLAIN, &[]), api(SHOP, &[]), api(SHOP, OPENED));
    let names = options("--opt", &NAMES);
    // It states access for the first time: that needs a look, and is a finding if a method is public.
    let (code, stdout, stderr) = review(plain.path(), shop.path(), &names);
    assert_eq!((code, stderr.as_str()), (Some(0), ""), "{stdout}");
    assert!(stdout.contains("2 with access for the first time"), "{stdout}");
    assert!(
        stdout.contains("lacks an option that a setting names") && stdout.contains("acme.auth.v1.scopes"),
        "{stdout}"
    );
    assert_eq!(
        review(plain.path(), shop.path(), &[&names[..], &["--fail-on", "stated"]].concat()).0,
        Some(1)
    );
    let (code, stdout, _) = review(plain.path(), open.path(), &names);
    assert_eq!(code, Some(1));
    assert!(stdout.contains("open to the public\n  `acme.shop.v1.Catalog/AddItem`"), "{stdout}");
    // The names of each version.
    let (code, _, stderr) = review(plain.path(), shop.path(), &options("--new-opt", &NAMES));
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let (code, _, stderr) = review(shop.path(), open.path(), &options("--new-opt", &NAMES));
    assert_eq!(code, Some(2));
    assert!(stderr.contains("`acme.auth.v1.scopes`: --old-opt '"), "{stderr}");
    let both = [options("--old-opt", &NAMES), options("--new-opt", &NAMES)].concat();
    assert_eq!(review(shop.path(), open.path(), &both).0, Some(1));
    // No files at all.
    let empty = TempDir::new().unwrap();
    let (code, stdout, _) = review(empty.path(), shop.path(), &names);
    assert_eq!(code, Some(0));
    assert!(stdout.contains("The old version has no files") && stdout.contains("2 added"), "{stdout}");
    assert_eq!(review(empty.path(), open.path(), &names).0, Some(1));
    assert_eq!(review(empty.path(), shop.path(), &[]).0, Some(2));
    // In the other direction, neither files nor options may be missing.
    let (code, _, stderr) = review(shop.path(), empty.path(), &names);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("no .proto file"), "{stderr}");
    let (code, _, stderr) = review(shop.path(), plain.path(), &names);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("is not an extension"), "{stderr}");
    let (code, stdout, _) = review(shop.path(), plain.path(), &options("--old-opt", &NAMES));
    assert_eq!(code, Some(1));
    assert!(stdout.contains("2 narrowed"), "{stdout}");
}

/// Options that are read do not hide unread ones.
#[test]
fn an_option_that_looks_like_access_and_changes_is_a_finding() {
    let names = options("--opt", &[NAMES[0], NAMES[2]]);
    let (old, open) = (
        api(SHOP, &[]),
        api(SHOP, &[("\"catalog.write\";", "\"catalog.write\"; option (acme.auth.v1.open) = true;")]),
    );
    let (code, stdout, _) = review(old.path(), open.path(), &names);
    assert_eq!(code, Some(1), "{stdout}");
    assert!(stdout.contains("`acme.auth.v1.open`: not set → `true`"), "{stdout}");
    let only = |class: &str| review(old.path(), open.path(), &[&names[..], &["--fail-on", class]].concat()).0;
    assert_eq!(
        [only("unread"), only("security"), only("options"), only("breaking")],
        [Some(1), Some(1), Some(0), Some(0)]
    );
    // Without a change it is not a finding, but the generator warns.
    assert_eq!(review(open.path(), open.path(), &[&names[..], &["--fail-on", "all"]].concat()).0, Some(0));
    let (out, warned) = generate(open.path(), &[NAMES[0], NAMES[2]]);
    assert!(warned.contains(NAMES[1]) && warned.contains("custom_option=acme.auth.v1.open"), "{warned}");
    // access.json has it, too.
    let (code, stdout, _) = review(old.path(), &out.path().join("access.json"), &names);
    assert_eq!(code, Some(1), "{stdout}");
    assert!(stdout.contains("`acme.auth.v1.open`: not set → `true`"), "{stdout}");
    // A new method that sets it.
    let method = "rpc Peek(Request) returns (Response) { option (acme.auth.v1.scopes) = \"catalog.read\"; option (acme.auth.v1.open) = true; }";
    let added = api(SHOP, &[("// more", method)]);
    assert_eq!(review(old.path(), added.path(), &[&names[..], &["--fail-on", "unread"]].concat()).0, Some(1));
}

/// Everything that the generator rejects is a problem, and a problem is never "no change".
#[test]
fn problems_are_what_the_generator_rejects() {
    let names = options("--opt", &NAMES);
    let unstated = ("// more", "rpc Pause(Request) returns (Response);");
    let collision =
        ("// more", "rpc listItems(Request) returns (Response) { option (acme.auth.v1.open) = true; }");
    let old = api(SHOP, &[]);
    for edit in [unstated, collision, ("\"tenant_id\"", "\"tenant\"")] {
        let new = api(SHOP, &[edit]);
        let out = TempDir::new().unwrap();
        let arguments =
            ["generate", "--proto-root", new.path().to_str().unwrap(), "--out", out.path().to_str().unwrap()];
        let (code, _, rejected) = run(&[&arguments[..], &names].concat());
        assert_eq!(code, Some(1), "{edit:?}");
        let fail = ["--fail-on", "problems"];
        for old in [old.path(), new.path()] {
            let (code, stdout, _) = review(old, new.path(), &[&names[..], &fail].concat());
            assert_eq!(code, Some(1), "{edit:?}\n{stdout}");
            assert!(!stdout.contains("no change"), "{stdout}");
            for line in rejected.lines().filter(|line| line.contains("error[")) {
                assert!(stdout.contains(line), "{line} in\n{stdout}");
            }
            let (_, markdown, _) = review(old, new.path(), &[&names[..], &["--format", "markdown"]].concat());
            assert!(markdown.lines().nth(3).unwrap().contains("in the new version"), "{markdown}");
            let before = markdown.split("<details>").next().unwrap();
            assert!(before.contains("error["), "{markdown}");
        }
        assert_eq!(review(new.path(), old.path(), &[&names[..], &fail].concat()).0, Some(0));
    }
    // A part of a package, as buf sends it without `strategy: all`.
    let parts = api(SHOP, &[]);
    fs::write(parts.path().join("acme/more.proto"), "syntax = \"proto3\";\npackage acme.shop.v1;\nimport \"acme/shop.proto\";\nmessage More { Request request = 1; }\n").unwrap();
    let set = part_of(parts.path(), "acme/more.proto");
    let (code, stdout, stderr) = review(&set, &set, &["--opt", "access=off", "--fail-on", "problems"]);
    assert_eq!(code, Some(1), "{stdout}{stderr}");
    assert!(stdout.contains("error[partial-package]"), "{stdout}");
}

/// A buf image that generates this file only.
fn part_of(root: &Path, file: &str) -> PathBuf {
    let mut compiler = protox::Compiler::new([root]).unwrap();
    compiler.include_imports(true).open_file(file).unwrap();
    let mut set = Set::decode(compiler.encode_file_descriptor_set().as_slice()).unwrap();
    for bytes in &mut set.file {
        let is_import = Named::decode(bytes.as_slice()).unwrap().name != file;
        prost::encoding::bytes::encode(8042, &vec![8, u8::from(is_import)], bytes);
    }
    let path = root.join("image.binpb");
    fs::write(&path, set.encode_to_vec()).unwrap();
    path
}

/// Options are set once, in a file.
#[test]
fn every_command_reads_options_from_a_file() {
    let (old, new) = (api(SHOP, &[]), api(SHOP, OPENED));
    let file = old.path().join("sdk.options");
    fs::write(&file, format!("# Access\n{}\n\n", NAMES.join("\n"))).unwrap();
    let setting = format!("options_file={}", file.display());
    let (code, stdout, stderr) = review(old.path(), new.path(), &["--opt", &setting]);
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stdout.starts_with("1 opened to the public"), "{stdout}");
    let (out, warned) = generate(old.path(), &[&setting]);
    assert!(out.path().join("PERMISSIONS.md").exists() && !warned.contains("access-unread"), "{warned}");
    let request = common::request(&["small.proto"], &setting);
    let outcome = protoc_gen_rust_sdk::respond(request.encode_to_vec()).unwrap();
    let response = format!("{:?}", outcome.response);
    assert!(response.contains("`acme.auth.v1.scopes` is not an extension"), "{response}");
    fs::write(&file, "permission_option=acme.auth.v1.scopes\n").unwrap();
    let (code, _, stderr) = review(old.path(), new.path(), &["--opt", &setting]);
    assert_eq!(code, Some(2));
    let place = format!("{}:1:1: error[plugin-option]: unknown option `permission_option`", file.display());
    assert!(stderr.contains(&place), "{stderr}");
}
