//! `.proto` folders → a request, with the embedded compiler.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use miette::{Diagnostic, SourceCode};
use protox::Compiler;
use protox::file::{ChainFileResolver, GoogleFileResolver, IncludeFileResolver};
use rust_sdk_model::plugin::CodeGeneratorRequest;

use crate::canonical;
use crate::error::{IoContext as _, RegenError};
use crate::image;
use crate::nesting::Bounded;

/// The compiler is recursive. Within the bounds of `nesting`, it needs less than this.
const STACK: usize = 64 << 20;

/// Compiles all files below the roots.
pub(crate) fn request(roots: &[PathBuf], includes: &[PathBuf]) -> Result<CodeGeneratorRequest, RegenError> {
    thread::scope(|scope| {
        let compile = || compile(roots, includes);
        let compiler = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, compile);
        let compiler = compiler.context("start a thread for", "the compiler")?;
        // A panic continues in the calling thread.
        compiler.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

fn compile(roots: &[PathBuf], includes: &[PathBuf]) -> Result<CodeGeneratorRequest, RegenError> {
    let mut paths = Vec::new();
    for root in roots {
        let before = paths.len();
        proto_files(root, &mut paths)?;
        if paths.len() == before {
            return Err(RegenError::NoProtoFiles(root.clone()));
        }
    }

    let mut files = ChainFileResolver::new();
    for folder in roots.iter().chain(includes) {
        files.add(IncludeFileResolver::new(folder.clone()));
    }
    files.add(GoogleFileResolver::new());
    let files = Bounded::new(files);
    let rejected = files.rejected();
    let mut compiler = Compiler::with_file_resolver(files);
    compiler.include_imports(true).include_source_info(true);
    // A broken file fails with the same message for each file that imports it.
    let mut problems = BTreeSet::new();
    for path in paths {
        if let Err(error) = compiler.open_file(&path) {
            // Every file that imports a rejected one would fail the same way.
            if let Some(problem) = rejected.take() {
                return Err(RegenError::Compile(vec![problem]));
            }
            problems.extend(describe(&error));
        }
    }
    if !problems.is_empty() {
        return Err(RegenError::Compile(problems.into_iter().collect()));
    }

    let generate = compiler.files().filter(|file| !file.is_import()).map(|file| file.name().to_owned());
    let mut file_to_generate: Vec<String> = generate.collect();
    file_to_generate.sort();
    let pool = compiler.descriptor_pool();
    let proto_file = image::split(&compiler.encode_file_descriptor_set())
        .and_then(|files| files.into_iter().map(|file| canonical::file(&pool, file)).collect())
        .map_err(|error| RegenError::Compile(vec![format!("the compiled files cannot be read: {error}")]))?;
    Ok(CodeGeneratorRequest { file_to_generate, parameter: None, proto_file })
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
    }
    text
}
