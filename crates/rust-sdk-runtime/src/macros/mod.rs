//! The macros that generated code uses.

mod accessors;
#[cfg(feature = "_client")]
mod client;
#[cfg(feature = "server")]
mod direct_service;
mod operations;
mod path;
mod prost_accessors;
mod resource_names;
mod scope;
#[cfg(feature = "testing")]
mod stub;
#[cfg(feature = "server")]
mod tonic_service;
