//! Selects an option of fields that marks them: `acme.v1.required`, or `acme.v1.level:SECRET` for one of its values.

use super::error::OptionError;
use super::selector::{Meanings, Selector};

/// An option of fields, or a field of its message, that marks fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkSelector {
    /// The option.
    pub option: Selector,
    /// The value that marks a field; `None`: every value but `false`, 0 and the empty one.
    pub value: Option<String>,
}

impl MarkSelector {
    pub(super) fn parse(key: &str, text: &str) -> Result<Self, OptionError> {
        let (option, value) = match text.split_once(':') {
            Some((option, value)) => (option, Some(value.to_owned())),
            None => (text, None),
        };
        Ok(Self { option: Selector::parse(key, option, Meanings::None)?, value })
    }
}
