//! The levels of diagnostics: which problems are errors, warnings or not reported.

use super::error::OptionError;
use super::values::Parsed;
use crate::diagnostic::{Code, Severity};

/// How strictly annotations are checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lint {
    /// For an API of somebody else: a route, an operation or a resource that cannot be generated is left out with a warning.
    #[default]
    Lenient,
    /// For the authors of an API: such a route, operation or resource is an error.
    Strict,
}

/// How a problem is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It is not reported.
    Allow,
    /// It is a warning.
    Warn,
    /// It is an error.
    Deny,
}

impl Level {
    pub(crate) const fn severity(self) -> Option<Severity> {
        match self {
            Self::Allow => None,
            Self::Warn => Some(Severity::Warning),
            Self::Deny => Some(Severity::Error),
        }
    }
}

/// Sets the level of some problems: `allow=CODE@ELEMENT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelRule {
    level: Level,
    code: Code,
    /// A package, a service or a method, by full name; `None` for all.
    element: Option<String>,
}

impl LevelRule {
    pub(super) fn parse(level: Level, key: &str, value: &str) -> Parsed<Self> {
        let (name, element) = match value.split_once('@') {
            Some((name, element)) => (name, Some(element.strip_suffix(".*").unwrap_or(element))),
            None => (value, None),
        };
        if element.is_some_and(|element| element.is_empty() || element.contains(['*', ' '])) {
            let hint =
                format!("write `{key}={name}@acme.v1`, `…@acme.v1.Shelves` or `…@acme.v1.Shelves/Get`");
            return Err(OptionError::new(format!("in `{key}`, `{value}` names no element"), hint));
        }
        let Some(code) = Code::ALL.iter().copied().find(|code| code.as_str() == name) else {
            let near = Code::ALL.iter().min_by_key(|code| strsim::damerau_levenshtein(code.as_str(), name));
            let hint = near.map_or_else(String::new, |near| format!("did you mean `{near}`?"));
            return Err(OptionError::new(format!("in `{key}`, `{name}` is not a diagnostic code"), hint));
        };
        if level != Level::Deny && !code.can_be_lowered() {
            let hint = match code.as_str().strip_prefix("access-") {
                Some(_) => {
                    "access rules are never read more weakly than they are written: change the annotation, \
                            or the plugin option that reads it"
                }
                None => "there is no output with this problem",
            };
            return Err(OptionError::new(format!("`{code}` is always an error"), hint));
        }
        Ok(Self { level, code, element: element.map(str::to_owned) })
    }

    /// Whether the rule is about this problem of a method, `package.Service/Method`.
    fn applies(&self, code: Code, method: &str) -> bool {
        let is_within = |element: &String| {
            method
                .strip_prefix(element.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/']))
        };
        self.code == code && self.element.as_ref().is_none_or(is_within)
    }
}

/// The level that the last of these rules sets for a problem of a method.
pub(super) fn stated(rules: &[LevelRule], code: Code, method: &str) -> Option<Level> {
    rules.iter().rev().find(|rule| rule.applies(code, method)).map(|rule| rule.level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_rule_that_applies_decides() {
        let rule = |level, value| LevelRule::parse(level, "allow", value).unwrap();
        let rules = [
            rule(Level::Deny, "http-two-verbs"),
            rule(Level::Allow, "http-two-verbs@acme.v1.*"),
            rule(Level::Warn, "http-two-verbs@acme.v1.Shelves/Get"),
        ];
        let level = |method| stated(&rules, Code::HttpTwoVerbs, method);
        assert_eq!(level("acme.v2.Shelves/Get"), Some(Level::Deny));
        assert_eq!(level("acme.v1.Shelves/List"), Some(Level::Allow));
        assert_eq!(level("acme.v1.Shelves/Get"), Some(Level::Warn));
        // A name that only begins alike is another one.
        assert_eq!(level("acme.v1.Shelves/GetAll"), Some(Level::Allow));
        assert_eq!(level("acme.v1beta.Shelves/Get"), Some(Level::Deny));
        assert_eq!(stated(&rules, Code::HttpGrpcPath, "acme.v1.Shelves/Get"), None);
    }

    #[test]
    fn rules_are_checked() {
        for (level, value, message) in [
            (Level::Allow, "http-two-verb", "`http-two-verb` is not a diagnostic code"),
            (Level::Allow, "http-two-verbs@", "names no element"),
            (Level::Warn, "http-two-verbs@acme.*.Shelves", "names no element"),
            (Level::Allow, "access-unstated", "`access-unstated` is always an error"),
            (Level::Warn, "name-collision", "`name-collision` is always an error"),
        ] {
            let OptionError { message: found, .. } = LevelRule::parse(level, "allow", value).unwrap_err();
            assert!(found.contains(message), "{value}: {found}");
        }
        assert!(LevelRule::parse(Level::Deny, "deny", "access-unread").is_ok());
    }
}
