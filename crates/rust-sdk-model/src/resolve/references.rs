//! The files that each file's messages and methods refer to.

use std::collections::{BTreeMap, BTreeSet};

use prost_types::FileDescriptorProto;

use super::loaded::File;
use super::package_names::{is_prefix, join};
use crate::options::Options;

/// The files that each file's messages and methods refer to. Imports for options alone do not count.
pub(super) struct References {
    targets: Vec<BTreeSet<usize>>,
    externs: Vec<String>,
}

impl References {
    pub(super) fn new(files: &[File], named: &[(String, String)], options: &Options) -> Self {
        let externs =
            options.extern_paths.iter().map(|path| path.proto.trim_start_matches('.').to_owned()).collect();
        let mut this = Self { targets: Vec::new(), externs };
        let mut defined = BTreeMap::new();
        for (index, file) in files.iter().enumerate() {
            for name in defined_types(file.descriptor.file_descriptor_proto()) {
                defined.insert(name, index);
            }
        }
        for (index, file) in files.iter().enumerate() {
            let mut targets = BTreeSet::new();
            let named = named.iter().filter(|(user, _)| user == file.name()).map(|(_, name)| name.as_str());
            for name in used_types(file.descriptor.file_descriptor_proto()).into_iter().chain(named) {
                let name = name.trim_start_matches('.');
                if let Some(target) = defined.get(name).filter(|target| **target != index) {
                    let package = files[*target].package();
                    if package != "google.protobuf" && !this.is_extern(name) && !this.is_extern(package) {
                        targets.insert(*target);
                    }
                }
            }
            this.targets.push(targets);
        }
        this
    }

    pub(super) fn of(&self, index: usize) -> &BTreeSet<usize> {
        &self.targets[index]
    }

    pub(super) fn is_extern(&self, name: &str) -> bool {
        name == "google.protobuf"
            || self.externs.iter().any(|prefix| prefix == name || is_prefix(prefix, name))
    }
}

fn defined_types(file: &FileDescriptorProto) -> Vec<String> {
    fn messages(prefix: &str, message: &prost_types::DescriptorProto, out: &mut Vec<String>) {
        let name = join(prefix, message.name());
        out.extend(message.enum_type.iter().map(|nested| join(&name, nested.name())));
        for nested in &message.nested_type {
            messages(&name, nested, out);
        }
        out.push(name);
    }
    let mut out: Vec<String> = file.enum_type.iter().map(|item| join(file.package(), item.name())).collect();
    for message in &file.message_type {
        messages(file.package(), message, &mut out);
    }
    out
}

fn used_types(file: &FileDescriptorProto) -> Vec<&str> {
    fn messages<'a>(message: &'a prost_types::DescriptorProto, out: &mut Vec<&'a str>) {
        out.extend(
            message
                .field
                .iter()
                .map(prost_types::FieldDescriptorProto::type_name)
                .filter(|name| !name.is_empty()),
        );
        for nested in &message.nested_type {
            messages(nested, out);
        }
    }
    let mut out = Vec::new();
    for message in &file.message_type {
        messages(message, &mut out);
    }
    for method in file.service.iter().flat_map(|service| &service.method) {
        out.push(method.input_type());
        out.push(method.output_type());
    }
    out
}
