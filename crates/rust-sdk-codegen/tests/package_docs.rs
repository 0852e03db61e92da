//! What the documentation of modules says of their packages.

mod common;

use common::{files_of, files_of_source};

/// The documentation that the file begins with.
fn inner(file: &str) -> String {
    let lines = file.lines().filter_map(|line| line.strip_prefix("//!"));
    lines.map(str::trim).collect::<Vec<_>>().join("\n")
}

/// The documentation of an inline module.
fn outer<'a>(file: &'a str, module: &str) -> &'a str {
    let before = file.split(&format!("pub mod {module} {{")).next().unwrap();
    before.lines().rev().find_map(|line| line.trim().strip_prefix("/// ")).unwrap()
}

#[test]
fn a_package_is_described_by_its_own_comment_first() {
    let source = "syntax = \"proto3\";
         // Shelves and\n // rooms.\n package a.v1;
         // S does.\n service S { rpc Call(M) returns (M); } message M {}";
    let files = files_of_source(source, "crate_name=c");
    assert_eq!(inner(&files["src/a/v1.rs"]), "Shelves and\nrooms.\n\nPackage `a.v1`.");
    assert_eq!(outer(&files["src/lib.rs"], "a"), "Shelves and rooms.");
}

#[test]
fn else_by_its_services() {
    let one = "syntax = \"proto3\"; package a.v1;
         // S does\n // much.\n //\n // More.\n service S { rpc Call(M) returns (M); } message M {}";
    let files = files_of_source(one, "crate_name=c");
    assert_eq!(inner(&files["src/a/v1.rs"]), "S does much.\n\nPackage `a.v1`.");
    assert_eq!(outer(&files["src/lib.rs"], "a"), "S does much.");
    let two = "syntax = \"proto3\"; package a.v1; message M {}
         // S does.\n service S { rpc Call(M) returns (M); } service T { rpc Call(M) returns (M); }";
    let files = files_of_source(two, "crate_name=c");
    assert_eq!(
        inner(&files["src/a/v1.rs"]),
        "The services [`S`](struct@S) and [`T`](struct@T).\n\n* [`S`](struct@S): S does.\n* [`T`](struct@T)\n\nPackage `a.v1`."
    );
    assert_eq!(outer(&files["src/lib.rs"], "a"), "The services `S` and `T`.");
}

#[test]
fn else_by_its_messages() {
    let source = "syntax = \"proto3\"; package a.v1; message M { message Inner {} } message N {}";
    let files = files_of_source(source, "crate_name=c");
    assert_eq!(
        inner(&files["src/a/v1.rs"]),
        "The messages [`M`](struct@M) and [`N`](struct@N).\n\nPackage `a.v1`."
    );
    assert_eq!(outer(&files["src/lib.rs"], "a"), "The messages `M` and `N`.");
}

#[test]
fn a_module_of_several_packages_names_their_services_once() {
    let package = |version: &str, more: &str| {
        format!(
            "syntax = \"proto3\"; package a.b.{version}; message M {{}} service S {{ rpc Call(M) returns (M); }} {more}"
        )
    };
    let sources = vec![
        ("1.proto", package("v1", "")),
        ("2.proto", package("v2", "service T { rpc Call(M) returns (M); }")),
    ];
    let files = files_of(sources, "crate_name=c");
    assert_eq!(outer(&files["src/lib.rs"], "b"), "The services `S` and `T`.");
}
