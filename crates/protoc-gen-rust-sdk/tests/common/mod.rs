//! Requests as protoc and buf would send them.
#![allow(dead_code)] // Each test file uses a part.

use std::any::Any;
use std::path::{Path, PathBuf};

use prost::Message as _;
use protox::Compiler;
use rust_sdk_model::plugin::CodeGeneratorRequest;

/// The test APIs.
pub(crate) fn protos() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/proto")
}

/// The files of these tests alone.
pub(crate) fn own_protos() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

/// A request for these files, with all that they import.
pub(crate) fn request(files: &[&str], parameter: &str) -> CodeGeneratorRequest {
    #[derive(Clone, PartialEq, prost::Message)]
    struct Set {
        #[prost(bytes = "bytes", repeated, tag = "1")]
        file: Vec<prost::bytes::Bytes>,
    }
    let mut compiler = Compiler::new([own_protos(), protos()]).unwrap();
    compiler.include_imports(true).include_source_info(true).open_files(files).unwrap();
    CodeGeneratorRequest {
        file_to_generate: files.iter().map(|file| (*file).to_owned()).collect(),
        parameter: Some(parameter.to_owned()),
        proto_file: Set::decode(compiler.encode_file_descriptor_set().as_slice()).unwrap().file,
    }
}

/// The names of all test files below a folder of the test APIs.
pub(crate) fn files_below(folder: &str) -> Vec<String> {
    fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                found.push(path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    let mut found = Vec::new();
    walk(&protos(), &protos().join(folder), &mut found);
    found.sort();
    found
}

/// What a panic says.
pub(crate) fn panic_text(payload: Box<dyn Any + Send>) -> String {
    payload.downcast::<String>().map_or_else(|_| "a panic".to_owned(), |text| *text)
}
