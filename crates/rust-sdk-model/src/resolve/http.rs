//! `google.api.http` → resolved bindings.

use std::collections::BTreeSet;

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, MethodDescriptor, Value};

use super::context::{AnnotationError, MethodContext};
use super::field_paths::{self, LeafKind};
use super::types::TypeIndex;
use crate::api::{Binding, Body, RejectedBinding, Slot, SlotKind};
use crate::diagnostic::{Code, Severity};
use crate::naming::{self, Scope};
use crate::options::Lint;
use crate::template::{Segment, Template, Wildcard};

/// The extension's number (`google/api/annotations.proto`).
pub(crate) const HTTP_EXTENSION: u32 = 72_295_728;

/// A rule as annotated.
struct Rule {
    verb: String,
    path: String,
    body: String,
    response_body: String,
}

impl Rule {
    fn rejected(self) -> RejectedBinding {
        let Self { verb, path, body, response_body } = self;
        RejectedBinding { verb, text: path, body, response_body }
    }
}

/// The problems of one binding.
#[derive(Default)]
struct Findings {
    /// What makes the binding impossible to generate.
    errors: Vec<AnnotationError>,
    /// What the specification does not allow, although gateways serve it. It is generated, and reported only by a strict check.
    deviations: Vec<AnnotationError>,
    warnings: Vec<AnnotationError>,
}

impl Findings {
    /// The value. An error is stored, so that later errors are found, too.
    fn keep<T>(&mut self, result: Result<T, AnnotationError>) -> Option<T> {
        result.map_err(|problem| self.errors.push(problem)).ok()
    }
}

/// Describes the method's bindings, each with its subject in problems, and the rejected bindings. A problem of one
/// binding does not hide those of the next.
pub(crate) fn bindings(
    context: &mut MethodContext<'_>,
    types: &TypeIndex,
    names: &mut Scope,
) -> (Vec<(String, Binding)>, Vec<RejectedBinding>) {
    let options = context.descriptor.options();
    let Some(rule) = options
        .extensions()
        .find(|(extension, _)| extension.number() == HTTP_EXTENSION)
        .and_then(|(_, value)| value.as_message().cloned())
    else {
        return (Vec::new(), Vec::new());
    };
    let position = context.option_position(HTTP_EXTENSION, 0);
    let additional = messages(&rule, "additional_bindings").into_iter().map(|rule| (rule, true));
    let own = (!is_empty(&rule)).then_some((rule, false));
    let rules: Vec<(DynamicMessage, bool)> = own.into_iter().chain(additional).collect();
    let several = rules.len() > 1;
    let (mut bindings, mut rejected) = (Vec::new(), Vec::new());
    for (index, (rule, is_additional)) in rules.iter().enumerate() {
        let subject = context.subject();
        let suffix = if several { format!(", binding {}", index + 1) } else { String::new() };
        let mut findings = Findings::default();
        if *is_additional && !messages(rule, "additional_bindings").is_empty() {
            findings.errors.push(AnnotationError::new(
                Code::HttpNestedBindings,
                "an additional binding has additional bindings of its own",
                "list every additional binding directly in the method's rule",
            ));
        }
        let is_strict = context.options.lint == Lint::Strict;
        let binding = binding(context.descriptor, rule, (types, names), is_strict, &mut findings);
        match binding {
            Some(binding) => bindings.push((format!("{subject}{suffix}"), binding)),
            None => rejected.extend(read(rule).ok().map(Rule::rejected)),
        }
        let Findings { errors, deviations, warnings } = findings;
        let all = [(Severity::Error, errors), (Severity::Error, deviations), (Severity::Warning, warnings)];
        for (severity, problems) in all {
            for mut problem in problems {
                if context.leaves_out(problem.code, severity) {
                    problem.hint = format!("the route is left out; in the API: {}", problem.hint);
                }
                context.report(severity, position.clone(), &suffix, problem);
            }
        }
    }
    (bindings, rejected)
}

/// Whether the rule states no binding of its own: `option (google.api.http) = {}` takes a method out of REST, and a rule may have
/// only additional bindings.
fn is_empty(rule: &DynamicMessage) -> bool {
    rule.fields().all(|(field, _)| matches!(field.name(), "selector" | "additional_bindings"))
}

fn messages(rule: &DynamicMessage, field: &str) -> Vec<DynamicMessage> {
    let value = rule.get_field_by_name(field);
    let list = value.as_deref().and_then(Value::as_list).unwrap_or_default();
    list.iter().filter_map(|item| item.as_message().cloned()).collect()
}

fn text(rule: &DynamicMessage, field: &str) -> String {
    rule.get_field_by_name(field).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

const CUSTOM_HINT: &str = "write `custom: {kind: \"HEAD\" path: \"/…\"}`";

/// `tchar` of RFC 9110, section 5.6.2. It includes `*`, which means every verb.
fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

fn read(rule: &DynamicMessage) -> Result<Rule, AnnotationError> {
    let mut found = None;
    for (field, verb) in
        [("get", "GET"), ("put", "PUT"), ("post", "POST"), ("delete", "DELETE"), ("patch", "PATCH")]
    {
        if rule.has_field_by_name(field) {
            found = Some((verb.to_owned(), text(rule, field)));
        }
    }
    if rule.has_field_by_name("custom") {
        let custom = rule.get_field_by_name("custom").and_then(|value| value.as_message().cloned());
        let (kind, path) =
            custom.map(|custom| (text(&custom, "kind"), text(&custom, "path"))).unwrap_or_default();
        if kind.is_empty() {
            return Err(AnnotationError::new(
                Code::HttpEmptyCustomKind,
                "the custom pattern has no kind",
                CUSTOM_HINT,
            ));
        }
        if let Some(bad) = kind.chars().find(|c| !is_token(*c)) {
            let message = format!("the custom kind `{kind}` is not an HTTP method: it contains {bad:?}");
            return Err(AnnotationError::new(Code::HttpBadCharacter, message, CUSTOM_HINT));
        }
        found = Some((kind, path));
    }
    let Some((verb, path)) = found else {
        let hint = "write one of `get`, `put`, `post`, `delete`, `patch` and `custom`, with a path";
        return Err(AnnotationError::new(
            Code::HttpNoPattern,
            "the rule has no pattern (a verb and a path)",
            hint,
        ));
    };
    Ok(Rule { verb, path, body: text(rule, "body"), response_body: text(rule, "response_body") })
}

/// Describes one binding; `None` if it has an error.
fn binding(
    method: &MethodDescriptor,
    rule: &DynamicMessage,
    (types, names): (&TypeIndex, &mut Scope),
    is_strict: bool,
    findings: &mut Findings,
) -> Option<Binding> {
    let rule = findings.keep(read(rule))?;
    let template = findings.keep(Template::parse(&rule.path).map_err(|error| {
        AnnotationError::new(error.code, format!("in `{}`: {}", rule.path, error.message), error.hint)
    }));
    let input = method.input();
    let slots = template.as_ref().map(|template| slots(template, &input, types, findings));
    let body = findings.keep(body(&rule, &input));
    let response_body = findings.keep(response_body(&rule, &method.output()));
    if !findings.errors.is_empty() {
        return None;
    }
    let (template, slots, body, response_body) = (template?, slots?, body?, response_body?);
    if is_strict {
        findings.deviations.extend(template.deviations().into_iter().map(|error| {
            AnnotationError::new(error.code, format!("in `{}`: {}", rule.path, error.message), error.hint)
        }));
        if let Body::Field(name) = &body
            && template.variables().any(|(path, _)| path == name)
        {
            let message = format!("the body field `{name}` is also a path variable");
            let hint = "a field is in the path or in the body, not in both";
            findings.deviations.push(AnnotationError::new(Code::HttpBodyIsVariable, message, hint));
        }
    }

    let taken: Vec<&str> = template.variables().map(|(path, _)| path).collect();
    let leaves = field_paths::query_leaves(&input, &taken, &body);
    let mut warn = |code, message: String, hint: &str| {
        findings.warnings.push(AnnotationError::new(code, message, hint));
    };
    for (field, reason) in &leaves.inexpressible {
        warn(
            Code::HttpInexpressibleQuery,
            format!("`{field}` would go to the query, but {reason}"),
            "use a body or gRPC to send it: a REST request that sets it is rejected locally",
        );
    }
    if rule.verb == "DELETE" && body != Body::None {
        let hint = "remove the body: many proxies drop it (RFC 9110, section 9.3.5)";
        warn(Code::HttpBodyOnDelete, "a DELETE has a body".to_owned(), hint);
    }
    if method.is_client_streaming() && !taken.is_empty() {
        let message = "a client-streaming method has path variables".to_owned();
        warn(Code::HttpStreamingVariable, message, "only the first message of the stream can set them");
    }
    Some(Binding {
        verb: rule.verb,
        text: rule.path,
        template,
        builder: names.claim(&naming::camel(method.name())),
        slots,
        body,
        response_body,
        query: leaves.names,
    })
}

fn slots(
    template: &Template,
    input: &MessageDescriptor,
    types: &TypeIndex,
    findings: &mut Findings,
) -> Vec<Slot> {
    let mut names = Scope::default();
    let mut seen = BTreeSet::new();
    let mut slots: Vec<Slot> = Vec::new();
    for segment in &template.segments {
        match segment {
            Segment::Literal(_) => {}
            Segment::Wildcard(wildcard) => {
                let name = names.claim(if *wildcard == Wildcard::One { "segment" } else { "rest" });
                slots.push(Slot { field: None, name, kind: SlotKind::Text });
            }
            Segment::Variable { path, .. } => {
                if !seen.insert(path) {
                    let message = format!("the variable `{path}` occurs more than once in the path");
                    let hint = "use each field once";
                    findings.errors.push(AnnotationError::new(Code::HttpDuplicateVariable, message, hint));
                    continue;
                }
                let kind = variable(input, path, types);
                let name = names.claim(&naming::snake(&path.replace('.', "_")));
                slots.extend(findings.keep(kind).map(|kind| Slot { field: Some(path.clone()), name, kind }));
            }
        }
    }
    slots
}

fn variable(input: &MessageDescriptor, path: &str, types: &TypeIndex) -> Result<SlotKind, AnnotationError> {
    let steps = field_paths::resolve(input, path).map_err(|problem| AnnotationError {
        message: format!("the path variable does not resolve: {}", problem.message),
        ..problem
    })?;
    let field = steps.last().ok_or_else(|| {
        let hint = "name a field of the request: `{name}`";
        AnnotationError::new(Code::HttpEmptyVariable, "the variable names no field", hint)
    })?;
    slot_kind(field, path, types)
}

fn slot_kind(field: &FieldDescriptor, path: &str, types: &TypeIndex) -> Result<SlotKind, AnnotationError> {
    let rejected = |what: &str| {
        let message = format!("the path variable `{path}` is {what}, but a path can hold single values only");
        Err(AnnotationError::new(
            Code::HttpVariableType,
            message,
            "name a singular field of a scalar or enum type",
        ))
    };
    if field.is_map() {
        return rejected("a map");
    }
    if field.is_list() {
        return rejected("a repeated field");
    }
    Ok(match field.kind() {
        Kind::Bool => SlotKind::Bool,
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => SlotKind::Int32,
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => SlotKind::Int64,
        Kind::Uint32 | Kind::Fixed32 => SlotKind::Uint32,
        Kind::Uint64 | Kind::Fixed64 => SlotKind::Uint64,
        Kind::Float => SlotKind::Float,
        Kind::Double => SlotKind::Double,
        Kind::String => SlotKind::Text,
        Kind::Bytes => SlotKind::Bytes,
        Kind::Enum(item) => SlotKind::Enum(types.enumeration(&item)),
        Kind::Message(message) => match field_paths::leaf_kind(&message) {
            LeafKind::Wrapper(kind) => wrapper_slot(&kind),
            LeafKind::Text => SlotKind::Text,
            LeafKind::None => return rejected(&format!("a message, `{}`", message.full_name())),
        },
    })
}

fn wrapper_slot(kind: &Kind) -> SlotKind {
    match kind {
        Kind::Bool => SlotKind::Bool,
        Kind::Int32 => SlotKind::Int32,
        Kind::Int64 => SlotKind::Int64,
        Kind::Uint32 => SlotKind::Uint32,
        Kind::Uint64 => SlotKind::Uint64,
        Kind::Float => SlotKind::Float,
        Kind::Double => SlotKind::Double,
        Kind::Bytes => SlotKind::Bytes,
        _ => SlotKind::Text,
    }
}

fn body(rule: &Rule, input: &MessageDescriptor) -> Result<Body, AnnotationError> {
    let name = rule.body.as_str();
    if name.is_empty() {
        return Ok(Body::None);
    }
    if rule.verb == "GET" {
        let hint = "remove `body`: fields that are not in the path go to the query";
        return Err(AnnotationError::new(Code::HttpBodyOnGet, "a GET must not have a body", hint));
    }
    if name == "*" {
        return Ok(Body::All);
    }
    if let Some((first, _)) = name.split_once('.') {
        let message = format!("the body `{name}` is not a top-level field");
        return Err(AnnotationError::new(Code::HttpDottedBody, message, top_level(input, first)));
    }
    if input.get_field_by_name(name).is_none() {
        let message = format!("the body `{name}` is not a field of `{}`", input.full_name());
        return Err(AnnotationError::new(Code::HttpUnknownBody, message, field_paths::suggest(input, name)));
    }
    Ok(Body::Field(name.to_owned()))
}

/// A hint for a dotted path that begins with this name.
fn top_level(message: &MessageDescriptor, first: &str) -> String {
    match message.get_field_by_name(first) {
        Some(_) => format!("write `{first}`"),
        None => field_paths::suggest(message, first),
    }
}

fn response_body(rule: &Rule, output: &MessageDescriptor) -> Result<Option<String>, AnnotationError> {
    let name = rule.response_body.as_str();
    if name.is_empty() || name == "*" {
        return Ok(None);
    }
    if let Some((first, _)) = name.split_once('.') {
        let message = format!("the response body `{name}` is not a top-level field");
        return Err(AnnotationError::new(Code::HttpDottedResponseBody, message, top_level(output, first)));
    }
    if output.get_field_by_name(name).is_none() {
        let message = format!("the response body `{name}` is not a field of `{}`", output.full_name());
        return Err(AnnotationError::new(
            Code::HttpUnknownResponseBody,
            message,
            field_paths::suggest(output, name),
        ));
    }
    Ok(Some(name.to_owned()))
}
