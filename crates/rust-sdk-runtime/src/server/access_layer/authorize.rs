//! The program's part of a decision: who calls, and what they may do.

use std::future::{Future, ready};

use http::request::Parts;

use super::call::{Admitted, Call};
use crate::api::access::{Caller, Identity};
use crate::error::Error;
use crate::error::code::Code;

/// Finds out who calls and what they may do. The layer then decides by [`Access::check`](crate::Access::check).
///
/// By default, only public methods can be called.
///
/// ```
/// use rust_sdk_runtime::access::Identity;
/// use rust_sdk_runtime::server::{Authorizer, credentials};
/// use rust_sdk_runtime::{Code, Error};
///
/// struct Keys;
///
/// impl Authorizer for Keys {
///     type Identity = Identity;
///
///     async fn authenticate(&self, head: &http::request::Parts) -> Result<Identity, Error> {
///         match credentials(head, "apikey") {
///             Some("reader") => Ok(Identity::new(["read:shelves"]).within("acme")),
///             Some(_) => Err(Error::from_status(Code::Unauthenticated, "the key is not known")),
///             None => Ok(Identity::anonymous()),
///         }
///     }
/// }
/// ```
pub trait Authorizer: Send + Sync + 'static {
    /// The known facts about a caller: an [`Identity`], or a type of the program's own. Handlers find it in the request's extensions, in an
    /// [`Admitted`].
    type Identity: AsCaller + Clone + Send + Sync + 'static;

    /// Finds out who calls, from the request's head. Not called for public methods.
    ///
    /// The caller receives an error with a status ([`Error::from_status`]) as it is, message included. Any other error reaches the caller
    /// as a server error, without its message.
    fn authenticate(&self, head: &Parts) -> impl Future<Output = Result<Self::Identity, Error>> + Send {
        let _ = head;
        ready(Err(Error::from_status(Code::Unauthenticated, "this server knows no callers")))
    }

    /// Finds out what the caller may do in the call's account. Implement it if that needs another look-up than `authenticate`.
    ///
    /// Errors reach the caller as those of [`authenticate`](Self::authenticate) do.
    fn authorize(
        &self,
        identity: Self::Identity,
        call: &Call,
    ) -> impl Future<Output = Result<Self::Identity, Error>> + Send {
        let _ = call;
        ready(Ok(identity))
    }

    /// Prepares the call for its handler: puts an [`Admitted`] into the request's extensions. `identity` is `None` for a public method.
    fn admit(&self, identity: Option<Self::Identity>, call: &mut Call) {
        let admitted = Admitted::new(identity, call);
        call.extensions_mut().insert(admitted);
    }
}

/// The credentials of this scheme in a request's `Authorization` header, such as the key of `apikey KEY`. The scheme is case-insensitive
/// (RFC 9110, section 11.1). `None` if there is no such header, or more than one.
///
/// ```
/// use rust_sdk_runtime::server::credentials;
///
/// let (head, ()) = http::Request::builder().header("authorization", "ApiKey reader").body(()).unwrap().into_parts();
/// assert_eq!(credentials(&head, "apikey"), Some("reader"));
/// assert_eq!(credentials(&head, "bearer"), None);
/// ```
pub fn credentials<'a>(head: &'a Parts, scheme: &str) -> Option<&'a str> {
    let mut all = head.headers.get_all(http::header::AUTHORIZATION).iter();
    let (Some(only), None) = (all.next(), all.next()) else { return None };
    let (stated, credentials) = only.to_str().ok()?.split_once(' ')?;
    Some(credentials.trim()).filter(|text| stated.eq_ignore_ascii_case(scheme) && !text.is_empty())
}

/// An identity as the access check sees it.
pub trait AsCaller {
    /// The caller, borrowed.
    fn as_caller(&self) -> Caller<'_>;
}

impl AsCaller for Identity {
    fn as_caller(&self) -> Caller<'_> {
        self.caller()
    }
}

impl<T: AsCaller + ?Sized> AsCaller for std::sync::Arc<T> {
    fn as_caller(&self) -> Caller<'_> {
        (**self).as_caller()
    }
}

/// A step of the program with a nameable future, so that calls do not box it. Closures are steps.
pub trait Step<In>: Clone + Send + Sync + 'static {
    /// The result of the step.
    type Output;
    /// The future.
    type Future: Future<Output = Self::Output> + Send;

    /// Starts the step.
    fn begin(&self, input: In) -> Self::Future;
}

impl<F, In, Fut> Step<In> for F
where
    F: Fn(In) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future + Send,
{
    type Output = Fut::Output;
    type Future = Fut;

    fn begin(&self, input: In) -> Fut {
        self(input)
    }
}

/// The request's head, with the result of [`Authorizer::authenticate`].
pub type Authenticated<A> = (Parts, Result<<A as Authorizer>::Identity, Error>);
/// The call, with the result of [`Authorizer::authorize`].
pub type Authorized<A> = (Call, Result<<A as Authorizer>::Identity, Error>);

/// [`Authorizer::authenticate`] as a step.
pub trait AuthenticateStep<A: Authorizer>: Step<Parts, Output = Authenticated<A>> {}

impl<A: Authorizer, T: Step<Parts, Output = Authenticated<A>>> AuthenticateStep<A> for T {}

/// [`Authorizer::authorize`] as a step.
pub trait AuthorizeStep<A: Authorizer>: Step<(A::Identity, Call), Output = Authorized<A>> {}

impl<A: Authorizer, T: Step<(A::Identity, Call), Output = Authorized<A>>> AuthorizeStep<A> for T {}
