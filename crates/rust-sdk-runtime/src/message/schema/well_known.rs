//! The well-known types with a JSON form of their own.

use super::equal;

/// A well-known type with a JSON form of its own. Source: <https://protobuf.dev/programming-guides/json/>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WellKnown {
    /// An object with `@type`.
    Any,
    /// An RFC 3339 string.
    Timestamp,
    /// Seconds as a string that ends in `s`.
    Duration,
    /// Paths in lowerCamel case, joined by commas.
    FieldMask,
    /// Any JSON object.
    Struct,
    /// Any JSON value.
    Value,
    /// Any JSON array.
    ListValue,
    /// `{}`.
    Empty,
    /// One of the nine wrappers: the wrapped value.
    Wrapper,
}

impl WellKnown {
    /// The type with this full name.
    pub(super) const fn from_name(name: &str) -> Option<Self> {
        const NAMES: &[(&str, WellKnown)] = &[
            ("google.protobuf.Any", WellKnown::Any),
            ("google.protobuf.Timestamp", WellKnown::Timestamp),
            ("google.protobuf.Duration", WellKnown::Duration),
            ("google.protobuf.FieldMask", WellKnown::FieldMask),
            ("google.protobuf.Struct", WellKnown::Struct),
            ("google.protobuf.Value", WellKnown::Value),
            ("google.protobuf.ListValue", WellKnown::ListValue),
            ("google.protobuf.Empty", WellKnown::Empty),
            ("google.protobuf.DoubleValue", WellKnown::Wrapper),
            ("google.protobuf.FloatValue", WellKnown::Wrapper),
            ("google.protobuf.Int64Value", WellKnown::Wrapper),
            ("google.protobuf.UInt64Value", WellKnown::Wrapper),
            ("google.protobuf.Int32Value", WellKnown::Wrapper),
            ("google.protobuf.UInt32Value", WellKnown::Wrapper),
            ("google.protobuf.BoolValue", WellKnown::Wrapper),
            ("google.protobuf.StringValue", WellKnown::Wrapper),
            ("google.protobuf.BytesValue", WellKnown::Wrapper),
        ];
        // Nearly all names are different.
        if !matches!(name.as_bytes(), [b'g', b'o', b'o', b'g', b'l', b'e', b'.', b'p', ..]) {
            return None;
        }
        let mut i = 0;
        while i < NAMES.len() {
            if equal(name, NAMES[i].0) {
                return Some(NAMES[i].1);
            }
            i += 1;
        }
        None
    }
}
