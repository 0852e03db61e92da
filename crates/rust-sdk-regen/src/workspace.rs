//! Request → the files of a workspace, a crate at a time on each core.

use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rust_sdk_codegen::{CrateFacts, Files};
use rust_sdk_model::plugin::CodeGeneratorRequest;
use rust_sdk_model::workspace::{CrateProblems, Workspace};
use rust_sdk_model::{Diagnostics, Options};

use crate::emit::files;
use crate::guard::guard;

/// The stack of a thread, as large as that of a main thread: messages may be nested deeply.
const STACK: usize = 8 << 20;

/// One generated crate. With an error, it has no files.
struct Member {
    problems: CrateProblems,
    facts: Option<CrateFacts>,
    files: Files,
}

/// Generates a workspace, its root and all crates below `crates/`. Returns its files and warnings.
pub(crate) fn generate(
    request: &CodeGeneratorRequest,
    options: &Options,
) -> Result<(Files, Diagnostics), Diagnostics> {
    let workspace = guard("planning the workspace", || Workspace::plan(request, options))?;
    let members = all(&workspace);
    let (mut problems, mut facts, mut files) = (Vec::new(), Vec::new(), Files::new());
    for (name, member) in workspace.names().zip(members) {
        problems.push(member.problems);
        facts.extend(member.facts);
        files.extend(member.files.into_iter().map(|(path, text)| (format!("crates/{name}/{path}"), text)));
    }
    let warnings = workspace.problems(problems);
    if warnings.has_errors() {
        return Err(warnings);
    }
    files.extend(rust_sdk_codegen::workspace_root(options, &facts));
    Ok((files, warnings))
}

/// All crates, in the order of the workspace.
fn all(workspace: &Workspace<'_>) -> Vec<Member> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(workspace.len()));
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= workspace.len() {
                break;
            }
            let member = one(workspace, index);
            done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((index, member));
        }
    };
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        for _ in 1..cores.min(workspace.len()) {
            // Without another thread, this one does all.
            let _ = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        }
        work();
    });
    let mut members = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    members.sort_by_key(|(index, _)| *index);
    members.into_iter().map(|(_, member)| member).collect()
}

fn one(workspace: &Workspace<'_>, index: usize) -> Member {
    let failed = |warnings: Diagnostics| Member {
        problems: CrateProblems { warnings, unfit: Diagnostics::default() },
        facts: None,
        files: Files::new(),
    };
    let mut api = match guard("reading the API", || workspace.build_lenient(index)) {
        Ok(api) => api,
        Err(problems) => return failed(problems),
    };
    let files = files(&mut api);
    let facts = Some(CrateFacts::of(&api));
    Member { problems: CrateProblems { warnings: api.warnings, unfit: api.unfit }, facts, files }
}
