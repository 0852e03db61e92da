//! The HTTP response behind an error.

use std::fmt;

use bytes::Bytes;
use http::StatusCode;

/// The HTTP response of a failed REST call, for servers whose errors have a form of their own.
#[derive(Clone)]
pub struct HttpFailure {
    status: StatusCode,
    body: Bytes,
}

impl HttpFailure {
    /// The most bytes of a body that are kept.
    #[cfg(feature = "rest")]
    const MAX_BODY: usize = 16 * 1024;

    #[cfg(feature = "rest")]
    pub(super) fn new(status: StatusCode, body: &[u8]) -> Self {
        Self { status, body: Bytes::copy_from_slice(&body[..body.len().min(Self::MAX_BODY)]) }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The start of the body, at most 16 KiB. It may hold what the request held: do not log it unseen.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl fmt::Debug for HttpFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpFailure").field("status", &self.status).finish_non_exhaustive()
    }
}
