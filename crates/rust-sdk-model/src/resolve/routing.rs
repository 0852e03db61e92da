//! Routing headers (AIP-4222): `google.api.routing`, else the variables of the first HTTP binding.

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, Value};

use super::context::{AnnotationError, MethodContext};
use super::field_paths::{self, LeafKind};
use crate::api::{Binding, Routing, RoutingParameter};
use crate::diagnostic::{Code, Severity};
use crate::naming;
use crate::options::RoutingHeaders;

/// `google.api.routing` (`google/api/routing.proto`).
const ROUTING_EXTENSION: u32 = 72_295_729;

/// Describes the routing header of a method. `host` is the service's default host.
pub(crate) fn describe(context: &mut MethodContext<'_>, bindings: &[Binding], host: Option<&str>) -> Routing {
    // The headers of a stream of requests are sent before the first request.
    if context.options.routing_headers == RoutingHeaders::Off || context.descriptor.is_client_streaming() {
        return Routing::None;
    }
    let options = context.descriptor.options();
    let rule = options.extensions().find(|(extension, _)| extension.number() == ROUTING_EXTENSION);
    if let Some(rule) = rule.and_then(|(_, value)| value.as_message()) {
        return stated(context, rule);
    }
    if context.options.routing_headers == RoutingHeaders::Auto && !host.is_some_and(is_google) {
        return Routing::None;
    }
    let Some(first) = bindings.first() else { return Routing::None };
    let input = context.descriptor.input();
    let fields: Vec<Vec<u32>> = first
        .template
        .variables()
        .map(|(path, _)| {
            let steps = field_paths::resolve(&input, path).unwrap_or_default();
            text_field(&steps).unwrap_or_default()
        })
        .collect();
    if fields.iter().all(Vec::is_empty) { Routing::None } else { Routing::Variables(fields) }
}

/// Whether Google's front ends serve the host. They are what reads the header.
fn is_google(host: &str) -> bool {
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    host == "googleapis.com" || host.ends_with(".googleapis.com")
}

/// The numbers on the way to a field; `None` if it does not hold text.
fn text_field(steps: &[FieldDescriptor]) -> Option<Vec<u32>> {
    let target = steps.last()?;
    let mut numbers: Vec<u32> = steps.iter().map(FieldDescriptor::number).collect();
    match target.kind() {
        _ if target.is_list() || target.is_map() => return None,
        Kind::String => {}
        Kind::Message(message) => match field_paths::leaf_kind(&message) {
            LeafKind::Wrapper(Kind::String) => numbers.push(1),
            _ => return None,
        },
        _ => return None,
    }
    Some(numbers)
}

/// The parameters of `google.api.routing`. A rule without parameters means that calls have no header.
fn stated(context: &mut MethodContext<'_>, rule: &DynamicMessage) -> Routing {
    let list = rule.get_field_by_name("routing_parameters");
    let list = list.as_deref().and_then(Value::as_list).unwrap_or_default();
    let mut parameters = Vec::with_capacity(list.len());
    for item in list.iter().filter_map(Value::as_message) {
        match parameter(context, item) {
            Ok(parameter) => parameters.push(parameter),
            Err(error) => {
                let position = context.option_position(ROUTING_EXTENSION, 0);
                context.report(Severity::Error, position, "", error);
            }
        }
    }
    if parameters.is_empty() { Routing::None } else { Routing::Parameters(parameters) }
}

fn parameter(
    context: &MethodContext<'_>,
    item: &DynamicMessage,
) -> Result<RoutingParameter, AnnotationError> {
    let text = |name: &str| {
        let value = item.get_field_by_name(name);
        value.as_deref().and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let path = text("field");
    let input = context.descriptor.input();
    let steps = field_paths::resolve(&input, &path).map_err(|problem| {
        let message = format!("the routing parameter does not resolve: {}", problem.message);
        AnnotationError::new(Code::RoutingUnknownField, message, problem.hint)
    })?;
    let field = text_field(&steps).ok_or_else(|| {
        let message = format!("the routing parameter `{path}` is not a string");
        AnnotationError::new(Code::RoutingFieldType, message, "name a singular field of the type `string`")
    })?;
    let template = match text("path_template") {
        template if template.is_empty() => format!("{{{path}=**}}"),
        template => check(&template).map_err(|problem| {
            let message = format!("the path template `{template}` {problem}");
            let hint = "write one variable with a pattern, such as `projects/*/{zone=zones/*}/**`";
            AnnotationError::new(Code::RoutingTemplate, message, hint)
        })?,
    };
    Ok(RoutingParameter { template, field })
}

/// Checks a template. `{zone}` means `{zone=*}`.
fn check(template: &str) -> Result<String, String> {
    let (before, rest) = template.split_once('{').ok_or("has no variable")?;
    let (variable, after) = rest.split_once('}').ok_or("has a variable without an end")?;
    if after.contains(['{', '}']) || before.contains('}') || variable.contains('{') {
        return Err("has more than one variable".to_owned());
    }
    let (name, pattern) = variable.split_once('=').unwrap_or((variable, "*"));
    if !name.split('.').all(naming::is_identifier) {
        return Err(format!("has the variable `{name}`, which is not an identifier"));
    }
    let starts = before.is_empty() || before.ends_with('/');
    let ends = after.is_empty() || after.starts_with('/');
    if !starts || !ends {
        return Err("has a variable that is only a part of a segment".to_owned());
    }
    let segments = || {
        let around = [before.strip_suffix('/'), Some(pattern), after.strip_prefix('/')];
        around.into_iter().flatten().flat_map(|text| text.split('/'))
    };
    if let Some(bad) = segments().find(|segment| !is_segment(segment)) {
        return Err(if bad.is_empty() {
            "has an empty segment".to_owned()
        } else {
            format!("has the segment `{bad}`, which is neither `*`, `**` nor a literal")
        });
    }
    // More would make a match ambiguous, and slow for hostile values.
    if segments().filter(|segment| *segment == "**").count() > 2 {
        return Err("has more than two `**`".to_owned());
    }
    Ok(format!("{before}{{{name}={pattern}}}{after}"))
}

fn is_segment(segment: &str) -> bool {
    matches!(segment, "*" | "**")
        || !segment.is_empty()
            && segment.chars().all(|c| c.is_ascii_alphanumeric() || "-_.~:@!$&'()+,;=%".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_checked() {
        for (template, checked) in [
            ("{zone}", "{zone=*}"),
            ("{a.zone=**}", "{a.zone=**}"),
            ("ports/*/{dock=docks/*}/**", "ports/*/{dock=docks/*}/**"),
            ("**/{dock=docks/*}/**", "**/{dock=docks/*}/**"),
        ] {
            assert_eq!(check(template).as_deref(), Ok(checked));
        }
        for (template, problem) in [
            ("ports/*", "has no variable"),
            ("ports/{dock", "has a variable without an end"),
            ("{a}/{b}", "has more than one variable"),
            ("{a={b}}", "has more than one variable"),
            ("{1a}", "is not an identifier"),
            ("{=*}", "is not an identifier"),
            ("x{a}", "only a part of a segment"),
            ("{a}x", "only a part of a segment"),
            ("ports//{a}", "has an empty segment"),
            ("/ports/{a}", "has an empty segment"),
            ("{a=}", "has an empty segment"),
            ("{a=x*}", "which is neither"),
            ("**/{a=**}/**", "more than two"),
        ] {
            let told = check(template).unwrap_err();
            assert!(told.contains(problem), "{template}: {told}");
        }
    }

    #[test]
    fn hosts_below_googles_domain_are_googles() {
        for host in ["googleapis.com", "docks.googleapis.com", "eu.docks.googleapis.com:443"] {
            assert!(is_google(host), "{host}");
        }
        for host in ["example.com", "notgoogleapis.com", "googleapis.com.example.com", ""] {
            assert!(!is_google(host), "{host}");
        }
    }
}
