//! Time and tasks from Tokio.

pub(crate) use tokio::task::{JoinHandle as Task, spawn};
pub(crate) use tokio::time::{Instant, Sleep, sleep, sleep_until, timeout, timeout_at};

/// Whether a call can be made here: timers and connections need a Tokio runtime.
pub(crate) fn is_ready() -> bool {
    tokio::runtime::Handle::try_current().is_ok()
}
