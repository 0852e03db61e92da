//! A call on its way to the handler.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use http::request::Parts;
use http::{Extensions, HeaderMap, Uri};

use super::ahead::Ahead;
use crate::method::Method;

/// A call whose method and account are known: what [`Authorizer::authorize`](super::Authorizer::authorize) goes by.
pub struct Call {
    pub(super) method: &'static Method,
    pub(super) parts: Parts,
    pub(super) account: Account,
    pub(super) ahead: Ahead,
}

/// The account that a request names, wherever it does, so that it is not copied.
#[derive(Debug, Default)]
pub(super) enum Account {
    #[default]
    None,
    /// A place of the URI's path.
    Path(Range<usize>),
    /// A place of the bytes that were read ahead.
    Body(Range<usize>),
    Owned(String),
}

impl Account {
    /// What the place holds, which may be nothing.
    pub(super) fn text<'a>(&'a self, parts: &'a Parts, ahead: &'a [u8]) -> Option<&'a str> {
        match self {
            Self::None => None,
            Self::Path(range) => parts.uri.path().get(range.clone()),
            Self::Body(range) => ahead.get(range.clone()).and_then(|bytes| std::str::from_utf8(bytes).ok()),
            Self::Owned(account) => Some(account.as_str()),
        }
    }
}

impl Call {
    /// The method that is called.
    pub const fn method(&self) -> &'static Method {
        self.method
    }

    /// The account that the request names in the field that is the method's scope. `None` where the method has none, or
    /// the request does not name one.
    pub fn account(&self) -> Option<&str> {
        // An empty field names nothing.
        self.account.text(&self.parts, self.ahead.bytes()).filter(|account| !account.is_empty())
    }

    /// The request's headers.
    pub const fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// The request's URI.
    pub const fn uri(&self) -> &Uri {
        &self.parts.uri
    }

    /// What handlers find beside the request.
    pub const fn extensions(&self) -> &Extensions {
        &self.parts.extensions
    }

    /// What handlers find beside the request, to be added to.
    pub const fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.parts.extensions
    }
}

/// It shows no header, no path and no body.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("method", &self.method.full_name()).finish_non_exhaustive()
    }
}

/// What a handler finds among the request's extensions: who calls which method, for which account.
#[derive(Clone)]
pub struct Admitted<I> {
    identity: Option<I>,
    method: &'static Method,
    account: Option<Arc<str>>,
}

impl<I> Admitted<I> {
    /// Of a call that was let in.
    pub fn new(identity: Option<I>, call: &Call) -> Self {
        Self { identity, method: call.method, account: call.account().map(Into::into) }
    }

    /// Who calls. `None` for a public method, whose callers are not asked who they are.
    pub const fn identity(&self) -> Option<&I> {
        self.identity.as_ref()
    }

    /// The method.
    pub const fn method(&self) -> &'static Method {
        self.method
    }

    /// The account that the request names, which is the one that the caller was checked against. Of a call of a public
    /// method it is known only from path and query.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }
}

/// It shows the method alone.
impl<I> fmt::Debug for Admitted<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admitted").field("method", &self.method.full_name()).finish_non_exhaustive()
    }
}
