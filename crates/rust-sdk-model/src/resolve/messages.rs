//! Messages and their fields.

use prost_reflect::{
    Cardinality, DynamicMessage, FieldDescriptor, FileDescriptor, Kind as ReflectKind, MessageDescriptor,
    OneofDescriptor,
};

use super::comments::Comments;
use super::containment::Containment;
use super::marks::Marks;
use super::types::TypeIndex;
use super::{behavior, defaults, enums, members};
use crate::api::{Docs, Enum, Field, Kind, Member, Message, Oneof, Presence, RustType, Uses};
use crate::naming;
use crate::source::SourceIndex;

/// Describes the messages and enums of one file.
pub(crate) struct Describer<'a> {
    pub(crate) types: &'a TypeIndex,
    pub(crate) marks: &'a Marks,
    pub(crate) containment: &'a Containment,
    pub(crate) comments: Comments<'a>,
    pub(crate) source: &'a SourceIndex,
    pub(crate) messages: &'a mut Vec<Message>,
    pub(crate) enums: &'a mut Vec<Enum>,
}

impl Describer<'_> {
    /// Describes a file's messages and enums, nested ones after their parents.
    pub(crate) fn file(&mut self, file: &FileDescriptor) {
        for item in file.enums() {
            self.enums.extend(enums::describe(&item, self.types, (self.comments, self.source)));
        }
        for message in file.messages() {
            self.message(&message);
        }
    }

    fn message(&mut self, message: &MessageDescriptor) {
        if message.is_map_entry() {
            return;
        }
        if let RustType::Local(path) = self.types.message(message).rust {
            let described = self.describe(message, path);
            self.messages.push(described);
        }
        for item in message.child_enums() {
            self.enums.extend(enums::describe(&item, self.types, (self.comments, self.source)));
        }
        for nested in message.child_messages() {
            self.message(&nested);
        }
    }

    fn describe(&mut self, message: &MessageDescriptor, path: Vec<String>) -> Message {
        let mut declared: Vec<FieldDescriptor> = message.fields().collect();
        // The last number of a field's path is its index in the file.
        declared.sort_by_key(|field| field.path().last().copied());
        let mut fields: Vec<Field> = declared.iter().map(|field| self.field(field)).collect();
        fields.sort_by_key(|field| field.number);
        let at = |field: &FieldDescriptor| fields.iter().position(|other| other.number == field.number());
        let is_member = |field: &FieldDescriptor| real_oneof(field).is_some();
        let plain = declared.iter().filter(|field| !is_member(field)).filter_map(at).map(Member::Field);
        let mut oneofs = Vec::new();
        for oneof in message.oneofs().filter(|oneof| !oneof.is_synthetic()) {
            let members = declared.iter().filter(|field| real_oneof(field).as_ref() == Some(&oneof));
            oneofs.extend(self.oneof(&oneof, members.clone().filter_map(at).collect()));
        }
        let members = plain.chain((0..oneofs.len()).map(Member::Oneof)).collect();
        members::name(&mut fields, &mut oneofs);
        Message {
            full_name: message.full_name().to_owned(),
            name: message.name().to_owned(),
            module: self.types.module_of(message, &path),
            docs: self.docs(message.path(), message.full_name(), || message.options()),
            traits: self.containment.message(message),
            has_redacted: fields.iter().any(|field| field.redacted),
            request: None,
            uses: Uses::default(),
            mask: None,
            path,
            fields,
            oneofs,
            members,
        }
    }

    fn oneof(&self, oneof: &OneofDescriptor, members: Vec<usize>) -> Option<Oneof> {
        let step = self.types.oneof(&oneof.fields().next()?)?;
        Some(Oneof {
            name: step.name,
            rust: step.rust,
            docs: self.docs(oneof.path(), oneof.full_name(), || oneof.options()),
            traits: self.containment.oneof(oneof),
            members,
            proto_name: oneof.name().to_owned(),
            base_name: self.types.name(oneof.full_name(), oneof.name()).to_owned(),
            setter: String::new(),
        })
    }

    fn field(&self, field: &FieldDescriptor) -> Field {
        let oneof = real_oneof(field);
        Field {
            number: field.number(),
            name: field.name().to_owned(),
            base_name: self.types.field_name(field).to_owned(),
            json_name: field.json_name().to_owned(),
            rust_name: naming::snake(oneof.as_ref().map_or_else(
                || self.types.field_name(field),
                |oneof| self.types.name(oneof.full_name(), oneof.name()),
            )),
            docs: self.docs(field.path(), field.full_name(), || field.options()),
            oneof: self.types.oneof(field),
            presence: self.presence(field, oneof.as_ref()),
            kind: describe_kind(field, self.types),
            boxed: self.containment.is_boxed(field),
            default: defaults::stated(field, self.types),
            redacted: self.marks.is_redacted(field),
            required: self.marks.is_required(field),
            behavior: behavior::stated(field),
            names: None,
            deprecated: behavior::is_deprecated(field),
            accessors: None,
            setter: String::new(),
            getter: None,
            taker: None,
            mask_of: None,
        }
    }

    fn docs(&self, path: &[i32], scope: &str, options: impl FnOnce() -> DynamicMessage) -> Docs {
        self.comments.docs_or_options(self.source, path, scope, options)
    }

    fn presence(&self, field: &FieldDescriptor, oneof: Option<&OneofDescriptor>) -> Presence {
        match (field.cardinality(), oneof) {
            // A required field that requires its own message again has no finite value, so it is an `Option`.
            (Cardinality::Required, _) if self.containment.is_endless(field) => Presence::Explicit,
            (Cardinality::Required, _) => Presence::Required,
            (Cardinality::Repeated, _) if field.is_packed() => Presence::Packed,
            (Cardinality::Repeated, _) => Presence::Repeated,
            (Cardinality::Optional, Some(oneof)) => {
                // Counted in the file's order, synthetic oneofs last.
                let at = oneof.parent_message().oneofs().position(|other| other == *oneof);
                Presence::Oneof(at.and_then(|at| u32::try_from(at).ok()).unwrap_or(0))
            }
            (Cardinality::Optional, None) if field.supports_presence() => Presence::Explicit,
            (Cardinality::Optional, None) => Presence::Implicit,
        }
    }
}

fn real_oneof(field: &FieldDescriptor) -> Option<OneofDescriptor> {
    field.containing_oneof().filter(|oneof| !oneof.is_synthetic())
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
