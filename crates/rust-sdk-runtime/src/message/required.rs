//! Required fields of messages.

/// A message lacks a field that the API declares required.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the required field {field} is missing")]
pub struct MissingField {
    field: &'static str,
}

impl MissingField {
    /// An error for the field with this full name, `package.Message.field`.
    pub const fn new(field: &'static str) -> Self {
        Self { field }
    }

    /// The field's full name, `package.Message.field`.
    pub const fn field(&self) -> &'static str {
        self.field
    }
}
