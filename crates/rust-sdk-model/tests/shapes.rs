//! The shapes APIs: warnings, identifiers, features and pages.

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rust_sdk_model::api::{Idempotency, Message, RustType};
use rust_sdk_model::plugin::CodeGeneratorRequest;
use rust_sdk_model::{Api, Code, Options};

#[test]
fn warnings_are_exactly_these() {
    let warnings: Vec<String> = common::api("shapes")
        .warnings
        .iter()
        .map(|warning| {
            let line = warning.position.as_ref().map_or(0, |position| position.line);
            format!("{line} {} {}: {}", warning.code, warning.subject, warning.message)
        })
        .collect();
    insta::assert_snapshot!(warnings.join("\n"));
}

/// The functions of a message with unexpected names.
fn members(message: &Message, out: &mut String) {
    for field in &message.fields {
        let plain = field.name.to_ascii_lowercase();
        if field.setter != format!("with_{plain}") {
            let _ = writeln!(out, "  {} is set by {}", field.name, field.setter);
        }
        for (what, function) in [("read", &field.getter), ("taken", &field.taker)] {
            if let Some(function) = function {
                let _ = writeln!(out, "  {} is {what} by {function}", field.name);
            }
        }
    }
    for oneof in &message.oneofs {
        let _ = writeln!(out, "  {} is set by {}", oneof.name, oneof.setter);
    }
    let Some(mask) = &message.mask else { return };
    let _ = writeln!(out, "  mask {} by {}", mask.name, mask.function);
    for field in &mask.fields {
        let within = field.within.as_ref().map(|(function, ty)| format!(", {function} {}", ty.join("::")));
        let _ = writeln!(out, "    {} {}{}", field.name, field.function, within.unwrap_or_default());
    }
}

#[test]
fn names_are_rust_identifiers() {
    let api = common::api("shapes");
    let package = api.package("shapes.naming.v1").unwrap();
    let mut out = String::new();
    for service in &package.services {
        let _ = writeln!(
            out,
            "{} mod {} marker {} client {} stub {}",
            service.name, service.module, service.marker, service.client, service.stub
        );
        for method in &service.methods {
            let _ = writeln!(out, "  {} fn {} const {}", method.name, method.function, method.constant);
            for slot in method.bindings.iter().flat_map(|binding| &binding.slots) {
                let _ = writeln!(out, "    slot {}", slot.name);
            }
        }
    }
    for message in &package.messages {
        let _ = writeln!(out, "{} {}", message.full_name, message.path.join("::"));
        for field in &message.fields {
            let _ = write!(out, "  {} {}", field.json_name, field.rust_name);
            if let Some(step) = &field.oneof {
                let RustType::Local(path) = &step.rust else { panic!("{step:?}") };
                let _ = write!(out, " {} {}", path.join("::"), step.variant);
            }
            out.push('\n');
        }
        members(message, &mut out);
    }
    for item in &package.enums {
        let _ = writeln!(out, "{} {}", item.full_name, item.path.join("::"));
    }
    insta::assert_snapshot!(out);
}

/// The gates and needs of packages, with default options.
#[test]
fn features_follow_the_packages_and_their_circle() {
    let api = common::api("shapes");
    let features: BTreeMap<&str, (&str, &str, Vec<&str>)> = api
        .packages
        .iter()
        .map(|package| {
            let needs = package.needs.iter().map(String::as_str).collect();
            (
                package.name.as_str(),
                (package.feature.as_str(), package.gate.as_deref().unwrap_or_default(), needs),
            )
        })
        .collect();
    let of = |name: &str| features[name].clone();
    // The cycle's first member represents both, so Cargo sees no cycle.
    assert_eq!(of("shapes.cycle.left.v1"), ("shapes-cycle-left-v1", "shapes-cycle-left-v1", vec!["root"]));
    assert_eq!(
        of("shapes.cycle.right.v1"),
        ("shapes-cycle-right-v1", "shapes-cycle-left-v1", vec!["shapes-cycle-left-v1"])
    );
    let needs = of("shapes.serviceonly.v1").2;
    assert!(needs.contains(&"shapes-types-v1"), "{needs:?}");
    // A module within another package's module.
    let needs = of("shapes.naming.v1.client").2;
    assert!(needs.contains(&"shapes-naming-v1"), "{needs:?}");
    assert_acyclic(&api.packages);
}

/// The items of the package `acme` are in the crate's root file, which no feature leaves out.
#[test]
fn what_the_root_needs_is_always_compiled() {
    let mut request = common::files(&[
        ("acme.proto", "syntax = \"proto3\"; package acme; import \"b.proto\"; message A { b.v1.B b = 1; }"),
        ("b.proto", "syntax = \"proto3\"; package b.v1; import \"c.proto\"; message B { c.v1.C c = 1; }"),
        ("c.proto", "syntax = \"proto3\"; package c.v1; message C {}"),
        (
            "d.proto",
            "syntax = \"proto3\"; package acme.d.v1; import \"acme.proto\"; message D { acme.A a = 1; }",
        ),
    ]);
    request.parameter = Some("crate_name=acme".to_owned());
    let api = Api::from_request(&request).unwrap();
    let gates: Vec<(&str, Option<&str>)> =
        api.packages.iter().map(|package| (package.name.as_str(), package.gate.as_deref())).collect();
    assert_eq!(gates, [("acme", None), ("acme.d.v1", Some("d-v1")), ("b.v1", None), ("c.v1", None)]);
    assert_acyclic(&api.packages);
}

fn assert_acyclic(packages: &[rust_sdk_model::api::Package]) {
    let mut left: BTreeMap<&str, Vec<&str>> = packages
        .iter()
        .map(|package| (package.feature.as_str(), package.needs.iter().map(String::as_str).collect()))
        .collect();
    while !left.is_empty() {
        let free: Vec<&str> = left
            .iter()
            .filter(|(_, needs)| needs.iter().all(|need| !left.contains_key(need)))
            .map(|(name, _)| *name)
            .collect();
        assert!(!free.is_empty(), "a circle among {:?}", left.keys());
        for name in free {
            left.remove(name);
        }
    }
}

#[test]
fn a_package_may_be_spread_but_not_cut() {
    let both = ["shapes/spread/v1/first.proto", "shapes/spread_more/v1/second.proto"].map(str::to_owned);
    let whole = Api::build(&common::request(&["proto"], &both), Options::default()).unwrap();
    // In the order of the files, dependencies first.
    let services: Vec<_> =
        whole.services().map(|(package, service)| (package.name.as_str(), service.name.as_str())).collect();
    assert_eq!(services, [("shapes.spread.v1", "SecondService"), ("shapes.spread.v1", "FirstService")]);

    let half = Api::build(&common::request(&["proto"], &both[..1]), Options::default()).unwrap_err();
    let found: Vec<_> = half.iter().map(|problem| (problem.code, problem.message.as_str())).collect();
    let message = "the request generates a part of `shapes.spread.v1`, but not its file `shapes/spread_more/v1/second.proto`";
    assert_eq!(found, [(Code::PartialPackage, message)]);
}

#[test]
fn idempotency_is_stated_or_follows_the_verb() {
    let api = common::api("shapes");
    let of = |name: &str| api.methods().find(|(_, _, method)| method.name == name).unwrap().2;
    assert_eq!(of("Ask").stated_idempotency, Some(Idempotency::Safe));
    assert_eq!(of("Watch").stated_idempotency, None);
    assert_eq!(of("Watch").idempotency, Idempotency::Safe);
    assert_eq!(of("ReplaceNote").idempotency, Idempotency::Idempotent);
    assert_eq!(of("DeleteNote").idempotency, Idempotency::Idempotent);
    assert_eq!(of("UpdateNote").idempotency, Idempotency::Unknown);
    assert_eq!(of("NotBound").idempotency, Idempotency::Unknown);
}

/// Further request and response fields, and whether the method lists page by page.
const PAGES: &[(&str, &str, bool)] = &[
    (
        "int32 page_size = 1; string page_token = 2;",
        "repeated string a = 1; string next_page_token = 2;",
        true,
    ),
    (
        "google.protobuf.Int32Value page_size = 1; google.protobuf.StringValue page_token = 2;",
        "repeated Item a = 1; google.protobuf.StringValue next_page_token = 2;",
        true,
    ),
    ("int32 page_size = 1;", "repeated string a = 1; string next_page_token = 2;", false),
    // The size may have another name, or be absent.
    (
        "uint32 max_results = 1; string page_token = 2;",
        "repeated Item a = 1; string next_page_token = 2;",
        true,
    ),
    ("string page_token = 2;", "repeated string a = 1; string next_page_token = 2;", true),
    (
        "int32 page_size = 1; bytes page_token = 2;",
        "repeated string a = 1; string next_page_token = 2;",
        false,
    ),
    ("int32 page_size = 1; string page_token = 2;", "repeated string a = 1;", false),
    ("int32 page_size = 1; string page_token = 2;", "string a = 1; string next_page_token = 2;", false),
    // A map, and a list of messages beside lists of scalars (AIP-217).
    ("string page_token = 2;", "map<string, Item> a = 1; string next_page_token = 2;", true),
    (
        "string page_token = 2;",
        "repeated Item a = 1; repeated string unreachable = 3; string next_page_token = 2;",
        true,
    ),
    (
        "string page_token = 2;",
        "repeated string unreachable = 1; map<string, Item> a = 3; string next_page_token = 2;",
        true,
    ),
    // Which of the two is the list?
    (
        "string page_token = 2;",
        "repeated Item a = 1; repeated Item b = 3; string next_page_token = 2;",
        false,
    ),
    (
        "int32 page_size = 1; string page_token = 2;",
        "repeated string a = 1; repeated string b = 3; string next_page_token = 2;",
        false,
    ),
    ("string cursor = 1;", "repeated Item a = 1; string next_cursor = 2;", true),
    ("string cursor = 1;", "repeated Item a = 1; string cursor = 2;", true),
    ("string cursor = 1;", "repeated Item a = 1;", false),
    ("string continuation_token = 1;", "repeated Item a = 1; string continuation_token = 2;", true),
];

#[test]
fn pages_need_all_their_fields() {
    for (input, output, expected) in PAGES {
        for stream in ["", "stream "] {
            let api = common::api_of_source(&format!(
                "syntax = \"proto3\"; package p; import \"google/protobuf/wrappers.proto\";
                service S {{ rpc List(Q) returns ({stream}R); }}
                message Q {{ {input} }} message R {{ {output} }} message Item {{}}"
            ));
            let (_, _, method) = api.methods().next().unwrap();
            assert_eq!(
                method.pagination.is_some(),
                *expected && stream.is_empty(),
                "{stream}{input} {output}"
            );
        }
    }
}

#[test]
fn a_message_and_a_package_do_not_share_a_module() {
    let source = |message: &str| {
        format!(
            "syntax = \"proto3\"; package shapes.cycle;
            import \"shapes/cycle/left/v1/base.proto\";
            message Left {{ enum Kind {{ KIND_UNSPECIFIED = 0; }} shapes.cycle.left.v1.LeftBase base = 1; }}
            {message}"
        )
    };
    let api = common::api_of_source(&source(""));
    let package = api.packages.iter().find(|package| package.name == "shapes.cycle").unwrap();
    assert_eq!(package.enums[0].path.iter().rev().take(2).collect::<Vec<_>>(), ["Kind", "left_types"]);
    assert_eq!(package.messages[0].module.last().unwrap(), "left_types");
    // That name may be taken, too.
    let source = source("message LeftTypes { message Inner {} }");
    let problems = common::problems(&common::request_of_source(&source));
    assert_eq!(
        problems.iter().map(|problem| (problem.code, problem.message.as_str())).collect::<Vec<_>>(),
        [(
            Code::NameCollision,
            "message `shapes.cycle.LeftTypes` and `shapes.cycle.Left` are both `left_types` in Rust"
        )]
    );
}

/// Compilers reject most of these in proto3.
#[test]
fn fields_of_proto2_cannot_share_a_name() {
    let source = "syntax = \"proto2\"; package p;
        message M {
            optional string display_name = 1; optional string DisplayName = 2;
            oneof choice { string first_text = 3; string FirstText = 4; string Other = 5; }
            optional string other = 6;
        }";
    let problems = common::problems(&common::request_of_source(source));
    let found: Vec<_> = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        found,
        [
            "field `DisplayName` and `display_name` are both `display_name` in Rust",
            "oneof field `FirstText` and `first_text` are both `FirstText` in Rust",
        ]
    );
}

#[test]
fn the_order_of_the_files_does_not_matter() {
    let mut request = common::request_for_folder("shapes");
    let dump =
        |request: &CodeGeneratorRequest| format!("{:?}", Api::build(request, Options::default()).unwrap());
    let expected = dump(&request);
    request.proto_file.reverse();
    request.file_to_generate.reverse();
    assert!(dump(&request) == expected);
    // A file may occur twice, but not in two versions.
    request.proto_file.push(request.proto_file[0].clone());
    assert!(dump(&request) == expected);
    request.proto_file[0] = [&request.proto_file[0][..], &[0x12, 0x00]].concat().into();
    let problems = Api::build(&request, Options::default()).unwrap_err();
    assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), [Code::Descriptor]);
}

#[test]
fn a_part_of_a_crate_is_rejected() {
    // As buf sends it without `strategy: all`.
    let mut request = common::request(&["proto"], &["lumen/cloud/billing/v1/billing.proto".to_owned()]);
    request.parameter = Some("crate_name=lumen-cloud".to_owned());
    let problems = Api::from_request(&request).unwrap_err().to_string();
    assert!(problems.contains("error[partial-package]"), "{problems}");
    assert!(
        problems.contains("a part of `lumen.cloud`, but not its file `lumen/cloud/common/v1/"),
        "{problems}"
    );
    assert!(problems.contains("strategy: all"), "{problems}");
    request.parameter = Some("crate_name=billing".to_owned());
    assert!(Api::from_request(&request).is_ok(), "another crate may import anything");
}

#[test]
fn a_request_for_nothing_is_rejected() {
    // As buf sends a directory without files of the wanted packages.
    let mut request = common::request(&["proto"], &["lumen/cloud/billing/v1/billing.proto".to_owned()]);
    request.parameter = Some("package=lumen.cloud.key".to_owned());
    let problems = Api::from_request(&request).unwrap_err().to_string();
    assert!(problems.contains("names no file") && problems.contains("strategy: all"), "{problems}");
}

/// A package that is there for its messages alone gives no services.
#[test]
fn a_selected_package_brings_no_services_of_others() {
    let mut request = common::request_for_folder("lumen");
    request.parameter = Some("crate_name=lumen-cloud,package=lumen.cloud.greenhouse.backup.v1".to_owned());
    let api = Api::from_request(&request).unwrap();
    let services: Vec<&str> = api.services().map(|(package, _)| package.name.as_str()).collect();
    assert!(!services.is_empty() && services.iter().all(|name| *name == "lumen.cloud.greenhouse.backup.v1"));
    let used = api.package("lumen.cloud.greenhouse.v1").expect("its messages are used");
    assert!(!used.messages.is_empty() && used.services.is_empty());
}

/// `google.protobuf` is a part of prost-types, never of the crate.
#[test]
fn a_crate_of_googles_own_packages_is_whole() {
    let source = "syntax = \"proto3\"; package google.shelf.v1; import \"google/protobuf/any.proto\";
        message Shelf { google.protobuf.Any any = 1; }";
    let mut request = common::request_of_source(source);
    request.parameter = Some("crate_name=google".to_owned());
    let api = Api::from_request(&request).unwrap();
    assert_eq!(
        api.packages.iter().map(|package| package.module.join("::")).collect::<Vec<_>>(),
        ["shelf::v1"]
    );
}

/// An empty `**` would give the path of the other method, as its server reads it.
#[test]
fn a_rest_is_needed_where_another_method_has_the_path_without_it() {
    for (route, other, needed) in [
        ("delete: \"/v1/files/{path=**}\"", "delete: \"/v1/files\"", true),
        ("delete: \"/v1/files/{path=**}\"", "delete: \"/v1/{path}\"", true),
        ("delete: \"/v1/{path=trees/*/blobs/**}\"", "delete: \"/v1/trees/{path}/blobs\"", true),
        ("delete: \"/v1/files/**\"", "delete: \"/v1/files\"", true),
        ("post: \"/v1/files/{path=**}:purge\" body: \"*\"", "post: \"/v1/files:purge\" body: \"*\"", true),
        ("delete: \"/v1/files/{path=**}\"", "custom: { kind: \"*\" path: \"/v1/files\" }", true),
        ("delete: \"/v1/files/{path=**}\"", "get: \"/v1/files\"", false),
        ("delete: \"/v1/files/{path=**}\"", "delete: \"/v1/files:purge\"", false),
        ("delete: \"/v1/files/{path=**}\"", "delete: \"/v1/folders\"", false),
        ("delete: \"/v1/files/{path=**}\"", "delete: \"/v1/files/{path}/meta\"", false),
        ("delete: \"/v1/{path=**}/meta\"", "delete: \"/v1/meta\"", true),
        ("delete: \"/v1/{path=**}/meta\"", "delete: \"/v1/{path}\"", true),
        ("delete: \"/v1/{path=**}/met%61\"", "delete: \"/v1/m%65ta\"", true),
        ("delete: \"/v1/{path=roots/*/**}/meta\"", "delete: \"/v1/{path=roots/**}\"", true),
        ("delete: \"/v1/{path=roots/*/**}/meta\"", "delete: \"/v1/{path=roots/*/*/*/**}\"", false),
        ("delete: \"/v1/{path=**}/meta\"", "delete: \"/v1/meta:purge\"", false),
        ("post: \"/v1/{path=**}/meta:purge\"", "post: \"/v1/{path}\"", true),
        ("post: \"/v1/{path=**}/meta:purge\"", "post: \"/v1/meta\"", false),
        ("delete: \"/v1/{path=**}/meta\"", "get: \"/v1/meta\"", false),
    ] {
        let api = common::api_of_source(&format!(
            "syntax = \"proto3\"; package a.v1; import \"google/api/annotations.proto\";
             message In {{ string path = 1; }}
             service S {{
               rpc One(In) returns (In) {{ option (google.api.http) = {{ {route} }}; }}
               rpc All(In) returns (In) {{ option (google.api.http) = {{ {other} }}; }}
             }}"
        ));
        let methods = api.packages.iter().flat_map(|package| &package.services[0].methods);
        let needs: Vec<_> =
            methods.flat_map(|method| &method.bindings).map(|binding| binding.needs_rest).collect();
        assert_eq!(needs, [needed, false], "{route} beside {other}");
    }
}

/// The codes of the warnings about an API.
fn warned(files: &[&str], options: &str) -> Vec<String> {
    let names: Vec<String> = (0..files.len()).map(|index| format!("{index}.proto")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(files.iter().copied()).collect();
    let mut request = common::files(&files);
    request.parameter = Some(options.to_owned());
    Api::from_request(&request).unwrap().warnings.iter().map(|problem| problem.code.to_string()).collect()
}

#[test]
fn a_default_crate_name_that_does_not_name_the_api_is_a_warning() {
    let file =
        |package: &str| format!("syntax = \"proto3\"; package {package}; message In {{ string path = 1; }}");
    let warned = |packages: &[&str], options| {
        let files: Vec<String> = packages.iter().map(|package| file(package)).collect();
        warned(&files.iter().map(String::as_str).collect::<Vec<_>>(), options)
    };
    assert_eq!(warned(&["acme.shelf.v1", "acme.auth.v1"], ""), [""; 0]);
    assert_eq!(warned(&["acme.shelf.v1", "shelf.v1"], ""), ["crate-name"]);
    assert_eq!(warned(&["v1"], ""), ["crate-name"]);
    assert_eq!(warned(&["api.v1", "api.auth.v1"], ""), ["crate-name"]);
    assert_eq!(warned(&["acme.shelf.v1", "shelf.v1"], "crate_name=acme"), [""; 0]);
    assert_eq!(warned(&["acme.shelf.v1", "shelf.v1"], "layout=modules"), [""; 0]);
}

#[test]
fn a_base_path_is_a_warning_where_rules_lack_it() {
    let warned = |base: &str, path: &str, options: &str| {
        let source = format!(
            "syntax = \"proto3\"; package a.v1; import \"google/api/annotations.proto\";
             import \"protoc-gen-openapiv2/options/annotations.proto\";
             option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_swagger) = {{ base_path: \"{base}\" }};
             message In {{ string path = 1; }}
             service S {{ rpc Get(In) returns (In) {{ option (google.api.http) = {{ get: \"{path}\" }}; }} }}"
        );
        warned(&[&source], options)
    };
    assert_eq!(warned("/library", "/v1/shelves", ""), ["http-base-path"]);
    assert_eq!(warned("/lib", "/library/shelves", ""), ["http-base-path"]);
    for (base, path, options) in [
        ("/", "/v1/shelves", ""),
        ("", "/v1/shelves", ""),
        ("/library", "/library/v1/shelves", ""),
        ("/library", "/v1/shelves", "rest=off"),
        ("/library", "/v1/shelves", "allow=http-base-path"),
        ("/library", "/v1/shelves", "allow=http-base-path@a.v1"),
    ] {
        assert_eq!(warned(base, path, options), [""; 0], "{base} {path} {options}");
    }
}
