//! Runs the real buf and protoc, if they are installed: `BUF` or `PROTOC`, the folder `target/peers`, or the `PATH`.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rust_sdk_regen::{Files, MANIFEST, Regen};
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_protoc-gen-rust-sdk");

fn peer(name: &str) -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let stated = std::env::var_os(name.to_uppercase()).map(PathBuf::from);
    let installed = workspace.join("target/peers/node_modules/.bin").join(name);
    let found = stated.into_iter().chain([installed, PathBuf::from(name)]);
    let peer = found.into_iter().find(|path| {
        Command::new(path).arg("--version").output().is_ok_and(|output| output.status.success())
    });
    if peer.is_none() {
        eprintln!("skipped: {name} is not there");
    }
    peer
}

/// All files below a folder.
fn files(folder: &Path) -> Files {
    fn walk(root: &Path, folder: &Path, found: &mut Files) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

fn in_process(options: &[&str]) -> Files {
    let regen =
        options.iter().fold(Regen::new().proto_root(common::protos()), |regen, option| regen.option(*option));
    regen.generate().unwrap().files
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{command:?}\n{stderr}");
    stderr
}

/// The names of files, and the first difference of one that differs: whole files would hide it.
fn assert_same(left: &Files, right: &Files) {
    assert_eq!(left.keys().collect::<Vec<_>>(), right.keys().collect::<Vec<_>>());
    for (name, text) in left {
        let differs = text.lines().zip(right[name].lines()).find(|(left, right)| left != right);
        assert_eq!(differs, None, "in {name}");
        assert!(*text == right[name], "{name}");
    }
}

#[test]
fn buf_generates_what_the_embedded_compiler_does() {
    let Some(buf) = peer("buf") else { return };
    let folder = TempDir::new().unwrap();
    let template = format!(
        "version: v2\nplugins:\n  - local: {BINARY}\n    out: out\n    strategy: all\n    opt: [package=lumen, crate_name=lumen-cloud, server=on]\n"
    );
    fs::write(folder.path().join("buf.gen.yaml"), template).unwrap();
    run(Command::new(&buf).arg("generate").arg(common::protos()).current_dir(folder.path()));
    let expected = in_process(&["package=lumen", "crate_name=lumen-cloud", "server=on"]);
    assert_same(&files(&folder.path().join("out")), &expected);
}

#[test]
fn a_buf_image_generates_what_the_embedded_compiler_does() {
    let Some(buf) = peer("buf") else { return };
    let folder = TempDir::new().unwrap();
    let image = folder.path().join("image.binpb");
    run(Command::new(&buf).arg("build").arg(common::protos()).arg("-o").arg(&image));
    for options in [["package=lumen", "crate_name=lumen-cloud"], ["package=shapes", "crate_name=shapes"]] {
        let out = folder.path().join(options[1]);
        let regen = options
            .iter()
            .fold(Regen::new().descriptor_set(&image).out(&out), |regen, option| regen.option(*option));
        regen.write().unwrap();
        let mut written = files(&out);
        written.remove(MANIFEST).unwrap();
        assert_same(&written, &in_process(&options));
    }
}

#[test]
fn a_buf_image_is_reviewed_as_the_files_that_it_is_of() {
    let Some(buf) = peer("buf") else { return };
    let folder = TempDir::new().unwrap();
    let image = folder.path().join("image.binpb");
    run(Command::new(&buf).arg("build").arg(common::protos()).arg("-o").arg(&image));
    let review = |old: &Path, new: &Path| {
        let options = ["--format", "json", "--opt", "package=lumen", "--fail-on", "none"];
        let output = Command::new(BINARY).arg("review").arg(old).arg(new).args(options).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let none = folder.path().join("none.json");
    fs::write(&none, r#"{"methods": {}}"#).unwrap();
    assert_eq!(review(&none, &image), review(&none, &common::protos()));
    assert!(review(&none, &image).contains("lumen.cloud.iam.v1.IAMService/ListRoles"));
    assert!(review(&image, &common::protos()).contains("\"access\": []"));
}

#[test]
fn buf_directory_by_directory_is_rejected_with_the_reason() {
    let Some(buf) = peer("buf") else { return };
    let folder = TempDir::new().unwrap();
    let template = format!(
        "version: v2\nplugins:\n  - local: {BINARY}\n    out: out\n    opt: [package=shapes.spread]\n"
    );
    fs::write(folder.path().join("buf.gen.yaml"), template).unwrap();
    let output =
        Command::new(&buf).arg("generate").arg(common::protos()).current_dir(folder.path()).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && stderr.contains("error["), "{stderr}");
}

#[test]
fn protoc_generates_what_the_embedded_compiler_does() {
    let Some(protoc) = peer("protoc") else { return };
    let folder = TempDir::new().unwrap();
    // Some installed versions do not support editions and the newest options; they support these files.
    let names: Vec<String> =
        common::files_below("lumen").into_iter().filter(|name| !name.ends_with("/key.proto")).collect();
    run(Command::new(&protoc)
        .arg(format!("--plugin=protoc-gen-rust-sdk={BINARY}"))
        .arg(format!("--rust-sdk_out=crate_name=lumen-cloud:{}", folder.path().display()))
        .arg("-I")
        .arg(common::protos())
        .args(&names));
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let request = common::request(&names, "crate_name=lumen-cloud");
    let options = rust_sdk_model::Options::parse("crate_name=lumen-cloud").unwrap();
    let expected = rust_sdk_regen::generate(request, options).unwrap().files;
    assert_same(&files(folder.path()), &expected);
}
