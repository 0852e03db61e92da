//! Scalars on the wire, where the form also depends on the kind.

use prost::encoding::{WireType, encoded_len_varint};

use super::code;
use crate::wire::put::put_varint;

/// A scalar to write.
pub(crate) trait Scalar: Copy {
    fn wire_type(kind: u8) -> WireType;

    fn is_default(self) -> bool;

    /// The size of the value in bytes, without a tag.
    fn size(self, kind: u8) -> usize;

    /// Appends the value, without a tag.
    fn put(self, kind: u8, out: &mut Vec<u8>);
}

impl Scalar for &str {
    #[inline]
    fn wire_type(_: u8) -> WireType {
        WireType::LengthDelimited
    }

    #[inline]
    fn is_default(self) -> bool {
        self.is_empty()
    }

    #[inline]
    fn size(self, kind: u8) -> usize {
        self.as_bytes().size(kind)
    }

    #[inline]
    fn put(self, kind: u8, out: &mut Vec<u8>) {
        self.as_bytes().put(kind, out);
    }
}

impl Scalar for &[u8] {
    #[inline]
    fn wire_type(_: u8) -> WireType {
        WireType::LengthDelimited
    }

    #[inline]
    fn is_default(self) -> bool {
        self.is_empty()
    }

    #[inline]
    fn size(self, _: u8) -> usize {
        encoded_len_varint(self.len() as u64) + self.len()
    }

    #[inline]
    fn put(self, _: u8, out: &mut Vec<u8>) {
        put_varint(out, self.len() as u64);
        out.extend_from_slice(self);
    }
}

/// Integers: varints, zigzag varints (for signed types, if the kind says so), or fixed-length numbers.
macro_rules! integer {
    ($ty:ty, $fixed:ident, |$value:ident| $wide:expr $(, |$signed:ident| $zigzag:expr)?) => {
        impl Scalar for $ty {
            #[inline]
            fn wire_type(kind: u8) -> WireType {
                if kind == code::FIXED { WireType::$fixed } else { WireType::Varint }
            }

            #[inline]
            fn is_default(self) -> bool {
                self == 0
            }

            #[inline]
            fn size(self, kind: u8) -> usize {
                let $value = self;
                match kind {
                    code::FIXED => size_of::<Self>(),
                    $(code::ZIGZAG => {
                        let $signed = self;
                        encoded_len_varint($zigzag)
                    })?
                    _ => encoded_len_varint($wide),
                }
            }

            #[inline]
            fn put(self, kind: u8, out: &mut Vec<u8>) {
                let $value = self;
                match kind {
                    code::FIXED => out.extend_from_slice(&self.to_le_bytes()),
                    $(code::ZIGZAG => {
                        let $signed = self;
                        put_varint(out, $zigzag);
                    })?
                    _ => put_varint(out, $wide),
                }
            }
        }
    };
}

// Negative numbers take 64 bits. In zigzag, the sign is the lowest bit.
integer!(i32, ThirtyTwoBit, |value| i64::from(value).cast_unsigned(), |value| {
    u64::from(((value << 1) ^ (value >> 31)).cast_unsigned())
});
integer!(i64, SixtyFourBit, |value| value.cast_unsigned(), |value| ((value << 1) ^ (value >> 63))
    .cast_unsigned());
integer!(u32, ThirtyTwoBit, |value| u64::from(value));
integer!(u64, SixtyFourBit, |value| value);

impl Scalar for bool {
    #[inline]
    fn wire_type(_: u8) -> WireType {
        WireType::Varint
    }

    #[inline]
    fn is_default(self) -> bool {
        !self
    }

    #[inline]
    fn size(self, _: u8) -> usize {
        1
    }

    #[inline]
    fn put(self, _: u8, out: &mut Vec<u8>) {
        out.push(u8::from(self));
    }
}

macro_rules! float {
    ($ty:ty, $wire_type:ident) => {
        impl Scalar for $ty {
            #[inline]
            fn wire_type(_: u8) -> WireType {
                WireType::$wire_type
            }

            // As in prost, negative zero counts as zero.
            #[inline]
            fn is_default(self) -> bool {
                self == 0.0
            }

            #[inline]
            fn size(self, _: u8) -> usize {
                size_of::<Self>()
            }

            #[inline]
            fn put(self, _: u8, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }
        }
    };
}

float!(f32, ThirtyTwoBit);
float!(f64, SixtyFourBit);
