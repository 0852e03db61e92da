//! The model: an API with everything resolved and every name decided, as plain data in a stable order.

mod access;
mod calling;
mod calls;
mod custom;
mod docs;
mod members;
mod messages;
mod method_options;
mod operations;
mod resources;

pub use self::access::{
    Access, AccessState, FieldPath, FieldStep, OneofStep, Require, UnreadOption, UnreadValue,
};
pub use self::calling::{Retry, Routing, RoutingParameter, UuidField};
pub use self::calls::{Argument, PageField, Pagination};
pub use self::custom::{
    CustomOption, ItemOptions, OptionEnum, OptionField, OptionMessage, OptionType, OptionTypes, OptionValue,
};
pub use self::docs::{DocKind, DocLink, DocTarget, Docs};
pub use self::members::{MaskField, MessageMask, Uses};
pub use self::messages::{
    Accessors, Behavior, DefaultValue, Enum, EnumValue, Field, Kind, Member, Message, Oneof, Presence,
    Request, Traits,
};
pub use self::method_options::{Event, EventKind, LogField, MethodRef, PatchSource};
pub use self::operations::{Follow, FollowMethod, FollowMethods, LongRunning, OperationFields, Polling};
pub use self::resources::{NameConstructor, NamePart, NamedResource, Resource};

use std::time::Duration;

use crate::diagnostic::Diagnostics;
use crate::options::Options;
pub use crate::options::PageKind;
use crate::template::Template;

/// A whole API: one generated crate or module tree.
#[derive(Debug)]
pub struct Api {
    /// The plugin's options.
    pub options: Options,
    /// The generated crate's name.
    pub crate_name: String,
    /// The packages to generate, sorted by name, including those that other packages refer to.
    pub packages: Vec<Package>,
    /// The packages that these use and that other crates of the workspace have.
    pub siblings: Vec<Package>,
    /// The other crates of the workspace that this one depends on, sorted by name.
    pub dependencies: Vec<Dependency>,
    /// Whether the crate is one of a workspace.
    pub is_member: bool,
    /// All permissions of methods, sorted, with their constants.
    pub permissions: Vec<NamedConst>,
    /// All kinds of callers of methods, sorted, with their constants.
    pub actors: Vec<NamedConst>,
    /// Whether the API states access at all.
    pub states_access: bool,
    /// The method options that may state access but are not read as access; the likeliest first.
    pub unread_options: Vec<UnreadOption>,
    /// The types of custom options, as static Rust data.
    pub option_types: OptionTypes,
    /// The modules beside those of packages.
    pub root_modules: RootModules,
    /// Options of a workspace that do not fit the files of this crate. They are problems if they fit no crate.
    pub unfit: Diagnostics,
    /// Problems that do not stop the generation. A [lenient build](Self::build_lenient) has errors here, too.
    pub warnings: Diagnostics,
    /// The encoded `FileDescriptorSet`, without source information; empty without the option `reflection`.
    pub descriptor_set: Vec<u8>,
}

/// Another crate of the workspace that a crate depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The crate's name.
    pub name: String,
    /// Whether only features of packages need it.
    pub optional: bool,
    /// The features of that crate that this one always needs.
    pub features: Vec<String>,
}

/// Where a package is that another crate of the workspace has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The crate's name.
    pub crate_name: String,
    /// The features with which this crate uses the package; empty if it always does.
    pub users: Vec<String>,
}

/// Names of the root's other modules, free of collisions with modules of packages and messages.
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

/// A constant for a name in the API.
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
    /// The module path below the root. For a package of another crate it begins with that crate, `::acme_types`.
    pub module: Vec<String>,
    /// The crate of the workspace that has the package, if it is another one.
    pub home: Option<Home>,
    /// The Cargo feature that compiles it in.
    pub feature: String,
    /// The feature in the package's `cfg`. Packages that depend on each other in a cycle share the feature of the first one. `None`: always
    /// compiled, as the items at the crate's root and all that they need.
    pub gate: Option<String>,
    /// The features that `feature` enables, since the package needs their packages.
    pub needs: Vec<String>,
    /// The comment on its `package` statements.
    pub docs: Docs,
    /// The module for the setters of calls; users do not name it. That of a package of another crate is below the client's.
    pub call_module: String,
    /// The module for the setters and getters of messages; users do not name it.
    pub accessor_module: String,
    /// The module for typed field masks.
    pub mask_module: String,
    /// The services in the order of their files and declarations.
    pub services: Vec<Service>,
    /// The messages, nested ones after their parents.
    pub messages: Vec<Message>,
    /// The enums.
    pub enums: Vec<Enum>,
    /// The types of resource names.
    pub resources: Vec<Resource>,
    /// The custom options of messages, fields and enum values. Elements without options have no entry.
    pub item_options: Vec<ItemOptions>,
}

/// A Rust type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RustType {
    /// A path below the root of the generated code: modules, then the type. For a type of another crate of the workspace it begins with that
    /// crate, `::acme_types`.
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
    /// The name that Rust names derive from: the name in the file, or that of the option `rename`.
    pub base_name: String,
    /// The module of its code, below the package's.
    pub module: String,
    /// The type that has its constants.
    pub marker: String,
    /// The client's type.
    pub client: String,
    /// The trait that replaces the service in tests.
    pub stub: String,
    /// The tonic service around an implementation of the server's trait. The trait has the marker's name.
    pub server: String,
    /// The function of the API's client that returns the service's client.
    pub accessor: String,
    /// The cleaned comment.
    pub docs: Docs,
    /// Whether it is marked deprecated.
    pub deprecated: bool,
    /// Whether only a service configuration brings it into the crate: another API defines it.
    pub mixed_in: bool,
    /// The host that serves it (`google.api.default_host`).
    pub default_host: Option<String>,
    /// The OAuth scopes that a caller asks for (`google.api.oauth_scopes`).
    pub oauth_scopes: Vec<String>,
    /// Its stated version.
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
    /// Whether the method or its service is marked deprecated.
    pub deprecated: bool,
    /// The request message.
    pub input: TypeRef,
    /// The response message.
    pub output: TypeRef,
    /// The parameter lists that the API states (`google.api.method_signature`), as paths of request fields.
    pub signatures: Vec<Vec<String>>,
    /// The parameters of the client's function. A method that takes a stream has none.
    pub arguments: Vec<Argument>,
    /// Whether the client sends many messages.
    pub client_streaming: bool,
    /// Whether the server sends many messages.
    pub server_streaming: bool,
    /// Whether a call may be repeated: as stated, else by the verb of the first binding (RFC 9110, section 9.2).
    pub idempotency: Idempotency,
    /// The method's option `idempotency_level`, if set.
    pub stated_idempotency: Option<Idempotency>,
    /// The HTTP bindings, the primary one first.
    pub bindings: Vec<Binding>,
    /// Bindings that are left out, as annotated: they have errors.
    pub rejected_bindings: Vec<RejectedBinding>,
    /// Who may call it.
    pub access: Access,
    /// Its pagination fields.
    pub pagination: Option<Pagination>,
    /// The operation that it starts.
    pub long_running: Option<LongRunning>,
    /// The request fields that a server logs.
    pub log_fields: Vec<LogField>,
    /// The largest size of a message, in MB.
    pub max_message_mb: Option<u32>,
    /// For a partial update: the method that reads the resource.
    pub patch_source: Option<PatchSource>,
    /// The event of a successful call.
    pub event: Option<Event>,
    /// The routing header of its calls.
    pub routing: Routing,
    /// The request fields that a client fills with a random UUID.
    pub uuid_fields: Vec<UuidField>,
    /// The time of a call that sets none.
    pub timeout: Option<Duration>,
    /// When a failed call is made again, if the API states it.
    pub retry: Option<Retry>,
    /// The other custom options.
    pub custom_options: Vec<CustomOption>,
    /// Unread options that may state access, by name.
    pub unread: Vec<UnreadValue>,
}

/// Whether a call may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idempotency {
    /// Unknown.
    Unknown,
    /// Repeating it has the same effect as one call.
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
    /// The slots of the template in order: variables and anonymous wildcards.
    pub slots: Vec<Slot>,
    /// Whether the `**` of the template must take a segment: without one, the path would be that of another route.
    pub needs_rest: bool,
    /// The contents of the request body.
    pub body: Body,
    /// The response field that is the whole response body.
    pub response_body: Option<String>,
    /// The fields that may go to the query, as dotted JSON names.
    pub query: Vec<String>,
}

/// A binding with an error. No code is generated for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedBinding {
    /// The HTTP verb, or the custom kind.
    pub verb: String,
    /// The path, which may not be a valid template.
    pub text: String,
    /// The contents of the request body: `*`, a name, or empty.
    pub body: String,
    /// The response field that is the whole body; may be empty.
    pub response_body: String,
}

/// One slot of a template.
#[derive(Debug)]
pub struct Slot {
    /// The field path; `None` for an anonymous wildcard.
    pub field: Option<String>,
    /// The path builder's field.
    pub name: String,
    /// Its type.
    pub kind: SlotKind,
}

/// The type of a path variable.
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

/// The contents of the request body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    None,
    /// Everything that the path does not hold.
    All,
    /// One top-level field.
    Field(String),
}

impl Api {
    /// The package with this name.
    pub fn package(&self, name: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.name == name)
    }

    /// All packages: those of the crate, then those of other crates that it uses.
    pub fn known_packages(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().chain(&self.siblings)
    }

    /// All services of the crate, each with its package.
    pub fn services(&self) -> impl Iterator<Item = (&Package, &Service)> {
        self.packages
            .iter()
            .flat_map(|package| package.services.iter().map(move |service| (package, service)))
    }

    /// The host that serves all services of the API's own, if they state one.
    pub fn default_host(&self) -> Option<&str> {
        let mut hosts = self
            .services()
            .filter(|(_, service)| !service.mixed_in)
            .map(|(_, service)| &service.default_host);
        let first = hosts.next()?.as_deref()?;
        hosts.all(|host| host.as_deref() == Some(first)).then_some(first)
    }

    /// All methods, each with its service and package.
    pub fn methods(&self) -> impl Iterator<Item = (&Package, &Service, &Method)> {
        self.services().flat_map(|(package, service)| {
            service.methods.iter().map(move |method| (package, service, method))
        })
    }
}

impl Binding {
    /// The binding as annotated.
    pub(crate) fn rejected(self) -> RejectedBinding {
        RejectedBinding {
            body: self.body.as_str().unwrap_or_default().to_owned(),
            response_body: self.response_body.unwrap_or_default(),
            verb: self.verb,
            text: self.text,
        }
    }
}

impl Body {
    /// The annotation.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::None => None,
            Self::All => Some("*"),
            Self::Field(name) => Some(name),
        }
    }
}
