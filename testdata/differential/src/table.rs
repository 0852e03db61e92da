//! Random APIs: methods with access rules and HTTP bindings, as generated code states them.

use std::fmt;

use rust_sdk_runtime::http::{Binding, Body};
use rust_sdk_runtime::http::{Part, Segment};
use rust_sdk_runtime::method::MethodSchemas;
use rust_sdk_runtime::{Access, Api, Method, Service, Streaming};

use crate::message::{Scope, item};
use crate::random::Random;

/// The services that there may be. One has no package.
pub(crate) const SERVICES: [&str; 4] = ["h.v1.S0", "h.v1.S1", "h.S2", "S3"];
/// Their methods.
pub(crate) const METHODS: [&str; 4] = ["M0", "M1", "M2", "M3"];
/// Literals of templates: few, so that routes overlap; some read as gRPC paths, some are escaped or could be.
pub(crate) const LITERALS: [&str; 12] =
    ["a", "a", "b", "b", "v1", "ab", "a%62", "%7E", "~", "h.v1.S0", "S3", "M0"];
/// Custom verbs.
pub(crate) const CUSTOM_VERBS: [&str; 3] = ["go", "do", "g%6F"];
const VERBS: [&str; 12] =
    ["GET", "GET", "GET", "POST", "POST", "POST", "PUT", "DELETE", "*", "*", "HEAD", "OPTIONS"];

/// An API and its bindings.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) api: &'static Api,
    pub(crate) routes: Vec<Route>,
}

/// One binding of one method.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) method: &'static Method,
    pub(crate) binding: &'static Binding,
    pub(crate) template: Template,
}

impl Route {
    pub(crate) fn scope(&self) -> Option<Scope> {
        Scope::of(self.method.access().scope()?)
    }
}

/// A template in pieces.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Template {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) custom: Option<&'static str>,
}

/// A literal, a wildcard, or a variable.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Piece {
    pub(crate) field: Option<&'static str>,
    pub(crate) pattern: Vec<Segment>,
}

impl Template {
    pub(crate) fn segments(&self) -> impl DoubleEndedIterator<Item = Segment> {
        self.pieces.iter().flat_map(|piece| piece.pattern.iter().copied())
    }

    /// `/a/{account_id}/{name=b/**}:go`.
    pub(crate) fn text(&self) -> String {
        let pieces = self.pieces.iter().map(|Piece { field, pattern }| {
            let pattern: Vec<&str> = pattern.iter().map(|segment| segment_text(*segment)).collect();
            match (field, pattern.join("/")) {
                (None, pattern) => format!("/{pattern}"),
                (Some(field), pattern) if pattern == "*" => format!("/{{{field}}}"),
                (Some(field), pattern) => format!("/{{{field}={pattern}}}"),
            }
        });
        let path = if self.pieces.is_empty() { "/".to_owned() } else { pieces.collect::<String>() };
        path + &self.custom.map(|verb| format!(":{verb}")).unwrap_or_default()
    }

    /// What generated code holds.
    fn parts(&self) -> &'static [Part] {
        let mut parts = Vec::new();
        let mut literal = String::new();
        for Piece { field, pattern } in &self.pieces {
            literal.push('/');
            let part = match (field, &pattern[..]) {
                (Some(field), pattern) => Part::Variable(field, pattern.to_vec().leak()),
                (None, [Segment::Literal(text)]) => {
                    literal += text;
                    continue;
                }
                (None, pattern) => Part::Wildcard(pattern[0]),
            };
            parts.push(Part::Literal(std::mem::take(&mut literal).leak()));
            parts.push(part);
        }
        if self.pieces.is_empty() {
            literal.push('/');
        }
        if let Some(verb) = self.custom {
            literal = literal + ":" + verb;
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(literal.leak()));
        }
        parts.leak()
    }
}

fn segment_text(segment: Segment) -> &'static str {
    match segment {
        Segment::Literal(text) => text,
        Segment::Any => "*",
        Segment::Rest => "**",
    }
}

impl Table {
    pub(crate) fn random(random: &mut Random) -> Self {
        let mut seen: Vec<(&str, Template)> = Vec::new();
        let mut services: Vec<&'static Service> = Vec::new();
        let (services_there, methods_there) = (1 + random.below(SERVICES.len()), 1 + random.below(3));
        for service in &SERVICES[..services_there] {
            let mut methods = Vec::new();
            for name in &METHODS[..=random.below(methods_there)] {
                methods.push(method(random, format!("/{service}/{name}").leak(), &mut seen));
            }
            let schemas = |_| Some(MethodSchemas::new(item, item));
            let service = Service::new(service, methods.leak()).schemas(schemas);
            services.push(Box::leak(Box::new(service)));
        }
        let api: &'static Api = Box::leak(Box::new(Api::new(services.leak())));
        let bindings =
            api.methods().flat_map(|method| method.bindings().map(move |binding| (method, binding)));
        let routes = bindings
            .zip(seen)
            .map(|((method, binding), (_, template))| Route { method, binding, template })
            .collect();
        Self { api, routes }
    }
}

fn method(random: &mut Random, path: &'static str, seen: &mut Vec<(&'static str, Template)>) -> Method {
    let streaming = random.of(&[Streaming::Unary, Streaming::Unary, Streaming::Unary, Streaming::Client]);
    let scope = random.of(&Scope::ALL);
    let access = match random.below(6) {
        0 => Access::public(),
        1 => Access::authenticated().within(scope.path()),
        2 => Access::authenticated(),
        _ => Access::all(&["p"]).within(scope.path()),
    };
    let mut bindings = Vec::new();
    for _ in 0..random.of(&[0, 1, 1, 1, 2, 3]) {
        let verb = random.of(&VERBS);
        // Routes that are alike are those that are mistaken for each other.
        let alike = if seen.is_empty() { None } else { seen.get(random.below(2 * seen.len())).cloned() };
        let template = match alike {
            Some((_, other)) => like(random, other),
            None => template(random, scope),
        };
        // Of two that are the same to a router a server can have one alone.
        let is_same = |(other_verb, other): &(&str, Template)| {
            *other_verb == verb && other.custom == template.custom && other.segments().eq(template.segments())
        };
        if seen.iter().any(is_same) {
            continue;
        }
        let mut binding = Binding::new(verb, template.text().leak(), template.parts());
        let body = random.of(&["", "", "*", "*", "part", "holder"]);
        let is_free = |field: &str| template.pieces.iter().all(|piece| piece.field != Some(field));
        if !matches!(verb, "GET" | "HEAD") && !body.is_empty() && is_free(body) {
            binding = binding.body(body);
        }
        seen.push((verb, template));
        bindings.push(binding);
    }
    let mut method = Method::new(path, streaming).requires(access);
    if !bindings.is_empty() {
        method = method.binding(bindings.remove(0)).additional(bindings.leak());
    }
    method
}

fn template(random: &mut Random, scope: Scope) -> Template {
    if random.once_in(40) {
        return Template { pieces: Vec::new(), custom: None };
    }
    let mut pieces: Vec<Piece> = Vec::new();
    let mut fields = vec!["name", "part.name", "holder.name", scope.path(), scope.path()];
    let count = 1 + random.below(4);
    for index in 0..count {
        let mut pattern = vec![match random.below(10) {
            0..5 => Segment::Literal(random.of(&LITERALS)),
            _ => Segment::Any,
        }];
        // Behind a `**` there is no other one.
        let behind_rest = pieces.iter().any(|piece| piece.pattern.contains(&Segment::Rest));
        if behind_rest {
            let literal = Segment::Literal(random.of(&LITERALS));
            pattern = vec![if random.once_in(3) { Segment::Any } else { literal }];
        } else if random.once_in(if index + 1 == count { 5 } else { 10 }) {
            pattern = vec![Segment::Rest];
        }
        let mut field = None;
        let is_literal = matches!(pattern[0], Segment::Literal(_));
        if (!is_literal || random.once_in(12)) && !random.once_in(8) && !fields.is_empty() {
            let chosen = random.of(&fields);
            fields.retain(|other| *other != chosen);
            field = Some(chosen);
            if !is_literal && random.once_in(5) {
                pattern.insert(0, Segment::Literal(random.of(&LITERALS)));
            }
            match pattern[..] {
                [Segment::Any] if random.once_in(8) => pattern.push(Segment::Any),
                [Segment::Rest] if random.once_in(8) => pattern.push(Segment::Literal(random.of(&LITERALS))),
                _ => {}
            }
        }
        pieces.push(Piece { field, pattern });
    }
    let custom = random.once_in(4).then(|| random.of(&CUSTOM_VERBS));
    Template { pieces, custom }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for method in self.api.methods() {
            let access = method.access();
            write!(
                f,
                "{} {:?} {:?} within {:?}",
                method.path(),
                method.streaming(),
                access.rule(),
                access.scope()
            )?;
            for binding in method.bindings() {
                write!(f, "\n    {} {} {:?}", binding.verb(), binding.template(), binding.request_body())?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// A template that differs in one thing.
fn like(random: &mut Random, mut template: Template) -> Template {
    if template.pieces.is_empty() {
        return template;
    }
    let at = random.below(template.pieces.len());
    match random.below(4) {
        0 => template.custom = random.once_in(2).then(|| random.of(&CUSTOM_VERBS)),
        1 => template.custom = template.custom.is_none().then(|| random.of(&CUSTOM_VERBS)),
        2 if template.pieces.len() > 1 => drop(template.pieces.pop()),
        _ if template.pieces[at].pattern == [Segment::Any] => {
            template.pieces[at].pattern = vec![Segment::Literal(random.of(&LITERALS))];
        }
        _ => {}
    }
    template
}

/// Where a binding has the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
    /// The whole of the body.
    Body,
    /// A field of the message, which is the body.
    BodyField,
}

impl Route {
    pub(crate) fn place(&self, scope: Scope) -> Place {
        let is_variable = |piece: &Piece| piece.field == Some(scope.path());
        match self.binding.request_body() {
            _ if self.template.pieces.iter().any(is_variable) => Place::Path,
            Body::All => Place::Body,
            Body::Field(name) if scope.path().split('.').next() == Some(name) => Place::BodyField,
            Body::Field(_) | Body::None => Place::Query,
        }
    }
}
