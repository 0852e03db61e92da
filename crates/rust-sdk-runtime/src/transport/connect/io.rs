//! A connection's bytes, of any type, and when the last ones arrived.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::time::Instant;

/// A connection of any type.
pub(crate) type BoxIo = Pin<Box<dyn ReadWrite>>;

pub(crate) trait ReadWrite: Read + Write + Send {}

impl<T: Read + Write + Send> ReadWrite for T {}

/// When a connection last received something.
pub(crate) struct Activity {
    start: Instant,
    /// In nanoseconds after the start; 0 before the first byte.
    last: AtomicU64,
}

impl Default for Activity {
    fn default() -> Self {
        Self { start: Instant::now(), last: AtomicU64::new(0) }
    }
}

impl Activity {
    /// Whether anything arrived at or after this moment.
    pub(crate) fn is_after(&self, moment: Instant) -> bool {
        self.last.load(Ordering::Relaxed) >= self.nanos(moment)
    }

    fn received(&self) {
        self.last.store(self.nanos(Instant::now()), Ordering::Relaxed);
    }

    /// At least 1, since 0 means that nothing arrived.
    fn nanos(&self, moment: Instant) -> u64 {
        let nanos = moment.saturating_duration_since(self.start).as_nanos();
        u64::try_from(nanos).unwrap_or(u64::MAX).max(1)
    }
}

/// The connection; `activity` shows when it receives something.
pub(super) fn watched(io: BoxIo, activity: &Arc<Activity>) -> BoxIo {
    Box::pin(Watched { io, activity: activity.clone() })
}

struct Watched {
    io: BoxIo,
    activity: Arc<Activity>,
}

impl Read for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        // The end of the connection counts, too: it is found at once, not by a deadline.
        ready!(self.io.as_mut().poll_read(context, buffer))?;
        self.activity.received();
        Poll::Ready(Ok(()))
    }
}

impl Write for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.io.as_mut().poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io.as_mut().poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io.as_mut().poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.io.as_mut().poll_write_vectored(context, bytes)
    }
}
