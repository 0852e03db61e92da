//! Messages: their tables, and the engines that use them. The binary format, JSON, comparison and printing are engines that are compiled
//! once and serve every message.

#[cfg(any(feature = "json", feature = "_client"))]
pub(crate) mod base64;
pub(crate) mod buf_validate;
pub(crate) mod digest;
pub mod engine;
pub(crate) mod enums;
pub mod google_rpc;
mod has_schema;
#[cfg(feature = "json")]
pub mod json;
pub mod macros;
pub(crate) mod mask;
pub(crate) mod required;
pub mod schema;
