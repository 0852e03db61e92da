//! The model's bindings in the form of generated code.

use std::fmt;
use std::mem;

use rust_sdk_model::api::{self, Package};
use rust_sdk_model::template::{PatternSegment, Segment as ModelSegment, Template, Wildcard};
use rust_sdk_runtime::http::{self, Binding, Part, Segment};
use rust_sdk_runtime::{Method, Service};

use super::samples::Sample;

/// One rule, twice: as the model has it, and as generated code does.
pub(super) struct Rule<'a> {
    pub(super) model: &'a api::Binding,
    pub(super) method: &'static Method,
    pub(super) binding: &'static Binding,
}

impl fmt::Display for Rule<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {}", self.method.full_name(), self.model.verb, self.model.text)
    }
}

impl Rule<'_> {
    pub(super) fn custom_verb(&self) -> Option<&str> {
        self.model.template.verb.as_deref()
    }

    pub(super) fn is_duplicate_of(&self, other: &Self) -> bool {
        self.model.verb == other.model.verb && self.model.template.shape() == other.model.template.shape()
    }

    /// The variables of the path and their values.
    pub(super) fn variables(&self, sample: &Sample) -> Vec<(&'static str, String)> {
        let slots = self.binding.parts().iter().filter(|part| !matches!(part, Part::Literal(_)));
        let pairs = slots.zip(&sample.values);
        pairs
            .filter_map(|(part, value)| match part {
                Part::Variable(field, _) => Some((*field, value.clone())),
                Part::Literal(_) | Part::Wildcard(_) => None,
            })
            .collect()
    }
}

/// The rules of an API. Tables of methods are static, so they stay in memory.
pub(super) struct Table<'a> {
    pub(super) services: &'static [&'static Service],
    pub(super) rules: Vec<Rule<'a>>,
    /// The methods with rules.
    pub(super) methods: usize,
    pub(super) left_out: Vec<String>,
}

impl<'a> Table<'a> {
    pub(super) fn new(packages: &[&'a Package]) -> Self {
        let mut table = Self { services: &[], rules: Vec::new(), methods: 0, left_out: Vec::new() };
        let mut services: Vec<&'static Service> = Vec::new();
        for service in packages.iter().flat_map(|package| &package.services) {
            let methods: &'static [Method] =
                service.methods.iter().map(|method| table.method(method)).collect::<Vec<_>>().leak();
            for (model, method) in service.methods.iter().zip(methods) {
                let bindings = model.bindings.iter().zip(method.bindings());
                table.rules.extend(bindings.map(|(model, binding)| Rule { model, method, binding }));
            }
            services.push(Box::leak(Box::new(Service::new(service.full_name.clone().leak(), methods))));
        }
        table.services = services.leak();
        table
    }

    fn method(&mut self, model: &api::Method) -> Method {
        let has_rules = !model.bindings.is_empty() || !model.rejected_bindings.is_empty();
        self.methods += usize::from(has_rules);
        let left_out = model.rejected_bindings.iter();
        self.left_out
            .extend(left_out.map(|rule| format!("{}: {} {}", model.full_name, rule.verb, rule.text)));
        let method = Method::unary(format!("/{}", model.full_name).leak());
        let mut bindings = model.bindings.iter().map(binding);
        match bindings.next() {
            Some(first) => method.binding(first).additional(bindings.collect::<Vec<_>>().leak()),
            None => method,
        }
    }
}

fn binding(model: &api::Binding) -> Binding {
    let template = http::Template::new(model.text.clone().leak(), parts(&model.template));
    let template = if model.needs_rest { template.needs_rest() } else { template };
    Binding::custom(model.verb.clone().leak(), template)
}

fn parts(template: &Template) -> &'static [Part] {
    let mut parts = Vec::new();
    let mut literal = String::new();
    for segment in &template.segments {
        literal.push('/');
        let part = match segment {
            ModelSegment::Literal(text) => {
                literal.push_str(text);
                continue;
            }
            ModelSegment::Wildcard(kind) => Part::Wildcard(wildcard(*kind)),
            ModelSegment::Variable { path, pattern } => {
                let pattern = pattern.iter().map(|segment| match segment {
                    PatternSegment::Literal(text) => Segment::Literal(text.clone().leak()),
                    PatternSegment::Wildcard(kind) => wildcard(*kind),
                });
                Part::Variable(path.clone().leak(), pattern.collect::<Vec<_>>().leak())
            }
        };
        parts.push(Part::Literal(mem::take(&mut literal).leak()));
        parts.push(part);
    }
    if template.segments.is_empty() {
        literal.push('/');
    }
    if let Some(verb) = &template.verb {
        literal = literal + ":" + verb;
    }
    if !literal.is_empty() {
        parts.push(Part::Literal(literal.leak()));
    }
    parts.leak()
}

fn wildcard(kind: Wildcard) -> Segment {
    match kind {
        Wildcard::One => Segment::Any,
        Wildcard::Rest => Segment::Rest,
    }
}
