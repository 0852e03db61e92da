//! Custom options as static data: their types and values.

/// The custom options of a message and its fields, or of an enum's values.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemOptions {
    /// The Rust type's path below the root.
    pub path: Vec<String>,
    /// The options of the message.
    pub own: Vec<CustomOption>,
    /// The options of its fields: constant, field name, options.
    pub fields: Vec<(String, String, Vec<CustomOption>)>,
    /// The options of its values: variant, options.
    pub values: Vec<(String, Vec<CustomOption>)>,
}

/// A custom option that is set.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomOption {
    /// The extension's full name.
    pub full_name: String,
    /// The field in the table of options.
    pub field: String,
    /// The value.
    pub value: OptionValue,
}

/// The types of custom options.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OptionTypes {
    /// The options of methods: extension, its field in the table, type and comment.
    pub method: Vec<OptionField>,
    /// The options of services.
    pub service: Vec<OptionField>,
    /// The options of messages.
    pub message: Vec<OptionField>,
    /// The options of fields.
    pub field: Vec<OptionField>,
    /// The options of enum values.
    pub enum_value: Vec<OptionField>,
    /// The messages that they use.
    pub messages: Vec<OptionMessage>,
    /// The enums that they use.
    pub enums: Vec<OptionEnum>,
}

/// A message as a struct of static data.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionMessage {
    /// The full name.
    pub full_name: String,
    /// The Rust type.
    pub rust: String,
    /// The fields.
    pub fields: Vec<OptionField>,
    /// The cleaned comment.
    pub docs: Vec<String>,
}

/// A field of such a struct.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionField {
    /// The full name of the extension or field.
    pub full_name: String,
    /// The Rust field.
    pub name: String,
    /// Its type.
    pub ty: OptionType,
    /// The cleaned comment.
    pub docs: Vec<String>,
}

/// An enum of static data.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionEnum {
    /// The full name.
    pub full_name: String,
    /// The Rust type.
    pub rust: String,
    /// Variant and name of each value.
    pub variants: Vec<(String, String)>,
    /// The cleaned comment.
    pub docs: Vec<String>,
}

/// The type of an option's field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionType {
    /// A scalar as Rust writes it: `bool`, `i32`, `&'static str`, `&'static [u8]`.
    Scalar(&'static str),
    /// An [`OptionEnum`]'s Rust type.
    Enum(String),
    /// An [`OptionMessage`]'s Rust type.
    Message(String),
    /// An optional value.
    Optional(Box<OptionType>),
    /// A list.
    List(Box<OptionType>),
    /// A map, as a list sorted by key.
    Map(Box<OptionType>, Box<OptionType>),
}

/// The value of an option.
#[derive(Clone, Debug, PartialEq)]
pub enum OptionValue {
    /// `bool`.
    Bool(bool),
    /// Any signed integer.
    Int(i64),
    /// Any unsigned integer.
    Uint(u64),
    /// `float` or `double`.
    Float(f64),
    /// `string`.
    Text(String),
    /// `bytes`.
    Bytes(Vec<u8>),
    /// An enum's Rust type and variant.
    Enum(String, String),
    /// A message's Rust type and its fields in order.
    Message(String, Vec<(String, OptionValue)>),
    /// An optional value.
    Optional(Option<Box<OptionValue>>),
    /// A list.
    List(Vec<OptionValue>),
    /// A map, sorted.
    Map(Vec<(OptionValue, OptionValue)>),
}
