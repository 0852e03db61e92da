//! What the generator would report, each problem under the rule of its kind.

use rust_sdk_model::{Code, Diagnostic, Severity};

use crate::context::{Context, unchecked};
use crate::rpc::Failure;
use crate::rules::{ACCESS, DESCRIPTORS, Finding, HTTP, NAMES, WARNINGS};

/// The problems that belong to this rule.
///
/// # Errors
/// There is a problem that hides others, and no rule that is asked for would report it.
pub(crate) fn check(context: &Context, rule: &'static str) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    for problem in context.problems() {
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
        findings.extend(context.misfits(rule)?);
    }
    Ok(findings)
}

fn rule_of(problem: &Diagnostic) -> &'static str {
    let code = problem.code.as_str();
    match problem.severity {
        // Access that is not read is as good as access that is not stated.
        Severity::Warning if problem.code == Code::AccessUnread => ACCESS,
        Severity::Warning => WARNINGS,
        Severity::Error if code.starts_with("http-") => HTTP,
        Severity::Error if code.starts_with("access-") || code.starts_with("option-") => ACCESS,
        Severity::Error if problem.code == Code::NameCollision => NAMES,
        Severity::Error => DESCRIPTORS,
    }
}

/// With such a problem, nothing else was looked at.
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

/// In one line, with the code behind.
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
