//! Suggests the plugin option that could read an option of the API, by the option's name and type. A person decides. A
//! suggestion opens methods only if the option's name means open access.

use std::collections::BTreeSet;

use prost_reflect::EnumDescriptor;

use crate::naming;
use crate::options::Meaning;

/// The type of an option.
pub(super) enum Shape {
    /// `bool`.
    Switch,
    /// `string`.
    Text,
    /// `repeated string`.
    Texts,
    /// An enum.
    Choice(EnumDescriptor),
    /// A repeated enum.
    Choices,
    /// A type that none of the plugin's options can read.
    Other,
}

/// Words in the names of options about access.
#[rustfmt::skip]
const ACCESS: [&str; 59] = [
    "access", "account", "acl", "acls", "actor", "actors", "admin", "allow", "allowed", "anonymous", "anyone", "audience",
    "auth", "authenticate", "authenticated", "authentication", "authn", "authorization", "authorize", "authorized", "authz",
    "caller", "callers", "capabilities", "capability", "everybody", "everyone", "gate", "guard", "guest", "identity",
    "insecure", "login", "open", "permission", "permissions", "permit", "policies", "policy", "principal", "principals",
    "private", "privilege", "privileges", "protected", "public", "restricted", "rights", "role", "roles", "scope", "scopes",
    "secure", "security", "tenant", "unauthenticated", "unprotected", "unrestricted", "visibility",
];
/// Packages that concern only access.
const ACCESS_PACKAGES: [&str; 9] =
    ["access", "acl", "auth", "authn", "authz", "iam", "permissions", "rbac", "security"];
/// Words for open access.
#[rustfmt::skip]
const OPEN: [&str; 13] = [
    "anonymous", "anyone", "everybody", "everyone", "guest", "insecure", "noauth", "open", "public", "unauthenticated",
    "unprotected", "unrestricted", "unsecured",
];
/// Words that negate others.
#[rustfmt::skip]
const NOT: [&str; 14] = [
    "bypass", "deny", "disable", "disabled", "exempt", "forbid", "free", "never", "no", "non", "none", "not", "skip",
    "without",
];
/// Words for required authentication.
#[rustfmt::skip]
const CLOSED: [&str; 13] = [
    "auth", "authenticate", "authenticated", "authentication", "login", "must", "needs", "protected", "require", "required",
    "requires", "secure", "secured",
];
/// Words for permissions.
#[rustfmt::skip]
const PERMISSION: [&str; 12] = [
    "capabilities", "capability", "permission", "permissions", "privilege", "privileges", "right", "rights", "role", "roles",
    "scope", "scopes",
];
/// Words for kinds of callers.
const KIND: [&str; 9] =
    ["actor", "actors", "audience", "caller", "callers", "kinds", "principal", "principals", "types"];
/// Words for accounts.
const ACCOUNT: [&str; 6] = ["account", "organization", "owner", "project", "tenant", "workspace"];

/// For an enum with more values, only the values that occur are suggested.
const MOST_VALUES: usize = 12;

/// Whether the name of an option or of its package is about access.
pub(super) fn looks_like_access(name: &str) -> bool {
    let (package, own) = parts(name);
    has(&words(own), &ACCESS) || package.split('.').any(|part| ACCESS_PACKAGES.contains(&part))
}

/// The plugin option as `key=value`; `None` if no plugin option can read this type.
pub(super) fn setting(
    name: &str,
    shape: &Shape,
    values: &BTreeSet<String>,
    names_fields: bool,
) -> Option<String> {
    let words = words(parts(name).1);
    Some(match shape {
        Shape::Other => return None,
        Shape::Switch => match says(&words) {
            Some(Meaning::Public) => format!("mode_option={name}:true=public"),
            Some(_) => format!("authentication_option={name}"),
            None => format!("mode_option={name}:true=custom"),
        },
        Shape::Text if names_fields || has(&words, &ACCOUNT) => format!("account_option={name}"),
        Shape::Choices if has(&words, &KIND) => format!("actors_option={name}"),
        Shape::Choice(item) if !has(&words, &PERMISSION) => {
            format!("mode_option={name}:{}", meanings(item, values))
        }
        Shape::Text | Shape::Texts | Shape::Choice(_) | Shape::Choices => {
            format!("permissions_option={name}")
        }
    })
}

fn meanings(item: &EnumDescriptor, used: &BTreeSet<String>) -> String {
    let is_large = item.values().len() > MOST_VALUES;
    let wanted = item
        .values()
        .filter(|value| used.contains(value.name()) || (!is_large && value.number() != 0))
        .map(|value| value.name().to_owned());
    // A number without a name in the enum cannot get a meaning.
    let pairs = wanted.map(|value| {
        let stem = value.strip_prefix(&naming::value_prefix(item.name())).unwrap_or(&value);
        let meaning = says(&words(stem)).unwrap_or(Meaning::Custom);
        format!("{value}={}", meaning.as_str())
    });
    pairs.collect::<Vec<_>>().join(";")
}

/// The meaning of a name's words: public or authenticated; `None` if they state neither or contradict each other.
fn says(words: &[String]) -> Option<Meaning> {
    match (has(words, &NOT), has(words, &OPEN), has(words, &CLOSED)) {
        (false, true, false) | (true, false, true) => Some(Meaning::Public),
        (false, false, true) => Some(Meaning::Authenticated),
        _ => None,
    }
}

/// The package, and the names of the option and its fields.
fn parts(name: &str) -> (&str, &str) {
    let option = name.split('#').next().unwrap_or(name);
    option.rfind('.').map_or(("", name), |at| (&name[..at], &name[at + 1..]))
}

fn words(name: &str) -> Vec<String> {
    let names = name.split(['.', '#']).map(|part| naming::around("", part, ""));
    names.flat_map(|part| part.split('_').map(str::to_owned).collect::<Vec<_>>()).collect()
}

fn has(words: &[String], known: &[&str]) -> bool {
    words.iter().any(|word| known.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, shape: &Shape) -> String {
        setting(name, shape, &BTreeSet::from(["x".to_owned()]), false).unwrap()
    }

    #[test]
    fn a_suggestion_opens_only_what_its_name_opens() {
        for (name, expected) in [
            ("acme.auth.v1.open", "mode_option=acme.auth.v1.open:true=public"),
            ("acme.v1.skip_auth", "mode_option=acme.v1.skip_auth:true=public"),
            ("acme.v1.rule#noAuth", "mode_option=acme.v1.rule#noAuth:true=public"),
            ("acme.v1.login_required", "authentication_option=acme.v1.login_required"),
            ("acme.v1.admin_only", "mode_option=acme.v1.admin_only:true=custom"),
            ("acme.v1.no_access", "mode_option=acme.v1.no_access:true=custom"),
            ("acme.v1.not_public", "mode_option=acme.v1.not_public:true=custom"),
            ("acme.v1.requires_public_key", "mode_option=acme.v1.requires_public_key:true=custom"),
            // The package's name opens nothing.
            ("acme.open.v1.admin_only", "mode_option=acme.open.v1.admin_only:true=custom"),
        ] {
            assert_eq!(of(name, &Shape::Switch), expected);
        }
        assert_eq!(of("a.tenant", &Shape::Text), "account_option=a.tenant");
        assert_eq!(of("a.scopes", &Shape::Texts), "permissions_option=a.scopes");
        assert_eq!(of("a.callers", &Shape::Choices), "actors_option=a.callers");
        assert_eq!(of("a.needed", &Shape::Choices), "permissions_option=a.needed");
        assert_eq!(setting("a.scopes", &Shape::Other, &BTreeSet::new(), true), None);
    }

    #[test]
    fn names_and_packages_look_like_access() {
        for name in ["a.open", "a.requiredScopes", "a.rule#who.may_call.roles", "acme.iam.v1.rule", "public"]
        {
            assert!(looks_like_access(name), "{name}");
        }
        for name in ["a.audit_event", "a.public.v1.rate", "a.opening_hours", "a.authored_by"] {
            assert!(!looks_like_access(name), "{name}");
        }
    }

    #[test]
    fn lists_are_sorted() {
        assert!(
            [&ACCESS[..], &ACCESS_PACKAGES, &OPEN, &CLOSED, &PERMISSION, &KIND, &ACCOUNT]
                .iter()
                .all(|list| list.is_sorted())
        );
    }
}
