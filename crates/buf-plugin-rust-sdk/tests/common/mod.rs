//! Requests as buf sends them, and the positions of annotations.
#![allow(dead_code, unreachable_pub)] // Each test uses its part.

use std::path::{Path, PathBuf};

use buf_plugin_rust_sdk::messages::{
    Annotation, CheckRequest, CheckResponse, FileDescriptor, FileLocation, Kind, List, Request, Response,
    Setting, Value,
};
use buf_plugin_rust_sdk::{Format, respond};
use prost::Message as _;
use prost_types::FileDescriptorProto;
use protox::Compiler;

pub const CHECK: &str = "type.googleapis.com/buf.plugin.check.v1.CheckRequest";

pub fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata")
}

/// These files and their imports.
pub fn files(roots: &[PathBuf], names: &[&str]) -> Vec<FileDescriptor> {
    #[derive(Clone, PartialEq, prost::Message)]
    struct Set {
        #[prost(bytes = "vec", repeated, tag = "1")]
        file: Vec<Vec<u8>>,
    }
    let mut compiler = Compiler::new(roots).unwrap();
    compiler.include_imports(true).include_source_info(true);
    compiler.open_files(names).unwrap_or_else(|error| panic!("{names:?}: {error:?}"));
    let set = Set::decode(compiler.encode_file_descriptor_set().as_slice()).unwrap();
    set.file
        .into_iter()
        .map(|bytes| {
            let proto = FileDescriptorProto::decode(bytes.as_slice()).unwrap();
            FileDescriptor { is_import: !names.contains(&proto.name()), file_descriptor_proto: bytes }
        })
        .collect()
}

pub fn text(text: &str) -> Kind {
    Kind::String(text.to_owned())
}

pub fn list(items: &[&str]) -> Kind {
    Kind::List(List { values: items.iter().map(|item| Value { kind: Some(text(item)) }).collect() })
}

pub fn request(
    files: Vec<FileDescriptor>,
    against: Vec<FileDescriptor>,
    rules: &[&str],
    options: &[(&str, Kind)],
) -> CheckRequest {
    let setting = |(key, kind): &(&str, Kind)| Setting {
        key: (*key).to_owned(),
        value: Some(Value { kind: Some(kind.clone()) }),
    };
    CheckRequest {
        file_descriptors: files,
        against_file_descriptors: against,
        options: options.iter().map(setting).collect(),
        rule_ids: rules.iter().map(|rule| (*rule).to_owned()).collect(),
    }
}

pub fn envelope(type_url: &str, value: Vec<u8>) -> Vec<u8> {
    let value = Some(prost_types::Any { type_url: type_url.to_owned(), value });
    Request { value }.encode_to_vec()
}

/// The response of the plugin, or its error.
pub fn check(request: &CheckRequest) -> Result<Vec<Annotation>, String> {
    let request = envelope(CHECK, request.encode_to_vec());
    let response = Response::decode(respond("check", Format::Binary, &request).unwrap().as_slice()).unwrap();
    if let Some(error) = response.error {
        return Err(error.message);
    }
    Ok(CheckResponse::decode(response.value.unwrap().value.as_slice()).unwrap().annotations)
}

/// `file:line` of a position, as buf finds it: the first location of this path.
pub fn place(files: &[FileDescriptor], location: Option<&FileLocation>) -> String {
    let Some(location) = location else { return "nowhere".to_owned() };
    let file = files
        .iter()
        .map(|file| FileDescriptorProto::decode(file.file_descriptor_proto.as_slice()).unwrap())
        .find(|file| file.name() == location.file_name)
        .unwrap_or_else(|| panic!("{location:?} is in no file of the request"));
    let info = file.source_code_info.unwrap();
    let found = info.location.iter().find(|known| known.path == location.source_path);
    let found = found.unwrap_or_else(|| panic!("{location:?} is no place in the file"));
    format!("{}:{}", location.file_name, found.span[0] + 1)
}

/// splitmix64: fast, and the same on every machine.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }
}
