//! The access check.

use super::caller::Account;
use super::{Access, Caller, Decision, Missing, Reason, Rule};

impl Access {
    /// Whether this caller may call the method for this account. The account is the one in the request field [`Access::scope`], which
    /// [`Rpc::scope_of`](crate::Rpc::scope_of) reads.
    ///
    /// The check goes in this order:
    ///
    /// 1. A method whose access is not stated ([`Rule::Denied`]) is for nobody. A method that requires all or any of an empty list of
    ///    permissions counts as unstated.
    /// 2. A public method ([`Rule::Public`]) is for everybody. Nothing else is checked.
    /// 3. The caller must be authenticated.
    /// 4. If the method is for certain kinds of callers, the caller's kind must be known and one of them.
    /// 5. If the method has a scope and the caller acts in one account, the request must name that account. If the method has a scope and
    ///    requires permissions, the request must name an account, and the permissions must hold in that account or
    ///    [`everywhere`](Caller::everywhere). So a method that requires only authentication admits callers that act in no single account,
    ///    for any account that the request names. Without a scope, no account is checked.
    /// 6. The caller must have all, or any, of the permissions.
    ///
    /// The check allocates nothing. An empty account counts as none.
    pub fn check<'a>(&self, caller: &Caller<'a>, account: Option<&str>) -> Decision<'a> {
        self.decide(caller, |scoped| in_account(scoped, caller.acts_in(), account))
    }

    /// [`check`](Self::check) for the caller's own account, whichever that is. Use it before a request exists.
    pub fn check_own_account<'a>(&self, caller: &Caller<'a>) -> Decision<'a> {
        self.decide(caller, |_| None)
    }

    fn decide<'a>(
        &self,
        caller: &Caller<'a>,
        account: impl FnOnce(Scoped) -> Option<Reason<'a>>,
    ) -> Decision<'a> {
        let permissions = match self.rule {
            Rule::Public => return Decision::Allowed,
            Rule::Denied | Rule::All([]) | Rule::Any([]) => return Decision::refused(Reason::Unstated),
            Rule::Authenticated => None,
            Rule::All(permissions) => Some(Missing { all: true, permissions, grants: caller.grants() }),
            Rule::Any(permissions) => Some(Missing { all: false, permissions, grants: caller.grants() }),
        };
        if !caller.is_authenticated() {
            return Decision::refused(Reason::Unauthenticated);
        }
        if !self.actors.is_empty() && !caller.kind().is_some_and(|kind| self.actors.contains(&kind)) {
            return Decision::refused(Reason::Actor { kind: caller.kind(), allowed: self.actors });
        }
        if let Some(field) = self.scope
            && let Some(reason) = account(Scoped { field, permissions: permissions.is_some() })
        {
            return Decision::refused(reason);
        }
        match permissions {
            Some(missing) if !missing.is_empty() => Decision::refused(Reason::Permissions(missing)),
            _ => Decision::Allowed,
        }
    }
}

/// The scope of a method, and whether permissions must hold in it.
#[derive(Clone, Copy)]
struct Scoped {
    field: &'static str,
    permissions: bool,
}

/// The reason, if the account that a request names is missing or wrong.
fn in_account<'a>(scoped: Scoped, own: Account<'_>, account: Option<&str>) -> Option<Reason<'a>> {
    let Scoped { field, permissions } = scoped;
    let account = account.filter(|account| !account.is_empty());
    match (own, account) {
        (Account::One(own), Some(account)) => (own != account).then_some(Reason::OtherAccount { field }),
        (Account::One(_), None) => Some(Reason::NoAccount { field }),
        (Account::Unknown | Account::Every, None) => permissions.then_some(Reason::NoAccount { field }),
        (Account::Unknown, Some(_)) => permissions.then_some(Reason::UnknownAccount { field }),
        (Account::Every, Some(_)) => None,
    }
}
