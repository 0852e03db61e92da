//! The names that elements have in Rust instead of their own, by full name.

use std::collections::BTreeMap;

use super::error::OptionError;
use crate::naming;

/// Other names for messages, fields, oneofs, enums, values, services and methods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renames(BTreeMap<String, String>);

impl Renames {
    /// Adds `acme.v1.Foo=FooMessage`.
    pub(super) fn add(&mut self, key: &str, value: &str) -> Result<(), OptionError> {
        let hint = "write the element's full name and its new name: `rename=acme.v1.Foo=FooMessage`";
        let wrong = || OptionError::new(format!("option `{key}` has the invalid value `{value}`"), hint);
        let (element, name) = value.split_once('=').ok_or_else(wrong)?;
        if !element.split('.').all(naming::is_identifier) || !naming::is_identifier(name) {
            return Err(wrong());
        }
        match self.0.insert(element.to_owned(), name.to_owned()) {
            None => Ok(()),
            Some(_) => {
                let message = format!("option `{key}` gives `{element}` two names");
                Err(OptionError::new(message, "give it one"))
            }
        }
    }

    /// The name of the element with this full name. The full name of an enum's value is that of its enum and its own.
    pub fn name<'a>(&'a self, full_name: &str, name: &'a str) -> &'a str {
        self.0.get(full_name).map_or(name, String::as_str)
    }

    /// The full names of the renamed elements.
    pub fn elements(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
