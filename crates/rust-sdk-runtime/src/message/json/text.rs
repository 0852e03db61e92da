//! Appends the text of JSON tokens.

use serde::Serialize;

use crate::message::base64;

/// Appends a string that needs no escape, with its quotes.
#[inline]
pub(crate) fn push_plain(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(text);
    out.push(b'"');
}

/// Appends a string with its quotes.
#[inline]
pub(crate) fn push_string(text: &[u8], out: &mut Vec<u8>) {
    let is_done = match text.len() {
        4..8 => push_halves::<4>(text, out),
        8..=16 => push_halves::<8>(text, out),
        _ => false,
    };
    if !is_done {
        push_any_string(text, out);
    }
}

fn push_any_string(text: &[u8], out: &mut Vec<u8>) {
    if is_plain(text) {
        push_plain(text, out);
    } else {
        push_escaped(text, out);
    }
}

/// Appends a string of `N` to `2 * N` bytes (at most 16) if it needs no escape, and returns whether that was so. The two halves, which may
/// overlap, are copied in full, since a copy of a fixed size takes few instructions.
#[inline]
fn push_halves<const N: usize>(text: &[u8], out: &mut Vec<u8>) -> bool {
    let (Some(first), Some(last)) = (text.first_chunk::<N>(), text.last_chunk::<N>()) else { return false };
    if !are_plain(first) || !are_plain(last) {
        return false;
    }
    out.push(b'"');
    let start = out.len();
    out.extend_from_slice(first);
    out.truncate(start + text.len() - N);
    out.extend_from_slice(last);
    out.push(b'"');
    true
}

/// Whether no byte must be escaped. Checks many bytes in one step, the last ones possibly twice.
#[inline]
fn is_plain(text: &[u8]) -> bool {
    if let Some(last) = text.last_chunk::<16>() {
        return text.as_chunks::<16>().0.iter().all(are_plain) && are_plain(last);
    }
    if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        return is_plain_word(u64::from_le_bytes(*first)) && is_plain_word(u64::from_le_bytes(*last));
    }
    if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        return is_plain_word(u64::from(first) << 32 | u64::from(last));
    }
    text.iter().all(|byte| are_plain(&[*byte]))
}

/// Written without a branch, so that the loop is vectorised.
#[inline]
fn are_plain<const N: usize>(bytes: &[u8; N]) -> bool {
    let is_special = |byte: u8| u8::from(byte < b' ') | u8::from(byte == b'"') | u8::from(byte == b'\\');
    bytes.iter().fold(0, |found, byte| found | is_special(*byte)) == 0
}

#[inline]
const fn is_plain_word(word: u64) -> bool {
    specials(word) == 0
}

/// The position of the first byte that ends a string or must be escaped in it.
#[allow(clippy::cast_possible_truncation)] // A half is meant.
#[inline]
pub(crate) fn first_special(text: &[u8]) -> Option<usize> {
    let (chunks, rest) = text.as_chunks::<16>();
    for (index, chunk) in chunks.iter().enumerate() {
        let halves = u128::from_le_bytes(*chunk);
        let (low, high) = (specials(halves as u64), specials((halves >> 64) as u64));
        if low | high != 0 {
            let at = if low == 0 { 64 + high.trailing_zeros() } else { low.trailing_zeros() };
            return Some(index * 16 + at as usize / 8);
        }
    }
    let at = rest.iter().position(|byte| !are_plain(&[*byte]))?;
    Some(chunks.len() * 16 + at)
}

/// The high bits of the bytes that end a string or must be escaped in it. Bits after the first one may be wrong.
#[inline]
const fn specials(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 0xff;
    const fn below(word: u64, n: u64) -> u64 {
        word.wrapping_sub(ONES * n) & !word
    }
    // The flipped bit moves the quote right behind the control characters, so that one comparison finds both.
    let control_or_quote = below(word ^ (ONES * 2), 0x21);
    let backslash = below(word ^ (ONES * b'\\' as u64), 1);
    (control_or_quote | backslash) & (ONES << 7)
}

#[cold]
fn push_escaped(text: &[u8], out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.reserve(text.len() + 16);
    out.push(b'"');
    for &byte in text {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            ..0x20 => {
                out.extend_from_slice(b"\\u00");
                out.extend_from_slice(&[HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
            }
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

/// Appends a number, or anything else that serde writes as one token.
pub(crate) fn push_number(value: impl Serialize, out: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _ = serde_json::to_writer(out, &value);
}

/// Appends a number as a string.
pub(crate) fn push_quoted(number: impl Serialize, out: &mut Vec<u8>) {
    out.push(b'"');
    push_number(number, out);
    out.push(b'"');
}

/// Appends bytes as a string.
pub(crate) fn push_base64(bytes: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    base64::encode(bytes, out);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn strings_are_as_serde_json_writes_them(text in "[\\x00-\\x7fé\u{2028}]{0,40}") {
            let mut out = Vec::new();
            push_string(text.as_bytes(), &mut out);
            prop_assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string(&text).unwrap());
        }
    }
}
