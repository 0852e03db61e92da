//! The tables of `google/protobuf/api.proto`, `type.proto` and `source_context.proto`, as far as prost-types has them. prost-types does not
//! support editions, and a table must not promise fields that its type would drop.

use super::tables::{enum_tables, tables};

tables! {
    pub const ALL;

    prost_types::SourceContext = "google.protobuf.SourceContext" {
        1 singular string file_name,
    }

    prost_types::Type = "google.protobuf.Type" {
        1 singular string name,
        2 repeated message fields: prost_types::Field,
        3 repeated string oneofs,
        4 repeated message options: prost_types::Option,
        5 optional message source_context: prost_types::SourceContext,
        6 singular enumeration(prost_types::Syntax) syntax,
    }

    prost_types::Field = "google.protobuf.Field" {
        1 singular enumeration(prost_types::field::Kind) kind,
        2 singular enumeration(prost_types::field::Cardinality) cardinality,
        3 singular int32 number,
        4 singular string name,
        6 singular string type_url,
        7 singular int32 oneof_index,
        8 singular bool packed,
        9 repeated message options: prost_types::Option,
        10 singular string json_name,
        11 singular string default_value,
    }

    prost_types::Enum = "google.protobuf.Enum" {
        1 singular string name,
        2 repeated message enumvalue: prost_types::EnumValue,
        3 repeated message options: prost_types::Option,
        4 optional message source_context: prost_types::SourceContext,
        5 singular enumeration(prost_types::Syntax) syntax,
    }

    prost_types::EnumValue = "google.protobuf.EnumValue" {
        1 singular string name,
        2 singular int32 number,
        3 repeated message options: prost_types::Option,
    }

    prost_types::Option = "google.protobuf.Option" {
        1 singular string name,
        2 optional message value: prost_types::Any,
    }

    prost_types::Api = "google.protobuf.Api" {
        1 singular string name,
        2 repeated message methods: prost_types::Method,
        3 repeated message options: prost_types::Option,
        4 singular string version,
        5 optional message source_context: prost_types::SourceContext,
        6 repeated message mixins: prost_types::Mixin,
        7 singular enumeration(prost_types::Syntax) syntax,
    }

    prost_types::Method = "google.protobuf.Method" {
        1 singular string name,
        2 singular string request_type_url,
        3 singular bool request_streaming,
        4 singular string response_type_url,
        5 singular bool response_streaming,
        6 repeated message options: prost_types::Option,
        7 singular enumeration(prost_types::Syntax) syntax,
    }

    prost_types::Mixin = "google.protobuf.Mixin" {
        1 singular string name,
        2 singular string root,
    }
}

enum_tables! {
    prost_types::Syntax = "google.protobuf.Syntax" {
        0 "SYNTAX_PROTO2",
        1 "SYNTAX_PROTO3",
    }
    prost_types::field::Kind = "google.protobuf.Field.Kind" {
        0 "TYPE_UNKNOWN",
        1 "TYPE_DOUBLE",
        2 "TYPE_FLOAT",
        3 "TYPE_INT64",
        4 "TYPE_UINT64",
        5 "TYPE_INT32",
        6 "TYPE_FIXED64",
        7 "TYPE_FIXED32",
        8 "TYPE_BOOL",
        9 "TYPE_STRING",
        10 "TYPE_GROUP",
        11 "TYPE_MESSAGE",
        12 "TYPE_BYTES",
        13 "TYPE_UINT32",
        14 "TYPE_ENUM",
        15 "TYPE_SFIXED32",
        16 "TYPE_SFIXED64",
        17 "TYPE_SINT32",
        18 "TYPE_SINT64",
    }
    prost_types::field::Cardinality = "google.protobuf.Field.Cardinality" {
        0 "CARDINALITY_UNKNOWN",
        1 "CARDINALITY_OPTIONAL",
        2 "CARDINALITY_REQUIRED",
        3 "CARDINALITY_REPEATED",
    }
}
