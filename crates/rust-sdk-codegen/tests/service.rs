//! The code of one service of each kind, as its readers see it.

mod common;

use common::files;

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
