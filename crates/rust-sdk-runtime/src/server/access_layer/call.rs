//! A call on its way to the handler.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use http::request::Parts;
use http::{Extensions, HeaderMap, Uri};

use super::ahead::Ahead;
use crate::api::method::Method;

/// A call whose method and account are known, as [`Authorizer::authorize`](super::Authorizer::authorize) sees it.
pub struct Call {
    pub(super) method: &'static Method,
    pub(super) parts: Parts,
    pub(super) account: Account,
    pub(super) ahead: Ahead,
}

/// The account that a request names. A position is stored where possible, so that the text is not copied.
#[derive(Debug, Default)]
pub(super) enum Account {
    #[default]
    None,
    /// A range of the URI's path.
    Path(Range<usize>),
    /// A range of the first gRPC message.
    Message(Range<usize>),
    Owned(String),
}

impl Account {
    /// The account's text, which may be empty.
    pub(super) fn text<'a>(&'a self, parts: &'a Parts, message: &'a [u8]) -> Option<&'a str> {
        match self {
            Self::None => None,
            Self::Path(range) => parts.uri.path().get(range.clone()),
            Self::Message(range) => {
                message.get(range.clone()).and_then(|bytes| std::str::from_utf8(bytes).ok())
            }
            Self::Owned(account) => Some(account.as_str()),
        }
    }
}

impl Call {
    /// The method that is called.
    pub const fn method(&self) -> &'static Method {
        self.method
    }

    /// The account that the request names in the method's scope field. `None` if the method has no scope or the request names no account.
    pub fn account(&self) -> Option<&str> {
        // An empty field names no account.
        let message = self.ahead.message().unwrap_or_default();
        self.account.text(&self.parts, message).filter(|account| !account.is_empty())
    }

    /// The request's headers.
    pub const fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// The request's URI.
    pub const fn uri(&self) -> &Uri {
        &self.parts.uri
    }

    /// The request's extensions, which handlers see.
    pub const fn extensions(&self) -> &Extensions {
        &self.parts.extensions
    }

    /// The request's extensions, to add to.
    pub const fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.parts.extensions
    }
}

/// Shows no header, no path and no body.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("method", &self.method.full_name()).finish_non_exhaustive()
    }
}

/// The admitted call, which a handler finds in the request's extensions: who calls which method, for which account.
#[derive(Clone)]
pub struct Admitted<I> {
    identity: Option<I>,
    method: &'static Method,
    account: Option<Arc<str>>,
}

impl<I> Admitted<I> {
    /// The data of an admitted call.
    pub fn new(identity: Option<I>, call: &Call) -> Self {
        Self { identity, method: call.method, account: call.account().map(Into::into) }
    }

    /// Who calls. `None` for a public method, which does not ask who calls.
    pub const fn identity(&self) -> Option<&I> {
        self.identity.as_ref()
    }

    /// The method.
    pub const fn method(&self) -> &'static Method {
        self.method
    }

    /// The account that the request names, for which the caller was checked. For a public method it is read only from the path and the
    /// query.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }
}

/// Shows only the method.
impl<I> fmt::Debug for Admitted<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admitted").field("method", &self.method.full_name()).finish_non_exhaustive()
    }
}
