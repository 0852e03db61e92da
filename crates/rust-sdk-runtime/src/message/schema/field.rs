//! The fields of a message, as its table has them.

use super::code;
use super::key::JsonKey;
use super::{EnumSchema, MessageSchema};

/// One field.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The field number.
    pub number: u32,
    /// How the field is encoded, beyond what its Rust type tells: see [`code`].
    pub(crate) code: u8,
    pub(crate) is_redacted: bool,
    /// How often the field may occur, and whether its absence can be told from its default.
    pub presence: Presence,
    /// The type; of a map, that of its values.
    pub kind: Kind,
    /// The type of a map's keys.
    pub map_key: Option<Kind>,
    /// The field of the Rust struct: for a member of a oneof, that of the oneof.
    pub(crate) rust_name: &'static str,
    /// The variant of a member of a oneof.
    pub(crate) variant: &'static str,
    /// The name in the `.proto` file.
    pub name: &'static str,
    json_name: Option<&'static str>,
    #[cfg(feature = "json")]
    pub(crate) key: JsonKey,
}

impl Field {
    /// A field of a struct. Where nothing else is said, it has the name of the Rust field, and the JSON name that protobuf derives from it.
    pub const fn new(number: u32, presence: Presence, kind: Kind, name: &'static str) -> Self {
        Self::coded(number, Self::code(&presence, &kind), presence, kind, name)
    }

    /// The same, where the code is known. The compiler evaluates it for each field of an API, so it does nothing else.
    pub(crate) const fn coded(
        number: u32,
        code: u8,
        presence: Presence,
        kind: Kind,
        name: &'static str,
    ) -> Self {
        Self {
            number,
            code,
            is_redacted: false,
            presence,
            kind,
            map_key: None,
            rust_name: name,
            variant: "",
            name,
            json_name: None,
            #[cfg(feature = "json")]
            key: JsonKey::derived(name),
        }
    }

    /// How a field is encoded, beyond what its Rust type tells.
    pub(crate) const fn code(presence: &Presence, kind: &Kind) -> u8 {
        kind.code() | presence.code(kind)
    }

    /// Makes the field a map with keys of this kind.
    #[must_use]
    pub const fn keyed_by(mut self, key: Kind) -> Self {
        self.code = (key.code() << 4) | self.kind.code();
        self.map_key = Some(key);
        self
    }

    /// Makes the field a member of a oneof: this variant of it.
    #[must_use]
    pub const fn variant(mut self, variant: &'static str) -> Self {
        self.variant = variant;
        self
    }

    /// Sets the name in the `.proto` file, where it is not that of the Rust field.
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Self {
        self.name = name;
        #[cfg(feature = "json")]
        {
            self.key = JsonKey::derived(name);
        }
        self
    }

    /// Sets the JSON name, where it is not the derived one.
    #[must_use]
    pub const fn json(mut self, name: &'static str) -> Self {
        self.json_name = Some(name);
        #[cfg(feature = "json")]
        {
            self.key = JsonKey::stated(name);
        }
        self
    }

    /// Keeps the value from being printed.
    #[must_use]
    pub const fn redacted(mut self) -> Self {
        self.is_redacted = true;
        self
    }

    /// The JSON name: the one that the API states, else the one that is derived, `lowerCamel`.
    #[cfg(feature = "json")]
    pub fn json_name(&self) -> &str {
        self.json_name.or_else(|| self.key.name()).unwrap_or(self.name)
    }

    /// Whether this is the JSON name.
    #[inline]
    pub(crate) fn is_json_name(&self, name: &str) -> bool {
        #[cfg(feature = "json")]
        let key = &self.key;
        #[cfg(not(feature = "json"))]
        let key = &self.json_name.map_or_else(|| JsonKey::derived(self.name), JsonKey::stated);
        key.is(name) || self.json_name == Some(name)
    }

    /// The oneof that the field is a member of, by the field of the Rust struct.
    #[inline]
    pub const fn oneof(&self) -> Option<&'static str> {
        match self.presence {
            Presence::Oneof(oneof) => Some(oneof),
            _ => None,
        }
    }

    /// Whether the field is a map.
    pub const fn is_map(&self) -> bool {
        self.map_key.is_some()
    }

    /// The message of a field that is one message. `None` for lists and maps.
    #[cfg(feature = "json")]
    pub(crate) fn message(&self) -> Option<&'static MessageSchema> {
        if self.presence.is_repeated() { None } else { self.kind.message() }
    }

    /// Whether a list may be packed.
    #[cfg(feature = "json")]
    pub(crate) const fn is_packable(&self) -> bool {
        self.map_key.is_none() && self.kind.is_packable()
    }

    /// The fields of a message, of which so many of the last ones are to be put in order of the numbers.
    #[must_use]
    pub const fn list<const N: usize>(mut fields: [Self; N], unordered: usize) -> [Self; N] {
        let mut i = N - unordered;
        while i < N {
            let mut at = i;
            while at > 0 && fields[at - 1].number > fields[at].number {
                (fields[at - 1], fields[at]) = (fields[at], fields[at - 1]);
                at -= 1;
            }
            i += 1;
        }
        fields
    }
}

/// Checks a message's fields; whether one is required.
pub(super) const fn check(fields: &[Field]) -> bool {
    let mut has_required = false;
    let mut i = 0;
    while i < fields.len() {
        let field = &fields[i];
        assert!(i == 0 || fields[i - 1].number < field.number, "fields are not in order of their numbers");
        #[cfg(feature = "json")]
        assert!(
            !field.key.is_none() || field.json_name.is_some(),
            "the JSON name is too long to be derived: state it"
        );
        has_required |= matches!(field.presence, Presence::Required);
        i += 1;
    }
    has_required
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
    /// A member of the oneof that is this field of the Rust struct.
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

    const fn code(&self, kind: &Kind) -> u8 {
        match self {
            Self::Explicit | Self::Oneof(_) => code::FLAG,
            Self::Required => code::FLAG | code::REQUIRED,
            Self::Repeated if kind.is_packable() => code::FLAG,
            Self::Implicit | Self::Repeated | Self::Packed => 0,
        }
    }
}

/// Where the schema of a message is. A function, since messages may contain themselves.
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
    /// A wrapper such as `google.protobuf.StringValue`, which is its value in Rust.
    Wrapper(SchemaOf),
    /// A proto2 group (or an editions field with delimited encoding).
    Group(SchemaOf),
    /// A message of another crate, of which prost's `Message` is known, and the schema where it has one.
    Foreign(Option<SchemaOf>),
    /// The same as a group.
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

    /// How a value of this kind is encoded, where its Rust type does not tell.
    pub(crate) const fn code(&self) -> u8 {
        match self {
            Self::Sint32 | Self::Sint64 => code::ZIGZAG,
            Self::Fixed32 | Self::Fixed64 | Self::Sfixed32 | Self::Sfixed64 => code::FIXED,
            Self::Group(_) | Self::ForeignGroup(_) => code::GROUP,
            Self::Wrapper(_) => code::WRAPPER,
            _ => code::PLAIN,
        }
    }

    /// Whether a value is between two tags, and not behind a length.
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
