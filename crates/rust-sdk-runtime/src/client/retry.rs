//! When a call that failed is made again, and when it is not.
//!
//! Only calls that may be repeated are (RFC 9110 §9.2.2, `idempotency_level`), and only after failures that pass:
//! `UNAVAILABLE` (AIP-194), or those for which the server itself said how long to wait (`google.rpc.RetryInfo`, `Retry-After`).

use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::error::code::Code;
use crate::error::{Error, ErrorKind};

/// How often a call is made, and how long is waited in between.
///
/// The wait doubles from the first delay to the longest, with jitter; where the server says how long to wait, it is at
/// least that. Under an outage a client stops to repeat: its calls share a budget of 100 repetitions, to which each
/// success gives a tenth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    attempts: u32,
    first_delay: Duration,
    longest_delay: Duration,
}

impl Default for RetryPolicy {
    /// Four attempts, 200 ms to 10 s apart.
    fn default() -> Self {
        Self { attempts: 4, first_delay: Duration::from_millis(200), longest_delay: Duration::from_secs(10) }
    }
}

impl RetryPolicy {
    /// The default policy.
    pub fn new() -> Self {
        Self::default()
    }

    /// One attempt, whatever happens.
    pub fn never() -> Self {
        Self::default().attempts(1)
    }

    /// How often the call is made at most, the first attempt included. Zero counts as one.
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

    /// The longest wait. A server that asks for more ends the attempts.
    #[must_use]
    pub fn longest_delay(mut self, delay: Duration) -> Self {
        self.longest_delay = delay;
        self
    }

    /// The wait before the attempt after `made` of them, jitter left out.
    fn delay(&self, made: u32) -> Duration {
        let doubled = 1_u32.checked_shl(made.saturating_sub(1)).unwrap_or(u32::MAX);
        self.first_delay.saturating_mul(doubled).min(self.longest_delay)
    }

    /// How long to wait before the next attempt, after `made` of them; `None` where there is none.
    pub(crate) fn next(&self, made: u32, error: &Error, budget: &Budget) -> Option<Duration> {
        if made >= self.attempts {
            return None;
        }
        let asked = error.retry_delay();
        let passes = match error.kind() {
            ErrorKind::Transport => error.code() == Some(Code::Unavailable),
            ErrorKind::Status => match error.code() {
                Some(Code::Unavailable) => true,
                Some(Code::ResourceExhausted | Code::Aborted) => asked.is_some(),
                _ => false,
            },
            _ => false,
        };
        if !passes || asked.is_some_and(|asked| asked > self.longest_delay) || !budget.take() {
            return None;
        }
        let delay = self.delay(made);
        Some(asked.map_or_else(|| jittered(delay), |asked| asked + jittered(delay / 4)))
    }
}

/// Between a half and the whole of it, so that many clients do not come back at once.
fn jittered(delay: Duration) -> Duration {
    // A hasher with fresh keys is what the standard library has of randomness.
    let random = RandomState::new().hash_one(0_u8);
    let fraction = f64::from(u32::try_from(random >> 32).unwrap_or(0)) / f64::from(u32::MAX);
    delay.mul_f64(0.5 + fraction / 2.0)
}

/// The repetitions that a client has left, in tenths.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

impl Budget {
    const FULL: u32 = 1000;
    const REPETITION: u32 = 10;

    /// Takes one repetition, if one is left.
    fn take(&self) -> bool {
        let taken = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(Self::REPETITION));
        taken.is_ok()
    }

    /// Gives a tenth for a success.
    pub(crate) fn succeeded(&self) {
        // Mostly it is full: then nothing is written, and calls on other threads keep the line in their caches.
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

    #[test]
    fn only_failures_that_pass_are_repeated() {
        let (policy, budget) = (RetryPolicy::new(), Budget::default());
        let next = |error: &Error| policy.next(1, error, &budget).is_some();
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
            let delay = policy.next(made, &error, &budget).unwrap();
            assert!(full / 2 <= delay && delay <= full, "{made}: {delay:?}");
        }
        assert_eq!(policy.next(100, &error, &budget), None);
        assert_eq!(RetryPolicy::never().next(1, &error, &budget), None);
    }

    #[test]
    fn an_outage_uses_the_budget_up_and_successes_fill_it() {
        let (policy, budget) = (RetryPolicy::new(), Budget::default());
        let error = Error::from_status(Code::Unavailable, "");
        let repeated = (0..1000).filter(|_| policy.next(1, &error, &budget).is_some()).count();
        assert_eq!(repeated, 100);
        (0..9).for_each(|_| budget.succeeded());
        assert_eq!(policy.next(1, &error, &budget), None);
        budget.succeeded();
        assert!(policy.next(1, &error, &budget).is_some());
    }
}
