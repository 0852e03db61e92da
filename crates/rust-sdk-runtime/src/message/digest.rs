//! A number for a text, to look texts up by.

/// A number that differs for any two texts of the same length up to 8, and for most other texts.
#[inline]
pub(crate) fn digest(text: &[u8]) -> u64 {
    let half = |bytes: Option<&[u8; 4]>| bytes.map_or(0, |bytes| u64::from(u32::from_le_bytes(*bytes)));
    match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => {
            u64::from_le_bytes(*first)
                ^ u64::from_le_bytes(*last).rotate_left(29)
                ^ (text.len() as u64).rotate_right(8)
        }
        _ if text.len() >= 4 => half(text.first_chunk()) | half(text.last_chunk()) << 32,
        _ => text.iter().fold(0, |digest, &byte| digest << 8 | u64::from(byte)),
    }
}
