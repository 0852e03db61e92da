//! Messages and enums, with everything that their Rust types need.

use super::{Docs, MessageMask, NamedResource, OneofStep, RustType, TypeRef, Uses};

/// One message.
#[derive(Debug)]
pub struct Message {
    /// The full name.
    pub full_name: String,
    /// The name in the file.
    pub name: String,
    /// The Rust type's path below the root.
    pub path: Vec<String>,
    /// The path, below the root, of the module for nested types and oneofs. Without any, the module does not exist.
    pub module: Vec<String>,
    /// The cleaned comment.
    pub docs: Docs,
    /// The traits of the Rust type.
    pub traits: Traits,
    /// The fields by number.
    pub fields: Vec<Field>,
    /// The oneofs that are fields in Rust.
    pub oneofs: Vec<Oneof>,
    /// The fields of the Rust struct, in its order.
    pub members: Vec<Member>,
    /// Whether it has a field that must not be printed.
    pub has_redacted: bool,
    /// Set for the request of a call.
    pub request: Option<Request>,
    /// Where it occurs.
    pub uses: Uses,
    /// Set for a message whose fields a mask may name.
    pub mask: Option<MessageMask>,
}

/// A message that is the request of calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// For each field, the setter on calls. A field that only the server sets has none.
    pub setters: Vec<Option<String>>,
    /// Whether a method with this request returns one response.
    pub unary: bool,
    /// Whether a method with this request returns a stream of responses.
    pub streaming: bool,
}

/// One field of a message's struct.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// The field at this index of [`Message::fields`].
    Field(usize),
    /// The oneof at this index of [`Message::oneofs`].
    Oneof(usize),
}

/// The standard traits of a message or oneof besides `Clone` and `PartialEq`, by prost-build's rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traits {
    /// `Copy`.
    pub copy: bool,
    /// `Eq` and `Hash`.
    pub eq: bool,
}

/// One field.
#[derive(Debug)]
pub struct Field {
    /// The number.
    pub number: u32,
    /// The name in the file.
    pub name: String,
    /// The name that Rust names derive from: the name in the file, or that of the option `rename`.
    pub base_name: String,
    /// The JSON name.
    pub json_name: String,
    /// The Rust field; for a member of a oneof, the oneof's field.
    pub rust_name: String,
    /// The cleaned comment.
    pub docs: Docs,
    /// Set for a member of a oneof.
    pub oneof: Option<OneofStep>,
    /// Its cardinality.
    pub presence: Presence,
    /// The type.
    pub kind: Kind,
    /// Whether it is in a `Box`, since its message may contain the parent.
    pub boxed: bool,
    /// The default that the file states (proto2).
    pub default: Option<DefaultValue>,
    /// Whether it is marked `debug_redact`.
    pub redacted: bool,
    /// Whether it is required: proto2 `required`, `google.api.field_behavior`, or `buf.validate.field` with `required` or
    /// with a rule that rejects the zero value.
    pub required: bool,
    /// How else it takes part in requests and responses.
    pub behavior: Vec<Behavior>,
    /// The resource whose name it holds.
    pub names: Option<NamedResource>,
    /// Whether it is marked deprecated.
    pub deprecated: bool,
    /// The functions that prost's derive generates for it, if any.
    pub accessors: Option<Accessors>,
    /// The function that sets it.
    pub setter: String,
    /// The function that reads it. Set for members of oneofs, generated enums and required messages.
    pub getter: Option<String>,
    /// For a required message: the function that takes it out of its parent.
    pub taker: Option<String>,
    /// For the field mask of an update: the resource whose fields the mask names.
    pub mask_of: Option<TypeRef>,
}

/// The functions that prost's derive generates for optional scalars, enums and maps of enums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accessors {
    /// Reads it, or its default.
    pub get: String,
    /// Sets an enum, appends to a list of enums, inserts into a map of enums.
    pub set: Option<String>,
}

/// How a field takes part in requests and responses (`google.api.field_behavior`, AIP-203).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behavior {
    /// Only the server sets it.
    OutputOnly,
    /// Only the client sets it, and responses do not contain it.
    InputOnly,
    /// It can be set only when the resource is created.
    Immutable,
    /// It is the name of the resource.
    Identifier,
}

/// Whether a field may repeat, and whether absence differs from the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Absence means the default.
    Implicit,
    /// Absence differs from the default.
    Explicit,
    /// proto2 `required`.
    Required,
    /// Member of the oneof with this index.
    Oneof(u32),
    /// List or map.
    Repeated,
    /// Packed list.
    Packed,
}

/// A field's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A scalar, by the name of the runtime's variant.
    Scalar(&'static str),
    /// An enum.
    Enum(TypeRef),
    /// A message.
    Message(TypeRef),
    /// A group.
    Group(TypeRef),
    /// A map.
    Map(Box<Kind>, Box<Kind>),
}

/// A stated default of proto2.
#[derive(Clone, Debug, PartialEq)]
pub enum DefaultValue {
    /// A boolean.
    Bool(bool),
    /// A signed integer.
    Int(i64),
    /// An unsigned integer.
    Uint(u64),
    /// A `float`.
    Float(f32),
    /// A `double`.
    Double(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A variant of the field's enum.
    Variant(String),
}

/// A oneof that is a field in Rust.
#[derive(Debug)]
pub struct Oneof {
    /// The Rust field.
    pub name: String,
    /// The Rust type.
    pub rust: RustType,
    /// The cleaned comment.
    pub docs: Docs,
    /// The traits of the Rust type.
    pub traits: Traits,
    /// The name in the file.
    pub proto_name: String,
    /// The name that Rust names derive from: the name in the file, or that of the option `rename`.
    pub base_name: String,
    /// Its members in the file's order: indices into [`Message::fields`].
    pub members: Vec<usize>,
    /// The function that sets it.
    pub setter: String,
}

/// One enum.
#[derive(Debug)]
pub struct Enum {
    /// The full name.
    pub full_name: String,
    /// The Rust type's path below the root.
    pub path: Vec<String>,
    /// The cleaned comment.
    pub docs: Docs,
    /// The values, in declaration order.
    pub values: Vec<EnumValue>,
    /// The common prefix of all values, such as `PHASE_`; empty if there is none.
    pub prefix: String,
}

/// One value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumValue {
    /// The number.
    pub number: i32,
    /// The name in the file.
    pub name: String,
    /// The Rust variant. An alias has the variant of the first value with its number.
    pub variant: String,
    /// Whether an earlier value has the same number.
    pub is_alias: bool,
    /// The cleaned comment.
    pub docs: Docs,
    /// Whether it is marked deprecated.
    pub deprecated: bool,
}

impl Field {
    /// Whether the API states that only the server sets the field.
    pub fn is_output_only(&self) -> bool {
        self.behavior.contains(&Behavior::OutputOnly)
    }
}

impl Traits {
    /// The traits that both have.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { copy: self.copy && other.copy, eq: self.eq && other.eq }
    }
}

impl Kind {
    /// The message that a field contains, or the message type of a map's values.
    pub fn message(&self) -> Option<&TypeRef> {
        match self {
            Self::Message(ty) | Self::Group(ty) => Some(ty),
            Self::Map(_, value) => value.message(),
            Self::Scalar(_) | Self::Enum(_) => None,
        }
    }

    /// The enum that a field contains, or the enum type of a map's values.
    pub fn enumeration(&self) -> Option<&TypeRef> {
        match self {
            Self::Enum(ty) => Some(ty),
            Self::Map(_, value) => value.enumeration(),
            Self::Scalar(_) | Self::Message(_) | Self::Group(_) => None,
        }
    }
}

impl Presence {
    /// Whether the field is a list or a map.
    pub const fn is_repeated(self) -> bool {
        matches!(self, Self::Repeated | Self::Packed)
    }
}
