//! The option `rename`: the way out of a collision in an API that cannot change.

mod common;

use rust_sdk_model::api::RustType;
use rust_sdk_model::{Api, Code, Diagnostics};

const COLLIDES: &str = r#"
    syntax = "proto2";
    package acme.v1;
    message IOKind { message Part {} optional Part part = 1; }
    enum IoKind { IO_KIND_UNSPECIFIED = 0; OPEN = 1; Open = 2; }
    message Fields {
      optional string choice = 1;
      oneof Choice { string text = 2; int32 textURL = 3; bytes text_url = 7; IoKind kind = 4; }
      optional IoKind io_http = 5;
      optional int32 ioHTTP = 6;
    }
    service Shelves {
      rpc GetHTTP(Fields) returns (IOKind);
      rpc GetHttp(Fields) returns (IOKind);
    }"#;

fn build(options: &[&str]) -> Result<Api, Diagnostics> {
    let mut request = common::request_of_source(COLLIDES);
    request.parameter = Some(options.join(","));
    Api::from_request(&request)
}

const RENAMES: [&str; 7] = [
    "rename=acme.v1.IOKind=IoMessage",
    "rename=acme.v1.IoKind.Open=OPEN_NOW",
    "rename=acme.v1.Fields.Choice=selection",
    "rename=acme.v1.Fields.textURL=number",
    "rename=acme.v1.Fields.ioHTTP=io_number",
    "rename=acme.v1.Shelves=ShelfService",
    "rename=acme.v1.Shelves.GetHttp=GetPlainHttp",
];

#[test]
fn each_collision_names_the_option_that_solves_it() {
    let problems = build(&[]).unwrap_err();
    let hints: Vec<&str> = problems.iter().map(|problem| problem.hint.as_str()).collect();
    assert_eq!(hints.len(), 6, "{problems}");
    for problem in &problems {
        assert_eq!(problem.code, Code::NameCollision);
    }
    let options: Vec<&str> = hints.iter().map(|hint| hint.split('`').nth(1).unwrap()).collect();
    // The options of the hints are enough.
    let api = build(&options);
    assert!(api.is_ok(), "{options:?}: {}", api.unwrap_err());
}

#[test]
fn new_names_are_those_of_rust_alone() {
    let api = build(&RENAMES).unwrap();
    let package = &api.packages[0];
    let message = |name: &str| package.messages.iter().find(|message| message.name == name).unwrap();
    assert_eq!(message("IOKind").path.last().unwrap(), "IoMessage");
    assert_eq!(message("IOKind").full_name, "acme.v1.IOKind");
    let around = message("Part").path.iter().rev().nth(1).unwrap();
    assert_eq!(around, "io_message");
    let fields = message("Fields");
    let names: Vec<_> = fields
        .fields
        .iter()
        .map(|field| {
            (field.name.as_str(), field.json_name.as_str(), field.rust_name.as_str(), field.setter.as_str())
        })
        .collect();
    assert_eq!(
        names,
        [
            ("choice", "choice", "choice", "with_choice"),
            ("text", "text", "selection", "with_text"),
            ("textURL", "textURL", "selection", "with_number"),
            ("kind", "kind", "selection", "with_kind"),
            ("io_http", "ioHttp", "io_http", "with_io_http"),
            ("ioHTTP", "ioHTTP", "io_number", "with_io_number"),
            ("text_url", "textUrl", "selection", "with_text_url"),
        ]
    );
    assert_eq!(fields.fields[2].oneof.as_ref().unwrap().variant, "Number");
    assert_eq!(
        (fields.oneofs[0].proto_name.as_str(), fields.oneofs[0].setter.as_str()),
        ("Choice", "with_selection")
    );
    let RustType::Local(path) = &fields.oneofs[0].rust else { panic!("{:?}", fields.oneofs[0].rust) };
    assert_eq!(path.last().unwrap(), "Selection");
    let variants: Vec<_> =
        package.enums[0].values.iter().map(|value| (value.name.as_str(), value.variant.as_str())).collect();
    assert_eq!(variants, [("IO_KIND_UNSPECIFIED", "Unspecified"), ("OPEN", "Open"), ("Open", "OpenNow")]);
    let service = &package.services[0];
    assert_eq!((service.full_name.as_str(), service.marker.as_str()), ("acme.v1.Shelves", "ShelfService"));
    assert_eq!((service.module.as_str(), service.accessor.as_str()), ("shelf_service", "shelf_service"));
    let functions: Vec<_> =
        service.methods.iter().map(|method| (method.full_name.as_str(), method.function.as_str())).collect();
    assert_eq!(
        functions,
        [("acme.v1.Shelves/GetHTTP", "get_http"), ("acme.v1.Shelves/GetHttp", "get_plain_http")]
    );
}

#[test]
fn new_names_are_checked() {
    for (option, expected) in [
        ("rename=acme.v1.Nope=A", "`rename` names `acme.v1.Nope`, which the files do not define"),
        ("rename=acme.v1.Fields.nope=A", "`rename` names `acme.v1.Fields.nope`"),
        ("rename=acme.v1.OPEN=A", "`rename` names `acme.v1.OPEN`"),
        ("rename=acme.v1.Fields=a.b", "option `rename` has the invalid value"),
        ("rename=acme.v1.Fields", "option `rename` has the invalid value"),
        (
            "rename=acme.v1.Fields=A,rename=acme.v1.Fields=B",
            "option `rename` gives `acme.v1.Fields` two names",
        ),
        // The new name may collide, too.
        ("rename=acme.v1.IOKind=Fields", "are both `Fields` in Rust"),
    ] {
        let problems = build(&[option]).unwrap_err().to_string();
        assert!(problems.contains(expected), "{option}: {problems}");
    }
}
