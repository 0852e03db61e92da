//! Servers that misbehave: the client ends every call in time, with a precise error and in little memory, and never panics.
//!
//! Memory is counted, so these tests are a program of their own. `HOSTILE_SHOWN=1` prints how each call ends, with `--nocapture`.

mod api;
mod defaults;
mod frames;
mod grpc_connection;
mod grpc_messages;
mod grpc_status;
#[path = "../support/http2.rs"]
mod http2;
mod rest_body;
mod rest_head;
mod rest_json;
mod run;
mod socket;
mod turns;
