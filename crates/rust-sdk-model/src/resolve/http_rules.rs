//! The HTTP rules of a method: `google.api.http`, or the rule of a service configuration, which replaces the annotation.

use prost_reflect::{DynamicMessage, Value};

use super::context::{AnnotationError, MethodContext};
use super::service_config::Stated;
use crate::api::RejectedBinding;
use crate::config::HttpRule;
use crate::diagnostic::{Code, Position};

/// The extension's number (`google/api/annotations.proto`).
const HTTP_EXTENSION: u32 = 72_295_728;

/// The rules of one method.
pub(crate) struct Rules {
    pub(crate) position: Position,
    /// The primary one first.
    pub(crate) rules: Vec<StatedRule>,
}

/// A rule, or why it is none.
pub(crate) struct StatedRule {
    pub(crate) rule: Result<Rule, AnnotationError>,
    /// Whether it is an additional binding that has additional bindings of its own.
    pub(crate) is_nested: bool,
}

/// A rule as stated.
pub(crate) struct Rule {
    pub(crate) verb: String,
    pub(crate) path: String,
    pub(crate) body: String,
    pub(crate) response_body: String,
}

impl Rule {
    pub(crate) fn rejected(self) -> RejectedBinding {
        let Self { verb, path, body, response_body } = self;
        RejectedBinding { verb, text: path, body, response_body }
    }
}

impl Rules {
    /// The rules of a method: those of a configuration, else those of the annotation.
    pub(crate) fn of(context: &MethodContext<'_>, stated: Option<&Stated<'_, HttpRule>>) -> Self {
        match stated {
            Some(stated) => Self::stated(stated),
            None => Self::annotated(context),
        }
    }

    fn stated(stated: &Stated<'_, HttpRule>) -> Self {
        let rule = &stated.value;
        let own = (!is_empty_rule(rule)).then(|| StatedRule { rule: of_config(rule), is_nested: false });
        let additional = rule
            .additional
            .iter()
            .map(|rule| StatedRule { rule: of_config(rule), is_nested: !rule.additional.is_empty() });
        let rules = own.into_iter().chain(additional).collect();
        Self { position: stated.position(rule.mark), rules }
    }

    fn annotated(context: &MethodContext<'_>) -> Self {
        let position = context.option_position(HTTP_EXTENSION, 0);
        let options = context.descriptor.options();
        let Some(rule) = options
            .extensions()
            .find(|(extension, _)| extension.number() == HTTP_EXTENSION)
            .and_then(|(_, value)| value.as_message().cloned())
        else {
            return Self { position, rules: Vec::new() };
        };
        let own = (!is_empty(&rule)).then(|| StatedRule { rule: of_annotation(&rule), is_nested: false });
        let additional = additional(&rule);
        let additional = additional.iter().map(|rule| StatedRule {
            rule: of_annotation(rule),
            is_nested: !self::additional(rule).is_empty(),
        });
        let rules = own.into_iter().chain(additional).collect();
        Self { position, rules }
    }
}

/// Whether the rule states no binding of its own: `option (google.api.http) = {}` takes a method out of REST, and a rule may have
/// only additional bindings.
fn is_empty(rule: &DynamicMessage) -> bool {
    rule.fields().all(|(field, _)| matches!(field.name(), "selector" | "additional_bindings"))
}

fn is_empty_rule(rule: &HttpRule) -> bool {
    rule.pattern.is_none() && rule.body.is_empty() && rule.response_body.is_empty()
}

fn additional(rule: &DynamicMessage) -> Vec<DynamicMessage> {
    let value = rule.get_field_by_name("additional_bindings");
    let list = value.as_deref().and_then(Value::as_list).unwrap_or_default();
    list.iter().filter_map(|item| item.as_message().cloned()).collect()
}

fn text(rule: &DynamicMessage, field: &str) -> String {
    rule.get_field_by_name(field).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn of_config(rule: &HttpRule) -> Result<Rule, AnnotationError> {
    checked(rule.pattern.clone(), rule.body.clone(), rule.response_body.clone())
}

fn of_annotation(rule: &DynamicMessage) -> Result<Rule, AnnotationError> {
    let mut found = None;
    for (field, verb) in
        [("get", "GET"), ("put", "PUT"), ("post", "POST"), ("delete", "DELETE"), ("patch", "PATCH")]
    {
        if rule.has_field_by_name(field) {
            found = Some((verb.to_owned(), text(rule, field)));
        }
    }
    if rule.has_field_by_name("custom") {
        let custom = rule.get_field_by_name("custom").and_then(|value| value.as_message().cloned());
        found = Some(custom.map(|custom| (text(&custom, "kind"), text(&custom, "path"))).unwrap_or_default());
    }
    checked(found, text(rule, "body"), text(rule, "response_body"))
}

const CUSTOM_HINT: &str = "write `custom: {kind: \"HEAD\" path: \"/…\"}`";

/// `tchar` of RFC 9110, section 5.6.2. It includes `*`, which means every verb.
fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

fn checked(
    pattern: Option<(String, String)>,
    body: String,
    response_body: String,
) -> Result<Rule, AnnotationError> {
    let Some((verb, path)) = pattern else {
        let hint = "write one of `get`, `put`, `post`, `delete`, `patch` and `custom`, with a path";
        return Err(AnnotationError::new(
            Code::HttpNoPattern,
            "the rule has no pattern (a verb and a path)",
            hint,
        ));
    };
    if verb.is_empty() {
        return Err(AnnotationError::new(
            Code::HttpEmptyCustomKind,
            "the custom pattern has no kind",
            CUSTOM_HINT,
        ));
    }
    if let Some(bad) = verb.chars().find(|c| !is_token(*c)) {
        let message = format!("the custom kind `{verb}` is not an HTTP method: it contains {bad:?}");
        return Err(AnnotationError::new(Code::HttpBadCharacter, message, CUSTOM_HINT));
    }
    Ok(Rule { verb, path, body, response_body })
}
