//! The tables of messages: static data for the engines of the binary format, JSON, queries, REST bodies, `Debug` and comparison. So
//! generated code needs no function for each field.

#[cfg(feature = "json")]
pub(crate) mod canonical;
pub(crate) mod code;
pub mod descriptor;
mod enum_schema;
#[cfg(feature = "json")]
mod field;
#[cfg(feature = "json")]
pub(crate) mod key;
mod kind;
#[cfg(not(feature = "json"))]
mod lean;
mod lookup;
#[cfg(feature = "json")]
mod message;
pub mod reflection;
#[cfg(feature = "json")]
pub(crate) mod scalar;
mod shown;
mod tables;
#[cfg(feature = "json")]
mod well_known;
pub mod wkt;

pub use self::enum_schema::{EnumSchema, HasEnumSchema};
#[cfg(feature = "json")]
pub use self::field::Field;
pub use self::kind::{Kind, Presence, SchemaOf};
#[cfg(not(feature = "json"))]
pub use self::lean::{Field, MessageSchema};
#[cfg(feature = "json")]
pub use self::message::MessageSchema;
pub use self::shown::{Shown, redacted};
#[cfg(feature = "json")]
pub use self::well_known::WellKnown;
pub use super::has_schema::{Declared, HasSchema};

/// Types that a `google.protobuf.Any` may hold: lists of messages, one list for each package.
pub type Types = &'static [&'static [SchemaOf]];

/// `==` on strings, in const context.
const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}
