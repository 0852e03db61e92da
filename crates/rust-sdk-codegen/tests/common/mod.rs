//! Code generated from the test data, or from one file given as text.
#![allow(dead_code, unreachable_pub)] // Each test uses its part.

use std::path::{Path, PathBuf};

use prost::Message as _;
use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver, IncludeFileResolver};
use rust_sdk_codegen::{Files, generate};
use rust_sdk_model::Api;
use rust_sdk_model::plugin::CodeGeneratorRequest;

/// A `FileDescriptorSet` whose files stay bytes, so that extensions survive.
#[derive(Clone, PartialEq, prost::Message)]
struct RawSet {
    #[prost(bytes = "bytes", repeated, tag = "1")]
    file: Vec<prost::bytes::Bytes>,
}

/// Holds files given as text.
struct Sources(Vec<(&'static str, String)>);

impl FileResolver for Sources {
    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        match self.0.iter().find(|(known, _)| *known == name) {
            Some((name, text)) => File::from_source(name, text),
            None => Err(protox::Error::file_not_found(name)),
        }
    }
}

/// Where the `.proto` files of the test data are.
pub fn protos() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/proto")
}

/// What is generated for these files, given as text; they may import what is in the test data.
pub fn files_of(sources: Vec<(&'static str, String)>, options: &str) -> Files {
    let names: Vec<String> = sources.iter().map(|(name, _)| (*name).to_owned()).collect();
    generate_from(Some(Sources(sources)), &names, options)
}

/// The same of one file.
pub fn files_of_source(source: &str, options: &str) -> Files {
    files_of(vec![("s.proto", source.to_owned())], options)
}

/// What is generated for a file of the test data.
pub fn files(proto: &str, options: &str) -> Files {
    generate_from(None, &[proto.to_owned()], options)
}

fn generate_from(sources: Option<Sources>, names: &[String], options: &str) -> Files {
    let mut resolver = ChainFileResolver::new();
    if let Some(sources) = sources {
        resolver.add(sources);
    }
    resolver.add(IncludeFileResolver::new(protos()));
    resolver.add(GoogleFileResolver::new());
    let mut compiler = protox::Compiler::with_file_resolver(resolver);
    compiler.include_source_info(true).include_imports(true);
    compiler.open_files(names).unwrap_or_else(|error| panic!("{error:?}"));
    let set = RawSet::decode(compiler.encode_file_descriptor_set().as_slice()).unwrap();
    let request = CodeGeneratorRequest {
        file_to_generate: names.to_vec(),
        parameter: Some(options.to_owned()),
        proto_file: set.file,
    };
    let api = Api::from_request(&request).unwrap_or_else(|problems| panic!("{problems}"));
    generate(&api).unwrap_or_else(|problems| panic!("{problems}"))
}
