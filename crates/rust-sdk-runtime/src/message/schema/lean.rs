//! The table of a message, where JSON is not compiled in: what the binary format and `Debug` need, and nothing that the compiler has to
//! compute for each field of an API.

use super::Shown;

/// The table of one message.
#[derive(Debug)]
pub struct MessageSchema {
    /// The full name, `package.Message`.
    pub name: &'static str,
    /// The path of the Rust type.
    pub rust_name: &'static str,
    /// The fields in order of their numbers.
    pub fields: &'static [Field],
    /// The variants of members of oneofs, by the number of the field.
    pub variants: &'static [(u32, &'static str)],
    /// How `Debug` prints fields that it does not print as they are, by the number of the field.
    pub shown: &'static [(u32, Shown)],
}

/// One field.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The field number.
    pub number: u32,
    /// How the field is encoded, beyond what its Rust type tells.
    pub code: u8,
    /// The field of the Rust struct: for a member of a oneof, that of the oneof.
    pub rust_name: &'static str,
}

impl MessageSchema {
    /// The full name, `package.Message`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The path of the Rust type.
    pub(crate) const fn rust_path(&self) -> &'static str {
        self.rust_name
    }

    /// The fields in order of their numbers.
    pub const fn fields(&self) -> &'static [Field] {
        self.fields
    }

    /// The variant, of a member of a oneof.
    pub(crate) fn variant(&self, field: &Field) -> Option<&'static str> {
        self.variants.iter().find(|(number, _)| *number == field.number).map(|(_, variant)| *variant)
    }

    /// How `Debug` prints the field.
    pub(crate) fn shown(&self, field: &Field) -> Shown {
        self.shown
            .iter()
            .find(|(number, _)| *number == field.number)
            .map_or(Shown::Plain, |(_, shown)| *shown)
    }

    /// Whether an encoded message names fields in a `google.protobuf.FieldMask` of its own: this table does not tell, so every message is
    /// taken for one that does.
    #[cfg(feature = "_client")]
    #[allow(clippy::unused_self)] // With JSON, it is the table that tells.
    pub(crate) const fn is_masked(&self, _wire: &[u8]) -> bool {
        true
    }
}
