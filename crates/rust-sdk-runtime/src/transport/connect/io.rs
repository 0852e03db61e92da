//! A connection's bytes, of any type, and what is known of those that arrived.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::time::Instant;

/// A connection of any type.
pub(crate) type BoxIo = Pin<Box<dyn ReadWrite>>;

pub(crate) trait ReadWrite: Read + Write + Send {}

impl<T: Read + Write + Send> ReadWrite for T {}

/// The most interim responses (1xx) to one request over HTTP/1.1. Servers send one or two.
const MOST_INTERIM: u32 = 100;

/// How many bytes are read before other tasks, and deadlines, have a turn. hyper and h2 read on while there is something, and a server can
/// send bytes that take long and lead to nothing: a chunk's size of many zeros, or pings.
const MOST_BURST: usize = 256 << 10;

/// What a connection received.
pub(crate) struct Activity {
    start: Instant,
    /// When it last received something, in nanoseconds after the start; 0 before the first byte.
    last: AtomicU64,
    /// The interim responses to the current request.
    interim: AtomicU32,
}

impl Default for Activity {
    fn default() -> Self {
        Self { start: Instant::now(), last: AtomicU64::new(0), interim: AtomicU32::new(0) }
    }
}

impl Activity {
    /// Whether anything arrived at or after this moment.
    pub(crate) fn is_after(&self, moment: Instant) -> bool {
        self.last.load(Ordering::Relaxed) >= self.nanos(moment)
    }

    /// Begins a request over HTTP/1.1.
    pub(crate) fn begin(&self) {
        self.interim.store(0, Ordering::Relaxed);
    }

    /// Counts an interim response. hyper reads them without a limit: too many end the connection.
    pub(crate) fn interim(&self) {
        self.interim.fetch_add(1, Ordering::Relaxed);
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
    Box::pin(Watched { io, activity: activity.clone(), burst: 0, is_cut: false })
}

struct Watched {
    io: BoxIo,
    activity: Arc<Activity>,
    /// The bytes that could be read since other tasks had a turn.
    burst: usize,
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
        if self.activity.interim.load(Ordering::Relaxed) > MOST_INTERIM {
            let error = io::Error::new(io::ErrorKind::InvalidData, "too many interim responses (1xx)");
            return Poll::Ready(Err(error));
        }
        if self.burst > MOST_BURST {
            self.burst = 0;
            return std::pin::pin!(tokio::task::yield_now()).poll(context).map(Ok);
        }
        self.burst = self.burst.saturating_add(buffer.remaining());
        let read = self.io.as_mut().poll_read(context, buffer);
        if read.is_pending() {
            self.burst = 0;
        }
        // The end of the connection counts, too: it is found at once, not by a deadline.
        ready!(read)?;
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
