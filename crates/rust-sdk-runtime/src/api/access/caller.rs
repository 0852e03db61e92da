//! Who calls: what is known of a caller when a method's access is checked.

use std::borrow::Borrow;
use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

/// The permissions that somebody has.
///
/// Lists and sets of names are grants. What has names that stand for others, such as `admin` or `read:*`, implements this.
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

/// The account that a caller's permissions hold in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Account<'a> {
    Unknown,
    One(&'a str),
    Every,
}

/// A caller, as far as it is known: what [`Access::check`](super::Access::check) decides by. It borrows everything.
///
/// What is not stated counts against the caller. So one without a kind is refused by methods that are for certain kinds,
/// and one without an account by methods whose permissions hold within one.
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
    /// Somebody who did not say who they are.
    pub const fn anonymous() -> Self {
        Self { authenticated: false, actor: None, grants: &[""; 0], account: Account::Unknown }
    }

    /// An authenticated caller with these permissions: a list or a set of names. A slice is given as `&slice`.
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

    /// States the one account that the caller acts in, within which the permissions hold.
    #[must_use]
    pub const fn within(mut self, account: &'a str) -> Self {
        self.account = Account::One(account);
        self
    }

    /// States that the permissions hold in whatever account a request names: those of an operator, or permissions that
    /// were looked up for the request's account.
    #[must_use]
    pub const fn everywhere(mut self) -> Self {
        self.account = Account::Every;
        self
    }

    /// Whether it is known who calls.
    pub const fn is_authenticated(&self) -> bool {
        self.authenticated
    }

    /// The kind of caller, where it is known.
    pub const fn kind(&self) -> Option<&'a str> {
        self.actor
    }

    /// The permissions.
    pub const fn grants(&self) -> &'a (dyn Grants + Sync) {
        self.grants
    }

    /// The one account that the caller acts in, where there is one.
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
