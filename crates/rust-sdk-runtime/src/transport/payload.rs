//! Encoded requests.

use std::pin::Pin;
#[cfg(feature = "grpc")]
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::Frame;
use tokio_stream::Stream;
#[cfg(feature = "grpc")]
use tokio_stream::StreamExt as _;

use crate::error::Error;

/// The bytes before each message: a flag (0: not compressed) and the length, big-endian (gRPC over HTTP/2, "Length-Prefixed-Message").
pub(crate) const PREFIX: usize = 5;

/// One encoded message, with room before it for the gRPC prefix, so that it is written once and never copied.
#[derive(Clone)]
pub(crate) struct Payload(Bytes);

impl Payload {
    pub(crate) fn encode(message: &impl prost::Message) -> Result<Self, Error> {
        // Measured first, so that a message that is too large takes no memory, and a large one is not copied while it grows.
        let length = message.encoded_len();
        if i32::try_from(length).is_err() {
            return Err(too_large());
        }
        // Short fields may be appended.
        let mut buffer = Vec::with_capacity((PREFIX + length).max(256));
        buffer.extend_from_slice(&[0; PREFIX]);
        message.encode_raw(&mut buffer);
        Self::seal(buffer)
    }

    /// The message with these encoded fields at its end.
    pub(crate) fn append(self, fields: &[u8]) -> Result<Self, Error> {
        if fields.is_empty() {
            return Ok(self);
        }
        let mut buffer = Vec::from(self.0);
        buffer.extend_from_slice(fields);
        Self::seal(buffer)
    }

    /// The message without the prefix.
    pub(crate) fn message(&self) -> &[u8] {
        &self.0[PREFIX..]
    }

    /// Writes the prefix. Separate from the generic `encode`, so that it is compiled once.
    fn seal(mut buffer: Vec<u8>) -> Result<Self, Error> {
        let length = i32::try_from(buffer.len() - PREFIX).map_err(|_| too_large())?;
        buffer[1..PREFIX].copy_from_slice(&length.to_be_bytes());
        Ok(Self(buffer.into()))
    }
}

/// The error of a message over the limit of protobuf in all languages (<https://protobuf.dev/programming-guides/proto-limits/#total>).
fn too_large() -> Error {
    Error::invalid_argument("the request is over 2 GiB, the most that protobuf allows")
}

/// Why a stream of requests failed, if there is one. hyper ends the call with a reset and does not pass the reason on.
#[cfg(feature = "grpc")]
#[derive(Default)]
pub(super) struct StreamFailure(Option<Arc<Mutex<Option<Error>>>>);

#[cfg(feature = "grpc")]
impl StreamFailure {
    /// The same body, and the failure that it may have.
    pub(super) fn of(body: RequestBody) -> (RequestBody, Self) {
        let RequestBody::Stream(stream) = body else { return (body, Self(None)) };
        let noted = Arc::new(Mutex::new(None));
        let failure = Self(Some(noted.clone()));
        let stream = stream.map(move |item| {
            item.map_err(|error| {
                let passed_on = Error::invalid_argument(error.message());
                noted.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                passed_on
            })
        });
        (RequestBody::Stream(Box::pin(stream)), failure)
    }

    /// The stream's own error, or else this one, which is then no consequence of it.
    pub(super) fn or(&self, error: Error) -> Error {
        let noted =
            self.0.as_ref().and_then(|noted| noted.lock().unwrap_or_else(PoisonError::into_inner).take());
        noted.unwrap_or(error)
    }
}

/// Encoded requests, from a stream of any type.
pub(crate) type MessageStream = Pin<Box<dyn Stream<Item = Result<Payload, Error>> + Send>>;

/// The request messages of one call; as an HTTP body, in gRPC framing.
pub(crate) enum RequestBody {
    Message(Payload),
    Stream(MessageStream),
    End,
}

impl RequestBody {
    /// The body of the next attempt. A stream can be taken only once.
    pub(crate) fn take(&mut self) -> Self {
        match self {
            Self::Message(payload) => Self::Message(payload.clone()),
            Self::Stream(_) | Self::End => std::mem::replace(self, Self::End),
        }
    }

    /// Whether another attempt can send the same body.
    pub(crate) fn is_repeatable(&self) -> bool {
        matches!(self, Self::Message(_))
    }
}

impl http_body::Body for RequestBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let next = match &mut *self {
            Self::Message(payload) => Some(Ok(Payload(std::mem::take(&mut payload.0)))),
            Self::Stream(stream) => ready!(stream.as_mut().poll_next(context)),
            Self::End => None,
        };
        if !matches!((&*self, &next), (Self::Stream(_), Some(Ok(_)))) {
            *self = Self::End;
        }
        Poll::Ready(next.map(|next| next.map(|payload| Frame::data(payload.0))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::End)
    }
}

/// The same messages, compressed (gRPC over HTTP/2, "Compressed-Flag"). Each frame of the body is one message.
#[cfg(all(feature = "gzip", feature = "grpc"))]
pub(super) struct Packed(super::Body);

#[cfg(all(feature = "gzip", feature = "grpc"))]
impl Packed {
    pub(super) fn new(body: super::Body) -> Self {
        Self(body)
    }
}

#[cfg(all(feature = "gzip", feature = "grpc"))]
impl http_body::Body for Packed {
    type Data = Bytes;
    type Error = crate::error::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, crate::error::BoxError>>> {
        /// Below this size, gzip makes messages larger.
        const LEAST: usize = 128;

        let frame = ready!(Pin::new(&mut self.0).poll_frame(context));
        Poll::Ready(frame.map(|frame| {
            Ok(frame?.map_data(|data| match data.get(PREFIX..) {
                Some(message) if message.len() >= LEAST => {
                    let packed = crate::wire::gzip::pack(message);
                    let length = u32::try_from(packed.len()).unwrap_or(u32::MAX).to_be_bytes();
                    [&[1][..], &length, &packed].concat().into()
                }
                _ => data,
            }))
        }))
    }
}
