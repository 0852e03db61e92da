//! The schemas of the `google.protobuf` types that are no well-known types agree with what prost-types has.

use std::collections::BTreeSet;
use std::fmt::Debug;

use prost::Message;
use prost::encoding::{WireType, encode_key, encode_varint};
use rust_sdk_runtime::json;
use rust_sdk_runtime::schema::{
    HasEnumSchema, HasSchema, Kind, MessageSchema, Presence, descriptor, reflection,
};

fn put(number: u32, bytes: &[u8], out: &mut Vec<u8>) {
    encode_key(number, WireType::LengthDelimited, out);
    encode_varint(bytes.len() as u64, out);
    out.extend(bytes);
}

/// A message with every field set, written by its schema alone; messages inside it are, too, but for the deepest.
fn full(schema: &MessageSchema, depth: u32) -> Vec<u8> {
    let mut out = Vec::new();
    for field in schema.fields() {
        let number = field.number;
        match &field.kind {
            Kind::String | Kind::Bytes => put(number, b"text", &mut out),
            Kind::Message(inner) if inner().well_known().is_some() => put(number, &[], &mut out),
            Kind::Message(inner) => {
                let inner = inner();
                // An empty message would lack its required fields.
                let inner =
                    if depth == 0 && !inner.has_required() { vec![] } else { full(inner, depth.max(1) - 1) };
                put(number, &inner, &mut out);
            }
            Kind::Double => {
                encode_key(number, WireType::SixtyFourBit, &mut out);
                out.extend(1.5_f64.to_le_bytes());
            }
            Kind::Int32 if field.presence == Presence::Packed => put(number, &[3, 4], &mut out),
            Kind::Int32 | Kind::Int64 | Kind::Uint64 | Kind::Bool | Kind::Enum(_) => {
                encode_key(number, WireType::Varint, &mut out);
                encode_varint(1, &mut out);
            }
            other => panic!("{}.{}: {other:?}", schema.name(), field.name),
        }
    }
    out
}

/// The name of the schema, when it and the type have the same fields.
fn check<M: Message + Default + HasSchema + PartialEq + Debug>() -> &'static str {
    let schema = M::schema();
    let bytes = full(schema, 2);
    let message = M::decode(bytes.as_slice()).unwrap();
    // What the type lacks, or has in another form, would be missing or look different.
    assert!(message.encode_to_vec() == bytes, "the type is not as the schema of {}", schema.name());
    let fields = format!("{:#?}", M::default()).matches("\n    ").count();
    assert_eq!(fields, schema.fields().len(), "{} lacks a field", schema.name());

    let text = json::to_string(&message).unwrap();
    assert_eq!(json::from_str::<M>(&text).unwrap(), message, "{text}");
    schema.name()
}

#[test]
fn every_type_has_the_fields_of_its_schema_and_round_trips() {
    let checked = [
        check::<prost_types::FileDescriptorSet>(),
        check::<prost_types::FileDescriptorProto>(),
        check::<prost_types::DescriptorProto>(),
        check::<prost_types::descriptor_proto::ExtensionRange>(),
        check::<prost_types::descriptor_proto::ReservedRange>(),
        check::<prost_types::ExtensionRangeOptions>(),
        check::<prost_types::FieldDescriptorProto>(),
        check::<prost_types::OneofDescriptorProto>(),
        check::<prost_types::EnumDescriptorProto>(),
        check::<prost_types::enum_descriptor_proto::EnumReservedRange>(),
        check::<prost_types::EnumValueDescriptorProto>(),
        check::<prost_types::ServiceDescriptorProto>(),
        check::<prost_types::MethodDescriptorProto>(),
        check::<prost_types::FileOptions>(),
        check::<prost_types::MessageOptions>(),
        check::<prost_types::FieldOptions>(),
        check::<prost_types::OneofOptions>(),
        check::<prost_types::EnumOptions>(),
        check::<prost_types::EnumValueOptions>(),
        check::<prost_types::ServiceOptions>(),
        check::<prost_types::MethodOptions>(),
        check::<prost_types::UninterpretedOption>(),
        check::<prost_types::uninterpreted_option::NamePart>(),
        check::<prost_types::SourceCodeInfo>(),
        check::<prost_types::source_code_info::Location>(),
        check::<prost_types::GeneratedCodeInfo>(),
        check::<prost_types::generated_code_info::Annotation>(),
        check::<prost_types::compiler::Version>(),
        check::<prost_types::compiler::CodeGeneratorRequest>(),
        check::<prost_types::compiler::CodeGeneratorResponse>(),
        check::<prost_types::compiler::code_generator_response::File>(),
        check::<prost_types::SourceContext>(),
        check::<prost_types::Type>(),
        check::<prost_types::Field>(),
        check::<prost_types::Enum>(),
        check::<prost_types::EnumValue>(),
        check::<prost_types::Option>(),
        check::<prost_types::Api>(),
        check::<prost_types::Method>(),
        check::<prost_types::Mixin>(),
    ];
    let all: BTreeSet<&str> =
        descriptor::ALL.iter().chain(reflection::ALL).map(|schema| schema().name()).collect();
    assert_eq!(checked.into_iter().collect::<BTreeSet<_>>(), all);
}

/// The tables of enums agree with the Rust enums, both ways.
#[test]
fn enums_have_the_names_of_their_types() {
    use prost_types::field;
    use prost_types::field_descriptor_proto::{Label, Type};

    fn check<E: HasEnumSchema + TryFrom<i32> + Debug>(name: fn(&E) -> &'static str) -> usize {
        let values = E::SCHEMA.values();
        for (number, expected) in values {
            let value = E::try_from(*number).unwrap_or_else(|_| panic!("{expected}"));
            assert_eq!(name(&value), *expected);
        }
        values.len()
    }

    assert_eq!(check(Type::as_str_name), 18);
    assert_eq!(check(Label::as_str_name), 3);
    assert_eq!(check(field::Kind::as_str_name), 19);
    assert_eq!(check(field::Cardinality::as_str_name), 4);
    assert_eq!(check(prost_types::Syntax::as_str_name), 2);
    assert_eq!(check(prost_types::file_options::OptimizeMode::as_str_name), 3);
    assert_eq!(check(prost_types::field_options::CType::as_str_name), 3);
    assert_eq!(check(prost_types::field_options::JsType::as_str_name), 3);
    assert_eq!(check(prost_types::method_options::IdempotencyLevel::as_str_name), 3);
}

#[test]
fn an_api_reads_as_its_json_form() {
    let text = r#"{"name":"a.B","methods":[{"name":"Get","requestTypeUrl":"t/a.Get"}],"sourceContext":{"fileName":"a.proto"},"syntax":"SYNTAX_PROTO3"}"#;
    let api: prost_types::Api = json::from_str(text).unwrap();
    assert_eq!(api.syntax(), prost_types::Syntax::Proto3);
    assert_eq!(api.methods[0].request_type_url, "t/a.Get");
    assert_eq!(json::to_string(&api).unwrap(), text);
}
