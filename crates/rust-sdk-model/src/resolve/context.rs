//! The context of the steps that describe a method: the method, its source and the list of problems.

use prost_reflect::MethodDescriptor;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Position, Severity};
use crate::options::Options;
use crate::source::SourceIndex;

/// A method being described.
pub(crate) struct MethodContext<'a> {
    pub(crate) descriptor: &'a MethodDescriptor,
    pub(crate) source: &'a SourceIndex,
    pub(crate) options: &'a Options,
    pub(crate) problems: &'a mut Diagnostics,
}

/// What is wrong with an annotation, and how to fix it.
pub(crate) struct AnnotationError {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) hint: String,
}

impl AnnotationError {
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

    /// The position of one of the method's options.
    pub(crate) fn option_position(&self, number: u32, index: usize) -> Position {
        self.source.option_position(self.descriptor.path(), METHOD_OPTIONS, number, index)
    }

    /// The method's position.
    pub(crate) fn position(&self) -> Position {
        self.source.position(self.descriptor.path())
    }

    /// `package.Service/Method`.
    pub(crate) fn full_name(&self) -> String {
        format!("{}/{}", self.descriptor.parent_service().full_name(), self.descriptor.name())
    }

    /// Whether the output goes without what has this error.
    pub(crate) fn leaves_out(&self, code: Code, severity: Severity) -> bool {
        severity == Severity::Error
            && self.options.severity(code, &self.full_name(), severity) == Some(Severity::Warning)
    }

    /// Reports a problem at this position, unless the options allow it.
    pub(crate) fn report(
        &mut self,
        severity: Severity,
        position: Position,
        suffix: &str,
        error: AnnotationError,
    ) {
        let Some(severity) = self.options.severity(error.code, &self.full_name(), severity) else { return };
        let subject = format!("{}{suffix}", self.subject());
        let AnnotationError { code, message, hint } = error;
        self.problems.push(Diagnostic { severity, code, position: Some(position), subject, message, hint });
    }
}
