//! When a failed call is retried.
//!
//! A call is retried only if repeating it does no harm (RFC 9110 §9.2.2, `idempotency_level`), and only after a failure that the policy
//! retries: by default, transient ones ([`Error::is_transient`]). An API may state other codes for a method (gRFC A6).
//!
//! Beside the policy, a call is made once more, at once, if the server states that it did not process it (gRFC A6, "Transparent retries").

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::api::method::Retry;
use crate::error::{Delivery, Error, ErrorKind};
use crate::platform;

/// How many attempts a call gets, and how long the client waits between them.
///
/// The wait doubles from the first delay to the longest, with jitter. If the server says how long to wait, the client waits at least that
/// long. To limit retries during an outage, all calls of a client share a budget of 100 retries; each success adds a tenth of a retry.
#[derive(Clone)]
pub struct RetryPolicy {
    attempts: u32,
    first_delay: Duration,
    longest_delay: Duration,
    /// The factor from one wait to the next.
    multiplier: f64,
    /// Which errors are retried; transient ones by default.
    rule: Option<Rule>,
}

type Rule = Arc<dyn Fn(&Error) -> bool + Send + Sync>;

impl Default for RetryPolicy {
    /// Four attempts, 200 ms to 10 s apart.
    fn default() -> Self {
        Self {
            attempts: 4,
            first_delay: Duration::from_millis(200),
            longest_delay: Duration::from_secs(10),
            multiplier: 2.0,
            rule: None,
        }
    }
}

impl RetryPolicy {
    /// The default policy.
    pub fn new() -> Self {
        Self::default()
    }

    /// One attempt, without retries.
    pub fn never() -> Self {
        Self::default().attempts(1)
    }

    /// The policy that an API states for a method.
    pub(crate) fn stated(retry: &Retry) -> Self {
        let codes = retry.codes();
        let policy = Self {
            attempts: retry.max_attempts(),
            first_delay: retry.first_delay(),
            longest_delay: retry.longest_delay(),
            multiplier: retry.multiplier(),
            rule: None,
        };
        policy.retry_if(move |error| {
            matches!(error.kind(), ErrorKind::Transport | ErrorKind::Status)
                && error.code().is_some_and(|code| codes.contains(&code))
        })
    }

    /// The largest number of attempts, the first one included. Zero counts as one.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The wait before the second attempt.
    #[must_use]
    pub fn first_delay(mut self, delay: Duration) -> Self {
        self.first_delay = delay;
        self
    }

    /// The longest wait. If the server asks for a longer one, the call is not retried.
    #[must_use]
    pub fn longest_delay(mut self, delay: Duration) -> Self {
        self.longest_delay = delay;
        self
    }

    /// Sets which errors are retried, in place of [`Error::is_transient`]. Calls that are not idempotent are still retried only if the
    /// server certainly did not process them.
    ///
    /// ```
    /// use rust_sdk_runtime::{Code, RetryPolicy};
    ///
    /// let policy = RetryPolicy::new().retry_if(|error| error.is_transient() || error.code() == Some(Code::Internal));
    /// ```
    #[must_use]
    pub fn retry_if(mut self, rule: impl Fn(&Error) -> bool + Send + Sync + 'static) -> Self {
        self.rule = Some(Arc::new(rule));
        self
    }

    /// The wait after `made` attempts, without jitter.
    fn delay(&self, made: u32) -> Duration {
        let exponent = i32::try_from(made.saturating_sub(1)).unwrap_or(i32::MAX);
        // A wait beyond what a duration can hold is longer than the longest.
        let delay =
            Duration::try_from_secs_f64(self.first_delay.as_secs_f64() * self.multiplier.powi(exponent));
        delay.map_or(self.longest_delay, |delay| delay.min(self.longest_delay))
    }

    /// The wait before the next attempt, after `made` attempts; `None` if the call is not retried. `is_slow` says that the attempt's own
    /// time limit passed.
    pub(crate) fn next(&self, made: u32, error: &Error, is_slow: bool, budget: &Budget) -> Option<Duration> {
        if made >= self.attempts || error.forbids_retry() {
            return None;
        }
        let asked = error.retry_delay();
        let is_retried =
            is_slow || self.rule.as_ref().map_or_else(|| error.is_transient(), |rule| rule(error));
        if !is_retried || asked.is_some_and(|asked| asked > self.longest_delay) {
            return None;
        }
        // A failed connection fails all calls that wait for it. Their retries wait for one connection again, and burden nobody.
        if error.delivery() != Delivery::NotSent && !budget.take() {
            return None;
        }
        let delay = self.delay(made);
        Some(asked.map_or_else(|| jittered(delay), |asked| asked + jittered(delay / 4)))
    }
}

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy")
            .field("attempts", &self.attempts)
            .field("first_delay", &self.first_delay)
            .field("longest_delay", &self.longest_delay)
            .finish_non_exhaustive()
    }
}

/// Between a half and the whole delay, so that many clients do not retry at the same time.
pub(crate) fn jittered(delay: Duration) -> Duration {
    let fraction = f64::from(u32::try_from(platform::random() >> 32).unwrap_or(0)) / f64::from(u32::MAX);
    delay.mul_f64(0.5 + fraction / 2.0)
}

/// The retries that a client has left, in tenths of a retry.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

impl Budget {
    const FULL: u32 = 1000;
    const REPETITION: u32 = 10;

    /// Takes one retry, if one is left.
    fn take(&self) -> bool {
        let taken = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(Self::REPETITION));
        taken.is_ok()
    }

    /// Adds a tenth of a retry for a success.
    pub(crate) fn succeeded(&self) {
        // Usually the budget is full. Then nothing is written, and the cache lines of other threads stay valid.
        if self.0.load(Ordering::Relaxed) < Self::FULL {
            let add = |left: u32| Some((left + 1).min(Self::FULL));
            let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
        }
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicU32::new(Self::FULL))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::error::code::Code;

    #[test]
    fn only_failures_that_pass_are_repeated() {
        let (policy, budget) = (RetryPolicy::new(), Budget::default());
        let next = |error: &Error| policy.next(1, error, false, &budget).is_some();
        for (code, repeated) in [
            (Code::Unavailable, true),
            (Code::ResourceExhausted, false),
            (Code::Aborted, false),
            (Code::DeadlineExceeded, false),
            (Code::Internal, false),
            (Code::Unknown, false),
            (Code::NotFound, false),
        ] {
            assert_eq!(next(&Error::from_status(code, "")), repeated, "{code:?}");
        }
        assert!(next(&Error::new(ErrorKind::Transport, "")));
        assert!(!next(&Error::new(ErrorKind::Transport, "").with_code(Code::Internal)));
        for kind in [ErrorKind::Timeout, ErrorKind::Decode, ErrorKind::Config, ErrorKind::Credentials] {
            assert!(!next(&Error::new(kind, "").with_code(Code::Unavailable)), "{kind:?}");
        }
    }

    #[test]
    fn the_wait_doubles_up_to_the_longest() {
        let policy = RetryPolicy::new().attempts(100);
        let (error, budget) = (Error::from_status(Code::Unavailable, ""), Budget::default());
        for (made, millis) in [(1, 200), (2, 400), (3, 800), (7, 10_000), (50, 10_000), (99, 10_000)] {
            let full = Duration::from_millis(millis);
            let delay = policy.next(made, &error, false, &budget).unwrap();
            assert!(full / 2 <= delay && delay <= full, "{made}: {delay:?}");
        }
        assert_eq!(policy.next(100, &error, false, &budget), None);
        assert_eq!(RetryPolicy::never().next(1, &error, false, &budget), None);
    }

    #[test]
    fn an_outage_uses_the_budget_up_and_successes_fill_it() {
        let (policy, budget) = (RetryPolicy::new(), Budget::default());
        let error = Error::from_status(Code::Unavailable, "");
        let repeated = (0..1000).filter(|_| policy.next(1, &error, false, &budget).is_some()).count();
        assert_eq!(repeated, 100);
        (0..9).for_each(|_| budget.succeeded());
        assert_eq!(policy.next(1, &error, false, &budget), None);
        budget.succeeded();
        assert!(policy.next(1, &error, false, &budget).is_some());
    }
}
