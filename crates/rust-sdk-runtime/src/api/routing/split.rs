//! Splits text at slashes, eight bytes at a time. Identifiers are long enough for that to be faster.

/// The segments of a text, empty ones included; at least one.
pub(super) fn segments(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        match find_slash(text.as_bytes()) {
            Some(slash) => {
                rest = Some(&text[slash + 1..]);
                Some(&text[..slash])
            }
            None => Some(text),
        }
    })
}

/// The number of segments.
pub(super) fn count_segments(text: &str) -> usize {
    text.bytes().filter(|&byte| byte == b'/').count() + 1
}

/// The first segment, and what follows the slash after it.
pub(super) fn split_segment(rest: &[u8]) -> (&[u8], Option<&[u8]>) {
    match find_slash(rest) {
        Some(slash) => (&rest[..slash], Some(&rest[slash + 1..])),
        None => (rest, None),
    }
}

pub(super) fn find_slash(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const SLASHES: u64 = u64::from_ne_bytes([b'/'; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    let (words, odd) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let difference = u64::from_le_bytes(*word) ^ SLASHES;
        // The lowest zero byte gets its high bit set. Higher bytes may be wrong, and are ignored.
        let zeros = difference.wrapping_sub(ONES) & !difference & HIGH;
        if zeros != 0 {
            return Some(index * 8 + zeros.trailing_zeros() as usize / 8);
        }
    }
    odd.iter().position(|&byte| byte == b'/').map(|at| words.len() * 8 + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_first_slash_at_every_place() {
        // `.` and `0` are the neighbours that a borrow between bytes could mistake for it.
        for filler in [b'.', b'0', b'a', 0xaf, 0xff] {
            for length in 0..40 {
                assert_eq!(find_slash(&vec![filler; length]), None);
                for at in 0..length {
                    let mut bytes = vec![filler; length];
                    bytes[at] = b'/';
                    if at + 1 < length {
                        bytes[length - 1] = b'/';
                    }
                    assert_eq!(find_slash(&bytes), Some(at), "{filler} {length} {at}");
                }
            }
        }
    }

    #[test]
    fn splits_as_the_standard_library_does() {
        for text in ["", "/", "a", "a/", "/a", "a//b", "accounts/größe/clusters/x", "//"] {
            assert_eq!(segments(text).collect::<Vec<_>>(), text.split('/').collect::<Vec<_>>());
            assert_eq!(count_segments(text), text.split('/').count());
        }
    }
}
