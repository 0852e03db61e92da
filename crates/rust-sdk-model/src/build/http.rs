//! `google.api.http` → resolved bindings.

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, Value};

use super::context::{MethodContext, Problem};
use super::fields::{self, LeafKind};
use super::types::TypeIndex;
use crate::api::{Binding, Body, Slot, SlotKind};
use crate::diagnostic::{Code, Position, Severity};
use crate::naming::{self, Scope};
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

/// Describes the method's bindings; what is wrong with one of them does not hide what is wrong with the next.
pub(crate) fn bindings(
    context: &mut MethodContext<'_>,
    types: &TypeIndex,
    names: &mut Scope,
) -> Vec<Binding> {
    let options = context.descriptor.options();
    let Some(rule) = options
        .extensions()
        .find(|(extension, _)| extension.number() == HTTP_EXTENSION)
        .and_then(|(_, value)| value.as_message().cloned())
    else {
        return Vec::new();
    };
    let position = context.option_position(HTTP_EXTENSION, 0);
    let mut rules = vec![rule.clone()];
    let additional = messages(&rule, "additional_bindings");
    rules.extend(additional.iter().cloned());
    if additional.iter().any(|binding| !messages(binding, "additional_bindings").is_empty()) {
        let message = "an additional binding has additional bindings of its own";
        let problem = Problem::new(Code::HttpNestedBindings, message, "list every binding in the first rule");
        context.report(Severity::Error, position.clone(), "", problem);
    }
    let several = rules.len() > 1;
    let mut bindings = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        let suffix = if several { format!(", binding {}", index + 1) } else { String::new() };
        match binding(context, rule, &suffix, &position, (types, names)) {
            Ok(binding) => bindings.push(binding),
            Err(problem) => context.report(Severity::Error, position.clone(), &suffix, problem),
        }
    }
    bindings
}

fn messages(rule: &DynamicMessage, field: &str) -> Vec<DynamicMessage> {
    let value = rule.get_field_by_name(field);
    let list = value.as_deref().and_then(Value::as_list).unwrap_or_default();
    list.iter().filter_map(|item| item.as_message().cloned()).collect()
}

fn text(rule: &DynamicMessage, field: &str) -> String {
    rule.get_field_by_name(field).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn read(rule: &DynamicMessage) -> Result<Rule, Problem> {
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
            let hint = "write `custom: { kind: \"HEAD\" path: \"/…\" }`";
            return Err(Problem::new(Code::HttpEmptyCustomKind, "the custom pattern names no kind", hint));
        }
        found = Some((kind, path));
    }
    let Some((verb, path)) = found else {
        let hint = "write one of get, put, post, delete, patch or custom";
        return Err(Problem::new(Code::HttpNoPattern, "the rule has no pattern", hint));
    };
    Ok(Rule { verb, path, body: text(rule, "body"), response_body: text(rule, "response_body") })
}

fn binding(
    context: &mut MethodContext<'_>,
    rule: &DynamicMessage,
    suffix: &str,
    position: &Position,
    (types, names): (&TypeIndex, &mut Scope),
) -> Result<Binding, Problem> {
    let rule = read(rule)?;
    let template = Template::parse(&rule.path).map_err(|error| {
        Problem::new(error.code, format!("in `{}`: {}", rule.path, error.message), error.hint)
    })?;
    let input = context.descriptor.input();
    let slots = slots(&template, &input, types)?;
    let body = body(&rule, &input, &template)?;
    let response_body = response_body(&rule, &context.descriptor.output())?;

    let taken: Vec<&str> = template.variables().map(|(path, _)| path).collect();
    let leaves = fields::query_leaves(&input, &taken, &body);
    let streams = context.descriptor.is_client_streaming();
    let builder = names.claim(&naming::camel(context.descriptor.name()));
    let mut warn = |code, message: String, hint: &str| {
        context.report(Severity::Warning, position.clone(), suffix, Problem::new(code, message, hint));
    };
    for field in &leaves.inexpressible {
        let message = format!("field `{field}` cannot be sent in a query");
        warn(
            Code::HttpInexpressibleQuery,
            message,
            "put it into the body; a request that sets it is refused by the client",
        );
    }
    if rule.verb == "DELETE" && body != Body::None {
        let message = "a DELETE has a body".to_owned();
        warn(Code::HttpBodyOnDelete, message, "many proxies drop the body of a DELETE (RFC 9110 §9.3.5)");
    }
    if streams && !taken.is_empty() {
        let message = "a client-streaming method has path variables".to_owned();
        warn(Code::HttpStreamingVariable, message, "only the first message can fill them");
    }
    Ok(Binding {
        verb: rule.verb,
        text: rule.path,
        template,
        builder,
        slots,
        body,
        response_body,
        query: leaves.names,
    })
}

fn slots(template: &Template, input: &MessageDescriptor, types: &TypeIndex) -> Result<Vec<Slot>, Problem> {
    let mut names = Scope::default();
    let mut slots: Vec<Slot> = Vec::new();
    for segment in &template.segments {
        match segment {
            Segment::Literal(_) => {}
            Segment::Wildcard(wildcard) => {
                let name = names.claim(if *wildcard == Wildcard::One { "segment" } else { "rest" });
                slots.push(Slot { field: None, name, kind: SlotKind::Text });
            }
            Segment::Variable { path, .. } => {
                if slots.iter().any(|slot| slot.field.as_deref() == Some(path)) {
                    let message = format!("the variable `{path}` stands in the path twice");
                    return Err(Problem::new(Code::HttpDuplicateVariable, message, "use each field once"));
                }
                let field = fields::resolve(input, path)?.pop().ok_or_else(|| {
                    Problem::new(
                        Code::HttpEmptyVariable,
                        "the variable names no field",
                        "name a field of the request",
                    )
                })?;
                let kind = slot_kind(&field, path, types)?;
                let name = names.claim(&naming::snake(&path.replace('.', "_")));
                slots.push(Slot { field: Some(path.clone()), name, kind });
            }
        }
    }
    Ok(slots)
}

fn slot_kind(field: &FieldDescriptor, path: &str, types: &TypeIndex) -> Result<SlotKind, Problem> {
    let refused = |what: &str| {
        let message = format!("`{path}` is {what}, which has no place in a path");
        Err(Problem::new(Code::HttpVariableType, message, "use a field of a scalar or enum type"))
    };
    if field.is_map() {
        return refused("a map");
    }
    if field.is_list() {
        return refused("repeated");
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
        Kind::Message(message) => match fields::leaf_kind(&message) {
            LeafKind::Wrapper(kind) => return wrapper_slot(&kind),
            LeafKind::Text => SlotKind::Text,
            LeafKind::None => return refused(&format!("a message (`{}`)", message.full_name())),
        },
    })
}

fn wrapper_slot(kind: &Kind) -> Result<SlotKind, Problem> {
    Ok(match kind {
        Kind::Bool => SlotKind::Bool,
        Kind::Int32 => SlotKind::Int32,
        Kind::Int64 => SlotKind::Int64,
        Kind::Uint32 => SlotKind::Uint32,
        Kind::Uint64 => SlotKind::Uint64,
        Kind::Float => SlotKind::Float,
        Kind::Double => SlotKind::Double,
        Kind::Bytes => SlotKind::Bytes,
        _ => SlotKind::Text,
    })
}

fn body(rule: &Rule, input: &MessageDescriptor, template: &Template) -> Result<Body, Problem> {
    let body = match rule.body.as_str() {
        "" => return Ok(Body::None),
        "*" => Body::All,
        name if name.contains('.') => {
            let message = format!("the body `{name}` is not a top-level field");
            let hint = format!("write `{}`, or `*`", name.split('.').next().unwrap_or_default());
            return Err(Problem::new(Code::HttpDottedBody, message, hint));
        }
        name => {
            if input.get_field_by_name(name).is_none() {
                let message = format!("the body `{name}` is not a field of `{}`", input.full_name());
                return Err(Problem::new(Code::HttpUnknownBody, message, fields::suggest(input, name)));
            }
            if template.variables().any(|(path, _)| path == name) {
                let message = format!("the body field `{name}` is a path variable, too");
                return Err(Problem::new(
                    Code::HttpBodyIsVariable,
                    message,
                    "a field has one place: the path or the body",
                ));
            }
            Body::Field(name.to_owned())
        }
    };
    if rule.verb == "GET" {
        let hint = "remove the body: what the path does not take goes to the query";
        return Err(Problem::new(Code::HttpBodyOnGet, "a GET has a body", hint));
    }
    Ok(body)
}

fn response_body(rule: &Rule, output: &MessageDescriptor) -> Result<Option<String>, Problem> {
    let name = rule.response_body.as_str();
    if name.is_empty() || name == "*" {
        return Ok(None);
    }
    if name.contains('.') {
        let message = format!("the response body `{name}` is not a top-level field");
        return Err(Problem::new(
            Code::HttpDottedResponseBody,
            message,
            "name a field of the response itself",
        ));
    }
    if output.get_field_by_name(name).is_none() {
        let message = format!("the response body `{name}` is not a field of `{}`", output.full_name());
        return Err(Problem::new(Code::HttpUnknownResponseBody, message, fields::suggest(output, name)));
    }
    Ok(Some(name.to_owned()))
}
