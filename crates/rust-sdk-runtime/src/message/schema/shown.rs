//! How `Debug` prints fields.

use std::fmt::{self, Formatter};

/// How a value is printed.
#[derive(Clone, Copy, Debug)]
pub enum Shown {
    /// Unchanged.
    Plain,
    /// A number, printed by this function, which knows the enum's names: [`show`](crate::codegen::fields::show).
    Enum(fn(i32, &mut Formatter<'_>) -> fmt::Result),
    /// Not printed.
    Redacted,
}

/// [`Shown::Redacted`], as a word of the tables.
#[allow(non_upper_case_globals)] // It is a word of the tables.
pub const redacted: Shown = Shown::Redacted;
