//! The decision.

use super::caller::Account;
use super::{Access, Caller, Decision, Missing, Reason, Rule};

impl Access {
    /// Whether this caller may call the method for this account: the one that the request names in the field that is
    /// [`Access::scope`], which [`Rpc::scope_of`](crate::Rpc::scope_of) reads.
    ///
    /// In this order:
    ///
    /// 1. A method whose access is not stated ([`Rule::Denied`]) is for nobody. One that asks for all or for one of no
    ///    permissions is taken for such a method.
    /// 2. A public method ([`Rule::Public`]) is for everybody. Nothing else is asked.
    /// 3. The caller is authenticated.
    /// 4. Where the method is for certain kinds of callers, the caller's kind is known and one of them.
    /// 5. Where the method has a scope and the caller acts in one account, the request names that account. Where it has
    ///    a scope and asks for permissions, the request names an account, and the caller's is known: this one, or
    ///    [`everywhere`](Caller::everywhere). So a method that asks for authentication alone lets in callers of no one
    ///    account, whatever the request names. Without a scope, no account is looked at.
    /// 6. The caller has all of the permissions, or one of them.
    ///
    /// It allocates nothing, whatever it decides. An empty account is none.
    pub fn check<'a>(&self, caller: &Caller<'a>, account: Option<&str>) -> Decision<'a> {
        self.decide(caller, |scoped| in_account(scoped, caller.acts_in(), account))
    }

    /// [`check`](Self::check) for a request that is for the caller's own account, whichever that is: what can be said
    /// before there is a request.
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

/// What is wrong with the account that a request names.
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
