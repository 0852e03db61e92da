//! A limit on the memory that a message takes while it is read.
//!
//! Two bytes can add an element of hundreds of bytes to a list of messages, so the size of the encoded message does not limit the memory.
//! prost's functions have no room for a limit. Reading is synchronous, so a thread-local value holds what is left.

use std::cell::Cell;

thread_local! {
    static LEFT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// A limit for the messages that this thread reads until it is dropped. Not generic over the message, so that it is compiled once.
#[cfg(feature = "_client")]
pub(crate) struct Limit {
    before: Option<usize>,
}

#[cfg(feature = "_client")]
impl Limit {
    /// Lets a message take this much memory, in bytes, beyond its own struct.
    pub(crate) fn new(bytes: usize) -> Self {
        Self { before: LEFT.replace(Some(bytes)) }
    }

    /// Whether a message took more.
    #[expect(clippy::unused_self, reason = "there is nothing to ask without a limit")]
    pub(crate) fn is_exceeded(&self) -> bool {
        LEFT.get() == Some(0)
    }
}

#[cfg(feature = "_client")]
impl Drop for Limit {
    fn drop(&mut self) {
        LEFT.set(self.before);
    }
}

/// Takes memory for an element. Returns whether there was enough.
pub(super) fn charge(bytes: usize) -> bool {
    let Some(left) = LEFT.get() else { return true };
    let left = left.saturating_sub(bytes);
    LEFT.set(Some(left));
    left > 0
}
