//! The error type of every call, for all transports.

pub(crate) mod code;
mod details;
#[cfg(feature = "_client")]
pub(crate) mod grpc_status;
mod http_failure;
pub(crate) mod metadata;
#[cfg(any(feature = "gateway", feature = "server", feature = "testing"))]
pub(crate) mod response;
#[cfg(feature = "rest")]
pub mod rest_status;

use std::error::Error as StdError;
use std::fmt::{self, Write as _};
use std::sync::OnceLock;

use bytes::Bytes;

pub use self::code::{Code, UnknownCode};
pub use self::http_failure::HttpFailure;
pub use self::metadata::Metadata;
use crate::message::required::MissingField;

/// A boxed error of any type.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// Where an [`Error`] comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The server returned a status other than OK.
    Status,
    /// The server could not be reached, or the connection broke. The server may or may not have received the request.
    Transport,
    /// The call's own deadline passed. The server may still carry out the call.
    Timeout,
    /// The credentials could not be obtained, or must not be sent over this connection. Nothing was sent.
    Credentials,
    /// The request is invalid, so the client rejected it. Nothing was sent.
    InvalidArgument,
    /// The API's access rules do not allow the call, so the client rejected it. Nothing was sent.
    Refused,
    /// The server's response could not be read.
    Decode,
    /// The client is set up wrongly. Nothing was sent.
    Config,
    /// A wait ended because its goal can no longer be reached (`Wait::unless`).
    GaveUp,
}

/// Why a call failed.
///
/// `{}` prints one line: code (or kind), message, method, the long-running operation, the reason of `google.rpc.ErrorInfo` and the trace id. Causes are in
/// `source()`, and `{:#}` prints them, too. Neither `Display` nor `Debug` shows credentials, headers, or a request or response body.
pub struct Error(Box<Inner>);

/// How far a request got.
#[cfg(feature = "_client")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// The server may have processed it.
    #[default]
    Unknown,
    /// The server stated that it did not process it.
    NotProcessed,
    /// It was not sent.
    NotSent,
}

struct Inner {
    kind: ErrorKind,
    code: Option<Code>,
    message: String,
    method: Option<&'static str>,
    details: Bytes,
    trace_id: Option<String>,
    /// The name of the long-running operation that the error is about.
    operation: Option<Box<str>>,
    /// The request id from the details, cached when first asked for.
    request_id: OnceLock<Option<String>>,
    headers: Metadata,
    trailers: Metadata,
    source: Option<BoxError>,
    http: Option<Box<HttpFailure>>,
    /// How far the request of a transport error got.
    #[cfg(feature = "_client")]
    delivery: Delivery,
    /// Whether another attempt has the same result.
    #[cfg(feature = "_client")]
    is_lasting: bool,
}

impl Error {
    /// An error of this kind, with the code that belongs to the kind.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let code = match kind {
            ErrorKind::Status => Some(Code::Unknown),
            ErrorKind::Transport => Some(Code::Unavailable),
            ErrorKind::Timeout => Some(Code::DeadlineExceeded),
            ErrorKind::Decode => Some(Code::Internal),
            ErrorKind::InvalidArgument => Some(Code::InvalidArgument),
            ErrorKind::Refused => Some(Code::PermissionDenied),
            ErrorKind::GaveUp => Some(Code::FailedPrecondition),
            ErrorKind::Credentials | ErrorKind::Config => None,
        };
        Self(Box::new(Inner {
            kind,
            code,
            message: message.into(),
            method: None,
            details: Bytes::new(),
            trace_id: None,
            operation: None,
            request_id: OnceLock::new(),
            headers: Metadata::default(),
            trailers: Metadata::default(),
            source: None,
            http: None,
            #[cfg(feature = "_client")]
            delivery: Delivery::Unknown,
            #[cfg(feature = "_client")]
            is_lasting: false,
        }))
    }

    /// A status as a server would send it, for fakes in tests.
    pub fn from_status(code: Code, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Status, message).with_code(code)
    }

    /// The error of a request that the client rejects before anything is sent.
    pub fn invalid_argument(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidArgument, message)
    }

    /// Sets the code.
    #[must_use]
    pub fn with_code(mut self, code: Code) -> Self {
        self.0.code = Some(code);
        self
    }

    /// Sets the full name of the method, `package.Service/Method`.
    #[must_use]
    pub fn with_method(mut self, method: &'static str) -> Self {
        self.0.method = Some(method);
        self
    }

    /// Sets the encoded `google.rpc.Status`.
    #[must_use]
    pub fn with_details(mut self, details: impl Into<Bytes>) -> Self {
        self.0.details = details.into();
        self.0.request_id = OnceLock::new();
        self
    }

    /// Sets the trace id, as the server gave it in a header.
    #[must_use]
    pub fn with_trace_id(mut self, trace_id: impl Into<String>) -> Self {
        self.0.trace_id = Some(trace_id.into());
        self
    }

    /// Sets the name of the long-running operation that the error is about.
    #[must_use]
    pub fn with_operation(mut self, name: impl Into<Box<str>>) -> Self {
        self.0.operation = Some(name.into());
        self
    }

    /// Sets the response's headers.
    #[must_use]
    pub fn with_headers(mut self, headers: impl Into<Metadata>) -> Self {
        self.0.headers = headers.into();
        self
    }

    /// Sets the response's trailers.
    #[must_use]
    pub fn with_trailers(mut self, trailers: impl Into<Metadata>) -> Self {
        self.0.trailers = trailers.into();
        self
    }

    /// Records how far the request got.
    #[cfg(feature = "_client")]
    pub(crate) fn delivered(mut self, delivery: Delivery) -> Self {
        self.0.delivery = delivery;
        self
    }

    /// Records that another attempt has the same result.
    #[cfg(all(feature = "_client", not(target_family = "wasm")))]
    pub(crate) fn lasting(mut self) -> Self {
        self.0.is_lasting = true;
        self
    }

    /// Says where the connection failed, if that is known.
    #[cfg(feature = "_client")]
    pub(crate) fn located(mut self, url: Option<&impl fmt::Display>) -> Self {
        let colon = if self.0.message.is_empty() { "" } else { ": " };
        let place =
            url.map_or_else(|| "transport error".to_owned(), |url| format!("transport error at {url}"));
        self.0.message.insert_str(0, &format!("{place}{colon}"));
        self
    }

    /// How far the request got.
    #[cfg(feature = "_client")]
    pub(crate) fn delivery(&self) -> Delivery {
        self.0.delivery
    }

    /// Whether another attempt has the same result until somebody changes something: a certificate that is not trusted, for example.
    #[cfg(feature = "_client")]
    pub(crate) fn is_lasting(&self) -> bool {
        self.0.is_lasting
    }

    /// Sets the HTTP response.
    #[cfg(feature = "rest")]
    pub(crate) fn with_http(mut self, status: http::StatusCode, body: &[u8]) -> Self {
        self.0.http = Some(Box::new(HttpFailure::new(status, body)));
        self
    }

    /// Sets what caused the error.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Where the error comes from.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The status code. For [`ErrorKind::Status`] it is the server's. For transport, timeout and decode errors, invalid arguments and
    /// rejected calls it is the code that gRPC has for such a failure. Other kinds have none.
    pub fn code(&self) -> Option<Code> {
        self.0.code
    }

    /// The error message; for [`ErrorKind::Status`] it is the server's. May be empty.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The method that was called, `package.Service/Method`. `None` if no call was made.
    pub fn method(&self) -> Option<&'static str> {
        self.0.method
    }

    /// The encoded `google.rpc.Status` that came with the error; empty if none came.
    pub fn details(&self) -> &[u8] {
        &self.0.details
    }

    /// The id of the call in the server's logs: the trace id from the response's header, else the request id of `google.rpc.RequestInfo`.
    pub fn trace_id(&self) -> Option<&str> {
        let of_details =
            || self.0.request_id.get_or_init(|| self.request_info().map(|info| info.request_id)).as_deref();
        let is_given = |id: &&str| !id.is_empty();
        self.0.trace_id.as_deref().filter(is_given).or_else(of_details).filter(is_given)
    }

    /// The name of the long-running operation that failed or could not be followed. With it, another program can resume the wait.
    pub fn operation(&self) -> Option<&str> {
        self.0.operation.as_deref()
    }

    /// The response's headers; empty if none arrived.
    pub fn headers(&self) -> &Metadata {
        &self.0.headers
    }

    /// The response's trailers. A gRPC response that is only a status has only trailers.
    pub fn trailers(&self) -> &Metadata {
        &self.0.trailers
    }

    /// The first value of this name among the trailers, else among the headers.
    pub fn metadata(&self, name: &str) -> Option<&str> {
        self.0.trailers.get(name).or_else(|| self.0.headers.get(name))
    }

    /// Whether the server or the client ([`is_local`](Self::is_local)) found the request invalid. Which of them finds it first depends on
    /// the transport.
    pub fn is_invalid_argument(&self) -> bool {
        self.0.code == Some(Code::InvalidArgument)
    }

    /// Whether the requested resource does not exist.
    pub fn is_not_found(&self) -> bool {
        self.0.code == Some(Code::NotFound)
    }

    /// Whether the resource to create exists already.
    pub fn is_already_exists(&self) -> bool {
        self.0.code == Some(Code::AlreadyExists)
    }

    /// Whether the system is not in the state that the call needs: see
    /// [`precondition_violations`](Self::precondition_violations).
    pub fn is_failed_precondition(&self) -> bool {
        self.0.code == Some(Code::FailedPrecondition)
    }

    /// Whether a concurrent call interfered: read the resource again, then retry.
    pub fn is_aborted(&self) -> bool {
        self.0.code == Some(Code::Aborted)
    }

    /// Whether a quota or a rate limit is used up: see [`retry_delay`](Self::retry_delay) and
    /// [`quota_violations`](Self::quota_violations).
    pub fn is_resource_exhausted(&self) -> bool {
        self.0.code == Some(Code::ResourceExhausted)
    }

    /// Whether the call had no valid credentials.
    pub fn is_unauthenticated(&self) -> bool {
        self.0.code == Some(Code::Unauthenticated)
    }

    /// Whether the caller is known and not allowed to do this.
    pub fn is_permission_denied(&self) -> bool {
        self.0.code == Some(Code::PermissionDenied)
    }

    /// Whether the server does not have the method.
    pub fn is_unimplemented(&self) -> bool {
        self.0.code == Some(Code::Unimplemented)
    }

    /// Whether the service is unavailable for now.
    pub fn is_unavailable(&self) -> bool {
        self.0.code == Some(Code::Unavailable)
    }

    /// Whether the call was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.code == Some(Code::Cancelled)
    }

    /// Whether the deadline passed, the client's or the server's.
    pub fn is_timeout(&self) -> bool {
        self.0.code == Some(Code::DeadlineExceeded)
    }

    /// Whether a later attempt may succeed, so that idempotent calls are retried: the server is unavailable or the connection broke
    /// (`UNAVAILABLE`, AIP-194), the server says when to retry (`RESOURCE_EXHAUSTED` or `ABORTED` with [`retry_delay`](Self::retry_delay)),
    /// or an HTTP response has status 408, 429, 502, 503 or 504.
    pub fn is_transient(&self) -> bool {
        let is_lasting = {
            #[cfg(feature = "_client")]
            {
                self.is_lasting()
            }
            #[cfg(not(feature = "_client"))]
            false
        };
        match (self.0.kind, self.0.code) {
            _ if is_lasting => false,
            (ErrorKind::Transport | ErrorKind::Status, Some(Code::Unavailable)) => true,
            (ErrorKind::Status, Some(Code::ResourceExhausted | Code::Aborted))
                if self.retry_delay().is_some() =>
            {
                true
            }
            (ErrorKind::Status, _) => {
                self.http().is_some_and(|http| matches!(http.status().as_u16(), 408 | 429 | 502..=504))
            }
            _ => false,
        }
    }

    /// The HTTP response that the error was made from; `None` for gRPC, and where no response arrived.
    pub fn http(&self) -> Option<&HttpFailure> {
        self.0.http.as_deref()
    }

    /// Whether the call failed before anything was sent: its kind is credentials, invalid argument, refused or config.
    pub fn is_local(&self) -> bool {
        use ErrorKind::{Config, Credentials, InvalidArgument, Refused};
        matches!(self.0.kind, Credentials | InvalidArgument | Refused | Config)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.code, self.0.kind) {
            (Some(code), _) => f.write_str(code.as_str())?,
            (None, ErrorKind::Credentials) => f.write_str("credentials")?,
            (None, ErrorKind::Config) => f.write_str("client configuration")?,
            (None, _) => f.write_str("invalid argument")?,
        }
        if !self.0.message.is_empty() {
            f.write_str(": ")?;
            write_line(f, &self.0.message)?;
        }
        let reason = self.plain_reason();
        let context = [
            ("", self.0.method),
            ("operation ", self.operation()),
            ("reason ", reason.as_deref()),
            ("trace ", self.trace_id()),
        ];
        let mut open = " (";
        for (label, value) in context {
            let Some(value) = value else { continue };
            write!(f, "{open}{label}")?;
            write_line(f, value)?;
            open = ", ";
        }
        if open == ", " {
            f.write_char(')')?;
        }
        if f.alternate() {
            let mut next = StdError::source(self);
            while let Some(cause) = next {
                f.write_str(": ")?;
                write_line(f, &cause.to_string())?;
                next = cause.source();
            }
        }
        Ok(())
    }
}

/// Writes text as one line: a server's message must not forge lines in a log.
fn write_line(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for char in text.chars() {
        if char.is_control() { write!(f, "{}", char.escape_default())? } else { f.write_char(char)? }
    }
    Ok(())
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("code", &inner.code)
            .field("message", &inner.message)
            .field("method", &inner.method)
            .field("operation", &inner.operation)
            .field("details", &format_args!("{} bytes", inner.details.len()))
            .field("trace_id", &self.trace_id())
            .field("source", &inner.source)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

// Keeps a `Result` with this error cheap to return.
const _: () = assert!(size_of::<Error>() <= 128);

/// A response without a required field counts as unreadable.
impl From<MissingField> for Error {
    fn from(missing: MissingField) -> Self {
        Self::new(ErrorKind::Decode, missing.to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::{Error, ErrorKind};
    use crate::error::code::Code;

    #[test]
    fn display_is_one_line_with_code_message_and_method() {
        let error = Error::from_status(Code::NotFound, "no such\ncluster\x1b[31m").with_method("a.v1.S/Get");
        assert_eq!(error.to_string(), "NOT_FOUND: no such\\ncluster\\u{1b}[31m (a.v1.S/Get)");
        assert_eq!(Error::from_status(Code::Aborted, "").to_string(), "ABORTED");
        assert_eq!(Error::invalid_argument("no id").to_string(), "INVALID_ARGUMENT: no id");
    }

    #[test]
    fn the_source_is_reached_and_the_kinds_are_told_apart() {
        let error = Error::new(ErrorKind::Transport, "down").with_source(std::io::Error::other("refused"));
        assert_eq!(error.source().unwrap().to_string(), "refused");
        assert!(error.is_unavailable() && !error.is_local());
        let error = Error::new(ErrorKind::Config, "no endpoint");
        assert!(error.is_local() && error.code().is_none());
    }
}
