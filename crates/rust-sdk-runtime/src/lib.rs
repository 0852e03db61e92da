//! The runtime of SDKs that `protoc-gen-rust-sdk` generates.
//!
//! Generated crates hold static tables (methods, HTTP bindings, access rules, message schemas) and thin functions;
//! everything that acts on them is here, compiled once.

pub mod access;
mod accessors;
#[cfg(any(feature = "gateway", feature = "server", feature = "testing"))]
mod answer;
pub mod api;
#[cfg(any(feature = "json", feature = "_client"))]
mod base64;
#[cfg(feature = "_client")]
pub mod call;
#[cfg(feature = "_client")]
pub mod client;
pub mod code;
#[cfg(feature = "_client")]
pub mod credentials;
pub mod enums;
pub mod error;
#[cfg(feature = "testing")]
pub mod fake;
pub mod fields;
#[cfg(feature = "gateway")]
pub mod gateway;
#[cfg(any(feature = "rest", feature = "server"))]
mod headers;
pub mod http;
#[cfg(feature = "json")]
pub mod json;
mod macros;
pub mod mask;
pub mod metadata;
pub mod method;
#[cfg(feature = "_client")]
pub mod pages;
#[cfg(feature = "_client")]
mod platform;
mod put;
pub mod required;
#[cfg(feature = "rest")]
pub mod rest;
#[cfg(feature = "_client")]
pub mod retry;
pub mod rpc;
pub mod schema;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "_client")]
pub mod stream;
#[cfg(feature = "_client")]
mod trace;
#[cfg(feature = "_client")]
pub mod transport;
#[cfg(feature = "_client")]
pub mod wait;
#[cfg(feature = "json")]
mod wire;

pub use ::http::HeaderMap;
pub use access::{Access, Actor, Caller, Decision, Grants, Identity, Permission, Refusal, Rule};
pub use api::Api;
#[cfg(feature = "_client")]
pub use call::{Call, Response, StreamCall};
#[cfg(feature = "_client")]
pub use client::{Client, ClientBuilder, Preflight};
pub use code::Code;
#[cfg(feature = "_client")]
pub use credentials::{Authorization, Credentials};
pub use enums::{OpenEnum, ProtoEnum, UnknownEnumName};
pub use error::{Error, ErrorKind};
#[cfg(feature = "testing")]
pub use fake::Fake;
#[cfg(feature = "gateway")]
pub use gateway::Gateway;
pub use http::{Binding, Body, Part, PathError, PathResult, PathValue, Segment, Template};
pub use mask::{Mask, UnknownPath};
pub use metadata::Metadata;
pub use method::{
    Event, EventKind, Idempotency, Method, MethodSchemas, PatchSource, Rpc, Scope, Service, Streaming,
};
#[cfg(feature = "json")]
pub use method::{EventValues, Side, ValueError, ValueProblem};
#[cfg(feature = "_client")]
pub use pages::{Items, Pages, Paginated};
pub use required::MissingField;
#[cfg(feature = "_client")]
pub use retry::RetryPolicy;
#[cfg(feature = "_client")]
pub use stream::ResponseStream;
#[cfg(feature = "_client")]
pub use tokio_stream::Stream;
#[cfg(feature = "_client")]
pub use transport::HttpService;
#[cfg(feature = "_client")]
pub use wait::Wait;

/// What the macros' output refers to; not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use http;
    pub use prost;
    #[cfg(feature = "json")]
    pub use serde;
}
