//! Links Rust types to their tables.

use super::engine::{Fields, View, ViewMut};
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

/// A message type with a table of [`messages!`](crate::messages). The other traits follow from this one, because
/// the compiler checks each impl and each function of each message.
pub trait Declared: Send + Sync {
    /// As [`HasSchema::TYPES`].
    const ANY: Types = &[];

    /// As [`HasSchema::schema`].
    fn declared() -> &'static MessageSchema;

    /// As [`Fields::view`].
    fn view(&self, number: u32) -> View<'_>;

    /// As [`Fields::view_mut`].
    fn view_mut(&mut self, number: u32) -> Option<ViewMut<'_>>;
}

impl<M: Declared> Fields for M {
    #[inline]
    fn table(&self) -> &'static MessageSchema {
        M::declared()
    }

    #[inline]
    fn view(&self, number: u32) -> View<'_> {
        Declared::view(self, number)
    }

    #[inline]
    fn view_mut(&mut self, number: u32) -> Option<ViewMut<'_>> {
        Declared::view_mut(self, number)
    }
}

/// Recursive messages.
impl<M: Declared> Declared for Box<M> {
    const ANY: Types = M::ANY;

    fn declared() -> &'static MessageSchema {
        M::declared()
    }

    #[inline]
    fn view(&self, number: u32) -> View<'_> {
        M::view(self, number)
    }

    #[inline]
    fn view_mut(&mut self, number: u32) -> Option<ViewMut<'_>> {
        M::view_mut(self, number)
    }
}

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
