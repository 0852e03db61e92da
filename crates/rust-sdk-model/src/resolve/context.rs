//! What every step of describing a method needs: where it stands, and where problems go.

use prost_reflect::MethodDescriptor;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Position, Severity};
use crate::source::SourceIndex;

/// A method being described.
pub(crate) struct MethodContext<'a> {
    pub(crate) descriptor: &'a MethodDescriptor,
    pub(crate) source: &'a SourceIndex,
    pub(crate) problems: &'a mut Diagnostics,
}

/// A problem's text: what is wrong and what would be right.
pub(crate) struct Problem {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) hint: String,
}

impl Problem {
    pub(crate) fn new(code: Code, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: hint.into() }
    }
}

/// `MethodDescriptorProto.options`.
const METHOD_OPTIONS: i32 = 4;

impl MethodContext<'_> {
    /// `Service.Method`.
    pub(crate) fn subject(&self) -> String {
        format!("{}.{}", self.descriptor.parent_service().name(), self.descriptor.name())
    }

    /// The place of one of the method's options.
    pub(crate) fn option_position(&self, number: u32, index: usize) -> Position {
        self.source.option_position(self.descriptor.path(), METHOD_OPTIONS, number, index)
    }

    /// The method's own place.
    pub(crate) fn position(&self) -> Position {
        self.source.position(self.descriptor.path())
    }

    /// Reports a problem at this place.
    pub(crate) fn report(&mut self, severity: Severity, position: Position, suffix: &str, problem: Problem) {
        let subject = format!("{}{suffix}", self.subject());
        let Problem { code, message, hint } = problem;
        self.problems.push(Diagnostic { severity, code, position: Some(position), subject, message, hint });
    }
}
