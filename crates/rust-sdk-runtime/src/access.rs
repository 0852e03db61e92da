//! Access metadata: who may call a method, as stated by the API's annotations.

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

macro_rules! open_name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Cow<'static, str>);

        impl $name {
            /// From its name as the API states it.
            pub const fn new(name: &'static str) -> Self {
                Self(Cow::Borrowed(name))
            }

            /// The name as the API states it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(name: String) -> Self {
                Self(Cow::Owned(name))
            }
        }

        impl From<&'static str> for $name {
            fn from(name: &'static str) -> Self {
                Self(Cow::Borrowed(name))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = Infallible;

            fn from_str(name: &str) -> Result<Self, Infallible> {
                Ok(Self(Cow::Owned(name.to_owned())))
            }
        }
    };
}

open_name! {
    /// A permission, such as `read:clusters`. Names are open: one that this SDK does not know yet is kept as it is.
    Permission
}

open_name! {
    /// A kind of caller, such as `ACTOR_TYPE_USER`. Names are open.
    Actor
}

impl Permission {
    /// The part before the first `:`, or the whole name where there is none.
    pub fn verb(&self) -> &str {
        self.0.split_once(':').map_or(&self.0, |(verb, _)| verb)
    }

    /// The part after the first `:`, where there is one.
    pub fn resource(&self) -> Option<&str> {
        self.0.split_once(':').map(|(_, resource)| resource)
    }
}

/// What a caller needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// Nothing: not even authentication.
    Public,
    /// To be authenticated; no permission is checked before the method's own logic.
    Authenticated,
    /// Every one of these permissions.
    All(&'static [&'static str]),
    /// At least one of these permissions.
    Any(&'static [&'static str]),
    /// The API states no rule, so nobody may call it.
    Denied,
}

/// Who may call a method, and within what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Access {
    rule: Rule,
    actors: &'static [&'static str],
    scope: Option<&'static str>,
}

impl Access {
    /// Access by this rule, for every kind of caller, without a scope.
    pub const fn new(rule: Rule) -> Self {
        Self { rule, actors: &[], scope: None }
    }

    /// For everybody, authenticated or not.
    pub const fn public() -> Self {
        Self::new(Rule::Public)
    }

    /// For every authenticated caller.
    pub const fn authenticated() -> Self {
        Self::new(Rule::Authenticated)
    }

    /// For callers with all of these permissions.
    pub const fn all(permissions: &'static [&'static str]) -> Self {
        Self::new(Rule::All(permissions))
    }

    /// For callers with at least one of these permissions.
    pub const fn any(permissions: &'static [&'static str]) -> Self {
        Self::new(Rule::Any(permissions))
    }

    /// For nobody.
    pub const fn denied() -> Self {
        Self::new(Rule::Denied)
    }

    /// Limits the method to these kinds of callers.
    #[must_use]
    pub const fn only(mut self, actors: &'static [&'static str]) -> Self {
        self.actors = actors;
        self
    }

    /// Names the request field (a dotted path) that holds the account within which permissions are checked.
    #[must_use]
    pub const fn within(mut self, field_path: &'static str) -> Self {
        self.scope = Some(field_path);
        self
    }

    /// What a caller needs.
    pub const fn rule(&self) -> Rule {
        self.rule
    }

    /// The kinds of callers that are let in; empty means every authenticated one.
    pub const fn actors(&self) -> &'static [&'static str] {
        self.actors
    }

    /// The request field that holds the account, such as `cluster.account_id`.
    pub const fn scope(&self) -> Option<&'static str> {
        self.scope
    }

    /// The permissions of the rule, whatever its mode.
    pub const fn permissions(&self) -> &'static [&'static str] {
        match self.rule {
            Rule::All(permissions) | Rule::Any(permissions) => permissions,
            Rule::Public | Rule::Authenticated | Rule::Denied => &[],
        }
    }
}
