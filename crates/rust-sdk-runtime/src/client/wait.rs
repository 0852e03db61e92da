//! Polling: a read call is repeated until its response meets a condition.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::time::Duration;

use crate::client::call::Call;
use crate::client::wait_error::WaitError;
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
    /// Other errors end it. The limit is 30 minutes unless [`at_most`](Wait::at_most) sets another one. A [`WaitError`] has the last response.
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
    async fn run(mut self) -> Result<O, WaitError<O>> {
        if let Some(error) = self.call.take_error() {
            return Err(WaitError::new(error, None));
        }
        let method = self.call.method().full_name();
        let timeout = self.timeout;
        let mut last = Last { response: None, error: None };
        let done = platform::timeout(timeout, self.poll(&mut last)).await;
        let error = match done {
            Ok(Ok(response)) => return Ok(response),
            Ok(Err(error)) => error,
            Err(_) => {
                let text = format!("the condition was not met within {timeout:?}");
                out_of_time(text, last.error).with_method(method)
            }
        };
        Err(WaitError::new(error, last.response))
    }

    /// Repeats the call until a response is accepted.
    async fn poll(&mut self, last: &mut Last<O>) -> Result<O, Error> {
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
                    last.response = Some(response);
                    return Err(Error::new(ErrorKind::GaveUp, message).with_method(method));
                }
                Ok(response) => *last = Last { response: Some(response), error: None },
                Err(error) if passes(&error) => last.error = Some(error),
                Err(error) => return Err(error),
            }
            platform::sleep(pause).await;
            pause = (pause * 3 / 2).min(self.longest);
        }
    }
}

/// What the last attempts brought.
struct Last<O> {
    /// The last response, which was not accepted.
    response: Option<O>,
    /// The transient error of the last attempt.
    error: Option<Error>,
}

/// The error of a wait that took too long. It names the error of the last attempt, which is its source.
pub(crate) fn out_of_time(mut text: String, last: Option<Error>) -> Error {
    if let Some(last) = &last {
        let code = last.code().map(|code| format!("{}: ", code.as_str())).unwrap_or_default();
        text = format!("{text}; the last attempt failed: {code}{}", last.message());
    }
    let error = Error::new(ErrorKind::Timeout, text);
    match last {
        Some(last) => error.with_source(last),
        None => error,
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
    type Output = Result<O, WaitError<O>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

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
