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
fn a_package_with_messages() {
    let files = files("lumen/cloud/billing/v1/billing.proto", "crate_name=billing");
    insta::assert_snapshot!(files["src/lumen/cloud/billing/v1.rs"]);
}

#[test]
fn setters_of_calls() {
    let files = files("lumen/cloud/billing/v1/billing.proto", "crate_name=billing");
    insta::assert_snapshot!(files["src/lumen/cloud/billing/v1/calls.rs"]);
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

/// The file of a service with these methods.
fn shelves(methods: &[&str]) -> Vec<String> {
    let methods: Vec<String> = methods
        .iter()
        .map(|name| {
            let path =
                format!("option (google.api.http) = {{ get: \"/v1/{}/{{id}}\" }};", name.to_lowercase());
            format!("// {name}.\n rpc {name}(Shelf) returns (Shelf) {{ {path} }}\n")
        })
        .collect();
    let methods = methods.concat();
    let source = format!(
        "syntax = \"proto3\"; package a.v1; import \"google/api/annotations.proto\";
         message Shelf {{ string id = 1; }} service Shelves {{\n\n{methods} }}"
    );
    let files = common::files_of_source(&source, "crate_name=a,server=on");
    files["src/v1/shelves.rs"].lines().map(str::to_owned).collect()
}

#[test]
fn a_new_method_changes_no_line_of_another() {
    let methods = ["ListShelves", "GetShelf", "UpdateShelf", "DeleteShelf"];
    for at in 0..=methods.len() {
        let mut more = methods.to_vec();
        more.insert(at, "MoveShelf");
        let (before, after) = (shelves(&methods), shelves(&more));
        let mut rest = before.iter().peekable();
        let added: Vec<&String> = after.iter().filter(|line| rest.next_if_eq(line).is_none()).collect();
        assert_eq!(rest.next(), None, "{at}: a line is changed");
        for part in
            ["rt::Rpc::named(&SERVICE, \"MoveShelf\"", "rt::Method::unary(\"/a.v1.Shelves/MoveShelf\")"]
        {
            assert_eq!(added.iter().filter(|line| line.contains(part)).count(), 1, "{at}: {added:#?}");
        }
    }
}

#[test]
fn a_rest_that_must_not_be_empty_is_marked() {
    let source = |other: &str| {
        format!(
            "syntax = \"proto3\"; package a.v1; import \"google/api/annotations.proto\";
             message In {{ string path = 1; }}
             service S {{
               rpc One(In) returns (In) {{ option (google.api.http) = {{ delete: \"/v1/files/{{path=**}}\" }}; }}
               rpc All(In) returns (In) {{ option (google.api.http) = {{ {other} }}; }}
             }}"
        )
    };
    for (other, marks) in [("delete: \"/v1/files\"", 1), ("get: \"/v1/files\"", 0)] {
        let files = common::files_of_source(&source(other), "crate_name=a");
        let service = files.iter().find(|(path, _)| path.ends_with("/s.rs")).unwrap().1;
        assert_eq!(service.matches(".needs_rest()").count(), marks);
    }
}

#[test]
fn server_traits_have_stubs_or_none() {
    let server = |options: &str| {
        let files =
            files("lumen/cloud/billing/v1/billing.proto", &format!("crate_name=billing,server=on{options}"));
        files["src/lumen/cloud/billing/v1/billing_service.rs"].clone()
    };
    let (with, without) = (server(""), server(",server_stubs=off"));
    assert!(!with.contains("required;"));
    let marked = with.replace(
        "tonic_service! {\n        direct;\n",
        "tonic_service! {\n        direct;\n        required;\n",
    );
    assert_eq!(without, marked);
}
