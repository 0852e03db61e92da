//! Access rules, enforced: a tower layer in front of an API's servers, of gRPC (tonic) and of HTTP (axum, or the gateway).
//!
//! ```
//! use rust_sdk_runtime::Api;
//! use rust_sdk_runtime::server::{Authorizer, access_layer};
//!
//! static API: Api = Api::new(&[]);
//!
//! fn serve(authorizer: impl Authorizer) {
//!     let server = tonic::transport::Server::builder().layer(access_layer(&API, authorizer));
//!     # let _ = server;
//! }
//! ```
//!
//! For each request the layer
//!
//! 1. finds the method: by gRPC path (`POST`, `application/grpc`), else by verb and path. What is not in the API is
//!    refused, and so is a method whose access the API does not state;
//! 2. asks the program who calls ([`Authorizer::authenticate`]), unless the method is public;
//! 3. finds the account that the request is for, where the method has a scope;
//! 4. asks the program what the caller may do in it ([`Authorizer::authorize`]), where that is not known yet;
//! 5. decides by [`Access::check`](crate::Access::check), and hands the call over ([`Admitted`]) or answers it:
//!    `UNAUTHENTICATED` or `PERMISSION_DENIED` with an `ErrorInfo`, in gRPC or in JSON. What was missing is told only with
//!    [`explain`](AccessLayer::explain).
//!
//! # Where the account comes from
//!
//! The layer reads it, before the handler is called: no handler and no wrapper has to do its part, so none can be forgotten,
//! and it holds in front of any server. It does not decode the message: it walks over the bytes to the one field, and finds
//! what decoding would leave there. For that the schemas of the API must be compiled in (the feature `json` of a generated
//! crate); without them, calls of methods with a scope are refused.
//!
//! - gRPC: from the first message. A call whose first message is compressed is answered with `UNIMPLEMENTED`, since it
//!   cannot be looked at. No later message of a stream may name another account: it ends the call.
//! - HTTP: from where the binding has it: the path, the query or a JSON body. Other places may repeat it, and must name the
//!   same account then. Bodies that cannot name it are not read. A handler reads a field by both of its names, as `ProtoJSON`
//!   has them (`account_id`, `accountId`).
//!
//! A message is read ahead as a whole, a stream up to its first message. The handler gets the same bytes.
//!
//! # Requests with more than one meaning
//!
//! The layer reads paths and queries by the rules of `google/api/http.proto`. Routers and extractors have rules of their own:
//! axum compares the text of a path before it looks at the verb, and decodes afterwards; tonic looks at the path alone. A
//! request is refused wherever one of them could run another method's handler, or read another account:
//!
//! - The path of a gRPC method is that method, called over gRPC. As an HTTP request it is refused (404), whatever its verb and
//!   content type. A call over gRPC is refused where a `POST` route of the API has the method's path.
//! - Paths with a trailing or a double slash, in another case, or with escapes in their literal segments (`suggest%2Dname` is
//!   an ID to routers that compare text).
//! - An escaped colon before a custom verb (`n%3Acancel`) where a route of the same path has that verb, and a custom verb
//!   where a more specific path without it takes the request.
//! - A `**` without any segment where another route takes the path: axum's `{*rest}` takes one segment at least. A `%2F` in an
//!   account of several segments.
//! - A query in which the account has a raw `+` or `;`, or is named by nearly the name of its field (`Account-Id`,
//!   `account_id[]`); several that differ; one beside a body that should hold it.
//! - A body that may hold the account and is not JSON by its content type, or has a content encoding.
//! - gRPC-Web and other codecs; more than one content type; headers and a query parameter that ask to be taken for another
//!   verb (`X-HTTP-Method-Override`, `_method`).
//!
//! `HEAD` is decided as `GET` where the path has no `HEAD` route. A handler that serves several routes tells them apart by
//! [`Admitted::method`].
//!
//! # Where to put it
//!
//! - Around everything: `Server::builder().layer(…)` with tonic, `Router::layer` after the last route with axum, outside of
//!   `nest`, since a path without its prefix is not one of the API. Paths that are not the API's (health checks, reflection)
//!   belong beside it, into a router of their own.
//! - With the runtime's gateway, in front of it or between it and the gRPC service. Behind it everything is gRPC.
//! - What answers for itself goes in front: CORS, gRPC-Web, decompression, limits of time.
//!
//! [`Served`] says at start whether the server serves what its API has. With the feature `tracing`, a call that is let in
//! runs in a span with the fields that its method logs, and one that is refused leaves an event with the reason.

mod admission;
mod ahead;
mod authorize;
mod body;
mod call;
mod field;
mod find;
mod query;
mod refusal;
mod served;
mod service;
mod service_fn;
mod settings;
mod table;
mod trace;

use std::sync::Arc;

pub use http::request::Parts;

pub use self::authorize::{
    AsCaller, AuthenticateStep, Authenticated, AuthorizeStep, Authorized, Authorizer, Step, credentials,
};
pub use self::body::{RequestBody, ResponseBody};
pub use self::call::{Admitted, Call};
pub use self::served::{Served, ServedError};
pub use self::service::{AccessFuture, AccessLayer, AccessService};
#[doc(hidden)]
pub use self::service_fn::service_fn;
use self::settings::Settings;
use self::table::Table;
use crate::api::Api;

/// A layer that lets those calls of the API through that its access rules allow.
///
/// Its type has parts without a name: they are the authorizer's futures, for which no call needs memory.
pub fn access_layer<A: Authorizer>(
    api: &'static Api,
    authorizer: A,
) -> AccessLayer<A, impl AuthenticateStep<A>, impl AuthorizeStep<A>> {
    let authorizer = Arc::new(authorizer);
    let table = Table::new(api);
    let settings = Settings { api, table, max_message_size: 4 << 20, explain: false, masks: false };
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
    /// Whether updates with a field mask are held to what they read as well
    /// ([`Method::check_masked`](crate::Method::check_masked)), since what such an update leaves alone is told to its caller.
    ///
    /// Over HTTP every update is taken for one with a mask: gateways make a mask of the body of a `PATCH`. Over gRPC it is
    /// looked for in the message, where that is read for its account; else the update is taken for one with a mask, too.
    /// Public methods are held to nothing.
    #[must_use]
    pub const fn masks(mut self, masks: bool) -> Self {
        self.settings.masks = masks;
        self
    }
}
