//! Messages out of a gRPC response body.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes, BytesMut};
use http::HeaderMap;
use http_body::Body as _;

use super::grpc_status;
use super::payload::PREFIX;
use crate::code::Code;
use crate::error::{Error, ErrorKind};

/// The messages of one response and, after them, its trailers.
pub(crate) struct Messages {
    body: tonic::body::Body,
    buffer: BytesMut,
    limit: usize,
    trailers: HeaderMap,
    ended: bool,
}

impl Messages {
    /// `limit` is the largest message that is accepted, in bytes.
    pub(super) fn new(body: tonic::body::Body, limit: usize) -> Self {
        Self { body, buffer: BytesMut::new(), limit, trailers: HeaderMap::new(), ended: false }
    }

    /// A response without any message.
    pub(super) fn ended(trailers: HeaderMap) -> Self {
        Self { ended: true, trailers, ..Self::new(tonic::body::Body::empty(), 0) }
    }

    /// The trailers without the status; empty until the end.
    pub(crate) fn trailers(&self) -> &HeaderMap {
        &self.trailers
    }

    /// The next message; `None` after the last one of a call that succeeded. Not to be polled after that or an error.
    pub(crate) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        loop {
            if let Some(message) = self.take_message().transpose() {
                return Poll::Ready(Some(message));
            }
            let frame = match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => frame,
                Some(Err(error)) => return Poll::Ready(Some(Err(grpc_status::of_transport(error)))),
                None => return Poll::Ready(self.end(HeaderMap::new()).err().map(Err)),
            };
            match frame.into_data() {
                Ok(data) => self.buffer.extend_from_slice(&data),
                Err(frame) => {
                    if let Ok(trailers) = frame.into_trailers() {
                        return Poll::Ready(self.end(trailers).err().map(Err));
                    }
                }
            }
        }
    }

    /// The next message of the buffer, once all of it is there.
    fn take_message(&mut self) -> Result<Option<Bytes>, Error> {
        let Some(&[flag, a, b, c, d]) = self.buffer.first_chunk::<PREFIX>() else {
            return Ok(None);
        };
        if flag != 0 {
            // No encoding was offered to the server.
            return Err(Error::new(
                ErrorKind::Decode,
                format!("unexpected compression flag {flag} in the response"),
            ));
        }
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        if length > self.limit {
            let message = format!("a response of {length} bytes is over the limit of {} bytes", self.limit);
            return Err(Error::new(ErrorKind::Decode, message).with_code(Code::ResourceExhausted));
        }
        if self.buffer.len() - PREFIX < length {
            return Ok(None);
        }
        self.buffer.advance(PREFIX);
        Ok(Some(self.buffer.split_to(length).freeze()))
    }

    /// Reads the status at the end of the response.
    fn end(&mut self, trailers: HeaderMap) -> Result<(), Error> {
        match grpc_status::take(trailers) {
            Ok(Ok(_)) if !self.buffer.is_empty() => {
                Err(Error::new(ErrorKind::Decode, "the response ended within a message"))
            }
            Ok(Ok(trailers)) => {
                self.trailers = trailers;
                Ok(())
            }
            Ok(Err(error)) => Err(error),
            Err(trailers) => Err(Error::new(ErrorKind::Transport, "the response ended without a status")
                .with_code(Code::Unknown)
                .with_trailers(trailers)),
        }
    }
}
