//! A buffer for the wire bytes that a message goes through, kept from one message of a thread to the next.

use std::cell::Cell;

/// A larger buffer is not kept.
const KEPT: usize = 64 * 1024;

thread_local! {
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// The buffer, empty at first. What uses it meanwhile, such as a message inside this one, gets another.
#[derive(Debug)]
pub(crate) struct Scratch(pub(crate) Vec<u8>);

impl Scratch {
    pub(crate) fn take() -> Self {
        Self(BUFFER.try_with(Cell::take).unwrap_or_default())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if self.0.capacity() <= KEPT {
            let mut buffer = std::mem::take(&mut self.0);
            buffer.clear();
            // While the thread ends there is nowhere to keep it.
            let _ = BUFFER.try_with(|kept| kept.set(buffer));
        }
    }
}
