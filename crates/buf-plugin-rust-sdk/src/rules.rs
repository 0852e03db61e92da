//! Every rule and category, as buf lists them.

use crate::breaking;
use crate::context::Context;
use crate::lint::{method_options, problems, required_fields};
use crate::messages::RuleType;
use crate::rpc::Failure;

/// A rule.
pub(crate) struct Rule {
    pub(crate) id: &'static str,
    pub(crate) categories: &'static [&'static str],
    /// Whether it is used where buf.yaml has no `use`.
    pub(crate) default: bool,
    pub(crate) purpose: &'static str,
    pub(crate) kind: RuleType,
    pub(crate) check: fn(&Context, &'static str) -> Result<Vec<Finding>, Failure>,
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// Where it is; `None` where that is gone.
    pub(crate) at: Option<rust_sdk_model::Position>,
    pub(crate) rule: &'static str,
    pub(crate) message: String,
    /// Where it was.
    pub(crate) against: Option<rust_sdk_model::Position>,
}

pub(crate) const DESCRIPTORS: &str = "RUST_SDK_DESCRIPTORS";
pub(crate) const NAMES: &str = "RUST_SDK_NAMES";
pub(crate) const HTTP: &str = "RUST_SDK_HTTP";
pub(crate) const ACCESS: &str = "RUST_SDK_ACCESS";
pub(crate) const WARNINGS: &str = "RUST_SDK_WARNINGS";
pub(crate) const ACCESS_BREAKING: &str = "RUST_SDK_ACCESS_BREAKING";
pub(crate) const ACCESS_PUBLIC: &str = "RUST_SDK_ACCESS_PUBLIC";
pub(crate) const ACCESS_WIDENED: &str = "RUST_SDK_ACCESS_WIDENED";
pub(crate) const PERMISSIONS_BREAKING: &str = "QDRANT_CLOUD_PERMISSIONS_BREAKING";

const RUST_SDK: &str = "RUST_SDK";
const STRICT: &str = "RUST_SDK_STRICT";
const QDRANT: &str = "QDRANT_CLOUD";

/// The categories and their purposes, by id.
pub(crate) const CATEGORIES: &[(&str, &str)] = &[
    (QDRANT, "Checks what the Qdrant Cloud API asks of its files."),
    (RUST_SDK, "Checks that a Rust SDK can be generated, and that callers of the last one keep working."),
    (STRICT, "Checks RUST_SDK, and what somebody should look at."),
];

/// The rules, by id.
pub(crate) const RULES: &[Rule] = &[
    Rule {
        id: "QDRANT_CLOUD_METHOD_OPTIONS",
        categories: &[QDRANT],
        default: false,
        purpose: "Checks that every method sets the options that are required of it.",
        kind: RuleType::Lint,
        check: method_options::check,
    },
    Rule {
        id: PERMISSIONS_BREAKING,
        categories: &[QDRANT],
        default: false,
        purpose: "Checks that a change of permissions locks no caller out, and that none is asked for no more.",
        kind: RuleType::Breaking,
        check: breaking::permissions,
    },
    Rule {
        id: "QDRANT_CLOUD_REQUIRED_ENTITY_FIELDS",
        categories: &[QDRANT],
        default: false,
        purpose: "Checks that the messages that methods create, get, list, update or delete have the fields that all entities have.",
        kind: RuleType::Lint,
        check: required_fields::entities,
    },
    Rule {
        id: "QDRANT_CLOUD_REQUIRED_REQUEST_FIELDS",
        categories: &[QDRANT],
        default: false,
        purpose: "Checks that requests that get, list or delete have the fields that all such requests have.",
        kind: RuleType::Lint,
        check: required_fields::requests,
    },
    Rule {
        id: ACCESS,
        categories: &[RUST_SDK, STRICT],
        default: true,
        purpose: "Checks that every method states who may call it, in options that are read, without contradictions.",
        kind: RuleType::Lint,
        check: problems::check,
    },
    Rule {
        id: ACCESS_BREAKING,
        categories: &[RUST_SDK, STRICT],
        default: true,
        purpose: "Checks that a change of permissions, authentication, kinds of callers or account locks no caller out.",
        kind: RuleType::Breaking,
        check: breaking::access,
    },
    Rule {
        id: ACCESS_PUBLIC,
        categories: &[RUST_SDK, STRICT],
        default: true,
        purpose: "Checks that no method is opened to everybody, that no new method is, and that no option changes that looks like access and is not read.",
        kind: RuleType::Breaking,
        check: breaking::public,
    },
    // No default: nothing breaks, and the first step from one permission to another is such a change.
    Rule {
        id: ACCESS_WIDENED,
        categories: &[STRICT],
        default: false,
        purpose: "Checks that no callers are let in who were not before, for a security review.",
        kind: RuleType::Breaking,
        check: breaking::widened,
    },
    Rule {
        id: DESCRIPTORS,
        categories: &[RUST_SDK, STRICT],
        default: true,
        purpose: "Checks that the files are within what the generator can express.",
        kind: RuleType::Lint,
        check: problems::check,
    },
    Rule {
        id: HTTP,
        categories: &[RUST_SDK, STRICT],
        default: true,
        purpose: "Checks that HTTP rules are valid, fit their messages, and do not take each other's requests.",
        kind: RuleType::Lint,
        check: problems::check,
    },
    Rule {
        id: NAMES,
        categories: &[RUST_SDK, STRICT],
        default: true,
        purpose: "Checks that no two names become the same one in Rust.",
        kind: RuleType::Lint,
        check: problems::check,
    },
    Rule {
        id: "RUST_SDK_NAMES_BREAKING",
        categories: &[RUST_SDK, STRICT],
        default: true,
        purpose: "Checks that what keeps its name in the files keeps its names in the generated crate.",
        kind: RuleType::Breaking,
        check: breaking::sdk::names,
    },
    Rule {
        id: "RUST_SDK_REQUIRED_BREAKING",
        categories: &[RUST_SDK, STRICT],
        default: true,
        purpose: "Checks that no field must be set that need not be set before.",
        kind: RuleType::Breaking,
        check: breaking::sdk::required,
    },
    Rule {
        id: "RUST_SDK_ROUTES_BREAKING",
        categories: &[RUST_SDK, STRICT],
        default: true,
        purpose: "Checks that methods keep their HTTP routes, with the same bodies.",
        kind: RuleType::Breaking,
        check: breaking::routes,
    },
    Rule {
        id: "RUST_SDK_SIGNATURES_BREAKING",
        categories: &[RUST_SDK, STRICT],
        default: true,
        purpose: "Checks that functions of the generated crate keep their parameters, and that none is gone.",
        kind: RuleType::Breaking,
        check: breaking::sdk::signatures,
    },
    Rule {
        id: WARNINGS,
        categories: &[STRICT],
        default: false,
        purpose: "Checks for what the generator takes, but warns of.",
        kind: RuleType::Lint,
        check: problems::check,
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn is_id(id: &str) -> bool {
        (3..=64).contains(&id.len()) && id.bytes().all(|byte| byte == b'_' || byte.is_ascii_uppercase())
    }

    fn is_purpose(text: &str) -> bool {
        text.len() <= 256 && text.starts_with(|c: char| c.is_ascii_uppercase()) && text.ends_with('.')
    }

    /// buf refuses a plugin whose lists break these rules.
    #[test]
    fn the_lists_are_as_the_protocol_wants_them() {
        let mut ids = BTreeSet::new();
        for rule in RULES {
            assert!(is_id(rule.id) && ids.insert(rule.id), "{}", rule.id);
            assert!(is_purpose(rule.purpose), "{}", rule.purpose);
            for category in rule.categories {
                assert!(CATEGORIES.iter().any(|(id, _)| id == category), "{category}");
            }
        }
        for (id, purpose) in CATEGORIES {
            assert!(is_id(id) && ids.insert(id), "{id}");
            assert!(is_purpose(purpose), "{purpose}");
            assert!(RULES.iter().any(|rule| rule.categories.contains(id)), "{id}");
        }
        assert!(RULES.is_sorted_by_key(|rule| rule.id) && CATEGORIES.is_sorted_by_key(|(id, _)| id));
    }
}
