//! Base64. Written in the standard alphabet with padding (RFC 4648 §4), read in either alphabet (also §5).

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Appends these bytes as text, padded.
#[cfg(any(feature = "json", feature = "testing", test))]
pub(crate) fn encode(bytes: &[u8], out: &mut Vec<u8>) {
    out.reserve(bytes.len().div_ceil(3) * 4);
    let digit = |bits: u32, at: u32| STANDARD[(bits >> (18 - 6 * at) & 63) as usize];
    let (chunks, rest) = bytes.as_chunks();
    for &[a, b, c] in chunks {
        let bits = u32::from_be_bytes([0, a, b, c]);
        out.extend_from_slice(&[digit(bits, 0), digit(bits, 1), digit(bits, 2), digit(bits, 3)]);
    }
    match *rest {
        [a] => {
            let bits = u32::from_be_bytes([0, a, 0, 0]);
            out.extend_from_slice(&[digit(bits, 0), digit(bits, 1), b'=', b'=']);
        }
        [a, b] => {
            let bits = u32::from_be_bytes([0, a, b, 0]);
            out.extend_from_slice(&[digit(bits, 0), digit(bits, 1), digit(bits, 2), b'=']);
        }
        _ => {}
    }
}

/// These bytes as text, padded.
#[cfg(any(feature = "gateway", feature = "server", feature = "testing"))]
pub(crate) fn encoded(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len().div_ceil(3) * 4);
    encode(bytes, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Appends the bytes of this text, with or without padding; `None` if it is not base64. Bits beyond the last byte are ignored, as in the
/// other implementations of `ProtoJSON`.
pub(crate) fn decode(text: &str, out: &mut Vec<u8>) -> Option<()> {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    if digits.len() % 4 == 1 || (padding != 0 && (padding > 2 || !text.len().is_multiple_of(4))) {
        return None;
    }
    out.reserve(digits.len() / 4 * 3 + 3);
    for chunk in digits.as_bytes().chunks(4) {
        let mut bits = 0;
        for &digit in chunk {
            let value = VALUES[usize::from(digit)];
            if value == NONE {
                return None;
            }
            bits = bits << 6 | u32::from(value);
        }
        bits <<= 6 * (4 - chunk.len());
        out.extend_from_slice(&bits.to_be_bytes()[1..chunk.len()]);
    }
    Some(())
}

/// The bytes of this text, with or without padding; `None` if it is not base64.
#[cfg(feature = "_client")]
pub(crate) fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    decode(text, &mut out).map(|()| out)
}

const NONE: u8 = 0xff;

/// The value of each digit, in either alphabet.
static VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let mut i: u8 = 0;
    while i < 64 {
        values[STANDARD[i as usize] as usize] = i;
        values[URL_SAFE[i as usize] as usize] = i;
        i += 1;
    }
    values
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn write(bytes: &[u8]) -> String {
        let mut out = Vec::new();
        encode(bytes, &mut out);
        String::from_utf8(out).unwrap()
    }

    fn read(text: &str) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        decode(text, &mut out).map(|()| out)
    }

    #[test]
    fn the_vectors_of_rfc_4648() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
        {
            assert_eq!(write(bytes.as_bytes()), text);
            assert_eq!(read(text).as_deref(), Some(bytes.as_bytes()));
        }
    }

    #[test]
    fn padding_is_optional_but_not_arbitrary() {
        assert_eq!(read("Zg"), Some(b"f".to_vec()));
        for bad in ["Z", "Zg=", "Zg===", "Zm9v=", "=", "Zg==Zg==", "Z g=", "Zm9v\n", "Zé=="] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn both_alphabets_are_read() {
        assert_eq!(read("-_"), Some(vec![0xfb]));
        assert_eq!(read("+/8="), read("-_8="));
    }

    proptest! {
        #[test]
        fn decode_is_the_inverse_of_encode(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            prop_assert_eq!(read(&write(&bytes)), Some(bytes));
        }
    }
}
