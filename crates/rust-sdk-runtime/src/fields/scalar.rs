//! Scalars, alone and optional.

use prost::DecodeError;
use prost::encoding::{self, DecodeContext, WireType, check_wire_type};

use super::message::{self, Inner};
use super::{Field, Input, Key, code};

/// A scalar's Rust type. What it is on the wire depends on the kind, too.
pub(crate) trait Scalar: Default + Send + Sync {
    fn wire_type(kind: u8) -> WireType;

    fn is_default(&self) -> bool;

    /// How many bytes the value takes, without a tag.
    fn value_len(&self, kind: u8) -> usize;

    fn put_value(&self, kind: u8, out: &mut Vec<u8>);

    /// Reads a value of [`wire_type`](Self::wire_type).
    fn read(&mut self, kind: u8, input: &mut Input<'_>) -> Result<(), DecodeError>;
}

macro_rules! text {
    ($ty:ty, $module:ident) => {
        impl Scalar for $ty {
            #[inline]
            fn wire_type(_: u8) -> WireType {
                WireType::LengthDelimited
            }

            #[inline]
            fn is_default(&self) -> bool {
                self.is_empty()
            }

            #[inline]
            fn value_len(&self, _: u8) -> usize {
                encoding::encoded_len_varint(self.len() as u64) + self.len()
            }

            #[inline]
            fn put_value(&self, _: u8, out: &mut Vec<u8>) {
                crate::put::put_varint(out, self.len() as u64);
                out.extend_from_slice(self.as_ref());
            }

            #[inline]
            fn read(&mut self, _: u8, input: &mut Input<'_>) -> Result<(), DecodeError> {
                encoding::$module::merge(WireType::LengthDelimited, self, input, DecodeContext::default())
            }
        }
    };
}

text!(String, string);
text!(Vec<u8>, bytes);

/// Integers: varints, in zigzag where they are signed and the kind says so, or of a fixed length.
macro_rules! integer {
    ($ty:ty, $fixed:ident = $fixed_type:ident $size:literal, |$value:ident| $wide:expr, $varint:ident $(, $zigzag:ident |$signed:ident| $turned:expr)?) => {
        impl Scalar for $ty {
            #[inline]
            fn wire_type(kind: u8) -> WireType {
                if kind == code::FIXED { WireType::$fixed_type } else { WireType::Varint }
            }

            #[inline]
            fn is_default(&self) -> bool {
                *self == 0
            }

            #[inline]
            fn value_len(&self, kind: u8) -> usize {
                match kind {
                    code::FIXED => $size,
                    $(code::ZIGZAG => encoding::$zigzag::encoded_len(1, self) - 1,)?
                    _ => encoding::$varint::encoded_len(1, self) - 1,
                }
            }

            #[inline]
            fn put_value(&self, kind: u8, out: &mut Vec<u8>) {
                match kind {
                    code::FIXED => out.extend_from_slice(&self.to_le_bytes()),
                    $(code::ZIGZAG => {
                        let $signed = *self;
                        crate::put::put_varint(out, $turned);
                    })?
                    _ => {
                        let $value = *self;
                        crate::put::put_varint(out, $wide);
                    }
                }
            }

            #[inline]
            fn read(&mut self, kind: u8, input: &mut Input<'_>) -> Result<(), DecodeError> {
                let context = DecodeContext::default();
                match kind {
                    code::FIXED => encoding::$fixed::merge(WireType::$fixed_type, self, input, context),
                    $(code::ZIGZAG => encoding::$zigzag::merge(WireType::Varint, self, input, context),)?
                    _ => encoding::$varint::merge(WireType::Varint, self, input, context),
                }
            }
        }
    };
}

integer!(i32, sfixed32 = ThirtyTwoBit 4, |value| i64::from(value).cast_unsigned(), int32, sint32 |value| {
    // The sign goes to the lowest bit.
    u64::from(((value << 1) ^ (value >> 31)).cast_unsigned())
});
integer!(i64, sfixed64 = SixtyFourBit 8, |value| value.cast_unsigned(), int64, sint64 |value| {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
});
integer!(u32, fixed32 = ThirtyTwoBit 4, |value| u64::from(value), uint32);
integer!(u64, fixed64 = SixtyFourBit 8, |value| value, uint64);

impl Scalar for bool {
    #[inline]
    fn wire_type(_: u8) -> WireType {
        WireType::Varint
    }

    #[inline]
    fn is_default(&self) -> bool {
        !*self
    }

    #[inline]
    fn value_len(&self, _: u8) -> usize {
        1
    }

    #[inline]
    fn put_value(&self, _: u8, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    #[inline]
    fn read(&mut self, _: u8, input: &mut Input<'_>) -> Result<(), DecodeError> {
        encoding::bool::merge(WireType::Varint, self, input, DecodeContext::default())
    }
}

macro_rules! float {
    ($ty:ty, $module:ident = $wire_type:ident $size:literal) => {
        impl Scalar for $ty {
            #[inline]
            fn wire_type(_: u8) -> WireType {
                WireType::$wire_type
            }

            // As in prost: negative zero is a zero.
            #[inline]
            fn is_default(&self) -> bool {
                *self == 0.0
            }

            #[inline]
            fn value_len(&self, _: u8) -> usize {
                $size
            }

            #[inline]
            fn put_value(&self, _: u8, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }

            #[inline]
            fn read(&mut self, _: u8, input: &mut Input<'_>) -> Result<(), DecodeError> {
                encoding::$module::merge(WireType::$wire_type, self, input, DecodeContext::default())
            }
        }
    };
}

float!(f32, float = ThirtyTwoBit 4);
float!(f64, double = SixtyFourBit 8);

pub(super) fn len<T: Scalar>(value: &T, key: Key) -> usize {
    match key.kind() {
        code::WRAPPER => message::len_of(wrapped_len(value), key),
        kind => key.len() + value.value_len(kind),
    }
}

/// How many bytes the wrapper message around this value takes.
fn wrapped_len<T: Scalar>(value: &T) -> usize {
    if value.is_default() { 0 } else { 1 + value.value_len(code::PLAIN) }
}

pub(super) fn put<T: Scalar>(value: &T, key: Key, out: &mut Vec<u8>) {
    match key.kind() {
        code::WRAPPER => {
            key.put(WireType::LengthDelimited, out);
            crate::put::put_varint(out, wrapped_len(value) as u64);
            if !value.is_default() {
                put(value, Key { number: 1, code: code::PLAIN }, out);
            }
        }
        kind => {
            key.put(T::wire_type(kind), out);
            value.put_value(kind, out);
        }
    }
}

pub(super) fn merge<T: Scalar>(
    value: &mut T,
    key: Key,
    wire_type: WireType,
    input: &mut Input<'_>,
    context: DecodeContext,
) -> Result<(), DecodeError> {
    match key.kind() {
        code::WRAPPER => message::merge(&mut Wrapper(value), key, wire_type, input, context),
        kind => {
            check_wire_type(T::wire_type(kind), wire_type)?;
            value.read(kind, input)
        }
    }
}

/// The message around a value.
struct Wrapper<'a, T>(&'a mut T);

impl<T: Scalar> Inner for Wrapper<'_, T> {
    fn merge_inner(
        &mut self,
        number: u32,
        wire_type: WireType,
        input: &mut Input<'_>,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        if number == 1 {
            return merge(self.0, Key { number, code: code::PLAIN }, wire_type, input, context);
        }
        encoding::skip_field(wire_type, number, input, context)
    }
}

macro_rules! fields {
    ($($ty:ty),*) => { $(
        impl Field for $ty {
            fn len(&self, key: Key) -> usize {
                if self.is_default() && !key.flag() { 0 } else { len(self, key) }
            }

            fn put(&self, key: Key, out: &mut Vec<u8>) {
                if !self.is_default() || key.flag() {
                    put(self, key, out);
                }
            }

            fn merge(
                &mut self,
                key: Key,
                wire_type: WireType,
                input: &mut Input<'_>,
                context: DecodeContext,
            ) -> Result<(), DecodeError> {
                merge(self, key, wire_type, input, context)
            }
        }

        impl Field for Option<$ty> {
            fn len(&self, key: Key) -> usize {
                self.as_ref().map_or(0, |value| len(value, key))
            }

            fn put(&self, key: Key, out: &mut Vec<u8>) {
                if let Some(value) = self {
                    put(value, key, out);
                }
            }

            fn merge(
                &mut self,
                key: Key,
                wire_type: WireType,
                input: &mut Input<'_>,
                context: DecodeContext,
            ) -> Result<(), DecodeError> {
                merge(self.get_or_insert_default(), key, wire_type, input, context)
            }
        }

        impl Field for Vec<$ty> {
            fn len(&self, key: Key) -> usize {
                super::list::len(self, key)
            }

            fn put(&self, key: Key, out: &mut Vec<u8>) {
                super::list::put(self, key, out);
            }

            fn merge(
                &mut self,
                key: Key,
                wire_type: WireType,
                input: &mut Input<'_>,
                context: DecodeContext,
            ) -> Result<(), DecodeError> {
                super::list::merge(self, key, wire_type, input, context)
            }
        }
    )* };
}

fields!(String, Vec<u8>, bool, i32, i64, u32, u64, f32, f64);
