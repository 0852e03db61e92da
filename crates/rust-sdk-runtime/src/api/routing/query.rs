//! The query string: the fields that neither the path nor the body of a request holds.

use super::PathValue;
use super::leaf::Leaf;
use super::percent::{Keep, encode_into};
use crate::message::json::JsonErrorKind;
use crate::message::schema::canonical::{Canonical, Set};
use crate::message::schema::{MessageSchema, WellKnown};

/// A field is set that a query cannot hold. Nothing was sent.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("`{field}` cannot be sent in a query: {kind}")]
pub struct QueryError {
    field: String,
    kind: QueryErrorKind,
}

impl QueryError {
    /// The field's dotted path, in proto names.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Why the query cannot hold the field.
    pub const fn kind(&self) -> &QueryErrorKind {
        &self.kind
    }
}

/// Why a query cannot hold a field.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryErrorKind {
    /// A map.
    #[error("it is a map")]
    Map,
    /// A list of messages.
    #[error("it is a list of messages")]
    RepeatedMessage,
    /// `google.protobuf.Any`, `Struct`, `Value` or `ListValue`.
    #[error("a {0} is not a flat value")]
    Dynamic(&'static str),
    /// A message inside a message of the same type.
    #[error("it contains a {0} inside a {0}")]
    Recursive(&'static str),
    /// A message that is set but empty: a query cannot express that.
    #[error("the message is set but empty; leave it out, or set one of its fields")]
    EmptyMessage,
    /// The value itself is not valid.
    #[error(transparent)]
    Value(#[from] JsonErrorKind),
}

/// Appends the message's set fields as `?key=value&key=value`; nothing if no field is set.
pub(crate) fn write(out: &mut String, schema: &'static MessageSchema, wire: &[u8]) -> Result<(), QueryError> {
    let mut writer = Writer { out, first: true, key: String::new(), path: String::new(), within: Vec::new() };
    let result = writer.message(schema, wire);
    result.map(|_| ()).map_err(|kind| QueryError { field: writer.path, kind })
}

struct Writer<'o> {
    out: &'o mut String,
    first: bool,
    /// The JSON names that lead to the current field, encoded and dotted.
    key: String,
    /// The same in proto names, for errors. An error leaves it at the failing field.
    path: String,
    /// The types of the messages around the current field.
    within: Vec<&'static MessageSchema>,
}

impl Writer<'_> {
    /// Writes the fields of a message, and returns whether there are any.
    fn message(&mut self, schema: &'static MessageSchema, wire: &[u8]) -> Result<bool, QueryErrorKind> {
        let message = Canonical::new(schema, wire).map_err(JsonErrorKind::from)?;
        self.within.push(schema);
        let mut fields = message.fields();
        let mut any = false;
        while let Some(set) = fields.next().map_err(JsonErrorKind::from)? {
            any = true;
            let lengths = (self.key.len(), self.path.len());
            if !self.path.is_empty() {
                self.key.push('.');
                self.path.push('.');
            }
            encode_into(&mut self.key, &schema.json_name(set.index), Keep::Unreserved);
            self.path.push_str(set.field.name);
            self.field(&set)?;
            self.key.truncate(lengths.0);
            self.path.truncate(lengths.1);
        }
        self.within.pop();
        Ok(any)
    }

    fn field(&mut self, set: &Set<'_>) -> Result<(), QueryErrorKind> {
        let kind = &set.field.kind;
        if set.field.is_map() {
            return Err(QueryErrorKind::Map);
        }
        if set.field.presence.is_repeated() {
            if kind.message().is_some() {
                return Err(QueryErrorKind::RepeatedMessage);
            }
            let mut elements = set.elements();
            while let Some(value) = elements.next().map_err(JsonErrorKind::from)? {
                if let Some(leaf) = Leaf::read(kind, value)? {
                    self.pair(leaf.value());
                }
            }
            return Ok(());
        }
        if let Some(leaf) = Leaf::read(kind, set.value)? {
            self.pair(leaf.value());
            return Ok(());
        }
        let Some(schema) = kind.message() else { return Ok(()) };
        if matches!(
            schema.well_known(),
            Some(WellKnown::Any | WellKnown::Struct | WellKnown::Value | WellKnown::ListValue)
        ) {
            return Err(QueryErrorKind::Dynamic(schema.name()));
        }
        if self.within.iter().any(|outer| std::ptr::eq(*outer, schema)) {
            return Err(QueryErrorKind::Recursive(schema.name()));
        }
        let content = set.value.message().map_err(JsonErrorKind::from)?;
        if self.message(schema, content)? { Ok(()) } else { Err(QueryErrorKind::EmptyMessage) }
    }

    fn pair(&mut self, value: PathValue<'_>) {
        self.out.push(if self.first { '?' } else { '&' });
        self.first = false;
        self.out.push_str(&self.key);
        self.out.push('=');
        match value {
            PathValue::Str(text) => encode_into(self.out, text, Keep::Unreserved),
            value => encode_into(self.out, &value.to_string(), Keep::Unreserved),
        }
    }
}
