//! Reads one byte at a time, while a proxy is asked for a tunnel.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBuf, ReadBufCursor, Write};

use super::io::BoxIo;

/// A connection of which nothing is read beyond what its reader asked for.
///
/// A server for HTTP/2 may speak first (RFC 9113 §3.4). Then its first bytes arrive together with the proxy's last ones, and what reads the
/// proxy's answer drops what follows it.
pub(super) struct Bytewise(pub(super) BoxIo);

impl Read for Bytewise {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        if buffer.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        let mut byte = [0];
        let mut one = ReadBuf::new(&mut byte);
        ready!(self.0.as_mut().poll_read(context, one.unfilled()))?;
        buffer.put_slice(one.filled());
        Poll::Ready(Ok(()))
    }
}

impl Write for Bytewise {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.0.as_mut().poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.as_mut().poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.as_mut().poll_shutdown(context)
    }
}
