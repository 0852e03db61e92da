//! The problems that the generator would report. Each problem belongs to one rule.

use rust_sdk_model::{Code, Diagnostic, Severity};

use crate::context::{Context, unchecked};
use crate::error::CallError;
use crate::finding::{ACCESS, DESCRIPTORS, Finding, HTTP, NAMES, WARNINGS};

/// The problems that belong to this rule.
///
/// # Errors
/// A problem hides others, and no requested rule reports it.
pub(crate) fn check(context: &Context, rule: &'static str) -> Result<Vec<Finding>, CallError> {
    let mut findings = Vec::new();
    for problem in context.problems() {
        // buf knows no positions in other files than those that it checks.
        if problem.severity == Severity::Error && context.settings.is_config_file(problem) {
            return Err(unchecked(context.problems()));
        }
        let reported = problem.position.as_ref().is_some_and(|position| context.is_checked(&position.file));
        if hides_others(problem.code) && !(reported && context.asks_for(rule_of(problem))) {
            return Err(unchecked(context.problems()));
        }
        if reported && rule_of(problem) == rule {
            findings.push(Finding {
                at: problem.position.clone(),
                rule,
                message: text(problem),
                against: None,
            });
        }
    }
    if rule == ACCESS {
        findings.extend(context.undeclared(rule)?);
    }
    Ok(findings)
}

fn rule_of(problem: &Diagnostic) -> &'static str {
    let code = problem.code.as_str();
    match problem.severity {
        // Unread access is as bad as unstated access.
        Severity::Warning if problem.code == Code::AccessUnread => ACCESS,
        Severity::Warning => WARNINGS,
        Severity::Error if code.starts_with("http-") => HTTP,
        Severity::Error if code.starts_with("access-") || code.starts_with("option-") => ACCESS,
        Severity::Error if problem.code == Code::NameCollision => NAMES,
        Severity::Error => DESCRIPTORS,
    }
}

/// Whether the generator stops at such a problem, so that it hides others.
fn hides_others(code: Code) -> bool {
    matches!(
        code,
        Code::Descriptor
            | Code::EditionUnsupported
            | Code::PluginOption
            | Code::OptionType
            | Code::OptionAmbiguous
            | Code::Generator
    )
}

/// One line that ends with the code.
fn text(problem: &Diagnostic) -> String {
    let mut text = String::new();
    for part in [&problem.subject, &problem.message, &problem.hint] {
        if !text.is_empty() && !part.is_empty() {
            text.push_str(if part == &problem.hint { "; help: " } else { ": " });
        }
        text.push_str(part);
    }
    format!("{text} [{}]", problem.code)
}
