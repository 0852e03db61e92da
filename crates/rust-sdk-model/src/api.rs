//! The model: an API with everything resolved and every name decided. Plain data, in a stable order.

mod access;
mod calls;
mod custom;
mod docs;
mod members;
mod messages;
mod notes;

pub use self::access::{
    Access, AccessState, FieldPath, FieldStep, OneofStep, Require, UnreadOption, UnreadValue,
};
pub use self::calls::{Argument, PageField, Pagination, Request};
pub use self::custom::{
    CustomOption, ItemOptions, OptionEnum, OptionField, OptionMessage, OptionType, OptionTypes, OptionValue,
};
pub use self::docs::{DocKind, DocLink, DocTarget, Docs};
pub use self::members::{MaskField, MessageMask, Uses};
pub use self::messages::{
    Accessors, DefaultValue, Enum, EnumValue, Field, Kind, Member, Message, Oneof, Presence, Traits,
};
pub use self::notes::{Event, EventKind, LogField, MethodRef, PatchSource};

use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::template::Template;

/// A whole API, as one generated crate or module tree.
#[derive(Debug)]
pub struct Api {
    /// What was asked for.
    pub options: Options,
    /// The generated crate's name.
    pub crate_name: String,
    /// The packages to generate, by name. Those that others only import are among them.
    pub packages: Vec<Package>,
    /// Every permission that a method asks for, sorted, with its constant's name.
    pub permissions: Vec<NamedConst>,
    /// Every kind of caller that a method names, sorted, with its constant's name.
    pub actors: Vec<NamedConst>,
    /// Whether the API states access at all.
    pub states_access: bool,
    /// The options of methods that may state access, but are not read as access. Those that look most like it come first.
    pub unread_options: Vec<UnreadOption>,
    /// The types of custom options, as static Rust data.
    pub option_types: OptionTypes,
    /// The modules that stand beside the packages' own.
    pub root_modules: RootModules,
    /// What should be looked at, but stops nothing. Of a [survey](Self::survey), the errors are among them.
    pub warnings: Diagnostics,
    /// The encoded `FileDescriptorSet`, without source information; empty unless asked for.
    pub descriptor_set: Vec<u8>,
}

/// Names of modules at the root, free of collisions with packages.
#[derive(Clone, Debug)]
pub struct RootModules {
    /// The permission and actor constants.
    pub access: String,
    /// The types of custom options.
    pub options: String,
    /// The runtime, under its own name.
    pub runtime: String,
    /// The client of the whole API, and its calls.
    pub client: String,
    /// The encoded descriptors.
    pub descriptor_set: String,
}

/// A constant for a name that the API states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedConst {
    /// The text, `read:clusters`.
    pub value: String,
    /// The constant, `READ_CLUSTERS`.
    pub constant: String,
}

/// One protobuf package.
#[derive(Debug)]
pub struct Package {
    /// The name, empty for files without a package.
    pub name: String,
    /// The module path below the root.
    pub module: Vec<String>,
    /// The Cargo feature that compiles it in.
    pub feature: String,
    /// The feature that its `cfg` names: another package's where packages depend on each other in a circle.
    pub gate: String,
    /// The features of the packages that it needs.
    pub needs: Vec<String>,
    /// The comment on its `package` statements.
    pub docs: Docs,
    /// The module for message schemas.
    pub schema_module: String,
    /// The module for the setters of calls; nobody names it.
    pub call_module: String,
    /// The module for the setters and getters of messages; nobody names it.
    pub accessor_module: String,
    /// The module for typed field masks.
    pub mask_module: String,
    /// The constant in it that lists the schemas of all messages.
    pub schema_list: String,
    /// The services in the order of their files and declarations.
    pub services: Vec<Service>,
    /// The messages, nested ones behind their parents.
    pub messages: Vec<Message>,
    /// The enums.
    pub enums: Vec<Enum>,
    /// The custom options of messages, fields and enum values, of those that have any.
    pub item_options: Vec<ItemOptions>,
}

/// A Rust type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RustType {
    /// A path below the root of the generated code: modules, then the type.
    Local(Vec<String>),
    /// A type of another crate, as written.
    Foreign(String),
}

/// A reference to a message or enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeRef {
    /// The full protobuf name.
    pub name: String,
    /// The Rust type.
    pub rust: RustType,
}

/// One service.
#[derive(Debug)]
pub struct Service {
    /// The full name.
    pub full_name: String,
    /// The name in the file.
    pub name: String,
    /// The module of its code, below the package's.
    pub module: String,
    /// The type that its constants hang on.
    pub marker: String,
    /// The client's type.
    pub client: String,
    /// The trait that stands in for the service in tests.
    pub stub: String,
    /// The tonic service around an implementation of the server's trait, which has the marker's name.
    pub server: String,
    /// The function of the whole API's client that gives it.
    pub accessor: String,
    /// The cleaned comment.
    pub docs: Docs,
    /// Whether it is marked deprecated.
    pub deprecated: bool,
    /// The version that it states.
    pub api_version: Option<String>,
    /// Custom options that are not about access.
    pub custom_options: Vec<CustomOption>,
    /// The methods in declaration order.
    pub methods: Vec<Method>,
}

/// One method.
#[derive(Debug)]
pub struct Method {
    /// `package.Service/Method`.
    pub full_name: String,
    /// The name in the file.
    pub name: String,
    /// The client's function.
    pub function: String,
    /// The constant on the service's marker.
    pub constant: String,
    /// The constant for its custom options.
    pub options_constant: String,
    /// The cleaned comment.
    pub docs: Docs,
    /// Whether it, or its service, is marked deprecated.
    pub deprecated: bool,
    /// The request message.
    pub input: TypeRef,
    /// The response message.
    pub output: TypeRef,
    /// What every call must state. A method that takes a stream has none.
    pub arguments: Vec<Argument>,
    /// Whether the client sends many messages.
    pub client_streaming: bool,
    /// Whether the server sends many messages.
    pub server_streaming: bool,
    /// What is known about repeating it: as stated, else by the verb of the first binding (RFC 9110 §9.2).
    pub idempotency: Idempotency,
    /// What the method's own option states, if set.
    pub stated_idempotency: Option<Idempotency>,
    /// The HTTP bindings, the primary one first.
    pub bindings: Vec<Binding>,
    /// Bindings that something is wrong with, as annotated. None where there is no error.
    pub rejected_bindings: Vec<RejectedBinding>,
    /// Who may call it.
    pub access: Access,
    /// The fields by which it lists page by page.
    pub pagination: Option<Pagination>,
    /// What a server logs of its requests.
    pub log_fields: Vec<LogField>,
    /// The size that a message may have, in MB.
    pub max_message_mb: Option<u32>,
    /// Where a partial update finds the present state of what it changes.
    pub patch_source: Option<PatchSource>,
    /// The event that a successful call leaves behind.
    pub event: Option<Event>,
    /// The other custom options.
    pub custom_options: Vec<CustomOption>,
    /// What options say that may state access, but are not read as access; by name.
    pub unread: Vec<UnreadValue>,
}

/// What is known about repeating a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idempotency {
    /// Nothing.
    Unknown,
    /// Twice is as good as once.
    Idempotent,
    /// It changes nothing.
    Safe,
}

/// One HTTP binding.
#[derive(Debug)]
pub struct Binding {
    /// The HTTP verb, or the custom kind as annotated.
    pub verb: String,
    /// The template as annotated.
    pub text: String,
    /// The template, parsed.
    pub template: Template,
    /// The path builder's type.
    pub builder: String,
    /// The open places of the template in order: variables and anonymous wildcards.
    pub slots: Vec<Slot>,
    /// What the request body holds.
    pub body: Body,
    /// The response field that is the whole response body.
    pub response_body: Option<String>,
    /// The leaves that may go to the query: REST names, dotted.
    pub query: Vec<String>,
}

/// A binding that no code is generated for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedBinding {
    /// The HTTP verb, or the custom kind.
    pub verb: String,
    /// The path, which may be no template.
    pub text: String,
    /// What the request body holds: `*` or a name; may be empty.
    pub body: String,
    /// The name of the response field that is the whole body; may be empty.
    pub response_body: String,
}

/// One open place of a template.
#[derive(Debug)]
pub struct Slot {
    /// The field path; `None` for an anonymous wildcard.
    pub field: Option<String>,
    /// The path builder's field.
    pub name: String,
    /// What it takes.
    pub kind: SlotKind,
}

/// What a path variable takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlotKind {
    /// Text, and everything whose JSON form is an unquoted string.
    Text,
    /// `bool`.
    Bool,
    /// A 32-bit signed integer.
    Int32,
    /// A 64-bit signed integer.
    Int64,
    /// A 32-bit unsigned integer.
    Uint32,
    /// A 64-bit unsigned integer.
    Uint64,
    /// `float`.
    Float,
    /// `double`.
    Double,
    /// `bytes`.
    Bytes,
    /// An enum, sent by name.
    Enum(TypeRef),
}

/// What the request body holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    None,
    /// All that the path did not take.
    All,
    /// One top-level field.
    Field(String),
}

impl Api {
    /// The package with this name.
    pub fn package(&self, name: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.name == name)
    }

    /// Every service with its package.
    pub fn services(&self) -> impl Iterator<Item = (&Package, &Service)> {
        self.packages
            .iter()
            .flat_map(|package| package.services.iter().map(move |service| (package, service)))
    }

    /// Every method with its service and package.
    pub fn methods(&self) -> impl Iterator<Item = (&Package, &Service, &Method)> {
        self.services().flat_map(|(package, service)| {
            service.methods.iter().map(move |method| (package, service, method))
        })
    }
}

impl Body {
    /// As annotated.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::None => None,
            Self::All => Some("*"),
            Self::Field(name) => Some(name),
        }
    }
}
