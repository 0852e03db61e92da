//! The hand-written tables of `google.protobuf` and `google.rpc` agree with the published descriptors.

use prost_reflect::{Cardinality, DescriptorPool, FieldDescriptor, Kind as Described, MessageDescriptor};
use rust_sdk_runtime::rpc;
use rust_sdk_runtime::schema::{Field, Kind, MessageSchema, Presence, descriptor, reflection, wkt};

/// A field in words, which are the same for a table and for a descriptor.
type Words = (u32, String, String, String, String);

fn of_table(field: &Field) -> Words {
    let kind = match &field.map_key {
        Some(key) => format!("map of {} to {}", name(key), name(&field.kind)),
        None => name(&field.kind),
    };
    let presence = match field.presence {
        Presence::Implicit => "implicit".to_owned(),
        Presence::Explicit => "explicit".to_owned(),
        Presence::Required => "required".to_owned(),
        Presence::Oneof(oneof) => format!("oneof {oneof}"),
        Presence::Repeated => "repeated".to_owned(),
        Presence::Packed => "packed".to_owned(),
    };
    (field.number, field.name.to_owned(), field.json_name().into_owned(), kind, presence)
}

fn name(kind: &Kind) -> String {
    match kind {
        Kind::Enum(schema) => format!("enum {}", schema.name()),
        kind => match kind.message() {
            Some(schema) => format!("message {}", schema.name()),
            None => format!("{kind:?}").to_lowercase(),
        },
    }
}

fn of_descriptor(field: &FieldDescriptor) -> Words {
    let kind = match field.kind() {
        Described::Message(entry) if field.is_map() => {
            let [key, value] = [entry.map_entry_key_field(), entry.map_entry_value_field()];
            format!("map of {} to {}", described(&key.kind()), described(&value.kind()))
        }
        kind => described(&kind),
    };
    let oneof = field.containing_oneof().filter(|oneof| !oneof.is_synthetic());
    let presence = match (field.cardinality(), oneof) {
        (Cardinality::Required, _) => "required".to_owned(),
        (Cardinality::Repeated, _) if field.is_packed() => "packed".to_owned(),
        (Cardinality::Repeated, _) => "repeated".to_owned(),
        (Cardinality::Optional, Some(oneof)) => format!("oneof {}", oneof.name()),
        (Cardinality::Optional, None) if field.supports_presence() => "explicit".to_owned(),
        (Cardinality::Optional, None) => "implicit".to_owned(),
    };
    (field.number(), field.name().to_owned(), field.json_name().to_owned(), kind, presence)
}

fn described(kind: &Described) -> String {
    match kind {
        Described::Message(message) => format!("message {}", message.full_name()),
        Described::Enum(item) => format!("enum {}", item.full_name()),
        kind => format!("{kind:?}").to_lowercase(),
    }
}

/// The fields of a table that differ from those of the published message, or that it lacks.
fn unpublished(schema: &MessageSchema, message: &MessageDescriptor) -> Vec<Words> {
    let published: Vec<Words> = message.fields().map(|field| of_descriptor(&field)).collect();
    schema.fields().iter().map(of_table).filter(|field| !published.contains(field)).collect()
}

#[test]
fn the_tables_of_google_protobuf_are_the_published_ones() {
    let pool = DescriptorPool::global();
    for schema in [descriptor::ALL, reflection::ALL, wkt::ALL].into_iter().flatten() {
        let schema = schema();
        let message = pool.get_message_by_name(schema.name()).unwrap();
        assert_eq!(unpublished(schema, &message), [], "{}", schema.name());
    }
}

#[test]
fn the_tables_of_google_rpc_are_the_published_ones() {
    let pool = DescriptorPool::decode(tonic_types::pb::FILE_DESCRIPTOR_SET).unwrap();
    for schema in rpc::ALL {
        let schema = schema();
        let message = pool.get_message_by_name(schema.name()).unwrap();
        assert_eq!(unpublished(schema, &message), [], "{}", schema.name());
        assert_eq!(schema.fields().len(), message.fields().len(), "{}", schema.name());
    }
}
