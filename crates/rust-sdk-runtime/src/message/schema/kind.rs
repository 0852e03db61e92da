//! The type of a field, and how often it may occur.

use super::{EnumSchema, MessageSchema, code};

/// How often a field may occur, and whether absence differs from the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// A proto3 scalar: its default is never sent.
    Implicit,
    /// An optional field or a message.
    Explicit,
    /// A proto2 required field.
    Required,
    /// A member of a oneof, which is this field of the Rust struct.
    Oneof(&'static str),
    /// A list, or a map.
    Repeated,
    /// A list of numbers, packed on the wire.
    Packed,
}

impl Presence {
    /// Whether the field is a list or a map.
    pub const fn is_repeated(self) -> bool {
        matches!(self, Self::Repeated | Self::Packed)
    }

    /// The encoding of a field with this presence and kind, in addition to its Rust type.
    pub(crate) const fn code(&self, kind: &Kind) -> u8 {
        let flags = match self {
            Self::Explicit | Self::Oneof(_) => code::FLAG,
            Self::Required => code::FLAG | code::REQUIRED,
            Self::Repeated if kind.is_packable() => code::FLAG,
            Self::Implicit | Self::Repeated | Self::Packed => 0,
        };
        flags | kind.code()
    }
}

/// A function that returns the schema of a message, since messages may contain themselves.
pub type SchemaOf = fn() -> &'static MessageSchema;

/// A field's type.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)] // The names are the specification's own.
pub enum Kind {
    Double,
    Float,
    Int32,
    Int64,
    Uint32,
    Uint64,
    Sint32,
    Sint64,
    Fixed32,
    Fixed64,
    Sfixed32,
    Sfixed64,
    Bool,
    String,
    Bytes,
    Enum(&'static EnumSchema),
    Message(SchemaOf),
    /// A wrapper such as `google.protobuf.StringValue`, which in Rust is the value itself.
    Wrapper(SchemaOf),
    /// A proto2 group (or an editions field with delimited encoding).
    Group(SchemaOf),
    /// A message of another crate, of which prost's `Message` is known, and the schema if it has one.
    Foreign(Option<SchemaOf>),
    /// The same, encoded as a group.
    ForeignGroup(Option<SchemaOf>),
}

impl Kind {
    /// The schema of a message, if it has one.
    #[inline]
    pub fn message(&self) -> Option<&'static MessageSchema> {
        match self {
            Self::Message(schema)
            | Self::Wrapper(schema)
            | Self::Group(schema)
            | Self::Foreign(Some(schema))
            | Self::ForeignGroup(Some(schema)) => Some(schema()),
            _ => None,
        }
    }

    /// The encoding of a value of this kind, in addition to its Rust type.
    pub(crate) const fn code(&self) -> u8 {
        match self {
            Self::Sint32 | Self::Sint64 => code::ZIGZAG,
            Self::Fixed32 | Self::Fixed64 | Self::Sfixed32 | Self::Sfixed64 => code::FIXED,
            Self::Group(_) | Self::ForeignGroup(_) => code::GROUP,
            Self::Wrapper(_) => code::WRAPPER,
            _ => code::PLAIN,
        }
    }

    /// Whether a value stands between two tags instead of after a length.
    #[cfg(feature = "json")]
    pub(crate) const fn is_group(&self) -> bool {
        matches!(self, Self::Group(_) | Self::ForeignGroup(_))
    }

    /// The wire type of one value.
    pub(crate) const fn wire_type(&self) -> u8 {
        match self {
            Self::Double | Self::Fixed64 | Self::Sfixed64 => 1,
            Self::Float | Self::Fixed32 | Self::Sfixed32 => 5,
            Self::String | Self::Bytes | Self::Message(_) | Self::Wrapper(_) | Self::Foreign(_) => 2,
            Self::Group(_) | Self::ForeignGroup(_) => 3,
            _ => 0,
        }
    }

    /// Whether a list of such values may be packed.
    pub(crate) const fn is_packable(&self) -> bool {
        !matches!(self.wire_type(), 2 | 3)
    }
}
