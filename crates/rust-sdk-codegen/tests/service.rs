//! The code of one service of each kind, as its readers see it.

use std::path::Path;

use prost::Message as _;
use rust_sdk_codegen::{Files, generate};
use rust_sdk_model::Api;
use rust_sdk_model::plugin::CodeGeneratorRequest;

#[derive(Clone, PartialEq, prost::Message)]
struct Set {
    #[prost(bytes = "vec", repeated, tag = "1")]
    file: Vec<Vec<u8>>,
}

fn files(proto: &str, options: &str) -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/proto");
    let mut compiler = protox::Compiler::new([&root]).unwrap();
    compiler.include_source_info(true).include_imports(true).open_file(proto).unwrap();
    let set = Set::decode(compiler.encode_file_descriptor_set().as_slice()).unwrap();
    let request = CodeGeneratorRequest {
        file_to_generate: vec![proto.to_owned()],
        parameter: Some(options.to_owned()),
        proto_file: set.file,
    };
    generate(&Api::from_request(&request).unwrap()).unwrap()
}

#[test]
fn a_service_with_access_and_routes() {
    let files = files("lumen/cloud/billing/v1/billing.proto", "crate_name=billing");
    insta::assert_snapshot!(files["src/lumen/cloud/billing/v1/billing_service.rs"]);
}

#[test]
fn a_service_of_streams() {
    let files = files("shapes/streaming/v1/streaming.proto", "crate_name=shapes,json=off,server=off");
    let services: Vec<&String> = files.keys().filter(|path| path.ends_with("_service.rs")).collect();
    insta::assert_snapshot!(files[services[0]]);
}

#[test]
fn messages_that_have_functions() {
    let files = files("shapes/naming/v1/members.proto", "crate_name=members");
    insta::assert_snapshot!(files["src/shapes/naming/v1/accessors.rs"]);
}

#[test]
fn messages_that_are_updated_by_masks() {
    let files = files("shapes/naming/v1/members.proto", "crate_name=members");
    insta::assert_snapshot!(files["src/shapes/naming/v1/masks.rs"]);
}

#[test]
fn every_part_can_be_left_out() {
    let all = "grpc=off,rest=off,json=off,access=off,docs=off";
    let files = files("lumen/cloud/billing/v1/billing.proto", &format!("crate_name=billing,{all}"));
    let service = &files["src/lumen/cloud/billing/v1/billing_service.rs"];
    for absent in ["rt::Call", "pub mod rest", "fn schemas", ".requires("] {
        assert!(!service.contains(absent), "{absent}");
    }
    assert!(
        !files.contains_key("src/lumen/cloud/billing/v1/schemas.rs") && !files.contains_key("access.json")
    );
}
