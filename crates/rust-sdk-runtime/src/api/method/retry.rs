//! How long a call of a method takes at most, and when a failed one is made again, as the API states it (gRFC A6). Pure data.

use std::time::Duration;

use super::Method;
use crate::error::code::Code;

/// When a failed call of a method is made again, unless the client or the call has a policy of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retry {
    attempts: u32,
    first_delay: Duration,
    longest_delay: Duration,
    multiplier: f64,
    codes: &'static [Code],
}

impl Retry {
    /// This many attempts, the first one included.
    #[doc(hidden)]
    pub const fn attempts(attempts: u32) -> Self {
        Self {
            attempts,
            first_delay: Duration::ZERO,
            longest_delay: Duration::ZERO,
            multiplier: 1.0,
            codes: &[],
        }
    }

    /// Sets the first and the longest wait, in milliseconds, and the factor from one wait to the next.
    #[doc(hidden)]
    #[must_use]
    pub const fn delays_ms(mut self, first: u64, longest: u64, multiplier: f64) -> Self {
        self.first_delay = Duration::from_millis(first);
        self.longest_delay = Duration::from_millis(longest);
        self.multiplier = multiplier;
        self
    }

    /// Sets the codes after which a call is made again.
    #[doc(hidden)]
    #[must_use]
    pub const fn after(mut self, codes: &'static [Code]) -> Self {
        self.codes = codes;
        self
    }

    /// The largest number of attempts, the first one included.
    pub const fn max_attempts(&self) -> u32 {
        self.attempts
    }

    /// The wait before the second attempt.
    pub const fn first_delay(&self) -> Duration {
        self.first_delay
    }

    /// The longest wait.
    pub const fn longest_delay(&self) -> Duration {
        self.longest_delay
    }

    /// The factor from one wait to the next.
    pub const fn multiplier(&self) -> f64 {
        self.multiplier
    }

    /// The codes after which a call is made again. The API states that it may be repeated after these, even if it is not idempotent.
    pub const fn codes(&self) -> &'static [Code] {
        self.codes
    }
}

impl Method {
    /// Sets the time of a call, in milliseconds.
    #[doc(hidden)]
    #[must_use]
    pub const fn timeout_ms(mut self, milliseconds: u64) -> Self {
        self.options.timeout = Some(Duration::from_millis(milliseconds));
        self
    }

    /// Sets when a failed call is made again.
    #[doc(hidden)]
    #[must_use]
    pub const fn retry(mut self, retry: Retry) -> Self {
        self.options.retry = Some(retry);
        self
    }

    /// The time of a call with all its attempts, if the API states one. It applies to streams, too. A timeout of the call comes first, and
    /// for a unary call that of the client.
    pub const fn default_timeout(&self) -> Option<Duration> {
        self.options.timeout
    }

    /// When a failed call is made again, if the API states it. A policy of the call or of the client comes first.
    pub const fn default_retry(&self) -> Option<&Retry> {
        self.options.retry.as_ref()
    }
}
