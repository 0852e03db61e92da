//! Why a path cannot be built.

use std::fmt;

use super::Segment;
use super::template::Pattern;

/// Why a path cannot be built from the given values. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// The number of values differs from the number of the template's variables and wildcards.
    #[error("path {template}: it takes {expected} value(s), {found} given")]
    Count {
        /// The template as annotated.
        template: &'static str,
        /// How many variables and wildcards the template has.
        expected: usize,
        /// How many values were given.
        found: usize,
    },
    /// A value that the path cannot hold.
    #[error("path {template}: `{field}` {kind}")]
    Value {
        /// The template as annotated.
        template: &'static str,
        /// The field path of the variable, or `*` or `**` for a wildcard outside a variable.
        field: &'static str,
        /// The problem with the value.
        kind: PathErrorKind,
    },
}

impl PathError {
    /// The template as annotated.
    pub const fn template(&self) -> &'static str {
        match self {
            Self::Count { template, .. } | Self::Value { template, .. } => template,
        }
    }

    /// The field whose value is rejected; `None` if the number of values is wrong.
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::Count { .. } => None,
            Self::Value { field, .. } => Some(field),
        }
    }
}

/// The problem with a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathErrorKind {
    /// The value is empty, so the path would be that of another resource.
    #[error("is empty or not set; set it")]
    Empty,
    /// A segment of the value is `.` or `..`, which URL parsers collapse, escaped or not.
    #[error("is {value}, and a path cannot hold a `.` or `..` segment; use another value")]
    DotSegment {
        /// The value.
        value: Excerpt,
    },
    /// The value does not match the variable's own template.
    #[error("is {value}; it must have the form `{}`, with no empty segment", Pattern(expected))]
    Mismatch {
        /// The value.
        value: Excerpt,
        /// The variable's own template.
        expected: &'static [Segment],
    },
}

/// The start of a rejected value, at most 64 characters. It prints quoted and escaped.
#[derive(Clone, PartialEq, Eq)]
pub struct Excerpt(Box<str>);

impl Excerpt {
    pub(super) fn new(value: &str) -> Self {
        match value.char_indices().nth(64) {
            Some((end, _)) => Self(format!("{}…", &value[..end]).into()),
            None => Self(value.into()),
        }
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// The escaped path, or why it cannot be built.
pub type PathResult = Result<String, PathError>;
