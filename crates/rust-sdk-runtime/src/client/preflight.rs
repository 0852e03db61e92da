//! Calls that the server would refuse, refused before they are made.

use super::{Client, Inner};
use crate::api::access::{Caller, Decision, Identity};
use crate::api::method::{Method, MethodSchemas};
use crate::error::Error;

/// Says as whom a client calls, for [`ClientBuilder::preflight`](crate::ClientBuilder::preflight).
///
/// An [`Identity`] is one that does not change; a closure that returns `Option<Identity>` is one that may.
pub trait Preflight: Send + Sync + 'static {
    /// The caller, as of now. It is asked before every call, and must not wait for anything. `None` where it is not known
    /// yet, or no more: then the server decides.
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
    /// Whether this caller may call the method, for the client's account, else for the caller's own. Asks nobody: it is
    /// [`Access::check`](crate::Access::check) on the method's table. Permissions alone are a caller, too: any list or set of them.
    ///
    /// A caller whose account is not known is taken to be of that account.
    pub fn can<'a>(&self, method: &Method, caller: impl Into<Caller<'a>>) -> Decision<'a> {
        let (access, caller) = (method.access(), caller.into());
        match self.0.scope() {
            Some(account) if caller.is_of_known_account() => access.check(&caller, Some(account)),
            _ => access.check_own_account(&caller),
        }
    }
}

impl Inner {
    /// Whether this call is held to what an update with a field mask reads: its request, encoded when it is asked for.
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

    /// What the server would decide, where it is known who calls.
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
