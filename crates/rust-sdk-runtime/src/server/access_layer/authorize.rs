//! What a program says of its callers.

use std::future::{Future, ready};

use http::request::Parts;

use super::call::{Admitted, Call};
use crate::api::access::{Caller, Identity};
use crate::error::Error;
use crate::error::code::Code;

/// Finds out who calls and what they may do. The layer does the rest: it decides by
/// [`Access::check`](crate::Access::check).
///
/// An authorizer that implements nothing lets nobody in but to public methods.
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
    /// What is known of a caller: an [`Identity`], or a type of the program's own that one is made from. Handlers find it
    /// in the request's extensions, in an [`Admitted`].
    type Identity: AsCaller + Clone + Send + Sync + 'static;

    /// Who calls, by the request's head. It is not asked for public methods.
    ///
    /// An error with a status ([`Error::from_status`]) is the caller's answer, its message too. Any other is told to the
    /// caller as one of the server.
    fn authenticate(&self, head: &Parts) -> impl Future<Output = Result<Self::Identity, Error>> + Send {
        let _ = head;
        ready(Err(Error::from_status(Code::Unauthenticated, "nobody is known to this server")))
    }

    /// What the caller may do within the call's account, where that is another look-up than who they are.
    ///
    /// Errors are told to the caller as those of [`authenticate`](Self::authenticate).
    fn authorize(
        &self,
        identity: Self::Identity,
        call: &Call,
    ) -> impl Future<Output = Result<Self::Identity, Error>> + Send {
        let _ = call;
        ready(Ok(identity))
    }

    /// Hands the call over to its handler: puts an [`Admitted`] into the request's extensions. `identity` is `None` for
    /// a public method.
    fn admit(&self, identity: Option<Self::Identity>, call: &mut Call) {
        let admitted = Admitted::new(identity, call);
        call.extensions_mut().insert(admitted);
    }
}

/// The credentials of this scheme in a request's `Authorization` header, such as the key of `apikey KEY`. A scheme's case
/// does not matter (RFC 9110, section 11.1). `None` where there is no such header, or more than one.
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

/// What the check sees of an identity.
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

/// A step of the program's own, as a future that has a name: so a call needs no memory for it. Closures are steps.
pub trait Step<In>: Clone + Send + Sync + 'static {
    /// What comes of it.
    type Output;
    /// The future.
    type Future: Future<Output = Self::Output> + Send;

    /// Begins it.
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

/// The result of asking who calls.
pub type Authenticated<A> = (Parts, Result<<A as Authorizer>::Identity, Error>);
/// The result of asking what they may do.
pub type Authorized<A> = (Call, Result<<A as Authorizer>::Identity, Error>);

/// [`Authorizer::authenticate`] as a step.
pub trait AuthenticateStep<A: Authorizer>: Step<Parts, Output = Authenticated<A>> {}

impl<A: Authorizer, T: Step<Parts, Output = Authenticated<A>>> AuthenticateStep<A> for T {}

/// [`Authorizer::authorize`] as a step.
pub trait AuthorizeStep<A: Authorizer>: Step<(A::Identity, Call), Output = Authorized<A>> {}

impl<A: Authorizer, T: Step<(A::Identity, Call), Output = Authorized<A>>> AuthorizeStep<A> for T {}
