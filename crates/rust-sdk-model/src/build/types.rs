//! Messages and enums: their Rust paths, as prost-build will name them, and their schemas.

use std::collections::BTreeMap;

use prost_reflect::{Cardinality, EnumDescriptor, FieldDescriptor, Kind as ReflectKind, MessageDescriptor};

use super::packages::PackagePlan;
use super::{behavior, members};
use crate::api::{Enum, Field, Kind, Message, OneofStep, Presence, RustType, TypeRef, Uses};
use crate::naming::{self, Scope};
use crate::options::Options;

/// The Rust type of every protobuf type.
pub(crate) struct TypeIndex {
    modules: BTreeMap<String, Vec<String>>,
    externs: Vec<(String, String)>,
}

impl TypeIndex {
    pub(crate) fn new(packages: &[PackagePlan], options: &Options) -> Self {
        let mut externs: Vec<(String, String)> = options
            .extern_paths
            .iter()
            .map(|(proto, rust)| (proto.trim_start_matches('.').to_owned(), rust.clone()))
            .collect();
        for (name, rust) in [
            ("BoolValue", "bool"),
            ("BytesValue", "::prost::alloc::vec::Vec<u8>"),
            ("DoubleValue", "f64"),
            ("Empty", "()"),
            ("FloatValue", "f32"),
            ("Int32Value", "i32"),
            ("Int64Value", "i64"),
            ("StringValue", "::prost::alloc::string::String"),
            ("UInt32Value", "u32"),
            ("UInt64Value", "u64"),
        ] {
            externs.push((format!("google.protobuf.{name}"), rust.to_owned()));
        }
        externs.push(("google.protobuf".to_owned(), "::prost_types".to_owned()));
        // The longest match wins.
        externs.sort_by_key(|(proto, _)| std::cmp::Reverse(proto.len()));
        let modules = packages.iter().map(|package| (package.name.clone(), package.module.clone())).collect();
        Self { modules, externs }
    }

    pub(crate) fn message(&self, message: &MessageDescriptor) -> TypeRef {
        let rust = self.rust(message.package_name(), message.full_name());
        TypeRef { name: message.full_name().to_owned(), rust }
    }

    pub(crate) fn enumeration(&self, item: &EnumDescriptor) -> TypeRef {
        let rust = self.rust(item.package_name(), item.full_name());
        TypeRef { name: item.full_name().to_owned(), rust }
    }

    /// How a oneof's member is reached from its message.
    pub(crate) fn oneof(&self, field: &FieldDescriptor) -> Option<OneofStep> {
        let oneof = field.containing_oneof().filter(|oneof| !oneof.is_synthetic())?;
        let message = oneof.parent_message();
        let mut type_name = naming::camel(oneof.name());
        let nested = message.child_messages().map(|item| item.name().to_owned());
        if nested
            .chain(message.child_enums().map(|item| item.name().to_owned()))
            .any(|name| naming::camel(&name) == type_name)
        {
            type_name.push_str("OneOf");
        }
        let rust = match self.message(message).rust {
            RustType::Local(mut path) => {
                path.pop();
                path.extend([naming::snake(message.name()), type_name]);
                RustType::Local(path)
            }
            RustType::Foreign(path) => {
                let module = path.rsplit_once("::").map_or("", |(module, _)| module);
                RustType::Foreign(format!("{module}::{}::{type_name}", naming::snake(message.name())))
            }
        };
        Some(OneofStep { name: naming::snake(oneof.name()), rust, variant: naming::camel(field.name()) })
    }

    fn rust(&self, package: &str, full_name: &str) -> RustType {
        for (proto, rust) in &self.externs {
            if proto == full_name {
                return RustType::Foreign(rust.clone());
            }
            if let Some(rest) = full_name.strip_prefix(proto.as_str()).and_then(|rest| rest.strip_prefix('.'))
            {
                return RustType::Foreign(format!("{rust}::{}", type_path(rest).join("::")));
            }
        }
        let local = full_name.strip_prefix(package).unwrap_or(full_name).trim_start_matches('.');
        let mut path = self.modules.get(package).cloned().unwrap_or_default();
        path.extend(type_path(local));
        RustType::Local(path)
    }
}

/// `Outer.Inner` → `outer::Inner`.
fn type_path(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = name.split('.').map(naming::snake).collect();
    if let Some(last) = name.rsplit('.').next() {
        parts.pop();
        parts.push(naming::camel(last));
    }
    parts
}

/// Describes the messages and enums of one file, nested ones behind their parents.
pub(crate) fn describe(
    messages: impl Iterator<Item = MessageDescriptor>,
    enums: impl Iterator<Item = EnumDescriptor>,
    index: &TypeIndex,
    names: &mut Scope,
    out: (&mut Vec<Message>, &mut Vec<Enum>),
) {
    let (all_messages, all_enums) = out;
    for item in enums {
        add_enum(&item, index, names, all_enums);
    }
    for message in messages {
        if message.is_map_entry() {
            continue;
        }
        if let RustType::Local(path) = index.message(&message).rust {
            let mut fields: Vec<Field> =
                message.fields().map(|field| describe_field(&field, index)).collect();
            fields.sort_by_key(|field| field.number);
            let mut oneofs = members::oneofs(&message, index);
            members::name(&mut fields, &mut oneofs);
            all_messages.push(Message {
                full_name: message.full_name().to_owned(),
                schema: schema_name(&message.full_name()[package_prefix(message.package_name())..], names),
                path,
                has_redacted: fields.iter().any(|field| field.redacted),
                request: None,
                fields,
                oneofs,
                uses: Uses::default(),
                mask: None,
            });
        }
        describe(message.child_messages(), message.child_enums(), index, names, (all_messages, all_enums));
    }
}

fn add_enum(item: &EnumDescriptor, index: &TypeIndex, names: &mut Scope, all: &mut Vec<Enum>) {
    let RustType::Local(path) = index.enumeration(item).rust else { return };
    let prefix = naming::value_prefix(item.name());
    let prefixed =
        item.values().all(|value| value.name().len() > prefix.len() && value.name().starts_with(&prefix));
    all.push(Enum {
        full_name: item.full_name().to_owned(),
        schema: schema_name(&item.full_name()[package_prefix(item.package_name())..], names),
        path,
        // The file's own order: of two names of one number the first is the one that is written.
        values: item
            .enum_descriptor_proto()
            .value
            .iter()
            .map(|value| (value.number(), value.name().to_owned()))
            .collect(),
        prefix: if prefixed { prefix } else { String::new() },
    });
}

fn package_prefix(package: &str) -> usize {
    if package.is_empty() { 0 } else { package.len() + 1 }
}

fn schema_name(name: &str, names: &mut Scope) -> String {
    names.claim(&naming::shouty(&name.replace('.', "_")))
}

fn describe_field(field: &FieldDescriptor, index: &TypeIndex) -> Field {
    let oneof = field.containing_oneof().filter(|oneof| !oneof.is_synthetic());
    let presence = match field.cardinality() {
        Cardinality::Required => Presence::Required,
        Cardinality::Repeated if field.is_packed() => Presence::Packed,
        Cardinality::Repeated => Presence::Repeated,
        Cardinality::Optional => match &oneof {
            Some(oneof) => {
                // Counted as in the file, synthetic ones last.
                let at = oneof.parent_message().oneofs().position(|other| other == *oneof);
                Presence::Oneof(at.and_then(|at| u32::try_from(at).ok()).unwrap_or(0))
            }
            None if field.supports_presence() => Presence::Explicit,
            None => Presence::Implicit,
        },
    };
    Field {
        number: field.number(),
        name: field.name().to_owned(),
        json_name: field.json_name().to_owned(),
        rust_name: naming::snake(oneof.as_ref().map_or(field.name(), |oneof| oneof.name())),
        oneof: index.oneof(field),
        presence,
        kind: describe_kind(field, index),
        redacted: is_redacted(field),
        required: behavior::is_required(field),
        deprecated: behavior::is_deprecated(field),
        setter: String::new(),
        getter: None,
        taker: None,
        mask_of: None,
    }
}

/// `debug_redact` (field 16 of `FieldOptions`) is newer than prost-types' descriptors, so it is looked for by number.
pub(crate) fn is_redacted(field: &FieldDescriptor) -> bool {
    if field.field_descriptor_proto().options.is_none() {
        return false;
    }
    let options = field.options();
    if let Some(value) = options.get_field_by_number(16) {
        return value.as_bool() == Some(true);
    }
    options.unknown_fields().any(|unknown| {
        let mut bytes = Vec::new();
        unknown.encode(&mut bytes);
        unknown.number() == 16 && bytes.last() == Some(&1)
    })
}

pub(crate) fn describe_kind(field: &FieldDescriptor, index: &TypeIndex) -> Kind {
    match field.kind() {
        ReflectKind::Message(message) if message.is_map_entry() => {
            let (key, value) = (message.map_entry_key_field(), message.map_entry_value_field());
            Kind::Map(Box::new(describe_kind(&key, index)), Box::new(describe_kind(&value, index)))
        }
        ReflectKind::Message(message) if field.is_group() => Kind::Group(index.message(&message)),
        ReflectKind::Message(message) => Kind::Message(index.message(&message)),
        ReflectKind::Enum(item) => Kind::Enum(index.enumeration(&item)),
        ReflectKind::Double => Kind::Scalar("Double"),
        ReflectKind::Float => Kind::Scalar("Float"),
        ReflectKind::Int32 => Kind::Scalar("Int32"),
        ReflectKind::Int64 => Kind::Scalar("Int64"),
        ReflectKind::Uint32 => Kind::Scalar("Uint32"),
        ReflectKind::Uint64 => Kind::Scalar("Uint64"),
        ReflectKind::Sint32 => Kind::Scalar("Sint32"),
        ReflectKind::Sint64 => Kind::Scalar("Sint64"),
        ReflectKind::Fixed32 => Kind::Scalar("Fixed32"),
        ReflectKind::Fixed64 => Kind::Scalar("Fixed64"),
        ReflectKind::Sfixed32 => Kind::Scalar("Sfixed32"),
        ReflectKind::Sfixed64 => Kind::Scalar("Sfixed64"),
        ReflectKind::Bool => Kind::Scalar("Bool"),
        ReflectKind::String => Kind::Scalar("String"),
        ReflectKind::Bytes => Kind::Scalar("Bytes"),
    }
}
