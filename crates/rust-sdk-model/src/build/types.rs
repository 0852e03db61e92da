//! The Rust types of messages, enums and oneofs, under the names that prost-build gives to them.

use std::collections::BTreeMap;

use prost_reflect::{EnumDescriptor, FieldDescriptor, MessageDescriptor};

use super::packages::PackagePlan;
use crate::api::{OneofStep, RustType, TypeRef};
use crate::naming;
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
            RustType::Local(path) => {
                let mut path = Self::module_of(message.name(), &path);
                path.push(type_name);
                RustType::Local(path)
            }
            RustType::Foreign(path) => {
                let module = path.rsplit_once("::").map_or("", |(module, _)| module);
                RustType::Foreign(format!("{module}::{}::{type_name}", naming::snake(message.name())))
            }
        };
        Some(OneofStep { name: naming::snake(oneof.name()), rust, variant: naming::camel(field.name()) })
    }

    /// The module for the types within a message, whose own path this is.
    pub(crate) fn module_of(message: &str, path: &[String]) -> Vec<String> {
        let around = path.split_last().map_or(&[][..], |(_, around)| around);
        [around, &[naming::snake(message)]].concat()
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
