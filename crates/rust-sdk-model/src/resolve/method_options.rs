//! The well-known method options besides access: log fields, message sizes, sources of updates and events. They are found
//! by name and shape. Every path in them is resolved.

use prost_reflect::{
    DynamicMessage, ExtensionDescriptor, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage as _, Value,
};

use super::context::{AnnotationError, MethodContext};
use super::extensions::{Finder, METHOD, Wanted, get};
use super::field_paths::{self, LeafKind};
use super::marks::Marks;
use super::operations;
use crate::api::{Event, EventKind, LogField, MethodRef, PatchSource};
use crate::diagnostic::{Code, Severity};
use crate::options::MethodOptionNames;

/// The options that the API defines.
#[derive(Default)]
pub(crate) struct MethodOptions {
    log_fields: Option<ExtensionDescriptor>,
    max_message_size: Option<ExtensionDescriptor>,
    patch_source: Option<ExtensionDescriptor>,
    event: Option<ExtensionDescriptor>,
    /// Those that state the types of operations.
    pub(super) operations: Vec<ExtensionDescriptor>,
}

/// The values of these options on a method.
#[derive(Default)]
pub(crate) struct MethodOptionValues {
    pub(crate) log_fields: Vec<LogField>,
    pub(crate) max_message_mb: Option<u32>,
    pub(crate) patch_source: Option<PatchSource>,
    pub(crate) event: Option<Event>,
}

impl MethodOptions {
    pub(crate) fn find(finder: &mut Finder<'_>, names: &MethodOptionNames) -> Self {
        let mut find = |name: &Option<String>, short_name, key, shape, fits| match name.as_deref() {
            Some("-") => None,
            full_name => finder.find(&Wanted {
                target: METHOD,
                full_name,
                short_name,
                key,
                shape,
                fits,
                reserved: false,
            }),
        };
        Self {
            log_fields: find(
                &names.log_fields,
                "log_fields",
                "log_fields_option",
                "repeated {name, field_expression}",
                |kind, list| list && has_shape(kind, &LOG_FIELD, &[]),
            ),
            max_message_size: find(
                &names.max_message_size,
                "max_message_size",
                "max_message_size_option",
                "an integer",
                |kind, list| !list && matches!(kind, Kind::Int32 | Kind::Int64 | Kind::Uint32 | Kind::Uint64),
            ),
            patch_source: find(
                &names.patch_source,
                "patch_source",
                "patch_source_option",
                "{get_method, field_mapping, response_resource_field, request_resource_field}",
                |kind, list| !list && has_shape(kind, &PATCH_SOURCE, &[]),
            ),
            event: find(
                &names.event,
                "event_options",
                "event_option",
                "{event_type, resource_type, resource_id_field, resource_url_template, …}",
                |kind, list| !list && has_shape(kind, &EVENT, &EVENT_OPTIONAL),
            ),
            operations: operations::find(finder, names.operation.as_deref()),
        }
    }

    /// Whether this extension is one of these options. If so, it is not a custom option.
    pub(crate) fn contains(&self, extension: &ExtensionDescriptor) -> bool {
        [&self.log_fields, &self.max_message_size, &self.patch_source, &self.event]
            .into_iter()
            .flatten()
            .chain(&self.operations)
            .any(|known| known == extension)
    }
}

/// A field of an option's message: its name and a check of its type.
type Shape = (&'static str, fn(&FieldDescriptor) -> bool);

const TEXT: fn(&FieldDescriptor) -> bool = |field| field.kind() == Kind::String && !field.is_list();
const TEXTS: fn(&FieldDescriptor) -> bool = |field| match field.kind() {
    Kind::Message(entry) if field.is_map() => {
        entry.map_entry_key_field().kind() == Kind::String
            && entry.map_entry_value_field().kind() == Kind::String
    }
    _ => false,
};

const LOG_FIELD: [Shape; 2] = [("name", TEXT), ("field_expression", TEXT)];
const PATCH_SOURCE: [Shape; 4] = [
    ("get_method", TEXT),
    ("field_mapping", TEXTS),
    ("response_resource_field", TEXT),
    ("request_resource_field", TEXT),
];
const EVENT: [Shape; 4] = [
    ("event_type", |field| field.kind().as_enum().is_some() && !field.is_list()),
    ("resource_type", TEXT),
    ("resource_id_field", TEXT),
    ("resource_url_template", TEXT),
];
const EVENT_OPTIONAL: [Shape; 3] = [
    ("action_type", TEXT),
    ("additional_context_fields", TEXTS),
    ("status_only", |field| field.kind() == Kind::Bool && !field.is_list()),
];

/// Whether the option's message has the needed fields, and no others except the optional ones, so that no value gets lost.
fn has_shape(kind: &Kind, needed: &[Shape], optional: &[Shape]) -> bool {
    let Kind::Message(message) = kind else { return false };
    let has = |(name, fits): &Shape| message.get_field_by_name(name).is_some_and(|field| fits(&field));
    let known = |field: FieldDescriptor| {
        needed.iter().chain(optional).any(|(name, fits)| *name == field.name() && fits(&field))
    };
    needed.iter().all(has) && message.fields().all(known)
}

/// Reads the options of a method. `compiled`: whether the services of a file are compiled wherever this method is.
pub(crate) fn describe(
    context: &mut MethodContext<'_>,
    (options, marks): (&MethodOptions, &Marks),
    compiled: &dyn Fn(&str) -> bool,
) -> MethodOptionValues {
    let set = context.descriptor.options();
    let list = |value: Option<Value>| match value {
        Some(Value::List(items)) => items,
        _ => Vec::new(),
    };
    let message = |extension: &Option<ExtensionDescriptor>| match get(&set, extension.as_ref()) {
        Some(Value::Message(message)) => Some(message),
        _ => None,
    };
    let mut reader = Reader { context, marks, number: 0, index: 0 };
    let mut values = MethodOptionValues::default();
    if let Some(extension) = &options.log_fields {
        reader.number = extension.number();
        for (index, item) in list(get(&set, Some(extension))).iter().enumerate() {
            reader.index = index;
            values.log_fields.extend(item.as_message().and_then(|item| reader.log_field(item)));
        }
    }
    reader.index = 0;
    if let Some(extension) = &options.max_message_size
        && let Some(value) = get(&set, Some(extension))
    {
        reader.number = extension.number();
        values.max_message_mb = reader.size(&value);
    }
    if let Some(extension) = &options.patch_source
        && let Some(value) = message(&options.patch_source)
    {
        reader.number = extension.number();
        values.patch_source = reader.patch_source(&value, compiled);
    }
    if let Some(extension) = &options.event
        && let Some(value) = message(&options.event)
    {
        reader.number = extension.number();
        values.event = reader.event(&value);
    }
    values
}

/// Reads one option of a method.
struct Reader<'a, 'b> {
    context: &'a mut MethodContext<'b>,
    marks: &'a Marks,
    /// The option's number and the index of the value that is read.
    number: u32,
    index: usize,
}

impl Reader<'_, '_> {
    fn report(&mut self, code: Code, message: impl Into<String>, hint: impl Into<String>) {
        let position = self.context.option_position(self.number, self.index);
        self.context.report(Severity::Error, position, "", AnnotationError::new(code, message, hint));
    }

    /// The fields along a path to its target.
    fn resolve(
        &mut self,
        (what, code): (&str, Code),
        message: &MessageDescriptor,
        path: &str,
    ) -> Option<Vec<FieldDescriptor>> {
        match field_paths::resolve(message, path) {
            Ok(steps) => Some(steps),
            Err(problem) => {
                self.report(code, format!("{what} does not resolve: {}", problem.message), problem.hint);
                None
            }
        }
    }

    /// Whether no field on the path is secret; reports the first secret field.
    fn is_open(&mut self, what: &str, steps: &[FieldDescriptor]) -> bool {
        let Some(secret) = steps.iter().find(|field| self.marks.is_redacted(field)) else { return true };
        let message = format!("{what} is taken from `{}`, which is marked as secret", secret.full_name());
        self.report(
            Code::SecretField,
            message,
            "name another field: a secret must not be logged or published",
        );
        false
    }

    fn log_field(&mut self, option: &DynamicMessage) -> Option<LogField> {
        let (name, path) = (text(option, "name"), text(option, "field_expression"));
        let what = format!("the log field `{name}`");
        let input = self.context.descriptor.input();
        let steps = self.resolve((&what, Code::LogUnknownField), &input, &path)?;
        let target = steps.last()?;
        if !is_leaf(target) {
            let message = format!("{what} names `{path}`, which is {}", noun(target));
            self.report(
                Code::LogFieldType,
                message,
                "name a field that holds a single value, or a list of them",
            );
            return None;
        }
        self.is_open(&what, &steps).then_some(LogField { name, path })
    }

    fn size(&mut self, value: &Value) -> Option<u32> {
        let megabytes = match value {
            Value::I32(n) => u32::try_from(*n).ok(),
            Value::I64(n) => u32::try_from(*n).ok(),
            Value::U32(n) => Some(*n),
            Value::U64(n) => u32::try_from(*n).ok(),
            _ => None,
        };
        // The size in bytes must fit into 32 bits.
        let megabytes = megabytes.filter(|n| (1..4096).contains(n));
        if megabytes.is_none() {
            let message = "the message size is not between 1 and 4095 MB";
            self.report(Code::MessageSize, message, "write the size in MB, or remove the option");
        }
        megabytes
    }

    fn patch_source(
        &mut self,
        option: &DynamicMessage,
        compiled: &dyn Fn(&str) -> bool,
    ) -> Option<PatchSource> {
        let path = text(option, "get_method");
        let (service, index) = self.method(&path, compiled)?;
        let get = service.methods().nth(index)?;
        let input = self.context.descriptor.input();
        let request_field = text(option, "request_resource_field");
        let response_field = text(option, "response_resource_field");
        let unknown = Code::PatchUnknownField;
        let request = self.resolve(("the resource of the request", unknown), &input, &request_field);
        let response =
            self.resolve(("the resource of the response", unknown), &get.output(), &response_field);
        let mut good = request.is_some() && response.is_some();
        if let (Some(request), Some(response)) = (request, response) {
            good &= self.same_type((&request_field, &request), (&response_field, &response));
        }
        let mapping = pairs(option, "field_mapping");
        for (to, from) in &mapping {
            let target = self.resolve(("the mapping to the read's request", unknown), &get.input(), to);
            let source = self.resolve(("the mapping from the update's request", unknown), &input, from);
            match (target, source) {
                (Some(target), Some(source)) => good &= self.same_type((from, &source), (to, &target)),
                _ => good = false,
            }
        }
        let get = MethodRef { service: service.full_name().to_owned(), index };
        good.then_some(PatchSource { get, request_field, response_field, mapping })
    }

    /// The method with this gRPC path: its service and its index there.
    fn method(
        &mut self,
        path: &str,
        compiled: &dyn Fn(&str) -> bool,
    ) -> Option<(prost_reflect::ServiceDescriptor, usize)> {
        let pool = self.context.descriptor.parent_pool().clone();
        let (service, name) =
            path.strip_prefix('/').and_then(|path| path.split_once('/')).unwrap_or_default();
        let Some(service) = pool.get_service_by_name(service) else {
            let message = format!("the update's source `{path}` is not a method in this request");
            self.report(Code::PatchUnknownMethod, message, "write it as `/package.Service/Method`");
            return None;
        };
        let Some(index) = service.methods().position(|method| method.name() == name) else {
            let names: Vec<String> = service.methods().map(|method| method.name().to_owned()).collect();
            let near = names.iter().min_by_key(|known| strsim::damerau_levenshtein(known, name));
            let hint = near.map_or_else(String::new, |near| format!("did you mean `{near}`?"));
            let message = format!("`{}` has no method `{name}`", service.full_name());
            self.report(Code::PatchUnknownMethod, message, hint);
            return None;
        };
        if !compiled(service.parent_file().name()) {
            let message =
                format!("the update's source `{path}` is missing in some builds that have this method");
            let hint = "use a method of this package, or of a package that this one depends on";
            self.report(Code::PatchUnknownMethod, message, hint);
            return None;
        }
        Some((service, index))
    }

    fn same_type(
        &mut self,
        (left_path, left): (&str, &[FieldDescriptor]),
        (right_path, right): (&str, &[FieldDescriptor]),
    ) -> bool {
        let (Some(left), Some(right)) = (left.last(), right.last()) else { return false };
        let same = left.kind() == right.kind() && left.is_list() == right.is_list();
        if !same {
            let message = format!("`{left_path}` and `{right_path}` have different types");
            self.report(Code::PatchFieldType, message, "name fields of the same type");
        }
        same
    }

    fn event(&mut self, option: &DynamicMessage) -> Option<Event> {
        let kind = self.event_kind(option);
        let resource_id = text(option, "resource_id_field");
        let resource_url = text(option, "resource_url_template");
        let context = pairs(option, "additional_context_fields");
        let mut good = self.source("the resource's ID", &resource_id, false);
        good &= self.template(&resource_url);
        for (name, source) in &context {
            good &= self.source(&format!("the context `{name}`"), source, true);
        }
        let kind = kind.filter(|_| good)?;
        Some(Event {
            kind,
            resource_type: text(option, "resource_type"),
            resource_id,
            resource_url,
            context,
            status_only: option.get_field_by_name("status_only").is_some_and(|it| it.as_bool() == Some(true)),
        })
    }

    fn event_kind(&mut self, option: &DynamicMessage) -> Option<EventKind> {
        let number = option.get_field_by_name("event_type").and_then(|value| value.as_enum_number());
        let field = option.descriptor().get_field_by_name("event_type")?;
        let kind = field.kind();
        let item = kind.as_enum()?;
        let action = text(option, "action_type");
        let value = number.filter(|number| *number != 0).and_then(|number| item.get_value(number));
        let Some(value) = value else {
            let names = item.values().filter(|value| value.number() != 0);
            let names: Vec<String> = names.map(|value| format!("`{}`", value.name())).collect();
            let message = "the event has no type";
            self.report(Code::EventType, message, format!("set `event_type` to one of {}", names.join(", ")));
            return None;
        };
        let kind = match value.name().rsplit('_').next().unwrap_or_default() {
            "CREATED" => EventKind::Created,
            "UPDATED" => EventKind::Updated,
            "DELETED" => EventKind::Deleted,
            "ACTION" if action.is_empty() => {
                let message = "the event is an action, but has no `action_type`";
                self.report(Code::EventType, message, "set `action_type`");
                return None;
            }
            "ACTION" => return Some(EventKind::Action(action)),
            _ => EventKind::Other(value.name().to_owned()),
        };
        if !action.is_empty() {
            let message = format!("the event has the action `{action}`, but its type is `{}`", value.name());
            self.report(Code::EventType, message, "remove `action_type`, or set an action as the type");
            return None;
        }
        Some(kind)
    }

    /// Whether this is a valid source of a value; reports an invalid one.
    fn source(&mut self, what: &str, source: &str, list: bool) -> bool {
        let (root, path) = source.split_once('.').unwrap_or((source, ""));
        let message = match root {
            "req" => self.context.descriptor.input(),
            "resp" => self.context.descriptor.output(),
            "req-md" | "resp-md" if is_metadata_key(path) => return true,
            _ => {
                let message = format!("{what} comes from `{source}`, which is not a valid source");
                let hint = "write `req.` or `resp.` and a field's path, or `req-md.` or `resp-md.` and a \
                            metadata key";
                self.report(Code::EventUnknownField, message, hint);
                return false;
            }
        };
        let Some(steps) = self.resolve((what, Code::EventUnknownField), &message, path) else { return false };
        let Some(target) = steps.last() else { return false };
        if !is_leaf(target) || (target.is_list() && !list) {
            let message = format!("{what} comes from `{source}`, which is {}", noun(target));
            let hint = if list {
                "name a field that holds a single value, or a list of them"
            } else {
                "name a field that holds a single value"
            };
            self.report(Code::EventFieldType, message, hint);
            return false;
        }
        self.is_open(what, &steps)
    }

    fn template(&mut self, template: &str) -> bool {
        let mut rest = template;
        let mut good = !template.is_empty();
        let mut sources = Vec::new();
        while let Some(at) = rest.find(['{', '}']) {
            let inside = rest[at..].strip_prefix('{').and_then(|open| open.split_once('}'));
            let Some((source, behind)) = inside.filter(|(source, _)| !source.contains('{')) else {
                good = false;
                break;
            };
            sources.push(source);
            rest = behind;
        }
        if !good {
            let message = format!("the URL template `{template}` cannot be read");
            self.report(Code::EventTemplate, message, "write sources in braces: `/items/{req.item_id}`");
            return false;
        }
        let mut all = true;
        for source in sources {
            all &= self.source("a part of the resource's URL", source, false);
        }
        all
    }
}

/// gRPC's metadata keys are lower case.
fn is_metadata_key(key: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    !key.is_empty() && key.bytes().all(good)
}

/// Whether a field has a form as text: a single value, or a list of values.
fn is_leaf(field: &FieldDescriptor) -> bool {
    match field.kind() {
        Kind::Message(message) => {
            !field.is_list() && !field.is_map() && !matches!(field_paths::leaf_kind(&message), LeafKind::None)
        }
        _ => true,
    }
}

fn noun(field: &FieldDescriptor) -> &'static str {
    match field.kind() {
        _ if field.is_map() => "a map",
        Kind::Message(_) if field.is_list() => "a list of messages",
        _ if field.is_list() => "a list",
        _ => "a message",
    }
}

fn text(message: &DynamicMessage, field: &str) -> String {
    message.get_field_by_name(field).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A map of strings, sorted.
fn pairs(message: &DynamicMessage, field: &str) -> Vec<(String, String)> {
    let value = message.get_field_by_name(field);
    let entries = value.as_deref().and_then(Value::as_map).into_iter().flatten();
    let mut pairs: Vec<(String, String)> = entries
        .filter_map(|(key, value)| Some((key.as_str()?.to_owned(), value.as_str()?.to_owned())))
        .collect();
    pairs.sort();
    pairs
}
