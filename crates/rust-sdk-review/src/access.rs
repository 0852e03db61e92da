//! A rule as the set of callers that it lets in, and the difference of two such sets.
//!
//! A caller is let in if three independent conditions hold:
//!
//! - **Guard**: nobody (unstated), everybody (public), every authenticated caller, or callers that hold all or any of some
//!   permissions. Further permissions never lock a caller out.
//! - **Kind**: the caller is of a listed kind. Without a list, every kind is let in, including kinds that are added later,
//!   so a list of all present kinds is narrower than no list.
//! - **Account**: permissions hold within an account, and the scope is the request field that names it. A caller in the
//!   account of one field need not be in the account of another, so two scopes are incomparable. Without a scope, no account
//!   is checked: callers in any account are let in, which is wider. A scope that names no field of the request names no
//!   account, so nobody is let in.
//!
//! Kind and scope do not matter if everybody or nobody is let in.

use std::collections::BTreeSet;

/// The requirement for a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Unstated, so nobody is let in.
    Unstated,
    /// Nothing, not even authentication.
    Public,
    /// Authentication alone.
    Authenticated,
    /// All of these permissions.
    All(BTreeSet<String>),
    /// At least one of these permissions.
    Any(BTreeSet<String>),
}

/// Who may call a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The requirement for a caller.
    pub guard: Guard,
    /// The allowed kinds of callers; empty: every kind.
    pub actors: BTreeSet<String>,
    /// The account in which the caller must act.
    pub scope: Scope,
}

/// The account in which a caller must act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// No account is checked.
    None,
    /// The account in this field of the request.
    Field(String),
    /// The account in a field that the request lacks, which the generator rejects.
    Missing(String),
}

/// How two sets of callers relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The same callers.
    Equivalent,
    /// The same callers and more.
    Widened,
    /// Only some of these callers.
    Narrowed,
    /// More in one respect, fewer in another.
    Incomparable,
}

/// A caller, with everything that decides whether it is let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A caller without credentials.
    Anonymous,
    /// An authenticated caller.
    Authenticated {
        /// The kind.
        kind: Kind,
        /// The permissions that it holds in its account.
        permissions: BTreeSet<String>,
        /// The account in which it acts.
        account: Account,
    },
}

/// The kind of a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A kind that lists can name, such as `ACTOR_TYPE_USER`.
    Named(String),
    /// A kind that no list names.
    Unlisted,
}

/// The account of a caller, compared with the accounts that a request names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Account {
    /// The account in this field, and in no other field of the request.
    Of(String),
    /// An account that no field of the request names.
    Other,
}

impl Guard {
    /// The smallest sets of permissions that are enough for an authenticated caller.
    fn smallest(&self) -> Vec<BTreeSet<&str>> {
        match self {
            Self::Unstated => Vec::new(),
            Self::Public | Self::Authenticated => vec![BTreeSet::new()],
            // A server, too, reads an empty list as unstated.
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

    /// A caller that this rule lets in and the other rule does not; `None` if there is none.
    ///
    /// The caller meets all conditions on which the two rules agree, so that it shows a single difference if possible.
    pub fn admits_beyond(&self, other: &Self) -> Option<Caller> {
        match (&self.guard, &other.guard) {
            (Guard::Unstated, _) | (_, Guard::Public) => return None,
            (Guard::Public, _) => return Some(Caller::Anonymous),
            _ if matches!(self.scope, Scope::Missing(_)) => return None,
            _ => {}
        }
        // For each condition: a value that both accept, if any, and one that only this rule accepts.
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

    /// A kind that both accept, and a kind that only this rule accepts.
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

    /// An account that both accept, and an account that only this rule accepts.
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
