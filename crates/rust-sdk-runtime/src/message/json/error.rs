//! Why a message could not be written as JSON, or read from it.

use std::cell::RefCell;
use std::fmt;

use crate::wire::reader::WireError;

/// A message could not be written as JSON, or read from it. It names the place and the rule, never the value, which may
/// be a secret.
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

    /// Where: field names, indices and map keys, such as `cluster.nodes[2].id`. Empty for the message as a whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong there.
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

/// What is wrong with a message or its JSON.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonErrorKind {
    /// The text is not JSON: what the tokeniser says, with line and column.
    #[error("not JSON: {0}")]
    Syntax(String),
    /// The bytes are not such a message.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// prost refused what was read.
    #[error("{0}")]
    Decode(prost::DecodeError),
    /// A JSON value of another type than the field takes.
    #[error("expected {0}")]
    Expected(&'static str),
    /// A number that the type cannot hold.
    #[error("the number is out of range or has a fraction")]
    OutOfRange,
    /// No field has this name.
    #[error("there is no such field")]
    UnknownField,
    /// The field, or the map key, stands there twice.
    #[error("it is given twice")]
    Duplicate,
    /// Another member of the same oneof is set as well.
    #[error("another field of the same oneof is set as well")]
    OneofConflict,
    /// A proto2 required field is absent.
    #[error("the field is required")]
    MissingRequired,
    /// The enum (its full name) has no value of that name.
    #[error("it is not a value of {0}")]
    UnknownEnumValue(&'static str),
    /// `null` inside a list or a map.
    #[error("null is no element of a list or map")]
    Null,
    /// Messages are nested more than 100 deep.
    #[error("messages are nested too deeply")]
    TooDeep,
    /// A timestamp, duration, field mask or `Value` that has no JSON form.
    #[error("it has no JSON form: {0}")]
    NoJsonForm(&'static str),
    /// An `Any` whose type URL is absent or has no `/`.
    #[error("an Any needs an @type such as type.googleapis.com/package.Message")]
    AnyType,
    /// An `Any` of a type that is not in the given types.
    #[error("the type {0} is not known here")]
    UnknownType(String),
}

/// Collects the reason and, while an error makes its way out through serde, the place.
#[derive(Debug, Default)]
pub(crate) struct Trace(RefCell<Option<Box<Found>>>);

/// Why, and the steps of the path from the innermost one.
#[derive(Debug, Default)]
struct Found {
    reason: Option<JsonErrorKind>,
    path: Vec<String>,
}

impl Trace {
    /// Notes the reason; serde's own error is only a carrier.
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

    /// The error, if the cause is one of ours.
    pub(crate) fn explain(self) -> Option<JsonError> {
        let found = *self.0.into_inner()?;
        found.reason.map(|reason| locate(reason, &found.path))
    }

    /// The error, if the cause is one of ours; `other` otherwise.
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
