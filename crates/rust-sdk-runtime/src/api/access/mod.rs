//! Access rules: who may call a method, as the API's annotations state.
//!
//! [`Access::check`] alone decides, so servers, clients and tools get the same answer.

mod caller;
mod check;
mod choices;
mod decision;
mod identity;
mod mask;
mod name;
mod need;

pub use self::caller::{Caller, Grants};
pub use self::choices::TooManyChoices;
pub use self::decision::{Decision, Missing, Reason, Refusal};
pub use self::identity::Identity;
pub use self::name::{Actor, Permission};
pub use self::need::Needs;

/// What a caller needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// Nothing: not even authentication.
    Public,
    /// Authentication only; no permission is checked before the method's own logic.
    Authenticated,
    /// Every one of these permissions.
    All(&'static [&'static str]),
    /// At least one of these permissions.
    Any(&'static [&'static str]),
    /// The API states no rule, so nobody may call it.
    Denied,
}

/// Who may call a method, and in which account.
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

    /// The kinds of callers that may call the method; empty means every kind.
    pub const fn actors(&self) -> &'static [&'static str] {
        self.actors
    }

    /// The request field that holds the account, such as `cluster.account_id`.
    pub const fn scope(&self) -> Option<&'static str> {
        self.scope
    }

    /// The permissions of the rule, whether all or any of them are required.
    pub const fn permissions(&self) -> &'static [&'static str] {
        match self.rule {
            Rule::All(permissions) | Rule::Any(permissions) => permissions,
            Rule::Public | Rule::Authenticated | Rule::Denied => &[],
        }
    }
}
