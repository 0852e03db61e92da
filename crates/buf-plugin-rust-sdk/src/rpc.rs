//! pluginrpc v1: a procedure in the arguments, a request on stdin, a response on stdout.

use std::ffi::OsString;
use std::io::{IsTerminal as _, Read as _, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use prost::Message;
use rust_sdk_model::text::error_chain;

use crate::error::{CallError, RpcError};
use crate::messages::{Code, Error, Procedure, Request, Response, Spec};
use crate::{json, service};

/// The version of the protocol.
const PROTOCOL: u32 = 1;

/// A check plugin for buf. buf calls it: see `plugins` in buf.yaml.
#[derive(Debug, Parser)]
#[command(version, after_help = "Procedures: check, list-rules, list-categories, info")]
struct Arguments {
    /// Print the version of the plugin protocol
    #[arg(long)]
    protocol: bool,
    /// Print the procedures
    #[arg(long, conflicts_with = "protocol")]
    spec: bool,
    /// The encoding of requests, responses and procedures
    #[arg(long, value_enum, default_value_t = Format::Binary)]
    format: Format,
    /// The procedure to call, with its request on stdin
    procedure: Option<String>,
}

/// How messages are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Protobuf's binary format.
    Binary,
    /// `ProtoJSON`.
    Json,
}

impl Format {
    fn encode(self, name: &str, message: &impl Message) -> Result<Vec<u8>, RpcError> {
        let bytes = message.encode_to_vec();
        match self {
            Self::Binary => Ok(bytes),
            Self::Json => json::text(name, &bytes).map_err(RpcError::Encode),
        }
    }
}

/// Runs the plugin. Exit codes: 0 a response (which may carry an error), 1 no response, 2 wrong usage.
pub fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let written = output(&arguments).and_then(|bytes| {
        let mut stdout = std::io::stdout().lock();
        stdout.write_all(&bytes).and_then(|()| stdout.flush()).map_err(RpcError::Write)
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("buf-plugin-rust-sdk: {}", error_chain(&error));
            ExitCode::FAILURE
        }
    }
}

/// The requested output: the protocol, the procedures or the response of a procedure.
fn output(arguments: &Arguments) -> Result<Vec<u8>, RpcError> {
    if arguments.protocol {
        return Ok(format!("{PROTOCOL}\n").into_bytes());
    }
    if arguments.spec {
        let procedures = service::PROCEDURES.iter().map(|procedure| Procedure {
            path: procedure.path.to_owned(),
            args: vec![procedure.argument.to_owned()],
        });
        return arguments.format.encode("pluginrpc.v1.Spec", &Spec { procedures: procedures.collect() });
    }
    let Some(procedure) = &arguments.procedure else {
        return Err(RpcError::NoProcedure);
    };
    let mut stdin = std::io::stdin().lock();
    let mut request = Vec::new();
    // An empty stdin is an empty request.
    if !stdin.is_terminal() {
        stdin.read_to_end(&mut request).map_err(RpcError::Read)?;
    }
    respond(procedure, arguments.format, &request)
}

/// The encoded `pluginrpc.v1.Response` to an encoded `Request`. The response reports problems of the request.
///
/// # Errors
/// There is no such procedure, or the response cannot be encoded as JSON.
pub fn respond(procedure: &str, format: Format, request: &[u8]) -> Result<Vec<u8>, RpcError> {
    let known = service::PROCEDURES.iter().find(|known| [known.path, known.argument].contains(&procedure));
    let Some(known) = known else { return Err(RpcError::UnknownProcedure(procedure.to_owned())) };
    let called = catch_unwind(AssertUnwindSafe(|| call(known, format, request)));
    let called = called.unwrap_or_else(|_| {
        let message =
            "internal error: this is a bug of the plugin, please report it with the files".to_owned();
        Err(CallError { code: Code::Internal, message })
    });
    let response = match called {
        Ok(value) => {
            let type_url = format!("type.googleapis.com/{}", known.response);
            Response { value: Some(prost_types::Any { type_url, value }), error: None }
        }
        Err(CallError { code, message }) => {
            Response { value: None, error: Some(Error { code: code.into(), message }) }
        }
    };
    format.encode("pluginrpc.v1.Response", &response)
}

fn call(procedure: &service::Procedure, format: Format, request: &[u8]) -> Result<Vec<u8>, CallError> {
    let unreadable = |error: String| CallError::invalid(format!("the request cannot be read: {error}"));
    let translated;
    let request = match format {
        Format::Json if !request.is_empty() => {
            translated = json::request(request).map_err(|error| unreadable(error.to_string()))?;
            &translated
        }
        _ => request,
    };
    let request = Request::decode(request).map_err(|error| unreadable(error.to_string()))?;
    let value = request.value.unwrap_or_default();
    let found = value.type_url.rsplit('/').next().unwrap_or_default();
    if found != procedure.request && !(found.is_empty() && value.value.is_empty()) {
        return Err(CallError::invalid(format!("the request is a `{found}`, not a `{}`", procedure.request)));
    }
    (procedure.call)(&value.value)
}
