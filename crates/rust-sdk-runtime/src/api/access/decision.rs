//! The decision of a check, and the reason for a refusal.

use std::collections::BTreeMap;
use std::fmt;

use super::Grants;
use crate::api::method::Method;
use crate::error::code::Code;
use crate::error::{Error, ErrorKind};
use crate::message::google_rpc as rpc;

/// Whether a caller may call a method.
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use = "a decision that nobody looks at protects nothing"]
pub enum Decision<'a> {
    /// The caller may call the method.
    Allowed,
    /// The caller may not call the method.
    Refused(Refusal<'a>),
}

impl<'a> Decision<'a> {
    pub(super) const fn refused(reason: Reason<'a>) -> Self {
        Self::Refused(Refusal { reason, read: None })
    }

    /// Whether the caller may call the method.
    pub const fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed)
    }

    /// Why the caller may not call the method.
    pub const fn refusal(&self) -> Option<&Refusal<'a>> {
        match self {
            Self::Allowed => None,
            Self::Refused(refusal) => Some(refusal),
        }
    }

    /// The decision as a result, for `?`.
    pub const fn into_result(self) -> Result<(), Refusal<'a>> {
        match self {
            Self::Allowed => Ok(()),
            Self::Refused(refusal) => Err(refusal),
        }
    }
}

/// Why a caller may not call a method. `Display` is one sentence. It names no account, and only permissions that the method itself
/// requires.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Refusal<'a> {
    reason: Reason<'a>,
    /// The full name of the method that reads the resource of an update, if that method's rule is the one that is not met.
    read: Option<&'static str>,
}

/// The first rule that the caller does not meet, in the order of [`Access::check`](super::Access::check).
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Reason<'a> {
    /// The API does not state who may call the method, so nobody may.
    Unstated,
    /// The method is for authenticated callers.
    Unauthenticated,
    /// The method is for other kinds of callers.
    Actor {
        /// The caller's kind, if it is known.
        kind: Option<&'a str>,
        /// The allowed kinds.
        allowed: &'static [&'static str],
    },
    /// The request names no account.
    NoAccount {
        /// The request field that should name it.
        field: &'static str,
    },
    /// The request names another account than the caller's.
    OtherAccount {
        /// The request field that names it.
        field: &'static str,
    },
    /// The account in which the caller's permissions hold is unknown.
    UnknownAccount {
        /// The request field that names the request's account.
        field: &'static str,
    },
    /// The caller lacks permissions.
    Permissions(Missing<'a>),
}

impl Reason<'_> {
    /// The reason for programs: `ACCESS_UNSTATED`, `UNAUTHENTICATED`, `ACTOR_NOT_ALLOWED`, `ACCOUNT_MISSING`, `ACCOUNT_MISMATCH`,
    /// `ACCOUNT_UNKNOWN` or `PERMISSION_MISSING`. These values stay the same in later versions.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Reason::Unstated => "ACCESS_UNSTATED",
            Reason::Unauthenticated => "UNAUTHENTICATED",
            Reason::Actor { .. } => "ACTOR_NOT_ALLOWED",
            Reason::NoAccount { .. } => "ACCOUNT_MISSING",
            Reason::OtherAccount { .. } => "ACCOUNT_MISMATCH",
            Reason::UnknownAccount { .. } => "ACCOUNT_UNKNOWN",
            Reason::Permissions(_) => "PERMISSION_MISSING",
        }
    }
}

/// The permissions that a caller lacks, determined on demand.
#[derive(Clone, Copy)]
pub struct Missing<'a> {
    pub(super) all: bool,
    pub(super) permissions: &'static [&'static str],
    pub(super) grants: &'a (dyn Grants + Sync),
}

impl<'a> Missing<'a> {
    /// Whether the method requires all of its permissions. Otherwise any one of them is enough.
    pub const fn all(&self) -> bool {
        self.all
    }

    /// The missing permissions, in the API's order.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> + use<'a> {
        let Self { permissions, grants, .. } = *self;
        // Nobody holds a permission without a name.
        permissions.iter().copied().filter(move |name| name.is_empty() || !grants.holds(name))
    }

    /// Whether the caller's permissions are enough.
    pub(super) fn is_empty(&self) -> bool {
        if self.all {
            self.iter().next().is_none()
        } else {
            self.permissions.iter().any(|name| !name.is_empty() && self.grants.holds(name))
        }
    }
}

impl PartialEq for Missing<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.all == other.all && self.iter().eq(other.iter())
    }
}

impl fmt::Debug for Missing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.all { "All" } else { "Any" })?;
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'a> Refusal<'a> {
    /// The rule that is not met.
    pub const fn reason(&self) -> Reason<'a> {
        self.reason
    }

    /// The full name of the method that reads the resource of an update with a field mask ([`Method::check_masked`]), if that method's rule
    /// is the one that is not met. `None` if the called method's own rule is not met.
    pub const fn read(&self) -> Option<&'static str> {
        self.read
    }

    pub(super) fn of_read(self, method: &'static Method) -> Self {
        Self { read: Some(method.full_name()), ..self }
    }

    /// [`Code::Unauthenticated`] if the caller is not authenticated, else [`Code::PermissionDenied`].
    pub const fn code(&self) -> Code {
        match self.reason {
            Reason::Unauthenticated => Code::Unauthenticated,
            _ => Code::PermissionDenied,
        }
    }

    /// The `ErrorInfo` of a refused call, for programs. The domain is the method's service. The metadata has the `method` and, where they
    /// apply, the missing `permissions` with `require` (`all` or `any`), the allowed `actors`, the `field` that holds the account, and the
    /// method of [`read`](Self::read). Lists are separated by commas.
    pub fn error_info(&self, method: &Method) -> rpc::ErrorInfo {
        let mut metadata = BTreeMap::from([("method".to_owned(), method.full_name().to_owned())]);
        let mut add = |key: &str, value: String| metadata.insert(key.to_owned(), value);
        match self.reason {
            Reason::Unstated | Reason::Unauthenticated => {}
            Reason::Actor { allowed, .. } => drop(add("actors", allowed.join(","))),
            Reason::NoAccount { field }
            | Reason::OtherAccount { field }
            | Reason::UnknownAccount { field } => drop(add("field", field.to_owned())),
            Reason::Permissions(missing) => {
                add("permissions", missing.iter().collect::<Vec<_>>().join(","));
                add("require", if missing.all { "all" } else { "any" }.to_owned());
            }
        }
        if let Some(read) = self.read {
            metadata.insert("read".to_owned(), read.to_owned());
        }
        let (service, _) = method.full_name().split_once('/').unwrap_or((method.full_name(), ""));
        rpc::ErrorInfo { reason: self.reason.as_str().to_owned(), domain: service.to_owned(), metadata }
    }

    /// The error of a call of this method that the client rejected before anything was sent.
    pub fn to_error(&self, method: &'static Method) -> Error {
        let message = format!("rejected locally: {self}");
        let detail = prost_types::Any {
            type_url: "type.googleapis.com/google.rpc.ErrorInfo".to_owned(),
            value: prost::Message::encode_to_vec(&self.error_info(method)),
        };
        let status =
            rpc::Status { code: self.code().number(), message: message.clone(), details: vec![detail] };
        Error::new(ErrorKind::Refused, message)
            .with_code(self.code())
            .with_method(method.full_name())
            .with_details(prost::Message::encode_to_vec(&status))
    }
}

impl fmt::Display for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(read) = self.read {
            write!(f, "an update with a field mask also requires access to `{read}`: ")?;
        }
        match self.reason {
            Reason::Unstated => f.write_str("the API does not state who may call the method, so nobody may"),
            Reason::Unauthenticated => f.write_str("the method is for authenticated callers"),
            Reason::Actor { kind, allowed } => {
                f.write_str("the method is only for ")?;
                names(f, allowed.iter().copied(), "and")?;
                match kind {
                    Some(kind) => write!(f, ", and the caller is `{}`", kind.escape_debug()),
                    None => f.write_str(", and the caller's kind is unknown"),
                }
            }
            Reason::NoAccount { field } => write!(f, "the request names no account in `{field}`"),
            Reason::OtherAccount { field } => {
                write!(f, "the request's `{field}` is not the caller's account")
            }
            Reason::UnknownAccount { field } => {
                write!(
                    f,
                    "the account of the caller's permissions is unknown (the request's is in `{field}`)"
                )
            }
            Reason::Permissions(missing) => {
                let more_than_one = missing.iter().nth(1).is_some();
                f.write_str(match (missing.all, more_than_one) {
                    (_, false) => "the caller lacks the permission ",
                    (true, true) => "the caller lacks the permissions ",
                    (false, true) => "the caller has none of the permissions ",
                })?;
                names(f, missing.iter(), if missing.all { "and" } else { "or" })
            }
        }
    }
}

impl std::error::Error for Refusal<'_> {}

/// `` `a` ``, `` `a` and `b` ``, `` `a`, `b` and `c` ``.
fn names<'a>(f: &mut fmt::Formatter<'_>, names: impl Iterator<Item = &'a str>, last: &str) -> fmt::Result {
    let mut names = names.peekable();
    let mut first = true;
    while let Some(name) = names.next() {
        match (first, names.peek()) {
            (true, _) => {}
            (false, Some(_)) => f.write_str(", ")?,
            (false, None) => write!(f, " {last} ")?,
        }
        write!(f, "`{name}`")?;
        first = false;
    }
    Ok(())
}
