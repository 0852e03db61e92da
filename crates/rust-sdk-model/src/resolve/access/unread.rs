//! Method options that may state access but are not read as access. They are reported: an unread statement is not a missing one.

use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::{DynamicMessage, ExtensionDescriptor, FieldDescriptor, Kind, Value};

use super::AccessOptions;
use super::suggest::{self, Shape};
use crate::api::{UnreadOption, UnreadValue};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Position, Severity};
use crate::options::Options;
use crate::resolve::context::MethodContext;
use crate::resolve::extensions::text;
use crate::resolve::field_paths;
use crate::resolve::method_options::MethodOptions;

/// Third-party packages, whose options say nothing about an API's callers.
const OTHERS: [&str; 5] = ["google", "buf.validate", "grpc.gateway", "gnostic", "openapi.v3"];

/// The most options that a diagnostic names.
const MOST_NAMED: usize = 12;

/// The unread options of an API's methods, by name.
pub(crate) struct UnreadOptions<'a> {
    access: &'a AccessOptions,
    method_options: &'a MethodOptions,
    /// Options that the plugin option `custom_option` declares to be unrelated.
    other: &'a [String],
    found: BTreeMap<String, Found>,
    /// The number of methods that set any of them.
    methods: usize,
}

/// One option, or one field of its message.
struct Found {
    shape: Shape,
    /// The values that occur.
    values: BTreeSet<String>,
    methods: usize,
    /// Whether every value names a field of its method's request.
    names_fields: bool,
    /// Whether a plugin option already reads a part of the option. Then none is suggested for it.
    is_read: bool,
    first: (Position, String),
}

/// A value within an option.
struct Leaf {
    name: String,
    shape: Shape,
    value: String,
}

impl<'a> UnreadOptions<'a> {
    pub(crate) fn new(
        access: &'a AccessOptions,
        method_options: &'a MethodOptions,
        other: &'a [String],
    ) -> Self {
        Self { access, method_options, other, found: BTreeMap::new(), methods: 0 }
    }

    /// The unread values of one method, by the option's name.
    pub(crate) fn read(&mut self, context: &MethodContext<'_>) -> Vec<UnreadValue> {
        let set = context.descriptor.options();
        let mut values = Vec::new();
        let own: Vec<_> = set.extensions().filter(|(extension, _)| self.is_own(extension)).collect();
        for (extension, value) in own {
            let is_read = self.access.reads(&extension);
            let paths = if self.access.stated() { self.access.paths(&extension) } else { Vec::new() };
            let mut leaves = Vec::new();
            option_leaves(&extension, value, &paths, &mut leaves);
            for leaf in leaves {
                let names_field = field_paths::resolve(&context.descriptor.input(), &leaf.value).is_ok();
                let found = self.found.entry(leaf.name.clone()).or_insert_with(|| Found {
                    shape: leaf.shape,
                    values: BTreeSet::new(),
                    methods: 0,
                    names_fields: true,
                    is_read,
                    first: (context.option_position(extension.number(), 0), context.subject()),
                });
                found.values.insert(leaf.value.clone());
                found.methods += 1;
                found.names_fields &= names_field;
                let looks_like_access = suggest::looks_like_access(&leaf.name);
                values.push(UnreadValue { option: leaf.name, value: leaf.value, looks_like_access });
            }
        }
        self.methods += usize::from(!values.is_empty());
        values.sort();
        values
    }

    fn is_own(&self, extension: &ExtensionDescriptor) -> bool {
        let package = extension.package_name();
        let is_others = OTHERS.iter().any(|prefix| {
            package.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        let is_declared = self.other.iter().any(|name| name == extension.full_name());
        self.access.is_wanted && !is_others && !is_declared && !self.method_options.contains(extension)
    }

    /// The options, those that look like access first, and a warning about those that probably state access.
    pub(crate) fn finish(self, plugin: &Options) -> (Vec<UnreadOption>, Diagnostics) {
        let mut options: Vec<(UnreadOption, Found)> = self
            .found
            .into_iter()
            .map(|(name, found)| {
                let setting = (!found.is_read)
                    .then(|| suggest::setting(&name, &found.shape, &found.values, found.names_fields))
                    .flatten();
                let looks_like_access = suggest::looks_like_access(&name);
                (UnreadOption { name, setting, methods: found.methods, looks_like_access }, found)
            })
            .collect();
        options.sort_by_key(|(option, _)| !option.looks_like_access);
        // In an API whose access is read, other options count only if they look like access.
        let named: Vec<&(UnreadOption, Found)> =
            options.iter().filter(|(option, _)| !self.access.stated() || option.looks_like_access).collect();
        let mut problems = Diagnostics::default();
        // It is about the whole API, so no rule for an element applies.
        if let Some(severity) = plugin.severity(Code::AccessUnread, "", Severity::Warning)
            && let Some((position, subject)) = named.iter().map(|(_, found)| &found.first).min()
        {
            let options: Vec<&UnreadOption> = named.iter().map(|(option, _)| option).collect();
            problems.push(Diagnostic {
                severity,
                code: Code::AccessUnread,
                position: Some(position.clone()),
                subject: subject.clone(),
                message: message(&options, self.methods, self.access.stated()),
                hint: hint(&options, self.access.stated()),
            });
        }
        (options.into_iter().map(|(option, _)| option).collect(), problems)
    }
}

fn message(options: &[&UnreadOption], methods: usize, stated: bool) -> String {
    let names = options.iter().map(|option| match option.methods {
        1 => format!("`{}` (1 method)", option.name),
        count => format!("`{}` ({count} methods)", option.name),
    });
    let names = listed(names.collect());
    if stated {
        return format!("custom options look like access rules, but are not read: {names}");
    }
    let methods = if methods == 1 { "1 method sets".to_owned() } else { format!("{methods} methods set") };
    format!("no access rule is read: {methods} custom options, but none is read as access: {names}")
}

fn hint(options: &[&UnreadOption], stated: bool) -> String {
    let settings: Vec<String> =
        options.iter().filter_map(|option| option.setting.as_ref()).map(|it| format!("`{it}`")).collect();
    let otherwise = match options {
        _ if !stated => "if none of them states access, set `access=off`".to_owned(),
        [only] => format!("if it does not state access, set `custom_option={}`", base(&only.name)),
        _ => "for each option that does not state access, set `custom_option=OPTION`".to_owned(),
    };
    if settings.is_empty() {
        return otherwise;
    }
    format!("set plugin options for the options that state access: {}; {otherwise}", listed(settings))
}

fn listed(mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(MOST_NAMED);
    names.truncate(MOST_NAMED);
    let text = names.join(", ");
    if more > 0 { format!("{text} and {more} more") } else { text }
}

/// The option without the path into its message.
fn base(name: &str) -> &str {
    name.split('#').next().unwrap_or(name)
}

/// The unread values of an option. `read`: the paths into its message that are read.
fn option_leaves(
    extension: &ExtensionDescriptor,
    value: &Value,
    read: &[&[FieldDescriptor]],
    out: &mut Vec<Leaf>,
) {
    if read.iter().all(|path| !path.is_empty()) {
        leaves(extension.full_name(), '#', (&extension.kind(), extension.is_list()), value, read, out);
    }
}

fn leaves(
    name: &str,
    separator: char,
    (kind, is_list): (&Kind, bool),
    value: &Value,
    read: &[&[FieldDescriptor]],
    out: &mut Vec<Leaf>,
) {
    let shape = match (kind, is_list) {
        (Kind::Bool, false) => Shape::Switch,
        (Kind::String, false) => Shape::Text,
        (Kind::String, true) => Shape::Texts,
        (Kind::Enum(item), false) => Shape::Choice(item.clone()),
        (Kind::Enum(_), true) => Shape::Choices,
        (Kind::Message(_), false) => {
            return message_leaves(name, separator, value.as_message(), read, out);
        }
        (Kind::Bool | Kind::Message(_), true) => Shape::Other,
        // A number cannot state who may call a method.
        _ => return,
    };
    out.push(Leaf { name: name.to_owned(), shape, value: shown(value, kind) });
}

fn message_leaves(
    name: &str,
    separator: char,
    message: Option<&DynamicMessage>,
    read: &[&[FieldDescriptor]],
    out: &mut Vec<Leaf>,
) {
    let Some(message) = message else { return };
    let mut is_empty = true;
    for (field, value) in message.fields() {
        is_empty = false;
        let behind: Vec<&[FieldDescriptor]> =
            read.iter().filter(|path| path[0] == field).map(|path| &path[1..]).collect();
        if behind.iter().all(|path| !path.is_empty()) {
            let name = format!("{name}{separator}{}", field.name());
            let is_list = field.is_list() || field.is_map();
            leaves(&name, '.', (&field.kind(), is_list), value, &behind, out);
        }
    }
    // A message may state something by its presence alone.
    if is_empty && read.is_empty() {
        out.push(Leaf { name: name.to_owned(), shape: Shape::Other, value: "{}".to_owned() });
    }
}

/// A value as text for people.
fn shown(value: &Value, kind: &Kind) -> String {
    match value {
        Value::List(items) => items.iter().map(|item| shown(item, kind)).collect::<Vec<_>>().join(", "),
        // Sorted, since a map has no order.
        Value::Map(entries) => {
            let sorted: BTreeMap<_, String> =
                entries.iter().map(|(key, value)| (key, value.to_string())).collect();
            format!("{sorted:?}")
        }
        value => text(value, kind).unwrap_or_else(|| value.to_string()),
    }
}
