//! Connections: how they are made, how they end, and what calls see of it.

mod chat;
mod ends;
mod errors;
mod frames;
#[path = "../support/http2.rs"]
mod http2;
mod memory;
#[cfg(feature = "gzip")]
mod packed;
mod peer;
mod proxies;
mod proxy;
mod real;
mod secured;
mod silent;
mod streams;
mod way;
