//! The moment by which a call must be done.

use std::pin::Pin;
use std::time::Duration;

use http::HeaderValue;

use crate::error::{Error, ErrorKind};
use crate::platform::{self, Instant, Sleep};

/// The moment by which a call must be done, if any.
#[derive(Clone, Copy)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// The deadline after this time. A time that is too long to represent means no deadline.
    pub(crate) fn after(timeout: Option<Duration>) -> Self {
        Self(timeout.and_then(|timeout| Instant::now().checked_add(timeout)))
    }

    /// The earlier of this deadline and one after this time.
    pub(crate) fn or_after(self, timeout: Option<Duration>) -> Self {
        match (self.0, Self::after(timeout).0) {
            (Some(this), Some(other)) if other < this => Self(Some(other)),
            (Some(this), _) => Self(Some(this)),
            (None, other) => Self(other),
        }
    }

    /// The result of the work, or a timeout if the deadline passes first.
    pub(crate) async fn bound<T>(self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        match self.0 {
            None => work.await,
            // Checked here, since `timeout_at` polls the work before the deadline.
            Some(at) if at <= Instant::now() => Err(timed_out()),
            Some(at) => platform::timeout_at(at, work).await.unwrap_or_else(|_| Err(timed_out())),
        }
    }

    /// Whether the moment has come.
    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn has_passed(self) -> bool {
        self.0.is_some_and(|at| at <= Instant::now())
    }

    /// Whether any time is left after this delay.
    pub(crate) fn allows(self, delay: Duration) -> bool {
        self.0.is_none_or(|at| Instant::now().checked_add(delay).is_some_and(|then| then < at))
    }

    pub(crate) fn sleep(self) -> Option<Pin<Box<Sleep>>> {
        self.0.map(|at| Box::pin(platform::sleep_until(at)))
    }

    /// The remaining time, as `grpc-timeout`.
    pub(super) fn header(self) -> Option<HeaderValue> {
        let left = self.0?.saturating_duration_since(Instant::now());
        HeaderValue::try_from(grpc_timeout(left)).ok()
    }
}

/// At most eight digits and a unit (gRPC over HTTP/2, "Timeout"). Rounded up, so that the server never gives up before
/// the client does.
fn grpc_timeout(left: Duration) -> String {
    const UNITS: [(u128, char); 6] = [
        (1, 'n'),
        (1_000, 'u'),
        (1_000_000, 'm'),
        (1_000_000_000, 'S'),
        (60_000_000_000, 'M'),
        (3_600_000_000_000, 'H'),
    ];
    const MOST: u128 = 99_999_999;
    UNITS
        .iter()
        .map(|(nanos, unit)| (left.as_nanos().div_ceil(*nanos), unit))
        .find(|(count, _)| *count <= MOST)
        .map_or_else(|| format!("{MOST}H"), |(count, unit)| format!("{count}{unit}"))
}

/// The error of a call whose deadline passed.
pub(crate) fn timed_out() -> Error {
    Error::new(ErrorKind::Timeout, "the deadline passed")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::grpc_timeout;

    #[test]
    fn a_timeout_takes_the_finest_unit_that_fits_and_is_rounded_up() {
        for (left, text) in [
            (Duration::ZERO, "0n"),
            (Duration::from_nanos(99_999_999), "99999999n"),
            (Duration::from_nanos(100_000_001), "100001u"),
            (Duration::from_secs(30), "30000000u"),
            (Duration::from_secs(100), "100000m"),
            (Duration::from_secs(100_000), "100000S"),
            (Duration::MAX, "99999999H"),
        ] {
            assert_eq!(grpc_timeout(left), text);
        }
    }
}
