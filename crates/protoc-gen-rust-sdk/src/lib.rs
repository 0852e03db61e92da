//! The parts of the `protoc-gen-rust-sdk` binary: [`plugin`] runs without arguments, [`cli`] with arguments.

pub mod cli;
pub mod plugin;
mod review;

pub use plugin::{Outcome, RequestError, respond};
