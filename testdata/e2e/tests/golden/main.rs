//! The generated crates of `testdata/golden`, used as their users would use them.

mod access;
mod calls;
mod defaults;
mod every_call;
mod foreign;
mod generated_messages;
mod members;
mod messages;
mod notes;
mod options;
mod others;
mod rest;
mod routes;
mod server;
mod streams;
#[path = "../support/mod.rs"]
mod support;
