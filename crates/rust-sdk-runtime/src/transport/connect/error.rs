//! Why no connection was made.

use std::fmt;
use std::time::Duration;

use thiserror::Error;

use crate::error::BoxError;

/// What a client does before it can send a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Connect,
    Proxy,
    #[cfg(feature = "_tls")]
    Tls,
    Http,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "the server did not accept the connection",
            Self::Proxy => "the proxy did not connect",
            #[cfg(feature = "_tls")]
            Self::Tls => "the server did not finish the TLS handshake",
            Self::Http => "the server did not begin HTTP/2",
        })
    }
}

/// Why no connection was made. Nothing was sent.
#[derive(Debug, Error)]
pub(crate) enum ConnectError {
    /// The look-up of the host's addresses failed.
    #[error("the host's address was not found")]
    Resolve {
        #[source]
        source: BoxError,
        /// Whether the host does not exist, so that another look-up has the same result.
        is_unknown: bool,
    },
    #[error("the connection failed")]
    Connect(#[source] BoxError),
    #[error("the proxy did not connect")]
    Proxy(#[source] BoxError),
    #[cfg(feature = "_tls")]
    #[error("the TLS handshake failed{}", hint(*.is_plain))]
    Tls {
        #[source]
        source: BoxError,
        /// Whether the server answered something other than TLS.
        is_plain: bool,
        /// Whether another attempt has the same result: the certificate is not accepted, for example.
        is_lasting: bool,
    },
    /// The server closed the connection before it was ready.
    #[error("the server did not begin HTTP/2: is this a port for gRPC?")]
    Http(#[source] BoxError),
    /// The connection closed before it took the request.
    #[error("the server closed the connection")]
    Closed(#[source] BoxError),
    /// The server sent something before the request, as servers for HTTP/2 do.
    #[error("the server does not wait for a request over HTTP/1.1; is it a gRPC port?")]
    SpokeFirst(#[source] BoxError),
    #[error("{phase} within {limit:?}")]
    TimedOut { phase: Phase, limit: Duration },
    /// The Tokio runtime that made the connection ended.
    #[error("the runtime that made the connection ended")]
    Interrupted,
}

#[cfg(feature = "_tls")]
fn hint(is_plain: bool) -> &'static str {
    if is_plain { ": the server does not speak TLS on this port; is it an http:// endpoint?" } else { "" }
}

impl ConnectError {
    /// The error of a connection that ended before it took the request.
    pub(crate) fn of_closed(error: BoxError) -> Self {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&*error);
        while let Some(current) = cause {
            // hyper's error for it can be recognized only by its text.
            if current.is::<hyper::Error>()
                && current.to_string() == "received unexpected message from connection"
            {
                return Self::SpokeFirst(error);
            }
            cause = current.source();
        }
        Self::Closed(error)
    }

    /// Whether another attempt has the same result until somebody changes something.
    pub(crate) fn is_lasting(&self) -> bool {
        match self {
            Self::Resolve { is_unknown, .. } => *is_unknown,
            Self::SpokeFirst(_) => true,
            #[cfg(feature = "_tls")]
            Self::Tls { is_lasting, .. } => *is_lasting,
            _ => false,
        }
    }
}
