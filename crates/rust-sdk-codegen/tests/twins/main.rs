//! Messages and enums beside those that prost-build makes of the same files, and beside the files' descriptors: no field, value or
//! default is missing, and each has the type, place, name and encoding that prost gives to it.

mod descriptors;
mod items;
mod ours;
mod theirs;

use std::collections::BTreeMap;
use std::path::Path;

use prost::Message as _;
use prost_types::{FileDescriptorProto, FileDescriptorSet};
use rust_sdk_codegen::{Files, generate};
use rust_sdk_model::Api;
use rust_sdk_model::plugin::CodeGeneratorRequest;

use crate::items::Items;

/// A `FileDescriptorSet` whose files stay bytes.
#[derive(Clone, PartialEq, prost::Message)]
struct RawSet {
    #[prost(bytes = "bytes", repeated, tag = "1")]
    file: Vec<prost::bytes::Bytes>,
}

/// The files of a folder below `testdata/proto`, compiled with their imports.
fn compile(folder: &str) -> (Vec<String>, Vec<u8>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/proto");
    let mut files = Vec::new();
    find(&root, &root.join(folder), &mut files);
    files.sort();
    assert!(!files.is_empty(), "{folder}");
    let mut compiler = protox::Compiler::new([&root]).unwrap();
    compiler.include_source_info(true).include_imports(true).open_files(&files).unwrap();
    (files, compiler.encode_file_descriptor_set())
}

fn find(root: &Path, folder: &Path, files: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find(root, &path, files);
        } else {
            files.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
        }
    }
}

fn generate_ours(names: &[String], set: &[u8]) -> Files {
    let request = CodeGeneratorRequest {
        file_to_generate: names.to_vec(),
        // Nothing is left out of module paths, as with prost-build.
        parameter: Some("crate_name=twins,strip_prefix=-,access=off".to_owned()),
        proto_file: RawSet::decode(set).unwrap().file,
    };
    generate(&Api::from_request(&request).unwrap()).unwrap()
}

/// The path of a package's file, in both outputs the same.
fn file_of(package: &str) -> String {
    let module =
        |part: &str| if part == "self" { "self_".to_owned() } else { heck::ToSnakeCase::to_snake_case(part) };
    let parts: Vec<String> = package.split('.').map(module).collect();
    if package.is_empty() { "src/lib.rs".to_owned() } else { format!("src/{}.rs", parts.join("/")) }
}

fn compare(folder: &str) {
    let (names, set) = compile(folder);
    let files = generate_ours(&names, &set);
    let set = FileDescriptorSet::decode(set.as_slice()).unwrap();
    let mut theirs = theirs::generate(&set);
    let mut packages: BTreeMap<&str, Vec<&FileDescriptorProto>> = BTreeMap::new();
    for file in set.file.iter().filter(|file| names.contains(&file.name().to_owned())) {
        packages.entry(file.package()).or_default().push(file);
    }
    let mut fields = 0;
    for (package, protos) in packages {
        let ours = ours::read(&files[&file_of(package)], package);
        fields += descriptors::check(&protos, &ours);
        let theirs = theirs.remove(package).unwrap_or_default();
        assert_same(package, &ours, &theirs);
    }
    assert!(fields > 40, "{folder}: {fields} fields");
}

/// Whether prost-build has this message otherwise. It requires itself there in a `Box`, so that making a default overflows the stack,
/// and only one side of a circle through a group is in a box.
fn is_endless(name: &str) -> bool {
    name.to_lowercase().starts_with("endless")
}

/// Item by item, so that a difference is small.
fn assert_same(package: &str, ours: &Items, theirs: &Items) {
    same(package, &ours.oneofs, &theirs.oneofs);
    same(package, &ours.enums, &theirs.enums);
    let mut messages = theirs.messages.clone();
    for (name, message) in &mut messages {
        for (field, default) in &mut message.defaults {
            // Of an alias prost-build makes the name of a variant that does not exist. The descriptors tell which is right.
            if is_type_like(default) && !has_variant(theirs, default) {
                default.clone_from(&ours.messages[name].defaults[field]);
            }
        }
    }
    messages.retain(|name, _| !is_endless(name));
    let ours = ours.messages.iter().filter(|(name, _)| !is_endless(name));
    same(package, &ours.map(|(name, message)| (name.clone(), message.clone())).collect(), &messages);
}

fn same<T: PartialEq + std::fmt::Debug>(
    package: &str,
    ours: &BTreeMap<String, T>,
    theirs: &BTreeMap<String, T>,
) {
    let keys = |items: &BTreeMap<String, T>| items.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(ours), keys(theirs), "{package}");
    for (name, item) in ours {
        assert_eq!(item, &theirs[name], "{package}: {name}");
    }
}

fn is_type_like(default: &str) -> bool {
    default.starts_with(char::is_uppercase) && default.contains(char::is_lowercase)
}

fn has_variant(items: &Items, name: &str) -> bool {
    items.enums.values().any(|item| item.variants.iter().any(|(variant, _)| variant == name))
}

#[test]
fn lumen() {
    compare("lumen");
}

#[test]
fn shapes() {
    compare("shapes");
}

#[test]
fn harbor() {
    compare("harbor");
}
