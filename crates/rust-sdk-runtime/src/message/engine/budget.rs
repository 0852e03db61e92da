//! A limit on the memory that a message takes while it is read.
//!
//! Two bytes can add an element of hundreds of bytes to a list of messages, so the size of the encoded message does not limit the memory.
//! prost's functions have no room for a limit. Reading is synchronous, so a thread-local value holds what is left.

use std::cell::Cell;

thread_local! {
    static LEFT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Reads a message that may take this much memory, in bytes, beyond its own struct. `None` if it takes more.
#[cfg(feature = "_client")]
pub(crate) fn within<T>(limit: usize, read: impl FnOnce() -> T) -> Option<T> {
    let before = LEFT.replace(Some(limit));
    let value = read();
    let left = LEFT.replace(before);
    (left != Some(0)).then_some(value)
}

/// Takes memory for an element. Returns whether there was enough.
pub(super) fn charge(bytes: usize) -> bool {
    let Some(left) = LEFT.get() else { return true };
    let left = left.saturating_sub(bytes);
    LEFT.set(Some(left));
    left > 0
}
