//! The findings of rules, and the ids by which rules refer to each other.

use rust_sdk_model::Position;

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// The position; `None` if the place no longer exists.
    pub(crate) at: Option<Position>,
    pub(crate) rule: &'static str,
    pub(crate) message: String,
    /// Where it was in the earlier version.
    pub(crate) against: Option<Position>,
}

pub(crate) const DESCRIPTORS: &str = "RUST_SDK_DESCRIPTORS";
pub(crate) const NAMES: &str = "RUST_SDK_NAMES";
pub(crate) const HTTP: &str = "RUST_SDK_HTTP";
pub(crate) const ACCESS: &str = "RUST_SDK_ACCESS";
pub(crate) const WARNINGS: &str = "RUST_SDK_WARNINGS";
pub(crate) const ACCESS_BREAKING: &str = "RUST_SDK_ACCESS_BREAKING";
pub(crate) const ACCESS_PUBLIC: &str = "RUST_SDK_ACCESS_PUBLIC";
pub(crate) const ACCESS_WIDENED: &str = "RUST_SDK_ACCESS_WIDENED";
pub(crate) const PERMISSIONS_BREAKING: &str = "QDRANT_CLOUD_PERMISSIONS_BREAKING";
