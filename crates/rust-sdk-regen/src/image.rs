//! Descriptor sets and buf images → a request.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use prost::Message;
use prost::bytes::Bytes;
use prost::encoding::{DecodeContext, decode_key, encode_key, skip_field};
use rust_sdk_model::plugin::CodeGeneratorRequest;

use crate::error::{IoContext as _, MissingImport, RegenError};

/// `buf.alpha.image.v1.ImageFile.buf_extension`, where buf states which files are only imports.
const BUF_EXTENSION: u32 = 8042;

/// Packages that sets usually contain only as imports, with the packages below them that have no service: `google.api.apikeys.v2` is an API.
const IMPORTS_ONLY: [&str; 4] = ["google.protobuf", "google.api", "google.rpc", "buf.validate"];

/// Reads a set or an image. With `all`, every file of a plain set is generated: the options select the packages.
pub(crate) fn request(path: &Path, all: bool) -> Result<CodeGeneratorRequest, RegenError> {
    decode(path, &fs::read(path).context("read", path)?, all)
}

/// Decodes the bytes of this file.
pub(crate) fn decode(path: &Path, bytes: &[u8], all: bool) -> Result<CodeGeneratorRequest, RegenError> {
    let broken = |message: String| RegenError::DescriptorSet { file: path.to_owned(), message };
    if let Some(format) = other_format(bytes) {
        return Err(broken(format!("is {format}, not an encoded FileDescriptorSet (.binpb, .pb)")));
    }
    let encoded = split(bytes).map_err(|error| broken(format!("is not a descriptor set: {error}")))?;
    if encoded.is_empty() {
        return Err(broken("has no file".to_owned()));
    }

    let mut heads = BTreeMap::new();
    let mut proto_file = Vec::with_capacity(encoded.len());
    for bytes in encoded {
        let head = FileHead::decode(bytes.as_slice())
            .map_err(|error| broken(format!("has a file that cannot be read: {error}")))?;
        let bytes = if head.buf.is_some() { without_buf_extension(&bytes).unwrap_or(bytes) } else { bytes };
        let name = head.name.clone();
        match heads.insert(name.clone(), (head, proto_file.len())) {
            None => proto_file.push(Bytes::from(bytes)),
            // Concatenated sets often repeat a file.
            Some((_, first)) if proto_file[first] == bytes => {
                heads.entry(name).and_modify(|(_, index)| *index = first);
            }
            Some(_) => return Err(broken(format!("has two different files `{name}`"))),
        }
    }
    check_imports(path, &heads)?;

    let with_services = heads.values().filter(|(head, _)| !head.service.is_empty());
    let apis: BTreeSet<String> = with_services
        .map(|(head, _)| head.package.clone())
        .filter(|package| !IMPORTS_ONLY.contains(&package.as_str()))
        .collect();
    let is_image = heads.values().any(|(head, _)| head.buf.is_some());
    let wanted = |head: &FileHead| match &head.buf {
        Some(buf) => !buf.is_import,
        None => !is_image && (all || !is_imports_only(&head.package) || apis.contains(&head.package)),
    };
    let file_to_generate =
        heads.iter().filter(|(_, (head, _))| wanted(head)).map(|(name, _)| name.clone()).collect();
    Ok(CodeGeneratorRequest { file_to_generate, parameter: None, proto_file })
}

/// The files of a set, each still encoded.
pub(crate) fn split(set: &[u8]) -> Result<Vec<Vec<u8>>, prost::DecodeError> {
    Ok(EncodedSet::decode(set)?.file)
}

/// A set of encoded files.
pub(crate) fn join(file: Vec<Vec<u8>>) -> Vec<u8> {
    EncodedSet { file }.encode_to_vec()
}

fn other_format(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x1f, 0x8b, ..] => Some("compressed with gzip"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("compressed with zstd"),
        [b'{', ..] => Some("JSON"),
        _ => None,
    }
}

fn is_imports_only(package: &str) -> bool {
    IMPORTS_ONLY.iter().any(|prefix| {
        package.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

fn check_imports(path: &Path, heads: &BTreeMap<String, (FileHead, usize)>) -> Result<(), RegenError> {
    let missing: BTreeSet<MissingImport> = heads
        .iter()
        .flat_map(|(file, (head, _))| head.dependency.iter().map(move |import| (file, import)))
        .filter(|(_, import)| !heads.contains_key(*import))
        .map(|(file, import)| MissingImport { file: file.clone(), import: import.clone() })
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(RegenError::MissingImports { file: path.to_owned(), missing: missing.into_iter().collect() })
}

/// Drops buf's own field from the bytes. Decoding the file would also drop the extensions of options.
fn without_buf_extension(file: &[u8]) -> Result<Vec<u8>, prost::DecodeError> {
    let mut kept = Vec::with_capacity(file.len());
    let mut rest = file;
    while !rest.is_empty() {
        let (number, wire_type) = decode_key(&mut rest)?;
        let value = rest;
        skip_field(wire_type, number, &mut rest, DecodeContext::default())?;
        if number != BUF_EXTENSION {
            encode_key(number, wire_type, &mut kept);
            kept.extend_from_slice(&value[..value.len() - rest.len()]);
        }
    }
    Ok(kept)
}

#[derive(Clone, PartialEq, Message)]
struct EncodedSet {
    #[prost(bytes = "vec", repeated, tag = "1")]
    file: Vec<Vec<u8>>,
}

/// The fields of a `FileDescriptorProto` that are read here.
#[derive(Clone, PartialEq, Message)]
struct FileHead {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    package: String,
    #[prost(string, repeated, tag = "3")]
    dependency: Vec<String>,
    #[prost(bytes = "vec", repeated, tag = "6")]
    service: Vec<Vec<u8>>,
    #[prost(message, optional, tag = "8042")]
    buf: Option<BufExtension>,
}

/// `buf.alpha.image.v1.ImageFileExtension`.
#[derive(Clone, PartialEq, Message)]
struct BufExtension {
    #[prost(bool, tag = "1")]
    is_import: bool,
}
