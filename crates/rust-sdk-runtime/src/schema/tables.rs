//! What the tables of this crate's own schemas are written with.

use super::{Field, Kind, Presence};

/// A field whose JSON name is its name.
pub(super) const fn field(number: u32, name: &'static str, presence: Presence, kind: Kind) -> Field {
    Field::new(number, name, name, presence, kind)
}

/// Schemas of `google.protobuf` messages, and `ALL` of them.
macro_rules! schemas {
    ($($name:ident = $full:literal [$($field:expr),* $(,)?];)*) => {
        $(
            #[doc = concat!("`google.protobuf.", $full, "`.")]
            pub static $name: MessageSchema =
                MessageSchema::new(concat!("google.protobuf.", $full), &[$($field),*]);
        )*

        /// The schemas of all messages of this module.
        pub static ALL: &[&MessageSchema] = &[$(&$name),*];
    };
}

/// Which Rust type has which schema.
macro_rules! has_schema {
    ($($rust:ty => $schema:ident,)*) => {
        $(impl $crate::schema::HasSchema for $rust {
            const SCHEMA: &'static MessageSchema = &$schema;
        })*
    };
}

pub(super) use {has_schema, schemas};
