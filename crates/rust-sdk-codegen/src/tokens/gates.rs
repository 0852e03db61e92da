//! What is compiled where.

use rust_sdk_model::Options;
use rust_sdk_model::options::Layout;

/// Whether there are clients: REST has them where messages have a JSON form.
pub(crate) fn has_client(options: &Options) -> bool {
    options.grpc || (options.rest && options.json)
}

/// The `cfg` of clients, which any transport opens, where the output is a crate that has features.
pub(crate) fn client_cfg(options: &Options) -> Option<&'static str> {
    match (options.layout, options.grpc, options.rest && options.json) {
        (Layout::Crate, true, true) => Some("any(feature = \"grpc\", feature = \"rest\")"),
        (Layout::Crate, true, false) => Some("feature = \"grpc\""),
        (Layout::Crate, false, true) => Some("feature = \"rest\""),
        _ => None,
    }
}
