//! Messages in protobuf's binary format, without generated functions for it.
//!
//! A generated message has a table of its fields ([`messages!`](crate::messages)): their numbers, their encoding and their place in the
//! struct. One engine, compiled once, encodes and decodes every message by its table. It writes and accepts exactly what prost's derive
//! does, and implements prost's `Message`, so that messages work wherever prost's do.

pub(crate) mod budget;
mod compare;
mod debug;
pub(crate) mod foreign;
mod input;
mod read;
pub(crate) mod scalar;
pub mod view;
mod write;

use prost::DecodeError;
use prost::bytes::{Buf, BufMut};
#[cfg(feature = "json")]
use prost::encoding::decode_key;
use prost::encoding::{DecodeContext, WireType};

use super::schema::{MessageSchema, code};

pub use self::compare::{eq, hash};
pub use self::debug::{debug, debug_member, show};
pub use self::foreign::{Foreign, ForeignMap, Foreigns};
pub use self::input::Input;
pub use self::view::{Field, Oneof, Single, View, ViewMut};
pub use self::write::encoded_len;

pub(crate) use self::read::merge;
pub(crate) use self::write::put;
#[cfg(feature = "json")]
pub(crate) use self::write::put_field;

/// A message with access to its fields. Every message of [`messages!`](crate::messages) implements it, by [`Declared`](crate::schema::Declared).
pub trait Fields: Send + Sync {
    /// The message's table.
    fn table(&self) -> &'static MessageSchema;

    /// The value of the field with this number. A member of a oneof is unset if another member is set.
    fn view(&self, _number: u32) -> View<'_> {
        View::Unset
    }

    /// The field's value, mutable, if there is such a field. This sets a member of a oneof.
    fn view_mut(&mut self, _number: u32) -> Option<ViewMut<'_>> {
        None
    }
}

/// The text, or its default.
#[doc(hidden)]
#[inline]
pub fn text<'a>(value: &'a Option<String>, default: &'a str) -> &'a str {
    value.as_deref().unwrap_or(default)
}

/// The bytes, or their default.
#[doc(hidden)]
#[inline]
pub fn bytes<'a>(value: &'a Option<Vec<u8>>, default: &'a [u8]) -> &'a [u8] {
    value.as_deref().unwrap_or(default)
}

/// The number and the encoding of a field.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The field number.
    pub number: u32,
    /// The encoding: in the lower half a kind, with a flag at 8; in the upper half the kind of a map's keys.
    pub code: u8,
}

impl Key {
    /// The key of a field.
    #[inline]
    pub(crate) const fn of(field: &super::schema::Field) -> Self {
        Self { number: field.number, code: field.code }
    }

    /// The kind of the value, or of a map's values.
    pub(crate) const fn kind(self) -> u8 {
        self.code & 7
    }

    /// Whether the flag is set.
    pub(crate) const fn flag(self) -> bool {
        self.code & code::FLAG != 0
    }

    /// Whether a single value may be absent.
    pub(crate) const fn is_optional(self) -> bool {
        self.flag() && self.code & code::REQUIRED == 0
    }

    /// The keys of the two fields of a map's entries.
    pub(crate) const fn entry(self) -> (Self, Self) {
        (Self { number: 1, code: self.code >> 4 }, Self { number: 2, code: self.code & 0xf })
    }

    /// The size of the tag in bytes.
    #[inline]
    pub(crate) fn len(self) -> usize {
        prost::encoding::key_len(self.number)
    }

    /// Writes the tag.
    #[inline]
    pub(crate) fn put(self, wire_type: WireType, out: &mut Vec<u8>) {
        crate::wire::put::put_tag(out, self.number, wire_type as u8);
    }
}

/// Merges encoded fields into a message.
#[cfg(feature = "json")]
pub(crate) fn merge_records(message: &mut dyn Fields, records: &[u8]) -> Result<(), DecodeError> {
    let mut input = Input::Slice(records);
    while input.has_remaining() {
        let (number, wire_type) = decode_key(&mut input)?;
        merge(message, number, wire_type, &mut input, DecodeContext::default())?;
    }
    Ok(())
}

/// prost's `encode_to_vec`, without measuring the message first.
pub fn encode_to_vec(message: &dyn Fields) -> Vec<u8> {
    let mut out = Vec::with_capacity(128);
    put(message, &mut out);
    out
}

/// prost's `encode_raw`. Writes to a separate buffer first: the length of an inner message is known only after the message is written.
pub fn encode_raw(message: &dyn Fields, buf: &mut dyn BufMut) {
    let mut out = Vec::with_capacity(256);
    put(message, &mut out);
    buf.put_slice(&out);
}

/// prost's `merge_field`.
///
/// # Errors
/// If the bytes are not a valid field.
pub fn merge_field(
    message: &mut dyn Fields,
    number: u32,
    wire_type: WireType,
    buf: &mut dyn Buf,
    context: DecodeContext,
) -> Result<(), DecodeError> {
    let chunk = buf.chunk();
    if chunk.len() < buf.remaining() {
        return merge(message, number, wire_type, &mut Input::Parts(buf), context);
    }
    // The bytes are one slice.
    let mut input = Input::Slice(chunk);
    let result = merge(message, number, wire_type, &mut input, context);
    let used = chunk.len() - input.remaining();
    buf.advance(used);
    result
}
