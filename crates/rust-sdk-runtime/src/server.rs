//! Access rules, enforced: a tower layer in front of the servers of an API.
//!
//! TODO
mod admission;
mod ahead;
mod authorize;
mod body;
mod call;
mod field;
mod find;
mod refusal;
mod served;
mod service;
mod settings;
mod table;
mod trace;

use std::sync::Arc;

use http::request::Parts;

pub use self::authorize::{AsCaller, Authorizer, Step};
pub use self::body::{RequestBody, ResponseBody};
pub use self::call::{Admitted, Call};
pub use self::served::{Served, ServedError};
pub use self::service::{AccessFuture, AccessLayer, AccessService, Authenticated, Authorized};
use self::settings::Settings;
use self::table::Table;
use crate::api::Api;

/// A layer that lets those calls of the API through that its access rules allow. See the [module](self).
///
/// Its type has parts without a name: they are the authorizer's futures, for which no call needs memory.
pub fn access_layer<A: Authorizer>(
    api: &'static Api,
    authorizer: A,
) -> AccessLayer<
    A,
    impl Step<Parts, Output = Authenticated<A>>,
    impl Step<(A::Identity, Call), Output = Authorized<A>>,
> {
    let authorizer = Arc::new(authorizer);
    let settings = Settings { api, table: Table::new(api), max_message_size: 4 << 20, explain: false };
    let authenticate = {
        let authorizer = Arc::clone(&authorizer);
        move |parts: Parts| {
            let authorizer = Arc::clone(&authorizer);
            async move {
                let result = authorizer.authenticate(&parts).await;
                (parts, result)
            }
        }
    };
    let authorize = {
        let authorizer = Arc::clone(&authorizer);
        move |(identity, call): (A::Identity, Call)| {
            let authorizer = Arc::clone(&authorizer);
            async move {
                let result = authorizer.authorize(identity, &call).await;
                (call, result)
            }
        }
    };
    AccessLayer { settings, authorizer, authenticate, authorize }
}

impl<A, N, Z> AccessLayer<A, N, Z> {
    /// Sets the largest message of methods that state no limit of their own, in bytes; 4 MiB by default. For HTTP
    /// requests it is that of the body.
    #[must_use]
    pub const fn max_message_size(mut self, bytes: usize) -> Self {
        self.settings.max_message_size = bytes;
        self
    }

    /// Whether callers that are refused are told why: what they lack, and what would be needed. Without it they learn
    /// that they are not known or not allowed, and no more.
    #[must_use]
    pub const fn explain(mut self, explain: bool) -> Self {
        self.settings.explain = explain;
        self
    }
}
