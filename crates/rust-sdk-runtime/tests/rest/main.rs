//! The REST call path against a real HTTP server over a loopback socket.

mod api;
mod calls;
mod failures;
#[path = "../support/printed.rs"]
mod printed;
mod secrets;
mod server;
mod streams;
