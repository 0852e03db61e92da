//! How a field is encoded, in addition to its Rust type: a kind with flags above it, as one number that the engine compares.

/// The usual encoding of the type: varints, floats, text, bytes and messages.
pub(crate) const PLAIN: u8 = 0;
/// `sint32` and `sint64`.
pub(crate) const ZIGZAG: u8 = 1;
/// `fixed32`, `fixed64`, `sfixed32`, `sfixed64`.
pub(crate) const FIXED: u8 = 2;
/// A group.
pub(crate) const GROUP: u8 = 3;
/// A wrapper message (`google.protobuf.StringValue`), which in Rust is the value itself.
pub(crate) const WRAPPER: u8 = 4;
/// For a single value: optional, or written even if it is the default. For a list: not packed.
pub(crate) const FLAG: u8 = 8;
/// For a single value: always present in Rust, and written even if it is the default.
pub(crate) const REQUIRED: u8 = 16;
