//! The settings of a layer.

use std::fmt;

use http::HeaderValue;

use super::table::Table;
use crate::api::Api;
use crate::error::response::ErrorBody;

/// The settings that all calls share. Clones share the table.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) api: &'static Api,
    pub(super) table: Table,
    /// The largest message of methods that state no limit, in bytes.
    pub(super) max_message_size: usize,
    /// Whether rejected callers learn what they lack.
    pub(super) explain: bool,
    /// Whether messages that the layer reads may be compressed with gzip.
    pub(super) accept_gzip: bool,
    /// Whether updates with a field mask also require read access.
    pub(super) masks: bool,
    /// The `WWW-Authenticate` of a 401.
    pub(super) challenge: HeaderValue,
    pub(super) error_body: ErrorBody,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("max_message_size", &self.max_message_size)
            .field("explain", &self.explain)
            .field("accept_gzip", &self.accept_gzip)
            .field("masks", &self.masks)
            .field("challenge", &self.challenge)
            .field("error_body", &self.error_body)
            .finish_non_exhaustive()
    }
}
