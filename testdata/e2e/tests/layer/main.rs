//! The access layer in front of a real tonic server, a real axum server and the gateway, over sockets.

mod account;
mod allocations;
mod gzip;
mod hostile;
mod masks;
mod matrix;
mod messages;
mod readings;
mod served;
mod server;
mod spans;
mod streams;
#[path = "../support/mod.rs"]
mod support;
mod wire;
