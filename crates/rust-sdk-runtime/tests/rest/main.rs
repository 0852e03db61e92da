//! The REST call path against a real HTTP server over a loopback socket.

mod api;
mod calls;
mod failures;
mod secrets;
mod server;
mod streams;
