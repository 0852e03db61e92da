//! The model of a protobuf API: from the raw bytes of a `CodeGeneratorRequest` to services, methods, HTTP bindings,
//! access rules and names, validated and fully resolved.
//!
//! This crate knows descriptors and the names in generated code, but no Rust syntax.

pub mod api;
mod config;
mod descriptors;
pub mod diagnostic;
pub mod docs;
mod editions;
pub mod json_names;
pub mod naming;
pub mod options;
pub mod paths;
pub mod plugin;
mod resolve;
mod source;
pub mod template;
pub mod text;
mod wire;
pub mod workspace;

pub use api::Api;
pub use config::ConfigFile;
pub use descriptors::Descriptors;
pub use diagnostic::{Code, Diagnostic, Diagnostics, Position, Severity};
pub use options::Options;
