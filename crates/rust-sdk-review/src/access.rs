//! Who is let in: a rule as the set of callers that it admits, and the difference of two such sets.
//!
//! A caller is let in where three things hold, none of which depends on the others:
//!
//! - **Guard**: nobody (nothing is stated), everybody (public), every authenticated caller, or those who hold all or any of
//!   some permissions. Permissions only add: whoever holds more is let in wherever one who holds less is.
//! - **Kind**: the caller's is one of the stated ones. Where none is stated, every kind is let in, those that will be added
//!   later among them; so a list of all kinds of today is narrower than no list.
//! - **Account**: permissions hold within an account, and the scope is the request's field that names it. Who acts in the
//!   account that one field names need not act in the one that another field names, so two scopes are incomparable.
//!   Without a scope no account is looked at: whoever acts in any account is let in, which is more. A scope that the
//!   request has no field for names no account, so nobody is let in.
//!
//! Kinds and scope mean nothing where everybody or nobody is let in.

use std::collections::BTreeSet;

/// What a caller needs to be or to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guard {
    /// The API does not say, so nobody is let in.
    Unstated,
    /// Nothing, not even authentication.
    Public,
    /// Authentication alone.
    Authenticated,
    /// Every one of these permissions.
    All(BTreeSet<String>),
    /// At least one of these permissions.
    Any(BTreeSet<String>),
}

/// Who may call a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// What a caller needs.
    pub guard: Guard,
    /// The kinds of callers that are let in; empty means every kind.
    pub actors: BTreeSet<String>,
    /// Which account the caller must act in.
    pub scope: Scope,
}

/// Which account a caller must act in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// No account is looked at.
    None,
    /// The one in this field of the request.
    Field(String),
    /// The one in a field that the request does not have, which the generator refuses.
    Missing(String),
}

/// How two sets of callers relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The same callers.
    Equivalent,
    /// The same and more.
    Widened,
    /// Some of them.
    Narrowed,
    /// Some are let in and others are locked out.
    Incomparable,
}

/// A caller, with what decides whether it is let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Somebody without credentials.
    Anonymous,
    /// Somebody who is authenticated.
    Authenticated {
        /// The kind.
        kind: Kind,
        /// What the caller holds, in its account.
        permissions: BTreeSet<String>,
        /// Where it acts.
        account: Account,
    },
}

/// The kind of a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One that lists name, such as `ACTOR_TYPE_USER`.
    Named(String),
    /// One that no list names.
    Unlisted,
}

/// The account that a caller acts in, compared with what a request names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Account {
    /// The one that this field names, which no other field of the request does.
    Of(String),
    /// One that no field of the request names.
    Other,
}

impl Guard {
    /// The smallest sets of permissions that are enough for an authenticated caller.
    fn smallest(&self) -> Vec<BTreeSet<&str>> {
        match self {
            Self::Unstated => Vec::new(),
            Self::Public | Self::Authenticated => vec![BTreeSet::new()],
            // All of nothing is no statement, as it is for a server.
            Self::All(permissions) if permissions.is_empty() => Vec::new(),
            Self::All(permissions) => vec![permissions.iter().map(String::as_str).collect()],
            Self::Any(permissions) => {
                permissions.iter().map(|permission| BTreeSet::from([permission.as_str()])).collect()
            }
        }
    }

    fn is_met_by(&self, held: &BTreeSet<&str>) -> bool {
        let holds = |permission: &String| held.contains(permission.as_str());
        match self {
            Self::Unstated => false,
            Self::Public | Self::Authenticated => true,
            Self::All(permissions) => !permissions.is_empty() && permissions.iter().all(holds),
            Self::Any(permissions) if held.len() < permissions.len() => {
                held.iter().any(|permission| permissions.contains(*permission))
            }
            Self::Any(permissions) => permissions.iter().any(holds),
        }
    }

    /// The permissions that it names.
    pub fn permissions(&self) -> impl Iterator<Item = &str> {
        let permissions = match self {
            Self::All(permissions) | Self::Any(permissions) => Some(permissions),
            Self::Unstated | Self::Public | Self::Authenticated => None,
        };
        permissions.into_iter().flatten().map(String::as_str)
    }
}

impl Access {
    /// Whether the caller is let in.
    pub fn admits(&self, caller: &Caller) -> bool {
        match (&self.guard, caller) {
            (Guard::Public, _) => true,
            (Guard::Unstated, _) | (_, Caller::Anonymous) => false,
            (guard, Caller::Authenticated { kind, permissions, account }) => {
                let kind_fits = match kind {
                    _ if self.actors.is_empty() => true,
                    Kind::Named(kind) => self.actors.contains(kind),
                    Kind::Unlisted => false,
                };
                let account_fits = match (&self.scope, account) {
                    (Scope::None, _) => true,
                    (Scope::Field(scope), Account::Of(field)) => scope == field,
                    (Scope::Field(_), Account::Other) | (Scope::Missing(_), _) => false,
                };
                kind_fits
                    && account_fits
                    && guard.is_met_by(&permissions.iter().map(String::as_str).collect())
            }
        }
    }

    /// How the callers of `new` relate to those of this rule.
    pub fn relation_to(&self, new: &Self) -> Relation {
        match (new.admits_beyond(self).is_some(), self.admits_beyond(new).is_some()) {
            (false, false) => Relation::Equivalent,
            (true, false) => Relation::Widened,
            (false, true) => Relation::Narrowed,
            (true, true) => Relation::Incomparable,
        }
    }

    /// Somebody whom this rule lets in and the other does not; `None` where there is nobody.
    ///
    /// What the two do not disagree about is the same for both, so that the witness shows one difference where it can.
    pub fn admits_beyond(&self, other: &Self) -> Option<Caller> {
        match (&self.guard, &other.guard) {
            (Guard::Unstated, _) | (_, Guard::Public) => return None,
            (Guard::Public, _) => return Some(Caller::Anonymous),
            _ if matches!(self.scope, Scope::Missing(_)) => return None,
            _ => {}
        }
        // Each is what both admit, if anything, and what the other does not.
        let sets = self.guard.smallest();
        let (met, unmet): (Vec<_>, Vec<_>) = sets.iter().partition(|set| other.guard.is_met_by(set));
        let (kind, odd_kind) = self.kinds(other);
        let (account, odd_account) = self.accounts(other);
        let odd_permissions = unmet.first().copied();
        if odd_permissions.is_none() && odd_kind.is_none() && odd_account.is_none() {
            return None;
        }
        let permissions = odd_permissions.or(met.first().copied()).into_iter().flatten();
        let permissions: BTreeSet<String> = permissions.map(|permission| (*permission).to_owned()).collect();
        // One difference is enough.
        let (odd_kind, odd_account) = match (odd_permissions, odd_kind, odd_account) {
            (Some(_), ..) => (None, None),
            (None, Some(odd), _) => (Some(odd), None),
            (None, None, odd) => (None, odd),
        };
        let kind = odd_kind.or(kind).or_else(|| self.kinds(other).1)?;
        let account = odd_account.or(account).or_else(|| self.accounts(other).1)?;
        Some(Caller::Authenticated { kind, permissions, account })
    }

    /// A kind that both admit, and one that only this rule admits.
    fn kinds(&self, other: &Self) -> (Option<Kind>, Option<Kind>) {
        let named = |actors: &BTreeSet<String>| actors.first().cloned().map(Kind::Named);
        match (self.actors.is_empty(), other.actors.is_empty()) {
            (true, true) => (Some(Kind::Unlisted), None),
            (true, false) => (named(&other.actors), Some(Kind::Unlisted)),
            (false, true) => (named(&self.actors), None),
            (false, false) => {
                let both = self.actors.intersection(&other.actors).next().cloned();
                let odd = self.actors.difference(&other.actors).next().cloned();
                (both.map(Kind::Named), odd.map(Kind::Named))
            }
        }
    }

    /// An account that both admit, and one that only this rule admits.
    fn accounts(&self, other: &Self) -> (Option<Account>, Option<Account>) {
        let of = |scope: &String| Account::Of(scope.clone());
        match (&self.scope, &other.scope) {
            (Scope::Missing(_), _) => (None, None),
            (Scope::None, Scope::None) => (Some(Account::Other), None),
            (Scope::None, Scope::Field(scope)) => (Some(of(scope)), Some(Account::Other)),
            (Scope::None, Scope::Missing(_)) => (None, Some(Account::Other)),
            (Scope::Field(scope), Scope::None) => (Some(of(scope)), None),
            (Scope::Field(scope), Scope::Field(other)) if scope == other => (Some(of(scope)), None),
            (Scope::Field(scope), Scope::Field(_) | Scope::Missing(_)) => (None, Some(of(scope))),
        }
    }
}
