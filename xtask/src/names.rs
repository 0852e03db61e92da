//! Checks that every name that protobuf allows gives code that compiles without a warning: generates an API with the
//! names that Rust, Cargo, the standard library and generated code use.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use rust_sdk_regen::Regen;

use crate::workspace::cargo_in;
use crate::{Result, root, workspace};

/// Names for services, messages, oneofs and methods. All differ in CamelCase.
const TYPES: &str = "\
    AsMut AsRef AsyncFn Box Clone Copy Default Drop Eq Err Extend Fn FnMut From FromIterator Future Into IntoFuture IntoIterator \
    Iterator None Ok Option Ord PartialEq PartialOrd Result Send Sized Some String Sync ToOwned TryFrom TryInto Unpin Vec \
    Arc Any BTreeMap Body BoxFuture BoxStream Bytes Cell Context Cow Debug Display Duration Error Formatter Hash Infallible \
    InterceptedService Pin Poll Rc Request Response Service StdError Status Stream Streaming Timestamp Weak Write \
    Access Accessors Api Binding Builder Call Calls Caller Client Code Decision Enum Event Field Fields Items Mask Masks Message \
    Method Metadata NamedService OpenEnum Pages Rest Rpc Runtime Schemas Scope Server Stub Template Types Value View Wait \
    as async await become crate dyn extern gen impl macro match mod move override priv pub ref self static struct super trait try \
    type typeof union unsafe unsized use virtual where yield \
    bool char f64 i32 isize str u8 usize \
    XGet X_Post HTTPServer lower_case SCREAMING_CASE v1 V2Beta1 A1b_2 _Leading Trailing_ Con Aux Lib Main Bin";

/// Names for packages, which become modules, files and features.
const PACKAGES: &str = "\
    access accessors alloc async aux bin calls client com1 con core crate default gen lib lpt9 macro main masks mod options prost \
    proc_macro runtime rust_sdk_runtime schemas self server std super test tls_ring tonic type r2024 v1";

/// Names for fields, oneofs and enum values besides those above.
const FIELDS: &str = "\
    account_id body build call client clone decode default encode encode_raw encoded_len eq fmt hash into into_future items merge \
    ne page_size page_token pages path request requests response self_ send setter stream timeout to_string to_owned try_into \
    type_id unless value wait_until with_response within within_value";

/// A crate to generate: its folder and its options.
struct Crate {
    name: &'static str,
    options: &'static [&'static str],
}

const CRATES: [Crate; 4] = [
    Crate { name: "names", options: &["server=on", "reflection=on"] },
    // Everything at the crate's root.
    Crate { name: "flat", options: &["server=on", "rust_edition=2021"] },
    // Packages that would share a module.
    Crate { name: "shared", options: &["server=on"] },
    // Names that are equal in Rust, with others instead.
    Crate {
        name: "renamed",
        options: &[
            "server=on",
            "rename=renamed.v1.IOKind=IoMessage",
            "rename=renamed.v1.IoKind.Open=OPEN_NOW",
            "rename=renamed.v1.Fields.Choice=selection",
            "rename=renamed.v1.Fields.textURL=number",
            "rename=renamed.v1.Fields.ioHTTP=io_number",
            "rename=renamed.v1.Shelves=ShelfService",
            "rename=renamed.v1.Shelves.GetHttp=GetPlainHttp",
        ],
    },
];

const RENAMED: &str = r#"
syntax = "proto2";
package renamed.v1;
import "google/api/annotations.proto";
message IOKind { message Part {} optional Part part = 1; }
enum IoKind { IO_KIND_UNSPECIFIED = 0; OPEN = 1; Open = 2; }
message Fields {
  optional string choice = 1;
  oneof Choice { string text = 2; int32 textURL = 3; bytes text_url = 7; IoKind kind = 4; }
  optional IoKind io_http = 5 [default = Open];
  optional int32 ioHTTP = 6;
  optional IOKind message = 8;
}
// See [kinds][renamed.v1.IOKind] and [now][renamed.v1.IoKind.Open].
service Shelves {
  rpc GetHTTP(Fields) returns (IOKind) { option (google.api.http) = {get: "/v1/{choice}"}; }
  rpc GetHttp(Fields) returns (IOKind) { option (google.api.http) = {post: "/v2/{ioHTTP}" body: "message"}; }
}
"#;

/// Messages with the names of packages beside them.
const BESIDE_PACKAGES: &str = r#"
syntax = "proto3";
package shared.api;
import "cluster.proto";
message Cluster {
  message Part { oneof size { int32 small = 1; shared.api.cluster.Node node = 2; } }
  enum Kind { KIND_UNSPECIFIED = 0; }
  oneof choice { Part part = 1; Kind kind = 2; }
}
message Type { oneof kind { Cluster.Part part = 1; Cluster.Kind other = 2; } }
// See [a part][shared.api.Cluster.Part] and [a node][shared.api.cluster.Node].
service Clusters { rpc Get(Cluster.Part) returns (Type); }
"#;

/// Generates the crates and checks them in every way that could show a warning.
pub(crate) fn run() -> Result<()> {
    let folder = root().join("target/names");
    if folder.join("proto").exists() {
        fs::remove_dir_all(folder.join("proto"))?;
    }
    write(&folder, "names/types.proto", &types())?;
    write(&folder, "names/services.proto", &services())?;
    for package in PACKAGES.split_whitespace() {
        write(&folder, &format!("names/packages/{package}.proto"), &in_package(&format!("names.{package}")))?;
    }
    write(&folder, "flat/flat.proto", &flat())?;
    // The crate's root needs it, so every set of features does.
    write(
        &folder,
        "flat/flat/apart.proto",
        "syntax = \"proto3\";\npackage apart.v1;\nmessage Thing { string id = 1; }\n",
    )?;
    for (file, package) in
        [("a", "shared.common.v1"), ("b", "common.v1"), ("c", "x.Foo.v1"), ("d", "x.foo.v1"), ("e", "shared")]
    {
        write(&folder, &format!("shared/{file}.proto"), &in_package(package))?;
    }
    write(&folder, "shared/api.proto", BESIDE_PACKAGES)?;
    for (file, package) in [("cluster", "shared.api.cluster"), ("type", "shared.api.type")] {
        let text = format!("syntax = \"proto3\";\npackage {package};\nmessage Node {{ string name = 1; }}\n");
        write(&folder, &format!("shared/{file}.proto"), &text)?;
    }
    write(&folder, "renamed/renamed.proto", RENAMED)?;
    let mut members = Vec::new();
    for Crate { name, options } in &CRATES {
        let regen = Regen::new()
            .proto_root(folder.join("proto").join(name))
            .include(root().join("testdata/proto"))
            .option(format!("crate_name={name}"))
            .option(format!("runtime=path:{}", root().join("crates/rust-sdk-runtime").display()))
            .out(folder.join(name));
        let regen = options.iter().fold(regen, |regen, option| regen.option(*option));
        println!("generated {name}: {}", regen.write()?);
        check_links(&folder.join(name).join("src"))?;
        members.push(format!("\"{name}\""));
    }
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", "));
    fs::write(folder.join("Cargo.toml"), manifest)?;
    // The tested versions, so that cargo does not look for newer ones.
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    let features = "grpc,rest,json,server,testing,tracing,all-packages";
    check(&folder, &["clippy", "--quiet", "--workspace", "--features", features, "--", "-D", "warnings"])?;
    check(&folder, &["check", "--quiet", "--package", "flat", "--no-default-features"])?;
    check(&folder, &["doc", "--quiet", "--workspace", "--no-deps", "--features", features])
}

fn check(folder: &Path, arguments: &[&str]) -> Result<()> {
    workspace::run(cargo_in(folder).env("RUSTDOCFLAGS", "-D warnings").args(arguments))
}

fn write(folder: &Path, name: &str, text: &str) -> Result<()> {
    let path: PathBuf = folder.join("proto").join(name);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    Ok(fs::write(path, text)?)
}

/// Messages, enums, fields, oneofs and values of every name.
fn types() -> String {
    let mut out = "syntax = \"proto3\";\npackage names.types;\n".to_owned();
    let types = || TYPES.split_whitespace();
    for name in types() {
        // Each message contains itself in every way: nested, singular, in a list, in a map and in a oneof.
        let _ = writeln!(
            out,
            "{}\nmessage {name} {{\n  message Inner {{ {name} outer = 1; }}\n  enum Kind {{ ZERO = 0; }}\n  \
             {name} one = 1;\n  repeated {name} many = 2;\n  map<string, {name}> by_name = 3;\n  \
             oneof choice {{ {name} {} = 4; Kind kind = 5; string text = 6; }}\n}}",
            references(
                &["", ".Inner.outer", ".Kind.ZERO", ".many", ".choice", ".text"]
                    .map(|member| format!("{name}{member}"))
            ),
            field_name(name),
        );
    }
    for (title, optional) in [("Implicit", ""), ("Explicit", "optional ")] {
        let _ = writeln!(out, "message {title}Fields {{");
        let mut number = 0;
        for name in field_names() {
            number += 1;
            let ty = ["string", "bytes", "int32", "Names.Kind", "Box", "bool"][number % 6];
            let reference = references(&[format!("{title}Fields.{name}")]);
            let _ = writeln!(out, "  {reference}\n  {optional}{ty} {name} = {number};");
        }
        out.push_str("}\n");
    }
    // Oneofs of every name, and oneofs whose names nested messages take.
    out.push_str("message Oneofs {\n");
    for (index, name) in field_names().iter().enumerate() {
        let number = 2 * index + 1;
        let _ = writeln!(
            out,
            "  message Of{index} {{ message Kind {{}} message KindOneOf {{}} oneof kind {{ Kind a = 1; KindOneOf b = 2; }} }}\n  \
             {}\n  oneof {name} {{ string a{number} = {number}; bytes b{number} = {}; }}",
            references(&[format!("Oneofs.{name}")]),
            number + 1,
        );
    }
    out.push_str("}\nmessage Names {\n  enum Kind {\n    KIND_UNSPECIFIED = 0;\n");
    for (index, name) in field_names().iter().enumerate() {
        let value = format!("KIND_{}", name.to_uppercase());
        let reference = references(&[format!("Names.Kind.{value}")]);
        let _ = writeln!(out, "    {reference}\n    {value} = {};", index + 1);
    }
    out.push_str("  }\n}\n");
    out
}

/// The text of references to elements.
const REFERENCE: &str = "REFERENCE";

/// A comment that refers to these elements.
fn references(names: &[String]) -> String {
    names.iter().fold("//".to_owned(), |comment, name| format!("{comment} [{REFERENCE}][{name}]"))
}

/// Checks that every reference in the files of this folder has become a link.
fn check_links(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            check_links(&path)?;
            continue;
        }
        let text = fs::read_to_string(&path)?;
        let link = format!("[{REFERENCE}](");
        if let Some(line) = text.lines().find(|line| line.replace(&link, "").contains(REFERENCE)) {
            return Err(format!("{}: no link in `{line}`", path.display()).into());
        }
    }
    Ok(())
}

/// Field names that stay distinct in snake case and in Rust.
fn field_names() -> Vec<String> {
    let mut names: Vec<String> = TYPES
        .split_whitespace()
        .map(field_name)
        .chain(FIELDS.split_whitespace().map(str::to_owned))
        .collect();
    // `r_self` and `rself` look the same.
    let bare = |name: &String| name.replace('_', "").to_lowercase();
    names.sort_by_key(bare);
    names.dedup_by_key(|name| bare(name));
    names
}

/// `AsMut` → `as_mut`.
fn field_name(name: &str) -> String {
    let mut out = String::new();
    let mut before = '_';
    for letter in name.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
        before = letter;
    }
    out.trim_matches('_').to_owned()
}

/// Services of every name, with methods of every kind; one service has methods of every name.
fn services() -> String {
    let mut out = "syntax = \"proto3\";\npackage names.services;\nimport \"google/api/annotations.proto\";\n\
                   message Note { string id = 1; int32 size = 2; optional bool open = 3; }\n"
        .to_owned();
    for (index, name) in TYPES.split_whitespace().enumerate() {
        let _ = writeln!(
            out,
            "{}\nservice {name} {{\n  rpc Get(Note) returns (Note) {{ option (google.api.http) = {{get: \"/s{index}/{{id}}\"}}; }}\n  \
             rpc Watch(Note) returns (stream Note);\n  rpc Collect(stream Note) returns (Note);\n  \
             rpc Chat(stream Note) returns (stream Note);\n}}",
            references(&[name.to_owned(), format!("{name}.Get")]),
        );
    }
    out.push_str("service Methods {\n");
    for (index, name) in field_names().iter().enumerate() {
        let name = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        let _ = writeln!(
            out,
            "  {}\n  rpc {name}(Note) returns (Note) {{ option (google.api.http) = {{post: \"/m{index}/{{id}}\" body: \"*\"}}; }}",
            references(&[format!("Methods.{name}")]),
        );
    }
    out.push_str("}\n");
    out
}

/// A package with one of everything.
fn in_package(package: &str) -> String {
    format!(
        "syntax = \"proto3\";\n{}\npackage {package};\nimport \"google/api/annotations.proto\";\n\
         message Thing {{ string id = 1; oneof choice {{ Thing thing = 2; string text = 3; }} }}\n\
         service Things {{\n  rpc GetThing(Thing) returns (Thing) {{ option (google.api.http) = {{get: \"/{package}/{{id}}\"}}; }}\n}}\n",
        references(&[format!("{package}.Thing"), "Things.GetThing".to_owned()]),
    )
}

/// An API of one package at the crate's root, so that modules of its types stand beside the modules that every crate has.
fn flat() -> String {
    let mut out =
        "syntax = \"proto3\";\npackage flat;\nimport \"google/api/annotations.proto\";\nimport \"flat/apart.proto\";\n\
         message Root { apart.v1.Thing thing = 1; }\n"
            .to_owned();
    for name in [
        "Client",
        "Runtime",
        "Access",
        "Options",
        "Schemas",
        "Calls",
        "Accessors",
        "Masks",
        "Api",
        "Error",
        "Call",
    ] {
        let _ = writeln!(
            out,
            "message {name} {{ enum Kind {{ ZERO = 0; }} Kind kind = 1; string id = 2; oneof choice {{ {name} a = 3; Kind b = 4; }} }}"
        );
    }
    for name in ["StreamCall", "Lib", "Main", "Types", "API2"] {
        let _ = writeln!(
            out,
            "service {name} {{ rpc Get(Client) returns (Error) {{ option (google.api.http) = {{get: \"/{name}/{{id}}\"}}; }} }}"
        );
    }
    out
}
