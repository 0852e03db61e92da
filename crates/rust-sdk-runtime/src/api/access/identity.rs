//! A caller that owns its data.

use std::fmt;
use std::sync::Arc;

use super::caller::{Account, Caller, Grants};

/// A [`Caller`] that owns its data, for programs that keep a caller or their own identity. Clones share the permissions.
///
/// ```
/// use std::collections::HashSet;
///
/// use rust_sdk_runtime::access::{Access, Identity};
///
/// let permissions = HashSet::from(["read:shelves".to_owned()]);
/// let identity = Identity::new(permissions).actor("ACTOR_TYPE_USER").within("acme");
/// assert!(Access::all(&["read:shelves"]).check(&identity.caller(), None).is_allowed());
/// ```
#[derive(Clone)]
pub struct Identity {
    grants: Option<Arc<dyn Grants + Send + Sync>>,
    actor: Option<Arc<str>>,
    account: Own,
}

#[derive(Clone)]
enum Own {
    Unknown,
    One(Arc<str>),
    Every,
}

impl Identity {
    /// See [`Caller::anonymous`].
    pub const fn anonymous() -> Self {
        Self { grants: None, actor: None, account: Own::Unknown }
    }

    /// See [`Caller::new`].
    pub fn new(grants: impl Grants + Send + Sync + 'static) -> Self {
        Self { grants: Some(Arc::new(grants)), ..Self::anonymous() }
    }

    /// See [`Caller::actor`].
    #[must_use]
    pub fn actor(mut self, kind: impl AsRef<str>) -> Self {
        self.actor = Some(kind.as_ref().into());
        self
    }

    /// See [`Caller::within`].
    #[must_use]
    pub fn within(mut self, account: impl AsRef<str>) -> Self {
        self.account = Own::One(account.as_ref().into());
        self
    }

    /// See [`Caller::everywhere`].
    #[must_use]
    pub fn everywhere(mut self) -> Self {
        self.account = Own::Every;
        self
    }

    /// The caller, borrowed.
    pub fn caller(&self) -> Caller<'_> {
        let Some(grants) = &self.grants else { return Caller::anonymous() };
        Caller::known(
            &**grants,
            self.actor.as_deref(),
            match &self.account {
                Own::Unknown => Account::Unknown,
                Own::One(account) => Account::One(account),
                Own::Every => Account::Every,
            },
        )
    }
}

impl<'a> From<&'a Identity> for Caller<'a> {
    fn from(identity: &'a Identity) -> Self {
        identity.caller()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.caller(), f)
    }
}
