//! Names that differ in protobuf but are the same in Rust.

use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::{EnumDescriptor, FileDescriptor, MessageDescriptor};

use super::types::TypeIndex;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::naming;
use crate::source::SourceIndex;

/// The names taken in one Rust namespace: Rust name → protobuf name.
type Taken = BTreeMap<String, String>;

/// The names of one package, whose declarations may be in several files.
pub(crate) struct Collisions<'a> {
    names: &'a TypeIndex,
    /// The modules of packages within this one.
    packages: &'a BTreeSet<&'a str>,
    types: Taken,
    modules: Taken,
}

/// What to do about an element whose Rust name, derived from `name`, is taken.
pub(crate) fn hint(full_name: &str, name: &str) -> String {
    format!(
        "rename one of them; without changing the API, set a plugin option such as `rename={full_name}={name}2`"
    )
}

/// The positions of a file's names, and the list of problems.
struct Reporter<'a> {
    names: &'a TypeIndex,
    source: &'a SourceIndex,
    problems: &'a mut Diagnostics,
}

impl Reporter<'_> {
    /// Takes a name, or reports that another element has it.
    fn take(
        &mut self,
        taken: &mut Taken,
        rust: String,
        (full_name, name): (&str, &str),
        what: &str,
        path: &[i32],
    ) {
        if let Some(other) = taken.get(&rust) {
            let message = if other == name {
                format!("{what} `{name}` has the Rust name `{rust}` twice")
            } else {
                format!("{what} `{name}` and `{other}` are both `{rust}` in Rust")
            };
            self.problems.push(Diagnostic {
                severity: Severity::Error,
                code: Code::NameCollision,
                position: Some(self.source.position(path)),
                subject: String::new(),
                message,
                hint: hint(
                    full_name,
                    self.names.name(full_name, full_name.rsplit('.').next().unwrap_or_default()),
                ),
            });
        } else {
            taken.insert(rust, name.to_owned());
        }
    }
}

impl<'a> Collisions<'a> {
    pub(crate) fn new(packages: &'a BTreeSet<&'a str>, names: &'a TypeIndex) -> Self {
        Self { names, packages, types: Taken::new(), modules: Taken::new() }
    }

    /// Checks one file of the package.
    pub(crate) fn check(&mut self, file: &FileDescriptor, source: &SourceIndex, problems: &mut Diagnostics) {
        let mut reporter = Reporter { names: self.names, source, problems };
        for module in self.packages {
            let package = format!("{}.{module}", file.package_name());
            self.modules.entry((*module).to_owned()).or_insert(package);
        }
        for message in file.messages() {
            self::message(&message, (&mut self.types, &mut self.modules), &mut reporter);
        }
        for item in file.enums() {
            enumeration(&item, &mut self.types, &mut reporter);
        }
    }
}

fn enumeration(item: &EnumDescriptor, types: &mut Taken, reporter: &mut Reporter<'_>) {
    let names = reporter.names;
    let name = item.full_name();
    let rust = naming::camel(names.name(name, item.name()));
    reporter.take(types, rust, (name, name), "enum", item.path());
    let mut variants = Taken::new();
    let mut numbers = BTreeSet::new();
    // In the file's order: of two names with one number, only the first becomes a variant.
    for (value, index) in item.enum_descriptor_proto().value.iter().zip(0..) {
        if numbers.insert(value.number()) {
            let path = [item.path(), &[2, index]].concat();
            let full_name = format!("{name}.{}", value.name());
            let rust = names.variant(item, value.name());
            reporter.take(&mut variants, rust, (&full_name, value.name()), "enum value", &path);
        }
    }
}

fn message(
    message: &MessageDescriptor,
    (types, modules): (&mut Taken, &mut Taken),
    reporter: &mut Reporter<'_>,
) {
    if message.is_map_entry() {
        return;
    }
    let names = reporter.names;
    let name = message.full_name();
    let own_name = names.name(name, message.name());
    reporter.take(types, naming::camel(own_name), (name, name), "message", message.path());
    let oneofs = || message.oneofs().filter(|oneof| !oneof.is_synthetic());
    let (mut inner_types, mut inner_modules) = (Taken::new(), Taken::new());
    let mut fields = Taken::new();
    for field in message.fields() {
        if field.containing_oneof().is_none_or(|oneof| oneof.is_synthetic()) {
            let rust = naming::snake(names.field_name(&field));
            reporter.take(&mut fields, rust, (field.full_name(), field.name()), "field", field.path());
        }
    }
    for oneof in oneofs() {
        let rust = naming::snake(names.name(oneof.full_name(), oneof.name()));
        reporter.take(&mut fields, rust, (oneof.full_name(), oneof.name()), "oneof", oneof.path());
        let mut variants = Taken::new();
        for field in oneof.fields() {
            let rust = naming::camel(names.field_name(&field));
            reporter.take(
                &mut variants,
                rust,
                (field.full_name(), field.name()),
                "oneof field",
                field.path(),
            );
        }
    }
    let messages = || message.child_messages().filter(|nested| !nested.is_map_entry());
    if oneofs().next().is_some() || messages().next().is_some() || message.child_enums().next().is_some() {
        reporter.take(modules, names.module_name(message), (name, name), "message", message.path());
    }
    for nested in messages() {
        self::message(&nested, (&mut inner_types, &mut inner_modules), reporter);
    }
    for item in message.child_enums() {
        enumeration(&item, &mut inner_types, reporter);
    }
}
