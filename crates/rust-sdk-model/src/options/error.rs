//! The error of an option.

/// What is wrong with an option's value, and how to fix it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(super) struct OptionError {
    pub(super) message: String,
    pub(super) hint: String,
}

impl OptionError {
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into() }
    }
}
