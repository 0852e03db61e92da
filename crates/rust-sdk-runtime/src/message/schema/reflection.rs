//! The schemas of `google/protobuf/api.proto`, `type.proto` and `source_context.proto`, as far as prost-types has them:
//! it knows nothing of editions, and what a type would drop its schema must not promise.

use super::tables::{field, has_schema, schemas};
use super::wkt::ANY;
use super::{EnumSchema, Field, Kind, MessageSchema, Presence};

use Presence::{Explicit, Implicit, Repeated};

schemas! {
    SOURCE_CONTEXT = "SourceContext" [
        Field::new(1, "file_name", "fileName", Implicit, Kind::String),
    ];
    TYPE = "Type" [
        field(1, "name", Implicit, Kind::String),
        field(2, "fields", Repeated, Kind::Message(&FIELD)),
        field(3, "oneofs", Repeated, Kind::String),
        field(4, "options", Repeated, Kind::Message(&OPTION)),
        Field::new(5, "source_context", "sourceContext", Explicit, Kind::Message(&SOURCE_CONTEXT)),
        field(6, "syntax", Implicit, Kind::Enum(&SYNTAX)),
    ];
    FIELD = "Field" [
        field(1, "kind", Implicit, Kind::Enum(&FIELD_KIND)),
        field(2, "cardinality", Implicit, Kind::Enum(&FIELD_CARDINALITY)),
        field(3, "number", Implicit, Kind::Int32),
        field(4, "name", Implicit, Kind::String),
        Field::new(6, "type_url", "typeUrl", Implicit, Kind::String),
        Field::new(7, "oneof_index", "oneofIndex", Implicit, Kind::Int32),
        field(8, "packed", Implicit, Kind::Bool),
        field(9, "options", Repeated, Kind::Message(&OPTION)),
        Field::new(10, "json_name", "jsonName", Implicit, Kind::String),
        Field::new(11, "default_value", "defaultValue", Implicit, Kind::String),
    ];
    ENUM = "Enum" [
        field(1, "name", Implicit, Kind::String),
        field(2, "enumvalue", Repeated, Kind::Message(&ENUM_VALUE)),
        field(3, "options", Repeated, Kind::Message(&OPTION)),
        Field::new(4, "source_context", "sourceContext", Explicit, Kind::Message(&SOURCE_CONTEXT)),
        field(5, "syntax", Implicit, Kind::Enum(&SYNTAX)),
    ];
    ENUM_VALUE = "EnumValue" [
        field(1, "name", Implicit, Kind::String),
        field(2, "number", Implicit, Kind::Int32),
        field(3, "options", Repeated, Kind::Message(&OPTION)),
    ];
    OPTION = "Option" [
        field(1, "name", Implicit, Kind::String),
        field(2, "value", Explicit, Kind::Message(&ANY)),
    ];
    API = "Api" [
        field(1, "name", Implicit, Kind::String),
        field(2, "methods", Repeated, Kind::Message(&METHOD)),
        field(3, "options", Repeated, Kind::Message(&OPTION)),
        field(4, "version", Implicit, Kind::String),
        Field::new(5, "source_context", "sourceContext", Explicit, Kind::Message(&SOURCE_CONTEXT)),
        field(6, "mixins", Repeated, Kind::Message(&MIXIN)),
        field(7, "syntax", Implicit, Kind::Enum(&SYNTAX)),
    ];
    METHOD = "Method" [
        field(1, "name", Implicit, Kind::String),
        Field::new(2, "request_type_url", "requestTypeUrl", Implicit, Kind::String),
        Field::new(3, "request_streaming", "requestStreaming", Implicit, Kind::Bool),
        Field::new(4, "response_type_url", "responseTypeUrl", Implicit, Kind::String),
        Field::new(5, "response_streaming", "responseStreaming", Implicit, Kind::Bool),
        field(6, "options", Repeated, Kind::Message(&OPTION)),
        field(7, "syntax", Implicit, Kind::Enum(&SYNTAX)),
    ];
    MIXIN = "Mixin" [
        field(1, "name", Implicit, Kind::String),
        field(2, "root", Implicit, Kind::String),
    ];
}

/// `google.protobuf.Syntax`.
pub static SYNTAX: EnumSchema =
    EnumSchema::new("google.protobuf.Syntax", &[(0, "SYNTAX_PROTO2"), (1, "SYNTAX_PROTO3")]);

/// `google.protobuf.Field.Kind`.
pub static FIELD_KIND: EnumSchema = EnumSchema::new(
    "google.protobuf.Field.Kind",
    &[
        (0, "TYPE_UNKNOWN"),
        (1, "TYPE_DOUBLE"),
        (2, "TYPE_FLOAT"),
        (3, "TYPE_INT64"),
        (4, "TYPE_UINT64"),
        (5, "TYPE_INT32"),
        (6, "TYPE_FIXED64"),
        (7, "TYPE_FIXED32"),
        (8, "TYPE_BOOL"),
        (9, "TYPE_STRING"),
        (10, "TYPE_GROUP"),
        (11, "TYPE_MESSAGE"),
        (12, "TYPE_BYTES"),
        (13, "TYPE_UINT32"),
        (14, "TYPE_ENUM"),
        (15, "TYPE_SFIXED32"),
        (16, "TYPE_SFIXED64"),
        (17, "TYPE_SINT32"),
        (18, "TYPE_SINT64"),
    ],
);

/// `google.protobuf.Field.Cardinality`.
pub static FIELD_CARDINALITY: EnumSchema = EnumSchema::new(
    "google.protobuf.Field.Cardinality",
    &[
        (0, "CARDINALITY_UNKNOWN"),
        (1, "CARDINALITY_OPTIONAL"),
        (2, "CARDINALITY_REQUIRED"),
        (3, "CARDINALITY_REPEATED"),
    ],
);

has_schema! {
    prost_types::SourceContext => SOURCE_CONTEXT,
    prost_types::Type => TYPE,
    prost_types::Field => FIELD,
    prost_types::Enum => ENUM,
    prost_types::EnumValue => ENUM_VALUE,
    prost_types::Option => OPTION,
    prost_types::Api => API,
    prost_types::Method => METHOD,
    prost_types::Mixin => MIXIN,
}
