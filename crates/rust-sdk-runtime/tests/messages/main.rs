//! `ProtoJSON`, queries and REST requests of prost messages with hand-written schemas.

mod agreement;
mod any;
mod decode;
mod descriptors;
mod encode;
mod fields;
mod fixture;
mod method_options;
mod property;
mod published;
mod query;
mod rest;
mod rest_inverse;
mod rest_server;
mod serde_impls;
mod well_known;
mod wire_order;
