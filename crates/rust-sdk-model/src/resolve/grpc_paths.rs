//! HTTP templates that match the path of a gRPC method.
//!
//! A gRPC server looks at the path alone, not at the verb and the content type. So a request that was checked by the
//! rule of the HTTP route would run the gRPC method. The runtime's access layer rejects such a request; a generated server
//! must not have such a route.

use std::collections::BTreeSet;

use super::routes::{self, BindingSources, LeftOut};
use crate::api::{Method, Package};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::options::Options;
use crate::paths::Part;

pub(crate) fn check(
    packages: &mut [Package],
    sources: &BindingSources,
    options: &Options,
    problems: &mut Diagnostics,
) {
    let left_out = find(packages, sources, options, problems);
    routes::leave_out(packages, &left_out);
}

fn find(
    packages: &[Package],
    sources: &BindingSources,
    options: &Options,
    problems: &mut Diagnostics,
) -> LeftOut {
    let mut left_out = LeftOut::new();
    let methods = || routes::methods(packages);
    let paths: Vec<(&Method, [Part; 2])> = methods().map(|method| (method, path(method))).collect();
    let services: BTreeSet<&str> =
        methods().filter_map(|method| Some(method.full_name.split_once('/')?.0)).collect();
    for route in routes::all(packages, sources) {
        // Method names have no colon.
        if route.binding.template.verb.is_some() {
            continue;
        }
        let segments = Part::row(&route.binding.template);
        let (rests, others): (Vec<_>, Vec<_>) = segments.iter().partition(|segment| **segment == Part::Rest);
        if others.len() > 2 || (others.len() < 2 && rests.is_empty()) {
            continue;
        }
        // Most templates begin with a literal that is not a service's name.
        if let Some(Part::Literal(text)) = segments.first()
            && !services.contains(text.as_str())
        {
            continue;
        }
        let mut matched = paths.iter().filter(|(_, path)| Part::meet(path, &segments));
        let Some((first, _)) = matched.next() else { continue };
        let others = match matched.count() {
            0 => String::new(),
            1 => ", and that of one other method".to_owned(),
            count => format!(", and those of {count} other methods"),
        };
        let message = format!(
            "`{} {}` can match the path of the gRPC method `{}`{others}",
            route.binding.verb, route.binding.text, first.full_name
        );
        let hint = "begin the path with a literal that is not a service, such as `/v1`: \
                    a gRPC server looks at the path alone and would run the method";
        let problem = route.problem(Severity::Error, Code::HttpGrpcPath, message, hint);
        problems.push_some(if options.server {
            let severity = route.unless_left_out(Code::HttpGrpcPath, options, &mut left_out);
            severity.map(|severity| Diagnostic { severity, ..problem })
        } else {
            route.with_level(problem, options)
        });
    }
    left_out
}

/// The two segments of a method's path: service and method.
fn path(method: &Method) -> [Part; 2] {
    let (service, name) = method.full_name.split_once('/').unwrap_or_default();
    [service, name].map(|segment| Part::Literal(segment.to_owned()))
}
