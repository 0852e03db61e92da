//! Unused connections are closed after a while.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::time::Instant;

use super::{Shared, State};
use crate::platform;

/// How long an unused connection is kept: less than the idle time of common load balancers.
const IDLE: Duration = Duration::from_secs(55);

/// When a connection was last used.
pub(super) struct LastUse {
    start: Instant,
    seconds: AtomicU64,
}

impl LastUse {
    pub(super) fn now() -> Self {
        Self { start: Instant::now(), seconds: AtomicU64::new(0) }
    }

    pub(super) fn set(&self) {
        self.seconds.store(self.start.elapsed().as_secs(), Ordering::Relaxed);
    }

    fn is_recent(&self) -> bool {
        self.start.elapsed() < Duration::from_secs(self.seconds.load(Ordering::Relaxed)) + IDLE
    }
}

impl Shared {
    /// Makes sure that a task closes unused connections.
    pub(super) fn sweep(self: &Arc<Self>, state: &mut State) {
        if !std::mem::replace(&mut state.is_swept, true) {
            let sweeper = Sweeper(Arc::downgrade(self));
            drop(platform::spawn(sweeper.run()));
        }
    }
}

/// Ends when the pool has no connections, when the pool is gone, or with its runtime.
struct Sweeper(Weak<Shared>);

impl Sweeper {
    async fn run(self) {
        loop {
            platform::sleep(IDLE / 4).await;
            let Some(shared) = self.0.upgrade() else { return };
            let mut state = shared.state();
            state.http1.retain(|connection| connection.is_open() && connection.last_use.is_recent());
            state.http2.retain(|connection| {
                connection.is_open() && (!connection.is_idle() || connection.last_use.is_recent())
            });
            if state.http1.is_empty() && state.http2.is_empty() {
                state.is_swept = false;
                return;
            }
        }
    }
}

impl Drop for Sweeper {
    fn drop(&mut self) {
        if let Some(shared) = self.0.upgrade() {
            shared.state().is_swept = false;
        }
    }
}
