//! Lint rules.

pub(crate) mod method_options;
pub(crate) mod problems;
pub(crate) mod required_fields;
mod singular;
