//! The compiler plugin protocol (`google/protobuf/compiler/plugin.proto`): a request on stdin, a response on stdout.

use std::error::Error;
use std::io::{self, IsTerminal, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use prost::Message as _;
use prost::bytes::Bytes;
use rust_sdk_model::plugin::{CodeGeneratorRequest, CodeGeneratorResponse, EDITIONS, Feature, GeneratedFile};
use rust_sdk_model::text::error_chain;
use rust_sdk_model::{Code, Diagnostics, Options};
use rust_sdk_regen::{Generated, generate, options};

/// The result of a request.
#[derive(Debug)]
pub struct Outcome {
    /// The response.
    pub response: CodeGeneratorResponse,
    /// Warnings, for stderr.
    pub warnings: Diagnostics,
}

impl Outcome {
    /// Writes the encoded response file by file: all of it at once would take as much memory again as the files.
    ///
    /// # Errors
    /// The writer fails.
    pub fn write(&mut self, out: &mut impl Write) -> io::Result<()> {
        let files = std::mem::take(&mut self.response.file);
        out.write_all(&self.response.encode_to_vec())?;
        for file in files {
            // Concatenated messages are merged, and so their lists are appended.
            out.write_all(&CodeGeneratorResponse { file: vec![file], ..Default::default() }.encode_to_vec())?;
        }
        out.flush()
    }
}

/// The input is not a request.
#[derive(Debug, thiserror::Error)]
#[error("the input is not a CodeGeneratorRequest")]
pub struct RequestError(#[from] prost::DecodeError);

/// Generates the response to an encoded `CodeGeneratorRequest`. The response reports all problems of the request.
///
/// # Errors
/// The request cannot be decoded.
pub fn respond(request: impl Into<Bytes>) -> Result<Outcome, RequestError> {
    let request = CodeGeneratorRequest::decode(request.into())?;
    // The steps inside catch their panics and report more. This catches panics of the code around them.
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let options = options(Options::pairs(request.parameter.as_deref().unwrap_or_default()))?;
        generate(request, options)
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
            Outcome { response: CodeGeneratorResponse { file: file.collect(), ..supported() }, warnings }
        }
        Err(problems) => {
            let error = Some(problems.to_string());
            let response = CodeGeneratorResponse { error, ..supported() };
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
    let mut stdin = io::stdin().lock();
    if stdin.is_terminal() {
        eprintln!("protoc-gen-rust-sdk: protoc and buf call this program; for its own commands see --help");
        return ExitCode::from(2);
    }
    let mut request = Vec::new();
    if let Err(error) = stdin.read_to_end(&mut request) {
        return fail("cannot read the request", &error);
    }
    let mut outcome = match respond(request) {
        Ok(outcome) => outcome,
        Err(error) => return fail("cannot read the request", &error),
    };
    for warning in outcome.warnings.summary() {
        eprintln!("{warning}");
    }
    match outcome.write(&mut io::stdout().lock()) {
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
        let error = respond(vec![0xff]).unwrap_err();
        let text = error_chain(&error);
        assert!(text.starts_with("the input is not a CodeGeneratorRequest: "), "{text}");
        let source = error.source().unwrap().to_string();
        assert_eq!(text.matches(&source).count(), 1, "{text}");
    }
}
