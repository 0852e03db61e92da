//! gzip (RFC 1952) of gRPC messages (gRPC over HTTP/2, "Compressed-Flag").

use std::io::Read as _;

use flate2::bufread::GzDecoder;

/// Why a message could not be unpacked.
#[derive(Debug)]
pub(crate) enum UnpackError {
    /// It is larger than the limit.
    TooLarge,
    /// It is not exactly one gzip member.
    Invalid(
        #[cfg_attr(not(feature = "grpc"), expect(dead_code, reason = "only clients show it"))] std::io::Error,
    ),
}

/// Unpacks a message of at most `limit` bytes, which bounds the memory: a kilobyte can hold a megabyte.
///
/// The message must be exactly one gzip member. Readers disagree about what follows the first one: some append it, some ignore it.
pub(crate) fn unpack(packed: &[u8], limit: usize) -> Result<Vec<u8>, UnpackError> {
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut decoder = GzDecoder::new(packed).take(most);
    let mut unpacked = Vec::new();
    decoder.read_to_end(&mut unpacked).map_err(UnpackError::Invalid)?;
    if unpacked.len() > limit {
        return Err(UnpackError::TooLarge);
    }
    // At the end, the checksum was compared.
    if !decoder.into_inner().into_inner().is_empty() {
        let error = std::io::Error::new(std::io::ErrorKind::InvalidData, "bytes follow the gzip member");
        return Err(UnpackError::Invalid(error));
    }
    Ok(unpacked)
}

/// Packs a message.
#[cfg(feature = "grpc")]
pub(crate) fn pack(message: &[u8]) -> Vec<u8> {
    use std::io::Write as _;

    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    // Writing to memory cannot fail.
    let _ = encoder.write_all(message);
    encoder.finish().unwrap_or_default()
}

#[cfg(all(test, feature = "grpc"))]
mod tests {
    use proptest::prelude::*;

    use super::{UnpackError, pack, unpack};

    proptest! {
        #[test]
        fn a_message_is_what_was_packed(message in proptest::collection::vec(any::<u8>(), 0..600)) {
            let packed = pack(&message);
            prop_assert_eq!(&unpack(&packed, message.len()).unwrap(), &message);
            if !message.is_empty() {
                prop_assert!(matches!(unpack(&packed, message.len() - 1), Err(UnpackError::TooLarge)));
            }
        }

        #[test]
        fn only_one_whole_member_is_a_message(message in proptest::collection::vec(any::<u8>(), 0..60), more in 1..9_u8) {
            let packed = pack(&message);
            for end in 0..packed.len() {
                prop_assert!(matches!(unpack(&packed[..end], 100), Err(UnpackError::Invalid(_))), "{}", end);
            }
            for rest in [vec![0; usize::from(more)], pack(&message), pack(b"")] {
                let both = [&packed[..], &rest].concat();
                prop_assert!(matches!(unpack(&both, 1000), Err(UnpackError::Invalid(_))));
            }
        }

        #[test]
        fn one_changed_byte_never_changes_the_message(
            message in proptest::collection::vec(any::<u8>(), 0..60),
            at in any::<proptest::sample::Index>(),
            bits in 1..=255_u8,
        ) {
            let mut packed = pack(&message);
            let at = at.index(packed.len());
            packed[at] ^= bits;
            // Time, level and system in the header have no meaning here.
            prop_assert!(unpack(&packed, 1 << 20).map_or(true, |unpacked| unpacked == message));
        }
    }
}
