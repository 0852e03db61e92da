//! The functions of stubs, which the macro [`stub!`](crate::stub) adds to a server.

use std::future::{Ready, ready};
use std::pin::Pin;
use std::sync::Arc;

use super::{Answer, Fake};
use crate::api::method::Rpc;
use crate::error::Error;

/// A function of a stub: `fn(&S, I) -> impl Future<Output = A> + Send`. A stub names it, since a closure and an async block for each method
/// took 6 % of the time to check an API's crate.
#[doc(hidden)]
pub trait StubFunction<'a, S, I, A>: Copy + Send + Sync + 'static {
    /// Calls the function.
    fn call(self, stub: &'a S, request: I) -> Pin<Box<dyn Future<Output = A> + Send + 'a>>;
}

impl<'a, S: 'a, I, A, F, R> StubFunction<'a, S, I, A> for F
where
    F: Fn(&'a S, I) -> R + Copy + Send + Sync + 'static,
    R: Future<Output = A> + Send + 'a,
{
    fn call(self, stub: &'a S, request: I) -> Pin<Box<dyn Future<Output = A> + Send + 'a>> {
        Box::pin(self(stub, request))
    }
}

/// The body of a stub's function that is not overridden.
#[doc(hidden)]
pub fn unimplemented<I, O, A: Answer<O>>(_: I) -> Ready<A> {
    ready(A::unimplemented())
}

impl Fake {
    /// Answers a method by a function of the stub, from what `read` makes of the requests: [`one`](super::one) or [`many`](super::many).
    #[doc(hidden)]
    #[must_use]
    pub fn on_stub<S, I, O, K, Q, A>(
        self,
        stub: &Arc<S>,
        rpc: &Rpc<I, O, K>,
        read: fn(Vec<I>) -> Result<Q, Error>,
        function: impl for<'a> StubFunction<'a, S, Q, A>,
    ) -> Self
    where
        S: Send + Sync + 'static,
        I: prost::Message + Default + 'static,
        O: prost::Message + 'static,
        Q: Send + 'static,
        A: Answer<O>,
    {
        let stub = Arc::clone(stub);
        self.answer(rpc, read, move |request| {
            let stub = Arc::clone(&stub);
            async move { function.call(&stub, request).await }
        })
    }
}
