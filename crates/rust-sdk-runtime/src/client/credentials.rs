//! Credentials: they prove to the server who calls. Nothing here ever prints a secret.

use std::fmt;
use std::future::{Future, ready};
use std::pin::Pin;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::api::method::Method;
use crate::error::BoxError;

/// The future that [`Credentials::authorize`] returns.
pub type AuthorizationFuture<'a> = Pin<Box<dyn Future<Output = Result<Authorization, BoxError>> + Send + 'a>>;

/// A source of credentials that may change, such as a token that is refreshed or a file that is rotated.
///
/// The client asks it before every attempt of a call, within the call's deadline. So cache the credentials until they expire. Its errors
/// appear in the call's error chain: they must not contain the secret.
pub trait Credentials: Send + Sync + 'static {
    /// The headers that authenticate a call of this method.
    fn authorize(&self, method: &'static Method) -> AuthorizationFuture<'_>;

    /// Called when the server answered `UNAUTHENTICATED`: discard cached credentials. Return whether [`authorize`](Self::authorize) can
    /// give others: then the client makes the call once more with them. `false` by default.
    fn rejected(&self) -> bool {
        false
    }
}

/// The headers that authenticate a call. As [`Credentials`], it sends the same headers with every call.
#[derive(Clone)]
pub struct Authorization {
    headers: HeaderMap,
}

impl Authorization {
    /// `authorization: apikey <key>`.
    pub fn api_key(key: &str) -> Result<Self, InvalidCredentials> {
        Self::scheme("apikey", key)
    }

    /// `authorization: Bearer <token>` (RFC 6750 §2.1).
    pub fn bearer(token: &str) -> Result<Self, InvalidCredentials> {
        Self::scheme("Bearer", token)
    }

    /// `authorization: <scheme> <secret>` (RFC 9110 §11.4).
    pub fn scheme(scheme: &str, secret: &str) -> Result<Self, InvalidCredentials> {
        // A secret with white space is a mistake, such as a file's last newline. The server would only reject it.
        if secret.is_empty() || !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidCredentials);
        }
        Self::header(AUTHORIZATION, &format!("{scheme} {secret}"))
    }

    /// One header of any name.
    pub fn header(name: HeaderName, value: &str) -> Result<Self, InvalidCredentials> {
        Self { headers: HeaderMap::new() }.and(name, value)
    }

    /// Adds another header.
    pub fn and(mut self, name: HeaderName, value: &str) -> Result<Self, InvalidCredentials> {
        let mut value = HeaderValue::from_str(value).map_err(|_| InvalidCredentials)?;
        value.set_sensitive(true);
        self.headers.insert(name, value);
        Ok(self)
    }

    pub(crate) fn into_headers(self) -> HeaderMap {
        self.headers
    }
}

impl Credentials for Authorization {
    fn authorize(&self, _: &'static Method) -> AuthorizationFuture<'_> {
        Box::pin(ready(Ok(self.clone())))
    }
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authorization(<redacted>)")
    }
}

/// The secret is empty or has a character that its header cannot hold, such as a blank or a line end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secret is empty or contains a blank, a line end or another invalid character")]
pub struct InvalidCredentials;
