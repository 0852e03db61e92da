//! Reads the start of a request's body before the handler gets the request.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http_body::Body;

use super::unpack::{Unpackable, unpack};

/// The bytes before each gRPC message: a flag (0: not compressed) and the length, big-endian.
pub(super) const PREFIX: usize = 5;

/// The start of a body.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    data: Data,
    /// The first gRPC message, if it was compressed and was unpacked.
    unpacked: Option<Vec<u8>>,
    pub(super) trailers: Option<HeaderMap>,
    /// Whether the body has ended.
    pub(super) ended: bool,
}

/// A single frame is kept as it came; several are joined.
#[derive(Debug, Default)]
enum Data {
    #[default]
    None,
    One(Bytes),
    More(BytesMut),
}

/// How much to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing.
    Nothing,
    /// The prefix of the first gRPC message, so that its length is known.
    Prefix,
    /// The first gRPC message, which may be compressed if `packed` says so.
    Message { packed: bool },
    /// The first gRPC message, unless it is compressed.
    PlainMessage,
    /// All of the body.
    Everything,
}

/// Why a body is not read further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// The message or the body is larger than the limit.
    TooLarge(usize),
    /// The message is compressed.
    Compressed,
    /// The message is compressed, but cannot be unpacked.
    Unpackable,
    /// The body ended within a message.
    Truncated,
    /// The connection broke.
    Broken,
}

impl Ahead {
    pub(super) fn bytes(&self) -> &[u8] {
        match &self.data {
            Data::None => &[],
            Data::One(data) => data,
            Data::More(data) => data,
        }
    }

    /// The bytes that were read, to be passed on.
    pub(super) fn take(&mut self) -> Bytes {
        match std::mem::take(&mut self.data) {
            Data::None => Bytes::new(),
            Data::One(data) => data,
            Data::More(data) => data.freeze(),
        }
    }

    /// The first gRPC message, if it was read and is not compressed, or was unpacked.
    pub(super) fn message(&self) -> Option<&[u8]> {
        if let Some(unpacked) = &self.unpacked {
            return Some(unpacked);
        }
        let (prefix, rest) = self.bytes().split_first_chunk::<PREFIX>()?;
        rest.get(..length(*prefix)).filter(|_| prefix[0] == 0)
    }

    /// Unpacks the first gRPC message if it is compressed. `limit` is the largest message.
    pub(super) fn unpack(&mut self, limit: usize) -> Result<(), Unread> {
        if let Some((prefix @ [1, ..], rest)) = self.bytes().split_first_chunk::<PREFIX>() {
            let packed = rest.get(..length(*prefix)).ok_or(Unread::Truncated)?;
            self.unpacked = Some(unpack(packed, limit).map_err(|error| match error {
                Unpackable::TooLarge => Unread::TooLarge(limit),
                Unpackable::Invalid => Unread::Unpackable,
            })?);
        }
        Ok(())
    }

    /// Reads until `need` is met or the body ends. `limit` is the largest message or body.
    pub(super) fn poll_read<B: Body<Data = Bytes> + Unpin>(
        &mut self,
        body: &mut B,
        need: Need,
        limit: usize,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Unread>> {
        while !self.has(need, limit)? {
            match ready!(Pin::new(&mut *body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.push(data),
                    Err(frame) => self.trailers = frame.into_trailers().ok(),
                },
                Some(Err(_)) => return Poll::Ready(Err(Unread::Broken)),
                None => self.ended = true,
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Whether `need` is met.
    fn has(&self, need: Need, limit: usize) -> Result<bool, Unread> {
        let bytes = self.bytes();
        match need {
            Need::Nothing => Ok(true),
            Need::Everything if bytes.len() > limit => Err(Unread::TooLarge(limit)),
            Need::Everything => Ok(self.ended),
            Need::Prefix | Need::Message { .. } | Need::PlainMessage => {
                let Some((prefix, rest)) = bytes.split_first_chunk::<PREFIX>() else {
                    // A stream may end without any message.
                    let within = self.ended && !bytes.is_empty();
                    return if within { Err(Unread::Truncated) } else { Ok(self.ended) };
                };
                let length = length(*prefix);
                if length > limit {
                    return Err(Unread::TooLarge(limit));
                }
                match need {
                    Need::Message { packed } if prefix[0] > u8::from(packed) => Err(Unread::Compressed),
                    Need::PlainMessage if prefix[0] != 0 => Ok(true),
                    Need::Prefix => Ok(true),
                    _ if rest.len() < length && self.ended => Err(Unread::Truncated),
                    _ => Ok(rest.len() >= length),
                }
            }
        }
    }

    fn push(&mut self, data: Bytes) {
        self.data = match std::mem::take(&mut self.data) {
            Data::None => Data::One(data),
            Data::One(first) if first.is_empty() => Data::One(data),
            Data::One(first) => {
                let mut all = BytesMut::with_capacity(2 * (first.len() + data.len()));
                all.extend_from_slice(&first);
                all.extend_from_slice(&data);
                Data::More(all)
            }
            Data::More(mut all) => {
                all.extend_from_slice(&data);
                Data::More(all)
            }
        };
    }
}

/// The length that a prefix states.
pub(super) fn length([_, a, b, c, d]: [u8; PREFIX]) -> usize {
    u32::from_be_bytes([a, b, c, d]) as usize
}
