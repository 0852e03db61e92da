//! Calls that the server would reject, rejected locally before they are sent.

use super::{Client, Inner};
use crate::api::access::{Caller, Decision, Identity};
use crate::api::method::{Method, MethodSchemas};
use crate::error::Error;

/// Names the caller of a client, for [`ClientBuilder::preflight`](crate::ClientBuilder::preflight).
///
/// Pass an [`Identity`] for a caller that stays the same, or a closure that returns `Option<Identity>` for one that may change.
pub trait Preflight: Send + Sync + 'static {
    /// The present caller; `None` if the caller is unknown, in which case only the server decides. The client asks before every call, so
    /// the function must not block.
    fn identity(&self) -> Option<Identity>;
}

impl Preflight for Identity {
    fn identity(&self) -> Option<Identity> {
        Some(self.clone())
    }
}

impl<F: Fn() -> Option<Identity> + Send + Sync + 'static> Preflight for F {
    fn identity(&self) -> Option<Identity> {
        self()
    }
}

impl Client {
    /// Whether this caller may call the method for the client's account, or for the caller's own if the client has none. Sends nothing: it
    /// runs [`Access::check`](crate::Access::check) on the method's table. A list or set of permissions can stand for a caller.
    ///
    /// If the caller's account is unknown, the check assumes that the caller belongs to the client's account.
    pub fn can<'a>(&self, method: &Method, caller: impl Into<Caller<'a>>) -> Decision<'a> {
        let (access, caller) = (method.access(), caller.into());
        match self.0.scope() {
            Some(account) if caller.is_of_known_account() => access.check(&caller, Some(account)),
            _ => access.check_own_account(&caller),
        }
    }
}

impl Inner {
    /// Whether the preflight also checks the read access of this call, because it is an update with a field mask. `request` encodes the
    /// request only when that decides.
    pub(crate) fn is_masked(
        &self,
        method: &Method,
        schemas: Option<MethodSchemas>,
        request: impl FnOnce() -> Vec<u8>,
    ) -> bool {
        self.preflight_masks
            && method.patch_source().is_some()
            && schemas.is_none_or(|schemas| schemas.request().is_masked(&request()))
    }

    /// Checks the access of the present caller; an unknown caller passes.
    pub(crate) fn preflight(
        &self,
        method: &'static Method,
        decide: impl for<'a> FnOnce(&Caller<'a>) -> Decision<'a>,
    ) -> Result<(), Error> {
        let Some(identity) = self.preflight.as_ref().and_then(|preflight| preflight.identity()) else {
            return Ok(());
        };
        match decide(&identity.caller()) {
            Decision::Allowed => Ok(()),
            Decision::Refused(refusal) => Err(refusal.to_error(method)),
        }
    }
}
