//! Reads messages from a gRPC response body.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes, BytesMut};
use http::HeaderMap;
use http_body::Body as _;

use super::failure;
use super::payload::{PREFIX, StreamFailure};
use crate::error::code::Code;
use crate::error::grpc_status;
use crate::error::{Error, ErrorKind};

/// The most bytes that are reserved for a message before it arrives, since its stated length may be wrong.
const MAX_RESERVE: usize = 1 << 20;

/// The messages of one response and, after them, its trailers.
pub(crate) struct Messages {
    body: super::Body,
    buffer: BytesMut,
    limit: usize,
    trailers: HeaderMap,
    /// Whether the status was among the headers, so that nothing may follow.
    is_over: bool,
    /// Whether messages may be compressed: the response's headers say so.
    is_compressed: bool,
    /// Why the requests ended, if they are a stream that failed.
    requests: StreamFailure,
}

impl Messages {
    /// `limit` is the largest message that is accepted, in bytes.
    pub(super) fn new(body: super::Body, limit: usize) -> Self {
        let (buffer, trailers) = (BytesMut::new(), HeaderMap::new());
        let requests = StreamFailure::default();
        Self { body, buffer, limit, trailers, is_over: false, is_compressed: false, requests }
    }

    /// A response whose messages may be compressed.
    pub(super) fn compressed(self, is_compressed: bool) -> Self {
        Self { is_compressed, ..self }
    }

    /// The response to requests that may fail.
    pub(super) fn of_requests(self, requests: StreamFailure) -> Self {
        Self { requests, ..self }
    }

    /// A response without messages: its headers are its trailers.
    pub(super) fn without_any(body: super::Body, trailers: HeaderMap) -> Self {
        Self { trailers, is_over: true, ..Self::new(body, 0) }
    }

    /// The trailers without the status; empty until the end.
    pub(crate) fn trailers(&self) -> &HeaderMap {
        &self.trailers
    }

    /// The next message; `None` after the last one of a successful call. Must not be polled again after `None` or an error.
    pub(crate) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        loop {
            if let Some(message) = self.take_message().transpose() {
                return Poll::Ready(Some(message));
            }
            let frame = match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => frame,
                Some(Err(error)) => {
                    return Poll::Ready(Some(Err(self.requests.or(failure::of_transport(error)))));
                }
                None => return Poll::Ready(self.end(HeaderMap::new()).err().map(Err)),
            };
            match frame.into_data() {
                Ok(data) if self.is_over && !data.is_empty() => {
                    return Poll::Ready(Some(Err(behind_status())));
                }
                Ok(data) => match self.whole_message(&data) {
                    Some(message) => return Poll::Ready(Some(Ok(message))),
                    None => self.buffer.extend_from_slice(&data),
                },
                Err(frame) => {
                    if let Ok(trailers) = frame.into_trailers() {
                        return Poll::Ready(self.end(trailers).err().map(Err));
                    }
                }
            }
        }
    }

    /// The message that these bytes are, if they are one: most responses are one frame, which need not be copied.
    fn whole_message(&self, data: &Bytes) -> Option<Bytes> {
        let Some(&[0, a, b, c, d]) = data.first_chunk::<PREFIX>() else { return None };
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        let is_whole = self.buffer.is_empty() && length <= self.limit && length == data.len() - PREFIX;
        is_whole.then(|| data.slice(PREFIX..))
    }

    /// The next message of the buffer, once it is complete.
    fn take_message(&mut self) -> Result<Option<Bytes>, Error> {
        let Some(&[flag, a, b, c, d]) = self.buffer.first_chunk::<PREFIX>() else {
            return Ok(None);
        };
        if flag > 1 || (flag == 1 && !self.is_compressed) {
            return Err(Error::new(
                ErrorKind::Decode,
                format!("unexpected compression flag {flag} in the response"),
            ));
        }
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        if length > self.limit {
            return Err(self.too_large(length));
        }
        let missing = length.saturating_add(PREFIX).saturating_sub(self.buffer.len());
        if missing > 0 {
            // Growing in small steps would copy a large message several times.
            self.buffer.reserve(missing.min(MAX_RESERVE));
            return Ok(None);
        }
        self.buffer.advance(PREFIX);
        let message = self.buffer.split_to(length).freeze();
        if flag == 1 { self.unpack(&message).map(Some) } else { Ok(Some(message)) }
    }

    fn too_large(&self, length: usize) -> Error {
        grpc_status::too_large(length, self.limit)
    }

    #[cfg(feature = "gzip")]
    fn unpack(&self, packed: &[u8]) -> Result<Bytes, Error> {
        use crate::wire::gzip::{UnpackError, unpack};

        unpack(packed, self.limit).map(Bytes::from).map_err(|error| match error {
            UnpackError::TooLarge => self.too_large(self.limit.saturating_add(1)),
            UnpackError::Invalid(error) => {
                Error::new(ErrorKind::Decode, "a message of the response is not valid gzip")
                    .with_source(error)
            }
        })
    }

    #[cfg(not(feature = "gzip"))]
    #[expect(clippy::unused_self, reason = "with gzip it has a limit")]
    fn unpack(&self, _: &[u8]) -> Result<Bytes, Error> {
        Err(Error::new(ErrorKind::Decode, "a message of the response is compressed"))
    }

    /// Reads the status at the end of the response.
    fn end(&mut self, trailers: HeaderMap) -> Result<(), Error> {
        if self.is_over {
            let is_stated = grpc_status::code(&trailers).is_some();
            self.trailers.extend(trailers);
            return if is_stated { Err(behind_status()) } else { Ok(()) };
        }
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

/// The error of a response that goes on after its status: it is unclear whether the call succeeded.
fn behind_status() -> Error {
    let message = "the response continues after the status in its headers";
    Error::new(ErrorKind::Decode, message).with_code(Code::Unknown)
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue};
    use http_body::Frame;
    use proptest::prelude::*;

    use super::{Error, Messages};

    struct Frames(VecDeque<Frame<Bytes>>);

    impl http_body::Body for Frames {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Ready(self.0.pop_front().map(Ok))
        }
    }

    /// Reads a body that arrives in chunks of this size.
    fn read(body: &[u8], chunk: usize, limit: usize, trailers: HeaderMap) -> Result<Vec<Bytes>, Error> {
        let mut frames: VecDeque<_> =
            body.chunks(chunk).map(|data| Frame::data(Bytes::copy_from_slice(data))).collect();
        frames.push_back(Frame::trailers(trailers));
        let mut messages = Messages::new(super::super::Body::new(Frames(frames)), limit);
        let mut read = Vec::new();
        loop {
            match messages.poll_next(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(Some(message)) => read.push(message?),
                Poll::Ready(None) => return Ok(read),
                Poll::Pending => panic!("all of the body is there"),
            }
        }
    }

    fn status(value: &[u8]) -> HeaderMap {
        HeaderValue::from_bytes(value)
            .map(|value| [(http::HeaderName::from_static("grpc-status"), value)].into_iter().collect())
            .unwrap_or_default()
    }

    proptest! {
        #[test]
        fn messages_are_the_same_however_they_are_cut(
            sent in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..8),
            chunk in 1..64_usize,
        ) {
            let mut body = Vec::new();
            for message in &sent {
                body.push(0);
                body.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
                body.extend(message);
            }
            prop_assert_eq!(read(&body, chunk, 40, status(b"0")).unwrap(), &sent[..]);
            if let Some(longest) = sent.iter().map(Vec::len).max().filter(|length| *length > 0) {
                prop_assert!(read(&body, chunk, longest - 1, status(b"0")).is_err());
            }
            if !body.is_empty() {
                prop_assert!(read(&body[..body.len() - 1], chunk, 40, status(b"0")).is_err());
            }
        }

        #[test]
        fn arbitrary_bytes_never_panic_and_only_a_status_of_zero_is_success(
            body in proptest::collection::vec(0..4_u8, 0..64),
            value in proptest::collection::vec(any::<u8>(), 0..4),
            chunk in 1..64_usize,
        ) {
            let result = read(&body, chunk, 1 << 20, status(&value));
            prop_assert!(result.is_err() || (!value.is_empty() && value.iter().all(|&byte| byte == b'0')));
        }
    }
}
