//! The words of the tables: the meaning of `optional string` in an entry.

use super::views;

/// A module for each presence, with an item for each kind. With JSON, the item is a function: `optional::string(1, "name")` is the field.
/// Without JSON, it is a constant: the field's encoding. The compiler evaluates one item for each field of an API, so each does as little
/// as possible. A module of the same name, `optional::string`, reads and writes the field of the struct. There is one module for messages
/// of other crates, and one for everything else.
macro_rules! words {
    ($($(#[doc = $doc:literal])* $word:ident($name:ident) $presence:expr, encoded as $encoding:expr, by $own:ident and $foreign:ident;)*) => { $(
        $(#[doc = $doc])*
        pub mod $word {
            #[cfg(feature = "json")]
            use crate::message::schema::Field;
            use crate::message::schema::{HasEnumSchema, HasSchema, Kind, Presence};

            words! { @kinds $name $presence, $encoding;
                /// `double`.
                double() = Kind::Double, by $own;
                /// `float`.
                float() = Kind::Float, by $own;
                /// `int32`.
                int32() = Kind::Int32, by $own;
                /// `int64`.
                int64() = Kind::Int64, by $own;
                /// `uint32`.
                uint32() = Kind::Uint32, by $own;
                /// `uint64`.
                uint64() = Kind::Uint64, by $own;
                /// `sint32`.
                sint32() = Kind::Sint32, by $own;
                /// `sint64`.
                sint64() = Kind::Sint64, by $own;
                /// `fixed32`.
                fixed32() = Kind::Fixed32, by $own;
                /// `fixed64`.
                fixed64() = Kind::Fixed64, by $own;
                /// `sfixed32`.
                sfixed32() = Kind::Sfixed32, by $own;
                /// `sfixed64`.
                sfixed64() = Kind::Sfixed64, by $own;
                /// `bool`.
                bool() = Kind::Bool, by $own;
                /// `string`.
                string() = Kind::String, by $own;
                /// `bytes`.
                bytes() = Kind::Bytes, by $own;
                /// An enum.
                enumeration(E: HasEnumSchema = prost_types::NullValue) = Kind::Enum(E::SCHEMA), by $own;
                /// A message.
                message(M: HasSchema = ()) = Kind::Message(M::schema), by $own;
                /// A wrapper such as `google.protobuf.StringValue`, with its type in Rust.
                wrapper(M: HasSchema = ()) = Kind::Wrapper(M::schema), by $own;
                /// A group.
                group(M: HasSchema = ()) = Kind::Group(M::schema), by $own;
                /// A message of another crate. JSON needs its schema.
                foreign(M: HasSchema = ()) = Kind::Foreign(Some(M::schema)), by $foreign;
                /// A group of another crate's message. JSON needs its schema.
                foreign_group(M: HasSchema = ()) = Kind::ForeignGroup(Some(M::schema)), by $foreign;
                /// A message of another crate, in an API without JSON.
                opaque(M: Sized = ()) = Kind::Foreign(None), by $foreign;
                /// A group of another crate's message, in an API without JSON.
                opaque_group(M: Sized = ()) = Kind::ForeignGroup(None), by $foreign;
            }
        }
    )* };
    (@kinds $name:ident $presence:expr, $encoding:expr; $(
        $(#[doc = $doc:literal])* $word:ident($($ty:ident: $bound:ident = $any:ty)?) = $kind:expr, by $views:ident;
    )*) => { $(
        pub use super::views::$views as $word;

        $(#[doc = $doc])*
        #[cfg(feature = "json")]
        pub const fn $word $(<$ty: $bound>)? (number: u32, $name: &'static str) -> Field {
            const CODE: u8 = words!(@code $encoding, $(type $ty = $any,)? $kind);
            Field::coded(number, CODE, $presence, $kind, $name)
        }

        $(#[doc = $doc])*
        #[cfg(not(feature = "json"))]
        #[allow(non_upper_case_globals)] // It is a word of the tables.
        pub const $word: u8 = words!(@code $encoding, $(type $ty = $any,)? $kind);
    )* };
    (@code $encoding:expr, $(type $ty:ident = $any:ty,)? $kind:expr) => {{
        $(
            #[allow(dead_code)]
            type $ty = $any;
        )?
        $encoding.code(&$kind)
    }};
}

words! {
    /// A value that is not sent if it is the default.
    singular(name) Presence::Implicit, encoded as Presence::Implicit, by own and own;
    /// A value that may be absent.
    optional(name) Presence::Explicit, encoded as Presence::Explicit, by own and foreign_option;
    /// A value that must be set (proto2).
    required(name) Presence::Required, encoded as Presence::Required, by own and foreign_value;
    /// A member of a oneof, in the struct's field for the oneof.
    oneof(name) Presence::Oneof(name), encoded as Presence::Oneof(""), by oneof and oneof;
    /// A list that is not packed.
    repeated(name) Presence::Repeated, encoded as Presence::Repeated, by own and foreign_list;
    /// A list of numbers in one record.
    packed(name) Presence::Packed, encoded as Presence::Packed, by own and own;
    /// A map, with the kind of its values.
    map(name) Presence::Repeated, encoded as Presence::Implicit, by own and foreign_map;
}
