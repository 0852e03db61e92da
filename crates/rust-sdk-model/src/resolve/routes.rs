//! Reports routes that are the same, and routes that overlap although neither is more specific.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::{Binding, Method, Package};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Position, Severity};
use crate::options::{Level, Options};
use crate::paths::{Part, PathTree};

/// The sources of bindings, for reports, by method and path builder.
pub(crate) type BindingSources = BTreeMap<(String, String), BindingSource>;

/// A binding in its file.
#[derive(Debug)]
pub(crate) struct BindingSource {
    /// The binding's name in problems.
    pub(crate) subject: String,
    pub(crate) position: Position,
    /// The host that serves it (`google.api.default_host`), if stated.
    pub(crate) host: Option<String>,
}

/// The bindings that are left out, by method and path builder.
pub(super) type LeftOut = BTreeSet<(String, String)>;

pub(crate) fn check(
    packages: &mut [Package],
    sources: &BindingSources,
    options: &Options,
    problems: &mut Diagnostics,
) {
    let left_out = compare(packages, sources, options, problems);
    leave_out(packages, &left_out);
}

/// Moves bindings to the rejected bindings of their methods.
pub(super) fn leave_out(packages: &mut [Package], left_out: &LeftOut) {
    if left_out.is_empty() {
        return;
    }
    let services = packages.iter_mut().flat_map(|package| &mut package.services);
    for method in services.flat_map(|service| &mut service.methods) {
        let name = &method.full_name;
        let is_out = |binding: &mut Binding| left_out.contains(&(name.clone(), binding.builder.clone()));
        let out = method.bindings.extract_if(.., is_out);
        method.rejected_bindings.extend(out.map(Binding::rejected));
    }
}

/// Reports routes that are the same, and routes that overlap.
fn compare(
    packages: &[Package],
    sources: &BindingSources,
    options: &Options,
    problems: &mut Diagnostics,
) -> LeftOut {
    let mut left_out = LeftOut::new();
    let mut seen: BTreeMap<(&str, String), Vec<Route<'_>>> = BTreeMap::new();
    let mut by_host: BTreeMap<(Option<&str>, &str), Vec<Candidate<'_>>> = BTreeMap::new();
    for route in all(packages, sources) {
        let binding = route.binding;
        let same = seen.entry((binding.verb.as_str(), binding.template.shape())).or_default();
        if let Some(other) = same.iter().find(|other| !route.is_checked_as(other)) {
            let severity = route.unless_left_out(Code::HttpDuplicateRoute, options, &mut left_out);
            problems.push_some(severity.map(|severity| conflicting(&route, other, severity)));
            continue;
        }
        if let Some(first) = same.first() {
            let harmful = same.iter().find(|other| !route.is_harmless_beside(other));
            let problem = duplicate(&route, harmful.unwrap_or(first), harmful.is_some());
            problems.push_some(route.with_level(problem, options));
        } else {
            let parts = Part::row(&binding.template);
            if !parts.contains(&Part::Rest) {
                let key = (route.host(), binding.verb.as_str());
                by_host.entry(key).or_default().push(Candidate { route, parts });
            }
        }
        same.push(route);
    }
    // Routes with `**` are left out: those of Google's APIs overlap by design, and literals take precedence.
    for candidates in by_host.values() {
        overlaps(candidates, options, problems);
    }
    left_out
}

/// The most overlaps that are reported for one route. More would mean that most routes overlap.
const MOST_OVERLAPS: usize = 8;

struct Candidate<'a> {
    route: Route<'a>,
    parts: Vec<Part>,
}

/// Reports routes that may match the same path as an earlier route, if neither is more specific.
fn overlaps(candidates: &[Candidate<'_>], options: &Options, problems: &mut Diagnostics) {
    let tree = PathTree::new(candidates.iter().map(|candidate| candidate.parts.as_slice()));
    for (index, second) in candidates.iter().enumerate() {
        let mut near = tree.overlapping(&second.parts);
        near.retain(|other| *other < index);
        near.sort_unstable();
        let firsts = near.into_iter().map(|first| &candidates[first]).filter(|first| {
            first.route.method.full_name != second.route.method.full_name
                && first.route.binding.template.verb == second.route.binding.template.verb
                && ambiguous(&first.parts, &second.parts)
        });
        for first in firsts.take(MOST_OVERLAPS) {
            let problem = overlapping(&second.route, &first.route);
            problems.push_some(second.route.with_level(problem, options));
        }
    }
}

pub(super) fn methods(packages: &[Package]) -> impl Iterator<Item = &Method> {
    packages.iter().flat_map(|package| &package.services).flat_map(|service| &service.methods)
}

/// The route of every binding.
pub(super) fn all<'a>(
    packages: &'a [Package],
    sources: &'a BindingSources,
) -> impl Iterator<Item = Route<'a>> {
    methods(packages).flat_map(|method| {
        method.bindings.iter().map(|binding| {
            let source = sources.get(&(method.full_name.clone(), binding.builder.clone()));
            Route { method, binding, source }
        })
    })
}

#[derive(Clone, Copy)]
pub(super) struct Route<'a> {
    pub(super) method: &'a Method,
    pub(super) binding: &'a Binding,
    source: Option<&'a BindingSource>,
}

impl<'a> Route<'a> {
    pub(super) fn host(&self) -> Option<&'a str> {
        self.source?.host.as_deref()
    }

    pub(super) fn key(&self) -> (String, String) {
        (self.method.full_name.clone(), self.binding.builder.clone())
    }

    /// The problem with the severity that the options give it.
    pub(super) fn with_level(&self, mut problem: Diagnostic, options: &Options) -> Option<Diagnostic> {
        problem.severity = options.severity(problem.code, &self.method.full_name, problem.severity)?;
        Some(problem)
    }

    /// The severity of a problem with which the route must not exist: an error, unless the options lower it. Then the
    /// route is left out.
    pub(super) fn unless_left_out(
        &self,
        code: Code,
        options: &Options,
        left_out: &mut LeftOut,
    ) -> Option<Severity> {
        let level = match options.stated_level(code, &self.method.full_name) {
            None if !options.rest => Level::Allow,
            stated => stated.unwrap_or(Level::Deny),
        };
        if level != Level::Deny {
            left_out.insert(self.key());
        }
        level.severity()
    }

    /// Whether a server checks the same for both routes: the same rule, for an account in the same position.
    fn is_checked_as(&self, other: &Route<'_>) -> bool {
        let (a, b) = (self.method, other.method);
        let has_same_account = || {
            (&a.input, &self.binding.template, &self.binding.body)
                == (&b.input, &other.binding.template, &other.binding.body)
        };
        a.access == b.access && (a.access.scope.is_none() || has_same_account())
    }

    /// Whether a look-up may find either route: they are the same call, or served by different hosts.
    fn is_harmless_beside(&self, other: &Route<'_>) -> bool {
        let (a, b) = (self.method, other.method);
        let same_call = a.full_name != b.full_name
            && a.name == b.name
            && (&a.input, &a.output, a.client_streaming, a.server_streaming)
                == (&b.input, &b.output, b.client_streaming, b.server_streaming);
        let hosts_differ = matches!((self.host(), other.host()), (Some(a), Some(b)) if a != b);
        same_call || hosts_differ
    }

    pub(super) fn problem(&self, severity: Severity, code: Code, message: String, hint: &str) -> Diagnostic {
        Diagnostic {
            severity,
            code,
            position: self.source.map(|source| source.position.clone()),
            subject: self.source.map(|source| source.subject.clone()).unwrap_or_default(),
            message,
            hint: hint.to_owned(),
        }
    }
}

/// The problem of a route with the verb and template of another route. Both have the same access.
fn duplicate(route: &Route<'_>, other: &Route<'_>, is_harmful: bool) -> Diagnostic {
    let (severity, hint) = if is_harmful {
        let hint = "change the path or the verb: names of variables do not matter, so a server can \
                    serve only one of the two";
        (Severity::Error, hint)
    } else {
        let hint = "a look-up by path finds the first route; that is harmless, since they have different hosts or are the same call";
        (Severity::Warning, hint)
    };
    route.problem(severity, Code::HttpDuplicateRoute, already(route, other), hint)
}

/// The problem of such a route with another access rule. A look-up would find the rule of the wrong method.
fn conflicting(route: &Route<'_>, other: &Route<'_>, severity: Severity) -> Diagnostic {
    let message =
        format!("{}, which has another access rule, or its account elsewhere", already(route, other));
    let hint = format!(
        "change the path or the verb, or leave the route out with `warn={}@{}`",
        Code::HttpDuplicateRoute,
        route.method.full_name
    );
    route.problem(severity, Code::HttpDuplicateRoute, message, &hint)
}

fn already(route: &Route<'_>, other: &Route<'_>) -> String {
    let whose = if other.method.full_name == route.method.full_name {
        "another binding of the same method".to_owned()
    } else {
        format!("`{}`", other.method.full_name)
    };
    format!("`{} {}` is already the route of {whose}", route.binding.verb, route.binding.text)
}

fn overlapping(route: &Route<'_>, first: &Route<'_>) -> Diagnostic {
    let message = format!(
        "`{} {}` and `{}` of `{}` can match the same path, and neither is more specific",
        route.binding.verb, route.binding.text, first.binding.text, first.method.full_name
    );
    let hint = "servers choose between them in different ways: \
                give one of them a literal that the other cannot match";
    route.problem(Severity::Warning, Code::HttpOverlappingRoute, message, hint)
}

/// Whether each of two overlapping routes is more specific than the other in some segment.
fn ambiguous(a: &[Part], b: &[Part]) -> bool {
    let wins =
        |a: &[Part], b: &[Part]| a.iter().zip(b).any(|pair| matches!(pair, (Part::Literal(_), Part::One)));
    wins(a, b) && wins(b, a)
}
