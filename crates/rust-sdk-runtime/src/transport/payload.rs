//! Encoded requests.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::Frame;
use tokio_stream::Stream;

use crate::error::Error;

/// The bytes before each message: a flag (0: not compressed) and the length, big-endian (gRPC over HTTP/2, "Length-Prefixed-Message").
pub(crate) const PREFIX: usize = 5;

/// One encoded message, with room before it for the gRPC prefix, so that it is written once and never copied.
#[derive(Clone)]
pub(crate) struct Payload(Bytes);

impl Payload {
    pub(crate) fn encode(message: &impl prost::Message) -> Result<Self, Error> {
        // Most requests fit. `encode_raw`, since `encode` would measure the message first.
        let mut buffer = Vec::with_capacity(256);
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
        // The most that protobuf allows, in all languages.
        let length = i32::try_from(buffer.len() - PREFIX)
            .map_err(|error| Error::invalid_argument("the request is over 2 GiB").with_source(error))?;
        buffer[1..PREFIX].copy_from_slice(&length.to_be_bytes());
        Ok(Self(buffer.into()))
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
