//! Custom options as typed static data: the types and the values.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use prost_reflect::{
    DescriptorPool, DynamicMessage, EnumDescriptor, ExtensionDescriptor, FieldDescriptor, Kind, MapKey,
    MessageDescriptor, ReflectMessage as _, Value,
};

use super::Fit;
use super::access::AccessOptions;
use super::loaded::{File, Loaded};
use super::method_options::MethodOptions;
use crate::api::{
    CustomOption, Enum, ItemOptions, Message, OptionEnum, OptionField, OptionMessage, OptionType,
    OptionTypes, OptionValue,
};
use crate::diagnostic::{Code, Diagnostics};
use crate::docs;
use crate::naming::{self, Scope};

/// Packages with options that other code reads or that mean nothing to clients.
const IGNORED: [&str; 4] = ["google.api", "google.protobuf", "buf.validate", "grpc.gateway"];

/// Collects the types while it reads values.
pub(crate) struct CustomOptions<'a> {
    files: &'a [File],
    access: &'a AccessOptions,
    method_options: &'a MethodOptions,
    asked: &'a [String],
    names: Scope,
    fields: [BTreeMap<String, OptionField>; 5],
    field_names: [Scope; 5],
    messages: BTreeMap<String, OptionMessage>,
    enums: BTreeMap<String, OptionEnum>,
    /// Messages whose fields are still to be described.
    open: VecDeque<MessageDescriptor>,
    problems: Diagnostics,
}

/// The kind of element that an option is set on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Method = 0,
    Service = 1,
    Message = 2,
    Field = 3,
    EnumValue = 4,
}

/// For each target, the name of its table and the message that its options extend.
const TARGETS: [(&str, &str); 5] = [
    ("MethodOptions", "google.protobuf.MethodOptions"),
    ("ServiceOptions", "google.protobuf.ServiceOptions"),
    ("MessageOptions", "google.protobuf.MessageOptions"),
    ("FieldOptions", "google.protobuf.FieldOptions"),
    ("EnumValueOptions", "google.protobuf.EnumValueOptions"),
];

impl<'a> CustomOptions<'a> {
    /// `asked`: the full names of the options that are generated besides those of methods and services.
    pub(crate) fn new(
        loaded: &'a Loaded,
        access: &'a AccessOptions,
        method_options: &'a MethodOptions,
        (asked, fit): (&'a [String], Fit),
    ) -> Self {
        let mut problems = Diagnostics::default();
        for name in asked {
            let extension = loaded.pool.get_extension_by_name(name);
            let target = extension.map(|extension| extension.containing_message().full_name().to_owned());
            if !target.is_some_and(|target| TARGETS.iter().any(|(_, known)| *known == target)) {
                let message = format!(
                    "`{name}` is not an option of methods, services, messages, fields or enum values in this request"
                );
                let hint = suggest(loaded, name);
                problems.push_without_position(fit.severity(), Code::PluginOption, message, hint);
            }
        }
        Self {
            files: &loaded.files,
            access,
            method_options,
            asked,
            names: Scope::new(TARGETS.map(|(table, _)| table)),
            fields: Default::default(),
            field_names: Default::default(),
            messages: BTreeMap::new(),
            enums: BTreeMap::new(),
            open: VecDeque::new(),
            problems,
        }
    }

    /// The custom options that are set here, sorted by name.
    pub(crate) fn read(&mut self, options: &DynamicMessage, target: Target) -> Vec<CustomOption> {
        let mut found: Vec<(ExtensionDescriptor, Value)> = options
            .extensions()
            .filter(|(extension, value)| self.wanted(extension, value, target))
            .map(|(extension, value)| (extension, value.clone()))
            .collect();
        found.sort_by(|(a, _), (b, _)| a.full_name().cmp(b.full_name()));
        found
            .into_iter()
            .map(|(extension, value)| {
                let field = self.declare(&extension, target);
                let value = self.value(&value, &extension.kind());
                let value = match &field.ty {
                    OptionType::Optional(_) => OptionValue::Optional(Some(Box::new(value))),
                    _ => value,
                };
                CustomOption { full_name: extension.full_name().to_owned(), field: field.name, value }
            })
            .collect()
    }

    /// The options of these messages and enums, and of their fields and values. Elements without options are left out.
    pub(crate) fn items(
        &mut self,
        pool: &DescriptorPool,
        messages: &[Message],
        enums: &[Enum],
    ) -> Vec<ItemOptions> {
        if self.asked.is_empty() {
            return Vec::new();
        }
        let messages = messages.iter().filter_map(|message| {
            let descriptor = pool.get_message_by_name(&message.full_name)?;
            Some(self.message_options(&descriptor, message.path.clone()))
        });
        let mut found: Vec<ItemOptions> = messages.collect();
        found.extend(enums.iter().filter_map(|item| {
            let descriptor = pool.get_enum_by_name(&item.full_name)?;
            Some(self.enum_options(&descriptor, item))
        }));
        found.retain(|item| !(item.own.is_empty() && item.fields.is_empty() && item.values.is_empty()));
        found
    }

    fn message_options(&mut self, message: &MessageDescriptor, path: Vec<String>) -> ItemOptions {
        let own = self.read(&message.options(), Target::Message);
        let mut constants = Scope::new(["OPTIONS"]);
        let mut fields = Vec::new();
        for field in message.fields() {
            let options = self.read(&field.options(), Target::Field);
            if !options.is_empty() {
                let constant = constants.claim(&format!("{}_OPTIONS", naming::shouty(field.name())));
                fields.push((constant, field.name().to_owned(), options));
            }
        }
        ItemOptions { path, own, fields, values: Vec::new() }
    }

    fn enum_options(&mut self, item: &EnumDescriptor, described: &Enum) -> ItemOptions {
        let mut values = Vec::new();
        let mut seen = BTreeSet::new();
        // Of two names with one number, the first is the variant.
        for value in &item.enum_descriptor_proto().value {
            if seen.insert(value.number())
                && let Some(value) = item.get_value_by_name(value.name())
            {
                let options = self.read(&value.options(), Target::EnumValue);
                let variant = described.values.iter().find(|known| known.name == value.name());
                values.extend(
                    variant.filter(|_| !options.is_empty()).map(|known| (known.variant.clone(), options)),
                );
            }
        }
        ItemOptions { path: described.path.clone(), own: Vec::new(), fields: Vec::new(), values }
    }

    /// The types in a stable order, and the problems.
    pub(crate) fn finish(self) -> (OptionTypes, Diagnostics) {
        let [method, service, message, field, enum_value] =
            self.fields.map(|fields| fields.into_values().collect());
        let types = OptionTypes {
            method,
            service,
            message,
            field,
            enum_value,
            messages: self.messages.into_values().collect(),
            enums: self.enums.into_values().collect(),
        };
        (types, self.problems)
    }

    fn wanted(&self, extension: &ExtensionDescriptor, value: &Value, target: Target) -> bool {
        if self.asked.iter().any(|name| name == extension.full_name()) {
            return true;
        }
        let package = extension.package_name();
        let ignored =
            IGNORED.iter().any(|prefix| package == *prefix || package.starts_with(&format!("{prefix}.")));
        let known = self.access.contains(extension, value) || self.method_options.contains(extension);
        matches!(target, Target::Method | Target::Service) && !ignored && !known
    }

    fn declare(&mut self, extension: &ExtensionDescriptor, target: Target) -> OptionField {
        if let Some(field) = self.fields[target as usize].get(extension.full_name()) {
            return field.clone();
        }
        let ty = if extension.is_list() {
            OptionType::List(Box::new(self.ty(&extension.kind())))
        } else {
            OptionType::Optional(Box::new(self.ty(&extension.kind())))
        };
        let field = OptionField {
            full_name: extension.full_name().to_owned(),
            name: self.field_names[target as usize].claim(&naming::snake(extension.name())),
            ty,
            docs: self.docs(extension.parent_file().name(), extension.path()),
        };
        self.settle();
        self.fields[target as usize].insert(field.full_name.clone(), field.clone());
        field
    }

    fn docs(&self, file: &str, path: &[i32]) -> Vec<String> {
        self.files
            .iter()
            .find(|other| other.name() == file)
            .map(|file| docs::clean(&file.source.comment(path)))
            .unwrap_or_default()
    }

    fn ty(&mut self, kind: &Kind) -> OptionType {
        OptionType::Scalar(match kind {
            Kind::Bool => "bool",
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => "i32",
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => "i64",
            Kind::Uint32 | Kind::Fixed32 => "u32",
            Kind::Uint64 | Kind::Fixed64 => "u64",
            Kind::Float => "f32",
            Kind::Double => "f64",
            Kind::String => "&'static str",
            Kind::Bytes => "&'static [u8]",
            Kind::Enum(item) => return OptionType::Enum(self.enumeration(item)),
            Kind::Message(message) => return OptionType::Message(self.message(message)),
        })
    }

    fn field_type(&mut self, field: &FieldDescriptor) -> OptionType {
        match field.kind() {
            Kind::Message(entry) if field.is_map() => {
                let key = self.ty(&entry.map_entry_key_field().kind());
                let value = self.ty(&entry.map_entry_value_field().kind());
                OptionType::Map(Box::new(key), Box::new(value))
            }
            kind if field.is_list() => OptionType::List(Box::new(self.ty(&kind))),
            kind if field.supports_presence() => OptionType::Optional(Box::new(self.ty(&kind))),
            kind => self.ty(&kind),
        }
    }

    /// The name of a message's type. [`Self::settle`] adds its fields later, without recursion, since types can form long chains.
    fn message(&mut self, message: &MessageDescriptor) -> String {
        if let Some(known) = self.messages.get(message.full_name()) {
            return known.rust.clone();
        }
        let rust = self.names.claim(&naming::camel(message.name()));
        let docs = self.docs(message.parent_file().name(), message.path());
        let described = OptionMessage {
            full_name: message.full_name().to_owned(),
            rust: rust.clone(),
            fields: Vec::new(),
            docs,
        };
        self.messages.insert(message.full_name().to_owned(), described);
        self.open.push_back(message.clone());
        rust
    }

    /// Describes the fields of messages that have only a name so far.
    fn settle(&mut self) {
        while let Some(message) = self.open.pop_front() {
            let mut names = Scope::default();
            let fields = message
                .fields()
                .map(|field| OptionField {
                    full_name: field.full_name().to_owned(),
                    name: names.claim(&naming::snake(field.name())),
                    ty: self.field_type(&field),
                    docs: self.docs(field.parent_file().name(), field.path()),
                })
                .collect();
            if let Some(described) = self.messages.get_mut(message.full_name()) {
                described.fields = fields;
            }
        }
    }

    fn enumeration(&mut self, item: &EnumDescriptor) -> String {
        if let Some(known) = self.enums.get(item.full_name()) {
            return known.rust.clone();
        }
        let rust = self.names.claim(&naming::camel(item.name()));
        let mut names = Scope::default();
        let values = &item.enum_descriptor_proto().value;
        let variants = values
            .iter()
            .map(|value| (names.claim(&naming::variant(item.name(), value.name())), value.name().to_owned()))
            .collect();
        let docs = self.docs(item.parent_file().name(), item.path());
        let described =
            OptionEnum { full_name: item.full_name().to_owned(), rust: rust.clone(), variants, docs };
        self.enums.insert(item.full_name().to_owned(), described);
        rust
    }

    fn value(&mut self, value: &Value, kind: &Kind) -> OptionValue {
        match value {
            Value::Bool(it) => OptionValue::Bool(*it),
            Value::I32(it) => OptionValue::Int(i64::from(*it)),
            Value::I64(it) => OptionValue::Int(*it),
            Value::U32(it) => OptionValue::Uint(u64::from(*it)),
            Value::U64(it) => OptionValue::Uint(*it),
            // Through text, so that the `f64` is printed with the digits of the `f32`.
            Value::F32(it) => OptionValue::Float(it.to_string().parse().unwrap_or(f64::from(*it))),
            Value::F64(it) => OptionValue::Float(*it),
            Value::String(it) => OptionValue::Text(it.clone()),
            Value::Bytes(it) => OptionValue::Bytes(it.to_vec()),
            Value::EnumNumber(number) => self.enum_value(*number, kind),
            Value::Message(it) => self.message_value(it),
            Value::List(items) => {
                OptionValue::List(items.iter().map(|item| self.value(item, kind)).collect())
            }
            Value::Map(entries) => {
                let mut sorted: Vec<(&MapKey, &Value)> = entries.iter().collect();
                sorted.sort_by_key(|(a, _)| *a);
                let value_kind = match kind {
                    Kind::Message(entry) if entry.is_map_entry() => entry.map_entry_value_field().kind(),
                    other => other.clone(),
                };
                let mut pairs = Vec::with_capacity(sorted.len());
                for (key, value) in sorted {
                    let key: Value = key.clone().into();
                    pairs.push((self.value(&key, kind), self.value(value, &value_kind)));
                }
                OptionValue::Map(pairs)
            }
        }
    }

    fn enum_value(&mut self, number: i32, kind: &Kind) -> OptionValue {
        let Kind::Enum(item) = kind else { return OptionValue::Int(i64::from(number)) };
        let rust = self.enumeration(item);
        let position = item.enum_descriptor_proto().value.iter().position(|value| value.number() == number);
        let Some(position) = position else {
            let message =
                format!("an option has the value {number}, which `{}` does not define", item.full_name());
            self.problems.push_global(
                Code::Descriptor,
                message,
                "compile the files together with the enum's file",
            );
            return OptionValue::Int(number.into());
        };
        let variant = self.enums.get(item.full_name()).and_then(|described| described.variants.get(position));
        OptionValue::Enum(rust, variant.map(|(name, _)| name.clone()).unwrap_or_default())
    }

    fn message_value(&mut self, message: &DynamicMessage) -> OptionValue {
        let descriptor = message.descriptor();
        let rust = self.message(&descriptor);
        self.settle();
        let fields =
            self.messages.get(descriptor.full_name()).map(|known| known.fields.clone()).unwrap_or_default();
        let values = descriptor
            .fields()
            .zip(fields)
            .map(|(field, described)| {
                let set = message.has_field(&field);
                let value = match described.ty {
                    OptionType::Optional(_) if !set => OptionValue::Optional(None),
                    OptionType::Optional(_) => OptionValue::Optional(Some(Box::new(
                        self.value(&message.get_field(&field), &field.kind()),
                    ))),
                    _ => self.value(&message.get_field(&field), &field.kind()),
                };
                (described.name, value)
            })
            .collect();
        OptionValue::Message(rust, values)
    }
}

/// The option with the nearest name.
fn suggest(loaded: &Loaded, name: &str) -> String {
    let options = loaded.pool.all_extensions().filter(|extension| {
        TARGETS.iter().any(|(_, known)| *known == extension.containing_message().full_name())
    });
    let near = options
        .map(|extension| {
            let known = extension.full_name();
            (strsim::damerau_levenshtein(known, name), known.to_owned())
        })
        .min()
        .filter(|(distance, _)| *distance <= name.len().div_ceil(3));
    near.map_or_else(
        || "check `custom_option`, and that a file of the API imports the option's file".to_owned(),
        |(_, known)| format!("did you mean `custom_option={known}`?"),
    )
}
