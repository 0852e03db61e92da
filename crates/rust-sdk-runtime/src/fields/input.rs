//! What is decoded, as one type, so that decoding is compiled once.

use prost::bytes::Buf;

/// The bytes of a message.
pub enum Input<'a> {
    /// In one piece, as they mostly are.
    Slice(&'a [u8]),
    /// In several.
    Parts(&'a mut dyn Buf),
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
