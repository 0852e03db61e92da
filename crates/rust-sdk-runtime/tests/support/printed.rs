//! Everything that a program could print of values and errors, for tests that no secret is in it.

use std::fmt::{Debug, Write as _};

use rust_sdk_runtime::Error;

#[derive(Default)]
pub(crate) struct Printed(pub(crate) String);

impl Printed {
    pub(crate) fn debug(&mut self, value: &impl Debug) {
        write!(self.0, "{value:?}\n{value:#?}\n").unwrap();
    }

    /// The error and its sources.
    pub(crate) fn error(&mut self, error: &Error) {
        self.debug(error);
        let mut next: Option<&dyn std::error::Error> = Some(error);
        while let Some(error) = next {
            writeln!(self.0, "{error} {error:?}").unwrap();
            next = error.source();
        }
    }
}
