//! The documents of small APIs, as their readers see them.

use std::path::Path;

use prost::Message as _;
use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver};
use rust_sdk_codegen::{Files, generate};
use rust_sdk_model::Api;
use rust_sdk_model::plugin::CodeGeneratorRequest;

const HTTP: &str = r#"
syntax = "proto3";
package google.api;
import "google/protobuf/descriptor.proto";
extend google.protobuf.MethodOptions { HttpRule http = 72295728; }
message HttpRule {
  string selector = 1;
  oneof pattern { string get = 2; string put = 3; string post = 4; string delete = 5; string patch = 6; CustomHttpPattern custom = 8; }
  string body = 7;
  string response_body = 12;
  repeated HttpRule additional_bindings = 11;
}
message CustomHttpPattern { string kind = 1; string path = 2; }
"#;

const OPTIONS: &str = r#"
syntax = "proto3";
package acme.common.v1;
import "google/protobuf/descriptor.proto";
enum ActorType { ACTOR_TYPE_UNSPECIFIED = 0; ACTOR_TYPE_USER = 1; ACTOR_TYPE_KEY = 2; }
message Version { uint32 major = 1; uint32 minor = 2; uint32 patch = 3; }
extend google.protobuf.MethodOptions {
  repeated string permissions = 50001;
  string account_id_expression = 50002;
  bool requires_authentication = 50003;
  repeated ActorType supported_actor_types = 50004;
  bool requires_all_permissions = 50005;
}
extend google.protobuf.ServiceOptions { Version api_version = 50008; }
"#;

const SHELF: &str = r#"
syntax = "proto3";
package acme.shelf.v1;
import "acme/common/v1/options.proto";
import "google/api/http.proto";

// Keeps shelves.
// They hold `a|b` or a|b.
//
// A second paragraph.
service ShelfService {
  option (acme.common.v1.api_version) = { major: 1, minor: 2 };

  // Gets a shelf
  // Required permissions:
  // - read:shelves
  rpc GetShelf(GetShelfRequest) returns (GetShelfResponse) {
    option (acme.common.v1.permissions) = "read:shelves";
    option (acme.common.v1.supported_actor_types) = ACTOR_TYPE_USER;
    option (acme.common.v1.supported_actor_types) = ACTOR_TYPE_KEY;
    option (google.api.http) = {
      get: "/v1/accounts/{account_id}/{name=shelves/*}:read"
      response_body: "shelf"
      additional_bindings: { get: "/v1/{name=shelves/*}" }
    };
  }
  // Lists shelves, e.g. Those of an account. Also others.
  rpc ListShelves(ListShelvesRequest) returns (ListShelvesResponse) {
    option (acme.common.v1.permissions) = "write:shelves";
    option (acme.common.v1.permissions) = "read:shelves";
    option (acme.common.v1.requires_all_permissions) = false;
    option (google.api.http) = { get: "/v1/accounts/{account_id}/shelves" };
  }
  rpc MoveShelf(MoveShelfRequest) returns (MoveShelfResponse) {
    option deprecated = true;
    option (acme.common.v1.permissions) = "write:shelves";
    option (acme.common.v1.permissions) = "delete:shelves";
    option (acme.common.v1.account_id_expression) = "shelf.account_id";
    option (google.api.http) = { post: "/v1/shelves/{number}:move", body: "shelf" };
  }
  // Says who calls.
  rpc WhoAmI(WhoAmIRequest) returns (WhoAmIResponse) {
    option (acme.common.v1.permissions) = "";
    option (acme.common.v1.account_id_expression) = "";
    option (acme.common.v1.supported_actor_types) = ACTOR_TYPE_USER;
    option (google.api.http) = { custom: { kind: "HEAD", path: "/v1/me" } };
  }
  rpc Ping(PingRequest) returns (PingResponse) {
    option (acme.common.v1.requires_authentication) = false;
    option (google.api.http) = { get: "/v1/ping" };
  }
}

// Use ShelfService.
service OldService {
  option deprecated = true;
  rpc Watch(PingRequest) returns (stream PingResponse) {
    option (acme.common.v1.requires_authentication) = false;
  }
}

message Shelf { string account_id = 1; string name = 2; }
message ListShelvesRequest { string account_id = 1; int32 page_size = 2; string page_token = 3; }
message ListShelvesResponse { repeated Shelf shelves = 1; string next_page_token = 2; }
message GetShelfRequest { string account_id = 1; string name = 2; bool read_all = 3; }
message GetShelfResponse { Shelf shelf = 1; }
message MoveShelfRequest { int32 number = 1; Shelf shelf = 2; string to_place = 3; }
message MoveShelfResponse {}
message WhoAmIRequest { string locale = 1; }
message WhoAmIResponse { string name = 1; }
message PingRequest {}
message PingResponse {}
"#;

/// No annotations, no package below another, and a request of another crate.
const PLAIN: &str = r#"
syntax = "proto3";
package plain;
import "google/protobuf/empty.proto";
service Pinger { rpc Ping(google.protobuf.Empty) returns (Pong); }
message Pong { string text = 1; }
"#;

/// One method states who may call it, the other does not.
const HALF: &str = r#"
syntax = "proto3";
package half.v1;
import "acme/common/v1/options.proto";
service HalfService {
  rpc Said(Note) returns (Note) { option (acme.common.v1.permissions) = "odd|one`"; }
  rpc Unsaid(Note) returns (Note);
}
message Note { string account_id = 1; }
"#;

struct Inline;

impl FileResolver for Inline {
    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        let source = match name {
            "google/api/http.proto" => HTTP,
            "acme/common/v1/options.proto" => OPTIONS,
            "acme/shelf/v1/shelf.proto" => SHELF,
            "plain.proto" => PLAIN,
            "half.proto" => HALF,
            _ => return Err(protox::Error::file_not_found(name)),
        };
        File::from_source(name, source)
    }
}

/// A `FileDescriptorSet` whose files stay bytes, so that extensions survive.
#[derive(Clone, PartialEq, prost::Message)]
struct RawSet {
    #[prost(bytes = "bytes", repeated, tag = "1")]
    file: Vec<prost::bytes::Bytes>,
}

fn documents(file: &str, options: &str) -> Files {
    let mut resolver = ChainFileResolver::new();
    resolver.add(Inline);
    resolver.add(GoogleFileResolver::new());
    let mut compiler = protox::Compiler::with_file_resolver(resolver);
    compiler.include_imports(true).include_source_info(true);
    compiler.open_file(file).unwrap();
    let set = RawSet::decode(compiler.encode_file_descriptor_set().as_slice()).unwrap();
    let request = CodeGeneratorRequest {
        file_to_generate: compiler
            .files()
            .map(|file| file.name().to_owned())
            .filter(|name| name == file || name.starts_with("acme/"))
            .collect(),
        parameter: Some(options.to_owned()),
        proto_file: set.file,
    };
    let api = Api::from_request(&request).unwrap_or_else(|problems| panic!("{problems}"));
    let mut files = generate(&api).unwrap_or_else(|problems| panic!("{problems}"));
    let is_code = |path: &str| Path::new(path).extension().is_some_and(|extension| extension == "rs");
    files.retain(|path, _| !path.starts_with("src/") && !is_code(path));
    files
}

fn shelf() -> Files {
    documents("acme/shelf/v1/shelf.proto", "crate_name=acme,server=on")
}

fn names(files: &Files) -> Vec<&str> {
    files.keys().map(String::as_str).collect()
}

/// The blocks of Rust of a README.
fn rust_blocks(readme: &str) -> Vec<&str> {
    let starts = readme.split("```rust,no_run\n").skip(1);
    starts.map(|rest| rest.split("```").next().unwrap_or_default()).collect()
}

#[test]
fn every_document_reads_well() {
    let files = shelf();
    assert_eq!(
        names(&files),
        [
            ".gitattributes",
            "Cargo.toml",
            "PERMISSIONS.md",
            "README.md",
            "ROUTES.md",
            "SERVICES.md",
            "access.json"
        ]
    );
    for (name, text) in &files {
        insta::assert_snapshot!(name.as_str(), text);
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{name} ends with one line break");
    }
}

#[test]
fn an_api_without_annotations_has_fewer() {
    let files = documents("plain.proto", "rest=off");
    assert_eq!(names(&files), [".gitattributes", "Cargo.toml", "README.md", "SERVICES.md", "access.json"]);
    insta::assert_snapshot!("plain-README.md", files["README.md"]);
    insta::assert_snapshot!("plain-Cargo.toml", files["Cargo.toml"]);
    assert!(files["access.json"].contains(r#""states_access": false"#));
}

#[test]
fn options_choose_the_documents() {
    let written = |options| {
        let files = documents("acme/shelf/v1/shelf.proto", options);
        names(&files).join(" ")
    };
    assert_eq!(written("docs=off"), ".gitattributes Cargo.toml access.json");
    assert_eq!(written("docs=off,access=off"), ".gitattributes Cargo.toml");
    assert_eq!(written("access=off"), ".gitattributes Cargo.toml README.md ROUTES.md SERVICES.md");
    assert_eq!(written("layout=modules"), "PERMISSIONS.md ROUTES.md SERVICES.md access.json");
}

#[test]
fn access_json_is_json() {
    let value: serde_json::Value = serde_json::from_str(&shelf()["access.json"]).unwrap();
    let move_shelf = &value["methods"]["acme.shelf.v1.ShelfService/MoveShelf"];
    assert_eq!(move_shelf["permissions"], serde_json::json!(["delete:shelves", "write:shelves"]));
    assert_eq!(move_shelf["bindings"][0]["query_params"], serde_json::json!(["toPlace"]));
    assert_eq!(value["permissions"]["read:shelves"].as_array().map(Vec::len), Some(2));
}

#[test]
fn the_readme_holds_rust_and_no_paths() {
    let readme = &documents("acme/shelf/v1/shelf.proto", "runtime=path:/home/somebody/runtime")["README.md"];
    assert!(!readme.contains("somebody"), "{readme}");
    assert_eq!(rust_blocks(readme).len(), 3);
    for readme in [readme, &documents("plain.proto", "")["README.md"]] {
        for block in rust_blocks(readme) {
            syn::parse_file(block).unwrap_or_else(|error| panic!("{error} in\n{block}"));
        }
    }
}

#[test]
fn the_order_of_permissions_is_no_change() {
    let files = shelf();
    assert!(files["PERMISSIONS.md"].contains("any of `read:shelves`, `write:shelves`"));
    assert!(files["access.json"].contains(r#""permissions": ["read:shelves", "write:shelves"]"#));
}

#[test]
fn methods_without_a_statement_stand_out() {
    let files = documents("half.proto", "unstated=deny");
    let permissions = &files["PERMISSIONS.md"];
    let (top, tables) = permissions.split_once("## Methods by service").unwrap();
    assert!(top.contains("| unstated: nobody | 1 |"), "{top}");
    assert!(top.contains("so nobody may call them.\n\n- `half.v1.HalfService/Unsaid`\n"), "{top}");
    assert!(top.contains("without credentials.\n\nNone.\n"), "{top}");
    assert!(tables.contains("| `Unsaid` | nobody (unstated) | — | `account_id` |"), "{tables}");
    assert!(tables.contains("| `Said` | `` odd\\|one` `` | every kind | `account_id` |"), "{tables}");
    assert!(files["access.json"].contains(r#""state": "unstated""#));
    assert!(!files.contains_key("ROUTES.md"));
}
