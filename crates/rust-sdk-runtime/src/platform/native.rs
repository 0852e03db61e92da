//! Time and tasks from Tokio.

use std::hash::{BuildHasher as _, RandomState};

pub(crate) use tokio::task::{JoinHandle as Task, spawn};
pub(crate) use tokio::time::{Instant, Sleep, sleep, sleep_until, timeout, timeout_at};

/// 64 random bits, for what need not be secret. The standard library has no other randomness than the keys of a new hasher.
pub(crate) fn random() -> u64 {
    RandomState::new().hash_one(0_u8)
}

/// Whether a call can be made here: timers and connections need a Tokio runtime.
pub(crate) fn is_ready() -> bool {
    tokio::runtime::Handle::try_current().is_ok()
}
