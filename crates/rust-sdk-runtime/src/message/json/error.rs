//! Why a message could not be written as JSON, or read from it.

use std::cell::RefCell;
use std::fmt;

use crate::wire::reader::WireError;

/// A message could not be written as JSON, or read from it. The error names the position and the rule, never the value, which may be
/// secret.
#[derive(Debug, thiserror::Error)]
#[error("{}{kind}", Place(.path))]
pub struct JsonError {
    path: String,
    kind: JsonErrorKind,
}

impl JsonError {
    pub(crate) fn new(kind: impl Into<JsonErrorKind>) -> Self {
        Self { path: String::new(), kind: kind.into() }
    }

    /// The position: field names, indices and map keys, such as `cluster.nodes[2].id`. Empty for the message as a whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The problem at this position.
    pub const fn kind(&self) -> &JsonErrorKind {
        &self.kind
    }

    #[cfg(feature = "rest")]
    pub(crate) fn into_kind(self) -> JsonErrorKind {
        self.kind
    }
}

struct Place<'a>(&'a str);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, "{}: ", self.0) }
    }
}

/// The problem with a message or its JSON.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonErrorKind {
    /// The text is not JSON: the tokeniser's message, with line and column.
    #[error("not JSON: {0}")]
    Syntax(String),
    /// The bytes are not a valid message.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// prost rejected the message.
    #[error("{0}")]
    Decode(prost::DecodeError),
    /// A JSON value of another type than the field accepts.
    #[error("expected {0}")]
    Expected(&'static str),
    /// A number that the type cannot hold.
    #[error("the number is out of range or has a fraction")]
    OutOfRange,
    /// No field has this name.
    #[error("there is no such field")]
    UnknownField,
    /// The field or the map key occurs twice.
    #[error("it occurs twice")]
    Duplicate,
    /// Another member of the same oneof is set as well.
    #[error("another field of the same oneof is set as well")]
    OneofConflict,
    /// A proto2 required field is missing.
    #[error("the field is required")]
    MissingRequired,
    /// The enum (its full name) has no value with that name.
    #[error("it is not a value of {0}")]
    UnknownEnumValue(&'static str),
    /// `null` inside a list or a map.
    #[error("null cannot be an element of a list or map")]
    Null,
    /// Messages are nested more than 100 deep.
    #[error("messages are nested too deeply")]
    TooDeep,
    /// A timestamp, duration, field mask or `Value` that has no JSON form.
    #[error("it has no JSON form: {0}")]
    NoJsonForm(&'static str),
    /// An `Any` whose type URL is missing or has no `/`.
    #[error("an Any needs an @type such as type.googleapis.com/package.Message")]
    AnyType,
    /// An `Any` of a type that is not among the given types.
    #[error("the type {0} is unknown")]
    UnknownType(String),
}

/// Collects the reason of an error and, while the error passes through serde, its position.
#[derive(Debug, Default)]
pub(crate) struct Trace(RefCell<Option<Box<Found>>>);

/// The reason, and the path with the innermost step first.
#[derive(Debug, Default)]
struct Found {
    reason: Option<JsonErrorKind>,
    path: Vec<String>,
}

impl Trace {
    /// Records the reason; serde's own error is only a carrier.
    #[cold]
    pub(crate) fn reason(&self, reason: impl Into<JsonErrorKind>) -> &'static str {
        self.0.borrow_mut().get_or_insert_default().reason.get_or_insert(reason.into());
        "invalid ProtoJSON"
    }

    /// Adds the next outer step of the path.
    #[cold]
    pub(crate) fn at(&self, step: impl Into<String>) {
        // A key may come from the JSON and be of any length.
        let mut step = step.into();
        if let Some((end, _)) = step.char_indices().nth(64) {
            step.replace_range(end.., "…");
        }
        self.0.borrow_mut().get_or_insert_default().path.push(step);
    }

    /// The error, if a reason was recorded.
    pub(crate) fn explain(self) -> Option<JsonError> {
        let found = *self.0.into_inner()?;
        found.reason.map(|reason| locate(reason, &found.path))
    }

    /// The error with the recorded reason, or with `other` if there is none.
    pub(crate) fn into_error(self, other: impl FnOnce() -> JsonErrorKind) -> JsonError {
        let found = self.0.into_inner().map(|found| *found).unwrap_or_default();
        locate(found.reason.unwrap_or_else(other), &found.path)
    }
}

fn locate(reason: JsonErrorKind, steps: &[String]) -> JsonError {
    let mut path = String::new();
    for step in steps.iter().rev() {
        if !path.is_empty() && !step.starts_with('[') {
            path.push('.');
        }
        path.push_str(step);
    }
    JsonError { path, kind: reason }
}
