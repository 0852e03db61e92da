//! Service configurations of Google's APIs (`google.api.Service`): the parts about clients.

use std::time::Duration;

use super::node::{Entry, Mark, Node, Value};
use super::reader::Reader;
use crate::diagnostic::Diagnostics;

/// What a file states about clients.
#[derive(Debug, Default)]
pub(crate) struct ServiceConfig {
    /// The services of the API, its own and those that it mixes in.
    pub(crate) apis: Vec<(Mark, String)>,
    /// The HTTP rules that replace those of annotations.
    pub(crate) http: Vec<HttpRule>,
    /// How clients make the calls of methods.
    pub(crate) methods: Vec<MethodSettings>,
}

/// A rule (`google.api.HttpRule`).
#[derive(Clone, Debug)]
pub(crate) struct HttpRule {
    pub(crate) mark: Mark,
    /// The full name of the method, `package.Service.Method`; empty in an additional binding.
    pub(crate) selector: String,
    /// The verb or custom kind, and the path.
    pub(crate) pattern: Option<(String, String)>,
    pub(crate) body: String,
    pub(crate) response_body: String,
    pub(crate) additional: Vec<HttpRule>,
}

/// How clients make the calls of one method (`google.api.MethodSettings`).
#[derive(Debug)]
pub(crate) struct MethodSettings {
    pub(crate) mark: Mark,
    /// The full name of the method, `package.Service.Method`.
    pub(crate) selector: String,
    /// The request fields that clients fill in.
    pub(crate) fields: Vec<(Mark, String)>,
    /// How often clients ask for the state of the method's operation.
    pub(crate) polling: Option<(Mark, PollingConfig)>,
}

/// How often clients ask for the state of an operation (`google.api.MethodSettings.LongRunning`). What is not stated has the default.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PollingConfig {
    pub(crate) first_delay: Option<Duration>,
    pub(crate) multiplier: Option<f64>,
    pub(crate) longest_delay: Option<Duration>,
    /// Zero stands for no limit.
    pub(crate) limit: Option<Duration>,
}

/// The fields of `google.api.Service`. Those that are not read here are about servers and documents.
const FIELDS: [&str; 28] = [
    "apis",
    "auditing",
    "authentication",
    "backend",
    "billing",
    "config_version",
    "context",
    "control",
    "documentation",
    "endpoints",
    "enums",
    "http",
    "id",
    "logging",
    "logs",
    "metrics",
    "monitored_resources",
    "monitoring",
    "name",
    "producer_project_id",
    "publishing",
    "quota",
    "source_info",
    "system_parameters",
    "title",
    "type",
    "types",
    "usage",
];
/// The fields of `google.protobuf.Api`.
const API: [&str; 8] =
    ["edition", "methods", "mixins", "name", "options", "source_context", "syntax", "version"];
/// The fields of `google.api.Publishing`.
const PUBLISHING: [&str; 11] = [
    "api_short_name",
    "codeowner_github_teams",
    "doc_tag_prefix",
    "documentation_uri",
    "github_label",
    "library_settings",
    "method_settings",
    "new_issue_uri",
    "organization",
    "proto_reference_documentation_uri",
    "rest_reference_documentation_uri",
];
/// The fields of `google.api.HttpRule`.
const RULE: [&str; 10] = [
    "selector",
    "get",
    "put",
    "post",
    "delete",
    "patch",
    "custom",
    "body",
    "response_body",
    "additional_bindings",
];

pub(super) fn read(path: &str, root: &Node, problems: &mut Diagnostics) -> ServiceConfig {
    let mut reader = Reader { path, problems };
    let mut config = ServiceConfig::default();
    if !is_service(root) {
        let hint = "name the file that begins with `type: google.api.Service`";
        reader.error(root.mark, "the file is not the configuration of a service", hint);
        return config;
    }
    for entry in reader.entries("the service", root, &FIELDS) {
        match entry.key.as_str() {
            "apis" => {
                for item in reader.list("`apis`", &entry.value) {
                    for field in reader.entries("`apis`", item, &API) {
                        if field.key == "name"
                            && let Some(name) = reader.text("`name`", &field.value)
                        {
                            config.apis.push((field.value.mark, name.to_owned()));
                        }
                    }
                }
            }
            "http" => config.http = reader.http(&entry.value),
            "publishing" => {
                for field in reader.entries("`publishing`", &entry.value, &PUBLISHING) {
                    if field.key == "method_settings" {
                        let items = reader.list("`method_settings`", &field.value);
                        config.methods.extend(items.iter().filter_map(|item| reader.method(item)));
                    }
                }
            }
            _ => {}
        }
    }
    config
}

fn is_service(root: &Node) -> bool {
    let Value::Map(entries) = &root.value else { return false };
    let is_type = |entry: &Entry| {
        entry.key == "type" && matches!(&entry.value.value, Value::Text(text) if text == "google.api.Service")
    };
    entries.iter().any(is_type)
}

impl Reader<'_> {
    fn http(&mut self, node: &Node) -> Vec<HttpRule> {
        let mut rules = Vec::new();
        for entry in self.entries("`http`", node, &["rules", "fully_decode_reserved_expansion"]) {
            if entry.key != "rules" {
                continue;
            }
            for item in self.list("`rules`", &entry.value) {
                let rule = self.rule(item, 0);
                if rule.selector.is_empty() {
                    let hint = "write `selector: package.Service.Method`";
                    self.error(rule.mark, "the rule has no selector", hint);
                } else if rule.selector.contains('*') {
                    let hint = "write one rule for each method";
                    self.error(rule.mark, format!("the selector `{}` is a pattern", rule.selector), hint);
                } else {
                    rules.push(rule);
                }
            }
        }
        rules
    }

    fn rule(&mut self, node: &Node, depth: u32) -> HttpRule {
        let mut rule = HttpRule {
            mark: node.mark,
            selector: String::new(),
            pattern: None,
            body: String::new(),
            response_body: String::new(),
            additional: Vec::new(),
        };
        for entry in self.entries("the rule", node, &RULE) {
            let (what, value) = (format!("`{}`", entry.key), &entry.value);
            match entry.key.as_str() {
                "selector" => self.set(&what, value, &mut rule.selector),
                "body" => self.set(&what, value, &mut rule.body),
                "response_body" => self.set(&what, value, &mut rule.response_body),
                // The model reports additional bindings of additional bindings.
                "additional_bindings" if depth < 2 => {
                    let items = self.list(&what, value);
                    rule.additional.extend(items.iter().map(|item| self.rule(item, depth + 1)));
                }
                "custom" => {
                    let (mut kind, mut path) = (String::new(), String::new());
                    for field in self.entries(&what, value, &["kind", "path"]) {
                        let place = if field.key == "kind" { &mut kind } else { &mut path };
                        self.set(&format!("`{}`", field.key), &field.value, place);
                    }
                    self.pattern(entry.mark, &mut rule, kind, path);
                }
                verb @ ("get" | "put" | "post" | "delete" | "patch") => {
                    let mut path = String::new();
                    self.set(&what, value, &mut path);
                    self.pattern(entry.mark, &mut rule, verb.to_ascii_uppercase(), path);
                }
                _ => {}
            }
        }
        rule
    }

    fn pattern(&mut self, mark: Mark, rule: &mut HttpRule, verb: String, path: String) {
        if rule.pattern.replace((verb, path)).is_some() {
            self.error(mark, "the rule has more than one pattern", "use `additional_bindings`");
        }
    }

    fn set(&mut self, what: &str, node: &Node, place: &mut String) {
        if let Some(text) = self.text(what, node) {
            text.clone_into(place);
        }
    }

    fn method(&mut self, node: &Node) -> Option<MethodSettings> {
        let mut method =
            MethodSettings { mark: node.mark, selector: String::new(), fields: Vec::new(), polling: None };
        let known = ["selector", "long_running", "auto_populated_fields", "batching"];
        for entry in self.entries("`method_settings`", node, &known) {
            match entry.key.as_str() {
                "selector" => self.set("`selector`", &entry.value, &mut method.selector),
                "long_running" => method.polling = Some((entry.mark, self.polling(&entry.value))),
                "auto_populated_fields" => {
                    for item in self.list("`auto_populated_fields`", &entry.value) {
                        let field = self.text("`auto_populated_fields`", item);
                        method.fields.extend(field.map(|field| (item.mark, field.to_owned())));
                    }
                }
                _ => {}
            }
        }
        if method.selector.is_empty() {
            self.error(
                node.mark,
                "`method_settings` has no selector",
                "write `selector: package.Service.Method`",
            );
            return None;
        }
        (!method.fields.is_empty() || method.polling.is_some()).then_some(method)
    }

    fn polling(&mut self, node: &Node) -> PollingConfig {
        let mut polling = PollingConfig::default();
        let known = ["initial_poll_delay", "poll_delay_multiplier", "max_poll_delay", "total_poll_timeout"];
        for entry in self.entries("`long_running`", node, &known) {
            let (what, value) = (format!("`{}`", entry.key), &entry.value);
            match entry.key.as_str() {
                "initial_poll_delay" => polling.first_delay = self.duration(&what, value),
                "max_poll_delay" => polling.longest_delay = self.duration(&what, value),
                "total_poll_timeout" => polling.limit = self.duration(&what, value),
                "poll_delay_multiplier" => {
                    let good = |n: &f64| n.is_finite() && *n >= 1.0 && *n <= 1000.0;
                    let hint = "write a number from 1 on, such as `1.5`";
                    polling.multiplier =
                        self.value(&what, value, hint, |text| text.parse().ok().filter(good));
                }
                _ => {}
            }
        }
        polling
    }
}
