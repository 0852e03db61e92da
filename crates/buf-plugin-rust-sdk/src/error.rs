//! Why a call or the program fails.

use std::io;

use crate::messages::Code;

/// Why a call fails. The response carries it to the caller.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct CallError {
    pub(crate) code: Code,
    pub(crate) message: String,
}

impl CallError {
    /// An error that the caller can fix.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self { code: Code::InvalidArgument, message: message.into() }
    }
}

/// Why there is no response.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RpcError {
    /// No procedure is named.
    #[error("no procedure is named: buf calls this program; see --help")]
    NoProcedure,
    /// The plugin has no such procedure.
    #[error("there is no procedure `{0}`; see --spec")]
    UnknownProcedure(String),
    /// Stdin cannot be read.
    #[error("cannot read the request")]
    Read(#[source] io::Error),
    /// Stdout cannot be written.
    #[error("cannot write the response")]
    Write(#[source] io::Error),
    /// The response has no JSON form.
    #[error("cannot encode the response as JSON")]
    Encode(#[source] JsonError),
}

/// Why a message cannot be translated from or to JSON.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct JsonError(pub(crate) String);

#[cfg(test)]
mod tests {
    use rust_sdk_model::text::error_chain;

    use super::*;

    #[test]
    fn a_chain_prints_each_fact_once() {
        let broken = || io::Error::other("the pipe is broken");
        for (error, expected) in [
            (RpcError::NoProcedure, "no procedure is named: buf calls this program; see --help"),
            (RpcError::UnknownProcedure("x".to_owned()), "there is no procedure `x`; see --spec"),
            (RpcError::Read(broken()), "cannot read the request: the pipe is broken"),
            (RpcError::Write(broken()), "cannot write the response: the pipe is broken"),
            (
                RpcError::Encode(JsonError("no message X".to_owned())),
                "cannot encode the response as JSON: no message X",
            ),
        ] {
            assert_eq!(error_chain(&error), expected);
        }
        assert_eq!(error_chain(&CallError::invalid("unknown rule \"X\"")), "unknown rule \"X\"");
    }
}
