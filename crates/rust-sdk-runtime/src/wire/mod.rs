//! protobuf's binary format.

pub(crate) mod put;
#[cfg(feature = "json")]
pub(crate) mod reader;
