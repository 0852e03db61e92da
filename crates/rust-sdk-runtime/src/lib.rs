//! The runtime of SDKs that `protoc-gen-rust-sdk` generates.
//!
//! Generated crates hold static tables (methods, HTTP bindings, access rules, message schemas) and thin functions;
//! everything that acts on them is here, compiled once.

pub mod access;
pub mod http;
pub mod method;
pub mod schema;

pub use prost;
pub use prost_types;
