//! The caller: the known facts about who calls, for the check of a method's access.

use std::borrow::Borrow;
use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

/// The permissions of a caller.
///
/// Lists and sets of names implement this trait. Implement it yourself if a name stands for others, such as `admin` or `read:*`.
pub trait Grants {
    /// Whether this permission is among them. Names are compared byte by byte.
    fn holds(&self, permission: &str) -> bool;
}

impl<T: AsRef<str>> Grants for [T] {
    fn holds(&self, permission: &str) -> bool {
        self.iter().any(|held| held.as_ref() == permission)
    }
}

impl<T: AsRef<str>, const N: usize> Grants for [T; N] {
    fn holds(&self, permission: &str) -> bool {
        self.as_slice().holds(permission)
    }
}

impl<T: AsRef<str>> Grants for Vec<T> {
    fn holds(&self, permission: &str) -> bool {
        self.as_slice().holds(permission)
    }
}

impl<T: Borrow<str> + Ord> Grants for BTreeSet<T> {
    fn holds(&self, permission: &str) -> bool {
        self.contains(permission)
    }
}

impl<T: Borrow<str> + Eq + Hash, S: BuildHasher> Grants for HashSet<T, S> {
    fn holds(&self, permission: &str) -> bool {
        self.contains(permission)
    }
}

macro_rules! pointers {
    ($($pointer:ty),*) => {
        $(impl<G: Grants + ?Sized> Grants for $pointer {
            fn holds(&self, permission: &str) -> bool {
                (**self).holds(permission)
            }
        })*
    };
}

pointers!(&G, Box<G>, Arc<G>);

/// The account in which a caller's permissions hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Account<'a> {
    Unknown,
    One(&'a str),
    Every,
}

/// The known facts about a caller, by which [`Access::check`](super::Access::check) decides. It borrows everything.
///
/// Missing facts count against the caller. A method for certain kinds of callers refuses a caller without a kind. A method whose
/// permissions hold in an account refuses a caller without an account.
///
/// ```
/// use rust_sdk_runtime::access::{Access, Caller};
///
/// const ACCESS: Access = Access::all(&["read:shelves"]).within("account_id");
///
/// let permissions = vec!["read:shelves".to_owned(), "read:books".to_owned()];
/// let caller = Caller::new(&permissions).actor("ACTOR_TYPE_USER").within("acme");
/// assert!(ACCESS.check(&caller, Some("acme")).is_allowed());
/// assert!(!ACCESS.check(&caller, Some("umbrella")).is_allowed());
/// assert!(!ACCESS.check(&Caller::anonymous(), Some("acme")).is_allowed());
/// ```
#[derive(Clone, Copy)]
pub struct Caller<'a> {
    authenticated: bool,
    actor: Option<&'a str>,
    grants: &'a (dyn Grants + Sync),
    account: Account<'a>,
}

impl<'a> Caller<'a> {
    /// A caller that is not authenticated.
    pub const fn anonymous() -> Self {
        Self { authenticated: false, actor: None, grants: &[""; 0], account: Account::Unknown }
    }

    /// An authenticated caller with these permissions: a list or a set of names. Pass a slice as `&slice`.
    pub const fn new<G: Grants + Sync>(grants: &'a G) -> Self {
        Self { authenticated: true, actor: None, grants, account: Account::Unknown }
    }

    pub(super) fn known(
        grants: &'a (dyn Grants + Send + Sync),
        actor: Option<&'a str>,
        account: Account<'a>,
    ) -> Self {
        Self { authenticated: true, actor, grants, account }
    }

    /// States the kind of caller, by its name in the API, such as `ACTOR_TYPE_USER`.
    #[must_use]
    pub const fn actor(mut self, kind: &'a str) -> Self {
        self.actor = Some(kind);
        self
    }

    /// States the one account in which the caller acts and its permissions hold.
    #[must_use]
    pub const fn within(mut self, account: &'a str) -> Self {
        self.account = Account::One(account);
        self
    }

    /// States that the permissions hold in every account. Use it for operators, and for permissions that were looked up for the request's
    /// account.
    #[must_use]
    pub const fn everywhere(mut self) -> Self {
        self.account = Account::Every;
        self
    }

    /// Whether the caller is authenticated.
    pub const fn is_authenticated(&self) -> bool {
        self.authenticated
    }

    /// The kind of caller, if it is known.
    pub const fn kind(&self) -> Option<&'a str> {
        self.actor
    }

    /// The permissions.
    pub const fn grants(&self) -> &'a (dyn Grants + Sync) {
        self.grants
    }

    /// The one account in which the caller acts, if there is one.
    pub const fn account(&self) -> Option<&'a str> {
        match self.account {
            Account::One(account) => Some(account),
            Account::Unknown | Account::Every => None,
        }
    }

    #[cfg(feature = "_client")]
    pub(crate) fn is_of_known_account(&self) -> bool {
        self.account != Account::Unknown
    }

    pub(super) const fn acts_in(&self) -> Account<'a> {
        self.account
    }
}

impl<'a, G: Grants + Sync> From<&'a G> for Caller<'a> {
    fn from(grants: &'a G) -> Self {
        Self::new(grants)
    }
}

impl<'a> From<&Caller<'a>> for Caller<'a> {
    fn from(caller: &Caller<'a>) -> Self {
        *caller
    }
}

impl fmt::Debug for Caller<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller")
            .field("authenticated", &self.authenticated)
            .field("actor", &self.actor)
            .finish_non_exhaustive()
    }
}
