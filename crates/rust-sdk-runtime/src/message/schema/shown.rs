//! How `Debug` prints fields.

use std::fmt::{self, Formatter};

/// How a value is printed.
#[derive(Clone, Copy, Debug)]
pub enum Shown {
    /// As it is.
    Plain,
    /// A number, by this function, which knows the enum's names: [`show`](crate::codegen::fields::show).
    Enum(fn(i32, &mut Formatter<'_>) -> fmt::Result),
    /// Not at all.
    Redacted,
}

/// [`Shown::Redacted`], by the word of the tables.
#[allow(non_upper_case_globals)] // It is a word of the tables.
pub const redacted: Shown = Shown::Redacted;
