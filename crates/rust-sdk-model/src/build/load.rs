//! Request bytes → a descriptor pool and the files in a stable order.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use prost::Message as _;
use prost_reflect::DescriptorPool;
use prost_types::FileDescriptorProto;

use super::identifiers;
use crate::diagnostic::{Code, Diagnostics};
use crate::editions;
use crate::plugin::CodeGeneratorRequest;
use crate::source::SourceIndex;
use crate::wire;

/// `FileDescriptorProto.source_code_info`.
const SOURCE_CODE_INFO: u32 = 9;

/// What was loaded of a request.
pub(crate) struct Loaded {
    pub(crate) pool: DescriptorPool,
    /// Dependencies first, otherwise by name.
    pub(crate) files: Vec<File>,
    /// The encoded `FileDescriptorSet`, without source information.
    pub(crate) descriptor_set: Vec<u8>,
}

pub(crate) struct File {
    pub(crate) proto: FileDescriptorProto,
    pub(crate) source: SourceIndex,
    /// Whether the request asks for this file, not only for something that imports it.
    pub(crate) requested: bool,
}

pub(crate) fn load(request: &CodeGeneratorRequest) -> Result<Loaded, Diagnostics> {
    let mut problems = Diagnostics::default();
    let mut by_name = BTreeMap::new();
    for (index, bytes) in request.proto_file.iter().enumerate() {
        match read(bytes) {
            Ok((proto, bytes)) => {
                identifiers::check(&proto, &mut problems);
                by_name.entry(proto.name().to_owned()).or_insert((proto, bytes));
            }
            Err(Unread::Bytes(error)) => problems.push_global(
                Code::Descriptor,
                format!("file {index} of the request cannot be read: {error}"),
                "the request's `proto_file` entries must be encoded FileDescriptorProtos",
            ),
            Err(Unread::Edition(found)) => problems.extend(found),
        }
    }
    for name in &request.file_to_generate {
        if !by_name.contains_key(name) && problems.is_empty() {
            problems.push_global(
                Code::Descriptor,
                format!("the request asks for `{name}` but does not hold it"),
                "pass the file's descriptor, and those of all its imports, in `proto_file`",
            );
        }
    }
    if !problems.is_empty() {
        return Err(problems.sorted());
    }

    let requested: BTreeSet<&str> = request.file_to_generate.iter().map(String::as_str).collect();
    let order = dependencies_first(&by_name);
    let pool = pool(&order, &by_name)?;
    check_map_entries(&pool)?;
    let descriptor_set = descriptor_set(&order, &by_name);
    let mut files = Vec::with_capacity(order.len());
    for name in order {
        if let Some((proto, _)) = by_name.remove(&name) {
            let source = SourceIndex::new(&proto);
            files.push(File { requested: requested.contains(name.as_str()), proto, source });
        }
    }
    Ok(Loaded { pool, files, descriptor_set })
}

enum Unread {
    Bytes(prost::DecodeError),
    Edition(Diagnostics),
}

/// A file in proto2 or proto3, and its bytes.
fn read(bytes: &[u8]) -> Result<(FileDescriptorProto, Vec<u8>), Unread> {
    let proto = FileDescriptorProto::decode(bytes).map_err(Unread::Bytes)?;
    match editions::lower(&proto, bytes).map_err(Unread::Edition)? {
        None => Ok((proto, bytes.to_vec())),
        Some(lowered) => FileDescriptorProto::decode(lowered.as_slice())
            .map(|proto| (proto, lowered))
            .map_err(Unread::Bytes),
    }
}

type Files = BTreeMap<String, (FileDescriptorProto, Vec<u8>)>;

/// Depth first over the names in order, so that the request's own order does not matter.
fn dependencies_first(files: &Files) -> Vec<String> {
    let mut order = Vec::with_capacity(files.len());
    let mut seen = BTreeSet::new();
    // An explicit stack: import chains of hostile input can be deep.
    for root in files.keys() {
        let mut stack = vec![(root.as_str(), 0)];
        while let Some((name, next)) = stack.pop() {
            if next == 0 && !seen.insert(name) {
                continue;
            }
            let Some((proto, _)) = files.get(name) else { continue };
            if let Some(dependency) = proto.dependency.get(next) {
                stack.push((name, next + 1));
                stack.push((dependency, 0));
            } else {
                order.push(name.to_owned());
            }
        }
    }
    order
}

fn pool(order: &[String], files: &Files) -> Result<DescriptorPool, Diagnostics> {
    let mut set = Vec::new();
    for name in order {
        prost::encoding::bytes::encode(1, &files[name].1, &mut set);
    }
    let hint = "compile the files with protoc or buf, with all their imports";
    // The library is meant for descriptors that a compiler has checked; ours may come from anywhere.
    let built = catch_unwind(AssertUnwindSafe(|| DescriptorPool::decode(set.as_slice())));
    match built {
        Ok(Ok(pool)) => Ok(pool),
        Ok(Err(error)) => Err(Diagnostics::global(
            Code::Descriptor,
            format!("the descriptors do not fit together: {error}"),
            hint,
        )),
        Err(_) => Err(Diagnostics::global(
            Code::Descriptor,
            format!("the descriptors of {} do not fit together", order.join(", ")),
            hint,
        )),
    }
}

/// A compiler makes map entries of a key and a value; the pool takes this for granted, and panics when asked for them.
fn check_map_entries(pool: &DescriptorPool) -> Result<(), Diagnostics> {
    let mut problems = Diagnostics::default();
    for message in pool.all_messages().filter(prost_reflect::MessageDescriptor::is_map_entry) {
        if [1, 2].iter().any(|number| message.get_field(*number).is_none()) {
            problems.push_global(
                Code::Descriptor,
                format!("`{}` is marked as a map entry, but has no key and value", message.full_name()),
                "compile the files with protoc or buf",
            );
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// The files as a descriptor set without source information, from their own bytes: decoding would drop the extensions,
/// and a pool encodes maps in options differently each time.
fn descriptor_set(order: &[String], files: &Files) -> Vec<u8> {
    let mut set = Vec::new();
    for name in order {
        let file = &files[name].1;
        prost::encoding::bytes::encode(
            1,
            &wire::without(file, SOURCE_CODE_INFO).unwrap_or_else(|| file.clone()),
            &mut set,
        );
    }
    set
}
