//! Resources (AIP-122, `google/api/resource.proto`): the patterns of their names, and the fields that hold such names.

mod link;
mod names;
mod pattern;

use std::collections::{BTreeSet, HashMap};

use prost_reflect::{DynamicMessage, ExtensionDescriptor, FieldDescriptor, MessageDescriptor, Value};

pub(crate) use self::link::link;
use super::loaded::{File, Loaded};
use super::package_plan::PackagePlan;
use super::reach::Reach;
use crate::api::Resource;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Position, Severity};
use crate::naming::Scope;
use crate::options::Options;

/// `google.api.resource` of messages, and `google.api.resource_definition` of files.
const RESOURCE: u32 = 1053;
/// `google.api.resource_reference` of fields.
const REFERENCE: u32 = 1055;
/// `FileDescriptorProto.options` and `DescriptorProto.options`.
const FILE_OPTIONS: i32 = 8;
const MESSAGE_OPTIONS: i32 = 7;

/// The resources that the files define, in the order of the files.
#[derive(Default)]
pub(crate) struct Resources {
    definitions: Vec<Definition>,
    /// The definitions by type and by pattern. A definition without a pattern except `*` is left out, since it has no type of names.
    by_type: HashMap<String, Vec<usize>>,
    by_pattern: HashMap<String, Vec<usize>>,
    /// Whether fields can refer to resources.
    has_references: bool,
}

/// One definition of a resource.
struct Definition {
    resource_type: String,
    /// The valid patterns.
    patterns: Vec<String>,
    file: String,
    /// The message of the resource, by full name, and its field for the name; `None` for a definition without a message.
    message: Option<(String, String)>,
}

/// What a field's reference leads to.
struct Target<'a> {
    resource_type: &'a str,
    /// The definition with the names' type, if there is one.
    definition: Option<&'a Definition>,
    /// The patterns of the names.
    patterns: Vec<&'a str>,
}

/// The place of a reference: a package's files and feature.
#[derive(Clone, Copy)]
struct Origin<'a> {
    package: &'a str,
    gate: &'a str,
    reach: &'a Reach<'a>,
}

impl Resources {
    /// Reads the definitions. `generated` are the files whose problems matter.
    pub(crate) fn read(
        loaded: &Loaded,
        generated: &BTreeSet<usize>,
        options: &Options,
        problems: &mut Diagnostics,
    ) -> Self {
        let mut this = Self::default();
        let is = |extension: &ExtensionDescriptor, number: u32, of: &str| {
            extension.number() == number && extension.containing_message().full_name() == of
        };
        let mut extensions = loaded.pool.all_extensions();
        this.has_references =
            extensions.any(|extension| is(&extension, REFERENCE, "google.protobuf.FieldOptions"));
        if !this.has_references
            && loaded.pool.all_extensions().all(|extension| extension.number() != RESOURCE)
        {
            return this;
        }
        for (index, file) in loaded.files.iter().enumerate() {
            let mut reader = Reader {
                file,
                options,
                problems: generated.contains(&index).then_some(&mut *problems),
                definitions: &mut this.definitions,
            };
            file.descriptor.messages().for_each(|message| reader.message(&message));
            if file.descriptor.file_descriptor_proto().options.is_some() {
                reader.file(&file.descriptor.options());
            }
        }
        for (index, definition) in this.definitions.iter().enumerate() {
            if definition.patterns.iter().all(|pattern| pattern == pattern::ANY) {
                continue;
            }
            this.by_type.entry(definition.resource_type.clone()).or_default().push(index);
            for pattern in &definition.patterns {
                this.by_pattern.entry(pattern.clone()).or_default().push(index);
            }
        }
        this
    }

    /// The resources whose names have a type in this package: its own, and those that it refers to and that no other package defines
    /// wherever this one is compiled.
    pub(crate) fn of_package(
        &self,
        loaded: &Loaded,
        plan: &PackagePlan,
        reach: &Reach<'_>,
        scope: &mut Scope,
    ) -> Vec<Resource> {
        if self.definitions.is_empty() {
            return Vec::new();
        }
        let origin = Origin { package: &plan.name, gate: &plan.gate, reach };
        let files: Vec<&File> = plan.files.iter().map(|index| &loaded.files[*index]).collect();
        let is_own = |definition: &&Definition| files.iter().any(|file| file.name() == definition.file);
        let mut wanted: Vec<&Definition> = self.definitions.iter().filter(is_own).collect();
        for message in files.iter().flat_map(|file| file.descriptor.messages()) {
            each_message(&message, &mut |message| {
                for field in message.fields() {
                    let target =
                        self.reference(&field).and_then(|reference| self.target(&reference, origin, loaded));
                    let definition = target.and_then(|target| target.definition);
                    wanted.extend(
                        definition.filter(|definition| !reach.compiles(&plan.gate, &definition.file)),
                    );
                }
            });
        }
        names::describe(&wanted, scope)
    }

    /// The reference of a field: the option's value.
    fn reference(&self, field: &FieldDescriptor) -> Option<DynamicMessage> {
        if !self.has_references || field.field_descriptor_proto().options.is_none() {
            return None;
        }
        option(&field.options(), REFERENCE)?.as_message().cloned()
    }

    fn target(&self, reference: &DynamicMessage, origin: Origin<'_>, loaded: &Loaded) -> Option<Target<'_>> {
        let nearest = |known: Option<&Vec<usize>>| self.nearest(known?, origin, loaded);
        let of_type = text(reference, "type");
        if !of_type.is_empty() {
            let definition = nearest(self.by_type.get(&of_type))?;
            return Some(Target {
                resource_type: &definition.resource_type,
                definition: Some(definition),
                patterns: definition.patterns.iter().map(String::as_str).collect(),
            });
        }
        let child = nearest(self.by_type.get(&text(reference, "child_type")))?;
        let patterns: Vec<&str> =
            child.patterns.iter().filter_map(|pattern| pattern::parent(pattern)).collect();
        let definition = patterns.iter().find_map(|pattern| nearest(self.by_pattern.get(*pattern)));
        let resource_type = definition.map_or("", |definition| &definition.resource_type);
        Some(Target { resource_type, definition, patterns })
    }

    /// Of these definitions, that of the package's own, else one that is compiled along, else any other.
    fn nearest(&self, known: &[usize], origin: Origin<'_>, loaded: &Loaded) -> Option<&Definition> {
        let distance = |definition: &&Definition| {
            let file = loaded.pool.get_file_by_name(&definition.file);
            if file.is_some_and(|file| file.package_name() == origin.package) {
                0
            } else if origin.reach.compiles(origin.gate, &definition.file) {
                1
            } else {
                2
            }
        };
        known.iter().map(|index| &self.definitions[*index]).min_by_key(distance)
    }
}

/// Calls `visit` with a message and all messages within it.
fn each_message(message: &MessageDescriptor, visit: &mut impl FnMut(&MessageDescriptor)) {
    visit(message);
    for nested in message.child_messages() {
        each_message(&nested, visit);
    }
}

/// Reads the definitions of one file.
struct Reader<'a> {
    file: &'a File,
    options: &'a Options,
    /// `None` for a file that is only imported.
    problems: Option<&'a mut Diagnostics>,
    definitions: &'a mut Vec<Definition>,
}

impl Reader<'_> {
    fn file(&mut self, options: &DynamicMessage) {
        let values = option(options, RESOURCE);
        for (index, value) in values.iter().filter_map(|values| values.as_list()).flatten().enumerate() {
            if let Some(resource) = value.as_message() {
                let position = self.file.source.option_position(&[], FILE_OPTIONS, RESOURCE, index);
                self.definition(resource, None, &position);
            }
        }
    }

    fn message(&mut self, message: &MessageDescriptor) {
        if message.descriptor_proto().options.is_some()
            && let Some(value) = option(&message.options(), RESOURCE)
            && let Some(resource) = value.as_message()
        {
            let position = self.file.source.option_position(message.path(), MESSAGE_OPTIONS, RESOURCE, 0);
            let field = Some(text(resource, "name_field")).filter(|field| !field.is_empty());
            let field = field.unwrap_or_else(|| "name".to_owned());
            self.definition(resource, Some((message.full_name().to_owned(), field)), &position);
        }
        for nested in message.child_messages() {
            self.message(&nested);
        }
    }

    fn definition(
        &mut self,
        resource: &DynamicMessage,
        message: Option<(String, String)>,
        position: &Position,
    ) {
        let resource_type = text(resource, "type");
        if names::kind(&resource_type).is_none() {
            let problem = format!("the resource type `{resource_type}` is not a service and a kind");
            return self.report(
                position,
                &resource_type,
                problem,
                "write `type: \"shop.example.com/Shelf\"`",
            );
        }
        let listed = resource.get_field_by_name("pattern");
        let listed = listed.iter().filter_map(|values| values.as_list()).flatten().filter_map(Value::as_str);
        let mut patterns: Vec<String> = Vec::new();
        for pattern in listed {
            match pattern::variables(pattern) {
                Ok(_) if patterns.iter().any(|known| known == pattern) => {}
                Ok(_) => patterns.push(pattern.to_owned()),
                Err(problem) => {
                    let problem = format!("the pattern `{pattern}` is not valid: {problem}");
                    let hint = "write a path such as `projects/{project}/shelves/{shelf}`";
                    self.report(position, &resource_type, problem, hint);
                }
            }
        }
        let file = self.file.name().to_owned();
        self.definitions.push(Definition { resource_type, patterns, file, message });
    }

    fn report(&mut self, position: &Position, resource_type: &str, message: String, hint: &str) {
        let code = Code::ResourceDefinition;
        let package = self.file.package();
        if let (Some(problems), Some(severity)) =
            (&mut self.problems, self.options.severity(code, package, Severity::Error))
        {
            problems.push(Diagnostic {
                severity,
                code,
                position: Some(position.clone()),
                subject: resource_type.to_owned(),
                message,
                hint: hint.to_owned(),
            });
        }
    }
}

/// The value of the option with this number.
fn option(options: &DynamicMessage, number: u32) -> Option<Value> {
    let (_, value) = options.extensions().find(|(extension, _)| extension.number() == number)?;
    Some(value.clone())
}

fn text(message: &DynamicMessage, field: &str) -> String {
    message.get_field_by_name(field).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
