//! Message schemas as static data, the tables that `ProtoJSON`, queries and REST bodies are driven by.
//!
//! A message is encoded once by prost; the engine walks those bytes by its schema. So generated code holds no
//! function per field, and one compiled engine serves every message.

#[cfg(feature = "json")]
pub(crate) mod canonical;
pub mod descriptor;
pub mod reflection;
pub mod rpc;
#[cfg(feature = "json")]
pub(crate) mod scalar;
mod tables;
pub mod wkt;

pub use wkt::WellKnown;

use crate::message::engine::Fields;
#[cfg(feature = "json")]
use crate::message::engine::code;

/// A message type whose schema is known: what the typed functions of `json` and the serde impls go by.
/// Implemented by [`messages!`](crate::messages).
pub trait HasSchema {
    /// The schema.
    const SCHEMA: &'static MessageSchema;
    /// The types that a `google.protobuf.Any` inside the message may hold; the well-known types are always known.
    const TYPES: Types = &[];

    /// The fields, if they can be read one by one. Otherwise the message is read by its bytes.
    fn fields(&self) -> Option<&dyn Fields> {
        None
    }

    /// The fields, if they can be written one by one.
    fn fields_mut(&mut self) -> Option<&mut dyn Fields> {
        None
    }
}

/// Types that a `google.protobuf.Any` may hold: the messages of some packages, each package's in a list of its own.
pub type Types = &'static [&'static [&'static MessageSchema]];

/// The schema of one message.
#[derive(Debug)]
pub struct MessageSchema {
    name: &'static str,
    fields: &'static [Field],
    well_known: Option<WellKnown>,
    has_required: bool,
}

impl MessageSchema {
    /// A schema by its full name, `package.Message`, and its fields in order of their numbers.
    /// Generated code calls it in a `static`, so that what follows from the tables is found out by the compiler.
    ///
    /// # Panics
    ///
    /// When the fields are not in ascending order of their numbers: in a `static`, a compile error.
    pub const fn new(name: &'static str, fields: &'static [Field]) -> Self {
        let mut has_required = false;
        let mut i = 0;
        while i < fields.len() {
            assert!(
                i == 0 || fields[i - 1].number < fields[i].number,
                "fields are not in order of their numbers"
            );
            has_required |= matches!(fields[i].presence, Presence::Required);
            i += 1;
        }
        Self { name, fields, well_known: WellKnown::from_name(name), has_required }
    }

    /// The full name, `package.Message`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The fields in order of their numbers.
    pub const fn fields(&self) -> &'static [Field] {
        self.fields
    }

    /// Which well-known type with a JSON form of its own the message is, if any.
    pub const fn well_known(&self) -> Option<WellKnown> {
        self.well_known
    }

    /// Whether a field is required (proto2), so that reading must check.
    pub const fn has_required(&self) -> bool {
        self.has_required
    }

    /// The field with this name in the `.proto` file.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field with this number, and its index. `last` is the one found before: most likely it is that one again,
    /// or one of the next.
    #[cfg(feature = "json")]
    #[inline]
    pub(crate) fn find(&self, number: u32, last: usize) -> Option<(usize, &'static Field)> {
        for index in last..last + 4 {
            match self.fields.get(index) {
                Some(field) if field.number == number => return Some((index, field)),
                Some(field) if field.number < number => {}
                _ => break,
            }
        }
        self.search(number)
    }

    #[cfg(feature = "json")]
    #[inline(never)]
    fn search(&self, number: u32) -> Option<(usize, &'static Field)> {
        let index = self.fields.binary_search_by_key(&number, |field| field.number).ok()?;
        Some((index, &self.fields[index]))
    }

    /// The index of the field with this number.
    #[cfg(feature = "json")]
    #[inline]
    pub(crate) fn index_of(&self, number: u32, last: usize) -> Option<usize> {
        self.find(number, last).map(|found| found.0)
    }

    /// The index of the field that a JSON key names, by either of its names; one field's JSON name may be another's
    /// name, and then it is the JSON name that counts. `next` is where the field is likely to be.
    #[cfg(feature = "json")]
    #[inline]
    pub(crate) fn index_of_key(&self, key: &str, next: usize) -> Option<usize> {
        match self.fields.get(next) {
            // Who guessed the field gave its own name.
            Some(field) if std::ptr::eq(field.json_name, key) => Some(next),
            Some(field) if field.json_name == key => Some(next),
            _ => self.search_key(key, next),
        }
    }

    #[cfg(feature = "json")]
    #[inline(never)]
    fn search_key(&self, key: &str, next: usize) -> Option<usize> {
        // Most likely it is one of the next.
        let (before, after) = self.fields.split_at_checked(next).unwrap_or((&[], self.fields));
        let by = |name: fn(&Field) -> &str| {
            let is = |field: &Field| name(field) == key;
            after
                .iter()
                .position(is)
                .map(|index| self.fields.len() - after.len() + index)
                .or_else(|| before.iter().position(is))
        };
        by(|field| field.json_name).or_else(|| by(|field| field.name))
    }
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
    /// The JSON name as a key, if it is short.
    #[cfg(feature = "json")]
    pub(crate) key: ShortKey,
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
        Self {
            number,
            name,
            json_name,
            presence,
            kind,
            #[cfg(feature = "json")]
            key: ShortKey::new(json_name),
        }
    }

    /// A field that has the same name in JSON.
    pub const fn same(number: u32, name: &'static str, presence: Presence, kind: Kind) -> Self {
        Self::new(number, name, name, presence, kind)
    }
}

/// The text `"name":`. It is copied in full, whatever its length, since a copy of a fixed size is a few instructions.
#[cfg(feature = "json")]
#[derive(Debug)]
pub(crate) struct ShortKey {
    text: [u8; 23],
    /// 0 if there is none: the name is too long, or must be escaped.
    len: u8,
}

#[cfg(feature = "json")]
impl ShortKey {
    #[allow(clippy::cast_possible_truncation)] // The length is below 24.
    const fn new(name: &str) -> Self {
        let mut text = [b'"'; 23];
        let name = name.as_bytes();
        if name.len() + 3 > text.len() || !is_plain(name) {
            return Self { text, len: 0 };
        }
        let mut len = 0;
        while len < name.len() {
            text[len + 1] = name[len];
            len += 1;
        }
        text[len + 2] = b':';
        Self { text, len: (len + 3) as u8 }
    }

    /// The name in quotes, if there is a key.
    #[inline]
    pub(crate) fn quoted(&self) -> Option<&[u8]> {
        self.text.get(..usize::from(self.len).checked_sub(1)?)
    }

    /// Appends the key; whether there is one.
    #[inline]
    pub(crate) fn push(&self, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        out.extend_from_slice(&self.text);
        out.truncate(start + usize::from(self.len));
        self.len != 0
    }
}

/// Whether a JSON string needs no escape for these bytes.
#[cfg(feature = "json")]
const fn is_plain(bytes: &[u8]) -> bool {
    let mut i = 0;
    while i < bytes.len() {
        if bytes[i] < b' ' || bytes[i] == b'"' || bytes[i] == b'\\' {
            return false;
        }
        i += 1;
    }
    true
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

impl Presence {
    /// Whether the field is a list or a map.
    pub const fn is_repeated(self) -> bool {
        matches!(self, Self::Repeated | Self::Packed)
    }
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

#[cfg(feature = "json")]
impl Kind {
    /// The message of a message or group field.
    pub(crate) const fn message(&self) -> Option<&'static MessageSchema> {
        match self {
            Self::Message(schema) | Self::Group(schema) => Some(schema),
            _ => None,
        }
    }

    /// How a scalar of this kind is encoded, where its Rust type does not tell.
    pub(crate) const fn code(&self) -> u8 {
        match self {
            Self::Sint32 | Self::Sint64 => code::ZIGZAG,
            Self::Fixed32 | Self::Fixed64 | Self::Sfixed32 | Self::Sfixed64 => code::FIXED,
            _ => code::PLAIN,
        }
    }

    /// The wire type of one value.
    pub(crate) const fn wire_type(&self) -> u8 {
        match self {
            Self::Double | Self::Fixed64 | Self::Sfixed64 => 1,
            Self::Float | Self::Fixed32 | Self::Sfixed32 => 5,
            Self::String | Self::Bytes | Self::Message(_) | Self::Map(_) => 2,
            Self::Group(_) => 3,
            _ => 0,
        }
    }

    /// Whether a list of such values may be packed.
    pub(crate) const fn is_packable(&self) -> bool {
        !matches!(self.wire_type(), 2 | 3)
    }
}

/// The schema of one enum.
#[derive(Debug)]
pub struct EnumSchema {
    name: &'static str,
    values: &'static [(i32, &'static str)],
    /// How many of the first values have their index as their number.
    dense: usize,
    is_null_value: bool,
}

impl EnumSchema {
    /// A schema by its full name, `package.Enum`, and its values in declaration order; with aliases, the first name
    /// of a number is the one written.
    pub const fn new(name: &'static str, values: &'static [(i32, &'static str)]) -> Self {
        let mut dense = 0;
        let mut number = 0;
        while dense < values.len() && values[dense].0 == number {
            dense += 1;
            number += 1;
        }
        Self { name, values, dense, is_null_value: wkt::equal(name, "google.protobuf.NullValue") }
    }

    /// The full name, `package.Enum`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The values in declaration order.
    pub const fn values(&self) -> &'static [(i32, &'static str)] {
        self.values
    }

    /// Whether this is `google.protobuf.NullValue`, which is `null` in JSON.
    pub const fn is_null_value(&self) -> bool {
        self.is_null_value
    }

    /// The first name of this number.
    pub fn name_of(&self, number: i32) -> Option<&'static str> {
        if let Ok(index) = usize::try_from(number)
            && index < self.dense
        {
            return Some(self.values[index].1);
        }
        self.values.iter().find(|value| value.0 == number).map(|value| value.1)
    }

    /// The number of this name.
    pub fn number_of(&self, name: &str) -> Option<i32> {
        self.values.iter().find(|value| value.1 == name).map(|value| value.0)
    }
}
