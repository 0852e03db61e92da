//! Writes protobuf's wire format: the functions that messages and the walks over their bytes share.

#[inline]
pub(crate) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push((value & 0x7f) as u8);
}

#[inline]
pub(crate) fn put_tag(out: &mut Vec<u8>, number: u32, wire_type: u8) {
    put_varint(out, u64::from(number << 3 | u32::from(wire_type)));
}

/// Starts a field of unknown length, with room for a length of one byte. Returns the position where the content starts.
pub(crate) fn open_len(out: &mut Vec<u8>, number: u32) -> usize {
    put_tag(out, number, 2);
    out.push(0);
    out.len()
}

/// Ends the content that starts at `start`: writes its length before it. Most contents are short, so one byte is enough and nothing has to
/// be measured first.
pub(crate) fn close_len(out: &mut Vec<u8>, start: usize) {
    let end = out.len();
    match u8::try_from(end - start) {
        Ok(len @ 0..0x80) => out[start - 1] = len,
        _ => {
            put_varint(out, (end - start) as u64);
            // The first byte of the length goes into the reserved room, the others before the content.
            out[start - 1] = out.remove(end);
            let more = out.len() - end;
            out[start..].rotate_right(more);
        }
    }
}

#[cfg(all(test, feature = "json"))]
mod tests {
    use super::*;
    use crate::wire::reader::{Reader, Value};

    #[test]
    fn a_length_is_put_before_its_content() {
        for size in [0, 1, 127, 128, 20_000] {
            let mut out = Vec::new();
            let start = open_len(&mut out, 1);
            out.resize(start + size, 7);
            close_len(&mut out, start);
            assert_eq!(Reader::new(&out).field(), Ok(Some((1, Value::Len(&vec![7; size])))));
        }
    }
}
