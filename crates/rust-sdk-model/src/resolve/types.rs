//! The Rust types of messages, enums and oneofs, under prost-build's names.

use std::collections::{BTreeMap, HashMap};

use prost_reflect::{DescriptorPool, EnumDescriptor, FieldDescriptor, MessageDescriptor};

use super::packages::PackagePlan;
use crate::api::{OneofStep, RustType, TypeRef};
use crate::naming::{self, Scope};
use crate::options::Options;

/// The Rust type of every protobuf type.
pub(crate) struct TypeIndex {
    modules: BTreeMap<String, Vec<String>>,
    /// The type of each oneof.
    oneofs: HashMap<String, String>,
    externs: Vec<(String, String)>,
}

impl TypeIndex {
    pub(crate) fn new(pool: &DescriptorPool, packages: &[PackagePlan], options: &Options) -> Self {
        let mut externs: Vec<(String, String)> = options
            .extern_paths
            .iter()
            .map(|path| (path.proto.trim_start_matches('.').to_owned(), path.rust.clone()))
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
        let mut oneofs = HashMap::new();
        pool.all_messages().for_each(|message| name_oneofs(&message, &mut oneofs));
        Self { modules, oneofs, externs }
    }

    pub(crate) fn message(&self, message: &MessageDescriptor) -> TypeRef {
        let rust = self.rust(message.package_name(), message.full_name());
        TypeRef { name: message.full_name().to_owned(), rust }
    }

    pub(crate) fn enumeration(&self, item: &EnumDescriptor) -> TypeRef {
        let rust = self.rust(item.package_name(), item.full_name());
        TypeRef { name: item.full_name().to_owned(), rust }
    }

    /// How to reach a oneof's member from its message; `None` for other fields.
    pub(crate) fn oneof(&self, field: &FieldDescriptor) -> Option<OneofStep> {
        let oneof = field.containing_oneof().filter(|oneof| !oneof.is_synthetic())?;
        let message = oneof.parent_message();
        let type_name = self.oneofs.get(oneof.full_name())?.clone();
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

    /// The module for the types within the message with this path.
    pub(crate) fn module_of(message: &str, path: &[String]) -> Vec<String> {
        let around = path.split_last().map_or(&[][..], |(_, around)| around);
        [around, &[naming::snake(message)]].concat()
    }

    /// The message with this full name in this package, which the files need not define.
    pub(crate) fn named(&self, package: &str, full_name: &str) -> TypeRef {
        TypeRef { name: full_name.to_owned(), rust: self.rust(package, full_name) }
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

/// Names the types of a message's oneofs, which share a module with the message's nested types.
fn name_oneofs(message: &MessageDescriptor, names: &mut HashMap<String, String>) {
    let mut oneofs = message.oneofs().filter(|oneof| !oneof.is_synthetic()).peekable();
    if oneofs.peek().is_none() {
        return;
    }
    let mut scope = Scope::default();
    for item in message.child_messages() {
        scope.take(&naming::camel(item.name()));
    }
    for item in message.child_enums() {
        scope.take(&naming::camel(item.name()));
    }
    for oneof in oneofs {
        let wanted = naming::camel(oneof.name());
        let name = if scope.take(&wanted) {
            wanted
        } else {
            scope.claim_type(&format!("{}OneOf", wanted.trim_end_matches('_')))
        };
        names.insert(oneof.full_name().to_owned(), name);
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
