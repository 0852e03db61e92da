//! What clients of APIs in Google's style do by themselves, against a real tonic server: over gRPC, and over REST through the gateway.

mod hosts;
mod mixins;
mod request_ids;
mod resource_names;
mod routing;
mod server;
mod service_config;

pub(crate) use server::{Beacons, Protocol, Seen};
