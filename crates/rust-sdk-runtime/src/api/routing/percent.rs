//! Percent-encoding of path values (RFC 3986 §2.1) and its strict inverse.

use std::borrow::Cow;

/// Which characters of a path value stay as they are. Every other UTF-8 byte becomes `%XX`, upper case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Keep {
    /// The unreserved characters (RFC 3986 §2.3), `A-Z a-z 0-9 - _ . ~`: for single-segment values and for queries.
    Unreserved,
    /// These and `/`: for multi-segment values.
    Slashes,
    /// These and `! $ & ' ( ) * + , ; = @ :`: all characters that a path may hold unescaped (RFC 3986 §3.3).
    PathCharacters,
    /// [`Self::PathCharacters`] without `:`, which would read as a custom verb at the end of a path.
    NoColon,
}

const UNRESERVED: u8 = 1;
const SLASH: u8 = 2;
const SUB_DELIMITER: u8 = 4;
const COLON: u8 = 8;

/// The class of every byte; 0 means always escaped.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0u8;
    loop {
        classes[byte as usize] = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => UNRESERVED,
            b'/' => SLASH,
            b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b'@' => {
                SUB_DELIMITER
            }
            b':' => COLON,
            _ => 0,
        };
        if byte == u8::MAX {
            break classes;
        }
        byte += 1;
    }
};

impl Keep {
    const fn mask(self) -> u8 {
        match self {
            Self::Unreserved => UNRESERVED,
            Self::Slashes => UNRESERVED | SLASH,
            Self::PathCharacters => UNRESERVED | SLASH | SUB_DELIMITER | COLON,
            Self::NoColon => UNRESERVED | SLASH | SUB_DELIMITER,
        }
    }

    fn keeps(self, byte: u8) -> bool {
        CLASSES[usize::from(byte)] & self.mask() != 0
    }
}

/// The text, with every byte escaped except those in `keep`.
pub fn encode(text: &str, keep: Keep) -> Cow<'_, str> {
    if is_plain(text, keep) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(encoded_len(text, keep));
    encode_into(&mut out, text, keep);
    Cow::Owned(out)
}

/// Appends the encoded text.
pub(crate) fn encode_into(out: &mut String, text: &str, keep: Keep) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate().filter(|&(_, byte)| !keep.keeps(byte)) {
        // Kept bytes are ASCII, so a run of them starts and ends at character boundaries. An empty run may not, so it is skipped.
        if copied < at {
            out.push_str(&text[copied..at]);
        }
        copied = at + 1;
        out.push('%');
        out.push(char::from(HEX[usize::from(byte >> 4)]));
        out.push(char::from(HEX[usize::from(byte & 15)]));
    }
    if copied < text.len() {
        out.push_str(&text[copied..]);
    }
}

/// The length of the encoded text, in bytes.
pub(crate) fn encoded_len(text: &str, keep: Keep) -> usize {
    text.len() + 2 * text.bytes().filter(|&byte| !keep.keeps(byte)).count()
}

/// Whether encoding changes nothing.
#[expect(clippy::needless_bitwise_bool, reason = "branches would keep the loop from being vectorised")]
pub(crate) fn is_plain(text: &str, keep: Keep) -> bool {
    match keep {
        Keep::Unreserved => is_unreserved(text),
        Keep::Slashes if text.len() >= WIDTH => all(text.as_bytes(), |byte| stays(byte) | (byte == b'/')),
        _ => text.bytes().all(|byte| keep.keeps(byte)),
    }
}

/// [`is_plain`] for [`Keep::Unreserved`].
#[inline]
pub(crate) fn is_unreserved(text: &str) -> bool {
    if text.len() < WIDTH {
        return text.bytes().all(|byte| Keep::Unreserved.keeps(byte));
    }
    all(text.as_bytes(), stays)
}

/// Whether a byte is unreserved, for the vectorised scan.
#[expect(clippy::needless_bitwise_bool, reason = "branches would keep the loop from being vectorised")]
#[inline]
const fn stays(byte: u8) -> bool {
    ((byte | 0x20).wrapping_sub(b'a') < 26)
        // Only `.`, `/` and the digits lie between `-` and `9`.
        | ((byte.wrapping_sub(b'-') < 13) & (byte != b'/'))
        | (byte == b'_')
        | (byte == b'~')
}

/// The number of bytes that the scan takes at once; a vector register holds as many on every platform.
const WIDTH: usize = 16;

/// Whether every byte passes. The test must be free of branches (`|`, not `||`), so that the loop is vectorised.
#[inline]
pub(crate) fn all(bytes: &[u8], test: impl Fn(u8) -> bool + Copy) -> bool {
    let every = |chunk: &[u8; WIDTH]| chunk.iter().fold(true, |fine, &byte| fine & test(byte));
    match bytes.last_chunk() {
        // The last chunk overlaps the one before it, so that no odd bytes are left over.
        Some(last) => bytes.as_chunks().0.iter().all(every) && every(last),
        None => bytes.iter().all(|&byte| test(byte)),
    }
}

/// Why an escaped text cannot be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// A `%` without two hexadecimal digits after it.
    #[error("a `%` is not followed by two hexadecimal digits; write a literal `%` as `%25`")]
    Escape,
    /// The decoded bytes are not UTF-8.
    #[error("the escapes do not decode to UTF-8")]
    Utf8,
}

/// Decodes a single-segment value: every escape.
pub fn decode(text: &str) -> Result<Cow<'_, str>, DecodeError> {
    decode_with(text, false)
}

/// Decodes a multi-segment value: every escape except `%2F`, which stays to distinguish it from a separator.
pub fn decode_segments(text: &str) -> Result<Cow<'_, str>, DecodeError> {
    decode_with(text, true)
}

fn decode_with(text: &str, keep_slash: bool) -> Result<Cow<'_, str>, DecodeError> {
    if !text.contains('%') {
        return Ok(Cow::Borrowed(text));
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some(byte) = next_byte(&mut rest) {
        let from = text.len() - rest.len();
        match byte? {
            // An escaped slash, `%2F` or `%2f`: its three bytes are copied as they are.
            b'/' if keep_slash && text.as_bytes()[from - 1] != b'/' => {
                out.extend_from_slice(&text.as_bytes()[from - 3..from]);
            }
            byte => out.push(byte),
        }
    }
    String::from_utf8(out).map(Cow::Owned).map_err(|_| DecodeError::Utf8)
}

/// Whether the segment decodes to this text.
pub(crate) fn decodes_to(segment: &[u8], text: &[u8]) -> bool {
    let mut rest = segment;
    text.iter().all(|&wanted| next_byte(&mut rest) == Some(Ok(wanted))) && rest.is_empty()
}

/// Whether [`decode`] accepts the segment; allocates nothing.
pub(crate) fn is_decodable(segment: &[u8]) -> bool {
    let mut rest = segment;
    while let Some(first) = next_byte(&mut rest) {
        let mut character = [0; 4];
        let Ok(first) = first else { return false };
        character[0] = first;
        let width = match first {
            0..0x80 => continue,
            0x80..0xE0 => 2,
            0xE0..0xF0 => 3,
            _ => 4,
        };
        for byte in &mut character[1..width] {
            let Some(Ok(next)) = next_byte(&mut rest) else { return false };
            *byte = next;
        }
        if std::str::from_utf8(&character[..width]).is_err() {
            return false;
        }
    }
    true
}

/// Takes one byte, escaped or not, off the front.
fn next_byte(rest: &mut &[u8]) -> Option<Result<u8, DecodeError>> {
    let (byte, tail) = match **rest {
        [] => return None,
        [b'%', high, low, ref tail @ ..] => match (hex(high), hex(low)) {
            (Some(high), Some(low)) => (high << 4 | low, tail),
            _ => return Some(Err(DecodeError::Escape)),
        },
        [b'%', ..] => return Some(Err(DecodeError::Escape)),
        [byte, ref tail @ ..] => (byte, tail),
    };
    *rest = tail;
    Some(Ok(byte))
}

const fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Keep; 4] = [Keep::Unreserved, Keep::Slashes, Keep::PathCharacters, Keep::NoColon];

    #[test]
    fn keeps_exactly_the_named_characters() {
        let ascii: String = (0..128u8).map(char::from).collect();
        let kept = |keep: Keep| -> String {
            ascii.chars().filter(|c| encode(&c.to_string(), keep).len() == 1).collect()
        };
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";
        assert_eq!(kept(Keep::Unreserved), format!("-.0123456789{letters}"));
        assert_eq!(kept(Keep::Slashes), format!("-./0123456789{letters}"));
        let split = letters.split_once('_').unwrap();
        assert_eq!(kept(Keep::NoColon), format!("!$&'()*+,-./0123456789;=@{}_{}", split.0, split.1));
        assert_eq!(kept(Keep::PathCharacters), format!("!$&'()*+,-./0123456789:;=@{}_{}", split.0, split.1));
    }

    #[test]
    fn encodes_every_other_byte() {
        assert_eq!(encode("a b+c/d:e%f", Keep::Unreserved), "a%20b%2Bc%2Fd%3Ae%25f");
        assert_eq!(encode("é/\u{0}", Keep::Slashes), "%C3%A9/%00");
        assert!(matches!(encode("0e5a6f9c-7d7d-4c1b-9d3e-6f0d3a0b5f11", Keep::Unreserved), Cow::Borrowed(_)));
    }

    #[test]
    fn the_vectorised_scan_agrees_with_the_table_for_every_byte_and_position() {
        for keep in ALL {
            for code in 0..=255u8 {
                for (length, at) in
                    [(1, 0), (15, 14), (16, 0), (16, 15), (17, 16), (40, 0), (40, 31), (40, 39)]
                {
                    let mut text = vec!['a'; length];
                    text[at] = char::from(code);
                    let text: String = text.into_iter().collect();
                    let plain = text.bytes().all(|byte| keep.keeps(byte));
                    assert_eq!(is_plain(&text, keep), plain, "{keep:?} {code} at {at} of {length}");
                }
            }
        }
    }

    #[test]
    fn decoding_is_strict() {
        for bad in ["%", "%4", "a%zz", "%G0", "%%41", "é%", "%+1"] {
            assert_eq!(decode(bad), Err(DecodeError::Escape), "{bad}");
            assert!(!is_decodable(bad.as_bytes()), "{bad}");
        }
        for bad in ["%FF", "%C3", "%C3a", "%C3é", "%ED%A0%80", "%C0%AF", "%F5%80%80%80", "%80"] {
            assert_eq!(decode(bad), Err(DecodeError::Utf8), "{bad}");
            assert!(!is_decodable(bad.as_bytes()), "{bad}");
        }
        assert_eq!(decode("%c3%A9+%2B%2f").unwrap(), "é++/");
        assert!(matches!(decode("plain").unwrap(), Cow::Borrowed("plain")));
    }

    #[test]
    fn several_segments_keep_an_escaped_slash() {
        assert_eq!(decode_segments("a%2Fb/c%2fd/%25%41").unwrap(), "a%2Fb/c%2fd/%A");
        assert_eq!(decode_segments("a%252Fb").unwrap(), "a%2Fb");
        assert_eq!(decode_segments("%2"), Err(DecodeError::Escape));
    }

    #[test]
    fn compares_decoded_text() {
        assert!(decodes_to(b"cl%75sters", b"clusters"));
        assert!(decodes_to(b"%C3%A9", "é".as_bytes()));
        for other in ["clusters%", "cluster", "clustersx", "%63lusterS", ""] {
            assert!(!decodes_to(other.as_bytes(), b"clusters"), "{other}");
        }
    }

    proptest! {
        #[test]
        fn decoding_undoes_encoding(text in any::<String>()) {
            for keep in ALL {
                let encoded = encode(&text, keep);
                prop_assert_eq!(encoded.len(), encoded_len(&text, keep));
                prop_assert!(encoded.bytes().all(|byte| byte == b'%' || keep.keeps(byte)));
                prop_assert_eq!(decode(&encoded).unwrap(), text.as_str());
            }
            let encoded = encode(&text, Keep::Slashes);
            prop_assert_eq!(decode_segments(&encoded).unwrap(), text.as_str());
        }

        #[test]
        fn the_check_agrees_with_decoding(text in "([%/]|%[0-9A-Fa-f]{2}|%[CE][0-9]%[89AB]0|é|a){0,8}") {
            prop_assert_eq!(is_decodable(text.as_bytes()), decode(&text).is_ok());
            if let Ok(decoded) = decode(&text) {
                prop_assert!(decodes_to(text.as_bytes(), decoded.as_bytes()));
            }
        }
    }
}
