//! The Rust types of messages, enums and oneofs, under prost-build's names.

use std::collections::{BTreeMap, HashMap, HashSet};

use prost_reflect::{DescriptorPool, EnumDescriptor, FieldDescriptor, MessageDescriptor};

use super::package_names::join;
use super::package_plan::PackagePlan;
use crate::api::{OneofStep, RustType, TypeRef};
use crate::naming::{self, Scope};
use crate::options::{Options, Renames};
use crate::workspace::member::Seat;

/// The Rust type of every protobuf type.
pub(crate) struct TypeIndex {
    modules: BTreeMap<String, Vec<String>>,
    /// The type of each oneof.
    oneofs: HashMap<String, String>,
    /// The modules of messages that do not have the message's name, because a package has that module.
    inner_modules: HashMap<String, String>,
    externs: Vec<(String, String)>,
    renames: Renames,
}

impl TypeIndex {
    pub(crate) fn new(
        pool: &DescriptorPool,
        packages: &[PackagePlan],
        seat: Option<Seat<'_>>,
        options: &Options,
    ) -> Self {
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
        let modules: BTreeMap<_, _> =
            packages.iter().map(|package| (package.name.clone(), package.module.clone())).collect();
        let mut oneofs = HashMap::new();
        let renames = options.renames.clone();
        let mut inner_modules = HashMap::new();
        let taken = package_modules(packages, seat);
        for message in pool.all_messages() {
            name_oneofs(&message, &renames, &mut oneofs);
            let Some(around) =
                modules.get(message.package_name()).filter(|_| message.parent_message().is_none())
            else {
                continue;
            };
            let module = naming::snake(renames.name(message.full_name(), message.name()));
            if taken.contains(&[around.as_slice(), std::slice::from_ref(&module)].concat()) {
                let module = naming::snake(&format!("{}_types", module.trim_start_matches("r#")));
                inner_modules.insert(message.full_name().to_owned(), module);
            }
        }
        Self { modules, oneofs, inner_modules, externs, renames }
    }

    /// The name that Rust names of this element derive from.
    pub(crate) fn name<'a>(&'a self, full_name: &str, name: &'a str) -> &'a str {
        self.renames.name(full_name, name)
    }

    /// The name that Rust names of this field derive from.
    pub(crate) fn field_name<'a>(&'a self, field: &'a FieldDescriptor) -> &'a str {
        self.name(field.full_name(), field.name())
    }

    /// The variant of an enum's value.
    pub(crate) fn variant(&self, item: &EnumDescriptor, value: &str) -> String {
        let full_name = format!("{}.{value}", item.full_name());
        naming::variant(item.name(), self.name(&full_name, value))
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
                let mut path = self.module_of(message, &path);
                path.push(type_name);
                RustType::Local(path)
            }
            RustType::Foreign(path) => {
                let module = path.rsplit_once("::").map_or("", |(module, _)| module);
                RustType::Foreign(format!("{module}::{}::{type_name}", self.module_name(message)))
            }
        };
        Some(OneofStep {
            name: naming::snake(self.name(oneof.full_name(), oneof.name())),
            rust,
            variant: naming::camel(self.field_name(field)),
        })
    }

    /// The module for the types within the message with this path.
    pub(crate) fn module_of(&self, message: &MessageDescriptor, path: &[String]) -> Vec<String> {
        let around = path.split_last().map_or(&[][..], |(_, around)| around);
        [around, &[self.module_name(message)]].concat()
    }

    /// The name of the module for the types within the message.
    pub(crate) fn module_name(&self, message: &MessageDescriptor) -> String {
        self.inner_module(message.full_name(), message.name())
    }

    fn inner_module(&self, full_name: &str, name: &str) -> String {
        let module = self.inner_modules.get(full_name).cloned();
        module.unwrap_or_else(|| naming::snake(self.name(full_name, name)))
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
                return RustType::Foreign(format!("{rust}::{}", self.type_path(proto, rest).join("::")));
            }
        }
        let local = full_name.strip_prefix(package).unwrap_or(full_name).trim_start_matches('.');
        let mut path = self.modules.get(package).cloned().unwrap_or_default();
        path.extend(self.type_path(package, local));
        RustType::Local(path)
    }

    /// `Outer.Inner` → `outer::Inner`.
    fn type_path(&self, around: &str, name: &str) -> Vec<String> {
        let mut full_name = around.to_owned();
        let mut path = Vec::new();
        let mut parts = name.split('.').peekable();
        while let Some(part) = parts.next() {
            full_name = join(&full_name, part);
            path.push(match parts.peek() {
                Some(_) => self.inner_module(&full_name, part),
                None => naming::camel(self.name(&full_name, part)),
            });
        }
        path
    }
}

/// The modules of all packages, and those around them. In a workspace, that includes packages of other crates that this one does not use, so
/// that all crates give a type the same path.
fn package_modules(packages: &[PackagePlan], seat: Option<Seat<'_>>) -> HashSet<Vec<String>> {
    let homes: HashSet<&str> = packages
        .iter()
        .filter_map(|package| package.home.as_ref())
        .map(|home| home.crate_name.as_str())
        .collect();
    let own = packages.iter().filter(|package| package.home.is_none()).map(|package| package.module.clone());
    let others = seat
        .into_iter()
        .flat_map(|seat| &seat.members.all)
        .filter(|other| homes.contains(other.name.as_str()));
    own.chain(others.flat_map(|other| other.packages.keys().map(|package| other.module(package))))
        .flat_map(|module| (1..=module.len()).map(move |len| module[..len].to_vec()))
        .collect()
}

/// Names the types of a message's oneofs, which share a module with the message's nested types.
fn name_oneofs(message: &MessageDescriptor, renames: &Renames, names: &mut HashMap<String, String>) {
    let mut oneofs = message.oneofs().filter(|oneof| !oneof.is_synthetic()).peekable();
    if oneofs.peek().is_none() {
        return;
    }
    let mut scope = Scope::default();
    for item in message.child_messages() {
        scope.take(&naming::camel(renames.name(item.full_name(), item.name())));
    }
    for item in message.child_enums() {
        scope.take(&naming::camel(renames.name(item.full_name(), item.name())));
    }
    for oneof in oneofs {
        let wanted = naming::camel(renames.name(oneof.full_name(), oneof.name()));
        let name = if scope.take(&wanted) {
            wanted
        } else {
            scope.claim_type(&format!("{}OneOf", wanted.trim_end_matches('_')))
        };
        names.insert(oneof.full_name().to_owned(), name);
    }
}
