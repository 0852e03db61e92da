//! Rewrites one file in one syntax.

use std::collections::BTreeMap;

use prost::Message as _;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto, OneofDescriptorProto,
};

use super::features::{self, Features};
use super::{LoweringError, Syntax};
use crate::wire::{self, Change};

/// The field numbers of an element's options, of their features, and of the elements within it.
struct Shape {
    options: u32,
    features: u32,
    children: &'static [(u32, Shape)],
}

const ENUM: Shape =
    Shape { options: 3, features: 7, children: &[(2, Shape { options: 3, features: 2, children: &[] })] };
const SERVICE: Shape =
    Shape { options: 3, features: 34, children: &[(2, Shape { options: 4, features: 35, children: &[] })] };
const ONEOF: Shape = Shape { options: 2, features: 1, children: &[] };
const EXTENSION_RANGE: Shape = Shape { options: 3, features: 50, children: &[] };

/// The element without features, which compilers reject outside of editions.
fn strip(bytes: &[u8], shape: &Shape) -> Option<Vec<u8>> {
    wire::rewrite(bytes, |number, content| {
        if number == shape.options {
            return Some(Change::Replace(wire::without(content, shape.features)?));
        }
        let child = shape.children.iter().find(|(child, _)| *child == number);
        child.map_or(Some(Change::Keep), |(_, child)| strip(content, child).map(Change::Replace))
    })
}

/// Rewrites a file. The result is valid only if there is no problem.
pub(super) struct Lowering<'a> {
    pub(super) syntax: Syntax,
    pub(super) file: &'a FileDescriptorProto,
    /// The statements that the syntax cannot express, each with the names of the affected elements, without the package.
    pub(super) problems: BTreeMap<LoweringError, Vec<String>>,
}

/// A message or field being rewritten.
struct Element {
    /// The name without the package.
    name: String,
    path: Vec<i32>,
}

impl Element {
    fn within(&self, name: &str, number: i32, index: usize) -> Self {
        let index = i32::try_from(index).unwrap_or(i32::MAX);
        Self { name: super::join(&self.name, name), path: [&self.path[..], &[number, index]].concat() }
    }
}

/// The message or file around a field.
struct Parent<'a> {
    features: &'a Features,
    message: Option<&'a DescriptorProto>,
    /// The names of oneofs that are added for fields with presence in proto3.
    synthetic: Vec<String>,
}

impl<'a> Lowering<'a> {
    pub(super) fn file(&mut self, bytes: &[u8], option_dependencies: &[String]) -> Option<Vec<u8>> {
        let file = self.file;
        let root = Element { name: String::new(), path: Vec::new() };
        let features = Features::of_file(bytes);
        let mut parent = Parent { features: &features, message: None, synthetic: Vec::new() };
        let mut messages = file.message_type.iter().enumerate();
        let mut enums = file.enum_type.iter().enumerate();
        let mut extensions = file.extension.iter().enumerate();
        let mut out = wire::rewrite(bytes, |number, content| {
            Some(match number {
                4 => {
                    let (index, message) = messages.next()?;
                    let element = root.within(message.name(), 4, index);
                    Change::Replace(self.message(message, content, &element, &features)?)
                }
                5 => {
                    let (index, item) = enums.next()?;
                    Change::Replace(self.enumeration(item, content, &root.within(item.name(), 5, index))?)
                }
                6 => Change::Replace(strip(content, &SERVICE)?),
                7 => {
                    let (index, field) = extensions.next()?;
                    let element = root.within(field.name(), 7, index);
                    Change::Replace(self.field(field, content, &element, &mut parent, true)?)
                }
                8 => Change::Replace(wire::without(content, 50)?),
                // syntax, edition, option_dependency
                12 | 14 | 15 => Change::Drop,
                _ => Change::Keep,
            })
        })?;
        for dependency in option_dependencies {
            wire::push(&mut out, 3, dependency.as_bytes());
        }
        if self.syntax == Syntax::Proto3 {
            wire::push(&mut out, 12, b"proto3");
        }
        Some(out)
    }

    fn message(
        &mut self,
        message: &'a DescriptorProto,
        bytes: &[u8],
        element: &Element,
        outer: &Features,
    ) -> Option<Vec<u8>> {
        let features = outer.of_message(bytes, &element.path);
        let mut parent = Parent { features: &features, message: Some(message), synthetic: Vec::new() };
        let mut fields = message.field.iter().enumerate();
        let mut messages = message.nested_type.iter().enumerate();
        let mut enums = message.enum_type.iter().enumerate();
        let mut extensions = message.extension.iter().enumerate();
        let mut out = wire::rewrite(bytes, |number, content| {
            Some(match number {
                2 => {
                    let (index, field) = fields.next()?;
                    let element = element.within(field.name(), 2, index);
                    Change::Replace(self.field(field, content, &element, &mut parent, false)?)
                }
                3 => {
                    let (index, nested) = messages.next()?;
                    let element = element.within(nested.name(), 3, index);
                    Change::Replace(self.message(nested, content, &element, &features)?)
                }
                4 => {
                    let (index, item) = enums.next()?;
                    Change::Replace(self.enumeration(
                        item,
                        content,
                        &element.within(item.name(), 4, index),
                    )?)
                }
                5 => Change::Replace(strip(content, &EXTENSION_RANGE)?),
                6 => {
                    let (index, field) = extensions.next()?;
                    let element = element.within(field.name(), 6, index);
                    Change::Replace(self.field(field, content, &element, &mut parent, true)?)
                }
                7 => Change::Replace(wire::without(content, 12)?),
                8 => Change::Replace(strip(content, &ONEOF)?),
                _ => Change::Keep,
            })
        })?;
        for name in parent.synthetic {
            wire::push(
                &mut out,
                8,
                &OneofDescriptorProto { name: Some(name), options: None }.encode_to_vec(),
            );
        }
        Some(out)
    }

    fn enumeration(
        &mut self,
        item: &EnumDescriptorProto,
        bytes: &[u8],
        element: &Element,
    ) -> Option<Vec<u8>> {
        if item.value.first().is_some_and(|first| first.number() != 0) {
            self.only_in(Syntax::Proto2, element, &element.path, "an enum whose first value is not zero");
        }
        strip(bytes, &ENUM)
    }

    fn field(
        &mut self,
        field: &FieldDescriptorProto,
        bytes: &[u8],
        element: &Element,
        parent: &mut Parent<'_>,
        extension: bool,
    ) -> Option<Vec<u8>> {
        let features = parent.features.of_field(bytes, &element.path);
        if let Some((feature, name)) = features.unknown() {
            let message = format!("`{name}` has the unknown value {}", feature.value);
            self.report(element, &feature.path, message, "use a value of editions 2023 and 2024");
        }
        if field.r#type() == Type::String && features.utf8.value == features::UNVERIFIED {
            let message = "`features.utf8_validation = NONE` cannot be expressed: a Rust string is UTF-8";
            self.report(
                element,
                &features.utf8.path,
                message.to_owned(),
                "leave the feature out, or use `bytes`",
            );
        }
        if field.default_value.is_some() {
            self.only_in(Syntax::Proto2, element, &[&element.path[..], &[7]].concat(), "a default value");
        }
        let repeated = field.label() == Label::Repeated;
        let entry = parent.message.is_some_and(is_map_entry);
        let delimited = !entry && self.delimited(field, element, parent, &features);
        let states_presence = !repeated && !entry && !extension && field.oneof_index.is_none();
        let presence = if states_presence { self.presence(field, element, &features) } else { None };

        let mut options = Vec::new();
        let mut out = wire::rewrite(bytes, |number, content| {
            Some(match number {
                4 if presence == Some(features::LEGACY_REQUIRED) => Change::Drop,
                5 if delimited => Change::Drop,
                8 => {
                    options.extend(wire::without(content, 21)?);
                    Change::Drop
                }
                _ => Change::Keep,
            })
        })?;
        if repeated && is_packable(field.r#type()) {
            let packed = features.repeated.value == features::PACKED;
            if packed != (self.syntax == Syntax::Proto3) {
                wire::push_varint(&mut options, 2, u64::from(packed));
            }
        }
        if !options.is_empty() {
            wire::push(&mut out, 8, &options);
        }
        match presence {
            Some(features::LEGACY_REQUIRED) => wire::push_varint(&mut out, 4, Label::Required as u64),
            Some(features::EXPLICIT) if self.syntax == Syntax::Proto3 => {
                let message = parent.message?;
                let index = message.oneof_decl.len() + parent.synthetic.len();
                parent.synthetic.push(synthetic_name(message, field.name(), &parent.synthetic));
                wire::push_varint(&mut out, 9, index as u64);
                wire::push_varint(&mut out, 17, 1);
            }
            _ => {}
        }
        if delimited {
            wire::push_varint(&mut out, 5, Type::Group as u64);
        }
        Some(out)
    }

    /// Whether the field is a group.
    fn delimited(
        &mut self,
        field: &FieldDescriptorProto,
        element: &Element,
        parent: &Parent<'_>,
        features: &Features,
    ) -> bool {
        let group = field.r#type() == Type::Group;
        let message = field.r#type() == Type::Message && !parent.has_entry(field.type_name());
        let delimited = group || (message && features.encoding.value == features::DELIMITED);
        if !delimited {
            return false;
        }
        self.only_in(
            Syntax::Proto2,
            element,
            &features.encoding.path,
            "`features.message_encoding = DELIMITED`",
        );
        true
    }

    /// The presence to write for the field; `None` for an optional message, which has presence in any case.
    fn presence(
        &mut self,
        field: &FieldDescriptorProto,
        element: &Element,
        features: &Features,
    ) -> Option<i32> {
        let path = &features.presence.path;
        let message = matches!(field.r#type(), Type::Message | Type::Group);
        match features.presence.value {
            features::LEGACY_REQUIRED => {
                self.only_in(Syntax::Proto2, element, path, "`features.field_presence = LEGACY_REQUIRED`");
            }
            // A message always has presence.
            _ if message => return None,
            features::IMPLICIT => {
                self.only_in(Syntax::Proto3, element, path, "`features.field_presence = IMPLICIT`");
            }
            _ => {}
        }
        Some(features.presence.value)
    }

    fn only_in(&mut self, syntax: Syntax, element: &Element, path: &[i32], what: &str) {
        if self.syntax != syntax {
            let (this, other) = match syntax {
                Syntax::Proto2 => ("proto2", "proto3"),
                Syntax::Proto3 => ("proto3", "proto2"),
            };
            let message = format!("{what} requires {this}, but another part of the file requires {other}");
            self.report(element, path, message, "move one of them to another file");
        }
    }

    fn report(&mut self, element: &Element, path: &[i32], message: String, hint: &'static str) {
        let problem = LoweringError { path: path.to_vec(), message, hint };
        self.problems.entry(problem).or_default().push(element.name.clone());
    }
}

impl Parent<'_> {
    /// Whether this is the type of one of the message's own maps. Maps are never groups.
    fn has_entry(&self, type_name: &str) -> bool {
        let name = type_name.rsplit('.').next().unwrap_or_default();
        let nested = self.message.into_iter().flat_map(|message| &message.nested_type);
        nested.filter(|nested| is_map_entry(nested)).any(|entry| entry.name() == name)
    }
}

fn is_map_entry(message: &DescriptorProto) -> bool {
    message.options.as_ref().is_some_and(prost_types::MessageOptions::map_entry)
}

fn is_packable(kind: Type) -> bool {
    !matches!(kind, Type::String | Type::Bytes | Type::Message | Type::Group)
}

/// `_name`, with `X`s in front until it is free, as in protoc.
fn synthetic_name(message: &DescriptorProto, field: &str, taken: &[String]) -> String {
    let mut name = if field.starts_with('_') { format!("X{field}") } else { format!("_{field}") };
    let is_taken = |name: &str| {
        taken.iter().any(|other| other == name)
            || message.field.iter().any(|field| field.name() == name)
            || message.oneof_decl.iter().any(|oneof| oneof.name() == name)
            || message.nested_type.iter().any(|nested| nested.name() == name)
            || message.enum_type.iter().any(|item| item.name() == name)
            || message.enum_type.iter().flat_map(|item| &item.value).any(|value| value.name() == name)
            || message.extension.iter().any(|field| field.name() == name)
    };
    while is_taken(&name) {
        name.insert(0, 'X');
    }
    name
}
