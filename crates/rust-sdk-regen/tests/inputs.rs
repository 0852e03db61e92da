//! The three kinds of input, and their errors.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rust_sdk_regen::{Files, Regen, RegenError};
use tempfile::TempDir;

fn protos() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/proto")
}

fn lumen(regen: Regen) -> Result<Files, RegenError> {
    let regen = regen.option("package=lumen").option("crate_name=lumen-cloud").option("reflection=off");
    regen.generate().map(|generated| generated.files)
}

fn compiled() -> Files {
    let files = lumen(Regen::new().proto_root(protos())).unwrap();
    assert!(files.len() > 1, "{:?}", files.keys());
    files
}

/// The embedded compiler's set, in the form of other compilers.
fn descriptor_set(names: &[&str]) -> Vec<u8> {
    let mut compiler = protox::Compiler::new([protos()]).unwrap();
    compiler.include_imports(true).include_source_info(true);
    for name in names {
        compiler.open_file(protos().join(name)).unwrap();
    }
    compiler.encode_file_descriptor_set()
}

fn all_of_lumen() -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, found) } else { found.push(path) }
        }
    }
    let mut found = Vec::new();
    walk(&protos().join("lumen"), &mut found);
    let names = found.iter().map(|path| path.strip_prefix(protos()).unwrap().to_str().unwrap().to_owned());
    names.collect()
}

/// The set as a buf image: every file states whether it is only an import.
fn as_image(set: &[u8], is_import: impl Fn(&str) -> bool) -> Vec<u8> {
    use prost::Message as _;
    #[derive(Clone, PartialEq, prost::Message)]
    struct Set {
        #[prost(bytes = "vec", repeated, tag = "1")]
        file: Vec<Vec<u8>>,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    struct Name {
        #[prost(string, tag = "1")]
        name: String,
    }
    let mut set = Set::decode(set).unwrap();
    for file in &mut set.file {
        let import = is_import(&Name::decode(file.as_slice()).unwrap().name);
        prost::encoding::bytes::encode(8042, &vec![8, u8::from(import)], file);
    }
    set.encode_to_vec()
}

#[test]
fn all_inputs_give_the_same_files() {
    let expected = compiled();
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("set.binpb");

    let names = all_of_lumen();
    let set = descriptor_set(&names.iter().map(String::as_str).collect::<Vec<_>>());
    fs::write(&file, &set).unwrap();
    assert_eq!(lumen(Regen::new().descriptor_set(&file)).unwrap(), expected);

    fs::write(&file, as_image(&set, |name| !name.starts_with("lumen/"))).unwrap();
    assert_eq!(lumen(Regen::new().descriptor_set(&file)).unwrap(), expected);

    // The same set twice, as after `cat`.
    fs::write(&file, [set.clone(), set].concat()).unwrap();
    assert_eq!(lumen(Regen::new().descriptor_set(&file)).unwrap(), expected);
}

#[test]
fn an_api_below_a_package_of_options_is_generated_from_a_set() {
    let folder = TempDir::new().unwrap();
    let protos = folder.path().join("protos");
    for (name, text) in [
        ("google/api/keys/v1/keys.proto", "service Keys { rpc Get(Key) returns (Key); } message Key {}"),
        ("google/api/keys/v1/kinds.proto", "message Kind {}"),
        ("google/api/parts/v1/parts.proto", "message Part {}"),
    ] {
        let path = protos.join(name);
        let package = name.rsplit_once('/').unwrap().0.replace('/', ".");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("syntax = \"proto3\"; package {package}; {text}")).unwrap();
    }
    let mut compiler = protox::Compiler::new([&protos]).unwrap();
    for name in ["keys/v1/keys", "keys/v1/kinds", "parts/v1/parts"] {
        compiler.open_file(protos.join(format!("google/api/{name}.proto"))).unwrap();
    }
    let file = folder.path().join("set.binpb");
    fs::write(&file, compiler.encode_file_descriptor_set()).unwrap();
    let regen = Regen::new().descriptor_set(&file).option("crate_name=everything");
    let files = regen.generate().unwrap().files;
    let keys = &files["src/google/api/keys/v1.rs"];
    assert!(keys.contains("struct Key ") && keys.contains("struct Kind "), "{keys}");
    assert!(!files.keys().any(|name| name.contains("parts")), "{:?}", files.keys());
}

#[test]
fn compiling_again_gives_the_same_bytes() {
    // The demo API has maps in options, and the descriptors are part of the output.
    let generate = || {
        let regen =
            Regen::new().proto_root(protos()).option("package=lumen").option("crate_name=lumen-cloud");
        regen.option("reflection=on").generate().unwrap().files
    };
    let first = generate();
    for _ in 0..5 {
        assert!(generate() == first);
    }
}

#[test]
fn a_set_made_by_protoc_gives_the_same_files() {
    if Command::new("protoc").arg("--version").output().is_err() {
        eprintln!("skipped: protoc is not there");
        return;
    }
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("set.pb");
    // This file uses `debug_redact`, which older versions do not know.
    let names: Vec<String> =
        all_of_lumen().into_iter().filter(|name| !name.ends_with("/key.proto")).collect();
    let run = Command::new("protoc")
        .args(["--include_imports", "--include_source_info", "-I"])
        .arg(protos())
        .arg("-o")
        .arg(&file)
        .args(&names)
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{stderr}");
    let by_protoc = lumen(Regen::new().descriptor_set(&file)).unwrap();
    fs::write(&file, descriptor_set(&names.iter().map(String::as_str).collect::<Vec<_>>())).unwrap();
    assert_eq!(by_protoc, lumen(Regen::new().descriptor_set(&file)).unwrap());
}

#[test]
fn an_image_generates_files_that_are_not_imports() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("image.binpb");
    let set = descriptor_set(&["shapes/streaming/v1/streaming.proto", "shapes/spread/v1/first.proto"]);
    fs::write(&file, as_image(&set, |name| !name.starts_with("shapes/streaming"))).unwrap();
    let files = Regen::new().descriptor_set(&file).generate().unwrap().files;
    let text: String = files.into_values().collect();
    assert!(text.contains("shapes.streaming.v1"));
    assert!(!text.contains("shapes.spread.v1"));
}

#[test]
fn a_set_without_imports_is_rejected_with_their_names() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("set.binpb");
    let mut compiler = protox::Compiler::new([protos()]).unwrap();
    compiler.include_source_info(true).open_file(protos().join("lumen/cloud/iam/v1/iam.proto")).unwrap();
    fs::write(&file, compiler.encode_file_descriptor_set()).unwrap();
    let error = lumen(Regen::new().descriptor_set(&file)).unwrap_err();
    let RegenError::MissingImports { missing, .. } = &error else { panic!("{error}") };
    assert!(missing.iter().any(|missing| missing.import == "google/api/annotations.proto"), "{error}");
    assert!(error.to_string().contains("--include_imports"), "{error}");
}

#[test]
fn invalid_descriptor_sets_are_rejected() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("set");
    for (bytes, expected) in [
        (&b"{\"file\": []}"[..], "is JSON"),
        (b"\x1f\x8b\x08\x00", "compressed with gzip"),
        (b"\xff\xff\xff", "is not a descriptor set"),
        (b"", "has no file"),
    ] {
        fs::write(&file, bytes).unwrap();
        let error = Regen::new().descriptor_set(&file).generate().unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn two_versions_of_one_file_are_rejected() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("set.binpb");
    let name = "shapes/streaming/v1/streaming.proto";
    let mut without_source = protox::Compiler::new([protos()]).unwrap();
    without_source.include_imports(true).open_file(protos().join(name)).unwrap();
    fs::write(&file, [descriptor_set(&[name]), without_source.encode_file_descriptor_set()].concat())
        .unwrap();
    let error = Regen::new().descriptor_set(&file).generate().unwrap_err();
    assert!(error.to_string().contains("two different files"), "{error}");
}

#[test]
fn all_files_that_do_not_compile_are_named_with_positions() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("a.proto", "syntax = \"proto3\";\nmessage A {\n  Missing field = 1;\n}\n");
    write("b.proto", "syntax = \"proto3\";\nmessage {}\nmessage B { int32 0 = 1; }\n");
    write("c.proto", "syntax = \"proto3\";\nimport \"gone.proto\";\n");
    write("d.proto", "syntax = \"proto3\";\nimport \"b.proto\";\n");
    let error = Regen::new().proto_root(folder.path()).generate().unwrap_err();
    let RegenError::Compile(problems) = &error else { panic!("{error}") };
    for place in ["a.proto:3:3: error: ", "b.proto:2:9: error: ", "b.proto:3:19: error: ", "c.proto:2:"] {
        assert_eq!(
            problems.iter().filter(|problem| problem.starts_with(place)).count(),
            1,
            "{place} in\n{error}"
        );
    }
    assert_eq!(problems.len(), 4, "{error}");
}

#[test]
fn includes_are_for_imports_only() {
    let folder = TempDir::new().unwrap();
    let (root, include) = (folder.path().join("root"), folder.path().join("include"));
    fs::create_dir_all(&root).unwrap();
    fs::create_dir_all(&include).unwrap();
    fs::write(include.join("other.proto"), "syntax = \"proto3\"; package other; message Unused {}").unwrap();
    let text = "syntax = \"proto3\"; package own; import \"other.proto\"; message Used {}";
    fs::write(root.join("own.proto"), text).unwrap();
    let regen = Regen::new().proto_root(&root);
    assert!(matches!(regen.generate().unwrap_err(), RegenError::Compile(_)));
    let files = regen.include(&include).generate().unwrap().files;
    let text: String = files.into_values().collect();
    assert!(text.contains("Used") && !text.contains("Unused"), "{text}");
}

#[test]
fn options_and_inputs_are_checked() {
    let error =
        Regen::new().proto_root(protos()).option("crat_name=a").option("layout=x").generate().unwrap_err();
    assert!(matches!(&error, RegenError::Diagnostics(problems) if problems.iter().count() == 2), "{error}");
    assert!(matches!(Regen::new().generate().unwrap_err(), RegenError::NoInput));
    let both = Regen::new().proto_root("a").descriptor_set("b");
    assert!(matches!(both.generate().unwrap_err(), RegenError::TwoInputs));
    assert!(matches!(Regen::new().proto_root(protos()).write().unwrap_err(), RegenError::NoOutput));
    let empty = TempDir::new().unwrap();
    assert!(matches!(
        Regen::new().proto_root(empty.path()).generate().unwrap_err(),
        RegenError::NoProtoFiles(_)
    ));
    assert!(matches!(Regen::new().proto_root("not/there").generate().unwrap_err(), RegenError::Io { .. }));
}

#[test]
fn write_then_check_agree_and_a_change_is_drift() {
    let folder = TempDir::new().unwrap();
    let regen = Regen::new()
        .proto_root(protos())
        .option("package=lumen")
        .option("crate_name=lumen-cloud")
        .out(folder.path())
        .fix_command("`make sdk`");
    let missing = regen.check().unwrap_err();
    assert!(matches!(&missing, RegenError::Drift(drift) if !drift.report.created.is_empty()), "{missing}");
    let written = regen.write().unwrap();
    assert!(written.created.len() > 1);
    let checked = regen.check().unwrap();
    assert_eq!((checked.unchanged, checked.created.len()), (written.created.len(), 0));

    let file = folder.path().join(&written.created[0]);
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{text}by hand\n")).unwrap();
    let error = regen.check().unwrap_err().to_string();
    assert!(error.contains("\n-by hand\n") && error.ends_with("help: run `make sdk`"), "{error}");
    assert_eq!(regen.write().unwrap().changed, [written.created[0].clone()]);
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}

/// Hostile nesting is an error with a position, in generated files and in their imports.
#[test]
fn too_deep_nesting_is_an_error() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let problem = || {
        Regen::new()
            .proto_root(folder.path())
            .option("crate_name=a")
            .generate()
            .map(|_| ())
            .unwrap_err()
            .to_string()
    };
    let nested = |depth: usize, open: &str, close: &str| {
        let value = format!("{}x: 1{}", open.repeat(depth), close.repeat(depth));
        format!(
            "syntax = \"proto3\";\npackage acme;\nimport \"google/protobuf/descriptor.proto\";\n\
             message R {{ R r = 1; int32 x = 2; repeated R l = 3; }}\nextend google.protobuf.FileOptions {{ R r = 50001; }}\n\
             option (r) = {{{value}}};\n"
        )
    };
    for (depth, open, close) in [
        (5_000, "r {", "}"),
        (5_000, "r <", ">"),
        (5_000, "l: [{", "}]"),
        (1_000_000, "r {", "}"),
        (300, "r {", "}"),
    ] {
        fs::write(path("a.proto"), nested(depth, open, close)).unwrap();
        let text = problem();
        assert!(text.starts_with("a.proto:6:") && text.contains("more than 256 deep"), "{text}");
    }
    // The same with the name of an option.
    let named = nested(0, "", "")
        .replace("option (r) = {x: 1};", &format!("option (r){}.x = 1;", ".r".repeat(100_000)));
    fs::write(path("a.proto"), named).unwrap();
    assert!(problem().starts_with("a.proto:6:"), "{}", problem());
    fs::create_dir(path("b")).unwrap();
    fs::rename(path("a.proto"), path("b/deep.proto")).unwrap();
    fs::write(path("a.proto"), "syntax = \"proto3\";\npackage acme;\nimport \"b/deep.proto\";\n").unwrap();
    assert!(problem().contains("b/deep.proto:6:"), "{}", problem());
    fs::remove_file(path("b/deep.proto")).unwrap();
    // Below the limit, the compiler has its own, and enough stack to report it.
    for (depth, open, close) in [(120, "r {", "}"), (253, "r {", "}"), (126, "l: [{", "}]")] {
        fs::write(path("a.proto"), nested(depth, open, close)).unwrap();
        assert!(!problem().contains("more than 256 deep"), "{}", problem());
    }
    for (depth, open, close) in [(90, "r {", "}"), (90, "l: [{", "}]")] {
        fs::write(path("a.proto"), nested(depth, open, close)).unwrap();
        let generated = Regen::new().proto_root(folder.path()).option("crate_name=a").generate();
        assert!(generated.is_ok(), "{}", generated.unwrap_err());
    }
}

/// The same for imports, which the compiler follows depth first.
#[test]
fn long_chains_of_imports_are_an_error() {
    let folder = TempDir::new().unwrap();
    let write = |count: usize| {
        for index in 0..count {
            let import =
                if index + 1 < count { format!("import \"f{}.proto\";\n", index + 1) } else { String::new() };
            let text = format!("syntax = \"proto3\";\npackage acme;\n{import}message M{index} {{}}\n");
            fs::write(folder.path().join(format!("f{index}.proto")), text).unwrap();
        }
    };
    let api = || Regen::new().proto_root(folder.path()).option("crate_name=a").api();
    write(1_000);
    assert!(api().is_ok());
    write(1_200);
    let problem = api().unwrap_err().to_string();
    assert!(
        problem.contains("f1001.proto: error: the chain of imports has more than 1000 files"),
        "{problem}"
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_is_never_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = |name: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        path.display().to_string()
    };
    let input = pipe("proto/a.proto");
    let error = Regen::new().proto_root(folder.path().join("proto")).generate().unwrap_err().to_string();
    assert_eq!(error, format!("`{input}` is not a regular file: move it out of the way"));

    let output = pipe("out/src/lib.rs");
    let regen = Regen::new().proto_root(protos()).option("package=lumen").out(folder.path().join("out"));
    let error = regen.write().unwrap_err().to_string();
    assert_eq!(error, format!("`{output}` is not a regular file: move it out of the way"));
}

#[test]
fn files_of_mixed_in_services_are_found_in_includes() {
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("proto");
    fs::create_dir(&root).unwrap();
    let proto =
        "syntax = \"proto3\"; package acme.v1; message A {} service Shelves { rpc Get(A) returns (A); }";
    fs::write(root.join("acme.proto"), proto).unwrap();
    let config = folder.path().join("acme.yaml");
    let apis = "apis: [{name: acme.v1.Shelves}, {name: google.cloud.location.Locations}]";
    fs::write(&config, format!("type: google.api.Service\n{apis}\n")).unwrap();
    let services = |regen: Regen| {
        let api = regen.proto_root(&root).service_config(&config).api().unwrap();
        let services: Vec<String> = api.services().map(|(_, service)| service.full_name.clone()).collect();
        (services, api.crate_name.clone(), api.warnings.iter().count())
    };
    let both = ["acme.v1.Shelves", "google.cloud.location.Locations"].map(str::to_owned).to_vec();
    assert_eq!(services(Regen::new().include(protos())), (both, "acme".to_owned(), 0));
    // Without the file, a warning says so.
    assert_eq!(services(Regen::new()), (vec!["acme.v1.Shelves".to_owned()], "acme".to_owned(), 1));
}

fn write_all(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("syntax = \"proto3\";\n{text}")).unwrap();
    }
}

/// As in a checkout of googleapis, of which one API is wanted.
#[test]
fn a_root_within_an_include_takes_its_names_from_there() {
    let folder = TempDir::new().unwrap();
    let all = folder.path().join("all");
    write_all(
        &all,
        &[
            (
                "acme/pump/v1/pump.proto",
                "package acme.pump.v1; import \"acme/pump/v1/parts.proto\"; import \"acme/type/t.proto\"; message Pump { Part part = 1; acme.type.T t = 2; }",
            ),
            ("acme/pump/v1/parts.proto", "package acme.pump.v1; message Part {}"),
            ("acme/type/t.proto", "package acme.type; message T {}"),
            ("acme/other/v1/broken.proto", "package acme.other.v1; message Broken { Nope nope = 1; }"),
        ],
    );
    let generate = |root: PathBuf, include: PathBuf| {
        let regen = Regen::new().proto_root(root).include(include).option("crate_name=acme-pump");
        regen.generate().unwrap().files
    };
    let files = generate(all.join("acme/pump/v1"), all.clone());
    assert!(files["src/v1.rs"].contains("pub t: Option<crate::acme::r#type::T>"), "{}", files["src/v1.rs"]);
    assert!(!files.contains_key("src/acme/other/v1.rs"));
    // The folders may be written in different ways.
    assert_eq!(generate(all.join("../all/acme/type/../pump/v1"), all.join("acme/..")), files);
}

/// As with `proto` and `proto/third_party`.
#[test]
fn an_include_within_a_root_is_for_imports_only() {
    let folder = TempDir::new().unwrap();
    write_all(
        folder.path(),
        &[
            ("acme.proto", "package acme.v1; import \"other/o.proto\"; message A { other.O o = 1; }"),
            ("third_party/other/o.proto", "package other; message O {}"),
            ("third_party/other/p.proto", "package other.p; message P {}"),
        ],
    );
    let regen = Regen::new().proto_root(folder.path()).include(folder.path().join("third_party"));
    let files = regen.option("crate_name=acme").generate().unwrap().files;
    assert!(
        files.contains_key("src/other.rs") && !files.contains_key("src/other/p.rs"),
        "{:?}",
        files.keys()
    );
}

#[test]
fn excluded_files_are_left_out_unless_others_need_them() {
    let folder = TempDir::new().unwrap();
    write_all(
        folder.path(),
        &[
            (
                "acme/v1/a.proto",
                "package acme.v1; import \"acme/v1/used.proto\"; message A { Used used = 1; }",
            ),
            (
                "acme/v1/used.proto",
                "package acme.v1; message Used {} service S { rpc Get(Used) returns (Used); }",
            ),
            ("preview/acme/v1/a.proto", "package acme.v1; message A { Nope nope = 1; }"),
            ("acme/v1/b_internal.proto", "package acme.v1; message B {}"),
        ],
    );
    let regen = Regen::new().proto_root(folder.path()).option("crate_name=acme");
    assert!(regen.generate().is_err());
    let regen = regen.exclude("preview").exclude("**/*_internal.proto").exclude("acme/v1/used.proto");
    let files = regen.generate().unwrap().files;
    let text = &files["src/v1.rs"];
    assert!(text.contains("pub struct A") && text.contains("pub struct Used"), "{text}");
    assert!(!text.contains("pub struct B"), "{text}");
    assert!(!files.contains_key("src/v1/s.rs"), "the service of an import: {:?}", files.keys());
    let error = regen.exclude("**").generate().unwrap_err().to_string();
    assert!(error.contains("the option `exclude` leaves all of them out"), "{error}");
}
