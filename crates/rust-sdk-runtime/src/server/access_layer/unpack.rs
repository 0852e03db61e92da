//! Reads a compressed message, to find the account in it. The handler gets the bytes as they came.

use http::HeaderMap;

/// Why a message cannot be unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unpackable {
    /// It is larger than the limit.
    #[cfg_attr(not(feature = "gzip"), expect(dead_code, reason = "nothing is unpacked"))]
    TooLarge,
    /// It is not exactly one gzip member.
    Invalid,
}

/// Whether the compressed messages of a request are gzip. Servers disagree about several headers, so those count as none.
pub(super) fn is_gzip(headers: &HeaderMap) -> bool {
    let mut encodings = headers.get_all("grpc-encoding").iter();
    encodings.next().is_some_and(|encoding| encoding == "gzip") && encodings.next().is_none()
}

/// The message, of at most `limit` bytes.
#[cfg(feature = "gzip")]
pub(super) fn unpack(packed: &[u8], limit: usize) -> Result<Vec<u8>, Unpackable> {
    use crate::wire::gzip::{UnpackError, unpack};

    unpack(packed, limit).map_err(|error| match error {
        UnpackError::TooLarge => Unpackable::TooLarge,
        UnpackError::Invalid(_) => Unpackable::Invalid,
    })
}

/// Without the feature `gzip`, no setting accepts compressed messages.
#[cfg(not(feature = "gzip"))]
pub(super) fn unpack(_: &[u8], _: usize) -> Result<Vec<u8>, Unpackable> {
    Err(Unpackable::Invalid)
}
