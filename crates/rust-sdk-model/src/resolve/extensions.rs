//! Finds options by their short name, or by the full name that the plugin's options give.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::{
    DescriptorPool, DynamicMessage, EnumValueDescriptor, ExtensionDescriptor, FieldDescriptor, Kind,
    MessageDescriptor, MethodDescriptor, Value,
};

use super::loaded::File;
use super::{Fit, field_paths};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::options::{Meaning, Selector};

pub(crate) const METHOD: &str = "google.protobuf.MethodOptions";
pub(crate) const SERVICE: &str = "google.protobuf.ServiceOptions";
pub(crate) const MESSAGE: &str = "google.protobuf.MessageOptions";
pub(crate) const FIELD: &str = "google.protobuf.FieldOptions";
const ENUM_VALUE: &str = "google.protobuf.EnumValueOptions";

/// An option to look for.
pub(crate) struct Wanted<'a> {
    pub(crate) target: &'static str,
    /// The configured full name.
    pub(crate) full_name: Option<&'a str>,
    pub(crate) short_name: &'static str,
    /// The plugin option that names it.
    pub(crate) key: &'static str,
    /// The required type, in words.
    pub(crate) shape: &'static str,
    /// Whether a type fits; the second argument: whether it is a list.
    pub(crate) fits: fn(&Kind, bool) -> bool,
    /// Whether an option with the short name and another type is an error. If not, that option is unrelated.
    pub(crate) reserved: bool,
}

/// A source of a statement: an option, or a field of its message.
#[derive(Clone)]
pub(crate) struct Statement {
    pub(crate) extension: ExtensionDescriptor,
    /// The path into its message.
    steps: Vec<FieldDescriptor>,
    meanings: Option<Selector>,
    /// The option of enum values that has their text.
    value_option: Option<ExtensionDescriptor>,
}

/// The options that say something about a method: its own, those of its service, and those of its request message.
pub(crate) struct OptionSets<'a> {
    method: &'a MethodDescriptor,
    own: DynamicMessage,
    service: OnceCell<DynamicMessage>,
    request: OnceCell<DynamicMessage>,
}

impl<'a> OptionSets<'a> {
    pub(crate) fn new(method: &'a MethodDescriptor) -> Self {
        Self { method, own: method.options(), service: OnceCell::new(), request: OnceCell::new() }
    }

    fn of(&self, extension: &ExtensionDescriptor) -> &DynamicMessage {
        match extension.containing_message().full_name() {
            SERVICE => self.service.get_or_init(|| self.method.parent_service().options()),
            MESSAGE => self.request.get_or_init(|| self.method.input().options()),
            _ => &self.own,
        }
    }
}

impl Statement {
    /// The stated value. Every step checks presence.
    pub(crate) fn get(&self, options: &OptionSets<'_>) -> Option<Value> {
        self.get_from(options.of(&self.extension))
    }

    /// The value that these options state.
    pub(crate) fn get_from(&self, options: &DynamicMessage) -> Option<Value> {
        let mut value = get(options, Some(&self.extension))?;
        for step in &self.steps {
            let message = value.as_message().filter(|message| message.has_field(step))?;
            value = message.get_field(step).into_owned();
        }
        Some(value)
    }

    /// The type of the statement, and whether it is a list.
    pub(crate) fn ty(&self) -> (Kind, bool) {
        match self.steps.last() {
            Some(field) => (field.kind(), field.is_list()),
            None => (self.extension.kind(), self.extension.is_list()),
        }
    }

    pub(crate) fn number(&self) -> u32 {
        self.extension.number()
    }

    /// A value as the plugin's options write it.
    pub(crate) fn text(&self, value: &Value) -> Option<String> {
        let kind = self.ty().0;
        match (value, kind.as_enum(), &self.value_option) {
            (Value::EnumNumber(number), Some(item), Some(option)) => item
                .get_value(*number)
                .and_then(|value| value_text(&value, option))
                .or_else(|| text(value, &kind)),
            _ if matches!(value, Value::Message(_)) => Some(SET.to_owned()),
            _ => text(value, &kind),
        }
    }

    /// The permission that a value means.
    pub(crate) fn permission(&self, value: String) -> String {
        match self.meanings.as_ref().and_then(|selector| selector.affixes.as_ref()) {
            Some((before, behind)) => format!("{before}{value}{behind}"),
            None => value,
        }
    }

    /// Whether the plugin's options say how a value becomes a permission.
    pub(crate) fn has_affixes(&self) -> bool {
        self.meanings.as_ref().is_some_and(|selector| selector.affixes.is_some())
    }

    /// The path into the option's message.
    pub(crate) fn path(&self) -> &[FieldDescriptor] {
        &self.steps
    }

    /// The meaning that the plugin's options give to a value.
    pub(crate) fn meaning(&self, value: &str) -> Option<Meaning> {
        self.meanings.as_ref()?.meaning(value)
    }

    /// The option and the path, as the plugin's options write them.
    pub(crate) fn name(&self) -> String {
        let path: Vec<&str> = self.steps.iter().map(FieldDescriptor::name).collect();
        match path.join(".") {
            path if path.is_empty() => self.extension.full_name().to_owned(),
            path => format!("{}#{path}", self.extension.full_name()),
        }
    }
}

/// The text that an option gives to an enum's value.
fn value_text(value: &EnumValueDescriptor, option: &ExtensionDescriptor) -> Option<String> {
    let text = get(&value.options(), Some(option))?;
    text.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The value of a message that is set, for options whose presence states something.
pub(crate) const SET: &str = "set";

/// A boolean, a text or an enum value as the plugin's options write it.
pub(crate) fn text(value: &Value, kind: &Kind) -> Option<String> {
    match (value, kind) {
        (Value::Bool(value), _) => Some(value.to_string()),
        (Value::String(text), _) => Some(text.clone()),
        (Value::EnumNumber(number), Kind::Enum(item)) => {
            Some(item.get_value(*number).map_or_else(|| number.to_string(), |value| value.name().to_owned()))
        }
        _ => None,
    }
}

/// Whether these statements together read everything that the option's value states.
pub(crate) fn cover(statements: &[&Statement], extension: &ExtensionDescriptor, value: &Value) -> bool {
    let paths: Vec<&[FieldDescriptor]> = statements
        .iter()
        .filter(|statement| statement.extension == *extension)
        .map(|statement| statement.steps.as_slice())
        .collect();
    !paths.is_empty() && covers(&paths, value)
}

fn covers(paths: &[&[FieldDescriptor]], value: &Value) -> bool {
    if paths.iter().any(|path| path.is_empty()) {
        return true;
    }
    let Some(message) = value.as_message() else { return false };
    message.fields().all(|(field, value)| {
        let behind: Vec<&[FieldDescriptor]> =
            paths.iter().filter(|path| path[0] == field).map(|path| &path[1..]).collect();
        !behind.is_empty() && covers(&behind, value)
    })
}

/// Finds options.
pub(crate) struct Finder<'a> {
    pool: &'a DescriptorPool,
    files: &'a [File],
    /// The generated files and all their direct and indirect imports. A request may contain other APIs, whose options say
    /// nothing about this one.
    imported: BTreeSet<&'a str>,
    fit: Fit,
    problems: Diagnostics,
}

impl<'a> Finder<'a> {
    pub(crate) fn new(
        pool: &'a DescriptorPool,
        files: &'a [File],
        generated: &BTreeSet<usize>,
        fit: Fit,
    ) -> Self {
        let by_name: BTreeMap<&str, &File> = files.iter().map(|file| (file.name(), file)).collect();
        let mut open: Vec<&str> = generated.iter().map(|index| files[*index].name()).collect();
        let mut imported = BTreeSet::new();
        while let Some(name) = open.pop() {
            if imported.insert(name) {
                open.extend(by_name.get(name).iter().flat_map(|file| file.imports()).map(String::as_str));
            }
        }
        Self { pool, files, imported, fit, problems: Diagnostics::default() }
    }

    /// The warnings, or all problems if one of them is an error.
    pub(crate) fn finish(self) -> Result<Diagnostics, Diagnostics> {
        if self.problems.has_errors() { Err(self.problems) } else { Ok(self.problems) }
    }

    pub(crate) fn find(&mut self, wanted: &Wanted<'_>) -> Option<ExtensionDescriptor> {
        let mut candidates: Vec<ExtensionDescriptor> = match wanted.full_name {
            Some(name) => self.pool.get_extension_by_name(name).into_iter().collect(),
            None => self
                .pool
                .all_extensions()
                .filter(|extension| extension.name() == wanted.short_name)
                .filter(|extension| self.imported.contains(extension.parent_file().name()))
                .collect(),
        };
        candidates.retain(|extension| extension.containing_message().full_name() == wanted.target);
        if wanted.full_name.is_none() && !wanted.reserved {
            candidates.retain(|extension| (wanted.fits)(&extension.kind(), extension.is_list()));
        }
        if candidates.len() > 1 {
            // Google's own options are a fallback and make no name ambiguous.
            candidates.retain(|extension| !extension.package_name().starts_with("google."));
        }
        candidates.sort_by(|a, b| a.full_name().cmp(b.full_name()));
        if candidates.len() > 1 {
            self.ambiguous(&candidates, wanted);
            return None;
        }
        let Some(extension) = candidates.pop() else {
            if let Some(name) = wanted.full_name {
                self.unknown(name, wanted.target, wanted.key);
            }
            return None;
        };
        if (wanted.fits)(&extension.kind(), extension.is_list()) {
            return Some(extension);
        }
        let source = self
            .files
            .iter()
            .find(|file| file.name() == extension.parent_file().name())
            .map(|file| &file.source);
        let Wanted { shape, key, .. } = wanted;
        let message = match wanted.full_name {
            Some(_) => format!("`{key}` names the option, but its type is not {shape}"),
            None => {
                format!("the option has the name of an access option, but its type is not {shape}")
            }
        };
        self.problems.push(Diagnostic {
            severity: Severity::Error,
            code: Code::OptionType,
            position: source.map(|source| source.position(extension.path())),
            subject: extension.full_name().to_owned(),
            message,
            hint: match wanted.full_name {
                Some(_) => format!("name an option that is {shape}, or leave `{key}` out"),
                None => format!(
                    "if the option means something else, name the right option with `{key}=FULL.NAME`, or set `access=off`"
                ),
            },
        });
        None
    }

    /// Finds an option, or the field of its message that the plugin's options select.
    pub(crate) fn statement(
        &mut self,
        wanted: &Wanted<'_>,
        selector: Option<&Selector>,
    ) -> Option<Statement> {
        let full_name = selector.map(|selector| selector.name.as_str());
        let Some(path) = selector.and_then(|selector| selector.path.as_deref()) else {
            let extension = self.find(&Wanted { full_name, ..*wanted })?;
            let value_option = self.value_option(wanted.key, selector);
            let statement =
                Statement { extension, steps: Vec::new(), meanings: selector.cloned(), value_option };
            return self.check_values(wanted.key, statement);
        };
        let extension = self.find(&Wanted { full_name, fits: |_, _| true, ..*wanted })?;
        let option = format!("`{}={}#{path}`", wanted.key, extension.full_name());
        let message: Option<MessageDescriptor> = match extension.kind() {
            Kind::Message(message) if !extension.is_list() => Some(message),
            _ => None,
        };
        let Some(message) = message else {
            let problem = format!("{option} has a path, but the option is not a single message");
            self.problems.push_global(Code::PluginOption, problem, "leave out the `#` and the path");
            return None;
        };
        let steps = match field_paths::resolve(&message, path) {
            Ok(steps) => steps,
            Err(problem) => {
                let text = format!("{option} does not resolve: {}", problem.message);
                self.absent(text, problem.hint);
                return None;
            }
        };
        let value_option = self.value_option(wanted.key, selector);
        let statement = Statement { extension, steps, meanings: selector.cloned(), value_option };
        let (kind, list) = statement.ty();
        if !(wanted.fits)(&kind, list) {
            let problem = format!("{option} names a field that is not {}", wanted.shape);
            let hint = format!("name a field that is {}", wanted.shape);
            self.problems.push_global(Code::PluginOption, problem, hint);
            return None;
        }
        self.check_values(wanted.key, statement)
    }

    /// The option of enum values that the selector names.
    fn value_option(
        &mut self,
        key: &'static str,
        selector: Option<&Selector>,
    ) -> Option<ExtensionDescriptor> {
        self.find(&Wanted {
            target: ENUM_VALUE,
            full_name: Some(selector?.value_option.as_deref()?),
            short_name: "",
            key,
            shape: "`string`",
            fits: |kind, list| !list && *kind == Kind::String,
            reserved: true,
        })
    }

    /// The kind of options, of these, that the selected option belongs to; by default, the first.
    pub(crate) fn target(&self, selector: Option<&Selector>, targets: &[&'static str]) -> &'static str {
        let extension = selector.and_then(|selector| self.pool.get_extension_by_name(&selector.name));
        let target = extension.map(|extension| extension.containing_message());
        let known = targets.iter().find(|known| target.as_ref().is_some_and(|it| it.full_name() == **known));
        known.or(targets.first()).copied().unwrap_or(METHOD)
    }

    /// Checks that values with a meaning exist.
    fn check_values(&mut self, key: &str, statement: Statement) -> Option<Statement> {
        let possible: Vec<String> = match statement.ty().0 {
            Kind::Enum(item) => {
                item.values().filter_map(|value| statement.text(&Value::EnumNumber(value.number()))).collect()
            }
            Kind::Message(_) => vec![SET.to_owned()],
            Kind::Bool => vec!["false".to_owned(), "true".to_owned()],
            _ => return Some(statement),
        };
        let mut good = true;
        for (value, _) in statement.meanings.iter().flat_map(|selector| &selector.meanings) {
            if !possible.contains(value) {
                good = self.fit == Fit::Optional;
                let message = format!("`{value}` in `{key}` is not a value of `{}`", statement.name());
                let near =
                    possible.iter().min_by_key(|known| strsim::damerau_levenshtein(known.as_str(), value));
                let hint = near.map_or_else(String::new, |near| format!("did you mean `{near}`?"));
                self.absent(message, hint);
            }
        }
        good.then_some(statement)
    }

    /// Reports that the plugin's options name something that the files do not define.
    pub(crate) fn absent(&mut self, message: String, hint: String) {
        self.problems.push_without_position(self.fit.severity(), Code::PluginOption, message, hint);
    }

    fn ambiguous(&mut self, candidates: &[ExtensionDescriptor], wanted: &Wanted<'_>) {
        let names =
            candidates.iter().map(|extension| format!("`{}`", extension.full_name())).collect::<Vec<_>>();
        let what =
            if wanted.reserved { "state access".to_owned() } else { format!("be `{}`", wanted.short_name) };
        let message = format!("several options could {what}: {}", names.join(", "));
        let hint = format!("name the right one: `{}=FULL.NAME`", wanted.key);
        self.problems.push_global(Code::OptionAmbiguous, message, hint);
    }

    fn unknown(&mut self, name: &str, target: &str, key: &str) {
        let message = format!("`{name}` is not an extension of `{target}` in this request");
        let near = self
            .pool
            .all_extensions()
            .filter(|extension| extension.containing_message().full_name() == target)
            .map(|extension| {
                let known = extension.full_name();
                (strsim::damerau_levenshtein(known, name), known.to_owned())
            })
            .min()
            .filter(|(distance, known)| {
                // The right option in a wrong package has a large edit distance.
                *distance <= name.len().div_ceil(3) || short(known) == short(name)
            });
        let hint = near.map_or_else(
            || format!("check `{key}`, and that a file of the API imports the option's file"),
            |(_, known)| format!("did you mean `{key}={known}`?"),
        );
        self.absent(message, hint);
    }
}

fn short(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// The value of an option that is set. Presence is checked, never inferred from a default.
pub(crate) fn get(options: &DynamicMessage, extension: Option<&ExtensionDescriptor>) -> Option<Value> {
    let extension = extension?;
    options.has_extension(extension).then(|| options.get_extension(extension).into_owned())
}
