//! The compiler plugin protocol (`google/protobuf/compiler/plugin.proto`): a request on stdin, a response on stdout.

use std::error::Error;
use std::io::{IsTerminal, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use prost::Message as _;
use rust_sdk_model::plugin::{CodeGeneratorRequest, CodeGeneratorResponse, EDITIONS, Feature, GeneratedFile};
use rust_sdk_model::text::error_chain;
use rust_sdk_model::{Code, Diagnostics, Options};
use rust_sdk_regen::{Generated, generate, options};

/// The result of a request.
#[derive(Debug)]
pub struct Outcome {
    /// The encoded `CodeGeneratorResponse`.
    pub response: Vec<u8>,
    /// Warnings, for stderr.
    pub warnings: Diagnostics,
}

/// The input is not a request.
#[derive(Debug, thiserror::Error)]
#[error("the input is not a CodeGeneratorRequest")]
pub struct RequestError(#[from] prost::DecodeError);

/// Generates the response to an encoded `CodeGeneratorRequest`. The response reports all problems of the request.
///
/// # Errors
/// The request cannot be decoded.
pub fn respond(request: &[u8]) -> Result<Outcome, RequestError> {
    let request = CodeGeneratorRequest::decode(request)?;
    // The steps inside catch their panics and report more. This catches panics of the code around them.
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let options = options(Options::pairs(request.parameter.as_deref().unwrap_or_default()))?;
        generate(&request, options)
    }));
    let outcome = outcome.unwrap_or_else(|_| {
        let hint = "this is a bug of the generator: please report it with the request";
        Err(Diagnostics::global(Code::Generator, "internal error while handling the request", hint))
    });
    Ok(match outcome {
        Ok(Generated { files, warnings, .. }) => {
            let file = files
                .into_iter()
                .map(|(name, content)| GeneratedFile { name: Some(name), content: Some(content) });
            Outcome {
                response: CodeGeneratorResponse { file: file.collect(), ..supported() }.encode_to_vec(),
                warnings,
            }
        }
        Err(problems) => {
            let error = Some(problems.to_string());
            let response = CodeGeneratorResponse { error, ..supported() }.encode_to_vec();
            Outcome { response, warnings: Diagnostics::default() }
        }
    })
}

fn supported() -> CodeGeneratorResponse {
    CodeGeneratorResponse {
        error: None,
        supported_features: Some(Feature::Proto3Optional as u64 | Feature::SupportsEditions as u64),
        minimum_edition: Some(*EDITIONS.start()),
        maximum_edition: Some(*EDITIONS.end()),
        file: Vec::new(),
    }
}

/// Runs the plugin on stdin and stdout.
pub fn run() -> ExitCode {
    let mut stdin = std::io::stdin().lock();
    if stdin.is_terminal() {
        eprintln!("protoc-gen-rust-sdk: protoc and buf call this program; for its own commands see --help");
        return ExitCode::from(2);
    }
    let mut request = Vec::new();
    if let Err(error) = stdin.read_to_end(&mut request) {
        return fail("cannot read the request", &error);
    }
    let outcome = match respond(&request) {
        Ok(outcome) => outcome,
        Err(error) => return fail("cannot read the request", &error),
    };
    for warning in outcome.warnings.summary() {
        eprintln!("{warning}");
    }
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(&outcome.response).and_then(|()| stdout.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail("cannot write the response", &error),
    }
}

fn fail(what: &str, error: &dyn Error) -> ExitCode {
    eprintln!("protoc-gen-rust-sdk: {what}: {}", error_chain(error));
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_prints_each_fact_once() {
        let error = respond(&[0xff]).unwrap_err();
        let text = error_chain(&error);
        assert!(text.starts_with("the input is not a CodeGeneratorRequest: "), "{text}");
        let source = error.source().unwrap().to_string();
        assert_eq!(text.matches(&source).count(), 1, "{text}");
    }
}
