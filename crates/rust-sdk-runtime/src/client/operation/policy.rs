//! How often an operation is asked for its state.

use std::time::Duration;

use crate::api::method::Polling;
use crate::client::retry::jittered;

/// How often the client asks for the state of a long-running operation, and for how long.
///
/// The pause grows by a factor from the first to the longest, with jitter. The defaults of the pauses are those of Google's clients
/// (`google.api.MethodSettings.LongRunning`, AIP-4221): 5 seconds at first, then half as long again each time, up to 45 seconds. The default
/// limit of the whole wait is 30 minutes.
///
/// A poller's own policy comes first, then that of the client ([`ClientBuilder::poll_policy`](crate::ClientBuilder::poll_policy)), then the
/// settings that the API states for the method ([`OperationInfo::polling`](crate::method::OperationInfo::polling)), then the defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct PollPolicy {
    first_delay: Duration,
    factor: f64,
    longest_delay: Duration,
    limit: Option<Duration>,
    jitter: bool,
}

impl Default for PollPolicy {
    fn default() -> Self {
        Self {
            first_delay: Duration::from_secs(5),
            factor: 1.5,
            longest_delay: Duration::from_secs(45),
            limit: Some(Duration::from_secs(30 * 60)),
            jitter: true,
        }
    }
}

impl PollPolicy {
    /// The default policy.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same pause each time, without jitter.
    pub fn every(pause: Duration) -> Self {
        Self { jitter: false, factor: 1.0, ..Self::default() }.first_delay(pause).longest_delay(pause)
    }

    /// The pause before the first poll.
    #[must_use]
    pub fn first_delay(mut self, delay: Duration) -> Self {
        self.first_delay = delay;
        self
    }

    /// How much longer each pause is than the one before. A factor below 1 counts as 1.
    #[must_use]
    pub fn factor(mut self, factor: f64) -> Self {
        self.factor = factor.max(1.0);
        self
    }

    /// The longest pause.
    #[must_use]
    pub fn longest_delay(mut self, delay: Duration) -> Self {
        self.longest_delay = delay;
        self
    }

    /// The limit of the whole wait, from the start of the operation on, or from the first poll of a resumed one. It then fails with a
    /// timeout; the operation itself goes on.
    #[must_use]
    pub fn at_most(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Waits without a limit.
    #[must_use]
    pub fn without_limit(mut self) -> Self {
        self.limit = None;
        self
    }

    /// The policy that an API states for a method.
    pub(super) fn stated(polling: &Polling) -> Self {
        let mut policy = Self::default();
        policy.first_delay = polling.first_delay().unwrap_or(policy.first_delay);
        policy.longest_delay = polling.longest_delay().unwrap_or(policy.longest_delay);
        if let Some(limit) = polling.limit() {
            policy.limit = Some(limit).filter(|limit| !limit.is_zero());
        }
        match polling.factor() {
            Some(factor) => policy.factor(factor),
            None => policy,
        }
    }

    pub(super) fn limit(&self) -> Option<Duration> {
        self.limit
    }

    /// The pause after `made` pauses.
    pub(super) fn pause(&self, made: u32) -> Duration {
        let factor = self.factor.powi(i32::try_from(made).unwrap_or(i32::MAX));
        let delay = Duration::try_from_secs_f64(self.first_delay.as_secs_f64() * factor);
        let delay = delay.map_or(self.longest_delay, |delay| delay.min(self.longest_delay));
        if self.jitter { jittered(delay) } else { delay }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_the_longest() {
        let policy = PollPolicy { jitter: false, ..PollPolicy::new() };
        let millis: Vec<u128> =
            [0, 1, 2, 5, 6, 1000, u32::MAX].map(|made| policy.pause(made).as_millis()).into();
        assert_eq!(millis, [5000, 7500, 11250, 37968, 45000, 45000, 45000]);
        for made in 0..10 {
            let (full, pause) = (policy.pause(made), PollPolicy::new().pause(made));
            assert!(full / 2 <= pause && pause <= full, "{made}: {pause:?}");
        }
    }

    #[test]
    fn odd_settings_do_no_harm() {
        for factor in [0.0, -1.0, f64::NAN] {
            assert_eq!(PollPolicy::every(Duration::from_secs(2)).factor(factor).pause(9).as_secs(), 2);
        }
        assert_eq!(PollPolicy::every(Duration::MAX).pause(3), Duration::MAX);
        let policy = PollPolicy::every(Duration::ZERO).factor(f64::INFINITY);
        assert_eq!(policy.pause(u32::MAX), Duration::ZERO);
    }
}
