//! The runtime of SDKs that `protoc-gen-rust-sdk` generates.
//!
//! Generated crates hold static tables (methods, HTTP bindings, access rules, message schemas) and thin functions;
//! everything that acts on them is here, compiled once.

pub mod access;
mod accessors;
pub mod api;
#[cfg(feature = "grpc")]
pub mod call;
#[cfg(feature = "grpc")]
pub mod client;
pub mod code;
#[cfg(feature = "grpc")]
pub mod credentials;
pub mod enums;
pub mod error;
pub mod http;
#[cfg(feature = "json")]
pub mod json;
mod macros;
pub mod mask;
pub mod metadata;
pub mod method;
pub mod required;
#[cfg(feature = "rest")]
pub mod rest;
pub mod schema;
#[cfg(feature = "grpc")]
pub mod stream;
#[cfg(feature = "grpc")]
mod transport;
#[cfg(feature = "json")]
mod wire;

pub use access::{Access, Actor, Permission, Rule};
pub use api::Api;
#[cfg(feature = "grpc")]
pub use call::{Call, Response, StreamCall};
#[cfg(feature = "grpc")]
pub use client::{Client, ClientBuilder};
pub use code::Code;
#[cfg(feature = "grpc")]
pub use credentials::{Authorization, Credentials};
pub use enums::{OpenEnum, ProtoEnum, UnknownEnumName};
pub use error::{Error, ErrorKind};
pub use http::{Binding, Body, Part, PathError, PathResult, PathValue, Segment, Template};
pub use mask::{Mask, UnknownPath};
pub use metadata::Metadata;
pub use method::{Idempotency, Method, MethodSchemas, Rpc, Service, Streaming};
pub use required::MissingField;
#[cfg(feature = "grpc")]
pub use stream::ResponseStream;
#[cfg(feature = "grpc")]
pub use tokio_stream::Stream;

/// What the macros' output refers to; not for use by hand.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "json")]
    pub use serde;
}
