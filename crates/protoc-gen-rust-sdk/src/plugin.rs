//! The compiler plugin protocol (`google/protobuf/compiler/plugin.proto`): a request on stdin, a response on stdout.

use std::io::{IsTerminal, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use prost::Message as _;
use rust_sdk_model::plugin::{CodeGeneratorRequest, CodeGeneratorResponse, EDITIONS, Feature, GeneratedFile};
use rust_sdk_model::{Code, Diagnostics, Options};
use rust_sdk_regen::{Generated, generate, options};

/// The answer to a request.
#[derive(Debug)]
pub struct Answer {
    /// The encoded `CodeGeneratorResponse`.
    pub response: Vec<u8>,
    /// What should be looked at, but stopped nothing: for stderr.
    pub warnings: Diagnostics,
}

/// The input is no request.
#[derive(Debug, thiserror::Error)]
#[error("the input is no CodeGeneratorRequest: {0}")]
pub struct Unreadable(#[from] prost::DecodeError);

/// Answers an encoded `CodeGeneratorRequest`. Every problem of a readable request is told in the response.
///
/// # Errors
/// The request cannot be decoded.
pub fn respond(request: &[u8]) -> Result<Answer, Unreadable> {
    let request = CodeGeneratorRequest::decode(request)?;
    // What handles the request catches panics with more to tell; this is for the steps around it.
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let options = options(Options::pairs(request.parameter.as_deref().unwrap_or_default()))?;
        generate(&request, options)
    }));
    let outcome = outcome.unwrap_or_else(|_| {
        let hint = "this is a bug of the generator: please report it with the request";
        Err(Diagnostics::global(Code::Generator, "internal error while answering the request", hint))
    });
    Ok(match outcome {
        Ok(Generated { files, warnings }) => {
            let file = files
                .into_iter()
                .map(|(name, content)| GeneratedFile { name: Some(name), content: Some(content) });
            Answer {
                response: CodeGeneratorResponse { file: file.collect(), ..supported() }.encode_to_vec(),
                warnings,
            }
        }
        Err(problems) => {
            let error = Some(problems.to_string());
            let response = CodeGeneratorResponse { error, ..supported() }.encode_to_vec();
            Answer { response, warnings: Diagnostics::default() }
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
        return fail(&format!("cannot read the request: {error}"));
    }
    let answer = match respond(&request) {
        Ok(answer) => answer,
        Err(error) => return fail(&error.to_string()),
    };
    for warning in &answer.warnings {
        eprintln!("{warning}");
    }
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(&answer.response).and_then(|()| stdout.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("cannot write the response: {error}")),
    }
}

fn fail(problem: &str) -> ExitCode {
    eprintln!("protoc-gen-rust-sdk: {problem}");
    ExitCode::FAILURE
}
