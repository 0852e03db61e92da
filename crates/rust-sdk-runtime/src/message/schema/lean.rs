//! The table of a message, without JSON: only the data for the binary format and `Debug`, and nothing that the compiler must compute for
//! each field of an API.

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
    /// The variants of members of oneofs, with the numbers of the fields.
    pub variants: &'static [(u32, &'static str)],
    /// How `Debug` prints fields that it does not print unchanged, with the numbers of the fields.
    pub shown: &'static [(u32, Shown)],
}

/// One field.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The field number.
    pub number: u32,
    /// The encoding of the field, in addition to its Rust type.
    pub code: u8,
    /// The field of the Rust struct; for a member of a oneof, the oneof's field.
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

    /// The variant of a member of a oneof.
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

    /// Whether an encoded message has a `google.protobuf.FieldMask` that is not empty. This table does not know, so every message counts as
    /// one that has.
    #[cfg(feature = "_client")]
    #[allow(clippy::unused_self)] // With JSON, it is the table that tells.
    pub(crate) const fn is_masked(&self, _wire: &[u8]) -> bool {
        true
    }
}
