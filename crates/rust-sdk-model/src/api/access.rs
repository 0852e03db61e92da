//! Who may call a method, and the field that holds the account.

use super::RustType;

/// Who may call a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The state; the four are never merged.
    pub state: AccessState,
    /// The permissions, in the annotation's order.
    pub permissions: Vec<String>,
    /// All of them, or any.
    pub require: Require,
    /// The kinds of callers let in; empty means every authenticated one.
    pub actors: Vec<String>,
    /// The request field that holds the account.
    pub scope: Option<FieldPath>,
    /// Whether the method's own code decides besides.
    pub custom: bool,
}

/// What the API says about access to a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessState {
    /// No authentication.
    Public,
    /// A caller is needed; no permission is checked.
    Authenticated,
    /// Permissions are checked.
    Permissions,
    /// Nothing is said.
    Unstated,
}

/// All of the permissions, or any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Require {
    /// All.
    All,
    /// At least one.
    Any,
}

/// An option that methods set and that may state access, but is not read; or a field of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadOption {
    /// The option's full name, and behind a `#` the path to a field of its message.
    pub name: String,
    /// The plugin's option that would read it, `key=value`; `None` where none can.
    pub setting: Option<String>,
    /// How many methods set it.
    pub methods: usize,
    /// Whether its name is about access.
    pub looks_like_access: bool,
}

/// What a method's options say that is not read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnreadValue {
    /// The name of an [`UnreadOption`].
    pub option: String,
    /// The value, for people.
    pub value: String,
    /// Whether the option's name is about access.
    pub looks_like_access: bool,
}

/// A resolved path to a field of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath {
    /// As annotated, dotted.
    pub text: String,
    /// The way there; empty, which is an error, where there is none.
    pub steps: Vec<FieldStep>,
}

/// One field on a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldStep {
    /// The Rust field.
    pub name: String,
    /// Whether it is an `Option`.
    pub optional: bool,
    /// Set for a member of a oneof.
    pub oneof: Option<OneofStep>,
}

/// How a member of a oneof is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneofStep {
    /// The Rust field of the oneof.
    pub name: String,
    /// The oneof's Rust type.
    pub rust: RustType,
    /// The member's variant.
    pub variant: String,
}

impl AccessState {
    /// The name in `access.json`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Authenticated => "authenticated",
            Self::Permissions => "permissions",
            Self::Unstated => "unstated",
        }
    }
}

impl Require {
    /// The name in `access.json`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Any => "any",
        }
    }
}
