//! The side of a connection that takes requests.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};

use super::lock::lock;
use crate::platform;

/// Sends requests to a connection's driver; empty once the driver has ended.
///
/// A request that is sent at the moment when the driver ends can stay in the channel between them. Only when all senders are gone does its
/// call get it back; so nothing but this slot may keep one.
pub(super) struct Sender<S>(Arc<Mutex<Option<S>>>);

impl<S> Sender<S> {
    /// Spawns the driver. [`set`](Self::set) adds its sender.
    pub(super) fn driven_by(driver: impl Future + Send + Unpin + 'static) -> Self
    where
        S: Send + 'static,
    {
        let slot = Arc::new(Mutex::new(None));
        drop(platform::spawn(Driven { driver, _closer: Closer(slot.clone()) }));
        Self(slot)
    }

    pub(super) fn set(&self, sender: S) {
        *self.get() = Some(sender);
    }

    pub(super) fn get(&self) -> MutexGuard<'_, Option<S>> {
        lock(&self.0)
    }
}

/// Runs a driver. Its fields are dropped in this order.
struct Driven<D, S> {
    driver: D,
    _closer: Closer<S>,
}

impl<D: Future + Unpin, S> Future for Driven<D, S> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        // The calls get the connection's error, too.
        Pin::new(&mut self.driver).poll(context).map(drop)
    }
}

/// Empties the slot when the driver ends, also where its runtime ends and drops it.
struct Closer<S>(Arc<Mutex<Option<S>>>);

impl<S> Drop for Closer<S> {
    fn drop(&mut self) {
        drop(lock(&self.0).take());
    }
}
