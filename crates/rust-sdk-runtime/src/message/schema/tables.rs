//! What the tables of this crate's own schemas are written with.

use super::{Field, Kind, Presence};

/// A field whose JSON name is its name.
pub(super) const fn field(number: u32, name: &'static str, presence: Presence, kind: Kind) -> Field {
    Field::new(number, name, name, presence, kind)
}

/// Schemas of the messages of a package (`google.protobuf` where none is named), and `ALL` of them.
macro_rules! schemas {
    (package $package:literal; $($name:ident = $full:literal [$($field:expr),* $(,)?];)*) => {
        $(
            #[doc = concat!("`", $package, ".", $full, "`.")]
            pub static $name: MessageSchema =
                MessageSchema::new(concat!($package, ".", $full), &[$($field),*]);
        )*

        /// The schemas of all messages of this module.
        pub static ALL: &[&MessageSchema] = &[$(&$name),*];
    };
    ($name:ident = $($rest:tt)*) => {
        schemas! { package "google.protobuf"; $name = $($rest)* }
    };
}

/// Which Rust type has which schema, and, after a semicolon, those whose fields can be read one by one.
macro_rules! has_schema {
    ($($rust:ty => $schema:ident,)* $(; $($message:ty => $of:ident,)*)?) => {
        $(impl $crate::schema::HasSchema for $rust {
            const SCHEMA: &'static MessageSchema = &$schema;
        })*
        $($(impl $crate::schema::HasSchema for $message {
            const SCHEMA: &'static MessageSchema = &$of;

            fn fields(&self) -> Option<&dyn $crate::fields::Fields> {
                Some(self)
            }

            fn fields_mut(&mut self) -> Option<&mut dyn $crate::fields::Fields> {
                Some(self)
            }
        })*)?
    };
}

pub(super) use {has_schema, schemas};
