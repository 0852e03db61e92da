//! Polling: a read call is repeated until its response meets a condition.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::time::Duration;

use crate::client::call::Call;
use crate::error::{Error, ErrorKind};
use crate::platform;

/// The first pause. Each following pause is half as long again, up to [`LONGEST`].
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(15);
/// The time limit of the whole wait, unless the caller sets another one.
const TIMEOUT: Duration = Duration::from_secs(30 * 60);

impl<I: Clone, O> Call<I, O> {
    /// Repeats the call until `is_done` accepts a response, and returns that response.
    ///
    /// Use it with calls that read, such as a call that gets a resource while the resource is being built. The wait continues after
    /// transient errors: `UNAVAILABLE`, a broken connection, an attempt's timeout, or an error for which the server says when to retry.
    /// Other errors end it. The limit is 30 minutes unless [`at_most`](Wait::at_most) sets another one.
    pub fn wait_until(self, is_done: impl FnMut(&O) -> bool + Send + 'static) -> Wait<I, O> {
        let is_done = Box::new(is_done);
        Wait { call: self, is_done, is_over: None, first: FIRST, longest: LONGEST, timeout: TIMEOUT }
    }
}

/// A condition on a response.
type Test<O> = Box<dyn FnMut(&O) -> bool + Send>;

/// A call that is repeated until its response meets a condition. Awaited for that response.
#[must_use = "it does nothing until it is awaited"]
pub struct Wait<I, O> {
    call: Call<I, O>,
    is_done: Test<O>,
    is_over: Option<Test<O>>,
    first: Duration,
    longest: Duration,
    timeout: Duration,
}

impl<I, O> Wait<I, O> {
    /// Gives up when `is_over` accepts a response, which shows that the condition can no longer be met: the build of a resource failed, for
    /// example. The error's kind is [`GaveUp`](ErrorKind::GaveUp).
    pub fn unless(mut self, is_over: impl FnMut(&O) -> bool + Send + 'static) -> Self {
        self.is_over = Some(Box::new(is_over));
        self
    }

    /// Sets a fixed pause between attempts. By default the first pause is one second and each following one is half as long again, up to 15
    /// seconds.
    pub fn every(mut self, pause: Duration) -> Self {
        (self.first, self.longest) = (pause, pause);
        self
    }

    /// Limits the whole wait; 30 minutes by default. After that the wait fails with a timeout error.
    pub fn at_most(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

impl<I, O> Wait<I, O>
where
    I: prost::Message + Clone + 'static,
    O: prost::Message + Default + 'static,
{
    async fn run(mut self) -> Result<O, Error> {
        if let Some(error) = self.call.take_error() {
            return Err(error);
        }
        let method = self.call.method().full_name();
        let timeout = self.timeout;
        let mut last = None;
        let done = platform::timeout(timeout, self.poll(&mut last)).await;
        done.unwrap_or_else(|_| {
            let message = format!("the condition was not met within {timeout:?}");
            let error = Error::new(ErrorKind::Timeout, message).with_method(method);
            Err(match last {
                Some(last) => error.with_source(last),
                None => error,
            })
        })
    }

    /// Repeats the call until a response is accepted. `last` becomes the error of the last attempt if that error is transient.
    async fn poll(&mut self, last: &mut Option<Error>) -> Result<O, Error> {
        let mut pause = self.first;
        loop {
            let Some(request) = self.call.request().cloned() else {
                return Err(Error::invalid_argument("a call that sends a stream cannot be repeated"));
            };
            match self.call.again(request).await {
                Ok(response) if (self.is_done)(&response) => return Ok(response),
                Ok(response) if self.is_over.as_mut().is_some_and(|is_over| is_over(&response)) => {
                    let message = "the condition can no longer be met";
                    let method = self.call.method().full_name();
                    return Err(Error::new(ErrorKind::GaveUp, message).with_method(method));
                }
                Ok(_) => *last = None,
                Err(error) if passes(&error) => *last = Some(error),
                Err(error) => return Err(error),
            }
            platform::sleep(pause).await;
            pause = (pause * 3 / 2).min(self.longest);
        }
    }
}

/// Whether a later attempt may succeed. It may where one timed out, too.
pub(crate) fn passes(error: &Error) -> bool {
    error.is_transient() || (error.is_timeout() && !error.is_local())
}

impl<I, O> IntoFuture for Wait<I, O>
where
    I: prost::Message + Clone + 'static,
    O: prost::Message + Default + 'static,
{
    type Output = Result<O, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<O, Error>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<I, O> fmt::Debug for Wait<I, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("call", &self.call)
            .field("at_most", &self.timeout)
            .finish_non_exhaustive()
    }
}
