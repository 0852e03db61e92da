//! A check plugin for buf: `buf lint` and `buf breaking` with the rules of this generator.
//!
//! buf runs the program once for each call (pluginrpc v1); see [`run`]. The rules are in `rules.rs`.

mod breaking;
mod context;
mod json;
mod lint;
pub mod messages;
mod rpc;
mod rules;
mod service;
mod settings;

pub use rpc::{Format, respond, run};
