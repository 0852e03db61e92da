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
    Box::pin(Watched { io, activity: activity.clone(), is_cut: false })
}

struct Watched {
    io: BoxIo,
    activity: Arc<Activity>,
    /// Whether writing failed.
    is_cut: bool,
}

impl Watched {
    /// The result of a write. A peer that closes the connection says why (GOAWAY) before it stops reading. So what is written after that is
    /// lost, and the reader finds first the peer's last words, and then the end.
    fn written(&mut self, wrote: io::Result<usize>, length: usize) -> io::Result<usize> {
        match wrote {
            Err(error)
                if matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset) =>
            {
                self.is_cut = true;
                Ok(length)
            }
            wrote => wrote,
        }
    }
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
        if self.is_cut {
            return Poll::Ready(Ok(bytes.len()));
        }
        let wrote = ready!(self.io.as_mut().poll_write(context, bytes));
        Poll::Ready(self.written(wrote, bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.is_cut {
            return Poll::Ready(Ok(()));
        }
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
        let length = bytes.iter().map(|bytes| bytes.len()).sum();
        if self.is_cut {
            return Poll::Ready(Ok(length));
        }
        let wrote = ready!(self.io.as_mut().poll_write_vectored(context, bytes));
        Poll::Ready(self.written(wrote, length))
    }
}
