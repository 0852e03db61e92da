//! Files in the tests' own text → models.

use std::path::Path;

use prost::Message as _;
use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver, IncludeFileResolver};
use rust_sdk_model::plugin::CodeGeneratorRequest;
use rust_sdk_model::{Api, Options};

pub(crate) const API: &str = r#"syntax = "proto3";
package acme.shop.v1;
import "google/api/annotations.proto";
import "google/api/field_behavior.proto";
import "buf/validate/validate.proto";
service Shop {
  rpc GetItem(GetItemRequest) returns (Item) { option (google.api.http) = {get: "/v1/shops/{shop_id}/items/{item_id}"}; }
  rpc ListItems(ListItemsRequest) returns (ListItemsResponse) { option (google.api.http) = {get: "/v1/items"}; }
  rpc AddItem(AddItemRequest) returns (Item) { option (google.api.http) = {post: "/v1/items" body: "item"}; }
  rpc Watch(GetItemRequest) returns (Item);
  // methods
}
message GetItemRequest {
  string shop_id = 1;
  string item_id = 2;
  // get
}
message ListItemsRequest { int32 page_size = 1; string page_token = 2; }
message ListItemsResponse { repeated Item items = 1; string next_page_token = 2; }
message AddItemRequest {
  Item item = 1;
  string reason = 2;
  // add
}
message Item {
  string id = 1;
  string title = 2;
  int32 count = 3;
  optional string note = 4;
  repeated string tags = 5;
  Kind kind = 6;
  oneof price { int64 cents = 7; string free_text = 8; }
  Size size = 9;
  // item
}
message Size { double width = 1; double height = 2; }
enum Kind { KIND_UNSPECIFIED = 0; KIND_NEW = 1; KIND_USED = 2; }
// types
"#;

/// The file of a test, under its name.
struct Source(String, String);

impl FileResolver for Source {
    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        if name == self.0 {
            File::from_source(name, &self.1)
        } else {
            Err(protox::Error::file_not_found(name))
        }
    }
}

#[derive(Clone, PartialEq, prost::Message)]
struct Set {
    #[prost(bytes = "bytes", repeated, tag = "1")]
    file: Vec<prost::bytes::Bytes>,
}

/// The model of these files.
pub(crate) fn model(files: &[(&str, String)], options: &str) -> Api {
    let mut resolver = ChainFileResolver::new();
    for (name, text) in files {
        resolver.add(Source((*name).to_owned(), text.clone()));
    }
    resolver
        .add(IncludeFileResolver::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/proto")));
    resolver.add(GoogleFileResolver::new());
    let mut compiler = protox::Compiler::with_file_resolver(resolver);
    compiler.include_imports(true).include_source_info(true);
    for (name, text) in files {
        compiler.open_file(name).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    }
    let set = Set::decode(compiler.encode_file_descriptor_set().as_slice()).unwrap();
    let request = CodeGeneratorRequest {
        file_to_generate: files.iter().map(|(name, _)| (*name).to_owned()).collect(),
        parameter: None,
        proto_file: set.file,
    };
    let api = Api::build_lenient(&request, Options::parse(options).unwrap()).unwrap();
    assert!(!api.warnings.has_errors(), "{}", api.warnings);
    api
}

/// The API with these replacements, each of which must apply.
pub(crate) fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(API.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}
