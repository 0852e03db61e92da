//! Enforces access rules: a tower layer in front of an API's servers, for gRPC (tonic) and for HTTP (axum, or the gateway).
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
//! 1. finds the method: by gRPC path (`POST`, `application/grpc`), else by verb and path. It rejects requests that are not in the API, and
//!    methods whose access the API does not state;
//! 2. asks the program who calls ([`Authorizer::authenticate`]), unless the method is public;
//! 3. finds the account of the request, if the method has a scope;
//! 4. asks the program what the caller may do in that account ([`Authorizer::authorize`]), unless the method is public;
//! 5. decides by [`Access::check`](crate::Access::check), and passes the call on ([`Admitted`]) or rejects it: `UNAUTHENTICATED` or
//!    `PERMISSION_DENIED` with an `ErrorInfo`, in gRPC or in JSON. The answer says what was missing only with
//!    [`explain`](AccessLayer::explain).
//!
//! # Where the account comes from
//!
//! The layer reads the account before the handler is called. Handlers and wrappers need no code for that, so none can forget it, and it
//! works in front of any server. The layer does not decode the message: it walks over the bytes to the one field, and finds the value that
//! decoding would leave there. For that the schemas of the API must be compiled in (the feature `json` of a generated crate). Without them,
//! the layer rejects calls of methods with a scope.
//!
//! - gRPC: from the first message. If that message is compressed, the call is rejected with `UNIMPLEMENTED`, unless
//!   [`accept_gzip`](AccessLayer::accept_gzip) is set. A later message of a stream that names another account ends the call.
//! - HTTP: from where the binding has it: the path, the query or a JSON body. Other places may repeat the account, but must name the same
//!   one. Bodies that cannot name it are not read. Both `ProtoJSON` names of a field count (`account_id`, `accountId`), since handlers read
//!   both.
//!
//! The layer reads a single message ahead as a whole, and a stream up to its first message. The handler gets the same bytes.
//!
//! # Ambiguous requests
//!
//! The layer reads paths and queries by the rules of `google/api/http.proto`. Routers and extractors have rules of their own: axum compares
//! the text of a path before it looks at the verb, and decodes afterwards; tonic looks only at the path. The layer rejects a request if one
//! of them could run another method's handler or read another account:
//!
//! - The path of a gRPC method always means that method, called over gRPC. An HTTP request with such a path is rejected (404), with any
//!   verb and content type. A call over gRPC is rejected if a `POST` route of the API matches the method's path.
//! - Paths with a trailing or a double slash, in another case, or with escapes in their literal segments (`suggest%2Dname` is
//!   an ID to routers that compare text).
//! - An escaped colon before a custom verb (`n%3Acancel`), if a route of the same path has that verb; a custom verb, if a more specific
//!   path without it matches the request.
//! - A `**` without segments, if another route matches the path: axum's `{*rest}` takes at least one segment, so a program may or may not
//!   have a second route for it. A `%2F` in an account of several segments.
//! - A query in which the account has a raw `+` or `;`, or a key that is nearly the name of its field (`Account-Id`, `account_id[]`); a
//!   query with different accounts, or with an account that the body should hold.
//! - A body that may hold the account, if its content type is not JSON or it has a content encoding.
//! - gRPC-Web and other codecs; more than one content type; headers or a query parameter that ask for another verb
//!   (`X-HTTP-Method-Override`, `_method`).
//!
//! The layer treats `HEAD` like `GET` if the path has no `HEAD` route. A handler that serves several routes distinguishes them by
//! [`Admitted::method`].
//!
//! # Where to put it
//!
//! - Around everything: `Server::builder().layer(…)` with tonic; `Router::layer` after the last route with axum, outside of `nest`, since a
//!   path without its prefix is not one of the API. Put other paths (health checks, reflection) into a router of their own beside it.
//! - With the runtime's gateway: in front of it, or between it and the gRPC service. Behind the gateway every request is gRPC.
//! - Layers that answer requests themselves go in front: CORS, gRPC-Web, decompression, timeouts.
//!
//! [`Served`] checks at start whether the server serves exactly its API. With the feature `tracing`, an admitted call runs in a span with
//! the fields that its method logs, and a rejected call leaves an event with the reason.

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
mod unpack;

use std::sync::Arc;

use http::HeaderValue;
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
use crate::error::response::ErrorBody;

/// A layer that passes on only the calls that the API's access rules allow.
///
/// Its type has unnamed parts: the authorizer's futures, which are not boxed, so that calls allocate nothing for them.
pub fn access_layer<A: Authorizer>(
    api: &'static Api,
    authorizer: A,
) -> AccessLayer<A, impl AuthenticateStep<A>, impl AuthorizeStep<A>> {
    let authorizer = Arc::new(authorizer);
    let table = Table::new(api);
    let settings = Settings {
        api,
        table,
        max_message_size: 4 << 20,
        explain: false,
        accept_gzip: false,
        masks: false,
        challenge: super::CHALLENGE,
        error_body: ErrorBody::default(),
    };
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
    /// Sets the largest message of methods without a limit of their own, in bytes; 4 MiB by default. For HTTP requests it limits the body.
    #[must_use]
    pub const fn max_message_size(mut self, bytes: usize) -> Self {
        self.settings.max_message_size = bytes;
        self
    }

    /// Whether rejected callers learn what they lack and what the method requires. By default they learn only that they are unknown or not
    /// allowed.
    #[must_use]
    pub const fn explain(mut self, explain: bool) -> Self {
        self.settings.explain = explain;
        self
    }

    /// Whether requests of methods with a scope may be compressed with gzip; off by default. The server behind the layer must accept gzip,
    /// too: with tonic, by `accept_compressed(CompressionEncoding::Gzip)` of each service.
    ///
    /// The layer unpacks such a message to read the account in it, and passes on the bytes as they came. The unpacked message must not be
    /// larger than [`max_message_size`](Self::max_message_size) or the method's own limit; the layer unpacks no further and answers
    /// `RESOURCE_EXHAUSTED`. A message must be exactly one gzip member (RFC 1952), since servers disagree about what follows the first one.
    ///
    /// The layer does not read messages of methods without a scope. There the server's own settings decide.
    #[cfg(feature = "gzip")]
    #[must_use]
    pub const fn accept_gzip(mut self, accept: bool) -> Self {
        self.settings.accept_gzip = accept;
        self
    }

    /// Sets the `WWW-Authenticate` header of a 401 (RFC 9110 §11.6.1): the authentication schemes that the API accepts, with their parameters.
    /// By default it is `Bearer` (RFC 6750). Calls over gRPC have no such header.
    #[must_use]
    pub fn challenge(mut self, schemes: HeaderValue) -> Self {
        self.settings.challenge = schemes;
        self
    }

    /// Sets the form of errors over HTTP; `google.rpc.Status` by default.
    #[must_use]
    pub const fn error_body(mut self, form: ErrorBody) -> Self {
        self.settings.error_body = form;
        self
    }

    /// Whether updates with a field mask also require read access ([`Method::check_masked`](crate::Method::check_masked)), since their
    /// responses show the unchanged fields to the caller.
    ///
    /// Over HTTP every update counts as masked: gateways make a mask of the body of a `PATCH`. Over gRPC the layer looks for a mask if it
    /// reads the message for the account; otherwise the update counts as masked, too. Public methods are not checked.
    #[must_use]
    pub const fn masks(mut self, masks: bool) -> Self {
        self.settings.masks = masks;
        self
    }
}
