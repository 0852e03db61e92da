//! The tables of `google/protobuf/descriptor.proto` and `google/protobuf/compiler/plugin.proto`, as far as prost-types has them.
//! prost-types does not support editions, and a table must not promise fields that its type would drop.

use super::tables::{enum_tables, tables};

tables! {
    pub const ALL;

    prost_types::FileDescriptorSet = "google.protobuf.FileDescriptorSet" {
        1 repeated message file: prost_types::FileDescriptorProto,
    }

    prost_types::FileDescriptorProto = "google.protobuf.FileDescriptorProto" {
        1 optional string name,
        2 optional string package,
        3 repeated string dependency,
        4 repeated message message_type: prost_types::DescriptorProto,
        5 repeated message enum_type: prost_types::EnumDescriptorProto,
        6 repeated message service: prost_types::ServiceDescriptorProto,
        7 repeated message extension: prost_types::FieldDescriptorProto,
        8 optional message options: prost_types::FileOptions,
        9 optional message source_code_info: prost_types::SourceCodeInfo,
        10 repeated int32 public_dependency,
        11 repeated int32 weak_dependency,
        12 optional string syntax,
    }

    prost_types::DescriptorProto = "google.protobuf.DescriptorProto" {
        1 optional string name,
        2 repeated message field: prost_types::FieldDescriptorProto,
        3 repeated message nested_type: prost_types::DescriptorProto,
        4 repeated message enum_type: prost_types::EnumDescriptorProto,
        5 repeated message extension_range: prost_types::descriptor_proto::ExtensionRange,
        6 repeated message extension: prost_types::FieldDescriptorProto,
        7 optional message options: prost_types::MessageOptions,
        8 repeated message oneof_decl: prost_types::OneofDescriptorProto,
        9 repeated message reserved_range: prost_types::descriptor_proto::ReservedRange,
        10 repeated string reserved_name,
    }

    prost_types::descriptor_proto::ExtensionRange = "google.protobuf.DescriptorProto.ExtensionRange" {
        1 optional int32 start,
        2 optional int32 end,
        3 optional message options: prost_types::ExtensionRangeOptions,
    }

    prost_types::descriptor_proto::ReservedRange = "google.protobuf.DescriptorProto.ReservedRange" {
        1 optional int32 start,
        2 optional int32 end,
    }

    prost_types::ExtensionRangeOptions = "google.protobuf.ExtensionRangeOptions" {
        999 repeated message uninterpreted_option: prost_types::UninterpretedOption,
    }

    prost_types::FieldDescriptorProto = "google.protobuf.FieldDescriptorProto" {
        1 optional string name,
        2 optional string extendee,
        3 optional int32 number,
        4 optional enumeration(prost_types::field_descriptor_proto::Label) label,
        5 optional enumeration(prost_types::field_descriptor_proto::Type) r#type = "type",
        6 optional string type_name,
        7 optional string default_value,
        8 optional message options: prost_types::FieldOptions,
        9 optional int32 oneof_index,
        10 optional string json_name,
        17 optional bool proto3_optional,
    }

    prost_types::OneofDescriptorProto = "google.protobuf.OneofDescriptorProto" {
        1 optional string name,
        2 optional message options: prost_types::OneofOptions,
    }

    prost_types::EnumDescriptorProto = "google.protobuf.EnumDescriptorProto" {
        1 optional string name,
        2 repeated message value: prost_types::EnumValueDescriptorProto,
        3 optional message options: prost_types::EnumOptions,
        4 repeated message reserved_range: prost_types::enum_descriptor_proto::EnumReservedRange,
        5 repeated string reserved_name,
    }

    prost_types::enum_descriptor_proto::EnumReservedRange = "google.protobuf.EnumDescriptorProto.EnumReservedRange" {
        1 optional int32 start,
        2 optional int32 end,
    }

    prost_types::EnumValueDescriptorProto = "google.protobuf.EnumValueDescriptorProto" {
        1 optional string name,
        2 optional int32 number,
        3 optional message options: prost_types::EnumValueOptions,
    }

    prost_types::ServiceDescriptorProto = "google.protobuf.ServiceDescriptorProto" {
        1 optional string name,
        2 repeated message method: prost_types::MethodDescriptorProto,
        3 optional message options: prost_types::ServiceOptions,
    }

    prost_types::MethodDescriptorProto = "google.protobuf.MethodDescriptorProto" {
        1 optional string name,
        2 optional string input_type,
        3 optional string output_type,
        4 optional message options: prost_types::MethodOptions,
        5 optional bool client_streaming,
        6 optional bool server_streaming,
    }

    prost_types::FileOptions = "google.protobuf.FileOptions" {
        1 optional string java_package,
        8 optional string java_outer_classname,
        9 optional enumeration(prost_types::file_options::OptimizeMode) optimize_for,
        10 optional bool java_multiple_files,
        11 optional string go_package,
        16 optional bool cc_generic_services,
        17 optional bool java_generic_services,
        18 optional bool py_generic_services,
        20 optional bool java_generate_equals_and_hash,
        23 optional bool deprecated,
        27 optional bool java_string_check_utf8,
        31 optional bool cc_enable_arenas,
        36 optional string objc_class_prefix,
        37 optional string csharp_namespace,
        39 optional string swift_prefix,
        40 optional string php_class_prefix,
        41 optional string php_namespace,
        42 optional bool php_generic_services,
        44 optional string php_metadata_namespace,
        45 optional string ruby_package,
        999 repeated message uninterpreted_option: prost_types::UninterpretedOption,
    }

    prost_types::MessageOptions = "google.protobuf.MessageOptions" {
        1 optional bool message_set_wire_format,
        2 optional bool no_standard_descriptor_accessor,
        3 optional bool deprecated,
        7 optional bool map_entry,
        999 repeated message uninterpreted_option: prost_types::UninterpretedOption,
    }

    prost_types::FieldOptions = "google.protobuf.FieldOptions" {
        1 optional enumeration(prost_types::field_options::CType) ctype,
        2 optional bool packed,
        3 optional bool deprecated,
        5 optional bool lazy,
        6 optional enumeration(prost_types::field_options::JsType) jstype,
        10 optional bool weak,
        999 repeated message uninterpreted_option: prost_types::UninterpretedOption,
    }

    prost_types::OneofOptions = "google.protobuf.OneofOptions" {
        999 repeated message uninterpreted_option: prost_types::UninterpretedOption,
    }

    prost_types::EnumOptions = "google.protobuf.EnumOptions" {
        2 optional bool allow_alias,
        3 optional bool deprecated,
        999 repeated message uninterpreted_option: prost_types::UninterpretedOption,
    }

    prost_types::EnumValueOptions = "google.protobuf.EnumValueOptions" {
        1 optional bool deprecated,
        999 repeated message uninterpreted_option: prost_types::UninterpretedOption,
    }

    prost_types::ServiceOptions = "google.protobuf.ServiceOptions" {
        33 optional bool deprecated,
        999 repeated message uninterpreted_option: prost_types::UninterpretedOption,
    }

    prost_types::MethodOptions = "google.protobuf.MethodOptions" {
        33 optional bool deprecated,
        34 optional enumeration(prost_types::method_options::IdempotencyLevel) idempotency_level,
        999 repeated message uninterpreted_option: prost_types::UninterpretedOption,
    }

    prost_types::UninterpretedOption = "google.protobuf.UninterpretedOption" {
        2 repeated message name: prost_types::uninterpreted_option::NamePart,
        3 optional string identifier_value,
        4 optional uint64 positive_int_value,
        5 optional int64 negative_int_value,
        6 optional double double_value,
        7 optional bytes string_value,
        8 optional string aggregate_value,
    }

    prost_types::uninterpreted_option::NamePart = "google.protobuf.UninterpretedOption.NamePart" {
        1 required string name_part,
        2 required bool is_extension,
    }

    prost_types::SourceCodeInfo = "google.protobuf.SourceCodeInfo" {
        1 repeated message location: prost_types::source_code_info::Location,
    }

    prost_types::source_code_info::Location = "google.protobuf.SourceCodeInfo.Location" {
        1 packed int32 path,
        2 packed int32 span,
        3 optional string leading_comments,
        4 optional string trailing_comments,
        6 repeated string leading_detached_comments,
    }

    prost_types::GeneratedCodeInfo = "google.protobuf.GeneratedCodeInfo" {
        1 repeated message annotation: prost_types::generated_code_info::Annotation,
    }

    prost_types::generated_code_info::Annotation = "google.protobuf.GeneratedCodeInfo.Annotation" {
        1 packed int32 path,
        2 optional string source_file,
        3 optional int32 begin,
        4 optional int32 end,
    }

    prost_types::compiler::Version = "google.protobuf.compiler.Version" {
        1 optional int32 major,
        2 optional int32 minor,
        3 optional int32 patch,
        4 optional string suffix,
    }

    prost_types::compiler::CodeGeneratorRequest = "google.protobuf.compiler.CodeGeneratorRequest" {
        1 repeated string file_to_generate,
        2 optional string parameter,
        3 optional message compiler_version: prost_types::compiler::Version,
        15 repeated message proto_file: prost_types::FileDescriptorProto,
    }

    prost_types::compiler::CodeGeneratorResponse = "google.protobuf.compiler.CodeGeneratorResponse" {
        1 optional string error,
        2 optional uint64 supported_features,
        15 repeated message file: prost_types::compiler::code_generator_response::File,
    }

    prost_types::compiler::code_generator_response::File = "google.protobuf.compiler.CodeGeneratorResponse.File" {
        1 optional string name,
        2 optional string insertion_point,
        15 optional string content,
        16 optional message generated_code_info: prost_types::GeneratedCodeInfo,
    }
}

enum_tables! {
    prost_types::field_descriptor_proto::Type = "google.protobuf.FieldDescriptorProto.Type" {
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
    prost_types::field_descriptor_proto::Label = "google.protobuf.FieldDescriptorProto.Label" {
        1 "LABEL_OPTIONAL",
        2 "LABEL_REQUIRED",
        3 "LABEL_REPEATED",
    }
    prost_types::file_options::OptimizeMode = "google.protobuf.FileOptions.OptimizeMode" {
        1 "SPEED",
        2 "CODE_SIZE",
        3 "LITE_RUNTIME",
    }
    prost_types::field_options::CType = "google.protobuf.FieldOptions.CType" {
        0 "STRING",
        1 "CORD",
        2 "STRING_PIECE",
    }
    prost_types::field_options::JsType = "google.protobuf.FieldOptions.JSType" {
        0 "JS_NORMAL",
        1 "JS_STRING",
        2 "JS_NUMBER",
    }
    prost_types::method_options::IdempotencyLevel = "google.protobuf.MethodOptions.IdempotencyLevel" {
        0 "IDEMPOTENCY_UNKNOWN",
        1 "NO_SIDE_EFFECTS",
        2 "IDEMPOTENT",
    }
    prost_types::compiler::code_generator_response::Feature = "google.protobuf.compiler.CodeGeneratorResponse.Feature" {
        0 "FEATURE_NONE",
        1 "FEATURE_PROTO3_OPTIONAL",
        2 "FEATURE_SUPPORTS_EDITIONS",
    }
}
