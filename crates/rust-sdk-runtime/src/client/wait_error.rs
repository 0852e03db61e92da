//! The error of a wait.

use std::fmt;

use crate::error::Error;

/// A [`Wait`](crate::client::Wait) that ended without a response that meets its condition: why it ended, and what the server had answered.
///
/// `?` turns it into an [`Error`].
pub struct WaitError<O> {
    error: Error,
    // Boxed, since results should be small.
    last: Option<Box<O>>,
}

impl<O> WaitError<O> {
    pub(crate) fn new(error: Error, last: Option<O>) -> Self {
        Self { error, last: last.map(Box::new) }
    }

    /// Why the wait ended: the time limit, an error of the server that will not pass, or
    /// [`GaveUp`](crate::ErrorKind::GaveUp) if [`unless`](crate::client::Wait::unless) accepted a response.
    pub const fn error(&self) -> &Error {
        &self.error
    }

    /// The same error as an owned value.
    pub fn into_error(self) -> Error {
        self.error
    }

    /// The last response of the server, which did not meet the condition. With [`GaveUp`](crate::ErrorKind::GaveUp) it is the response that
    /// ended the wait. `None` if no call succeeded.
    pub fn last(&self) -> Option<&O> {
        self.last.as_deref()
    }

    /// The same response as an owned value.
    pub fn into_last(self) -> Option<O> {
        self.last.map(|last| *last)
    }
}

impl<O> From<WaitError<O>> for Error {
    fn from(error: WaitError<O>) -> Self {
        error.error
    }
}

/// Shows the error, but not the response.
impl<O> fmt::Debug for WaitError<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitError").field("error", &self.error).finish_non_exhaustive()
    }
}

/// As the [`Error`]: one line, and with `{:#}` also the causes.
impl<O> fmt::Display for WaitError<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<O> std::error::Error for WaitError<O> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}
