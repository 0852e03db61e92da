//! What the files of `service_config` state: HTTP rules, services that an API mixes in, and how clients make calls.

use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::{DescriptorPool, MethodDescriptor};

use crate::config::{ConfigFile, HttpRule, Mark, MethodSettings};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Position, Severity};
use crate::options::Options;

/// The files, by the full names of methods (`package.Service.Method`).
#[derive(Default)]
pub(crate) struct ServiceConfigs<'a> {
    rules: BTreeMap<String, Stated<'a, HttpRule>>,
    settings: BTreeMap<String, Vec<Stated<'a, MethodSettings>>>,
    /// The services that the files list.
    apis: BTreeSet<String>,
}

/// A statement and its file.
pub(crate) struct Stated<'a, T> {
    file: &'a ConfigFile,
    pub(crate) value: T,
}

impl<T> Stated<'_, T> {
    pub(crate) fn position(&self, mark: Mark) -> Position {
        self.problem(Severity::Error, mark, "", "").position.unwrap_or_else(|| Position {
            file: self.file.path.clone(),
            line: mark.line,
            column: mark.column,
            path: Vec::new(),
        })
    }

    pub(crate) fn problem(&self, severity: Severity, mark: Mark, message: &str, hint: &str) -> Diagnostic {
        self.file.problem(severity, Code::ConfigFile, mark, message, hint)
    }
}

impl<'a> ServiceConfigs<'a> {
    pub(crate) fn read(options: &'a Options, pool: &DescriptorPool, problems: &mut Diagnostics) -> Self {
        let mut this = Self::default();
        for file in &options.service_configs {
            let config = file.service(problems);
            let mut known = Known { pool, file, unknown: BTreeSet::new(), problems };
            for (mark, name) in config.apis {
                if known.service(mark, &name) {
                    this.apis.insert(name);
                }
            }
            for rule in config.http {
                if !known.method(rule.mark, &rule.selector) {
                    continue;
                }
                let (selector, mark) = (rule.selector.clone(), rule.mark);
                let rule = Stated { file, value: rule };
                // In a file, the last rule wins. Another file may state the routes of the same service for another API.
                let before = this.rules.insert(selector.clone(), rule);
                if let Some(before) = before.filter(|before| before.file.path != file.path) {
                    let message = format!(
                        "`{selector}` has HTTP rules in `{}`, too: these replace them",
                        before.file.path
                    );
                    let hint = "generate a crate for each API";
                    let warning = file.problem(Severity::Warning, Code::ConfigFile, mark, message, hint);
                    known.problems.push(warning);
                }
            }
            for settings in config.methods {
                if known.method(settings.mark, &settings.selector) {
                    let selector = settings.selector.clone();
                    this.settings.entry(selector).or_default().push(Stated { file, value: settings });
                }
            }
        }
        this
    }

    /// Whether a file lists the service, so that it is generated even if its file is only imported.
    pub(crate) fn lists(&self, service: &str) -> bool {
        self.apis.contains(service)
    }

    /// The HTTP rule that replaces the method's annotation.
    pub(crate) fn rule(&self, method: &MethodDescriptor) -> Option<&Stated<'a, HttpRule>> {
        self.rules.get(method.full_name())
    }

    /// How clients make the calls of the method.
    pub(crate) fn settings(&self, method: &MethodDescriptor) -> &[Stated<'a, MethodSettings>] {
        self.settings.get(method.full_name()).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Looks up the names of a file. Unknown ones are warnings: a file may list more services than the request has.
struct Known<'p, 'a, 'd> {
    pool: &'p DescriptorPool,
    file: &'a ConfigFile,
    /// The unknown services that were reported.
    unknown: BTreeSet<String>,
    problems: &'d mut Diagnostics,
}

impl Known<'_, '_, '_> {
    fn service(&mut self, mark: Mark, name: &str) -> bool {
        if self.pool.get_service_by_name(name).is_some() {
            return true;
        }
        if self.unknown.insert(name.to_owned()) {
            let hint = match crate::config::mixins::file(name) {
                Some(file) => format!("add `{file}` to the files to generate its client"),
                None => "add the file that defines it to the request".to_owned(),
            };
            let message = format!("the request has no service `{name}`");
            self.warn(mark, message, hint);
        }
        false
    }

    fn method(&mut self, mark: Mark, selector: &str) -> bool {
        let (service, method) = selector.rsplit_once('.').unwrap_or(("", selector));
        if !self.service(mark, service) {
            return false;
        }
        let found = self.pool.get_service_by_name(service);
        let is_known = found.is_some_and(|found| found.methods().any(|known| known.name() == method));
        if !is_known {
            self.warn(
                mark,
                format!("`{service}` has no method `{method}`"),
                "remove the selector".to_owned(),
            );
        }
        is_known
    }

    fn warn(&mut self, mark: Mark, message: String, hint: String) {
        let warning = self.file.problem(Severity::Warning, Code::ConfigUnknownMethod, mark, message, hint);
        self.problems.push(warning);
    }
}
