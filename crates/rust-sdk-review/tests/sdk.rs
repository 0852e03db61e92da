//! What a change of messages and enums breaks in the generated crate, and on the wire.

mod common;

use common::files::{API, edited};
use common::sdk::{check, reported, review, snapshot, snapshot_of};
use rust_sdk_review::sdk::{Aspect, Effect};
use rust_sdk_review::{FailOn, Snapshot, compare};

/// Names that differ in the file, but neither in Rust nor on the wire.
fn check_silent(edits: &[(&str, &str)], rust: &str) {
    let lines = reported(&review(edits).sdk.unwrap().changes);
    let other: Vec<&String> = lines.iter().filter(|line| !line.contains(rust)).collect();
    assert!(other.is_empty(), "{other:?}");
}

#[test]
fn the_same_is_no_change() {
    let report = review(&[]);
    assert!(report.is_empty());
    assert_eq!(report.sdk.as_ref().unwrap().version.level.as_str(), "patch");
    assert_eq!(report.to_text().lines().next().unwrap(), "no change in routes, calls or the SDK");
}

#[test]
fn required_fields() {
    let field = "string why = 9 [(google.api.field_behavior) = REQUIRED];";
    check(
        &[("// get", field)],
        &[
            "field GetItemRequest.why: Wire Required a new required field: requests of old clients are rejected",
            "method Shop/GetItem: Source Signature parameters: `get_item(shop_id: string, item_id: string)` → \
             `get_item(shop_id: string, item_id: string, why: string)`",
            "method Shop/Watch: Source Signature parameters: `watch()` → `watch(why: string)`",
        ],
    );
    let field = "string why = 9 [(buf.validate.field).required = true];";
    let by_rules = [
        "field GetItemRequest.why: Wire Required",
        "Shop/GetItem: Source Signature",
        "Shop/Watch: Source Signature",
    ];
    check(&[("// get", field)], &by_rules);
    let field = "string why = 9 [(buf.validate.field).string.min_len = 1];";
    check(&[("// get", field)], &by_rules);
    // An existing field, and a field within another message: no function changes.
    check(
        &[("string reason = 2;", "string reason = 2 [(google.api.field_behavior) = REQUIRED];")],
        &[
            "field AddItemRequest.reason: Wire Required it is now required",
            "Shop/AddItem: Source Signature parameters",
        ],
    );
    check(
        &[("string title = 2;", "string title = 2 [(google.api.field_behavior) = REQUIRED];")],
        &["field Item.title: Wire Required it is now required: requests of old clients are rejected"],
    );
    // A response with more required fields breaks nobody.
    let report = review(&[(
        "string next_page_token = 2;",
        "string next_page_token = 2 [(google.api.field_behavior) = REQUIRED];",
    )]);
    assert!(report.sdk.unwrap().changes.is_empty());
}

#[test]
fn added_and_removed_fields() {
    check(&[("// item", "string more = 20;")], &["field Item.more: Added Definition a new field"]);
    check(
        &[("  string title = 2;\n", "")],
        &[
            "field Item.title: Source Definition the field is removed: `title`",
            "field Item.title: Wire Definition values from old peers are ignored, and they read its default",
        ],
    );
    check(
        &[("string reason = 2;", "")],
        &[
            "AddItemRequest.reason: Source",
            "AddItemRequest.reason: Wire Definition values that old clients send are ignored",
        ],
    );
    check(
        &[("string title = 2;", "string name = 2;")],
        &[
            "field Item.title: Source Definition its field: `title` → `name`",
            "field Item.title: Wire Definition its name in JSON: `title` → `name`",
        ],
    );
    check(
        &[("string title = 2;", "string title = 22;")],
        &["field Item.title: Wire Definition its number: 2 → 22; values are lost or misread"],
    );
    // Two fields that swap numbers keep their names and lose their values.
    check(
        &[("string id = 1;\n  string title = 2;", "string id = 2;\n  string title = 1;")],
        &[
            "field Item.id: Wire Definition its number: 1 → 2",
            "field Item.title: Wire Definition its number: 2 → 1",
        ],
    );
    // A reused number.
    check(
        &[("string title = 2;", "int32 size_class = 2;")],
        &[
            "field Item.title: Source Definition its field: `title` → `size_class`",
            "field Item.title: Wire Definition its name in JSON",
            "field Item.title: Source Definition its type: `string` → `int32`",
            "field Item.title: Wire Definition old and new peers lose each other's values",
        ],
    );
    check(
        &[("string title = 2;", "string title = 2 [json_name = \"heading\"];")],
        &["field Item.title: Wire Definition its name in JSON: `title` → `heading`"],
    );
    // Two names in the file that are the same in Rust and in JSON.
    check(
        &[
            ("string shop_id = 1;", "string shop__id = 1 [json_name = \"shopId\"];"),
            ("{shop_id}", "{shop__id}"),
        ],
        &[
            "field GetItemRequest.shop_id: Wire Definition in paths, queries and field masks, the old name is rejected",
        ],
    );
    check(
        &[("string title = 2;", "string title = 2 [deprecated = true];")],
        &["field Item.title: Added Definition it is deprecated"],
    );
}

#[test]
fn types_of_fields() {
    for (to, source, wire) in [
        ("int64 count = 3;", "its type: `int32` → `int64`", "truncated"),
        ("sint32 count = 3;", "its type: `int32` → `sint32`", "misread"),
        ("string count = 3;", "its type: `int32` → `string`", "lose each other's values"),
        ("repeated int32 count = 3;", "its type: `int32` → `repeated int32`", "reads a list as one value"),
        ("Kind count = 3;", "its type: `int32` → `acme.shop.v1.Kind`", "truncated"),
        (
            "map<string, int32> count = 3;",
            "its type: `int32` → `map<string, int32>`",
            "lose each other's values",
        ),
    ] {
        check(&[("int32 count = 3;", to)], &[&format!("Item.count: Source Definition {source}"), wire]);
    }
    check(
        &[("int32 count = 3;", "optional int32 count = 3;")],
        &["field Item.count: Source Definition its Rust type: a plain value → an `Option`"],
    );
    check(
        &[("optional string note = 4;", "string note = 4;")],
        &["field Item.note: Source Definition its Rust type: an `Option` → a plain value"],
    );
    check(
        &[("Size size = 9;", "Item size = 9;")],
        &[
            "Item.size: Source Definition its type",
            "Item.size: Wire Definition old and new peers misread each other's fields",
            "message Size: Source Signature its setters are removed",
        ],
    );
    // The sender decides whether a list is packed.
    let packed = |packed: &str| {
        snapshot(&edited(&[("// item", &format!("repeated int32 sizes = 30 [packed = {packed}];"))]))
    };
    assert!(compare(&packed("true"), &packed("false")).is_empty());
}

#[test]
fn oneofs() {
    check(
        &[
            ("string title = 2;", ""),
            ("string free_text = 8; }", "string free_text = 8; string title = 2; }"),
        ],
        &[
            "field Item.title: Source Definition it is now a member of the oneof `price`",
            "field Item.title: Wire Definition of several values that one peer sends, the other keeps only the last",
        ],
    );
    check(
        &[("string free_text = 8; }", "}\n  string free_text = 8;")],
        &[
            "field Item.free_text: Source Definition it is no longer a member of the oneof `price`",
            "field Item.free_text: Wire Definition of several values",
        ],
    );
    // Alone in a oneof, it is sent as before.
    check(
        &[("string title = 2;", "oneof heading { string title = 2; }")],
        &["field Item.title: Source Definition it is now a member of the oneof `heading`"],
    );
    check(
        &[("oneof price {", "oneof cost {")],
        &[
            "Item.cents: Source Definition its oneof: `price` → `cost`",
            "Item.free_text: Source Definition its oneof",
        ],
    );
    check(
        &[("string free_text = 8; }", "string free_text = 8; bool unknown = 12; }")],
        &["field Item.unknown: Added"],
    );
}

#[test]
fn defaults_and_required_fields_of_proto2() {
    let file =
        |field: &str| format!("syntax = \"proto2\";\npackage acme.shop.v1;\nmessage M {{ {field} }}\n");
    let changes = |old: &str, new: &str| {
        reported(&compare(&snapshot(&file(old)), &snapshot(&file(new))).sdk.unwrap().changes)
    };
    assert_eq!(
        changes("optional string a = 1 [default = \"x\"];", "optional string a = 1 [default = \"y\"];"),
        ["field M.a: Wire Definition its default: `\"x\"` → `\"y\"`; absent values read differently"]
    );
    assert_eq!(
        changes("optional float a = 1 [default = nan];", "optional float a = 1 [default = nan];"),
        Vec::<String>::new()
    );
    assert!(
        changes("optional int32 a = 1;", "optional int32 a = 1 [default = 3];")[0]
            .contains("its default: `none` → `3`")
    );
    let required = changes("optional string a = 1;", "required string a = 1;");
    assert!(
        required.iter().any(|line| line.contains("Wire Definition new peers reject messages of old ones")),
        "{required:?}"
    );
    assert!(required.iter().any(|line| line.contains("Source")), "{required:?}");
    let optional = changes("required string a = 1;", "optional string a = 1;");
    assert!(
        optional.iter().any(|line| line.contains("Wire Definition old peers reject messages without it")),
        "{optional:?}"
    );
    let new = changes("optional string a = 1;", "optional string a = 1; required string b = 2;");
    assert!(new.iter().any(|line| line.contains("M.b: Wire Required a new required field")), "{new:?}");
}

#[test]
fn values_of_enums() {
    check(
        &[("KIND_USED = 2;", "KIND_USED = 2; KIND_OLD = 3;")],
        &["enum value Kind.KIND_OLD: Added Definition a new value"],
    );
    check(
        &[("KIND_USED = 2;", "")],
        &[
            "Kind.KIND_USED: Source Definition the variant is removed: `Used`",
            "Kind.KIND_USED: Wire Definition old peers send a value",
        ],
    );
    check(
        &[("KIND_USED = 2;", "KIND_WORN = 2;")],
        &[
            "Kind.KIND_USED: Source Definition its variant: `Used` → `Worn`",
            "Kind.KIND_USED: Wire Definition in JSON, the old name is rejected",
        ],
    );
    check(&[("KIND_USED = 2;", "KIND_USED = 4;")], &["Kind.KIND_USED: Wire Definition its number: 2 → 4"]);
    // Two names in the file that are the same in Rust.
    check(
        &[("KIND_USED = 2;", "KIND__USED = 2;")],
        &["Kind.KIND_USED: Wire Definition in JSON, the old name is rejected"],
    );
    // The first of several names is the variant.
    let aliased = |values: &str| {
        snapshot(&edited(&[
            ("KIND_USED = 2;", values),
            ("enum Kind {", "enum Kind { option allow_alias = true;"),
        ]))
    };
    let both = aliased("KIND_USED = 2; KIND_WORN = 2;");
    let lines = reported(&compare(&both, &aliased("KIND_WORN = 2; KIND_USED = 2;")).sdk.unwrap().changes);
    assert!(lines.iter().any(|line| line.contains("Source Name its variant: `Used` → `Worn`")), "{lines:?}");
    let report = compare(&both, &snapshot(API));
    let lines = reported(&report.sdk.unwrap().changes);
    assert_eq!(
        lines,
        [
            "enum value Kind.KIND_WORN: Wire Definition in JSON, the old name is rejected: `KIND_WORN` → `KIND_USED`"
        ]
    );
}

#[test]
fn added_removed_and_renamed_types() {
    check(
        &[("// types", "message More { string a = 1; }")],
        &["message More: Added Definition a new message"],
    );
    check(
        &[("// types", "enum More { MORE_UNSPECIFIED = 0; }")],
        &["enum More: Added Definition a new enum"],
    );
    // The same message under another name is the same on the wire.
    check(
        &[("Size size = 9;", "Extent size = 9;"), ("message Size {", "message Extent {")],
        &["message Size: Source Definition its type: `Size` → `Extent`"],
    );
    check(
        &[("Kind kind = 6;", "Sort kind = 6;"), ("enum Kind {", "enum Sort { option allow_alias = false;")],
        &[
            "enum Kind: Source Definition its type: `Kind` → `Sort`",
            "Source Name its variant",
            "Source Name its variant",
            "Source Name its variant",
        ],
    );
    // Two names in the file that are the same in Rust.
    check_silent(&[("Size size = 9;", "S_ize size = 9;"), ("message Size {", "message S_ize {")], "SIze");
    check(
        &[("  Size size = 9;\n", ""), ("message Size { double width = 1; double height = 2; }", "")],
        &[
            "field Item.size: Source",
            "field Item.size: Wire",
            "message Size: Source Definition the type is removed: `Size`",
        ],
    );
    // A nested type is added and removed with its parent.
    let nested = "message Outer { message Inner { string a = 1; } enum Way { WAY_UNSPECIFIED = 0; } }";
    let (with, without) = (snapshot(&edited(&[("// types", nested)])), snapshot(API));
    assert_eq!(
        reported(&compare(&with, &without).sdk.unwrap().changes),
        ["message Outer: Source Definition the type is removed: `Outer`"]
    );
    assert_eq!(
        reported(&compare(&without, &with).sdk.unwrap().changes),
        ["message Outer: Added Definition a new message"]
    );
    // A `Copy` struct cannot contain a text.
    check(
        &[("double height = 2;", "double height = 2; string unit = 3;")],
        &["message Size: Source Definition its type is no longer `Copy`", "field Size.unit: Added"],
    );
    // A message that contains itself is in a box.
    let report = review(&[("double height = 2;", "double height = 2; Item of = 3;")]);
    let lines = reported(&report.sdk.unwrap().changes);
    assert!(
        lines.iter().any(|line| line.contains("field Item.size: Source Definition it is now in a `Box`")),
        "{lines:?}"
    );
}

/// A version that Cargo treats as breaking approves a breaking change.
#[test]
fn a_version_approves_what_breaks() {
    let file = |text: &str, version: &str| {
        snapshot_of(
            &[("shop.proto", text.to_owned())],
            &format!("crate_name=acme-shop,crate_version={version}"),
        )
    };
    let broken = edited(&[("  string title = 2;\n", "")]);
    let more = edited(&[("// item", "string more = 20;")]);
    let sdk: FailOn = "sdk".parse().unwrap();
    for (text, old, new, findings, next, step) in [
        (&broken, "0.1.0", "0.1.0", 1, "0.2.0", "minor"),
        (&broken, "0.1.0", "0.1.1", 1, "0.2.0", "minor"),
        (&broken, "0.1.0", "0.2.0", 0, "0.2.0", "minor"),
        (&broken, "1.4.2", "1.5.0", 1, "2.0.0", "major"),
        (&broken, "1.4.2", "2.0.0", 0, "2.0.0", "major"),
        (&more, "1.4.2", "1.4.2", 0, "1.5.0", "minor"),
        (&more, "0.1.0", "0.1.0", 0, "0.1.1", "patch"),
    ] {
        let report = compare(&file(API, old), &file(text, new));
        assert_eq!(report.count(&sdk), findings, "{old} → {new}");
        let version = &report.sdk.as_ref().unwrap().version;
        assert_eq!((version.next.as_deref(), version.step.unwrap().as_str()), (Some(next), step));
        let text = report.to_text();
        assert!(text.contains(&format!("`{old}` → `{next}`")), "{text}");
        assert!(report.to_markdown().contains(&format!("`{old}` → `{next}`")));
        assert!(report.to_json().contains(&format!("\"next_version\": \"{next}\"")));
    }
    // This alone does not fail a review: changes that break callers of the server do.
    let report = compare(&file(API, "0.1.0"), &file(&broken, "0.1.0"));
    assert_eq!(report.count(&FailOn::default()), 0);
    let report = compare(&file(API, "1.0.0-rc.1"), &file(&broken, "1.0.0"));
    assert_eq!((report.count(&sdk), report.sdk.unwrap().version.next), (1, None));
}

#[test]
fn what_a_reviewer_reads() {
    let report = review(&[
        ("// get", "string why = 9 [(google.api.field_behavior) = REQUIRED];"),
        ("int32 count = 3;", "int64 count = 3;"),
        ("KIND_USED = 2;", "KIND_USED = 2; KIND_OLD = 3;"),
        ("// item", "string more = 20; string even_more = 21;"),
        ("rpc Watch(GetItemRequest) returns (Item)", "rpc Watch(GetItemRequest) returns (stream Item)"),
    ]);
    insta::assert_snapshot!("sdk.txt", report.to_text());
    insta::assert_snapshot!("sdk.md", report.to_markdown());
    insta::assert_snapshot!("sdk.json", report.to_json());
}

#[test]
fn without_messages_the_sdk_is_not_compared() {
    let json = r#"{"methods": {}}"#;
    let json = Snapshot::from_json(json.as_bytes()).unwrap();
    for (old, new) in [(&json, &json), (&json, &snapshot(API)), (&snapshot(API), &json)] {
        let report = compare(old, new);
        assert!(
            report.sdk.is_none() && report.to_text().contains("The SDK was not compared"),
            "{}",
            report.to_text()
        );
        assert!(!report.to_text().contains("or the SDK") && report.to_json().contains("\"sdk\": null"));
    }
    assert_eq!(Effect::Source < Effect::Wire, Aspect::Required < Aspect::Signature);
}
