//! Messages in protobuf's binary format, without generated functions for it.
//!
//! A generated message names its fields in rows of [`fields!`](crate::fields!): their numbers, how they are encoded, and where
//! they stand. One engine, compiled once, encodes and decodes every message by them; what it writes and accepts is what
//! prost's derive would write and accept. prost's `Message` is implemented with it, so that messages go wherever prost's do.

mod compare;
mod debug;
pub(crate) mod foreign;
mod input;
mod read;
pub(crate) mod scalar;
pub mod view;
mod wkt;
mod write;

use prost::DecodeError;
use prost::bytes::{Buf, BufMut};
use prost::encoding::{DecodeContext, WireType};

pub use self::compare::{eq, hash};
pub use self::debug::{Shown, debug, show};
pub use self::foreign::{MapKey, Op, OpMut};
pub use self::input::Input;
pub use self::view::{Field, View, ViewMut};
pub use self::write::encoded_len;

pub(crate) use self::read::merge;
pub(crate) use self::write::put;

/// A message, by its fields. Implemented by [`fields!`](crate::fields!).
pub trait Fields: Send + Sync {
    /// The message's table.
    fn table(&self) -> &'static Table;

    /// What the field of this number holds. A member of a oneof is not set if another one is.
    fn view(&self, _number: u32) -> View<'_> {
        View::Unset
    }

    /// The same, to be written to, if there is such a field. A member of a oneof is set by that.
    fn view_mut(&mut self, _number: u32) -> Option<ViewMut<'_>> {
        None
    }

    /// Encodes or prints the field of this number, which holds messages of another crate.
    fn foreign(&self, _number: u32, _op: Op<'_>) {}

    /// Decodes the field of this number, which holds messages of another crate.
    ///
    /// # Errors
    /// If the bytes are not such a field.
    fn foreign_mut(&mut self, _number: u32, _op: OpMut<'_, '_>) -> Result<(), DecodeError> {
        Ok(())
    }
}

impl<T: Fields + ?Sized> Fields for Box<T> {
    fn table(&self) -> &'static Table {
        (**self).table()
    }

    fn view(&self, number: u32) -> View<'_> {
        (**self).view(number)
    }

    fn view_mut(&mut self, number: u32) -> Option<ViewMut<'_>> {
        (**self).view_mut(number)
    }

    fn foreign(&self, number: u32, op: Op<'_>) {
        (**self).foreign(number, op);
    }

    fn foreign_mut(&mut self, number: u32, op: OpMut<'_, '_>) -> Result<(), DecodeError> {
        (**self).foreign_mut(number, op)
    }
}

/// The table of a message.
#[derive(Debug)]
pub struct Table {
    /// The path of the Rust type, as written.
    pub name: &'static str,
    /// Each field's number, [code](Key::code) and Rust name, in order of the numbers. The name of a oneof is followed by that of the
    /// variant.
    pub fields: &'static [(u32, u8, &'static str)],
    /// The fields that are not printed as they are.
    pub shown: &'static [(u32, Shown)],
}

impl Table {
    /// The code and name of the field of this number. Numbers mostly go up by one.
    #[inline]
    fn find(&self, number: u32) -> Option<&'static (u32, u8, &'static str)> {
        match self.fields.get((number as usize).wrapping_sub(1)) {
            Some(field) if field.0 == number => Some(field),
            _ => {
                let index = self.fields.binary_search_by_key(&number, |field| field.0).ok()?;
                self.fields.get(index)
            }
        }
    }
}

/// A text, or its default.
#[doc(hidden)]
#[inline]
pub fn text<'a>(value: &'a Option<String>, default: &'a str) -> &'a str {
    value.as_deref().unwrap_or(default)
}

/// Bytes, or their default.
#[doc(hidden)]
#[inline]
pub fn bytes<'a>(value: &'a Option<Vec<u8>>, default: &'a [u8]) -> &'a [u8] {
    value.as_deref().unwrap_or(default)
}

/// The last name of a path.
pub(crate) fn last(path: &str) -> &str {
    path.rsplit(':').next().unwrap_or(path).trim()
}

/// The name of a field, which may be a raw identifier, without that of a oneof's variant.
pub(crate) fn label(name: &str) -> &str {
    let name = name.strip_prefix("r#").unwrap_or(name);
    name.split(' ').next().unwrap_or(name)
}

/// Where and how a field is encoded.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The field number.
    pub number: u32,
    /// How: a kind in the lower bits, with a flag at 8; in the upper half the kind of a map's keys.
    pub code: u8,
}

/// The kinds that a Rust type does not tell, and the flag.
pub(crate) mod code {
    /// As the type says: varints, floats, text, bytes and messages.
    pub(crate) const PLAIN: u8 = 0;
    /// `sint32` and `sint64`.
    pub(crate) const ZIGZAG: u8 = 1;
    /// `fixed32`, `fixed64`, `sfixed32`, `sfixed64`.
    pub(crate) const FIXED: u8 = 2;
    /// A group.
    pub(crate) const GROUP: u8 = 3;
    /// A wrapper message (`google.protobuf.StringValue`), which is its value in Rust.
    pub(crate) const WRAPPER: u8 = 4;
    /// A message of another crate.
    pub(crate) const FOREIGN: u8 = 5;
    /// Of a single value: optional, or written even if it is the default. Of a list: not packed.
    pub(crate) const FLAG: u8 = 8;
    /// Of a single value: never absent in Rust, although it is written even if it is the default.
    pub(crate) const REQUIRED: u8 = 16;
}

impl Key {
    /// The kind of the value, or of a map's values.
    pub(crate) const fn kind(self) -> u8 {
        self.code & 7
    }

    /// Whether the flag is set.
    pub(crate) const fn flag(self) -> bool {
        self.code & code::FLAG != 0
    }

    /// The keys of the two fields of a map's entries.
    pub(crate) const fn entry(self) -> (Self, Self) {
        (Self { number: 1, code: self.code >> 4 }, Self { number: 2, code: self.code & 0xf })
    }

    /// How many bytes the tag takes.
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

/// prost's `encode_to_vec`, without measuring the message first.
pub fn encode_to_vec(message: &dyn Fields) -> Vec<u8> {
    let mut out = Vec::with_capacity(128);
    put(message, &mut out);
    out
}

/// prost's `encode_raw`. The lengths of messages inside are known once these are written, so it is written apart first.
pub fn encode_raw(message: &dyn Fields, buf: &mut dyn BufMut) {
    let mut out = Vec::with_capacity(256);
    put(message, &mut out);
    buf.put_slice(&out);
}

/// prost's `merge_field`.
///
/// # Errors
/// If the bytes are not such a field.
pub fn merge_field(
    message: &mut dyn Fields,
    number: u32,
    wire_type: WireType,
    buf: &mut dyn Buf,
    context: DecodeContext,
) -> Result<(), DecodeError> {
    in_one_piece(buf, |input| merge(message, number, wire_type, input, context))
}

/// prost's `merge`.
///
/// # Errors
/// If the bytes are not such a message.
pub fn merge_all(message: &mut dyn Fields, buf: &mut dyn Buf) -> Result<(), DecodeError> {
    in_one_piece(buf, |input| {
        while input.has_remaining() {
            let (number, wire_type) = input.tag()?;
            merge(message, number, wire_type, input, DecodeContext::default())?;
        }
        Ok(())
    })
}

/// Reads the bytes as a slice if they are one.
fn in_one_piece(
    buf: &mut dyn Buf,
    read: impl FnOnce(&mut Input<'_>) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    let chunk = buf.chunk();
    if chunk.len() < buf.remaining() {
        return read(&mut Input::Parts(buf));
    }
    let mut input = Input::Slice(chunk);
    let result = read(&mut input);
    let used = chunk.len() - input.remaining();
    buf.advance(used);
    result
}
