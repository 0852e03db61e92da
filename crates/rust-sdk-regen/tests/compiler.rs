//! What protoc accepts, the embedded compiler accepts, too; and it reports the errors that protoc would.

use std::path::Path;

use rust_sdk_regen::{Files, Regen, RegenError};

/// Compiles these files, each with its name.
fn compile(files: &[(&str, &str)]) -> Result<Files, String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).unwrap();
        std::fs::write(path, text).unwrap();
    }
    match Regen::new().proto_root(folder.path()).option("crate_name=acme").generate() {
        Ok(generated) => Ok(generated.files),
        Err(error @ (RegenError::Compile(_) | RegenError::Diagnostics(_))) => Err(error.to_string()),
        Err(error) => panic!("{error}"),
    }
}

/// `config` is a package within `acme.extensions`, but only of a file that `x.proto` does not import.
#[test]
fn names_are_looked_up_in_imported_packages_only() {
    let range =
        ("core.proto", "syntax = \"proto3\"; package acme.config.core.v3; message Range { int32 end = 1; }");
    let other = ("other.proto", "syntax = \"proto3\"; package acme.extensions.config.v3; message Other {}");
    let user = (
        "x.proto",
        "syntax = \"proto3\"; package acme.extensions.filters.v3; import \"core.proto\";
         // Filters.
         message Filter { config.core.v3.Range range = 1; }",
    );
    let files = compile(&[range, other, user]).unwrap();
    let text = &files["src/extensions/filters/v3.rs"];
    assert!(text.contains("pub range: Option<crate::config::core::v3::Range>"), "{text}");
    assert!(text.contains("/// Filters."), "{text}");
    // Where the file imports the nearer package, the name is that package's, as in protoc.
    let user = (
        "x.proto",
        &*user.1.replace("import \"core.proto\";", "import \"core.proto\"; import \"other.proto\";"),
    );
    let error = compile(&[range, other, user]).unwrap_err();
    assert!(
        error.contains("x.proto:3") && error.contains("'acme.extensions.config.core.v3.Range'"),
        "{error}"
    );
}

/// The compiler forgets extensions of an option after an error if a file has many.
#[test]
fn an_error_does_not_cause_others() {
    let extensions: Vec<String> =
        (0..40).map(|index| format!("optional bool e{index} = {};", 62_000 + index)).collect();
    let extensions = extensions.concat();
    let options = format!(
        "syntax = \"proto2\"; package opt; import \"google/protobuf/descriptor.proto\";
         extend google.protobuf.EnumOptions {{ {extensions} }}
         extend google.protobuf.FieldOptions {{ optional bool nullable = 65001; }}"
    );
    let error = compile(&[
        ("opt.proto", &options),
        ("a.proto", "syntax = \"proto3\"; package a; import \"opt.proto\"; message M { Nope n = 1; }"),
        ("b.proto", "syntax = \"proto3\"; package b; import \"opt.proto\"; message M { string c = 1 [(opt.nullable) = true]; }"),
        ("c.proto", "syntax = \"proto3\"; package c; import \"b.proto\"; message M { Neither n = 1; }"),
    ])
    .unwrap_err();
    let lines: Vec<&str> = error.lines().filter(|line| line.contains("error")).collect();
    assert_eq!(lines.len(), 2, "{error}");
    assert!(lines[0].contains("a.proto:1:") && lines[0].contains("'Nope' is not defined"), "{error}");
    assert!(lines[1].contains("c.proto:1:") && lines[1].contains("'Neither' is not defined"), "{error}");
}

#[test]
fn a_byte_order_mark_is_skipped() {
    let files = compile(&[
        (
            "a.proto",
            "\u{feff}syntax = \"proto3\"; package acme.v1; import \"b.proto\"; message A { B b = 1; }",
        ),
        ("b.proto", "\u{feff}syntax = \"proto3\"; package acme.v1; message B {}"),
    ])
    .unwrap();
    assert!(files["src/v1.rs"].contains("pub struct A {"));
    let error = compile(&[("a.proto", "\u{feff}syntax = \"proto3\"; mesage A {}")]).unwrap_err();
    assert!(error.contains("a.proto:1:20: error: expected"), "{error}");
}

#[test]
fn editions_are_for_other_compilers() {
    let text = "// A comment.\n/* Another\n one. */\nedition = \"2023\";\npackage acme.v1;\nmessage A {}\n";
    let other = ("b.proto", "syntax = \"proto3\"; package acme.v1; import \"a.proto\"; message B {}");
    for files in [&[("a.proto", text)][..], &[("a.proto", text), other][..]] {
        let error = compile(files).unwrap_err();
        assert!(error.contains("a.proto:4:1: error: the file uses editions"), "{error}");
        assert!(error.contains("use the plugin with protoc or buf"), "{error}");
    }
}

#[test]
fn a_missing_import_says_where_it_is() {
    let import = |name: &str| {
        let text = format!("syntax = \"proto3\"; package acme.v1; import \"{name}\"; message A {{}}");
        compile(&[("a.proto", &text)]).unwrap_err()
    };
    let error = import("google/api/expr/v1beta1/expr.proto");
    assert!(error.contains("a.proto:1:") && error.contains("`--include DIR`"), "{error}");
    assert!(error.contains("https://github.com/googleapis/googleapis"), "{error}");
    let error = import("acme/other.proto");
    assert!(error.contains("help: name the folder that it is in with `--include DIR`"), "{error}");
}

#[test]
fn two_copies_of_a_file_are_named() {
    let file = |import: &str, text: &str| {
        format!("syntax = \"proto3\"; package acme.v1; import \"{import}\"; message {text}")
    };
    let money = "syntax = \"proto3\"; package acme.money; message Money { int64 units = 1; } message Rate {}";
    let error = compile(&[
        ("a.proto", &file("money.proto", "A { acme.money.Money price = 1; }")),
        ("copy/money.proto", money),
        ("money.proto", money),
        ("z.proto", &file("copy/money.proto", "Z { acme.money.Money price = 1; }")),
    ])
    .unwrap_err();
    assert!(
        error.contains("error: `acme.money.Money` (and 1 more) is also defined in `")
            && error.contains("help: leave one of the files out, with `--exclude FILE`"),
        "{error}"
    );
}

/// protoc warns of these names in proto2 and rejects them in proto3.
#[test]
fn equal_json_names_of_proto2_are_a_warning() {
    let message = "message Outer { message Inner {
         optional int32 foo_bar = 1; optional int32 x = 2 [json_name = \"fooBar\"]; } }";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("a.proto"),
        format!("syntax = \"proto2\";\npackage acme.v1;\n{message}"),
    )
    .unwrap();
    let generated = Regen::new().proto_root(folder.path()).option("crate_name=acme").generate().unwrap();
    let warnings = generated.warnings.to_string();
    assert!(
        warnings.contains(
            "a.proto:4:10: warning[json-name-conflict]: the fields `foo_bar` and `x` have the same JSON name"
        ),
        "{warnings}"
    );
    let error = compile(&[(
        "a.proto",
        &format!("syntax = \"proto3\"; package acme.v1; {}", message.replace("optional", "")),
    )])
    .unwrap_err();
    assert!(error.contains("JSON name 'fooBar' is already defined"), "{error}");
}

/// The oneof of an `optional` field has no name in the file, so it takes none.
#[test]
fn a_oneof_may_have_the_name_that_an_optional_field_implies() {
    let files = compile(&[(
        "a.proto",
        "syntax = \"proto3\"; package acme.v1; message A { optional string text = 1; oneof _text { int32 a = 2; } }
         message B { oneof kind { int32 a = 1; } }",
    )]);
    // In Rust, both are `text`: the model says so.
    assert!(files.is_err_and(|error| {
        error.contains("error[name-collision]: oneof `_text` and `text` are both `text` in Rust")
    }));
}

#[test]
fn published_files_need_no_folder() {
    let text = r#"
        syntax = "proto3";
        package acme.v1;
        import "buf/validate/validate.proto";
        import "gnostic/openapi/v3/annotations.proto";
        import "gogoproto/gogo.proto";
        import "google/api/annotations.proto";
        import "google/api/client.proto";
        import "google/api/expr/v1alpha1/checked.proto";
        import "google/api/field_behavior.proto";
        import "google/api/resource.proto";
        import "google/longrunning/operations.proto";
        import "google/type/money.proto";
        import "protoc-gen-openapiv2/options/annotations.proto";
        import "validate/validate.proto";
        service Shop {
          option (google.api.default_host) = "shop.example.com";
          // Sells.
          rpc Sell(Sale) returns (google.longrunning.Operation) {
            option (google.api.http) = {post: "/v1/{id=shelves/*}:sell" body: "*"};
            option (google.longrunning.operation_info) = {response_type: "Sale" metadata_type: "Sale"};
            option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_operation) = {summary: "Sells" tags: "shop"};
          }
        }
        message Sale {
          option (google.api.resource) = {type: "shop.example.com/Sale" pattern: "sales/{sale}"};
          string id = 1 [(google.api.field_behavior) = REQUIRED];
          google.type.Money price = 2 [(buf.validate.field).required = true, (gogoproto.nullable) = false];
          string note = 3 [(validate.rules).string = {min_len: 1 max_len: 5}, (gnostic.openapi.v3.property) = {title: "Note"}];
        }"#;
    let files = compile(&[("a.proto", text)]).unwrap();
    let service = &files["src/v1/shop.rs"];
    for part in [
        "`POST /v1/{id=shelves/*}:sell`",
        "rt::LongRunning<super::Sale, super::Sale>",
        r#"DEFAULT_HOST: &'static str = "shop.example.com""#,
        r#".sell("shelves/id", Money::default())"#,
    ] {
        assert!(service.contains(part), "{part}: {service}");
    }
    assert!(files["src/google/type.rs"].contains("/// An amount of a currency"), "{:?}", files.keys());
    // A file of a folder wins.
    let money = (
        "google/type/money.proto",
        "syntax = \"proto3\"; package google.type; message Money { string own = 7; }",
    );
    let files = compile(&[("a.proto", text), money]).unwrap();
    assert!(files.values().any(|text| text.contains("pub own: String")), "{:?}", files.keys());
}
