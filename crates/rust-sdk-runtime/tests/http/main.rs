//! HTTP paths: building them, finding their routes, and that the one undoes the other.

mod build;
mod find;
mod resource_names;
mod round_trip;

use rust_sdk_runtime::http::{Binding, Part, Routes, Segment};
use rust_sdk_runtime::method::{Method, Service};

/// The binding of a template in the annotation's own syntax (a well-formed one).
fn binding(verb: &'static str, template: &'static str) -> Binding {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '*']) {
        literal.push_str(&rest[..at]);
        if !literal.is_empty() {
            parts.push(Part::Literal(std::mem::take(&mut literal).leak()));
        }
        if rest[at..].starts_with('*') {
            let width = rest[at..].bytes().take_while(|&byte| byte == b'*').count();
            parts.push(Part::Wildcard(segment(&rest[at..at + width])));
            rest = &rest[at + width..];
        } else {
            let (inner, after) = rest[at + 1..].split_once('}').unwrap();
            let (field, pattern) = inner.split_once('=').unwrap_or((inner, "*"));
            parts.push(Part::Variable(field, pattern.split('/').map(segment).collect::<Vec<_>>().leak()));
            rest = after;
        }
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(rest));
    }
    Binding::new(verb, template, parts.leak())
}

fn segment(text: &'static str) -> Segment {
    match text {
        "*" => Segment::Any,
        "**" => Segment::Rest,
        text => Segment::Literal(text),
    }
}

/// One service with a method for each `VERB /template`.
fn routes(templates: &[&'static str]) -> Routes {
    let bindings = templates.iter().map(|line| {
        let (verb, template) = line.split_once(' ').unwrap();
        binding(verb, template)
    });
    routes_of(bindings.collect())
}

fn routes_of(bindings: Vec<Binding>) -> Routes {
    let methods: Vec<Method> =
        bindings.into_iter().map(|binding| Method::unary("/test.v1.Test/Call").binding(binding)).collect();
    let service: &'static Service = Box::leak(Box::new(Service::new("test.v1.Test", methods.leak())));
    Routes::new(vec![service].leak())
}
