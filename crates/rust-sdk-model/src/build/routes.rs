//! Routes that are the same, or that overlap without either being the more exact one.

use std::collections::BTreeMap;

use crate::api::{Binding, Method, Package};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Position, Severity};
use crate::template::{PatternSegment, Segment, Wildcard};

/// A method's place and how to say its name.
pub(crate) type Places = BTreeMap<String, (String, Position)>;

pub(crate) fn check(packages: &[Package], places: &Places, problems: &mut Diagnostics) {
    let mut seen: BTreeMap<(String, String), &Method> = BTreeMap::new();
    let mut by_size: BTreeMap<(&str, usize), Vec<(&Method, &Binding)>> = BTreeMap::new();
    let methods = packages.iter().flat_map(|package| &package.services).flat_map(|service| &service.methods);
    for method in methods {
        for binding in &method.bindings {
            let key = (binding.verb.clone(), binding.template.shape());
            if let Some(first) = seen.get(&key) {
                let message =
                    format!("`{} {}` is the route of `{}`, too", binding.verb, binding.text, first.full_name);
                let hint = "a server can serve one of them only: change the path or the verb";
                push(problems, places, method, Severity::Error, Code::HttpDuplicateRoute, message, hint);
                continue;
            }
            seen.insert(key, method);
            let segments = flat(binding);
            if segments.iter().all(|segment| *segment != Flat::Rest) {
                by_size.entry((&binding.verb, segments.len())).or_default().push((method, binding));
            }
        }
    }
    // Routes with `**` are left out: among Google's they overlap by design, and the literal ones win.
    for candidates in by_size.values() {
        for (index, (first, a)) in candidates.iter().enumerate() {
            for (second, b) in &candidates[index + 1..] {
                if first.full_name != second.full_name && ambiguous(a, b) {
                    let message = format!(
                        "`{} {}` and `{}` of `{}` match the same paths, and neither is the more exact",
                        b.verb, b.text, a.text, first.full_name
                    );
                    let hint = "servers pick one of them by rules of their own: give one a literal where the other has a variable";
                    push(
                        problems,
                        places,
                        second,
                        Severity::Warning,
                        Code::HttpOverlappingRoute,
                        message,
                        hint,
                    );
                }
            }
        }
    }
}

fn push(
    problems: &mut Diagnostics,
    places: &Places,
    method: &Method,
    severity: Severity,
    code: Code,
    message: String,
    hint: &str,
) {
    let (subject, position) =
        places.get(&method.full_name).cloned().map_or((String::new(), None), |(s, p)| (s, Some(p)));
    problems.push(Diagnostic { severity, code, position, subject, message, hint: hint.to_owned() });
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

/// Whether some path matches both, while each is more exact in one place.
fn ambiguous(a: &Binding, b: &Binding) -> bool {
    if a.template.verb != b.template.verb {
        return false;
    }
    let (mut a_wins, mut b_wins) = (false, false);
    for pair in flat(a).iter().zip(&flat(b)) {
        match pair {
            (Flat::Literal(x), Flat::Literal(y)) if x != y => return false,
            (Flat::Literal(_), Flat::One) => a_wins = true,
            (Flat::One, Flat::Literal(_)) => b_wins = true,
            _ => {}
        }
    }
    a_wins && b_wins
}
