//! Values of a path.

use std::fmt::{self, Display, LowerExp, Write};

/// One value of a path, before any escaping. Its `Display` is the text that `ProtoJSON` would give, unquoted.
///
/// An enum is passed as the name of its value; a wrapper, `Timestamp` or `Duration` as its JSON string; a
/// `FieldMask` as its paths in proto names, joined by commas.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum PathValue<'a> {
    /// Text.
    Str(&'a str),
    /// A signed integer, in decimal.
    Int(i64),
    /// An unsigned integer, in decimal.
    Uint(u64),
    /// `true` or `false`.
    Bool(bool),
    /// A 32-bit float: the shortest text that reads back as the same value and, as a double, is in the range of floats; or `NaN`,
    /// `Infinity`, `-Infinity`.
    Float(f32),
    /// A 64-bit float, likewise.
    Double(f64),
    /// Bytes, as padded base64url (RFC 4648 §5).
    Bytes(&'a [u8]),
}

impl PathValue<'_> {
    /// An upper bound of the escaped length; exact for bytes. For `Str` the encoder computes the length instead.
    pub(super) fn max_len(&self) -> usize {
        match self {
            Self::Str(text) => text.len(),
            Self::Int(_) | Self::Uint(_) => 20,
            Self::Bool(_) => 5,
            // A sign, 17 digits, and a point with six zeros before the digits or an exponent after them.
            Self::Float(_) | Self::Double(_) => 26,
            Self::Bytes(bytes) => bytes.len().div_ceil(3) * 4 + 2 * ((3 - bytes.len() % 3) % 3),
        }
    }
}

impl Display for PathValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Str(text) => f.write_str(text),
            Self::Int(number) => write!(f, "{number}"),
            Self::Uint(number) => write!(f, "{number}"),
            Self::Bool(truth) => write!(f, "{truth}"),
            // Envoy reads a double and checks its range: the shortest text of the largest float rounds to a larger double.
            Self::Float(number) if number.is_finite() && number.abs() >= f32::MAX => {
                float(f, f64::from(number))
            }
            Self::Float(number) => float(f, number),
            Self::Double(number) => float(f, number),
            Self::Bytes(bytes) => base64url(f, bytes),
        }
    }
}

fn float<T: Display + LowerExp + Into<f64> + Copy>(f: &mut fmt::Formatter<'_>, number: T) -> fmt::Result {
    let wide: f64 = number.into();
    if wide.is_nan() {
        f.write_str("NaN")
    } else if wide.is_infinite() {
        f.write_str(if wide > 0.0 { "Infinity" } else { "-Infinity" })
    } else if wide == 0.0 || (1e-6..1e21).contains(&wide.abs()) {
        write!(f, "{number}")
    } else {
        write!(f, "{number:e}")
    }
}

fn base64url(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let digit = ALPHABET[(group >> (18 - 6 * at) & 63) as usize];
            f.write_char(if at <= chunk.len() { char::from(digit) } else { '=' })?;
        }
    }
    Ok(())
}

macro_rules! from {
    ($($type:ty => $variant:ident,)*) => {$(
        impl<'a> From<$type> for PathValue<'a> {
            fn from(value: $type) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}

from! {
    &'a str => Str,
    i32 => Int,
    i64 => Int,
    u32 => Uint,
    u64 => Uint,
    bool => Bool,
    f32 => Float,
    f64 => Double,
    &'a [u8] => Bytes,
}

impl<'a> From<&'a String> for PathValue<'a> {
    fn from(value: &'a String) -> Self {
        Self::Str(value)
    }
}

impl<'a> From<&'a Vec<u8>> for PathValue<'a> {
    fn from(value: &'a Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text<'a>(value: impl Into<PathValue<'a>>) -> String {
        value.into().to_string()
    }

    #[test]
    fn scalars_are_written_as_protojson_writes_them() {
        assert_eq!(text(i64::MIN), "-9223372036854775808");
        assert_eq!(text(-7i32), "-7");
        assert_eq!(text(u64::MAX), "18446744073709551615");
        assert_eq!(text(7u32), "7");
        assert_eq!(text(false), "false");
        assert_eq!(text(&String::from("a b")), "a b");
    }

    #[test]
    fn floats_are_the_shortest_text_that_reads_back() {
        let cases =
            [(0.1f64, "0.1"), (1.0, "1"), (-0.0, "-0"), (1e20, "100000000000000000000"), (1e21, "1e21")];
        for (number, expected) in cases.into_iter().chain([(1e-7, "1e-7"), (1.5e300, "1.5e300")]) {
            assert_eq!(text(number), expected);
            assert_eq!(text(number).parse::<f64>().unwrap().to_bits(), number.to_bits());
        }
        assert_eq!(text(0.1f32), "0.1");
        assert_eq!(text(f32::MAX), "3.4028234663852886e38");
        assert_eq!(text(f32::MIN), "-3.4028234663852886e38");
        assert_eq!(text(f32::NAN), "NaN");
        assert_eq!(text(f64::INFINITY), "Infinity");
        assert_eq!(text(f64::NEG_INFINITY), "-Infinity");
    }

    #[test]
    fn a_float_is_in_range_when_it_is_read_as_a_double() {
        // The largest and the smallest floats, their neighbours, and a step through all exponents.
        let near = |bits: u32| bits.saturating_sub(3)..=bits + 3;
        let ends = near(0x7f7f_ffff - 3).chain(near(0x0080_0000)).chain(near(0));
        for bits in ends.chain((0..0x7f80_0000).step_by(0x0001_2345)) {
            let number = f32::from_bits(bits);
            let wide: f64 = text(number).parse().unwrap();
            assert!(wide <= f64::from(f32::MAX), "{number:e}");
            #[expect(clippy::cast_possible_truncation, reason = "what such a server does")]
            let narrow = wide as f32;
            assert_eq!(narrow.to_bits(), bits, "{number:e}");
            assert_eq!(text(number).parse::<f32>().unwrap().to_bits(), bits);
        }
    }

    #[test]
    fn bytes_are_padded_base64url() {
        // RFC 4648 §10, and the two digits in which base64url differs.
        for (bytes, expected) in [("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")] {
            assert_eq!(text(bytes.as_bytes()), expected);
        }
        assert_eq!(text(&vec![0xfb, 0xff, 0xfe]), "-__-");
    }

    #[test]
    fn the_length_is_never_too_small() {
        let smallest = PathValue::from(-1.234_567_890_123_456_7e-6);
        assert!(smallest.to_string().len() <= smallest.max_len(), "{smallest}");
        assert!(text(-f64::MAX).len() <= PathValue::from(f64::MAX).max_len());
        for length in 0..5 {
            let bytes = vec![0; length];
            let escaped = text(&bytes).replace('=', "%3D");
            assert_eq!(PathValue::from(&bytes).max_len(), escaped.len());
        }
    }
}
