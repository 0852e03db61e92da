//! Tokio's.

pub(crate) use tokio::task::{JoinHandle as Task, spawn};
pub(crate) use tokio::time::{Instant, Sleep, sleep, sleep_until, timeout, timeout_at};

/// Whether a call can be made here: time and connections need a runtime.
pub(crate) fn is_ready() -> bool {
    tokio::runtime::Handle::try_current().is_ok()
}
