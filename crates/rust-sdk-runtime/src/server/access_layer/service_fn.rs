//! A closure as a service, for the servers in generated code.

use std::task::{Context, Poll};

use tower_service::Service;

/// A service that is always ready and calls this closure.
pub const fn service_fn<F>(call: F) -> ServiceFn<F> {
    ServiceFn(call)
}

/// See [`service_fn`].
#[derive(Clone, Copy, Debug)]
pub struct ServiceFn<F>(F);

impl<F, A, R, T, E> Service<A> for ServiceFn<F>
where
    F: FnMut(A) -> R,
    R: Future<Output = Result<T, E>>,
{
    type Response = T;
    type Error = E;
    type Future = R;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), E>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, argument: A) -> R {
        (self.0)(argument)
    }
}
