//! Message schemas as static data, the tables that ProtoJSON, queries and REST bodies are driven by.
//!
//! A message is encoded once by prost; the engine walks those bytes by its schema. So generated code holds no
//! function per field, and one compiled engine serves every message.

/// The schema of one message.
#[derive(Debug)]
pub struct MessageSchema {
    /// The full name, `package.Message`.
    pub name: &'static str,
    /// The fields in order of their numbers.
    pub fields: &'static [Field],
}

/// One field.
#[derive(Debug)]
pub struct Field {
    /// The field number.
    pub number: u32,
    /// The name in the `.proto` file.
    pub name: &'static str,
    /// The JSON name, `lowerCamel` unless the API states another.
    pub json_name: &'static str,
    /// How often the field may occur, and whether its absence can be told from its default.
    pub presence: Presence,
    /// The type.
    pub kind: Kind,
}

impl Field {
    /// A field; the arguments are in the order of the struct.
    pub const fn new(
        number: u32,
        name: &'static str,
        json_name: &'static str,
        presence: Presence,
        kind: Kind,
    ) -> Self {
        Self { number, name, json_name, presence, kind }
    }
}

/// How often a field may occur, and whether its absence can be told from its default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// A proto3 scalar: its default is never sent.
    Implicit,
    /// An optional field or a message.
    Explicit,
    /// A proto2 required field.
    Required,
    /// A member of the message's oneof with this index.
    Oneof(u32),
    /// A list, or a map where the kind says so.
    Repeated,
    /// A list of numbers, packed on the wire.
    Packed,
}

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
    Message(&'static MessageSchema),
    /// A proto2 group (or an editions field with delimited encoding).
    Group(&'static MessageSchema),
    /// A map: the kinds of its key and of its value.
    Map(&'static (Kind, Kind)),
}

/// The schema of one enum.
#[derive(Debug)]
pub struct EnumSchema {
    /// The full name, `package.Enum`.
    pub name: &'static str,
    /// The values in declaration order; with aliases, the first name of a number is the one written.
    pub values: &'static [(i32, &'static str)],
}
