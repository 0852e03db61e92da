//! `layout=workspace`: which packages are one crate, their names, and what is rejected.

use std::fs;
use std::path::Path;

use rust_sdk_regen::{Files, Generated, Regen, RegenError};
use tempfile::TempDir;

/// A package with a message for each pair of file name and text.
fn protos(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("syntax = \"proto3\";\n{text}")).unwrap();
    }
    folder
}

fn regen(folder: &Path, options: &[&str]) -> Regen {
    let regen = Regen::new().proto_root(folder).option("layout=workspace");
    options.iter().fold(regen, |regen, option| regen.option(*option))
}

fn generate(files: &[(&str, &str)], options: &[&str]) -> Result<Generated, RegenError> {
    regen(protos(files).path(), options).generate()
}

fn error(files: &[(&str, &str)], options: &[&str]) -> String {
    generate(files, options).unwrap_err().to_string()
}

/// The crates, and the packages of each as its README lists them.
fn crates(files: &Files) -> Vec<String> {
    let root = &files["README.md"];
    let rows = root.lines().filter_map(|line| line.strip_prefix("| ["));
    rows.map(|row| {
        let (name, rest) = row.split_once(']').unwrap();
        let packages = rest.split('|').nth(1).unwrap().trim().replace('`', "");
        format!("{name}: {packages}")
    })
    .collect()
}

fn message(package: &str, name: &str) -> String {
    format!("package {package};\nmessage {name} {{}}")
}

#[test]
fn a_crate_has_a_package_or_a_version_or_what_an_option_groups() {
    let texts = ["a.kind", "a.v1", "a.v1.jobs", "a.v1.jobs.v2", "b.x.v1", "b.y.v1", "c.x", "c.y"]
        .map(|package| (format!("{}.proto", package.replace('.', "/")), message(package, "M")));
    let files: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let found = generate(&files, &["crate=b", "crate=c=sea", "crate=c.x"]).unwrap();
    assert_eq!(
        crates(&found.files),
        [
            "a-kind: a.kind",
            "a-v1: a.v1, a.v1.jobs",
            "a-v1-jobs-v2: a.v1.jobs.v2",
            "b: b.x.v1, b.y.v1",
            "c-x: c.x",
            "sea: c.y"
        ]
    );
    assert!(found.files.contains_key("crates/a-v1/src/jobs.rs"), "{:?}", found.files.keys());
    assert!(found.files["crates/a-kind/src/lib.rs"].contains("pub struct M"));
}

/// `a` and `b` need each other, by different files.
const CIRCLE: [(&str, &str); 4] = [
    ("a1.proto", "package x.a.v1;\nimport \"b1.proto\";\nmessage A { x.b.v1.B b = 1; }"),
    ("a2.proto", "package x.a.v1;\nmessage Small {}"),
    ("b1.proto", "package x.b.v1;\nimport \"a2.proto\";\nmessage B { x.a.v1.Small small = 1; }"),
    ("c.proto", "package x.c.v1;\nimport \"a1.proto\";\nmessage C { x.a.v1.A a = 1; }"),
];

#[test]
fn packages_that_need_each_other_are_one_crate() {
    let found = generate(&CIRCLE, &[]).unwrap();
    assert_eq!(crates(&found.files), ["x: x.a.v1, x.b.v1", "x-c-v1: x.c.v1"]);
    assert!(found.files["crates/x-c-v1/src/lib.rs"].contains("pub a: Option<::x::a::v1::A>"));
    let named = generate(&CIRCLE, &["crate=x.b.v1=both"]).unwrap();
    assert_eq!(crates(&named.files), ["both: x.a.v1, x.b.v1", "x-c-v1: x.c.v1"]);
}

#[test]
fn groups_that_match_nothing_or_need_each_other_are_reported() {
    assert_eq!(
        error(&CIRCLE, &["crate=x.cc.v1", "crate=x.a", "crate=x.b=bee", "crate=x.a=again"]),
        "error[plugin-option]: `crate=x.a` is set twice\n  help: set it once\n\
         error[plugin-option]: `crate=x.cc.v1` names no package that is generated\n  help: did you mean `crate=x.c.v1`?\n\
         error[plugin-option]: the packages of `crate=x.a` and `crate=x.b` need each other\n  help: put them into one \
         crate: Cargo allows no circles"
    );
}

#[test]
fn crates_of_one_name_are_reported() {
    let files = [("a.proto", "package a.b_c;\nmessage M {}"), ("b.proto", "package a.b.c;\nmessage M {}")];
    assert_eq!(
        error(&files, &[]),
        "error[name-collision]: the crates of `a.b.c` and `a.b_c` are both called `a-b-c`\n  help: name one of them by \
         `crate=a.b_c=NAME`, or group their packages by `crate=PREFIX`"
    );
    assert_eq!(crates(&generate(&files, &["crate=a.b_c=other"]).unwrap().files).len(), 2);
}

#[test]
fn options_of_other_layouts_are_reported() {
    let file = [("a.proto", "package a;\nmessage M {}")];
    let problem = error(&file, &["crate_name=a", "strip_prefix=a"]);
    assert!(problem.contains("option `crate_name` has no meaning with `layout=workspace`"), "{problem}");
    assert!(problem.contains("option `strip_prefix` has no meaning with `layout=workspace`"), "{problem}");
    let one = Regen::new().proto_root(protos(&file).path()).option("crate=a").generate().unwrap_err();
    assert!(one.to_string().contains("option `crate` has no meaning with `layout=crate`"), "{one}");
    for value in ["crate=", "crate=a..b", "crate=a=1", "crate=a=core"] {
        assert!(generate(&file, &[value]).is_err(), "{value}");
    }
}

#[test]
fn an_option_that_fits_one_crate_is_right_and_one_that_fits_none_is_reported_once() {
    let files = [
        ("a.proto", "package a;\nmessage M {}"),
        (
            "b.proto",
            "package b;\nmessage Request { int32 page = 1; int32 limit = 2; }\nmessage Response { repeated Row rows = 1; }\n\
             message Row {}\nservice S { rpc List(Request) returns (Response); }",
        ),
    ];
    let good = ["rename=b.Row=Line", "pagination=page1:page;limit:rows"];
    let found = generate(&files, &good).unwrap();
    assert!(found.warnings.is_empty(), "{}", found.warnings);
    assert!(found.files["crates/b/src/lib.rs"].contains("pub struct Line"));
    let problem = error(&files, &["rename=b.Wrong=Line", "pagination=page1:wrong;limit:rows"]);
    assert_eq!(problem.matches("error[").count(), 2, "{problem}");
    assert!(problem.contains("`rename` names `b.Wrong`"), "{problem}");
}

#[test]
fn access_of_one_crate_is_that_of_the_run() {
    let options = "package opt;\nimport \"google/protobuf/descriptor.proto\";\n\
                   extend google.protobuf.MethodOptions { repeated string permissions = 50001; }";
    let stated = "package a;\nimport \"opt.proto\";\nmessage M { string account_id = 1; }\n\
                  service S { rpc Get(M) returns (M) { option (opt.permissions) = \"read\"; } }";
    let unstated = "package b;\nmessage M {}\nservice S { rpc Get(M) returns (M); }";
    let files = [("opt.proto", options), ("a.proto", stated), ("b.proto", unstated)];
    // The second crate imports no option of access, but its methods are no freer for that.
    let problem = error(&files, &[]);
    assert!(problem.starts_with("b.proto:4:13: error[access-unstated]: S.Get"), "{problem}");
    let found = generate(&files, &["unstated=deny"]).unwrap();
    // A method without a rule denies every call.
    assert!(
        !found.files["crates/b/src/s.rs"].contains("rt::Access::"),
        "{}",
        found.files["crates/b/src/s.rs"]
    );
    assert!(found.files["crates/a/src/s.rs"].contains("rt::Access::"));
    assert_eq!(crates(&found.files), ["a: a", "b: b"]);
}

#[test]
fn the_files_of_a_crate_that_vanished_are_deleted() {
    let out = TempDir::new().unwrap();
    let folder = protos(&CIRCLE);
    let run = || regen(folder.path(), &[]).out(out.path());
    run().write().unwrap();
    run().check().unwrap();
    fs::remove_file(folder.path().join("c.proto")).unwrap();
    let drift = run().check().unwrap_err().to_string();
    assert!(drift.contains("stale: crates/x-c-v1/Cargo.toml"), "{drift}");
    assert!(drift.contains("different: Cargo.toml"), "{drift}");
    run().write().unwrap();
    assert!(!out.path().join("crates/x-c-v1").exists());
    assert!(out.path().join("crates/x/Cargo.toml").exists());
    run().check().unwrap();
}

#[test]
fn the_same_request_gives_the_same_files() {
    let folder = protos(&CIRCLE);
    let first = regen(folder.path(), &[]).generate().unwrap().files;
    for _ in 0..4 {
        assert!(regen(folder.path(), &[]).generate().unwrap().files == first);
    }
}

/// A crate may use a type within a message whose name a package of that crate has, too, without the package.
#[test]
fn crates_agree_on_the_module_of_a_message_that_a_package_shares() {
    let found = generate(
        &[
            ("a.proto", "package a.v1;\nmessage Cluster { message Part {} Part part = 1; }"),
            ("b.proto", "package a.v1.cluster;\nmessage Node {}"),
            ("c.proto", "package c.v1;\nimport \"a.proto\";\nmessage M { a.v1.Cluster.Part part = 1; }"),
        ],
        &[],
    )
    .unwrap();
    let owner = &found.files["crates/a-v1/src/lib.rs"];
    assert!(owner.contains("pub mod cluster;") && owner.contains("pub mod cluster_types {"), "{owner}");
    let user = &found.files["crates/c-v1/src/lib.rs"];
    assert!(user.contains("pub part: Option<::a_v1::cluster_types::Part>"), "{user}");
}
