//! Request → files.

use rust_sdk_codegen::Files;
use rust_sdk_model::options::Layout;
use rust_sdk_model::plugin::CodeGeneratorRequest;
use rust_sdk_model::{Api, Diagnostics, Options};

use crate::emit::files;
use crate::guard::guard;
use crate::workspace;

/// What was generated.
#[derive(Debug)]
#[non_exhaustive]
pub struct Generated {
    /// The files: path below the output folder → text.
    pub files: Files,
    /// Problems that did not stop the generation.
    pub warnings: Diagnostics,
}

/// Generates code for a request with these options. The request's own options are ignored.
///
/// A panic in a library becomes a diagnostic. The panic hook still runs; a program that wants no output sets an empty
/// hook.
///
/// # Errors
/// All problems of the request at once.
pub fn generate(request: CodeGeneratorRequest, options: Options) -> Result<Generated, Diagnostics> {
    if options.layout == Layout::Workspace {
        let (files, warnings) = workspace::generate(&request, &options)?;
        return Ok(Generated { files, warnings });
    }
    let (api, files) = attempt(request, options)?;
    if api.warnings.has_errors() {
        Err(api.warnings)
    } else {
        Ok(Generated { files, warnings: api.warnings })
    }
}

/// Reads the API of a request and generates its files if it has no errors. The API's `warnings` hold all problems, so
/// generation and review report the same errors.
///
/// # Errors
/// The request cannot be read, or its files are inconsistent.
pub(crate) fn attempt(request: CodeGeneratorRequest, options: Options) -> Result<(Api, Files), Diagnostics> {
    let mut api = guard("reading the API", || Api::build_lenient(&request, options))?;
    // It may be large.
    drop(request);
    let files = files(&mut api);
    Ok((api, files))
}

/// Reads the API of a request; fails if the API has errors.
pub(crate) fn api(request: &CodeGeneratorRequest, options: Options) -> Result<Api, Diagnostics> {
    guard("reading the API", || Api::build(request, options))
}
