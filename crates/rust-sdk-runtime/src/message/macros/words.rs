//! The words of the tables: what `optional string` in an entry stands for.

use crate::message::schema::{Declared, Field, HasEnumSchema, HasSchema, Kind, Presence};

/// A module for each presence, with a function for each kind: `optional::string(1, "name")` is the entry of a field. The compiler
/// evaluates one for each field of an API, so each does as little as it can.
macro_rules! words {
    ($($(#[doc = $doc:literal])* $word:ident($name:ident) $presence:expr;)*) => { $(
        $(#[doc = $doc])*
        pub mod $word {
            use super::{Declared, Field, HasEnumSchema, HasSchema, Kind, Presence};

            words! { @kinds $name $presence;
                /// `double`.
                double() = Kind::Double;
                /// `float`.
                float() = Kind::Float;
                /// `int32`.
                int32() = Kind::Int32;
                /// `int64`.
                int64() = Kind::Int64;
                /// `uint32`.
                uint32() = Kind::Uint32;
                /// `uint64`.
                uint64() = Kind::Uint64;
                /// `sint32`.
                sint32() = Kind::Sint32;
                /// `sint64`.
                sint64() = Kind::Sint64;
                /// `fixed32`.
                fixed32() = Kind::Fixed32;
                /// `fixed64`.
                fixed64() = Kind::Fixed64;
                /// `sfixed32`.
                sfixed32() = Kind::Sfixed32;
                /// `sfixed64`.
                sfixed64() = Kind::Sfixed64;
                /// `bool`.
                bool() = Kind::Bool;
                /// `string`.
                string() = Kind::String;
                /// `bytes`.
                bytes() = Kind::Bytes;
                /// An enum.
                enumeration(E: HasEnumSchema = prost_types::NullValue) = Kind::Enum(E::SCHEMA);
                /// A message.
                message(M: Declared = ()) = Kind::Message(M::declared);
                /// A wrapper such as `google.protobuf.StringValue`, by the type that it is in Rust.
                wrapper(M: HasSchema = ()) = Kind::Wrapper(M::schema);
                /// A group.
                group(M: Declared = ()) = Kind::Group(M::declared);
                /// A message of another crate, in an API without JSON.
                opaque(M: Sized = ()) = Kind::Foreign(None);
                /// A group of another crate's message, in an API without JSON.
                opaque_group(M: Sized = ()) = Kind::ForeignGroup(None);
            }

            #[cfg(feature = "json")]
            words! { @kinds $name $presence;
                /// A message of another crate. JSON needs its schema.
                foreign(M: HasSchema = ()) = Kind::Foreign(Some(M::schema));
                /// A group of another crate's message. JSON needs its schema.
                foreign_group(M: HasSchema = ()) = Kind::ForeignGroup(Some(M::schema));
            }

            #[cfg(not(feature = "json"))]
            pub use self::{opaque as foreign, opaque_group as foreign_group};
        }
    )* };
    (@kinds $name:ident $presence:expr; $(
        $(#[doc = $doc:literal])* $word:ident($($ty:ident: $bound:ident = $any:ty)?) = $kind:expr;
    )*) => { $(
        $(#[doc = $doc])*
        pub const fn $word $(<$ty: $bound>)? (number: u32, $name: &'static str) -> Field {
            const CODE: u8 = {
                $(
                    #[allow(dead_code)]
                    type $ty = $any;
                )?
                let $name = "";
                let _ = $name;
                Field::code(&$presence, &$kind)
            };
            Field::coded(number, CODE, $presence, $kind, $name)
        }
    )* };
}

words! {
    /// A value that is not sent where it is the default.
    singular(name) Presence::Implicit;
    /// A value that may be absent.
    optional(name) Presence::Explicit;
    /// A value that must be there (proto2).
    required(name) Presence::Required;
    /// A member of a oneof, by the field of the struct.
    oneof(name) Presence::Oneof(name);
    /// A list that is not packed.
    repeated(name) Presence::Repeated;
    /// A list of numbers in one record.
    packed(name) Presence::Packed;
    /// A map, by its values.
    map(name) Presence::Repeated;
}
