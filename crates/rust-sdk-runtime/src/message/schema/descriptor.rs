//! The schemas of `google/protobuf/descriptor.proto` and `google/protobuf/compiler/plugin.proto`, as far as prost-types has
//! them: it knows nothing of editions, and what a type would drop its schema must not promise.

use super::tables::{field, has_schema, schemas};
use super::{EnumSchema, Field, Kind, MessageSchema, Presence};

use Presence::{Explicit, Packed, Repeated, Required};

schemas! {
    FILE_DESCRIPTOR_SET = "FileDescriptorSet" [
        field(1, "file", Repeated, Kind::Message(&FILE_DESCRIPTOR_PROTO)),
    ];
    FILE_DESCRIPTOR_PROTO = "FileDescriptorProto" [
        field(1, "name", Explicit, Kind::String),
        field(2, "package", Explicit, Kind::String),
        field(3, "dependency", Repeated, Kind::String),
        Field::new(4, "message_type", "messageType", Repeated, Kind::Message(&DESCRIPTOR_PROTO)),
        Field::new(5, "enum_type", "enumType", Repeated, Kind::Message(&ENUM_DESCRIPTOR_PROTO)),
        field(6, "service", Repeated, Kind::Message(&SERVICE_DESCRIPTOR_PROTO)),
        field(7, "extension", Repeated, Kind::Message(&FIELD_DESCRIPTOR_PROTO)),
        field(8, "options", Explicit, Kind::Message(&FILE_OPTIONS)),
        Field::new(9, "source_code_info", "sourceCodeInfo", Explicit, Kind::Message(&SOURCE_CODE_INFO)),
        Field::new(10, "public_dependency", "publicDependency", Repeated, Kind::Int32),
        Field::new(11, "weak_dependency", "weakDependency", Repeated, Kind::Int32),
        field(12, "syntax", Explicit, Kind::String),
    ];
    DESCRIPTOR_PROTO = "DescriptorProto" [
        field(1, "name", Explicit, Kind::String),
        field(2, "field", Repeated, Kind::Message(&FIELD_DESCRIPTOR_PROTO)),
        Field::new(3, "nested_type", "nestedType", Repeated, Kind::Message(&DESCRIPTOR_PROTO)),
        Field::new(4, "enum_type", "enumType", Repeated, Kind::Message(&ENUM_DESCRIPTOR_PROTO)),
        Field::new(5, "extension_range", "extensionRange", Repeated, Kind::Message(&DESCRIPTOR_PROTO_EXTENSION_RANGE)),
        field(6, "extension", Repeated, Kind::Message(&FIELD_DESCRIPTOR_PROTO)),
        field(7, "options", Explicit, Kind::Message(&MESSAGE_OPTIONS)),
        Field::new(8, "oneof_decl", "oneofDecl", Repeated, Kind::Message(&ONEOF_DESCRIPTOR_PROTO)),
        Field::new(9, "reserved_range", "reservedRange", Repeated, Kind::Message(&DESCRIPTOR_PROTO_RESERVED_RANGE)),
        Field::new(10, "reserved_name", "reservedName", Repeated, Kind::String),
    ];
    DESCRIPTOR_PROTO_EXTENSION_RANGE = "DescriptorProto.ExtensionRange" [
        field(1, "start", Explicit, Kind::Int32),
        field(2, "end", Explicit, Kind::Int32),
        field(3, "options", Explicit, Kind::Message(&EXTENSION_RANGE_OPTIONS)),
    ];
    DESCRIPTOR_PROTO_RESERVED_RANGE = "DescriptorProto.ReservedRange" [
        field(1, "start", Explicit, Kind::Int32),
        field(2, "end", Explicit, Kind::Int32),
    ];
    EXTENSION_RANGE_OPTIONS = "ExtensionRangeOptions" [
        Field::new(999, "uninterpreted_option", "uninterpretedOption", Repeated, Kind::Message(&UNINTERPRETED_OPTION)),
    ];
    FIELD_DESCRIPTOR_PROTO = "FieldDescriptorProto" [
        field(1, "name", Explicit, Kind::String),
        field(2, "extendee", Explicit, Kind::String),
        field(3, "number", Explicit, Kind::Int32),
        field(4, "label", Explicit, Kind::Enum(&FIELD_DESCRIPTOR_PROTO_LABEL)),
        field(5, "type", Explicit, Kind::Enum(&FIELD_DESCRIPTOR_PROTO_TYPE)),
        Field::new(6, "type_name", "typeName", Explicit, Kind::String),
        Field::new(7, "default_value", "defaultValue", Explicit, Kind::String),
        field(8, "options", Explicit, Kind::Message(&FIELD_OPTIONS)),
        Field::new(9, "oneof_index", "oneofIndex", Explicit, Kind::Int32),
        Field::new(10, "json_name", "jsonName", Explicit, Kind::String),
        Field::new(17, "proto3_optional", "proto3Optional", Explicit, Kind::Bool),
    ];
    ONEOF_DESCRIPTOR_PROTO = "OneofDescriptorProto" [
        field(1, "name", Explicit, Kind::String),
        field(2, "options", Explicit, Kind::Message(&ONEOF_OPTIONS)),
    ];
    ENUM_DESCRIPTOR_PROTO = "EnumDescriptorProto" [
        field(1, "name", Explicit, Kind::String),
        field(2, "value", Repeated, Kind::Message(&ENUM_VALUE_DESCRIPTOR_PROTO)),
        field(3, "options", Explicit, Kind::Message(&ENUM_OPTIONS)),
        Field::new(4, "reserved_range", "reservedRange", Repeated, Kind::Message(&ENUM_DESCRIPTOR_PROTO_ENUM_RESERVED_RANGE)),
        Field::new(5, "reserved_name", "reservedName", Repeated, Kind::String),
    ];
    ENUM_DESCRIPTOR_PROTO_ENUM_RESERVED_RANGE = "EnumDescriptorProto.EnumReservedRange" [
        field(1, "start", Explicit, Kind::Int32),
        field(2, "end", Explicit, Kind::Int32),
    ];
    ENUM_VALUE_DESCRIPTOR_PROTO = "EnumValueDescriptorProto" [
        field(1, "name", Explicit, Kind::String),
        field(2, "number", Explicit, Kind::Int32),
        field(3, "options", Explicit, Kind::Message(&ENUM_VALUE_OPTIONS)),
    ];
    SERVICE_DESCRIPTOR_PROTO = "ServiceDescriptorProto" [
        field(1, "name", Explicit, Kind::String),
        field(2, "method", Repeated, Kind::Message(&METHOD_DESCRIPTOR_PROTO)),
        field(3, "options", Explicit, Kind::Message(&SERVICE_OPTIONS)),
    ];
    METHOD_DESCRIPTOR_PROTO = "MethodDescriptorProto" [
        field(1, "name", Explicit, Kind::String),
        Field::new(2, "input_type", "inputType", Explicit, Kind::String),
        Field::new(3, "output_type", "outputType", Explicit, Kind::String),
        field(4, "options", Explicit, Kind::Message(&METHOD_OPTIONS)),
        Field::new(5, "client_streaming", "clientStreaming", Explicit, Kind::Bool),
        Field::new(6, "server_streaming", "serverStreaming", Explicit, Kind::Bool),
    ];
    FILE_OPTIONS = "FileOptions" [
        Field::new(1, "java_package", "javaPackage", Explicit, Kind::String),
        Field::new(8, "java_outer_classname", "javaOuterClassname", Explicit, Kind::String),
        Field::new(9, "optimize_for", "optimizeFor", Explicit, Kind::Enum(&FILE_OPTIONS_OPTIMIZE_MODE)),
        Field::new(10, "java_multiple_files", "javaMultipleFiles", Explicit, Kind::Bool),
        Field::new(11, "go_package", "goPackage", Explicit, Kind::String),
        Field::new(16, "cc_generic_services", "ccGenericServices", Explicit, Kind::Bool),
        Field::new(17, "java_generic_services", "javaGenericServices", Explicit, Kind::Bool),
        Field::new(18, "py_generic_services", "pyGenericServices", Explicit, Kind::Bool),
        Field::new(20, "java_generate_equals_and_hash", "javaGenerateEqualsAndHash", Explicit, Kind::Bool),
        field(23, "deprecated", Explicit, Kind::Bool),
        Field::new(27, "java_string_check_utf8", "javaStringCheckUtf8", Explicit, Kind::Bool),
        Field::new(31, "cc_enable_arenas", "ccEnableArenas", Explicit, Kind::Bool),
        Field::new(36, "objc_class_prefix", "objcClassPrefix", Explicit, Kind::String),
        Field::new(37, "csharp_namespace", "csharpNamespace", Explicit, Kind::String),
        Field::new(39, "swift_prefix", "swiftPrefix", Explicit, Kind::String),
        Field::new(40, "php_class_prefix", "phpClassPrefix", Explicit, Kind::String),
        Field::new(41, "php_namespace", "phpNamespace", Explicit, Kind::String),
        Field::new(42, "php_generic_services", "phpGenericServices", Explicit, Kind::Bool),
        Field::new(44, "php_metadata_namespace", "phpMetadataNamespace", Explicit, Kind::String),
        Field::new(45, "ruby_package", "rubyPackage", Explicit, Kind::String),
        Field::new(999, "uninterpreted_option", "uninterpretedOption", Repeated, Kind::Message(&UNINTERPRETED_OPTION)),
    ];
    MESSAGE_OPTIONS = "MessageOptions" [
        Field::new(1, "message_set_wire_format", "messageSetWireFormat", Explicit, Kind::Bool),
        Field::new(2, "no_standard_descriptor_accessor", "noStandardDescriptorAccessor", Explicit, Kind::Bool),
        field(3, "deprecated", Explicit, Kind::Bool),
        Field::new(7, "map_entry", "mapEntry", Explicit, Kind::Bool),
        Field::new(999, "uninterpreted_option", "uninterpretedOption", Repeated, Kind::Message(&UNINTERPRETED_OPTION)),
    ];
    FIELD_OPTIONS = "FieldOptions" [
        field(1, "ctype", Explicit, Kind::Enum(&FIELD_OPTIONS_C_TYPE)),
        field(2, "packed", Explicit, Kind::Bool),
        field(3, "deprecated", Explicit, Kind::Bool),
        field(5, "lazy", Explicit, Kind::Bool),
        field(6, "jstype", Explicit, Kind::Enum(&FIELD_OPTIONS_JS_TYPE)),
        field(10, "weak", Explicit, Kind::Bool),
        Field::new(999, "uninterpreted_option", "uninterpretedOption", Repeated, Kind::Message(&UNINTERPRETED_OPTION)),
    ];
    ONEOF_OPTIONS = "OneofOptions" [
        Field::new(999, "uninterpreted_option", "uninterpretedOption", Repeated, Kind::Message(&UNINTERPRETED_OPTION)),
    ];
    ENUM_OPTIONS = "EnumOptions" [
        Field::new(2, "allow_alias", "allowAlias", Explicit, Kind::Bool),
        field(3, "deprecated", Explicit, Kind::Bool),
        Field::new(999, "uninterpreted_option", "uninterpretedOption", Repeated, Kind::Message(&UNINTERPRETED_OPTION)),
    ];
    ENUM_VALUE_OPTIONS = "EnumValueOptions" [
        field(1, "deprecated", Explicit, Kind::Bool),
        Field::new(999, "uninterpreted_option", "uninterpretedOption", Repeated, Kind::Message(&UNINTERPRETED_OPTION)),
    ];
    SERVICE_OPTIONS = "ServiceOptions" [
        field(33, "deprecated", Explicit, Kind::Bool),
        Field::new(999, "uninterpreted_option", "uninterpretedOption", Repeated, Kind::Message(&UNINTERPRETED_OPTION)),
    ];
    METHOD_OPTIONS = "MethodOptions" [
        field(33, "deprecated", Explicit, Kind::Bool),
        Field::new(34, "idempotency_level", "idempotencyLevel", Explicit, Kind::Enum(&METHOD_OPTIONS_IDEMPOTENCY_LEVEL)),
        Field::new(999, "uninterpreted_option", "uninterpretedOption", Repeated, Kind::Message(&UNINTERPRETED_OPTION)),
    ];
    UNINTERPRETED_OPTION = "UninterpretedOption" [
        field(2, "name", Repeated, Kind::Message(&UNINTERPRETED_OPTION_NAME_PART)),
        Field::new(3, "identifier_value", "identifierValue", Explicit, Kind::String),
        Field::new(4, "positive_int_value", "positiveIntValue", Explicit, Kind::Uint64),
        Field::new(5, "negative_int_value", "negativeIntValue", Explicit, Kind::Int64),
        Field::new(6, "double_value", "doubleValue", Explicit, Kind::Double),
        Field::new(7, "string_value", "stringValue", Explicit, Kind::Bytes),
        Field::new(8, "aggregate_value", "aggregateValue", Explicit, Kind::String),
    ];
    UNINTERPRETED_OPTION_NAME_PART = "UninterpretedOption.NamePart" [
        Field::new(1, "name_part", "namePart", Required, Kind::String),
        Field::new(2, "is_extension", "isExtension", Required, Kind::Bool),
    ];
    SOURCE_CODE_INFO = "SourceCodeInfo" [
        field(1, "location", Repeated, Kind::Message(&SOURCE_CODE_INFO_LOCATION)),
    ];
    SOURCE_CODE_INFO_LOCATION = "SourceCodeInfo.Location" [
        field(1, "path", Packed, Kind::Int32),
        field(2, "span", Packed, Kind::Int32),
        Field::new(3, "leading_comments", "leadingComments", Explicit, Kind::String),
        Field::new(4, "trailing_comments", "trailingComments", Explicit, Kind::String),
        Field::new(6, "leading_detached_comments", "leadingDetachedComments", Repeated, Kind::String),
    ];
    GENERATED_CODE_INFO = "GeneratedCodeInfo" [
        field(1, "annotation", Repeated, Kind::Message(&GENERATED_CODE_INFO_ANNOTATION)),
    ];
    GENERATED_CODE_INFO_ANNOTATION = "GeneratedCodeInfo.Annotation" [
        field(1, "path", Packed, Kind::Int32),
        Field::new(2, "source_file", "sourceFile", Explicit, Kind::String),
        field(3, "begin", Explicit, Kind::Int32),
        field(4, "end", Explicit, Kind::Int32),
    ];
    COMPILER_VERSION = "compiler.Version" [
        field(1, "major", Explicit, Kind::Int32),
        field(2, "minor", Explicit, Kind::Int32),
        field(3, "patch", Explicit, Kind::Int32),
        field(4, "suffix", Explicit, Kind::String),
    ];
    COMPILER_CODE_GENERATOR_REQUEST = "compiler.CodeGeneratorRequest" [
        Field::new(1, "file_to_generate", "fileToGenerate", Repeated, Kind::String),
        field(2, "parameter", Explicit, Kind::String),
        Field::new(3, "compiler_version", "compilerVersion", Explicit, Kind::Message(&COMPILER_VERSION)),
        Field::new(15, "proto_file", "protoFile", Repeated, Kind::Message(&FILE_DESCRIPTOR_PROTO)),
    ];
    COMPILER_CODE_GENERATOR_RESPONSE = "compiler.CodeGeneratorResponse" [
        field(1, "error", Explicit, Kind::String),
        Field::new(2, "supported_features", "supportedFeatures", Explicit, Kind::Uint64),
        field(15, "file", Repeated, Kind::Message(&COMPILER_CODE_GENERATOR_RESPONSE_FILE)),
    ];
    COMPILER_CODE_GENERATOR_RESPONSE_FILE = "compiler.CodeGeneratorResponse.File" [
        field(1, "name", Explicit, Kind::String),
        Field::new(2, "insertion_point", "insertionPoint", Explicit, Kind::String),
        field(15, "content", Explicit, Kind::String),
        Field::new(16, "generated_code_info", "generatedCodeInfo", Explicit, Kind::Message(&GENERATED_CODE_INFO)),
    ];
}

/// `google.protobuf.FieldDescriptorProto.Type`.
pub static FIELD_DESCRIPTOR_PROTO_TYPE: EnumSchema = EnumSchema::new(
    "google.protobuf.FieldDescriptorProto.Type",
    &[
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

/// `google.protobuf.FieldDescriptorProto.Label`.
pub static FIELD_DESCRIPTOR_PROTO_LABEL: EnumSchema = EnumSchema::new(
    "google.protobuf.FieldDescriptorProto.Label",
    &[(1, "LABEL_OPTIONAL"), (2, "LABEL_REQUIRED"), (3, "LABEL_REPEATED")],
);

/// `google.protobuf.FileOptions.OptimizeMode`.
pub static FILE_OPTIONS_OPTIMIZE_MODE: EnumSchema = EnumSchema::new(
    "google.protobuf.FileOptions.OptimizeMode",
    &[(1, "SPEED"), (2, "CODE_SIZE"), (3, "LITE_RUNTIME")],
);

/// `google.protobuf.FieldOptions.CType`.
pub static FIELD_OPTIONS_C_TYPE: EnumSchema =
    EnumSchema::new("google.protobuf.FieldOptions.CType", &[(0, "STRING"), (1, "CORD"), (2, "STRING_PIECE")]);

/// `google.protobuf.FieldOptions.JSType`.
pub static FIELD_OPTIONS_JS_TYPE: EnumSchema = EnumSchema::new(
    "google.protobuf.FieldOptions.JSType",
    &[(0, "JS_NORMAL"), (1, "JS_STRING"), (2, "JS_NUMBER")],
);

/// `google.protobuf.MethodOptions.IdempotencyLevel`.
pub static METHOD_OPTIONS_IDEMPOTENCY_LEVEL: EnumSchema = EnumSchema::new(
    "google.protobuf.MethodOptions.IdempotencyLevel",
    &[(0, "IDEMPOTENCY_UNKNOWN"), (1, "NO_SIDE_EFFECTS"), (2, "IDEMPOTENT")],
);

/// `google.protobuf.compiler.CodeGeneratorResponse.Feature`.
pub static COMPILER_CODE_GENERATOR_RESPONSE_FEATURE: EnumSchema = EnumSchema::new(
    "google.protobuf.compiler.CodeGeneratorResponse.Feature",
    &[(0, "FEATURE_NONE"), (1, "FEATURE_PROTO3_OPTIONAL"), (2, "FEATURE_SUPPORTS_EDITIONS")],
);

has_schema! {
    prost_types::FileDescriptorSet => FILE_DESCRIPTOR_SET,
    prost_types::FileDescriptorProto => FILE_DESCRIPTOR_PROTO,
    prost_types::DescriptorProto => DESCRIPTOR_PROTO,
    prost_types::descriptor_proto::ExtensionRange => DESCRIPTOR_PROTO_EXTENSION_RANGE,
    prost_types::descriptor_proto::ReservedRange => DESCRIPTOR_PROTO_RESERVED_RANGE,
    prost_types::ExtensionRangeOptions => EXTENSION_RANGE_OPTIONS,
    prost_types::FieldDescriptorProto => FIELD_DESCRIPTOR_PROTO,
    prost_types::OneofDescriptorProto => ONEOF_DESCRIPTOR_PROTO,
    prost_types::EnumDescriptorProto => ENUM_DESCRIPTOR_PROTO,
    prost_types::enum_descriptor_proto::EnumReservedRange => ENUM_DESCRIPTOR_PROTO_ENUM_RESERVED_RANGE,
    prost_types::EnumValueDescriptorProto => ENUM_VALUE_DESCRIPTOR_PROTO,
    prost_types::ServiceDescriptorProto => SERVICE_DESCRIPTOR_PROTO,
    prost_types::MethodDescriptorProto => METHOD_DESCRIPTOR_PROTO,
    prost_types::FileOptions => FILE_OPTIONS,
    prost_types::MessageOptions => MESSAGE_OPTIONS,
    prost_types::FieldOptions => FIELD_OPTIONS,
    prost_types::OneofOptions => ONEOF_OPTIONS,
    prost_types::EnumOptions => ENUM_OPTIONS,
    prost_types::EnumValueOptions => ENUM_VALUE_OPTIONS,
    prost_types::ServiceOptions => SERVICE_OPTIONS,
    prost_types::MethodOptions => METHOD_OPTIONS,
    prost_types::UninterpretedOption => UNINTERPRETED_OPTION,
    prost_types::uninterpreted_option::NamePart => UNINTERPRETED_OPTION_NAME_PART,
    prost_types::SourceCodeInfo => SOURCE_CODE_INFO,
    prost_types::source_code_info::Location => SOURCE_CODE_INFO_LOCATION,
    prost_types::GeneratedCodeInfo => GENERATED_CODE_INFO,
    prost_types::generated_code_info::Annotation => GENERATED_CODE_INFO_ANNOTATION,
    prost_types::compiler::Version => COMPILER_VERSION,
    prost_types::compiler::CodeGeneratorRequest => COMPILER_CODE_GENERATOR_REQUEST,
    prost_types::compiler::CodeGeneratorResponse => COMPILER_CODE_GENERATOR_RESPONSE,
    prost_types::compiler::code_generator_response::File => COMPILER_CODE_GENERATOR_RESPONSE_FILE,
}
