//! Who may call a method, and the field that holds the account.

use super::RustType;

/// Who may call a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The state. The four states are never merged.
    pub state: AccessState,
    /// The permissions, in the annotation's order.
    pub permissions: Vec<String>,
    /// Whether a caller needs all of the permissions or any.
    pub require: Require,
    /// The allowed kinds of callers; empty: every authenticated caller.
    pub actors: Vec<String>,
    /// The request field that holds the account.
    pub scope: Option<FieldPath>,
    /// Whether the method's own code decides, too.
    pub custom: bool,
}

/// What the API states about access to a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessState {
    /// No authentication is required.
    Public,
    /// Authentication is required, but no permission.
    Authenticated,
    /// Permissions are required.
    Permissions,
    /// Nothing is stated.
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

/// A method option, or a field of one, that may state access but is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadOption {
    /// The option's full name and, after a `#`, the path to a field of its message.
    pub name: String,
    /// The plugin option that would read it, as `key=value`; `None` if no plugin option can.
    pub setting: Option<String>,
    /// The number of methods that set it.
    pub methods: usize,
    /// Whether its name is about access.
    pub looks_like_access: bool,
}

/// An unread value of a method's option.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnreadValue {
    /// The name of an [`UnreadOption`].
    pub option: String,
    /// The value as text.
    pub value: String,
    /// Whether the option's name is about access.
    pub looks_like_access: bool,
}

/// A resolved path to a field of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath {
    /// The dotted path as annotated.
    pub text: String,
    /// The fields on the path; empty if the path does not resolve, which is reported as an error.
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

/// How to reach a member of a oneof.
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
