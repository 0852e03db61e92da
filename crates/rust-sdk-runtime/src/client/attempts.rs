//! Calls without types: deadlines, attempts, and responses as they arrive, still encoded.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;

use crate::api::method::{Method, MethodSchemas};
use crate::client::Client;
use crate::client::repeatable::Repeatable;
use crate::client::retry::{RetryPolicy, jittered};
use crate::client::trace::CallSpan;
use crate::error::{Delivery, Error, ErrorKind};
use crate::platform::{self, Sleep};
use crate::transport::{Deadline, Messages, RawRequest, RequestBody, timed_out};

/// A call that is not made yet, without its types.
pub(crate) struct RawCall {
    pub(crate) client: Client,
    pub(crate) method: &'static Method,
    pub(crate) schemas: Option<MethodSchemas>,
    pub(crate) headers: HeaderMap,
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) retry: RetryPolicy,
    /// Whether repeating the call does no harm.
    pub(crate) repeatable: Repeatable,
    pub(crate) body: RequestBody,
}

/// A response that has begun to arrive.
pub(crate) struct RawStream {
    client: Client,
    method: &'static Method,
    headers: HeaderMap,
    trailers: HeaderMap,
    /// `None` after the end. An aborted call drops it, which resets the stream at once.
    messages: Option<Messages>,
    aborted: bool,
    sleep: Option<Pin<Box<Sleep>>>,
}

/// A response with exactly one message.
pub(crate) struct RawResponse {
    pub(crate) method: &'static Method,
    pub(crate) message: Bytes,
    /// How much memory the message may take.
    pub(crate) memory: usize,
    pub(crate) headers: HeaderMap,
    pub(crate) trailers: HeaderMap,
    pub(crate) trace_id: Option<String>,
}

impl RawCall {
    /// Makes the call, with retries, and waits for the one message of its response.
    pub(crate) async fn single(self) -> Result<RawResponse, Error> {
        let span = CallSpan::new(self.method, self.client.inner().transport.protocol);
        span.of(self.repeated(span.clone(), Limit::Whole, RawStream::single)).await
    }

    /// Makes the call, with retries, and waits for the headers of its response.
    pub(crate) async fn open(self) -> Result<RawStream, Error> {
        let span = CallSpan::new(self.method, self.client.inner().transport.protocol);
        let finish = |stream| std::future::ready(Ok(stream));
        span.of(self.repeated(span.clone(), Limit::Headers, finish)).await
    }

    /// Makes attempts until one succeeds or none may follow. An attempt includes `finish`, which reads the rest of the response.
    async fn repeated<T: Traced, F>(
        mut self,
        span: CallSpan,
        limit: Limit,
        finish: fn(RawStream) -> F,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        if !platform::is_ready() {
            let error = Error::new(ErrorKind::Config, "calls must be awaited on a Tokio runtime");
            return Err(self.client.inner().observe(error, self.method));
        }
        let deadline = Deadline::after(self.timeout);
        let mut made = 0;
        let mut repeats = Repeats::default();
        loop {
            let until = deadline.or_after(self.attempt_timeout);
            let response_until = if limit == Limit::Whole { until } else { deadline };
            let result = match self.attempt(until, response_until, made).await {
                Ok(stream) => finish(stream).await,
                Err(error) => Err(error),
            };
            made += 1;
            let error = match result {
                Ok(response) => {
                    span.ends(made, Ok(response.trace_id().as_deref()));
                    return Ok(response);
                }
                Err(error) => error,
            };
            let pause = self.repeat(&error, &mut repeats).filter(|delay| deadline.allows(*delay));
            if pause.is_some() {
                made -= 1;
            }
            match pause.or_else(|| self.pause(&error, made, until, deadline)) {
                Some(delay) => {
                    span.repeats(&error, made, delay);
                    if !delay.is_zero() {
                        platform::sleep(delay).await;
                    }
                }
                None => {
                    span.ends(made, Err(&error));
                    return Err(error);
                }
            }
        }
    }

    /// Makes an attempt, up to the response's headers, until `until`. The rest of the response may take until `response_until`.
    async fn attempt(
        &mut self,
        until: Deadline,
        response_until: Deadline,
        made: u32,
    ) -> Result<RawStream, Error> {
        let inner = self.client.inner();
        let request = async {
            let mut headers = inner.headers(self.method, &self.headers).await?;
            if made > 0 {
                headers.insert("grpc-previous-rpc-attempts", made.into());
            }
            let (method, schemas, body) = (self.method, self.schemas, self.body.take());
            let request = RawRequest { method, schemas, headers, deadline: response_until, body };
            inner.transport.open(request).await
        };
        match until.bound(request).await {
            Ok((headers, messages)) => Ok(RawStream {
                client: self.client.clone(),
                method: self.method,
                headers,
                trailers: HeaderMap::new(),
                messages: Some(messages),
                aborted: false,
                sleep: response_until.sleep(),
            }),
            Err(error) => Err(inner.observe(error, self.method)),
        }
    }

    /// The wait before a call that the server did not process is sent again, for any method and policy (gRFC A6, "Transparent
    /// retries"); `None` if it is not. Rejected credentials are renewed once. Many calls may meet a closing connection more than once; then
    /// they do not all come back at the same time.
    fn repeat(&self, error: &Error, repeats: &mut Repeats) -> Option<Duration> {
        if error.delivery() != Delivery::NotProcessed || !self.body.is_repeatable() {
            return None;
        }
        if error.kind() == ErrorKind::Status {
            return (!std::mem::replace(&mut repeats.has_renewed, true)).then_some(Duration::ZERO);
        }
        repeats.unprocessed += 1;
        match repeats.unprocessed {
            1 => Some(Duration::ZERO),
            n if n > MOST_REPEATS => None,
            n => Some(jittered((SECOND_REPEAT * (1 << (n - 2))).min(LONGEST_REPEAT))),
        }
    }

    /// The wait before the next attempt; `None` if the call is not retried.
    fn pause(&self, error: &Error, made: u32, until: Deadline, deadline: Deadline) -> Option<Duration> {
        if !self.repeatable.after(error) || !self.body.is_repeatable() {
            return None;
        }
        // The attempt's own limit, found by this side or by the server. The call's deadline ends the call below.
        let is_slow = error.is_timeout() && !until.allows(DEADLINE_GRACE);
        let delay = self.retry.next(made, error, is_slow, &self.client.inner().budget)?;
        deadline.allows(delay).then_some(delay)
    }
}

/// What the time limit of an attempt includes.
#[derive(Clone, Copy, PartialEq)]
enum Limit {
    Headers,
    Whole,
}

/// How often a call was sent again that the server did not process.
#[derive(Default)]
struct Repeats {
    unprocessed: u32,
    /// Whether it was sent again with renewed credentials.
    has_renewed: bool,
}

/// How often a call is sent again that the server did not process.
const MOST_REPEATS: u32 = 16;
/// The wait before the second repeat, which each further one doubles, up to the longest.
const SECOND_REPEAT: Duration = Duration::from_millis(4);
const LONGEST_REPEAT: Duration = Duration::from_millis(250);

/// How much earlier a server may see that a deadline passes.
const DEADLINE_GRACE: Duration = Duration::from_millis(100);

/// A result whose trace id the call's span records.
trait Traced {
    fn trace_id(&self) -> Option<String>;
}

impl Traced for RawStream {
    fn trace_id(&self) -> Option<String> {
        self.trace_id()
    }
}

impl Traced for RawResponse {
    fn trace_id(&self) -> Option<String> {
        self.trace_id.clone()
    }
}

impl RawStream {
    pub(crate) fn method(&self) -> &'static Method {
        self.method
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// How much memory a message may take.
    pub(crate) fn memory(&self) -> usize {
        self.client.inner().max_memory
    }

    /// The server's id of this call, if the response has one.
    pub(crate) fn trace_id(&self) -> Option<String> {
        self.client.inner().trace_id(&self.headers, &self.trailers)
    }

    /// `None` before the end of the response, and after a failure.
    pub(crate) fn trailers(&self) -> Option<&HeaderMap> {
        (self.messages.is_none() && !self.aborted).then_some(&self.trailers)
    }

    /// The next message. `None` after the last one, and after an error.
    pub(crate) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        let Some(messages) = &mut self.messages else {
            return Poll::Ready(None);
        };
        let error = match messages.poll_next(context) {
            Poll::Ready(Some(Ok(message))) => return Poll::Ready(Some(Ok(message))),
            Poll::Ready(None) => {
                self.trailers = messages.trailers().clone();
                self.messages = None;
                self.client.inner().budget.succeeded();
                return Poll::Ready(None);
            }
            Poll::Ready(Some(Err(error))) => error,
            Poll::Pending => {
                let Some(sleep) = &mut self.sleep else { return Poll::Pending };
                ready!(sleep.as_mut().poll(context));
                timed_out()
            }
        };
        self.abort();
        let error = error.with_headers(self.headers.clone());
        Poll::Ready(Some(Err(self.client.inner().observe(error, self.method))))
    }

    /// Ends the call and tells the server that the client wants no more messages.
    pub(crate) fn abort(&mut self) {
        self.messages = None;
        self.aborted = true;
    }

    /// The message of a response that must have exactly one.
    pub(crate) async fn single(mut self) -> Result<RawResponse, Error> {
        let message = std::future::poll_fn(|context| self.poll_next(context)).await;
        let message = message.unwrap_or_else(|| Err(self.malformed("the response has no message")))?;
        if let Some(second) = std::future::poll_fn(|context| self.poll_next(context)).await {
            second?;
            return Err(self.malformed("the response has more than one message"));
        }
        let (trace_id, memory) = (self.trace_id(), self.memory());
        let Self { method, headers, trailers, .. } = self;
        Ok(RawResponse { method, message, memory, headers, trailers, trace_id })
    }

    fn malformed(&self, message: &str) -> Error {
        let error = Error::new(ErrorKind::Decode, message)
            .with_headers(self.headers.clone())
            .with_trailers(self.trailers.clone());
        self.client.inner().observe(error, self.method)
    }
}
