//! Comments, and the elements that they refer to.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use prost_reflect::{DescriptorPool, DynamicMessage, FileDescriptor, MessageDescriptor};

use super::doc_options;
use super::reach::Reach;
use super::types::TypeIndex;
use crate::api::{DocKind, DocTarget, Docs, Package, RustType};
use crate::docs;
use crate::source::SourceIndex;

/// The elements that comments may refer to.
pub(crate) struct Elements<'a> {
    pool: &'a DescriptorPool,
    types: &'a TypeIndex,
    reach: &'a Reach<'a>,
    /// Full names of enum values, which are siblings of their enums (`acme.v1.OPEN`), and the names that comments
    /// usually write (`acme.v1.State.OPEN`).
    values: OnceCell<HashMap<String, String>>,
    /// Whether the files define options that document.
    has_doc_options: bool,
}

impl<'a> Elements<'a> {
    pub(crate) fn new(pool: &'a DescriptorPool, types: &'a TypeIndex, reach: &'a Reach<'a>) -> Self {
        Self { pool, types, reach, values: OnceCell::new(), has_doc_options: doc_options::are_in(pool) }
    }

    /// The elements to which comments under this feature gate may refer.
    pub(crate) fn seen_from(&'a self, gate: &'a str) -> Comments<'a> {
        Comments { elements: self, gate }
    }

    fn value(&self, name: &str) -> Option<&String> {
        let values = self.values.get_or_init(|| {
            let enums = self.pool.all_enums();
            let values = enums.flat_map(|item| item.values().collect::<Vec<_>>());
            values
                .map(|value| {
                    let usual = format!("{}.{}", value.parent_enum().full_name(), value.name());
                    (value.full_name().to_owned(), usual)
                })
                .collect()
        });
        values.get(name)
    }
}

/// The comments of one package.
#[derive(Clone, Copy)]
pub(crate) struct Comments<'a> {
    elements: &'a Elements<'a>,
    gate: &'a str,
}

impl Comments<'_> {
    /// The comment at this path of a file. Names in it are looked up from `scope` outwards, as in protobuf.
    pub(crate) fn docs(&self, source: &SourceIndex, path: &[i32], scope: &str) -> Docs {
        docs::read(&source.comment(path), &|label| self.resolve(scope, label))
    }

    /// The same; without a comment, the documentation in these options.
    pub(crate) fn docs_or_options(
        &self,
        source: &SourceIndex,
        path: &[i32],
        scope: &str,
        options: impl FnOnce() -> DynamicMessage,
    ) -> Docs {
        let docs = self.docs(source, path, scope);
        // Decoding options takes time, and most APIs have none of these.
        if !docs.is_empty() || !self.elements.has_doc_options {
            return docs;
        }
        docs::read(&doc_options::comment(&options()), &|label| self.resolve(scope, label))
    }

    fn resolve(&self, scope: &str, label: &str) -> Option<String> {
        let label = label.trim_matches('`');
        if let Some(name) = label.strip_prefix('.') {
            return self.element(name);
        }
        let mut scope = scope;
        loop {
            if scope.is_empty() {
                return self.element(label);
            }
            if let Some(name) = self.element(&format!("{scope}.{label}")) {
                return Some(name);
            }
            scope = scope.rsplit_once('.').map_or("", |(around, _)| around);
        }
    }

    /// The name of an element, if its Rust item exists wherever the comment is compiled.
    fn element(&self, name: &str) -> Option<String> {
        self.is_item(name).then(|| name.to_owned()).or_else(|| {
            let usual = self.elements.value(name)?;
            self.is_item(usual).then(|| usual.clone())
        })
    }

    fn is_item(&self, name: &str) -> bool {
        self.is_type(name)
            || name
                .rsplit_once('.')
                .is_some_and(|(parent, member)| self.is_type(parent) && self.has_member(parent, member))
    }

    fn is_type(&self, name: &str) -> bool {
        let Elements { pool, types, reach, .. } = self.elements;
        let is_compiled = |file: &FileDescriptor| reach.compiles(self.gate, file.name());
        let is_message = |message: &MessageDescriptor| {
            let is_local = matches!(types.message(message).rust, RustType::Local(_));
            is_local && !message.is_map_entry() && is_compiled(&message.parent_file())
        };
        if let Some(message) = pool.get_message_by_name(name) {
            return is_message(&message);
        }
        if let Some(item) = pool.get_enum_by_name(name) {
            let is_local = matches!(types.enumeration(&item).rust, RustType::Local(_));
            return is_local && is_compiled(&item.parent_file());
        }
        pool.get_service_by_name(name)
            .is_some_and(|service| reach.holds(self.gate, service.parent_file().name()))
    }

    fn has_member(&self, parent: &str, name: &str) -> bool {
        let pool = self.elements.pool;
        if let Some(message) = pool.get_message_by_name(parent) {
            let mut oneofs = message.oneofs().filter(|oneof| !oneof.is_synthetic());
            return message.get_field_by_name(name).is_some() || oneofs.any(|oneof| oneof.name() == name);
        }
        if let Some(item) = pool.get_enum_by_name(parent) {
            return item.get_value_by_name(name).is_some();
        }
        pool.get_service_by_name(parent)
            .is_some_and(|service| service.methods().any(|method| method.name() == name))
    }
}

/// Sets the target items of all links, once all items have names.
pub(crate) fn link(packages: &mut [Package]) {
    let mut wanted = HashSet::new();
    for package in &mut *packages {
        each(package, |docs| wanted.extend(docs.links.iter().map(|link| link.name.clone())));
    }
    if wanted.is_empty() {
        return;
    }
    let targets: HashMap<String, DocTarget> =
        packages.iter().flat_map(items).filter(|(name, _)| wanted.contains(name)).collect();
    for package in packages {
        each(package, |docs| {
            for link in &mut docs.links {
                link.target = targets.get(&link.name).cloned();
            }
        });
    }
}

/// Every comment of a package.
fn each(package: &mut Package, mut visit: impl FnMut(&mut Docs)) {
    visit(&mut package.docs);
    for service in &mut package.services {
        visit(&mut service.docs);
        service.methods.iter_mut().for_each(|method| visit(&mut method.docs));
    }
    for message in &mut package.messages {
        visit(&mut message.docs);
        message.fields.iter_mut().for_each(|field| visit(&mut field.docs));
        message.oneofs.iter_mut().for_each(|oneof| visit(&mut oneof.docs));
    }
    for item in &mut package.enums {
        visit(&mut item.docs);
        item.values.iter_mut().for_each(|value| visit(&mut value.docs));
    }
}

/// Every element of a package with its Rust item.
fn items(package: &Package) -> impl Iterator<Item = (String, DocTarget)> {
    fn target(kind: DocKind, path: &[String], member: Option<&str>) -> DocTarget {
        DocTarget { kind, path: path.iter().cloned().chain(member.map(str::to_owned)).collect() }
    }
    let services = package.services.iter().flat_map(|service| {
        let path: Vec<String> = package.module.iter().chain([&service.marker]).cloned().collect();
        let methods = service.methods.iter().map({
            let path = path.clone();
            move |method| {
                let name = format!("{}.{}", service.full_name, method.name);
                (name, target(DocKind::Constant, &path, Some(&method.constant)))
            }
        });
        methods.chain([(service.full_name.clone(), target(DocKind::Struct, &path, None))])
    });
    let messages = package.messages.iter().flat_map(|message| {
        let name = |member: &str| format!("{}.{member}", message.full_name);
        let fields = message.fields.iter().filter_map(move |field| match &field.oneof {
            None => Some((name(&field.name), target(DocKind::Field, &message.path, Some(&field.rust_name)))),
            Some(step) => match &step.rust {
                RustType::Local(path) => {
                    Some((name(&field.name), target(DocKind::Variant, path, Some(&step.variant))))
                }
                RustType::Foreign(_) => None,
            },
        });
        let oneofs = message.oneofs.iter().filter_map(move |oneof| match &oneof.rust {
            RustType::Local(path) => Some((name(&oneof.proto_name), target(DocKind::Enum, path, None))),
            RustType::Foreign(_) => None,
        });
        fields
            .chain(oneofs)
            .chain([(message.full_name.clone(), target(DocKind::Struct, &message.path, None))])
    });
    let enums = package.enums.iter().flat_map(|item| {
        let values = item.values.iter().map(|value| {
            let name = format!("{}.{}", item.full_name, value.name);
            (name, target(DocKind::Variant, &item.path, Some(&value.variant)))
        });
        values.chain([(item.full_name.clone(), target(DocKind::Enum, &item.path, None))])
    });
    services.chain(messages).chain(enums)
}
