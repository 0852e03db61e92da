//! What the plan of a workspace must know of a file.

use std::collections::BTreeMap;

use prost::Message as _;
use prost_types::{DescriptorProto, FileDescriptorProto};

use crate::resolve::package_names::join;
use crate::wire;

/// `FileDescriptorProto.source_code_info`.
const SOURCE_CODE_INFO: u32 = 9;
/// The first number that options of APIs may have.
const FIRST_EXTENSION: u32 = 1000;

/// One file.
pub(super) struct Head {
    pub(super) name: String,
    pub(super) package: String,
    pub(super) imports: Vec<String>,
    /// The full names of its messages and enums.
    pub(super) defines: Vec<String>,
    /// The full names of the types to which fields and methods refer.
    pub(super) uses: Vec<String>,
    /// The texts in options of methods, which may name messages: the types of an operation's response and metadata.
    pub(super) texts: Vec<String>,
    /// The full names of its services.
    pub(super) services: Vec<String>,
    /// Whether it defines options.
    pub(super) has_options: bool,
}

impl Head {
    /// Reads an encoded `FileDescriptorProto`; `None` if it cannot be read.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let bytes = wire::without(bytes, SOURCE_CODE_INFO)?;
        let file = FileDescriptorProto::decode(bytes.as_slice()).ok()?;
        let package = file.package().to_owned();
        let mut head = Self {
            defines: file.enum_type.iter().map(|item| join(&package, item.name())).collect(),
            uses: Vec::new(),
            texts: if file.service.is_empty() { Vec::new() } else { texts(&bytes) },
            services: file.service.iter().map(|service| join(&package, service.name())).collect(),
            has_options: file.extension.iter().any(|extension| is_options(extension.extendee())),
            name: file.name().to_owned(),
            imports: file.dependency.clone(),
            package,
        };
        for message in &file.message_type {
            let scope = head.package.clone();
            head.message(&scope, message);
        }
        let methods = file.service.iter().flat_map(|service| &service.method);
        for name in methods.flat_map(|method| [method.input_type(), method.output_type()]) {
            head.uses.push(name.trim_start_matches('.').to_owned());
        }
        head.uses.sort();
        head.uses.dedup();
        Some(head)
    }

    fn message(&mut self, scope: &str, message: &DescriptorProto) {
        let name = join(scope, message.name());
        self.defines.extend(message.enum_type.iter().map(|item| join(&name, item.name())));
        self.has_options |= message.extension.iter().any(|extension| is_options(extension.extendee()));
        let types = message.field.iter().map(|field| field.type_name().trim_start_matches('.'));
        self.uses.extend(types.filter(|name| !name.is_empty()).map(str::to_owned));
        for nested in &message.nested_type {
            self.message(&name, nested);
        }
        self.defines.push(name);
    }

    /// Whether it defines nothing but options.
    pub(super) fn is_empty(&self) -> bool {
        self.defines.is_empty() && self.services.is_empty()
    }

    /// The types that this file refers to, each with the file that defines it. `defined` has the file of each type.
    pub(super) fn targets<'a>(
        &'a self,
        defined: &'a BTreeMap<String, usize>,
    ) -> impl Iterator<Item = (&'a str, usize)> + 'a {
        let used = self.uses.iter().filter_map(|name| defined.get_key_value(name));
        let named = self.texts.iter().filter_map(|text| self.named(text, defined));
        used.chain(named).map(|(name, at)| (name.as_str(), *at))
    }

    /// The type that a text names, looked up from the package outwards.
    fn named<'a>(&self, text: &str, defined: &'a BTreeMap<String, usize>) -> Option<(&'a String, &'a usize)> {
        if let Some(full_name) = text.strip_prefix('.') {
            return defined.get_key_value(full_name);
        }
        let mut scope = self.package.as_str();
        while !scope.is_empty() {
            if let Some(found) = defined.get_key_value(&format!("{scope}.{text}")) {
                return Some(found);
            }
            scope = scope.rsplit_once('.').map_or("", |(around, _)| around);
        }
        defined.get_key_value(text)
    }
}

fn is_options(extendee: &str) -> bool {
    extendee.trim_start_matches('.').starts_with("google.protobuf.")
}

/// The services of an encoded file, with the options of methods as bytes, since decoding would drop the extensions.
#[derive(Clone, PartialEq, prost::Message)]
struct Services {
    #[prost(message, repeated, tag = "6")]
    service: Vec<Methods>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Methods {
    #[prost(message, repeated, tag = "2")]
    method: Vec<Method>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Method {
    #[prost(bytes = "vec", optional, tag = "4")]
    options: Option<Vec<u8>>,
}

/// The texts in the messages of the methods' own options.
fn texts(file: &[u8]) -> Vec<String> {
    let mut texts = Vec::new();
    let Ok(file) = Services::decode(file) else { return texts };
    let methods = file.service.into_iter().flat_map(|service| service.method);
    for options in methods.filter_map(|method| method.options) {
        each_field(&options, |number, content| {
            if number >= FIRST_EXTENSION {
                each_field(content, |_, content| {
                    texts.extend(
                        std::str::from_utf8(content).ok().filter(|text| is_name(text)).map(str::to_owned),
                    );
                });
            }
        });
    }
    texts.sort();
    texts.dedup();
    texts
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
}

/// Calls `visit` with the number and content of each field, until the bytes are no message.
fn each_field(message: &[u8], mut visit: impl FnMut(u32, &[u8])) {
    let _ = wire::rewrite(message, |number, content| {
        visit(number, content);
        Some(wire::Change::Drop)
    });
}
