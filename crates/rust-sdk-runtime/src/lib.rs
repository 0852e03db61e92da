//! The runtime of SDKs that `protoc-gen-rust-sdk` generates.
//!
//! Generated crates hold static tables (methods, HTTP bindings, access rules, message schemas) and thin functions;
//! everything that acts on them is here, compiled once.

pub mod access;
#[cfg(feature = "grpc")]
pub mod call;
#[cfg(feature = "grpc")]
pub mod client;
pub mod code;
#[cfg(feature = "grpc")]
pub mod credentials;
pub mod error;
pub mod http;
pub mod metadata;
pub mod method;
pub mod schema;
#[cfg(feature = "grpc")]
pub mod stream;
#[cfg(feature = "grpc")]
mod transport;

#[cfg(feature = "grpc")]
pub use call::{Call, Response, StreamCall};
#[cfg(feature = "grpc")]
pub use client::{Client, ClientBuilder};
pub use code::Code;
#[cfg(feature = "grpc")]
pub use credentials::{Authorization, Credentials};
pub use error::{Error, ErrorKind};
pub use metadata::Metadata;
#[cfg(feature = "grpc")]
pub use stream::ResponseStream;

pub use prost;
pub use prost_types;
