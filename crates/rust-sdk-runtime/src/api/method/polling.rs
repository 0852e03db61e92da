//! How often clients ask for the state of an operation, as the API states it (`google.api.MethodSettings.LongRunning`, AIP-4221). Pure data.

use std::time::Duration;

/// How often clients ask for the state of an operation, unless the client or the poller has a policy of its own. What the API does not state
/// has the client's default.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Polling {
    first_delay: Option<Duration>,
    multiplier: Option<f64>,
    longest_delay: Option<Duration>,
    limit: Option<Duration>,
}

impl Polling {
    /// States nothing.
    #[doc(hidden)]
    pub const fn new() -> Self {
        Self { first_delay: None, multiplier: None, longest_delay: None, limit: None }
    }

    /// Sets the pause before the first poll, in milliseconds.
    #[doc(hidden)]
    #[must_use]
    pub const fn first_delay_ms(mut self, milliseconds: u64) -> Self {
        self.first_delay = Some(Duration::from_millis(milliseconds));
        self
    }

    /// Sets the factor from one pause to the next.
    #[doc(hidden)]
    #[must_use]
    pub const fn multiplier(mut self, factor: f64) -> Self {
        self.multiplier = Some(factor);
        self
    }

    /// Sets the longest pause, in milliseconds.
    #[doc(hidden)]
    #[must_use]
    pub const fn longest_delay_ms(mut self, milliseconds: u64) -> Self {
        self.longest_delay = Some(Duration::from_millis(milliseconds));
        self
    }

    /// Sets the limit of the whole wait, in milliseconds; zero stands for none.
    #[doc(hidden)]
    #[must_use]
    pub const fn limit_ms(mut self, milliseconds: u64) -> Self {
        self.limit = Some(Duration::from_millis(milliseconds));
        self
    }

    /// The pause before the first poll.
    pub const fn first_delay(&self) -> Option<Duration> {
        self.first_delay
    }

    /// The factor from one pause to the next.
    pub const fn factor(&self) -> Option<f64> {
        self.multiplier
    }

    /// The longest pause.
    pub const fn longest_delay(&self) -> Option<Duration> {
        self.longest_delay
    }

    /// The limit of the whole wait. Zero means that there is none.
    pub const fn limit(&self) -> Option<Duration> {
        self.limit
    }
}
