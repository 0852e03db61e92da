//! Routes that are the same, or that overlap without either being the more specific one.

use std::collections::BTreeMap;

use super::overlaps;
use crate::api::{Binding, Method, Package};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Position, Severity};
use crate::template::{PatternSegment, Segment, Wildcard};

/// What is to be told of a binding, known by its method and path builder.
pub(crate) type Places = BTreeMap<(String, String), Place>;

/// A binding as its file has it.
#[derive(Debug)]
pub(crate) struct Place {
    /// How to say its name.
    pub(crate) subject: String,
    pub(crate) position: Position,
    /// The host that serves it (`google.api.default_host`), if the service says.
    pub(crate) host: Option<String>,
}

pub(crate) fn check(packages: &[Package], places: &Places, problems: &mut Diagnostics) {
    let mut seen: BTreeMap<(&str, String), Vec<Route<'_>>> = BTreeMap::new();
    let mut by_size: BTreeMap<(Option<&str>, &str, usize), Vec<Route<'_>>> = BTreeMap::new();
    for route in all(packages, places) {
        let binding = route.binding;
        let same = seen.entry((binding.verb.as_str(), binding.template.shape())).or_default();
        if let Some(problem) = duplicate(&route, same) {
            problems.push(problem);
        } else if same.is_empty() {
            let segments = flat(binding);
            if segments.iter().all(|segment| *segment != Flat::Rest) {
                let key = (route.host(), binding.verb.as_str(), segments.len());
                by_size.entry(key).or_default().push(route);
            }
        }
        same.push(route);
    }
    // Routes with `**` are left out: among Google's they overlap by design, and the literal ones win.
    for routes in by_size.values() {
        let segments: Vec<Vec<Flat<'_>>> = routes.iter().map(|route| flat(route.binding)).collect();
        for (first, second) in overlaps::pairs(&segments) {
            let (first_segments, second_segments) = (&segments[first], &segments[second]);
            let (first, second) = (&routes[first], &routes[second]);
            if first.method.full_name != second.method.full_name
                && first.binding.template.verb == second.binding.template.verb
                && ambiguous(first_segments, second_segments)
            {
                problems.push(overlapping(second, first));
            }
        }
    }
}

pub(super) fn methods(packages: &[Package]) -> impl Iterator<Item = &Method> {
    packages.iter().flat_map(|package| &package.services).flat_map(|service| &service.methods)
}

/// The route of every binding.
pub(super) fn all<'a>(packages: &'a [Package], places: &'a Places) -> impl Iterator<Item = Route<'a>> {
    methods(packages).flat_map(|method| {
        method.bindings.iter().map(|binding| {
            let place = places.get(&(method.full_name.clone(), binding.builder.clone()));
            Route { method, binding, place }
        })
    })
}

#[derive(Clone, Copy)]
pub(super) struct Route<'a> {
    method: &'a Method,
    pub(super) binding: &'a Binding,
    place: Option<&'a Place>,
}

impl<'a> Route<'a> {
    fn host(&self) -> Option<&'a str> {
        self.place?.host.as_deref()
    }

    /// Whether it makes no difference which of the two is found: they check the same, and either answer the same or are
    /// served by different hosts.
    fn is_harmless_beside(&self, other: &Route<'_>) -> bool {
        let (a, b) = (self.method, other.method);
        let same_call = a.full_name != b.full_name
            && a.name == b.name
            && (&a.input, &a.output, a.client_streaming, a.server_streaming)
                == (&b.input, &b.output, b.client_streaming, b.server_streaming);
        let hosts_differ = matches!((self.host(), other.host()), (Some(a), Some(b)) if a != b);
        a.access == b.access && (same_call || hosts_differ)
    }

    pub(super) fn problem(&self, severity: Severity, code: Code, message: String, hint: &str) -> Diagnostic {
        Diagnostic {
            severity,
            code,
            position: self.place.map(|place| place.position.clone()),
            subject: self.place.map(|place| place.subject.clone()).unwrap_or_default(),
            message,
            hint: hint.to_owned(),
        }
    }
}

/// What is wrong with a route whose verb and template others have, too.
fn duplicate(route: &Route<'_>, others: &[Route<'_>]) -> Option<Diagnostic> {
    let first = others.first()?;
    let (first, severity, hint) = match others.iter().find(|other| !route.is_harmless_beside(other)) {
        Some(other) => (
            other,
            Severity::Error,
            "a server can serve only one of them, whatever the variables are called: \
             change the path or the verb",
        ),
        None => (
            first,
            Severity::Warning,
            "they are served by different hosts or are the same call: a look-up by path finds the first of them",
        ),
    };
    let whose = if first.method.full_name == route.method.full_name {
        "another binding of the same method".to_owned()
    } else {
        format!("`{}`", first.method.full_name)
    };
    let message = format!("`{} {}` is already the route of {whose}", route.binding.verb, route.binding.text);
    Some(route.problem(severity, Code::HttpDuplicateRoute, message, hint))
}

fn overlapping(route: &Route<'_>, first: &Route<'_>) -> Diagnostic {
    let message = format!(
        "`{} {}` and `{}` of `{}` can match the same path, and neither is more specific",
        route.binding.verb, route.binding.text, first.binding.text, first.method.full_name
    );
    let hint = "servers choose between them by rules of their own: \
                give one of them a literal that the other cannot match";
    route.problem(Severity::Warning, Code::HttpOverlappingRoute, message, hint)
}

/// One segment of a template, whether or not it belongs to a variable.
#[derive(Debug, PartialEq)]
pub(super) enum Flat<'a> {
    Literal(&'a str),
    One,
    Rest,
}

pub(super) fn flat(binding: &Binding) -> Vec<Flat<'_>> {
    let wildcard = |wildcard: Wildcard| if wildcard == Wildcard::One { Flat::One } else { Flat::Rest };
    let mut out = Vec::new();
    for segment in &binding.template.segments {
        match segment {
            Segment::Literal(text) => out.push(Flat::Literal(text)),
            Segment::Wildcard(kind) => out.push(wildcard(*kind)),
            Segment::Variable { pattern, .. } => out.extend(pattern.iter().map(|segment| match segment {
                PatternSegment::Literal(text) => Flat::Literal(text),
                PatternSegment::Wildcard(kind) => wildcard(*kind),
            })),
        }
    }
    out
}

/// Whether some path matches both, while each is more specific in one place.
fn ambiguous(a: &[Flat<'_>], b: &[Flat<'_>]) -> bool {
    let (mut a_wins, mut b_wins) = (false, false);
    for pair in a.iter().zip(b) {
        match pair {
            (Flat::Literal(x), Flat::Literal(y)) if x != y => return false,
            (Flat::Literal(_), Flat::One) => a_wins = true,
            (Flat::One, Flat::Literal(_)) => b_wins = true,
            _ => {}
        }
    }
    a_wins && b_wins
}
