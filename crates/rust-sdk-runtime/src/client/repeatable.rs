//! Whether repeating a call does no harm.

use crate::api::method::{Idempotency, Method, Retry};
use crate::error::code::Code;
use crate::error::{Delivery, Error};

/// What is known about repeating a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Repeatable {
    /// Whether repeating it does no harm after any failure.
    idempotent: bool,
    /// The codes after which the API states that it may be repeated (gRFC A6).
    codes: &'static [Code],
}

impl Repeatable {
    /// What the API states about a method.
    pub(crate) fn of(method: &Method) -> Self {
        let idempotent = method.idempotency_level() != Idempotency::Unknown;
        Self { idempotent, codes: method.default_retry().map_or(&[], Retry::codes) }
    }

    /// What the caller says about a call.
    pub(crate) const fn stated(idempotent: bool) -> Self {
        Self { idempotent, codes: &[] }
    }

    /// Whether the call may be repeated after this error.
    pub(crate) fn after(self, error: &Error) -> bool {
        self.idempotent
            || error.delivery() != Delivery::Unknown
            || error.code().is_some_and(|code| self.codes.contains(&code))
    }
}
