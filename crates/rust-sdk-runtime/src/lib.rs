//! The runtime of SDKs that `protoc-gen-rust-sdk` generates.
//!
//! Generated crates hold static tables (methods, HTTP bindings, access rules, message schemas) and thin functions;
//! everything that acts on them is here, compiled once.

mod api;
#[cfg(feature = "_client")]
mod client;
mod codegen;
pub mod error;
mod message;
#[cfg(feature = "_client")]
mod platform;
#[cfg(any(feature = "gateway", feature = "server"))]
pub mod server;
#[cfg(feature = "rest")]
pub mod transcode;
#[cfg(feature = "_client")]
pub mod transport;
mod wire;

pub use ::http::HeaderMap;
pub use api::Api;
pub use api::access::{self, Access, Actor, Caller, Decision, Grants, Identity, Permission, Refusal, Rule};
pub use api::method::{
    self, Event, EventKind, Idempotency, Method, MethodSchemas, PatchSource, Rpc, Scope, Service, Streaming,
};
#[cfg(feature = "json")]
pub use api::method::{EventValues, Side, ValueError, ValueProblem};
pub use api::routing as http;
pub use api::routing::{Binding, Body, Part, PathError, PathResult, PathValue, Segment, Template};
#[cfg(feature = "_client")]
pub use client::call::{self, Call, Response, StreamCall};
#[cfg(feature = "_client")]
pub use client::credentials::{self, Authorization, Credentials};
#[cfg(feature = "testing")]
pub use client::fake::{self, Fake};
#[cfg(feature = "_client")]
pub use client::pages::{self, Items, Pages, Paginated};
#[cfg(feature = "_client")]
pub use client::retry::{self, RetryPolicy};
#[cfg(feature = "_client")]
pub use client::stream::{self, ResponseStream};
#[cfg(feature = "_client")]
pub use client::wait::{self, Wait};
#[cfg(feature = "_client")]
pub use client::{Client, ClientBuilder, Preflight};
pub use error::code::{self, Code};
pub use error::metadata::{self, Metadata};
pub use error::{Error, ErrorKind};
pub use message::engine as fields;
pub use message::enums::{self, OpenEnum, ProtoEnum, UnknownEnumName};
pub use message::google_rpc as rpc;
#[cfg(feature = "json")]
pub use message::json;
#[doc(hidden)]
pub use message::macros as tables;
#[cfg(feature = "json")]
pub use message::mask::UnknownPath;
pub use message::mask::{self, Mask};
pub use message::required::{self, MissingField};
pub use message::schema;
#[cfg(feature = "gateway")]
pub use server::gateway::{self, Gateway};
#[cfg(feature = "_client")]
pub use tokio_stream::Stream;
#[cfg(feature = "_client")]
pub use transport::HttpService;

/// What the macros' output refers to; not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use http;
    pub use prost;
    #[cfg(feature = "json")]
    pub use serde;
}
