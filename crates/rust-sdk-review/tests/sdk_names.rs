//! What a change of services, packages and names breaks in the generated crate.

mod common;

use common::files::{API, edited};
use common::sdk::{check, reported, review, snapshot, snapshot_of};
use rust_sdk_review::compare;

/// The file with a `Watch` that returns an operation with these options.
fn watching(options: &str) -> String {
    let rpc = format!("rpc Watch(GetItemRequest) returns (google.longrunning.Operation) {{ {options} }}");
    edited(&[
        ("import \"buf/", "import \"google/longrunning/operations.proto\"; import \"buf/"),
        ("rpc Watch(GetItemRequest) returns (Item);", &rpc),
    ])
}

#[test]
fn operations() {
    let file = |response, metadata| {
        let types = format!("response_type: \"{response}\" metadata_type: \"{metadata}\"");
        watching(&format!("option (google.longrunning.operation_info) = {{{types}}};"))
    };
    let (plain, old) = (watching(""), file("Item", "Size"));
    let changes = |old: &str, new: &str| {
        let lines = reported(&compare(&snapshot(old), &snapshot(new)).sdk.unwrap().changes);
        lines.into_iter().filter(|line| line.contains("Shop/Watch")).collect::<Vec<_>>()
    };
    assert!(changes(&old, &old).is_empty());
    let added = changes(&plain, &old);
    assert!(added[0].contains("Added Definition it starts a long-running operation"), "{added:?}");
    assert!(added.iter().all(|line| line.contains("Added")), "{added:?}");
    let removed = &changes(&old, &plain)[0];
    assert!(removed.contains("Source Signature its calls no longer have `poller()`"), "{removed}");
    let types = changes(&old, &file("Size", "google.protobuf.Empty"));
    for expected in [
        "Source Signature the response of its operation: `acme.shop.v1.Item` → `acme.shop.v1.Size`",
        "Source Signature the metadata of its operation: `acme.shop.v1.Size` → `google.protobuf.Empty`",
        "Wire Definition an old client rejects the response of the operation",
        "Wire Definition an old client rejects the metadata of the operation",
    ] {
        assert!(types.iter().any(|line| line.contains(expected)), "{expected}: {types:?}");
    }
}

#[test]
fn methods_and_services() {
    check(
        &[("// methods", "rpc Count(GetItemRequest) returns (Item);")],
        &["method Shop/Count: Added Definition a new method"],
    );
    check(
        &[("  rpc Watch(GetItemRequest) returns (Item);\n", "")],
        &[
            "method Shop/Watch: Source Definition the function is removed: `watch`",
            "method Shop/Watch: Wire Definition gRPC calls to it fail with UNIMPLEMENTED",
        ],
    );
    check(&[("rpc Watch(", "rpc Observe(")], &["Shop/Watch: Source", "Shop/Watch: Wire"]);
    // Two names in the file that are the same function and constant in Rust.
    check(
        &[("rpc GetItem(", "rpc getItem(")],
        &["Shop/GetItem: Wire Definition gRPC calls to its old name fail with UNIMPLEMENTED"],
    );
    check(
        &[("rpc Watch(GetItemRequest) returns (Item)", "rpc Watch(GetItemRequest) returns (stream Item)")],
        &[
            "Shop/Watch: Source Definition streaming: `unary` → `server`",
            "Shop/Watch: Wire Definition calls between an old and a new peer fail",
        ],
    );
    check(
        &[("rpc Watch(GetItemRequest) returns (Item)", "rpc Watch(AddItemRequest) returns (Size)")],
        &[
            "Shop/Watch: Source Definition request: `acme.shop.v1.GetItemRequest` → `acme.shop.v1.AddItemRequest`",
            "Shop/Watch: Source Definition response: `acme.shop.v1.Item` → `acme.shop.v1.Size`",
            "Shop/Watch: Wire Definition old and new peers lose or misread each other's fields",
        ],
    );
    check(
        &[("string next_page_token = 2;", "string next = 2;")],
        &[
            "Shop/ListItems: Source Signature its calls no longer have `items()` and `pages()`",
            "ListItemsResponse.next_page_token: Source",
            "ListItemsResponse.next_page_token: Wire",
        ],
    );
    check(
        &[("service Shop {", "service Store {")],
        &[
            "service Shop: Source Definition its type: `Shop` → `Store`",
            "its module: `shop` → `store`",
            "its client's function: `shop` → `store`",
            "its client: `ShopClient` → `StoreClient`",
            "its stub: `ShopStub` → `StoreStub`",
            "service Shop: Wire Definition gRPC calls to its old name fail with UNIMPLEMENTED",
        ],
    );
    check(
        &[("// methods", "option deprecated = true;")],
        &[
            "service Shop: Added Definition it is deprecated",
            "Shop/GetItem: Added Definition it is deprecated",
        ],
    );
}

#[test]
fn the_order_of_parameters_is_a_part_of_a_signature() {
    let path = ("/v1/shops/{shop_id}/items/{item_id}", "/v1/items/{item_id}/shops/{shop_id}");
    check(
        &[path],
        &[
            "Shop/GetItem: Source Signature parameters: `get_item(shop_id: string, item_id: string)` → `get_item(item_id: string, \
           shop_id: string)`; old code compiles, but passes values in the wrong positions",
        ],
    );
    check(
        &[path, ("string item_id = 2;", "int32 item_id = 2;")],
        &[
            "Shop/GetItem: Source Signature parameters",
            "GetItemRequest.item_id: Source",
            "GetItemRequest.item_id: Wire",
            "its path builder",
        ],
    );
    // For old code, a renamed parameter is the same; the path builder's fields have names.
    let report = review(&[("string item_id = 2;", "string id = 2;"), ("{item_id}", "{id}")]);
    let lines = reported(&report.sdk.unwrap().changes);
    assert!(!lines.iter().any(|line| line.contains("parameters")), "{lines:?}");
    assert!(
        lines.iter().any(|line| line.contains(
            "its path builder: `rest::GetItem { item_id, shop_id }` → `rest::GetItem { id, shop_id }`"
        )),
        "{lines:?}"
    );
    // With fewer variables in the path, fewer parameters are required.
    check(
        &[("/v1/shops/{shop_id}/items/{item_id}", "/v1/items/{item_id}")],
        &[
            "Shop/GetItem: Source Signature parameters: `get_item(shop_id: string, item_id: string)` → `get_item(item_id: string)`",
            "its path builder",
        ],
    );
}

/// An addition elsewhere may take a name, though the files of the affected element stay the same.
#[test]
fn names_taken_by_others() {
    let other = |text: &str| {
        let package = format!("syntax = \"proto3\";\npackage acme.depot.v1;\n{text}\n");
        snapshot_of(
            &[("shop.proto", API.to_owned()), ("depot.proto", package)],
            "crate_name=acme,strip_prefix=acme",
        )
    };
    let report =
        compare(&other("message M {}"), &other("service Shop { rpc A(M) returns (M); }\nmessage M {}"));
    let lines = reported(&report.sdk.unwrap().changes);
    assert!(
        lines
            .iter()
            .any(|line| line
                .starts_with("service Shop: Source Name its client's function: `shop` → `shop_shop`")),
        "{lines:?}"
    );
}

#[test]
fn packages_and_the_crate() {
    let moved = edited(&[("package acme.shop.v1;", "package acme.store.v2;")]);
    let report = compare(
        &snapshot_of(&[("shop.proto", API.to_owned())], "crate_name=acme"),
        &snapshot_of(&[("shop.proto", moved)], "crate_name=acme"),
    );
    let lines = reported(&report.sdk.as_ref().unwrap().changes);
    // Reported once, and not again for everything in it.
    assert_eq!(
        lines.iter().filter(|line| !line.contains(" Added ")).map(String::as_str).collect::<Vec<_>>(),
        [
            "crate feature shop-v1: Source Definition it is removed: `acme.shop.v1`",
            "package acme.shop.v1: Source Definition its module: `shop::v1` → `store::v2`",
            "service Shop: Wire Definition gRPC calls to its old name fail with UNIMPLEMENTED: `acme.shop.v1.Shop` → `acme.store.v2.Shop`",
        ]
    );
    let without = snapshot_of(
        &[("other.proto", "syntax = \"proto3\";\npackage acme.other.v1;\nmessage M {}\n".to_owned())],
        "crate_name=acme",
    );
    let with = snapshot_of(&[("shop.proto", API.to_owned())], "crate_name=acme");
    let lines = reported(&compare(&with, &without).sdk.unwrap().changes);
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("package acme.shop.v1: Source Definition the package is removed")),
        "{lines:?}"
    );
    assert!(lines.iter().any(|line| line.starts_with("package acme.shop.v1: Wire")), "{lines:?}");
    let options = |options: &str| snapshot_of(&[("shop.proto", API.to_owned())], options);
    for (new, part) in [
        ("crate_name=other", "crate crate: Source Definition `acme` → `other`"),
        ("crate_name=acme,rest=off", "crate rest: Source Definition it is removed"),
        ("crate_name=acme,layout=modules", "crate layout: Source Definition `a crate` → `a module tree`"),
    ] {
        let lines = reported(&compare(&options("crate_name=acme"), &options(new)).sdk.unwrap().changes);
        assert!(lines.iter().any(|line| line.starts_with(part)), "{part}: {lines:?}");
    }
}

#[test]
fn constants_of_permissions_are_a_part_of_the_crate() {
    let file = |permission: &str| {
        format!(
            "syntax = \"proto3\";\npackage acme.shop.v1;\nimport \"lumen/cloud/common/v1/common.proto\";\n\
             service Shop {{ rpc A(M) returns (M) {{ option (lumen.cloud.common.v1.permissions) = \"{permission}\"; }} }}\n\
             message M {{ string account_id = 1; }}\n"
        )
    };
    let report = compare(&snapshot(&file("read:a")), &snapshot(&file("read:b")));
    assert_eq!(
        reported(&report.sdk.unwrap().changes),
        [
            "crate access::permissions::READ_A: Source Definition it is removed: `read:a`",
            "crate access::permissions::READ_B: Added Definition new in the crate",
        ]
    );
}
