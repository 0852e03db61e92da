//! The runtime of SDKs that `protoc-gen-rust-sdk` generates.
//!
//! Generated crates hold static tables (methods, HTTP bindings, access rules, messages) and thin functions. This crate holds the code that
//! acts on them, compiled once. A generated crate re-exports it as `runtime`.
//!
//! | To | see | with the feature |
//! |---|---|---|
//! | call methods, read lists, wait, retry | `client`, `credentials`, `operation`, `retry` | `grpc` or `rest` |
//! | handle errors | [`Error`], [`error`], [`rpc`] | |
//! | find out who may call what | [`access`], [`Api`] | |
//! | build and look up REST paths | [`http`] | |
//! | handle names of resources | [`resource`] | |
//! | make REST requests for an HTTP client of your own | `transcode` | `rest` |
//! | read and write JSON | `json` | `json` |
//! | enforce access, serve REST | `server` | `server`, `gateway` |
//! | test without a server | `testing` | `testing` |
//!
//! # Semantic versioning
//!
//! The documented items follow semantic versioning. Hidden items are not API: generated code uses the module `codegen`, the macros and the
//! functions that build tables, and they change with the generator. So the runtime's minor version must equal the generator's; the
//! generated `Cargo.toml` requires it.

mod api;
#[cfg(feature = "_client")]
pub mod client;
pub mod error;
mod macros;
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
pub use api::access::{self, Access, Caller, Identity};
pub use api::method::{self, Idempotency, Method, Rpc, Service, Streaming};
pub use api::resource;
pub use api::routing as http;
#[cfg(feature = "testing")]
pub use client::testing::Fake;
#[cfg(feature = "_client")]
pub use client::{
    Call, Client, ClientBuilder, Response, ResponseStream,
    credentials::{Authorization, Credentials},
    operation::{OperationState, PollPolicy, Poller},
    retry::RetryPolicy,
};
// The documentation shows each of them as a module of the crate.
#[cfg(feature = "testing")]
#[doc(inline)]
pub use client::testing;
#[cfg(feature = "_client")]
#[doc(inline)]
pub use client::{credentials, operation, retry};
pub use error::{Code, Error, ErrorKind, HttpFailure, Metadata};
#[cfg(feature = "json")]
pub use message::json;
#[cfg(feature = "json")]
pub use message::mask::UnknownPath;
pub use message::{
    enums::{OpenEnum, ProtoEnum, UnknownEnumName},
    google_rpc as rpc,
    mask::Mask,
    required::MissingField,
    schema,
};
#[cfg(feature = "gateway")]
#[doc(inline)]
pub use server::gateway;
#[cfg(feature = "gateway")]
pub use server::gateway::Gateway;
#[cfg(feature = "_client")]
pub use tokio_stream::Stream;
#[cfg(feature = "_client")]
pub use transport::HttpService;
#[cfg(feature = "rest")]
pub use transport::RequestFraming;

/// Items that generated code and the macros refer to. None of them is API.
#[doc(hidden)]
pub mod codegen {
    pub use ::http;
    pub use prost;
    #[cfg(feature = "json")]
    pub use serde;

    pub use crate::Api;
    pub use crate::access::Access;
    pub use crate::error::Error;
    pub use crate::error::code::Code;
    pub use crate::http::{Binding, Part, Segment, Template};
    pub use crate::message::engine as fields;
    pub use crate::message::enums::{known, parse};
    pub use crate::message::macros as tables;
    pub use crate::message::mask::{Mask, Paths};
    pub use crate::method::{
        Event, EventKind, Idempotency, LongRunning, Method, MethodSchemas, OperationFields, OperationMethod,
        OperationMethods, PatchSource, Polling, Retry, Rpc, Scope, Service, Streaming,
    };
    pub use crate::resource::ResourceType;
    #[cfg(feature = "testing")]
    pub use crate::stub;
    #[cfg(feature = "_client")]
    pub use crate::{ResponseStream, Stream, paginated};
    pub use crate::{google_operations, scope, template};
}
