//! protobuf's binary format.

#[cfg(all(feature = "gzip", any(feature = "grpc", feature = "server")))]
pub(crate) mod gzip;
pub(crate) mod put;
#[cfg(any(feature = "json", feature = "_client"))]
#[cfg_attr(
    not(feature = "json"),
    allow(
        dead_code,
        unused_imports,
        unreachable_pub,
        reason = "without JSON, only the client reads some fields"
    )
)]
pub(crate) mod reader;
