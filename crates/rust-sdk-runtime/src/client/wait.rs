//! Waiting until something is as it should be, by asking again and again.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::time::Duration;

use crate::client::call::Call;
use crate::error::code::Code;
use crate::error::{Error, ErrorKind};
use crate::platform;

/// The first pause; each further one is half as long again, up to [`LONGEST`].
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(15);
/// How long is waited in all, unless the caller says otherwise.
const TIMEOUT: Duration = Duration::from_secs(30 * 60);

impl<I: Clone, O> Call<I, O> {
    /// Makes the call again and again until its response is as it should be, and gives that response.
    ///
    /// It is meant for calls that read, such as those that get a resource while it is being built. Errors that pass
    /// (`UNAVAILABLE`, a broken connection, a deadline of one attempt) are waited through; others end it. It takes 30
    /// minutes at most, unless [`at_most`](Wait::at_most) says otherwise.
    pub fn wait_until(self, is_done: impl FnMut(&O) -> bool + Send + 'static) -> Wait<I, O> {
        let is_done = Box::new(is_done);
        Wait { call: self, is_done, is_over: None, first: FIRST, longest: LONGEST, timeout: TIMEOUT }
    }
}

/// What a response is asked.
type Test<O> = Box<dyn FnMut(&O) -> bool + Send>;

/// A call that is made until its response is as it should be. Awaited for that response.
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
    /// Gives up once the response shows that it will never be as it should be, such as a resource that failed to be
    /// built. The error is of the kind [`GaveUp`](ErrorKind::GaveUp).
    pub fn unless(mut self, is_over: impl FnMut(&O) -> bool + Send + 'static) -> Self {
        self.is_over = Some(Box::new(is_over));
        self
    }

    /// The same pause between all attempts. Without it the first one is a second, and each further one half as long
    /// again, up to 15 seconds.
    pub fn every(mut self, pause: Duration) -> Self {
        (self.first, self.longest) = (pause, pause);
        self
    }

    /// How long is waited at most; 30 minutes by default. After that the error is a timeout.
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
            let message = format!("what was waited for did not come about within {timeout:?}");
            let error = Error::new(ErrorKind::Timeout, message).with_method(method);
            Err(match last {
                Some(last) => error.with_source(last),
                None => error,
            })
        })
    }

    /// Asks until it is done; `last` is the error of the last attempt, if it was one that passes.
    async fn poll(&mut self, last: &mut Option<Error>) -> Result<O, Error> {
        let mut pause = self.first;
        loop {
            let Some(request) = self.call.request().cloned() else {
                return Err(Error::invalid_argument("a call that sends a stream cannot be made again"));
            };
            match self.call.again(request).await {
                Ok(response) if (self.is_done)(&response) => return Ok(response),
                Ok(response) if self.is_over.as_mut().is_some_and(|is_over| is_over(&response)) => {
                    let message = "what was waited for can no longer come about";
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

/// Whether waiting may help. An attempt that timed out is one that the next may do better.
fn passes(error: &Error) -> bool {
    match error.code() {
        Some(Code::Unavailable | Code::DeadlineExceeded) => !error.is_local(),
        Some(Code::ResourceExhausted | Code::Aborted) => error.retry_delay().is_some(),
        _ => false,
    }
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
