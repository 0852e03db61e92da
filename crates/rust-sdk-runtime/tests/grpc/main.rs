//! The gRPC call path against a real server over a loopback socket.

mod calls;
mod failures;
#[path = "../support/printed.rs"]
mod printed;
mod secrets;
mod server;
#[cfg(feature = "tracing")]
mod tracing;
