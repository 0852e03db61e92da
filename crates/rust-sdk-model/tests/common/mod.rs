//! Requests compiled from the test data, and their problems.
#![allow(dead_code, unreachable_pub)] // Each test uses its part.

use std::path::{Path, PathBuf};

use prost::Message as _;
use prost_types::{FileDescriptorProto, FileDescriptorSet};
use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver, IncludeFileResolver};
use rust_sdk_model::plugin::CodeGeneratorRequest;
use rust_sdk_model::{Api, Diagnostics, Options, Severity};

/// A `FileDescriptorSet` whose files stay bytes.
#[derive(Clone, PartialEq, prost::Message)]
pub struct RawFiles {
    #[prost(bytes = "bytes", repeated, tag = "1")]
    pub file: Vec<prost::bytes::Bytes>,
}

pub fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata")
}

/// A request for these files, found in `roots` below the test data.
pub fn request(roots: &[&str], files: &[String]) -> CodeGeneratorRequest {
    let mut compiler = protox::Compiler::new(roots.iter().map(|root| testdata().join(root))).unwrap();
    compiler.include_imports(true).include_source_info(true);
    compiler.open_files(files).unwrap_or_else(|error| panic!("{files:?}: {error:?}"));
    let set = compiler.encode_file_descriptor_set();
    let set = RawFiles::decode(set.as_slice()).unwrap();
    CodeGeneratorRequest { file_to_generate: files.to_vec(), parameter: None, proto_file: set.file }
}

/// The files that the generated code embeds.
pub fn embedded(api: &Api) -> Vec<FileDescriptorProto> {
    FileDescriptorSet::decode(api.descriptor_set.as_slice()).unwrap().file
}

/// Holds files, each with its name.
struct Sources(Vec<(String, String)>);

impl FileResolver for Sources {
    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        match self.0.iter().find(|(known, _)| known == name) {
            Some((_, text)) => File::from_source(name, text),
            None => Err(protox::Error::file_not_found(name)),
        }
    }
}

/// The name of a file that is given as text.
pub const SOURCE: &str = "source.proto";

/// A request for one file, given as text; it may import what is in `testdata/proto`.
pub fn request_of_source(text: &str) -> CodeGeneratorRequest {
    files(&[(SOURCE, text)])
}

/// A request for these files, each with its name and text; they may import what is in `testdata/proto`.
pub fn files(files: &[(&str, &str)]) -> CodeGeneratorRequest {
    let names: Vec<String> = files.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut resolver = ChainFileResolver::new();
    resolver
        .add(Sources(files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()));
    resolver.add(IncludeFileResolver::new(testdata().join("proto")));
    resolver.add(GoogleFileResolver::new());
    let mut compiler = protox::Compiler::with_file_resolver(resolver);
    compiler.include_imports(true).include_source_info(true);
    compiler.open_files(&names).unwrap_or_else(|error| panic!("{error:?}\n{files:?}"));
    let set = RawFiles::decode(compiler.encode_file_descriptor_set().as_slice()).unwrap();
    CodeGeneratorRequest { file_to_generate: names, parameter: None, proto_file: set.file }
}

/// The model of one file, given as text.
pub fn api_of_source(text: &str) -> Api {
    Api::build(&request_of_source(text), Options::default()).unwrap_or_else(|problems| panic!("{problems}"))
}

/// A request for every file of a folder below `testdata/proto`.
pub fn request_for_folder(folder: &str) -> CodeGeneratorRequest {
    request(&["proto"], &protos(folder))
}

/// The model of every file of a folder below `testdata/proto`.
pub fn api(folder: &str) -> Api {
    Api::build(&request_for_folder(folder), Options::default())
        .unwrap_or_else(|problems| panic!("{problems}"))
}

/// The names of the files in a folder below `testdata/proto`, sorted.
fn protos(folder: &str) -> Vec<String> {
    let root = testdata().join("proto");
    let mut open = vec![root.join(folder)];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "proto") {
            found.push(path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned());
        }
    }
    found.sort();
    found
}

/// All problems of a request with its own options, including warnings.
pub fn problems(request: &CodeGeneratorRequest) -> Diagnostics {
    match Api::from_request(request) {
        Ok(api) => api.warnings,
        Err(problems) => problems,
    }
}

pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
