//! Ids of requests that name none (AIP-155, AIP-4235): random UUIDs (RFC 9562), by which the server recognizes a request that it got before.

use crate::platform;
use crate::wire::put::{put_tag, put_varint};
use crate::wire::reader::Reader;

/// An id for each of these fields that the encoded request does not have, encoded. The call sends the same bytes in every attempt.
pub(crate) fn missing(fields: &[u32], wire: &[u8]) -> Vec<u8> {
    let mut ids = Vec::new();
    for &field in fields.iter().filter(|field| !is_set(**field, wire)) {
        let id = uuid();
        put_tag(&mut ids, field, 2);
        put_varint(&mut ids, id.len() as u64);
        ids.extend_from_slice(id.as_bytes());
    }
    ids
}

/// Whether the request has the field. The encoder leaves out an empty text, unless the field has presence and the caller set it.
fn is_set(field: u32, wire: &[u8]) -> bool {
    let mut reader = Reader::new(wire);
    while let Ok(Some((number, _))) = reader.field() {
        if number == field {
            return true;
        }
    }
    false
}

/// A random UUID, version 4.
fn uuid() -> String {
    let bits = u128::from(platform::random()) << 64 | u128::from(platform::random());
    // The version is the 13th digit, the variant is the two highest bits of the 17th.
    let bits = bits & !(0xf << 76) & !(0b11 << 62) | 4 << 76 | 0b10 << 62;
    let mut text = format!("{bits:032x}");
    for at in [20, 16, 12, 8] {
        text.insert(at, '-');
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn an_id_is_a_random_uuid() {
        let ids: HashSet<String> = (0..1000).map(|_| uuid()).collect();
        assert_eq!(ids.len(), 1000);
        for id in &ids {
            let parts: Vec<&str> = id.split('-').collect();
            assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{id}");
            let is_digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
            assert!(parts.iter().all(|part| part.chars().all(is_digit)), "{id}");
            assert!(parts[2].starts_with('4') && parts[3].starts_with(['8', '9', 'a', 'b']), "{id}");
        }
        // Every other digit takes all values.
        for at in (0..36).filter(|at| ![8, 13, 14, 18, 19, 23].contains(at)) {
            let digits: HashSet<char> = ids.iter().filter_map(|id| id.chars().nth(at)).collect();
            assert_eq!(digits.len(), 16, "digit {at}");
        }
    }

    #[test]
    fn only_unset_fields_get_one() {
        // A text, and a text with presence that is set to the empty one.
        let wire = [10, 1, b'a', 18, 0];
        assert!(missing(&[], &wire).is_empty());
        assert!(missing(&[1, 2], &wire).is_empty());
        let ids = missing(&[1, 300, 4], &wire);
        assert_eq!(ids.len(), 3 + 36 + 2 + 36);
        // Field 300, with 36 bytes; field 4, likewise.
        assert_eq!((&ids[..3], &ids[39..41]), (&[0xe2, 0x12, 36][..], &[34, 36][..]));
    }
}
