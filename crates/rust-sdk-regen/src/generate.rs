//! Request → files. A panic becomes a diagnostic.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rust_sdk_codegen::Files;
use rust_sdk_model::plugin::CodeGeneratorRequest;
use rust_sdk_model::{Api, Code, Diagnostics, Options};

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
    if api.warnings.has_errors() {
        return Ok((api, Files::new()));
    }
    let doing = format!("generating the crate `{}`", api.crate_name);
    let files = match guard(&doing, || rust_sdk_codegen::generate(&api)) {
        Ok(files) => files,
        Err(problems) => {
            api.warnings.extend(problems);
            Files::new()
        }
    };
    Ok((api, files))
}

/// Reads the API of a request; fails if the API has errors.
pub(crate) fn api(request: &CodeGeneratorRequest, options: Options) -> Result<Api, Diagnostics> {
    guard("reading the API", || Api::build(request, options))
}

/// Turns a panic into a diagnostic that names the step.
pub(crate) fn guard<T, E: From<Diagnostics>>(
    doing: &str,
    work: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| {
        let hint = "this is a bug of the generator: please report it with the files";
        let message = format!("internal error while {doing}: {}", panic_text(&*payload));
        Err(Diagnostics::global(Code::Generator, message, hint).into())
    })
}

fn panic_text(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("no further information")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_diagnostic() {
        let number = 7;
        for (result, text) in [
            (
                guard::<(), Diagnostics>("counting", || panic!("lost {number}")),
                "internal error while counting: lost 7",
            ),
            (guard::<(), Diagnostics>("counting", || panic!("lost")), "internal error while counting: lost"),
        ] {
            let problems = result.unwrap_err();
            assert!(problems.has_errors());
            assert!(problems.to_string().contains(text), "{problems}");
        }
    }
}
