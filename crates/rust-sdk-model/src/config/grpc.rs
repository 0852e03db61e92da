//! gRPC service configs: the timeouts and retries of methods (gRFC A2, A6; `grpc/service_config/service_config.proto`).

use std::time::Duration;

use super::node::{Mark, Node};
use super::reader::Reader;
use crate::diagnostic::Diagnostics;

/// What a file states about some methods.
#[derive(Debug)]
pub(crate) struct MethodConfig {
    pub(crate) names: Vec<MethodName>,
    /// The time of a call, with all attempts. `None` if it is not limited.
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<RetryConfig>,
}

/// A method, all methods of a service, or all methods.
#[derive(Debug)]
pub(crate) struct MethodName {
    pub(crate) mark: Mark,
    /// Empty for all services.
    pub(crate) service: String,
    /// Empty for all methods of the service.
    pub(crate) method: String,
}

/// When a failed call is made again.
#[derive(Debug)]
pub(crate) struct RetryConfig {
    pub(crate) attempts: Option<u32>,
    pub(crate) first_delay: Duration,
    pub(crate) longest_delay: Duration,
    pub(crate) multiplier: f64,
    pub(crate) codes: Vec<usize>,
}

/// The names of the status codes, by number.
pub(crate) const CODES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

pub(super) fn read(path: &str, root: &Node, problems: &mut Diagnostics) -> Vec<MethodConfig> {
    let mut reader = Reader { path, problems };
    let mut configs = Vec::new();
    for entry in reader.entries("the service config", root, &["methodConfig"]) {
        if entry.key == "methodConfig" {
            let items = reader.list("`methodConfig`", &entry.value);
            configs.extend(items.iter().map(|item| reader.method_config(item)));
        }
    }
    configs
}

impl Reader<'_> {
    fn method_config(&mut self, node: &Node) -> MethodConfig {
        let mut config = MethodConfig { names: Vec::new(), timeout: None, retry: None };
        for entry in self.entries("`methodConfig`", node, &["name", "timeout", "retryPolicy"]) {
            match entry.key.as_str() {
                "name" => {
                    let names = self.list("`name`", &entry.value);
                    config.names.extend(names.iter().filter_map(|name| self.name(name)));
                }
                // A call without any time cannot succeed, so zero stands for no limit.
                "timeout" => {
                    config.timeout =
                        self.duration("`timeout`", &entry.value).filter(|timeout| !timeout.is_zero());
                }
                "retryPolicy" => config.retry = self.retry(&entry.value),
                _ => {}
            }
        }
        config
    }

    fn name(&mut self, node: &Node) -> Option<MethodName> {
        let mut name = MethodName { mark: node.mark, service: String::new(), method: String::new() };
        for entry in self.entries("`name`", node, &["service", "method"]) {
            let place = if entry.key == "method" { &mut name.method } else { &mut name.service };
            self.text(&format!("`{}`", entry.key), &entry.value)?.clone_into(place);
        }
        if name.service.is_empty() && !name.method.is_empty() {
            let hint = "write `service`, too";
            self.error(node.mark, format!("the method `{}` has no service", name.method), hint);
            return None;
        }
        Some(name)
    }

    fn retry(&mut self, node: &Node) -> Option<RetryConfig> {
        let known =
            ["maxAttempts", "initialBackoff", "maxBackoff", "backoffMultiplier", "retryableStatusCodes"];
        let (mut attempts, mut first, mut longest, mut multiplier, mut codes) =
            (None, None, None, None, None);
        let before = self.problems.iter().count();
        for entry in self.entries("`retryPolicy`", node, &known) {
            let what = format!("`{}`", entry.key);
            let value = &entry.value;
            match entry.key.as_str() {
                "maxAttempts" => {
                    let hint = "write a whole number from 2 on";
                    attempts =
                        self.value(&what, value, hint, |text| text.parse().ok().filter(|n| *n >= 2_u32));
                }
                "initialBackoff" => first = self.duration(&what, value),
                "maxBackoff" => longest = self.duration(&what, value),
                "backoffMultiplier" => {
                    let good = |n: &f64| n.is_finite() && *n > 0.0 && *n <= 1000.0;
                    let hint = "write a number above 0, such as `1.3`";
                    multiplier = self.value(&what, value, hint, |text| text.parse().ok().filter(good));
                }
                "retryableStatusCodes" => {
                    let codes = codes.insert(Vec::new());
                    for item in self.list(&what, value) {
                        let code = |text: &str| {
                            let of_number = || text.parse().ok().filter(|n| *n < CODES.len());
                            CODES.iter().position(|code| *code == text).or_else(of_number).filter(|n| *n != 0)
                        };
                        let hint = "write a status code, such as `UNAVAILABLE`";
                        codes.extend(self.value(&what, item, hint, code));
                    }
                }
                _ => {}
            }
        }
        if self.problems.iter().count() > before {
            return None;
        }
        let missing = [
            ("initialBackoff", first.is_none()),
            ("maxBackoff", longest.is_none()),
            ("backoffMultiplier", multiplier.is_none()),
            ("retryableStatusCodes", codes.is_none()),
        ];
        for (name, _) in missing.into_iter().filter(|(_, is_missing)| *is_missing) {
            self.error(node.mark, format!("`retryPolicy` has no `{name}`"), "gRPC requires it (gRFC A6)");
        }
        let codes = codes?;
        if codes.is_empty() {
            let hint = "name the codes after which a call is made again, such as `UNAVAILABLE`";
            self.warning(node.mark, "`retryPolicy` names no codes, so it has no effect", hint);
            return None;
        }
        Some(RetryConfig {
            attempts,
            first_delay: first?,
            longest_delay: longest?,
            multiplier: multiplier?,
            codes,
        })
    }
}
