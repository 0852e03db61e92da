//! How a field is encoded, beyond what its Rust type tells: a kind, with flags above it, as one number that the engine compares.

/// As the type says: varints, floats, text, bytes and messages.
pub(crate) const PLAIN: u8 = 0;
/// `sint32` and `sint64`.
pub(crate) const ZIGZAG: u8 = 1;
/// `fixed32`, `fixed64`, `sfixed32`, `sfixed64`.
pub(crate) const FIXED: u8 = 2;
/// A group.
pub(crate) const GROUP: u8 = 3;
/// A wrapper message (`google.protobuf.StringValue`), which is its value in Rust.
pub(crate) const WRAPPER: u8 = 4;
/// Of a single value: optional, or written even if it is the default. Of a list: not packed.
pub(crate) const FLAG: u8 = 8;
/// Of a single value: never absent in Rust, although it is written even if it is the default.
pub(crate) const REQUIRED: u8 = 16;
