//! The request field that holds the account.

use std::fmt;

/// The request field with the account (or other scope). Generated code creates it with [`scope!`](crate::scope).
pub struct Scope<I> {
    get: fn(&I) -> Option<&str>,
    #[cfg_attr(not(feature = "_client"), expect(dead_code, reason = "only clients set accounts"))]
    get_mut: fn(&mut I) -> Option<&mut String>,
    /// Whether there is such a field.
    #[cfg_attr(not(feature = "_client"), expect(dead_code, reason = "only clients read it"))]
    stated: bool,
}

impl<I> Scope<I> {
    /// The scope of requests without an account.
    pub const NONE: Self = Self { get: |_| None, get_mut: |_| None, stated: false };

    /// A scope from two functions: one reads the field, the other changes it. Both return `None` if a parent message is not set.
    #[doc(hidden)]
    pub const fn new(get: fn(&I) -> Option<&str>, get_mut: fn(&mut I) -> Option<&mut String>) -> Self {
        Self { get, get_mut, stated: true }
    }

    /// The account that the request names.
    pub(crate) fn of<'a>(&self, request: &'a I) -> Option<&'a str> {
        (self.get)(request)
    }

    /// Whether the request names no account, although it has a field for it.
    #[cfg(feature = "_client")]
    pub(crate) fn is_empty(&self, request: &I) -> bool {
        self.stated && (self.get)(request).is_none_or(str::is_empty)
    }

    /// Sets the account of a request that names none.
    #[cfg(feature = "_client")]
    pub(crate) fn fill(&self, request: &mut I, account: &str) {
        if let Some(field) = (self.get_mut)(request)
            && field.is_empty()
        {
            account.clone_into(field);
        }
    }
}

impl<I> Clone for Scope<I> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I> Copy for Scope<I> {}

impl<I> fmt::Debug for Scope<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scope")
    }
}
