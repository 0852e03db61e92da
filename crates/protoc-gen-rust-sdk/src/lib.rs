//! What the `protoc-gen-rust-sdk` binary does: [`plugin`] without arguments, [`cli`] with.

pub mod cli;
pub mod plugin;
mod review;

pub use plugin::{Outcome, RequestError, respond};
