//! A report without changes means the same generated code. A report of broken code means different code.

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::files::{API, edited, model};
use rust_sdk_model::Api;
use rust_sdk_review::sdk::Effect;
use rust_sdk_review::{Snapshot, compare};

/// The lines of the generated code, sorted, since the order of declarations does not matter to users. Comments are left
/// out.
fn code(api: &Api) -> BTreeMap<String, Vec<String>> {
    let files = rust_sdk_codegen::generate(api).unwrap();
    let is_code = |name: &str| Path::new(name).extension().is_some_and(|extension| extension == "rs");
    let code = files.into_iter().filter(|(name, _)| is_code(name)).map(|(name, text)| {
        let is_comment = |line: &&str| line.trim_start().starts_with("//");
        let mut lines: Vec<String> =
            text.lines().filter(|line| !is_comment(line)).map(|line| line.trim().to_owned()).collect();
        lines.sort();
        (name, lines)
    });
    code.collect()
}

/// What users' code names: public items, and the table entries that macros turn into functions.
fn offered(code: &BTreeMap<String, Vec<String>>) -> Vec<(&String, String)> {
    let is_table =
        |file: &str| ["accessors.rs", "calls.rs", "masks.rs"].iter().any(|name| file.ends_with(name));
    let lines = code.iter().flat_map(|(file, lines)| lines.iter().map(move |line| (file, line)));
    let offered = lines.filter(|(file, line)| line.starts_with("pub ") || is_table(file));
    offered.filter(|(_, line)| *line != "#[deprecated]").map(|(file, line)| (file, line.clone())).collect()
}

const OPTIONS: &str = "crate_name=acme-shop,server=on";
const ANNOTATIONS: &str = "import \"google/api/annotations.proto\";";
const CLIENT: &str = "import \"google/api/annotations.proto\"; import \"google/api/client.proto\";";

const RESOURCE: &str = "import \"google/api/annotations.proto\"; import \"google/api/resource.proto\";";
const ITEM: &str = "option (google.api.resource) = {type: \"shop.example.com/Item\" pattern: \"shops/{shop}/items/{item}\"};";

/// Each edit changes one thing. Most change the generated code; some only change how the files are written.
const EDITS: &[&[(&str, &str)]] = &[
    &[("// types", "// other words")],
    &[("  // get", "  reserved 30 to 40;")],
    &[("string id = 1;\n  string title = 2;", "string title = 2;\n  string id = 1;")],
    &[("message Size {", "message Unused { Size size = 1; }\nmessage Size {")],
    &[("string title = 2;", "string title = 3;"), ("int32 count = 3;", "int32 count = 2;")],
    &[("string title = 2;", "string title = 2 [json_name = \"t\"];")],
    &[("string title = 2;", "string title = 2 [debug_redact = true];")],
    &[("string title = 2;", "string title = 2 [deprecated = true];")],
    &[("string title = 2;", "bytes title = 2;")],
    &[("string title = 2;", "optional string title = 2;")],
    &[("string title = 2;", "string titles = 2;")],
    &[("string title = 2;", "")],
    &[("string title = 2;", "string title = 2 [(google.api.field_behavior) = REQUIRED];")],
    &[("string title = 2;", "string title = 2 [(google.api.field_behavior) = OUTPUT_ONLY];")],
    &[("int32 count = 3;", "sint32 count = 3;")],
    &[("int32 count = 3;", "sfixed32 count = 3;")],
    &[("int32 count = 3;", "Kind count = 3;")],
    &[("repeated string tags = 5;", "map<string, string> tags = 5;")],
    &[("repeated string tags = 5;", "string tags = 5;")],
    &[("Kind kind = 6;", "optional Kind kind = 6;")],
    &[("Kind kind = 6;", "repeated Kind kind = 6;")],
    &[("Kind kind = 6;", "repeated Kind kind = 6 [packed = false];")],
    &[("oneof price {", "oneof cost {")],
    &[("int64 cents = 7; string free_text = 8; }", "int64 cents = 7; }\n  string free_text = 8;")],
    &[("Size size = 9;", "Size size = 9 [(google.api.field_behavior) = REQUIRED];")],
    &[("Size size = 9;", "Size extent = 9;")],
    &[("Size size = 9;", "repeated Size size = 9;")],
    &[("Size size = 9;", "Extent size = 9;"), ("message Size {", "message Extent {")],
    &[("double height = 2;", "float height = 2;")],
    &[("double height = 2;", "double height = 2; Item of = 3;")],
    &[("// types", "message Client {} message Shop_ {}")],
    &[("KIND_USED = 2;", "KIND_USED = 3;")],
    &[("KIND_USED = 2;", "KIND_WORN = 2;")],
    &[("KIND_USED = 2;", "KIND_USED = 2 [deprecated = true];")],
    &[
        ("enum Kind {", "enum Kind { option allow_alias = true; KIND_FIRST = 0;"),
        ("KIND_UNSPECIFIED = 0;", ""),
    ],
    &[("KIND_USED = 2; }", "KIND_USED = 2; KIND_OLD = 2; option allow_alias = true; }")],
    &[("rpc Watch(", "rpc Observe(")],
    &[("rpc Watch(GetItemRequest) returns (Item)", "rpc Watch(GetItemRequest) returns (stream Item)")],
    &[("rpc Watch(GetItemRequest) returns (Item)", "rpc Watch(stream GetItemRequest) returns (Item)")],
    &[("rpc Watch(GetItemRequest) returns (Item)", "rpc Watch(Item) returns (Item)")],
    &[("rpc Watch(GetItemRequest) returns (Item)", "rpc Watch(GetItemRequest) returns (Size)")],
    &[("returns (Item);", "returns (Item) { option idempotency_level = NO_SIDE_EFFECTS; }")],
    &[("returns (Item);", "returns (Item) { option deprecated = true; }")],
    &[("returns (Item);", "returns (Item) { option (google.api.http) = {get: \"/v1/watch\"}; }")],
    &[("get: \"/v1/items\"", "get: \"/v1/items\" additional_bindings {get: \"/v2/items\"}")],
    &[("get: \"/v1/items\"", "get: \"/v2/items\"")],
    &[("body: \"item\"", "body: \"*\"")],
    &[("post: \"/v1/items\"", "put: \"/v1/items\"")],
    &[("/v1/shops/{shop_id}/items/{item_id}", "/v1/items/{item_id}/shops/{shop_id}")],
    &[("string page_token = 2;", "string token = 2;")],
    &[("int32 page_size = 1;", "int64 page_size = 1;")],
    &[("repeated Item items = 1;", "repeated Size items = 1;")],
    &[("service Shop {", "service Store {")],
    &[("service Shop {", "service Client {")],
    &[("// methods", "option deprecated = true;")],
    &[("// methods", "rpc New(GetItemRequest) returns (Item);")],
    &[("// methods", "rpc Clone(GetItemRequest) returns (Item);")],
    &[("// types", "message AddItemRequestMask {}")],
    &[(ANNOTATIONS, CLIENT), ("// methods", "option (google.api.default_host) = \"shop.example.com\";")],
    &[(ANNOTATIONS, CLIENT), ("// methods", "option (google.api.default_host) = \"shop.googleapis.com\";")],
    &[
        (ANNOTATIONS, CLIENT),
        ("// methods", "option (google.api.oauth_scopes) = \"https://shop.example.com/auth\";"),
    ],
    &[
        (ANNOTATIONS, "import \"google/api/annotations.proto\"; import \"google/api/routing.proto\";"),
        (
            "rpc Watch(GetItemRequest) returns (Item);",
            "rpc Watch(GetItemRequest) returns (Item) { option (google.api.routing) = {routing_parameters {field: \"shop_id\"}}; }",
        ),
    ],
    &[
        (ANNOTATIONS, "import \"google/api/annotations.proto\"; import \"google/api/field_info.proto\";"),
        ("  // add", "  string request_id = 3 [(google.api.field_info).format = UUID4];"),
    ],
    &[(
        "rpc Watch(GetItemRequest) returns (Item)",
        "rpc Watch(Size) returns (Item)",
    ), ("double width = 1;", "double width = 1 [(google.api.field_behavior) = OUTPUT_ONLY];")],
    &[
        (ANNOTATIONS, CLIENT),
        (
            "rpc Watch(GetItemRequest) returns (Item);",
            "rpc Watch(GetItemRequest) returns (Item) { option (google.api.method_signature) = \"item_id,shop_id\";
             option (google.api.http) = {get: \"/v1/{shop_id}/{item_id}\"}; }",
        ),
    ],
    &[(ANNOTATIONS, RESOURCE), ("  // item", ITEM)],
    &[
        (ANNOTATIONS, RESOURCE),
        ("  // get", "string name = 3 [(google.api.resource_reference).type = \"shop.example.com/Item\"];"),
        ("  // item", ITEM),
    ],
    &[("package acme.shop.v1;", "package acme.shop.v2;")],
];

/// A change of a resource that breaks code, and what the report says.
#[test]
fn changes_of_resource_names_are_reported() {
    let resource = |resource: &str| {
        let edits = [(ANNOTATIONS, RESOURCE), ("  // item", resource)];
        Snapshot::of(&model(&[("shop.proto", edited(&edits))], OPTIONS))
    };
    let of = |kind: &str, patterns: &[&str]| {
        format!("option (google.api.resource) = {{type: \"shop.example.com/{kind}\" pattern: {patterns:?}}};")
    };
    let one = resource(&of("Item", &["shops/{shop}/items/{item}"]));
    for (other, effect, text) in [
        (
            of("Item", &["shops/{shop}/items/{item}", "items/{item}"]),
            Effect::Source,
            "its function `shop`: `&str` → `Option<&str>`",
        ),
        (
            of("Item", &["shops/{shop}/items/{item}", "malls/{shop}/x/{item}"]),
            Effect::Added,
            "names of this form are accepted: `malls/{shop}/x/{item}`",
        ),
        (
            of("Item", &["shops/{shop}/goods/{item}"]),
            Effect::Source,
            "names of this form are rejected: `shops/{shop}/items/{item}`",
        ),
        (
            of("Item", &["shops/{item}/items/{shop}"]),
            Effect::Source,
            "its function `new`: `(shop, item)` → `(item, shop)`",
        ),
        (
            of("Ware", &["shops/{shop}/items/{item}"]),
            Effect::Source,
            "the type of its names is removed: `ItemName`",
        ),
    ] {
        let report = compare(&one, &resource(&other));
        let reasons: Vec<_> =
            report.sdk.iter().flat_map(|sdk| &sdk.changes).flat_map(|change| &change.reasons).collect();
        let found = reasons.iter().find(|reason| reason.text.to_string() == text);
        let found = found.unwrap_or_else(|| panic!("{other}: {}", report.to_text()));
        assert_eq!(found.effect, effect);
    }
}

#[test]
fn reports_go_with_the_generated_code() {
    let before = model(&[("shop.proto", API.to_owned())], OPTIONS);
    let (old, old_code) = (Snapshot::of(&before), code(&before));
    let (mut same, mut different) = (0, 0);
    let mut wrong = Vec::new();
    for edits in EDITS {
        let after = model(&[("shop.proto", edited(edits))], OPTIONS);
        let new = Snapshot::of(&after);
        let new_code = code(&after);
        let is_same = new_code == old_code;
        for (report, before, after) in
            [(compare(&old, &new), &old_code, &new_code), (compare(&new, &old), &new_code, &old_code)]
        {
            let sdk = report.sdk.as_ref().unwrap();
            let breaks_code = sdk.changes.iter().any(|change| change.has(Effect::Source));
            if (!is_same && report.is_empty()) || (is_same && breaks_code) {
                wrong.push(format!("{edits:?}: the code is the same: {is_same}\n{}", report.to_text()));
            }
            // If a report says that no code breaks, all previous items still exist.
            let after = offered(after);
            let gone: Vec<_> = offered(before).into_iter().filter(|line| !after.contains(line)).collect();
            if !breaks_code && !gone.is_empty() {
                wrong.push(format!("{edits:?}: {gone:?} is gone\n{}", report.to_text()));
            }
        }
        *(if is_same { &mut same } else { &mut different }) += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(same >= 4 && different > 40, "{same} {different}");
}
