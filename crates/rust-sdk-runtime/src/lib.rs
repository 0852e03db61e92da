//! The runtime of SDKs that `protoc-gen-rust-sdk` generates.
//!
//! Generated crates hold static tables (methods, HTTP bindings, access rules, message schemas) and thin functions;
//! everything that acts on them is here, compiled once.

pub mod access;
pub mod http;
#[cfg(feature = "json")]
pub mod json;
mod macros;
pub mod method;
#[cfg(feature = "rest")]
pub mod rest;
pub mod schema;
#[cfg(feature = "json")]
mod wire;

pub use prost;
pub use prost_types;

/// What the macros' output refers to; not for use by hand.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "json")]
    pub use serde;
}
