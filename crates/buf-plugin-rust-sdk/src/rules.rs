//! Every rule and category, as buf lists them.

use crate::breaking;
use crate::context::Context;
use crate::error::CallError;
use crate::finding::{
    ACCESS, ACCESS_BREAKING, ACCESS_PUBLIC, ACCESS_WIDENED, DESCRIPTORS, Finding, HTTP, NAMES,
    PERMISSIONS_BREAKING, WARNINGS,
};
use crate::lint::{method_options, problems, required_fields};
use crate::messages::RuleType;

/// A rule.
pub(crate) struct Rule {
    pub(crate) id: &'static str,
    pub(crate) categories: &'static [&'static str],
    /// Whether it runs if buf.yaml has no `use`.
    pub(crate) default: bool,
    pub(crate) purpose: &'static str,
    pub(crate) kind: RuleType,
    pub(crate) check: fn(&Context, &'static str) -> Result<Vec<Finding>, CallError>,
}

const RUST_SDK: &str = "RUST_SDK";
const STRICT: &str = "RUST_SDK_STRICT";
const QDRANT: &str = "QDRANT_CLOUD";

/// The categories and their purposes, sorted by id.
pub(crate) const CATEGORIES: &[(&str, &str)] = &[
    (QDRANT, "Checks the conventions of the Qdrant Cloud API."),
    (RUST_SDK, "Checks that a Rust SDK can be generated and that existing callers keep working."),
    (STRICT, "Checks RUST_SDK, and reports warnings and widened access."),
];

/// The rules, sorted by id.
pub(crate) const RULES: &[Rule] = &[
    Rule {
        id: "QDRANT_CLOUD_METHOD_OPTIONS",
        categories: &[QDRANT],
        default: false,
        purpose: "Checks that every method sets the required options.",
        kind: RuleType::Lint,
        check: method_options::check,
    },
    Rule {
        id: PERMISSIONS_BREAKING,
        categories: &[QDRANT],
        default: false,
        purpose: "Checks that no change of permissions locks a caller out or drops a permission.",
        kind: RuleType::Breaking,
        check: breaking::permissions,
    },
    Rule {
        id: "QDRANT_CLOUD_REQUIRED_ENTITY_FIELDS",
        categories: &[QDRANT],
        default: false,
        purpose: "Checks that entities, the messages that methods create, get, list, update or delete, have the required fields.",
        kind: RuleType::Lint,
        check: required_fields::entities,
    },
    Rule {
        id: "QDRANT_CLOUD_REQUIRED_REQUEST_FIELDS",
        categories: &[QDRANT],
        default: false,
        purpose: "Checks that requests to get, list or delete have the required fields.",
        kind: RuleType::Lint,
        check: required_fields::requests,
    },
    Rule {
        id: ACCESS,
        categories: &[RUST_SDK, STRICT],
        default: true,
        purpose: "Checks that every method states who may call it, in options that the generator reads, without contradictions.",
        kind: RuleType::Lint,
        check: problems::check,
    },
    Rule {
        id: ACCESS_BREAKING,
        categories: &[RUST_SDK, STRICT],
        default: true,
        purpose: "Checks that no change of permissions, authentication, kinds of callers or account locks a caller out.",
        kind: RuleType::Breaking,
        check: breaking::access,
    },
    Rule {
        id: ACCESS_PUBLIC,
        categories: &[RUST_SDK, STRICT],
        default: true,
        purpose: "Checks that no method becomes public, that no new method is public, and that no unread option that looks like access changes.",
        kind: RuleType::Breaking,
        check: breaking::public,
    },
    // Not a default: nothing breaks, and the first step of a migration to another permission widens access.
    Rule {
        id: ACCESS_WIDENED,
        categories: &[STRICT],
        default: false,
        purpose: "Checks that no change lets in new callers; for a security review.",
        kind: RuleType::Breaking,
        check: breaking::widened,
    },
    Rule {
        id: DESCRIPTORS,
        categories: &[RUST_SDK, STRICT],
        default: true,
        purpose: "Checks that the generator can express everything in the files.",
        kind: RuleType::Lint,
        check: problems::check,
    },
    Rule {
        id: HTTP,
        categories: &[RUST_SDK, STRICT],
        default: true,
        purpose: "Checks that HTTP rules are valid, fit their messages, and do not match each other's requests.",
        kind: RuleType::Lint,
        check: problems::check,
    },
    Rule {
        id: NAMES,
        categories: &[RUST_SDK, STRICT],
        default: true,
        purpose: "Checks that no two names become the same name in Rust.",
        kind: RuleType::Lint,
        check: problems::check,
    },
    Rule {
        id: "RUST_SDK_NAMES_BREAKING",
        categories: &[RUST_SDK, STRICT],
        default: true,
        purpose: "Checks that Rust names change only where names in the files change.",
        kind: RuleType::Breaking,
        check: breaking::sdk::names,
    },
    Rule {
        id: "RUST_SDK_REQUIRED_BREAKING",
        categories: &[RUST_SDK, STRICT],
        default: true,
        purpose: "Checks that no field becomes required.",
        kind: RuleType::Breaking,
        check: breaking::sdk::required,
    },
    Rule {
        id: "RUST_SDK_ROUTES_BREAKING",
        categories: &[RUST_SDK, STRICT],
        default: true,
        purpose: "Checks that methods keep their HTTP routes and bodies.",
        kind: RuleType::Breaking,
        check: breaking::routes,
    },
    Rule {
        id: "RUST_SDK_SIGNATURES_BREAKING",
        categories: &[RUST_SDK, STRICT],
        default: true,
        purpose: "Checks that functions of the generated crate keep their parameters and that none is removed.",
        kind: RuleType::Breaking,
        check: breaking::sdk::signatures,
    },
    Rule {
        id: WARNINGS,
        categories: &[STRICT],
        default: false,
        purpose: "Reports problems that the generator accepts with a warning.",
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

    /// buf rejects a plugin whose lists break these rules.
    #[test]
    fn the_lists_follow_the_protocol() {
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
