//! A check plugin for buf: `buf lint` and `buf breaking` with the rules of this generator.
//!
//! buf runs the program once per call (pluginrpc v1); see [`run`]. `rules.rs` lists the rules.

mod breaking;
mod context;
mod error;
mod finding;
mod json;
mod lint;
pub mod messages;
mod rpc;
mod rules;
mod service;
mod settings;

pub use error::{JsonError, RpcError};
pub use rpc::{Format, respond, run};
