//! `.proto` folders → a request, with the embedded compiler.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use miette::{Diagnostic, SourceCode};
use prost::bytes::Bytes;
use prost_reflect::DescriptorPool;
use protox::Compiler;
use protox::file::FileResolver as _;
use rust_sdk_model::Options;
use rust_sdk_model::plugin::CodeGeneratorRequest;

use crate::canonical;
use crate::duplicates;
use crate::error::{IoContext as _, RegenError};
use crate::folders::{self, Folders};
use crate::image;
use crate::lenience;
use crate::nesting::{Bounded, Rejected};
use crate::sources::{Editions, Sources};

/// The compiler is recursive. Within the bounds of `nesting`, it needs less than this.
const STACK: usize = 64 << 20;

/// Compiles all files below the roots, except those that the options exclude.
pub(crate) fn request(
    roots: &[PathBuf],
    includes: &[PathBuf],
    options: &Options,
) -> Result<CodeGeneratorRequest, RegenError> {
    thread::scope(|scope| {
        let compile = || compile(roots, includes, options);
        let compiler = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, compile);
        let compiler = compiler.context("start a thread for", "the compiler")?;
        // A panic continues in the calling thread.
        compiler.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

fn compile(
    roots: &[PathBuf],
    includes: &[PathBuf],
    options: &Options,
) -> Result<CodeGeneratorRequest, RegenError> {
    let Folders { roots, skipped, named } = folders::arrange(roots, includes)?;
    let sources = Sources::new(&named);
    let mut paths = Vec::new();
    for root in roots {
        let before = paths.len();
        proto_files(&root, &mut paths)?;
        paths.retain(|path| {
            let is_excluded = || sources.resolve_path(path).is_some_and(|name| options.excludes(&name));
            !skipped.iter().any(|folder| path.starts_with(folder)) && !is_excluded()
        });
        if paths.len() == before {
            return Err(RegenError::NoProtoFiles(root));
        }
    }

    let mut only_imported = BTreeSet::new();
    for import in options.mixin_files() {
        let files = || named.iter().map(|folder| folder.join(import));
        if let Some(file) = files().find(|file| file.is_file())
            && !files().any(|file| paths.contains(&file))
        {
            paths.push(file);
            only_imported.insert(import.to_owned());
        }
    }

    let mut compilers = vec![compiler(&sources)];
    // A broken file fails with the same message for each file that imports it.
    let mut problems = BTreeSet::new();
    for path in paths {
        let Some((current, rejected)) = compilers.last_mut() else { continue };
        if current.open_file(&path).is_ok() {
            continue;
        }
        // Every file that imports a rejected one would fail the same way.
        if let Some(problem) = rejected.take() {
            return Err(RegenError::Compile(vec![problem]));
        }
        // After an error, the compiler's state is wrong. And it looks names up in the packages of all files, also those that the
        // file does not import. So the file is compiled again, alone, and the others by a new compiler.
        let (mut alone, rejected) = compiler(&sources);
        match alone.open_file(&path) {
            Ok(_) => compilers.push((alone, rejected)),
            Err(error) => problems.extend(describe(&error)),
        }
        compilers.push(compiler(&sources));
    }
    if !problems.is_empty() {
        return Err(RegenError::Compile(problems.into_iter().collect()));
    }
    let mut request = merge(compilers.iter().map(|(compiler, _)| compiler))?;
    request.file_to_generate.retain(|name| !only_imported.contains(name));
    Ok(request)
}

fn compiler(sources: &Sources) -> (Compiler, Rejected) {
    let files = Bounded::new(sources.clone());
    let rejected = files.rejected();
    let mut compiler = Compiler::with_file_resolver(files);
    compiler.include_imports(true).include_source_info(true);
    (compiler, rejected)
}

/// The request for the files of all compilers. Each file is in it once.
fn merge<'a>(compilers: impl Iterator<Item = &'a Compiler>) -> Result<CodeGeneratorRequest, RegenError> {
    let unreadable = |error: &dyn std::error::Error| {
        RegenError::Compile(vec![format!("the compiled files cannot be read: {error}")])
    };
    let (mut names, mut file_to_generate) = (BTreeSet::new(), BTreeSet::new());
    let (mut files, mut pools) = (Vec::new(), Vec::new());
    for compiler in compilers {
        let set = compiler.encode_file_descriptor_set();
        let encoded = image::split(&set).map_err(|error| unreadable(&error))?;
        for (file, encoded) in compiler.files().zip(encoded) {
            if !file.is_import() {
                file_to_generate.insert(file.name().to_owned());
            }
            if names.insert(file.name().to_owned()) {
                files.push(encoded);
            }
        }
        pools.push(compiler.descriptor_pool());
    }
    let pool = match pools.len() {
        1 => pools.swap_remove(0),
        _ => DescriptorPool::decode(image::join(files.clone()).as_slice()).map_err(|error| {
            match duplicates::problems(&files) {
                problems if problems.is_empty() => unreadable(&error),
                problems => RegenError::Compile(problems),
            }
        })?,
    };
    let files = files
        .into_iter()
        .map(|file| canonical::file(&pool, file).map(lenience::after).map(Bytes::from))
        .collect::<Result<_, _>>();
    let proto_file = files.map_err(|error| unreadable(&error))?;
    Ok(CodeGeneratorRequest {
        file_to_generate: file_to_generate.into_iter().collect(),
        parameter: None,
        proto_file,
    })
}

fn proto_files(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), RegenError> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).context("read", folder)? {
        entries.push(entry.context("read", folder)?.path());
    }
    entries.sort();
    for path in entries {
        // Links to folders are not followed: they may form a cycle.
        let kind = fs::symlink_metadata(&path).context("read", &path)?.file_type();
        if kind.is_dir() {
            proto_files(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "proto") {
            if !fs::metadata(&path).context("read", &path)?.is_file() {
                return Err(RegenError::NotFile(path));
            }
            found.push(path);
        }
    }
    Ok(())
}

/// All problems in a compiler's error, each as `file:line:column: error: …`.
fn describe(error: &protox::Error) -> Vec<String> {
    let mut cause = std::error::Error::source(error);
    while let Some(found) = cause {
        if let Some(Editions(message)) = found.downcast_ref() {
            return vec![message.clone()];
        }
        cause = found.source();
    }
    let source = error.source_code();
    let mut all = vec![line(error, source, error.file())];
    if let Some(related) = error.related() {
        all.extend(related.map(|other| line(other, other.source_code().or(source), error.file())));
    }
    all
}

fn line(problem: &dyn Diagnostic, source: Option<&dyn SourceCode>, file: Option<&str>) -> String {
    let mut text = file.unwrap_or_default().to_owned();
    let label = problem.labels().and_then(|mut labels| labels.next());
    let position = label.zip(source).and_then(|(label, source)| source.read_span(label.inner(), 0, 0).ok());
    if let Some(position) = position {
        let _ = write!(text, ":{}:{}", position.line() + 1, position.column() + 1);
    }
    if !text.is_empty() {
        text.push_str(": ");
    }
    let _ = write!(text, "error: {problem}");
    let mut cause = std::error::Error::source(&problem);
    while let Some(error) = cause {
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    if let Some(help) = problem.help() {
        let _ = write!(text, "\n  help: {help}");
    } else if let Some((name, _)) =
        text.split_once("error: import '").and_then(|(_, rest)| rest.split_once("' not found"))
    {
        let help = missing_import(name);
        let _ = write!(text, "\n  help: {help}");
    }
    text
}

/// Where files are that many APIs import.
const PUBLISHED: [(&str, &str); 9] = [
    ("google/api/", "https://github.com/googleapis/googleapis"),
    ("google/rpc/", "https://github.com/googleapis/googleapis"),
    ("google/type/", "https://github.com/googleapis/googleapis"),
    ("google/longrunning/", "https://github.com/googleapis/googleapis"),
    ("buf/validate/", "https://github.com/bufbuild/protovalidate (proto/protovalidate)"),
    ("validate/", "https://github.com/bufbuild/protoc-gen-validate"),
    ("protoc-gen-openapiv2/", "https://github.com/grpc-ecosystem/grpc-gateway"),
    ("gogoproto/", "https://github.com/cosmos/gogoproto"),
    ("gnostic/", "https://github.com/google/gnostic"),
];

/// How to make an import of this name found.
fn missing_import(name: &str) -> String {
    let add = "name the folder that it is in with `--include DIR`";
    match PUBLISHED.iter().find(|(start, _)| name.starts_with(start)) {
        Some((_, place)) => {
            format!("{add}: the file is in {place}; `buf export` writes it with all other dependencies")
        }
        None => add.to_owned(),
    }
}
