use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::modules::SourceTree;
use super::{circles, too_long, violations, wings};

fn files(files: &[(&str, &str)]) -> BTreeMap<PathBuf, String> {
    files.iter().map(|(path, text)| (Path::new("src").join(path), (*text).to_owned())).collect()
}

fn tree(sources: &[(&str, &str)]) -> SourceTree {
    SourceTree::of_crate(Path::new("src"), &files(sources)).unwrap().remove(0)
}

fn circles_of(sources: &[(&str, &str)]) -> Vec<String> {
    circles::check(&tree(sources), &[])
}

#[test]
fn long_files_are_found() {
    let files = files(&[("short.rs", "//\n//\n"), ("long.rs", "//\n//\n//\n")]);
    let found: Vec<String> = too_long(&files, 2).collect();
    assert_eq!(found, ["src/long.rs:3: the file has 3 lines, more than 2"]);
}

#[test]
fn circles_are_found_with_what_makes_them() {
    let found = circles_of(&[
        ("lib.rs", "mod a;\nmod b;\nmod c;"),
        ("a.rs", "use super::b::{\n    Other,\n    make,\n};\npub(crate) struct A(Other);"),
        ("b/mod.rs", "pub(crate) mod inner;\npub(crate) struct Other;\npub(crate) fn make() {}"),
        ("b/inner.rs", "pub(crate) fn run(a: crate::a::A) {}"),
        ("c.rs", "fn call() { vec![crate::a::A]; }"),
    ]);
    // `b/mod.rs` uses nothing of `a`, and no file uses `c`.
    assert!(found.is_empty(), "{found:?}");
    let found = circles_of(&[
        ("lib.rs", "mod a;\nmod b;\nmod c;"),
        ("a.rs", "use super::b::{\n    Other,\n    make,\n};\npub(crate) struct A(Other);"),
        ("b.rs", "pub(crate) struct Other;\npub(crate) fn make() {\n    crate::c::run!(1);\n}"),
        ("c.rs", "macro_rules! run { ($x:expr) => { $crate::a::A($x) } }"),
    ]);
    let expected = "src/a.rs:1: 3 files are a circle:\n  src/a.rs:2 uses Other, make of src/b.rs\n  src/b.rs:3 uses run of \
                    src/c.rs\n  src/c.rs:1 uses A of src/a.rs";
    assert_eq!(found, [expected]);
}

#[test]
fn parents_re_exports_and_tests_make_no_circle() {
    let found = circles_of(&[
        ("lib.rs", "mod a;\nmod b;\npub use a::A;\npub(crate) type Result = ();"),
        ("a/mod.rs", "mod inner;\nmod other;\npub use self::inner::{A, call};\npub(crate) struct Shared;"),
        // An item that a parent re-exports belongs to the child that defines it.
        (
            "a/inner.rs",
            "use super::Shared;\nuse crate::Result;\npub struct A(Shared);\npub fn call() -> Result {}",
        ),
        ("a/other.rs", "use super::A;\n#[cfg(test)]\nmod tests {\n    use crate::b::B;\n}"),
        (
            "b.rs",
            "use crate::a;\npub(crate) struct B(crate::A);\nfn run() { a::call() }\n#[cfg(test)]\nuse crate::a::other::X;",
        ),
    ]);
    assert!(found.is_empty(), "{found:?}");
}

const TABLE: &str = "## The wings of the runtime\n\n| Wing | Holds | May use |\n|---|---|---|\n| `low` | `code` | |\n\
                     | `mid` | more | `low` |\n| `top` | all | `low`, `mid` |\n\n## Next\n\n| `gone` | |\n";

#[test]
fn upward_imports_are_found() {
    let table = wings::table(TABLE).unwrap();
    assert_eq!(table.keys().collect::<Vec<_>>(), ["low", "mid", "top"]);
    let found = wings::check(
        &tree(&[
            ("lib.rs", "mod low;\nmod mid;\nmod top;\npub use top::Top;\npub mod private { pub use prost; }"),
            ("low/mod.rs", "mod inner;\nmod tables;\npub struct Low;"),
            (
                "low/inner.rs",
                "use super::super::mid::Mid;\nuse super::Low;\nfn run() {\n    drop(crate::Top);\n}",
            ),
            ("mid.rs", "use crate::low::Low;\npub use crate::top::Top as Mid;"),
            (
                "top.rs",
                "use crate::{low, mid::Mid};\npub struct Top;\nfn run() { low::Low; }\n\
                        #[macro_export] macro_rules! table { () => {} }",
            ),
            (
                "low/tables.rs",
                "table! {}\nfn run() -> crate::private::prost::Message {\n    crate::table!()\n}",
            ),
        ]),
        &table,
    );
    assert_eq!(
        found,
        [
            "src/low/inner.rs:1: `low` may not use `mid` (crate::mid::Mid)",
            "src/low/inner.rs:1: `low` may not use `top` (crate::mid::Mid)",
            "src/low/inner.rs:4: `low` may not use `top` (crate::Top)",
            "src/low/tables.rs:1: `low` may not use `top` (crate::top::table)",
            "src/low/tables.rs:3: `low` may not use `top` (crate::table)",
            "src/mid.rs:2: `mid` may not use `top` (crate::top::Top)",
        ]
    );
}

#[test]
fn the_table_and_the_folders_must_agree() {
    let found = wings::check(
        &tree(&[
            ("lib.rs", "mod low;\nmod mid;\nmod more;"),
            ("low.rs", ""),
            ("mid.rs", ""),
            ("more.rs", ""),
        ]),
        &wings::table(TABLE).unwrap(),
    );
    assert_eq!(
        found,
        [
            "ARCHITECTURE.md: the runtime has no wing `top`",
            "src/more.rs:1: the wing `more` has no row in ARCHITECTURE.md",
        ]
    );
    assert!(wings::table("# Other").is_err());
}

#[test]
fn all_violations_are_reported_at_once() {
    let root = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = root.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("ARCHITECTURE.md", TABLE);
    write("xtask/src/main.rs", &"//\n".repeat(501));
    write("crates/rust-sdk-runtime/src/lib.rs", "mod low;\nmod mid;\nmod top;");
    write("crates/rust-sdk-runtime/src/low.rs", "use crate::mid::Mid;\npub(crate) struct Low;");
    write("crates/rust-sdk-runtime/src/mid.rs", "use crate::low::Low;\npub(crate) struct Mid(Low);");
    write("crates/rust-sdk-runtime/src/top.rs", "");
    write("crates/rust-sdk-runtime/tests/long.rs", &"//\n".repeat(801));
    let found = violations(root.path()).unwrap();
    let first_lines: Vec<&str> = found.iter().filter_map(|violation| violation.lines().next()).collect();
    assert_eq!(
        first_lines,
        [
            "crates/rust-sdk-runtime/tests/long.rs:801: the file has 801 lines, more than 800",
            "crates/rust-sdk-runtime/src/low.rs:1: 2 files are a circle:",
            "crates/rust-sdk-runtime/src/low.rs:1: `low` may not use `mid` (crate::mid::Mid)",
            "xtask/src/main.rs:501: the file has 501 lines, more than 500",
        ]
    );
}
