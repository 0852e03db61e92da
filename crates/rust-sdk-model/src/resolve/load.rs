//! Request bytes → a descriptor pool and the files in a stable order.

use std::borrow::Cow;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error as _;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use prost::Message as _;
use prost_reflect::DescriptorPool;
use prost_types::FileDescriptorProto;

use super::loaded::{File, Loaded};
use super::{identifiers, maps};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Position, Severity};
use crate::editions;
use crate::json_names;
use crate::options::Options;
use crate::plugin::CodeGeneratorRequest;
use crate::source::SourceIndex;
use crate::wire;

/// `FileDescriptorProto.source_code_info`.
const SOURCE_CODE_INFO: u32 = 9;

/// Loads a request's files; keeps their bytes if the crate embeds them.
pub(crate) fn load(request: &CodeGeneratorRequest, options: &Options) -> Result<Loaded, Diagnostics> {
    let mut problems = Diagnostics::default();
    let mut by_name = BTreeMap::new();
    for (index, bytes) in request.proto_file.iter().enumerate() {
        match read(bytes) {
            Ok((proto, bytes)) => {
                identifiers::check(&proto, &mut problems);
                match by_name.entry(proto.name().to_owned()) {
                    Entry::Vacant(entry) => {
                        entry.insert((proto, bytes));
                    }
                    Entry::Occupied(entry) if entry.get().1 == bytes => {}
                    Entry::Occupied(entry) => problems.push_global(
                        Code::Descriptor,
                        format!(
                            "file {index} of the request, `{}`, occurs twice with different contents",
                            entry.key()
                        ),
                        "pass each file once",
                    ),
                }
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
                format!("the request names `{name}` but does not contain it"),
                "pass the file's descriptor, and those of all its imports, in `proto_file`",
            );
        }
    }
    if !problems.is_empty() {
        return Err(problems.sorted());
    }

    let requested: BTreeSet<&str> = request.file_to_generate.iter().map(String::as_str).collect();
    let order = dependencies_first(&by_name);
    let mut warnings = Diagnostics::default();
    let pool = pool(&order, &by_name, &mut warnings)?;
    let mut files = Vec::with_capacity(order.len());
    for name in order {
        if let Some((proto, bytes)) = by_name.remove(&name) {
            let source = SourceIndex::new(&proto);
            let bytes = if options.reflection {
                wire::without(&bytes, SOURCE_CODE_INFO).unwrap_or(bytes)
            } else {
                Vec::new()
            };
            files.push(File {
                requested: requested.contains(name.as_str()) && !options.excludes(&name),
                proto,
                source,
                bytes,
            });
        }
    }
    maps::check(&pool, &files, &mut problems);
    if problems.is_empty() { Ok(Loaded { pool, files, warnings }) } else { Err(problems.sorted()) }
}

enum Unread {
    Bytes(prost::DecodeError),
    Edition(Diagnostics),
}

/// A file as proto2 or proto3, and its bytes.
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

/// Depth first, over sorted names, so that the request's order does not matter.
fn dependencies_first(files: &Files) -> Vec<String> {
    let mut order = Vec::with_capacity(files.len());
    let mut seen = BTreeSet::new();
    // An explicit stack, since hostile import chains are deep.
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

/// The pool of all files. Source information is left out: it would be stored twice and searched for every option.
fn pool(order: &[String], files: &Files, warnings: &mut Diagnostics) -> Result<DescriptorPool, Diagnostics> {
    let flat = flat_imports(order, files)?;
    let bytes: Vec<Cow<'_, [u8]>> = order
        .iter()
        .zip(flat)
        .map(|(name, flat)| {
            let (proto, bytes) = &files[name];
            let bytes = flat.map_or(Cow::Borrowed(bytes.as_slice()), Cow::Owned);
            let bytes = distinct_json_names(proto, &bytes, warnings).map_or(bytes, Cow::Owned);
            wire::without(&bytes, SOURCE_CODE_INFO).map_or(bytes, Cow::Owned)
        })
        .collect();
    let mut set = Vec::new();
    for bytes in &bytes {
        wire::push(&mut set, 1, bytes);
    }
    // prost-reflect expects descriptors that a compiler has checked. These may come from anywhere.
    let error = match catch_unwind(|| DescriptorPool::decode(set.as_slice())) {
        Ok(Ok(pool)) => return Ok(pool),
        Ok(Err(error)) => Some(error),
        Err(_) => None,
    };
    let stated = error.as_ref().and_then(|error| Some((error.file()?, error.path().unwrap_or_default())));
    let position = match stated {
        Some((file, path)) => files.get(file).map(|(proto, _)| SourceIndex::new(proto).position(path)),
        None => first_that_fails(order, &bytes).map(|file| Position {
            file,
            line: 0,
            column: 0,
            path: Vec::new(),
        }),
    };
    let mut message = "the descriptors are inconsistent".to_owned();
    if let Some(error) = error {
        let _ = match error.source() {
            Some(source) => write!(message, ": {source}"),
            None => write!(message, ": {error}"),
        };
    }
    let mut problems = Diagnostics::default();
    problems.push(Diagnostic {
        severity: Severity::Error,
        code: Code::Descriptor,
        position,
        subject: String::new(),
        message,
        hint: "compile the files with protoc or buf, with all their imports".to_owned(),
    });
    Err(problems)
}

/// The file's bytes with a JSON name of its own for each field, if protoc only warns of equal names.
fn distinct_json_names(
    proto: &FileDescriptorProto,
    bytes: &[u8],
    warnings: &mut Diagnostics,
) -> Option<Vec<u8>> {
    let conflicts = json_names::conflicts(proto);
    if conflicts.is_empty() {
        return None;
    }
    let source = SourceIndex::new(proto);
    for conflict in &conflicts {
        let json_names::Conflict { path, field, other, json_name, free } = conflict;
        warnings.push(Diagnostic {
            severity: Severity::Warning,
            code: Code::JsonNameConflict,
            position: Some(source.position(path)),
            subject: String::new(),
            message: format!(
                "the fields `{field}` and `{other}` have the same JSON name, `{json_name}`: in JSON, `{field}` is called `{free}`"
            ),
            hint: format!("give `{field}` a name of its own: `[json_name = \"…\"]`"),
        });
    }
    let names =
        conflicts.iter().map(|conflict| (conflict.path.clone(), Some(conflict.free.as_str()))).collect();
    json_names::rename(bytes, &names)
}

/// The first file that a pool of the files before it rejects.
fn first_that_fails(order: &[String], bytes: &[Cow<'_, [u8]>]) -> Option<String> {
    let mut pool = DescriptorPool::new();
    let mut fails = |bytes: &[u8]| {
        let added = catch_unwind(AssertUnwindSafe(|| pool.decode_file_descriptor_proto(bytes)));
        !matches!(added, Ok(Ok(())))
    };
    order.iter().zip(bytes).find(|(_, bytes)| fails(bytes)).map(|(name, _)| name.clone())
}

/// The most imports that public imports may add to a request.
const MAX_FLAT_IMPORTS: usize = 1_000_000;

/// The bytes of each file whose imports change: its indirect public imports become direct ones. prost-reflect follows
/// public imports for one step only, and does not stop if they form a cycle.
fn flat_imports(order: &[String], files: &Files) -> Result<Vec<Option<Vec<u8>>>, Diagnostics> {
    let public = |name: &str| {
        let proto = files.get(name).map(|(proto, _)| proto);
        proto.into_iter().flat_map(|proto| {
            let indices = proto.public_dependency.iter().filter_map(|index| usize::try_from(*index).ok());
            indices.filter_map(|index| proto.dependency.get(index)).map(String::as_str)
        })
    };
    let mut gained = 0;
    let mut flat = Vec::with_capacity(order.len());
    for name in order {
        let (proto, bytes) = &files[name];
        let own: BTreeSet<&str> = proto.dependency.iter().map(String::as_str).collect();
        let mut seen = own.clone();
        let mut open: Vec<&str> = own.iter().copied().collect();
        while let Some(import) = open.pop() {
            open.extend(public(import).filter(|next| seen.insert(next)));
        }
        gained += seen.len() - own.len();
        if gained > MAX_FLAT_IMPORTS {
            let hint = "import files directly instead";
            return Err(Diagnostics::global(Code::Descriptor, "there are too many public imports", hint));
        }
        // public_dependency
        let rewritten = (!proto.public_dependency.is_empty() || seen.len() > own.len()).then(|| {
            let mut bytes = wire::without(bytes, 10)?;
            for import in seen.difference(&own) {
                wire::push(&mut bytes, 3, import.as_bytes());
            }
            Some(bytes)
        });
        flat.push(rewritten.flatten());
    }
    Ok(flat)
}
