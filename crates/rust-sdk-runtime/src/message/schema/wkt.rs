//! The schemas of the `google.protobuf` well-known types, as static tables that generated tables refer to.

use prost::bytes::Bytes;

use super::tables::{field, has_schema, schemas};
use super::{EnumSchema, Field, Kind, MessageSchema, Presence};

// All of google.protobuf under one path, so that a generated table need not know which file a type is from.
pub use super::descriptor::*;
pub use super::reflection::*;

/// A well-known type whose JSON form is its own.
/// Source: <https://protobuf.dev/programming-guides/json/>.
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
    /// One of the nine wrappers: what it wraps.
    Wrapper,
}

impl WellKnown {
    /// By the message's full name.
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

/// `==` on strings, in const context.
pub(super) const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

use Presence::{Implicit, Oneof, Repeated};

schemas! {
    ANY = "Any" [
        Field::new(1, "type_url", "typeUrl", Implicit, Kind::String),
        field(2, "value", Implicit, Kind::Bytes),
    ];
    TIMESTAMP = "Timestamp" [field(1, "seconds", Implicit, Kind::Int64), field(2, "nanos", Implicit, Kind::Int32)];
    DURATION = "Duration" [field(1, "seconds", Implicit, Kind::Int64), field(2, "nanos", Implicit, Kind::Int32)];
    FIELD_MASK = "FieldMask" [field(1, "paths", Repeated, Kind::String)];
    STRUCT = "Struct" [field(1, "fields", Repeated, Kind::Map(&(Kind::String, Kind::Message(&VALUE))))];
    VALUE = "Value" [
        Field::new(1, "null_value", "nullValue", Oneof(0), Kind::Enum(&NULL_VALUE)),
        Field::new(2, "number_value", "numberValue", Oneof(0), Kind::Double),
        Field::new(3, "string_value", "stringValue", Oneof(0), Kind::String),
        Field::new(4, "bool_value", "boolValue", Oneof(0), Kind::Bool),
        Field::new(5, "struct_value", "structValue", Oneof(0), Kind::Message(&STRUCT)),
        Field::new(6, "list_value", "listValue", Oneof(0), Kind::Message(&LIST_VALUE)),
    ];
    LIST_VALUE = "ListValue" [field(1, "values", Repeated, Kind::Message(&VALUE))];
    EMPTY = "Empty" [];
    DOUBLE_VALUE = "DoubleValue" [field(1, "value", Implicit, Kind::Double)];
    FLOAT_VALUE = "FloatValue" [field(1, "value", Implicit, Kind::Float)];
    INT64_VALUE = "Int64Value" [field(1, "value", Implicit, Kind::Int64)];
    UINT64_VALUE = "UInt64Value" [field(1, "value", Implicit, Kind::Uint64)];
    INT32_VALUE = "Int32Value" [field(1, "value", Implicit, Kind::Int32)];
    UINT32_VALUE = "UInt32Value" [field(1, "value", Implicit, Kind::Uint32)];
    BOOL_VALUE = "BoolValue" [field(1, "value", Implicit, Kind::Bool)];
    STRING_VALUE = "StringValue" [field(1, "value", Implicit, Kind::String)];
    BYTES_VALUE = "BytesValue" [field(1, "value", Implicit, Kind::Bytes)];
}

/// `google.protobuf.NullValue`.
pub static NULL_VALUE: EnumSchema = EnumSchema::new("google.protobuf.NullValue", &[(0, "NULL_VALUE")]);

// prost represents the wrappers by the wrapped Rust types themselves, and Empty by the unit type.
has_schema! {
    f64 => DOUBLE_VALUE,
    f32 => FLOAT_VALUE,
    i64 => INT64_VALUE,
    u64 => UINT64_VALUE,
    i32 => INT32_VALUE,
    u32 => UINT32_VALUE,
    bool => BOOL_VALUE,
    String => STRING_VALUE,
    Vec<u8> => BYTES_VALUE,
    Bytes => BYTES_VALUE,
    ;
    prost_types::Any => ANY,
    prost_types::Timestamp => TIMESTAMP,
    prost_types::Duration => DURATION,
    prost_types::FieldMask => FIELD_MASK,
    prost_types::Struct => STRUCT,
    prost_types::Value => VALUE,
    prost_types::ListValue => LIST_VALUE,
    () => EMPTY,
}
