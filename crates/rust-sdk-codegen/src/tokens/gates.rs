//! The conditions under which generated code is compiled.

use rust_sdk_model::Options;
use rust_sdk_model::options::Layout;

/// Whether there are clients. REST clients need JSON.
pub(crate) fn has_client(options: &Options) -> bool {
    options.grpc || (options.rest && options.json)
}

/// The `cfg` of clients: any transport. `None` in a module tree, which has no features, and without clients.
pub(crate) fn client_cfg(options: &Options) -> Option<&'static str> {
    match (options.layout, options.grpc, options.rest && options.json) {
        (Layout::Crate, true, true) => Some("any(feature = \"grpc\", feature = \"rest\")"),
        (Layout::Crate, true, false) => Some("feature = \"grpc\""),
        (Layout::Crate, false, true) => Some("feature = \"rest\""),
        _ => None,
    }
}
