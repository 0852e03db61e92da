//! The input of decoding, as one type, so that decoding is compiled once.

use prost::DecodeError;
use prost::bytes::Buf;
use prost::encoding::{WireType, decode_key, decode_varint};

/// The bytes of a message.
pub enum Input<'a> {
    /// In one piece, the usual case.
    Slice(&'a [u8]),
    /// In several pieces.
    Parts(&'a mut dyn Buf),
}

impl<'a> Input<'a> {
    /// A field's tag.
    #[inline]
    pub(super) fn tag(&mut self) -> Result<(u32, WireType), DecodeError> {
        // The tag of fields 1 to 15, the most common ones, is one byte.
        if let Self::Slice(bytes) = self
            && let [tag @ 8..0x80, ref rest @ ..] = **bytes
            && let Ok(wire_type) = WireType::try_from(u64::from(tag & 7))
        {
            *bytes = rest;
            return Ok((u32::from(tag >> 3), wire_type));
        }
        decode_key(self)
    }

    #[inline]
    pub(super) fn varint(&mut self) -> Result<u64, DecodeError> {
        if let Self::Slice(bytes) = self
            && let [value @ ..0x80, ref rest @ ..] = **bytes
        {
            *bytes = rest;
            return Ok(value.into());
        }
        decode_varint(self)
    }

    /// Reads bytes or text after their length, if they are in one piece and `read` accepts them. Otherwise nothing is read.
    #[inline]
    pub(super) fn piece<T>(&mut self, read: impl FnOnce(&'a [u8]) -> Option<T>) -> Option<T> {
        let Self::Slice(bytes) = self else { return None };
        let (len, rest) = match **bytes {
            [len @ ..0x80, ref rest @ ..] => (usize::from(len), rest),
            [low, high @ ..0x80, ref rest @ ..] => (usize::from(low & 0x7f) | usize::from(high) << 7, rest),
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(len)?;
        let value = read(content)?;
        *bytes = rest;
        Some(value)
    }
}

impl Buf for Input<'_> {
    #[inline]
    fn remaining(&self) -> usize {
        match self {
            Self::Slice(bytes) => bytes.len(),
            Self::Parts(buf) => buf.remaining(),
        }
    }

    #[inline]
    fn chunk(&self) -> &[u8] {
        match self {
            Self::Slice(bytes) => bytes,
            Self::Parts(buf) => buf.chunk(),
        }
    }

    #[inline]
    fn advance(&mut self, count: usize) {
        match self {
            Self::Slice(bytes) => *bytes = &bytes[count..],
            Self::Parts(buf) => buf.advance(count),
        }
    }
}

impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The content may be secret.
        f.debug_struct("Input").field("remaining", &self.remaining()).finish()
    }
}
