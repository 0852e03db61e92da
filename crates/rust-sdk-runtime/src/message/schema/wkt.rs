//! The tables of the `google.protobuf` well-known types.

use prost::bytes::Bytes;
use prost_types::value::Kind as ValueKind;

use super::tables::{enum_tables, tables};
use super::{HasSchema, MessageSchema, SchemaOf};

tables! {
    pub const ALL;

    prost_types::Any = "google.protobuf.Any" {
        1 singular string type_url,
        2 singular bytes value,
    }

    prost_types::Timestamp = "google.protobuf.Timestamp" {
        1 singular int64 seconds,
        2 singular int32 nanos,
    }

    prost_types::Duration = "google.protobuf.Duration" {
        1 singular int64 seconds,
        2 singular int32 nanos,
    }

    prost_types::FieldMask = "google.protobuf.FieldMask" {
        1 repeated string paths,
    }

    prost_types::Struct = "google.protobuf.Struct" {
        1 map(string) message fields: prost_types::Value,
    }

    prost_types::Value = "google.protobuf.Value" {
        1 oneof enumeration(prost_types::NullValue) kind::NullValue = "null_value",
        2 oneof double kind::NumberValue = "number_value",
        3 oneof string kind::StringValue = "string_value",
        4 oneof bool kind::BoolValue = "bool_value",
        5 oneof message kind::StructValue: prost_types::Struct = "struct_value",
        6 oneof message kind::ListValue: prost_types::ListValue = "list_value",
    }

    prost_types::ListValue = "google.protobuf.ListValue" {
        1 repeated message values: prost_types::Value,
    }

    () = "google.protobuf.Empty" {}
}

crate::__members! { ValueKind: {
    1 enumeration NullValue,
    2 double NumberValue,
    3 string StringValue,
    4 bool BoolValue,
    5 message StructValue,
    6 message ListValue,
} }

enum_tables! {
    prost_types::NullValue = "google.protobuf.NullValue" {
        0 "NULL_VALUE",
    }
}

/// The wrappers, which prost represents by the wrapped values.
macro_rules! wrappers {
    ($($rust:ty = $full_name:literal $kind:ident;)*) => { $(
        impl HasSchema for $rust {
            fn schema() -> &'static MessageSchema {
                crate::__schema! { $rust = $full_name { 1 singular $kind value, } }
            }
        }
    )* };
}

wrappers! {
    f64 = "google.protobuf.DoubleValue" double;
    f32 = "google.protobuf.FloatValue" float;
    i64 = "google.protobuf.Int64Value" int64;
    u64 = "google.protobuf.UInt64Value" uint64;
    i32 = "google.protobuf.Int32Value" int32;
    u32 = "google.protobuf.UInt32Value" uint32;
    bool = "google.protobuf.BoolValue" bool;
    String = "google.protobuf.StringValue" string;
    Vec<u8> = "google.protobuf.BytesValue" bytes;
    Bytes = "google.protobuf.BytesValue" bytes;
}

/// The wrappers.
pub const WRAPPERS: &[SchemaOf] = &[
    f64::schema,
    f32::schema,
    i64::schema,
    u64::schema,
    i32::schema,
    u32::schema,
    bool::schema,
    String::schema,
    <Vec<u8>>::schema,
];
