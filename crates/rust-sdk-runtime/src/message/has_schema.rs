//! Links Rust types to their tables.

use super::engine::Fields;
use super::schema::{MessageSchema, Types};

/// A message type with a known table, as the typed functions of `json` and the serde impls need it.
pub trait HasSchema {
    /// The types that a `google.protobuf.Any` inside the message may hold, in addition to the well-known types.
    const TYPES: Types = &[];

    /// The table.
    fn schema() -> &'static MessageSchema;

    /// The fields, if they can be read one by one. Otherwise the message is read from its bytes.
    fn fields(&self) -> Option<&dyn Fields> {
        None
    }

    /// The fields, if they can be written one by one.
    fn fields_mut(&mut self) -> Option<&mut dyn Fields> {
        None
    }
}

/// A message type with a table of [`messages!`](crate::messages).
#[cfg(feature = "json")]
pub trait Declared: Fields {
    /// As [`HasSchema::TYPES`].
    const ANY: Types = &[];

    /// As [`HasSchema::schema`].
    fn declared() -> &'static MessageSchema;
}

#[cfg(feature = "json")]
impl<M: Declared> HasSchema for M {
    const TYPES: Types = M::ANY;

    fn schema() -> &'static MessageSchema {
        M::declared()
    }

    fn fields(&self) -> Option<&dyn Fields> {
        Some(self)
    }

    fn fields_mut(&mut self) -> Option<&mut dyn Fields> {
        Some(self)
    }
}

#[cfg(not(feature = "json"))]
impl<M: Fields + Default> HasSchema for M {
    fn schema() -> &'static MessageSchema {
        M::default().table()
    }
}
