//! Why a path cannot be built.

use std::fmt;

use super::Segment;
use super::template::Pattern;

/// Why a path cannot be built from the values given. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// Not as many values as the template has variables and wildcards.
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
        /// The field path of the variable, or `*` or `**` for a wildcard that is no variable.
        field: &'static str,
        /// What is wrong with the value.
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

    /// The field whose value is rejected, if one value is at fault.
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::Count { .. } => None,
            Self::Value { field, .. } => Some(field),
        }
    }
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathErrorKind {
    /// It has no text, and so would give the path of something else.
    #[error("is empty or not set; set it")]
    Empty,
    /// A segment of it is `.` or `..`, which URL parsers collapse, escaped or not.
    #[error("is {value}, and a path cannot hold a `.` or `..` segment; use another value")]
    DotSegment {
        /// The value.
        value: Excerpt,
    },
    /// It does not match the variable's own template.
    #[error("is {value}; it must have the form `{}`, with no empty segment", Pattern(expected))]
    Mismatch {
        /// The value.
        value: Excerpt,
        /// The variable's own template.
        expected: &'static [Segment],
    },
}

/// The start of a rejected value, cut at 64 characters; it prints quoted and escaped.
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

/// What building a path gives: the escaped path.
pub type PathResult = Result<String, PathError>;
