//! What proves to the server who calls. Nothing here ever prints a secret.

use std::fmt;
use std::future::{Future, ready};
use std::pin::Pin;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::api::method::Method;
use crate::error::BoxError;

/// What [`Credentials::authorize`] returns.
pub type AuthorizationFuture<'a> = Pin<Box<dyn Future<Output = Result<Authorization, BoxError>> + Send + 'a>>;

/// A source of credentials that may change: a token that is refreshed, a file that is rotated.
///
/// It is asked before every call, within the call's deadline, so it should hold on to what it obtained until that
/// expires. Its errors are shown in the call's error chain: they must not hold the secret itself.
pub trait Credentials: Send + Sync + 'static {
    /// The headers that authenticate a call of this method.
    fn authorize(&self, method: &'static Method) -> AuthorizationFuture<'_>;

    /// The server answered `UNAUTHENTICATED`: what is held should be obtained anew. Does nothing by default.
    fn rejected(&self) {}
}

/// The headers that authenticate one call; as [`Credentials`], the same ones for every call.
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
        // A secret with a blank in it is a mistake, such as a file's last newline; sent, it would only be refused.
        if secret.is_empty() || !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidCredentials);
        }
        Self::header(AUTHORIZATION, &format!("{scheme} {secret}"))
    }

    /// Any one header.
    pub fn header(name: HeaderName, value: &str) -> Result<Self, InvalidCredentials> {
        Self { headers: HeaderMap::new() }.and(name, value)
    }

    /// One more header.
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

/// The secret is empty or has a character (a blank, a line end) that a header of its kind cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secret is empty, or has a blank, a line end or another character that it cannot have")]
pub struct InvalidCredentials;
