//! Files beside the `.proto` files that state how clients behave. The caller of the library reads them; they are YAML, or JSON, which is a
//! part of YAML.

mod grpc;
pub(crate) mod mixins;
mod node;
mod reader;
mod service;

pub(crate) use self::grpc::{CODES, MethodConfig, MethodName, RetryConfig};
pub(crate) use self::node::Mark;
pub(crate) use self::service::{HttpRule, MethodSettings, ServiceConfig};

use std::io;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Position, Severity};

/// A file that an option names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFile {
    /// The path, relative to the current folder.
    pub path: String,
    /// The text; `None` before the file is read.
    pub text: Option<String>,
}

impl ConfigFile {
    /// A file that is not read yet.
    pub(crate) fn new(path: &str) -> Self {
        Self { path: path.to_owned(), text: None }
    }

    /// Reads the file.
    pub(crate) fn load(
        &mut self,
        option: &str,
        read: impl Fn(&str) -> io::Result<String>,
        problems: &mut Diagnostics,
    ) {
        match read(&self.path) {
            Ok(text) => self.text = Some(text),
            Err(error) => problems.push_global(
                Code::PluginOption,
                format!("the file `{}` of `{option}` cannot be read: {error}", self.path),
                "check the path: it is relative to the current folder",
            ),
        }
    }

    /// The contents of a gRPC service config (gRFC A6), as far as it has no errors.
    pub(crate) fn grpc(&self, problems: &mut Diagnostics) -> Vec<MethodConfig> {
        self.root(problems).map(|root| grpc::read(&self.path, &root, problems)).unwrap_or_default()
    }

    /// The configuration of a service (`google.api.Service`), as far as it has no errors.
    pub(crate) fn service(&self, problems: &mut Diagnostics) -> ServiceConfig {
        self.root(problems).map(|root| service::read(&self.path, &root, problems)).unwrap_or_default()
    }

    fn root(&self, problems: &mut Diagnostics) -> Option<node::Node> {
        let Some(text) = &self.text else {
            let hint = "a program that uses the library calls `Options::read_files`";
            problems.push_global(Code::PluginOption, format!("the file `{}` was not read", self.path), hint);
            return None;
        };
        match node::parse(text) {
            Ok(root) => Some(root),
            Err((mark, message)) => {
                problems.push(self.problem(Severity::Error, Code::ConfigFile, mark, message, ""));
                None
            }
        }
    }

    /// A problem at a position of the file.
    pub(crate) fn problem(
        &self,
        severity: Severity,
        code: Code,
        mark: Mark,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Diagnostic {
        problem(&self.path, severity, code, mark, message, hint)
    }
}

fn problem(
    path: &str,
    severity: Severity,
    code: Code,
    mark: Mark,
    message: impl Into<String>,
    hint: impl Into<String>,
) -> Diagnostic {
    Diagnostic {
        severity,
        code,
        position: Some(Position {
            file: path.to_owned(),
            line: mark.line,
            column: mark.column,
            path: Vec::new(),
        }),
        subject: String::new(),
        message: message.into(),
        hint: hint.into(),
    }
}
