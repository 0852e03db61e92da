//! Routes that are the same, or that overlap without either being the more specific one.

use std::collections::BTreeMap;

use crate::api::{Binding, Method, Package};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Position, Severity};
use crate::template::{PatternSegment, Segment, Wildcard};

/// How to say the name of a binding, known by its method and path builder, and where it is.
pub(crate) type Places = BTreeMap<(String, String), (String, Position)>;

pub(crate) fn check(packages: &[Package], places: &Places, problems: &mut Diagnostics) {
    let mut routes = Routes { places, problems };
    let mut seen: BTreeMap<(&str, String), &Method> = BTreeMap::new();
    let mut by_size: BTreeMap<(&str, usize), Vec<Route<'_>>> = BTreeMap::new();
    let methods = packages.iter().flat_map(|package| &package.services).flat_map(|service| &service.methods);
    for method in methods {
        for binding in &method.bindings {
            let key = (binding.verb.as_str(), binding.template.shape());
            let segments = flat(binding);
            let route = Route { method, binding, segments };
            if let Some(first) = seen.get(&key) {
                routes.duplicate(&route, first);
                continue;
            }
            seen.insert(key, method);
            if route.segments.iter().all(|segment| *segment != Flat::Rest) {
                by_size.entry((&binding.verb, route.segments.len())).or_default().push(route);
            }
        }
    }
    // Routes with `**` are left out: among Google's they overlap by design, and the literal ones win.
    for candidates in by_size.values() {
        for (index, first) in candidates.iter().enumerate() {
            for second in &candidates[index + 1..] {
                if first.method.full_name != second.method.full_name && ambiguous(first, second) {
                    routes.overlapping(second, first);
                }
            }
        }
    }
}

struct Route<'a> {
    method: &'a Method,
    binding: &'a Binding,
    segments: Vec<Flat<'a>>,
}

struct Routes<'a> {
    places: &'a Places,
    problems: &'a mut Diagnostics,
}

impl Routes<'_> {
    fn duplicate(&mut self, route: &Route<'_>, first: &Method) {
        let whose = if first.full_name == route.method.full_name {
            "another binding of the same method".to_owned()
        } else {
            format!("`{}`", first.full_name)
        };
        let message =
            format!("`{} {}` is already the route of {whose}", route.binding.verb, route.binding.text);
        let hint = "a server can serve only one of them, whatever the variables are called: \
                    change the path or the verb";
        self.push(route, Severity::Error, Code::HttpDuplicateRoute, message, hint);
    }

    fn overlapping(&mut self, route: &Route<'_>, first: &Route<'_>) {
        let message = format!(
            "`{} {}` and `{}` of `{}` can match the same path, and neither is more specific",
            route.binding.verb, route.binding.text, first.binding.text, first.method.full_name
        );
        let hint = "servers choose between them by rules of their own: \
                    give one of them a literal that the other cannot match";
        self.push(route, Severity::Warning, Code::HttpOverlappingRoute, message, hint);
    }

    fn push(&mut self, route: &Route<'_>, severity: Severity, code: Code, message: String, hint: &str) {
        let key = (route.method.full_name.clone(), route.binding.builder.clone());
        let (subject, position) = self.places.get(&key).cloned().unzip();
        self.problems.push(Diagnostic {
            severity,
            code,
            position,
            subject: subject.unwrap_or_default(),
            message,
            hint: hint.to_owned(),
        });
    }
}

#[derive(Debug, PartialEq)]
enum Flat<'a> {
    Literal(&'a str),
    One,
    Rest,
}

fn flat(binding: &Binding) -> Vec<Flat<'_>> {
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
fn ambiguous(a: &Route<'_>, b: &Route<'_>) -> bool {
    if a.binding.template.verb != b.binding.template.verb {
        return false;
    }
    let (mut a_wins, mut b_wins) = (false, false);
    for pair in a.segments.iter().zip(&b.segments) {
        match pair {
            (Flat::Literal(x), Flat::Literal(y)) if x != y => return false,
            (Flat::Literal(_), Flat::One) => a_wins = true,
            (Flat::One, Flat::Literal(_)) => b_wins = true,
            _ => {}
        }
    }
    a_wins && b_wins
}
