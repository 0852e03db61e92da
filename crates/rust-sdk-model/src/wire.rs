//! Edits encoded messages field by field. All other bytes stay as they are.

use prost::encoding::{
    DecodeContext, WireType, decode_key, decode_varint, encode_key, encode_varint, skip_field,
};

/// What to do with a field.
pub(crate) enum Change {
    /// Keep it.
    Keep,
    /// Drop it.
    Drop,
    /// Replace its content; for length-delimited fields only.
    Replace(Vec<u8>),
}

/// The edited message. `change` gets each field's number and content, for length-delimited fields without the length.
/// `None` if the bytes are not a message, or if `change` returns `None`.
pub(crate) fn rewrite(
    message: &[u8],
    mut change: impl FnMut(u32, &[u8]) -> Option<Change>,
) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(message.len());
    let mut rest = message;
    while !rest.is_empty() {
        let whole = rest;
        let (number, content) = field(&mut rest)?;
        match change(number, content)? {
            Change::Keep => out.extend_from_slice(&whole[..whole.len() - rest.len()]),
            Change::Drop => {}
            Change::Replace(content) => push(&mut out, number, &content),
        }
    }
    Some(out)
}

/// The fields of a message: their numbers and contents, for length-delimited fields without the length. `None` if the rest of the bytes is
/// not a message.
pub(crate) fn fields(message: &[u8]) -> impl Iterator<Item = Option<(u32, &[u8])>> {
    let mut rest = message;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let found = field(&mut rest);
        if found.is_none() {
            rest = &[];
        }
        Some(found)
    })
}

/// The number and the content of the next field.
fn field<'a>(rest: &mut &'a [u8]) -> Option<(u32, &'a [u8])> {
    let (number, wire_type) = decode_key(rest).ok()?;
    let mut content = *rest;
    skip_field(wire_type, number, rest, DecodeContext::default()).ok()?;
    content = &content[..content.len() - rest.len()];
    if wire_type == WireType::LengthDelimited {
        decode_varint(&mut content).ok()?;
    }
    Some((number, content))
}

/// The message without its fields of this number.
pub(crate) fn without(message: &[u8], number: u32) -> Option<Vec<u8>> {
    rewrite(message, |found, _| Some(if found == number { Change::Drop } else { Change::Keep }))
}

/// Appends a length-delimited field.
pub(crate) fn push(out: &mut Vec<u8>, number: u32, content: &[u8]) {
    encode_key(number, WireType::LengthDelimited, out);
    encode_varint(content.len() as u64, out);
    out.extend_from_slice(content);
}

/// Appends a varint.
pub(crate) fn push_varint(out: &mut Vec<u8>, number: u32, value: u64) {
    encode_key(number, WireType::Varint, out);
    encode_varint(value, out);
}
