//! The macros that generated code is written with.

#[cfg(feature = "_client")]
mod client;
mod messages;
mod path;
mod scope;
