//! Problems found in a request, each with its position, a stable code and a hint.

use std::collections::BTreeMap;
use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// The kind of a problem. The text is stable, so people can search for it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs)] // The texts say it.
        #[non_exhaustive]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The text in brackets after `error` or `warning`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

codes! {
    Descriptor = "descriptor",
    PluginOption = "plugin-option",
    OptionType = "option-type",
    OptionAmbiguous = "option-ambiguous",
    EditionUnsupported = "edition-unsupported",
    PartialPackage = "partial-package",
    CrateName = "crate-name",
    NameCollision = "name-collision",
    JsonNameConflict = "json-name-conflict",
    Generator = "generator",
    ConfigFile = "config-file",
    ConfigUnknownMethod = "config-unknown-method",

    HttpLeadingSlash = "http-leading-slash",
    HttpTrailingSlash = "http-trailing-slash",
    HttpEmptySegment = "http-empty-segment",
    HttpEmptyVariable = "http-empty-variable",
    HttpEmptyPattern = "http-empty-pattern",
    HttpAbsolutePattern = "http-absolute-pattern",
    HttpUnterminatedVariable = "http-unterminated-variable",
    HttpNestedVariable = "http-nested-variable",
    HttpMixedSegment = "http-mixed-segment",
    HttpTwoVerbs = "http-two-verbs",
    HttpEmptyVerb = "http-empty-verb",
    HttpVerbNotLast = "http-verb-not-last",
    HttpBadWildcard = "http-bad-wildcard",
    HttpAfterRest = "http-after-rest",
    HttpBadEscape = "http-bad-escape",
    HttpBadCharacter = "http-bad-character",
    HttpBadIdentifier = "http-bad-identifier",
    HttpUnknownField = "http-unknown-field",
    HttpThroughScalar = "http-through-scalar",
    HttpThroughRepeated = "http-through-repeated",
    HttpThroughMap = "http-through-map",
    HttpVariableType = "http-variable-type",
    HttpDuplicateVariable = "http-duplicate-variable",
    HttpUnknownBody = "http-unknown-body",
    HttpDottedBody = "http-dotted-body",
    HttpUnknownResponseBody = "http-unknown-response-body",
    HttpDottedResponseBody = "http-dotted-response-body",
    HttpBodyOnGet = "http-body-on-get",
    HttpBodyIsVariable = "http-body-is-variable",
    HttpNestedBindings = "http-nested-bindings",
    HttpNoPattern = "http-no-pattern",
    HttpEmptyCustomKind = "http-empty-custom-kind",
    HttpDuplicateRoute = "http-duplicate-route",
    HttpOverlappingRoute = "http-overlapping-route",
    HttpGrpcPath = "http-grpc-path",
    HttpBodyOnDelete = "http-body-on-delete",
    HttpInexpressibleQuery = "http-inexpressible-query",
    HttpStreamingVariable = "http-streaming-variable",
    HttpBasePath = "http-base-path",

    AccessUnstated = "access-unstated",
    AccessMixedEmpty = "access-mixed-empty",
    AccessUnknownScope = "access-unknown-scope",
    AccessScopeType = "access-scope-type",
    AccessPermissionsWithoutScope = "access-permissions-without-scope",
    AccessAnyOfOne = "access-any-of-one",
    AccessPublicWithPermissions = "access-public-with-permissions",
    AccessUnspecifiedActor = "access-unspecified-actor",
    AccessConflict = "access-conflict",
    AccessUnknownValue = "access-unknown-value",
    AccessUnread = "access-unread",

    LogUnknownField = "log-unknown-field",
    LogFieldType = "log-field-type",
    MessageSize = "message-size",
    PatchUnknownMethod = "patch-unknown-method",
    PatchUnknownField = "patch-unknown-field",
    PatchFieldType = "patch-field-type",
    EventType = "event-type",
    EventTemplate = "event-template",
    EventUnknownField = "event-unknown-field",
    EventFieldType = "event-field-type",
    SecretField = "secret-field",

    OperationType = "operation-type",
    OperationUnstated = "operation-unstated",
    OperationUnknownType = "operation-unknown-type",
    OperationUnknownMethod = "operation-unknown-method",

    RoutingUnknownField = "routing-unknown-field",
    RoutingFieldType = "routing-field-type",
    RoutingTemplate = "routing-template",

    ResourceDefinition = "resource-definition",
}

impl Code {
    /// Whether it is about an HTTP rule.
    pub(crate) fn is_http(self) -> bool {
        self.as_str().starts_with("http-")
    }

    /// Whether a lenient build leaves out what has this problem: a route, an operation, or the form of a name.
    pub(crate) fn is_left_out(self) -> bool {
        self.is_http() || ["operation-", "resource-"].iter().any(|start| self.as_str().starts_with(start))
    }

    /// Whether there is sound output with this problem: the route or the method option is left out, or the problem is
    /// only a warning.
    pub(crate) fn can_be_lowered(self) -> bool {
        let is_method_option =
            ["log-", "message-", "patch-", "event-", "secret-", "operation-", "routing-", "resource-"]
                .iter()
                .any(|start| self.as_str().starts_with(start));
        self.is_http() || is_method_option || self == Self::AccessAnyOfOne
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether code is still generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// Code is generated, but a person should check the problem.
    Warning,
}

/// A position in a `.proto` file. Lines and columns start at 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The file's name as the compiler knows it.
    pub file: String,
    /// The line; 0 if the request has no source information.
    pub line: u32,
    /// The column, in bytes.
    pub column: u32,
    /// The path of the declaration there (`SourceCodeInfo.Location.path`); empty for the whole file.
    pub path: Vec<i32>,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Whether it stops the generation.
    pub severity: Severity,
    /// Its kind.
    pub code: Code,
    /// Where it is.
    pub position: Option<Position>,
    /// The affected element: `Service.Method, binding 2`.
    pub subject: String,
    /// What is wrong.
    pub message: String,
    /// How to fix it.
    pub hint: String,
}

impl Diagnostic {
    fn sort_key(&self) -> (Severity, &Option<Position>, Code, &str, &str) {
        (self.severity, &self.position, self.code, &self.subject, &self.message)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(position) = &self.position {
            f.write_str(&position.file)?;
            if position.line > 0 {
                write!(f, ":{}:{}", position.line, position.column)?;
            }
            f.write_str(": ")?;
        }
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity}[{}]: ", self.code)?;
        if !self.subject.is_empty() {
            write!(f, "{}: ", self.subject)?;
        }
        write!(f, "{}", self.message)?;
        if !self.hint.is_empty() {
            write!(f, "\n  help: {}", self.hint)?;
        }
        Ok(())
    }
}

/// The problems of a request: errors first, then by position. As an error value, it has at least one error.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds a problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds a problem, if there is one.
    pub(crate) fn push_some(&mut self, diagnostic: Option<Diagnostic>) {
        self.0.extend(diagnostic);
    }

    /// One error without a position.
    pub fn global(code: Code, message: impl Into<String>, hint: impl Into<String>) -> Self {
        let mut all = Self::default();
        all.push_global(code, message, hint);
        all
    }

    /// Adds an error without a position.
    pub fn push_global(&mut self, code: Code, message: impl Into<String>, hint: impl Into<String>) {
        self.push_without_position(Severity::Error, code, message, hint);
    }

    /// Adds a problem without a position.
    pub fn push_without_position(
        &mut self,
        severity: Severity,
        code: Code,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.push(Diagnostic {
            severity,
            code,
            position: None,
            subject: String::new(),
            message: message.into(),
            hint: hint.into(),
        });
    }

    /// Adds the problems of another list.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The problems, errors first, then by position, without duplicates.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.0.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        self.0.dedup();
        self
    }

    /// The problems as text, for a terminal. Of the warnings of one kind in one file, the first stands for all.
    pub fn summary(&self) -> Vec<String> {
        let mut texts: Vec<(String, usize)> = Vec::new();
        let mut seen: BTreeMap<(Code, &str), usize> = BTreeMap::new();
        for problem in &self.0 {
            let file = problem.position.as_ref().map(|position| position.file.as_str());
            if let (Severity::Warning, Some(file)) = (problem.severity, file) {
                if let Some(first) = seen.get(&(problem.code, file)) {
                    texts[*first].1 += 1;
                    continue;
                }
                seen.insert((problem.code, file), texts.len());
            }
            texts.push((problem.to_string(), 0));
        }
        let text = |(text, more): (String, usize)| match more {
            0 => text,
            more => format!("{text}\n  note: {more} more of this kind in the file"),
        };
        texts.into_iter().map(text).collect()
    }

    /// The problems.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{diagnostic}")?;
        }
        Ok(())
    }
}
