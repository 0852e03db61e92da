//! The method table, an array of entries that read like the annotations.

use rust_sdk_model::Api;
use rust_sdk_model::api::{Access, AccessState, Binding, Body, Idempotency, Method, Require, Service};
use rust_sdk_model::options::Layout;
use rust_sdk_model::template::{PatternSegment, Segment, Wildcard};

use super::operations::Tables;
use super::{calling, method_options};
use crate::messages::any_types;
use crate::tokens::Code;
use crate::tokens::Place;
use crate::tokens::layout::{self, Expr};

/// Appends the static tables.
pub(super) fn generate(api: &Api, service: &Service, place: &Place, code: &mut Code) {
    // A service without methods needs no schemas.
    let has_schemas = api.options.json && !service.methods.is_empty();
    let is_gated = has_schemas && api.options.layout == Layout::Crate;
    code.blank();
    if is_gated {
        code.line(format_args!("#[cfg(feature = \"json\")]"));
    }
    code.line(format_args!("{}", declaration(service, has_schemas)));
    if is_gated {
        code.blank();
        code.line(format_args!("#[cfg(not(feature = \"json\"))]"));
        code.line(format_args!("{}", declaration(service, false)));
    }
    code.blank();
    let operations = Tables::new(service);
    let entries = service.methods.iter().map(|method| {
        let (new, mut calls) = entry(method);
        calls.extend(method_options::generate(api, service, method, place));
        calls.extend(operations.entry(method));
        calls.extend(calling::generate(method));
        new.then(calls)
    });
    list("static METHODS: &[rt::Method]", 0, entries.collect(), code);
    operations.generate(api, service, place, code);
    if has_schemas {
        code.blank();
        code.gate(&api.options, "json");
        code.open(format_args!("fn schemas(index: usize) -> ::core::option::Option<rt::MethodSchemas> {{"));
        let schemas = service.methods.iter().map(|method| {
            let constant = Expr::text(format!("&{}::{}", service.marker, method.constant));
            Expr::call("rt::MethodSchemas::of", [constant]).then(any_types::method_types(place, method))
        });
        list("static SCHEMAS: &[rt::MethodSchemas]", 4, schemas.collect(), code);
        code.line(format_args!("SCHEMAS.get(index).copied()"));
        code.close();
    }
}

/// A list with an entry for each method. Its comment keeps rustfmt from another layout for a single entry.
fn list(start: &str, indent: usize, entries: Vec<Expr>, code: &mut Code) {
    let list = if entries.is_empty() {
        Expr::List(entries)
    } else {
        Expr::Table("In the order of the `.proto` file.", entries)
    };
    code.line(format_args!("{}", layout::assign(start, &list, indent)));
}

/// `static SERVICE: rt::Service = …;`
fn declaration(service: &Service, has_schemas: bool) -> String {
    let new = Expr::call("rt::Service::new", [Expr::literal(&service.full_name), Expr::text("METHODS")]);
    let version = service.api_version.as_ref().map(|version| Expr::call("version", [Expr::literal(version)]));
    let schemas = has_schemas.then(|| Expr::call("schemas", [Expr::text("schemas")]));
    let value = new.then(version.into_iter().chain(schemas).collect());
    layout::assign("static SERVICE: rt::Service", &value, 0)
}

/// One entry of the method table: its constructor, and the calls that set its properties.
fn entry(method: &Method) -> (Expr, Vec<Expr>) {
    let kind = match (method.client_streaming, method.server_streaming) {
        (false, false) => "unary",
        (true, false) => "client_streaming",
        (false, true) => "server_streaming",
        (true, true) => "bidirectional",
    };
    let path = Expr::literal(&format!("/{}", method.full_name));
    let new = Expr::call(format!("rt::Method::{kind}"), [path]);
    let mut calls = Vec::new();
    calls.extend(access(&method.access).map(|access| Expr::call("requires", [access])));
    calls.extend(method.stated_idempotency.map(|level| {
        let level = match level {
            Idempotency::Safe => "Safe",
            Idempotency::Idempotent => "Idempotent",
            Idempotency::Unknown => "Unknown",
        };
        Expr::call("idempotency", [Expr::text(format!("rt::Idempotency::{level}"))])
    }));
    calls.extend(method.deprecated.then(|| Expr::call("deprecated", [])));
    if let Some((first, rest)) = method.bindings.split_first() {
        let (new, then) = binding("", first);
        calls.push(new);
        calls.extend(then);
        if !rest.is_empty() {
            let rest = rest.iter().map(|rule| {
                let (new, then) = binding("rt::Binding::", rule);
                new.then(then)
            });
            calls.push(Expr::call("additional", [Expr::List(rest.collect())]));
        }
    }
    (new, calls)
}

/// `get(template)` and the calls after it. A method's first binding and additional ones have the same functions.
fn binding(path: &str, binding: &Binding) -> (Expr, Vec<Expr>) {
    let template = template(binding);
    let call = |function: &str, arguments: Vec<Expr>| Expr::call(format!("{path}{function}"), arguments);
    let new = match binding.verb.as_str() {
        "GET" => call("get", vec![template]),
        "PUT" => call("put", vec![template]),
        "POST" => call("post", vec![template]),
        "DELETE" => call("delete", vec![template]),
        "PATCH" => call("patch", vec![template]),
        custom => call("custom", vec![Expr::literal(custom), template]),
    };
    let body = match &binding.body {
        Body::None => None,
        Body::All => Some("*"),
        Body::Field(name) => Some(name.as_str()),
    };
    let body = body.map(|body| Expr::call("body", [Expr::literal(body)]));
    let response =
        binding.response_body.as_ref().map(|name| Expr::call("response_body", [Expr::literal(name)]));
    (new, body.into_iter().chain(response).collect())
}

/// The template as `rt::template!` if all its variables are plain, else as `rt::Template::new` with its parts.
fn template(binding: &Binding) -> Expr {
    let text = &binding.text;
    let plain = binding.template.segments.iter().all(|segment| match segment {
        Segment::Literal(_) => true,
        Segment::Wildcard(_) => false,
        Segment::Variable { path, .. } => text.contains(&format!("{{{path}}}")),
    });
    if plain {
        return Expr::call("rt::template!", pieces(text));
    }
    let template = Expr::call("rt::Template::new", [Expr::literal(text), Expr::List(parts(binding))]);
    if binding.needs_rest { template.then(vec![Expr::call("needs_rest", [])]) } else { template }
}

/// The texts of a template, and between them its variables.
fn pieces(text: &str) -> Vec<Expr> {
    let mut pieces = Vec::new();
    for piece in text.split_inclusive('}') {
        let (literal, variable) = piece.split_once('{').unwrap_or((piece, ""));
        if !literal.is_empty() {
            pieces.push(Expr::literal(literal));
        }
        if let Some(path) = variable.strip_suffix('}') {
            pieces.push(Expr::text(path));
        }
    }
    pieces
}

/// The template's parts, with adjacent literals joined.
fn parts(binding: &Binding) -> Vec<Expr> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    for segment in &binding.template.segments {
        literal.push('/');
        match segment {
            Segment::Literal(text) => literal.push_str(text),
            Segment::Wildcard(wildcard) => {
                flush(&mut literal, &mut parts);
                parts.push(Expr::call("rt::Part::Wildcard", [wildcard_segment(*wildcard)]));
            }
            Segment::Variable { path, pattern } => {
                flush(&mut literal, &mut parts);
                parts.push(match pattern.as_slice() {
                    [PatternSegment::Wildcard(Wildcard::One)] => {
                        Expr::call("rt::Part::var", [Expr::literal(path)])
                    }
                    pattern => {
                        let pattern = pattern.iter().map(|segment| match segment {
                            PatternSegment::Literal(text) => {
                                Expr::call("rt::Segment::Literal", [Expr::literal(text)])
                            }
                            PatternSegment::Wildcard(wildcard) => wildcard_segment(*wildcard),
                        });
                        Expr::call("rt::Part::Variable", [Expr::literal(path), Expr::List(pattern.collect())])
                    }
                });
            }
        }
    }
    if let Some(verb) = &binding.template.verb {
        literal.push(':');
        literal.push_str(verb);
    }
    flush(&mut literal, &mut parts);
    parts
}

fn flush(literal: &mut String, parts: &mut Vec<Expr>) {
    if !literal.is_empty() {
        let text = std::mem::take(literal);
        parts.push(Expr::call("rt::Part::Literal", [Expr::literal(&text)]));
    }
}

fn wildcard_segment(wildcard: Wildcard) -> Expr {
    Expr::text(match wildcard {
        Wildcard::One => "rt::Segment::Any",
        Wildcard::Rest => "rt::Segment::Rest",
    })
}

/// The access rule; `None` for a method that nobody may call, since a new entry denies every call.
fn access(access: &Access) -> Option<Expr> {
    let permissions = || [Expr::literals(&access.permissions)];
    let rule = match (access.state, access.require) {
        (AccessState::Unstated, _) => return None,
        (AccessState::Public, _) => Expr::call("rt::Access::public", []),
        (AccessState::Authenticated, _) => Expr::call("rt::Access::authenticated", []),
        (AccessState::Permissions, Require::All) => Expr::call("rt::Access::all", permissions()),
        (AccessState::Permissions, Require::Any) => Expr::call("rt::Access::any", permissions()),
    };
    let actors = (!access.actors.is_empty()).then(|| Expr::call("only", [Expr::literals(&access.actors)]));
    let scope = access.scope.as_ref().map(|scope| Expr::call("within", [Expr::literal(&scope.text)]));
    Some(rule.then(actors.into_iter().chain(scope).collect()))
}
