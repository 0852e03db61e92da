//! Request bytes → a descriptor pool and the files in a stable order.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error as _;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use prost::Message as _;
use prost::bytes::Bytes;
use prost_reflect::DescriptorPool;
use prost_types::FileDescriptorProto;

use super::loaded::{File, Loaded};
use super::{identifiers, maps};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Position, Severity};
use crate::editions;
use crate::json_names::{self, Conflict};
use crate::options::Options;
use crate::plugin::CodeGeneratorRequest;
use crate::source::{SOURCE_CODE_INFO, SourceIndex};
use crate::wire;

/// Loads a request's files; keeps their bytes if the crate embeds them.
pub(crate) fn load(request: &CodeGeneratorRequest, options: &Options) -> Result<Loaded, Diagnostics> {
    let mut problems = Diagnostics::default();
    let mut by_name = BTreeMap::new();
    for (index, bytes) in request.proto_file.iter().enumerate() {
        match read(bytes, &mut problems) {
            Ok((name, file)) => match by_name.entry(name) {
                Entry::Vacant(entry) => {
                    entry.insert(file);
                }
                Entry::Occupied(entry) if entry.get().source.bytes() == bytes => {}
                Entry::Occupied(entry) => problems.push_global(
                    Code::Descriptor,
                    format!(
                        "file {index} of the request, `{}`, occurs twice with different contents",
                        entry.key()
                    ),
                    "pass each file once",
                ),
            },
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
    let pool = pool(&order, &mut by_name, options, &mut warnings)?;
    let mut files = Vec::with_capacity(order.len());
    for name in order {
        if let (Some(descriptor), Some(ReadFile { source, bytes, .. })) =
            (pool.get_file_by_name(&name), by_name.remove(&name))
        {
            let requested = requested.contains(name.as_str()) && !options.excludes(&name);
            files.push(File { descriptor, source, requested, bytes });
        }
    }
    maps::check(&pool, &files, &mut problems);
    if problems.is_empty() { Ok(Loaded { pool, files, warnings }) } else { Err(problems.sorted()) }
}

/// What is known of a file before there is a pool. A request may be large, so nothing is kept in two forms.
struct ReadFile {
    /// The imported files, and the indices of public imports.
    imports: Vec<String>,
    public_imports: Vec<i32>,
    json_conflicts: Vec<Conflict>,
    /// The file as proto2 or proto3, without source information.
    bytes: Vec<u8>,
    source: SourceIndex,
}

enum Unread {
    Bytes(String),
    Edition(Diagnostics),
}

/// A file and its name.
fn read(bytes: &Bytes, problems: &mut Diagnostics) -> Result<(String, ReadFile), Unread> {
    let decode =
        |bytes: &[u8]| FileDescriptorProto::decode(bytes).map_err(|error| Unread::Bytes(error.to_string()));
    // Source information would be stored twice in a pool, which would search it for every option.
    let mut bare = match wire::without(bytes, SOURCE_CODE_INFO) {
        Some(bare) => bare,
        None => bytes.to_vec(),
    };
    let mut proto = decode(&bare)?;
    let Some(source) = SourceIndex::new(proto.name(), bytes) else {
        return Err(Unread::Bytes("its `source_code_info` is malformed".to_owned()));
    };
    if let Some(lowered) = editions::lower(&proto, &bare, &source).map_err(Unread::Edition)? {
        proto = decode(&lowered)?;
        bare = lowered;
    }
    identifiers::check(&proto, problems);
    let json_conflicts = json_names::conflicts(&proto);
    let FileDescriptorProto { name, dependency: imports, public_dependency: public_imports, .. } = proto;
    Ok((name.unwrap_or_default(), ReadFile { imports, public_imports, json_conflicts, bytes: bare, source }))
}

type Files = BTreeMap<String, ReadFile>;

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
            let Some(file) = files.get(name) else { continue };
            if let Some(dependency) = file.imports.get(next) {
                stack.push((name, next + 1));
                stack.push((dependency, 0));
            } else {
                order.push(name.to_owned());
            }
        }
    }
    order
}

/// The pool of all files. Takes the files' bytes, unless the crate embeds them.
fn pool(
    order: &[String],
    files: &mut Files,
    options: &Options,
    warnings: &mut Diagnostics,
) -> Result<DescriptorPool, Diagnostics> {
    let flat = flat_imports(order, files)?;
    let mut set = Vec::new();
    for (name, imports) in order.iter().zip(flat) {
        let Some(file) = files.get_mut(name) else { continue };
        let bytes = if options.reflection { file.bytes.clone() } else { std::mem::take(&mut file.bytes) };
        let bytes = with_imports(&bytes, imports).unwrap_or(bytes);
        let bytes = distinct_json_names(file, &bytes, warnings).unwrap_or(bytes);
        wire::push(&mut set, 1, &bytes);
    }
    // prost-reflect expects descriptors that a compiler has checked. These may come from anywhere.
    let error = match catch_unwind(|| DescriptorPool::decode(set.as_slice())) {
        Ok(Ok(pool)) => return Ok(pool),
        Ok(Err(error)) => Some(error),
        Err(_) => None,
    };
    let stated = error.as_ref().and_then(|error| Some((error.file()?, error.path().unwrap_or_default())));
    let position = match stated {
        Some((file, path)) => files.get(file).map(|file| file.source.position(path)),
        None => {
            first_that_fails(order, &set).map(|file| Position { file, line: 0, column: 0, path: Vec::new() })
        }
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
fn distinct_json_names(file: &ReadFile, bytes: &[u8], warnings: &mut Diagnostics) -> Option<Vec<u8>> {
    let conflicts = &file.json_conflicts;
    if conflicts.is_empty() {
        return None;
    }
    for conflict in conflicts {
        let Conflict { path, field, other, json_name, free } = conflict;
        warnings.push(Diagnostic {
            severity: Severity::Warning,
            code: Code::JsonNameConflict,
            position: Some(file.source.position(path)),
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
fn first_that_fails(order: &[String], set: &[u8]) -> Option<String> {
    let mut pool = DescriptorPool::new();
    let mut fails = |bytes: &[u8]| {
        let added = catch_unwind(AssertUnwindSafe(|| pool.decode_file_descriptor_proto(bytes)));
        !matches!(added, Ok(Ok(())))
    };
    let files = wire::fields(set).flatten().map(|(_, bytes)| bytes);
    order.iter().zip(files).find(|(_, bytes)| fails(bytes)).map(|(name, _)| name.clone())
}

/// The most imports that public imports may add to a request.
const MAX_FLAT_IMPORTS: usize = 1_000_000;

/// For each file whose imports change the imports that it gains: its indirect public imports become direct ones. prost-reflect follows
/// public imports for one step only, and does not stop if they form a cycle.
fn flat_imports(order: &[String], files: &Files) -> Result<Vec<Option<Vec<String>>>, Diagnostics> {
    let public = |name: &str| {
        files.get(name).into_iter().flat_map(|file| {
            let indices = file.public_imports.iter().filter_map(|index| usize::try_from(*index).ok());
            indices.filter_map(|index| file.imports.get(index)).map(String::as_str)
        })
    };
    let mut gained = 0;
    let mut flat = Vec::with_capacity(order.len());
    for name in order {
        let file = &files[name];
        let own: BTreeSet<&str> = file.imports.iter().map(String::as_str).collect();
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
        let changes = !file.public_imports.is_empty() || seen.len() > own.len();
        flat.push(changes.then(|| seen.difference(&own).map(|import| (*import).to_owned()).collect()));
    }
    Ok(flat)
}

/// The file's bytes with these imports in addition, and without public ones.
fn with_imports(bytes: &[u8], imports: Option<Vec<String>>) -> Option<Vec<u8>> {
    let imports = imports?;
    // public_dependency
    let mut bytes = wire::without(bytes, 10)?;
    for import in imports {
        wire::push(&mut bytes, 3, import.as_bytes());
    }
    Some(bytes)
}
