//! HTTP rules → resolved bindings.

use std::collections::BTreeSet;

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor, MethodDescriptor};

use super::context::{AnnotationError, MethodContext};
use super::field_paths::{self, LeafKind};
use super::http_rules::{Rule, Rules, StatedRule};
use super::types::TypeIndex;
use crate::api::{Binding, Body, RejectedBinding, Slot, SlotKind};
use crate::diagnostic::{Code, Severity};
use crate::naming::{self, Scope};
use crate::options::Lint;
use crate::template::{Segment, Template, Wildcard};

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
    Rules { position, rules }: Rules,
    types: &TypeIndex,
    names: &mut Scope,
) -> (Vec<(String, Binding)>, Vec<RejectedBinding>) {
    let several = rules.len() > 1;
    let (mut bindings, mut rejected) = (Vec::new(), Vec::new());
    for (index, StatedRule { rule, is_nested }) in rules.into_iter().enumerate() {
        let subject = context.subject();
        let suffix = if several { format!(", binding {}", index + 1) } else { String::new() };
        let mut findings = Findings::default();
        if is_nested {
            findings.errors.push(AnnotationError::new(
                Code::HttpNestedBindings,
                "an additional binding has additional bindings of its own",
                "list every additional binding directly in the method's rule",
            ));
        }
        let is_strict = context.options.lint == Lint::Strict;
        if let Some(rule) = findings.keep(rule) {
            match binding(context.descriptor, &rule, (types, names), is_strict, &mut findings) {
                Some(binding) => bindings.push((format!("{subject}{suffix}"), binding)),
                None => rejected.push(rule.rejected()),
            }
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

/// Describes one binding; `None` if it has an error.
fn binding(
    method: &MethodDescriptor,
    rule: &Rule,
    (types, names): (&TypeIndex, &mut Scope),
    is_strict: bool,
    findings: &mut Findings,
) -> Option<Binding> {
    let template = findings.keep(Template::parse(&rule.path).map_err(|error| {
        AnnotationError::new(error.code, format!("in `{}`: {}", rule.path, error.message), error.hint)
    }));
    let input = method.input();
    let slots = template.as_ref().map(|template| slots(template, &input, types, findings));
    if is_strict {
        let lists = slots.iter().flatten().filter_map(|slot| {
            let path = slot.field.as_deref()?;
            let steps = field_paths::resolve(&input, path).ok()?;
            steps.last()?.is_list().then(|| wrong_type(path, "a repeated field"))
        });
        findings.deviations.extend(lists);
    }
    let body = findings.keep(body(rule, &input));
    let response_body = findings.keep(response_body(rule, &method.output()));
    if !findings.errors.is_empty() {
        return None;
    }
    let (template, slots, body, response_body) = (template?, slots?, body?, response_body?);
    if is_strict {
        findings.deviations.extend(template.deviations().into_iter().map(|error| {
            AnnotationError::new(error.code, format!("in `{}`: {}", rule.path, error.message), error.hint)
        }));
        if let Body::Field(name) = &body
            && let Some((first, _)) = name.split_once('.')
        {
            findings.deviations.push(dotted_body(name, &input, first));
        }
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
        verb: rule.verb.clone(),
        text: rule.path.clone(),
        template,
        builder: names.claim(&naming::camel(types.name(method.full_name(), method.name()))),
        slots,
        needs_rest: false,
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
    let rejected = |what: &str| Err(wrong_type(path, what));
    if field.is_map() {
        return rejected("a map");
    }
    if field.is_list() {
        // Gateways read a list of flat values, with commas between them.
        return match field.kind() {
            Kind::Message(_) => rejected("a list of messages"),
            _ => Ok(SlotKind::Text),
        };
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

fn wrong_type(path: &str, what: &str) -> AnnotationError {
    let message = format!("the path variable `{path}` is {what}, but a path can hold single values only");
    AnnotationError::new(Code::HttpVariableType, message, "name a singular field of a scalar or enum type")
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
        // grpc-gateway serves a body of a field within single messages.
        let steps = field_paths::resolve(input, name).unwrap_or_default();
        let is_served =
            steps.split_last().is_some_and(|(_, around)| !around.iter().any(FieldDescriptor::is_group));
        return if is_served {
            Ok(Body::Field(name.to_owned()))
        } else {
            Err(dotted_body(name, input, first))
        };
    }
    if input.get_field_by_name(name).is_none() {
        let message = format!("the body `{name}` is not a field of `{}`", input.full_name());
        return Err(AnnotationError::new(Code::HttpUnknownBody, message, field_paths::suggest(input, name)));
    }
    Ok(Body::Field(name.to_owned()))
}

fn dotted_body(name: &str, input: &MessageDescriptor, first: &str) -> AnnotationError {
    let message = format!("the body `{name}` is not a top-level field");
    AnnotationError::new(Code::HttpDottedBody, message, top_level(input, first))
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
