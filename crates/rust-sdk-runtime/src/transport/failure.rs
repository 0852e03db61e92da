//! Connections that failed or broke, for both transports.

use crate::error::code::Code;
use crate::error::{BoxError, Delivery, Error, ErrorKind};

/// The error of a connection that failed or broke, with the code that its causes determine. The client adds the URL.
pub(super) fn of_transport(source: impl Into<BoxError>) -> Error {
    // A body's own error, such as that of a response that cannot be unpacked.
    let source = match source.into().downcast::<Error>() {
        Ok(error) => return *error,
        Err(source) => source,
    };
    #[cfg(not(target_family = "wasm"))]
    if let Some(error) = native::connect_error(&source) {
        return error;
    }
    #[cfg(not(target_family = "wasm"))]
    let found = native::causes(&*source);
    // A browser does not distinguish causes.
    #[cfg(target_family = "wasm")]
    let found = Found::default();
    let error = Error::new(ErrorKind::Transport, found.hint).with_source(source).delivered(found.delivery);
    error.with_code(found.code.unwrap_or(Code::Unavailable))
}

/// What the causes of an error say.
#[derive(Default)]
struct Found {
    /// `None` for a transient failure.
    code: Option<Code>,
    delivery: Delivery,
    hint: &'static str,
}

#[cfg(not(target_family = "wasm"))]
pub(super) use self::native::is_unprocessed;

#[cfg(not(target_family = "wasm"))]
mod native {
    use std::error::Error as StdError;
    use std::fmt;
    use std::sync::Arc;

    use super::Found;
    use crate::error::code::Code;
    use crate::error::{BoxError, Delivery, Error, ErrorKind};
    use crate::transport::connect::ConnectError;

    /// The error of a request for which no connection was made.
    pub(super) fn connect_error(source: &BoxError) -> Option<Error> {
        let mut cause: Option<&(dyn StdError + 'static)> = Some(&**source);
        let failed = loop {
            let current = cause?;
            match current.downcast_ref::<Arc<ConnectError>>() {
                Some(failed) => break failed,
                None => cause = current.source(),
            }
        };
        let was_made = matches!(**failed, ConnectError::Closed(_));
        let delivery = if was_made { Delivery::NotProcessed } else { Delivery::NotSent };
        let mut error = Error::new(ErrorKind::Transport, failed.to_string()).delivered(delivery);
        if failed.is_lasting() {
            error = error.lasting();
        }
        Some(if failed.source().is_some() { error.with_source(CauseOf(failed.clone())) } else { error })
    }

    /// The cause of a connection's failure: the message states the failure itself.
    struct CauseOf(Arc<ConnectError>);

    impl CauseOf {
        fn cause(&self) -> &(dyn StdError + 'static) {
            self.0.source().unwrap_or(&*self.0)
        }
    }

    impl fmt::Debug for CauseOf {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            fmt::Debug::fmt(&self.0, f)
        }
    }

    impl fmt::Display for CauseOf {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            fmt::Display::fmt(self.cause(), f)
        }
    }

    impl StdError for CauseOf {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            self.cause().source()
        }
    }

    /// What the causes of an error say.
    pub(super) fn causes(error: &(dyn StdError + 'static)) -> Found {
        let mut found = Found::default();
        let mut next = Some(error);
        while let Some(cause) = next {
            look(cause, &mut found);
            next = cause.source();
        }
        found
    }

    /// Notes what one cause says.
    fn look(cause: &(dyn StdError + 'static), found: &mut Found) {
        if let Some(error) = cause.downcast_ref::<h2::Error>() {
            if is_refused(error) {
                (found.code, found.delivery) = (Some(Code::Unavailable), Delivery::NotProcessed);
            } else if error.reason() == Some(h2::Reason::ENHANCE_YOUR_CALM) && !error.is_remote() {
                // A limit of this side says nothing about the server.
                found.code = None;
            } else if let Some(reason) = error.reason() {
                found.code = Some(of_reset(reason));
                if error.is_library() && error.is_reset() {
                    // h2 gives too long headers the same reason as malformed ones.
                    found.hint =
                        "the response breaks the rules of HTTP/2, or its headers are over `max_header_size`";
                }
            }
        } else if let Some(error) = cause.downcast_ref::<hyper::Error>()
            && error.is_parse()
        {
            // The peer does not speak HTTP, and a retry would not change that.
            found.code = Some(Code::Internal);
            found.hint = if error.is_parse_version_h2() {
                "the server speaks HTTP/2 on this port, without TLS; is it a gRPC port?"
            } else {
                "the server's response is not valid HTTP/1.1; is it a gRPC port?"
            };
        } else if cause.downcast_ref().is_some_and(is_malformed) {
            found.code = Some(Code::Internal);
            found.hint = "the server's response is not valid HTTP/1.1";
        }
    }

    /// Whether the response has a form that HTTP/1.1 does not allow, such as a chunk without a size: hyper's error of a body.
    fn is_malformed(error: &std::io::Error) -> bool {
        #[cfg(feature = "_tls")]
        if error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>()) {
            // The connection is broken, not the server.
            return false;
        }
        matches!(error.kind(), std::io::ErrorKind::InvalidData | std::io::ErrorKind::InvalidInput)
    }

    /// Whether the error says that the server did not process the request.
    pub(in crate::transport) fn is_unprocessed(error: &(dyn StdError + 'static)) -> bool {
        let mut cause = Some(error);
        while let Some(current) = cause {
            if current.downcast_ref().is_some_and(is_refused) {
                return true;
            }
            cause = current.source();
        }
        false
    }

    /// The connection closed before the request's stream (RFC 9113 §6.8; h2 gives this error only to later streams), or the server refused
    /// the stream (§8.7).
    fn is_refused(error: &h2::Error) -> bool {
        error.is_remote()
            && (error.is_go_away()
                || (error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM)))
    }

    /// The code of a stream reset (gRPC over HTTP/2, "HTTP2 Transport Mapping: Errors").
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
