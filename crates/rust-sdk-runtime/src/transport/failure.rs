//! Connections that failed or broke, for both transports.

use std::error::Error as StdError;

use crate::error::code::Code;
use crate::error::{BoxError, Error, ErrorKind};

/// The error of a connection that failed or broke, with the code that its causes determine. The client adds the URL.
pub(super) fn of_transport(source: impl Into<BoxError>) -> Error {
    let source = source.into();
    let mut root: &(dyn StdError + 'static) = &*source;
    let mut code = Code::Unavailable;
    let mut unsent = false;
    loop {
        unsent |= is_connect(root);
        if let Some(found) = code_of(root) {
            code = found;
        }
        match root.source() {
            Some(next) => root = next,
            None => break,
        }
    }
    let error = Error::new(ErrorKind::Transport, "").with_code(code).with_source(source);
    if unsent { error.unsent() } else { error }
}

/// Whether no connection was made, so that nothing can have been sent.
#[cfg(not(target_family = "wasm"))]
fn is_connect(error: &(dyn StdError + 'static)) -> bool {
    let error = error.downcast_ref::<hyper_util::client::legacy::Error>();
    error.is_some_and(hyper_util::client::legacy::Error::is_connect)
}

/// A browser does not report this.
#[cfg(target_family = "wasm")]
fn is_connect(_: &(dyn StdError + 'static)) -> bool {
    false
}

/// The code that a cause determines; `None` for a transient failure.
#[cfg(not(target_family = "wasm"))]
fn code_of(error: &(dyn StdError + 'static)) -> Option<Code> {
    if let Some(error) = error.downcast_ref::<h2::Error>() {
        // A limit of this side says nothing about the server.
        return if error.reason() == Some(h2::Reason::ENHANCE_YOUR_CALM) && !error.is_remote() {
            None
        } else {
            error.reason().map(of_reset)
        };
    }
    let error = error.downcast_ref::<hyper::Error>()?;
    // The peer does not speak HTTP, and a retry would not change that.
    error.is_parse().then_some(Code::Internal)
}

/// A browser does not distinguish causes.
#[cfg(target_family = "wasm")]
fn code_of(_: &(dyn StdError + 'static)) -> Option<Code> {
    None
}

/// The code of a stream reset (gRPC over HTTP/2, "HTTP2 Transport Mapping: Errors").
#[cfg(not(target_family = "wasm"))]
fn of_reset(reason: h2::Reason) -> Code {
    match reason {
        h2::Reason::CANCEL => Code::Cancelled,
        h2::Reason::ENHANCE_YOUR_CALM => Code::ResourceExhausted,
        h2::Reason::INADEQUATE_SECURITY => Code::PermissionDenied,
        h2::Reason::REFUSED_STREAM => Code::Unavailable,
        h2::Reason::STREAM_CLOSED | h2::Reason::HTTP_1_1_REQUIRED => Code::Unknown,
        _ => Code::Internal,
    }
}

#[cfg(test)]
mod tests {
    use super::of_transport;
    use crate::error::code::Code;

    #[test]
    fn the_cause_of_a_broken_connection_gives_the_code() {
        let refused = std::io::Error::other(h2::Error::from(h2::Reason::REFUSED_STREAM));
        assert_eq!(of_transport(refused).code(), Some(Code::Unavailable));
        assert_eq!(of_transport(h2::Error::from(h2::Reason::CANCEL)).code(), Some(Code::Cancelled));
        let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        assert_eq!(of_transport(broken).code(), Some(Code::Unavailable));
    }
}
