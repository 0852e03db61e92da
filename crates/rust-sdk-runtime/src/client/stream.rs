//! The responses of a call that has many.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio_stream::Stream;

use crate::api::method::Method;
use crate::client::attempts::RawStream;
use crate::client::opening::Opening;
use crate::error::code::Code;
use crate::error::metadata::Metadata;
use crate::error::{Error, ErrorKind};
use crate::message::engine::budget;

/// The responses of one call, in order. An error ends them. Dropping the stream cancels the call.
pub struct ResponseStream<O> {
    state: State,
    output: PhantomData<fn() -> O>,
}

enum State {
    /// The headers have not arrived.
    Opening(Opening),
    Open(Box<RawStream>),
    /// The call failed before the headers arrived.
    Failed(&'static Method),
}

impl<O> ResponseStream<O> {
    pub(crate) fn new(raw: RawStream) -> Self {
        Self { state: State::Open(Box::new(raw)), output: PhantomData }
    }

    /// A response whose headers have not arrived.
    pub(crate) fn opening(opening: Opening) -> Self {
        Self { state: State::Opening(opening), output: PhantomData }
    }

    /// The headers, sent before the first message. Those of a bidirectional call may arrive only with the first message; until then they
    /// are empty.
    pub fn headers(&self) -> Metadata {
        match &self.state {
            State::Open(raw) => raw.headers().clone().into(),
            State::Opening(_) | State::Failed(_) => Metadata::default(),
        }
    }

    /// Waits for the headers. Only those of a bidirectional call can be outstanding. Many servers send them with the first message, for which
    /// they may need a request.
    ///
    /// # Errors
    /// If the server rejected the call, or the call failed. That ends the stream.
    pub async fn wait_for_headers(&mut self) -> Result<Metadata, Error> {
        std::future::poll_fn(|context| self.poll_open(context).map_ok(drop)).await?;
        Ok(self.headers())
    }

    /// The trailers, sent after the last message, without the status. `None` before the end. After an error, the error has the trailers.
    pub fn trailers(&self) -> Option<Metadata> {
        match &self.state {
            State::Open(raw) => raw.trailers().cloned().map(Into::into),
            State::Opening(_) | State::Failed(_) => None,
        }
    }

    fn method(&self) -> &'static Method {
        match &self.state {
            State::Opening(opening) => opening.method,
            State::Open(raw) => raw.method(),
            State::Failed(method) => method,
        }
    }

    /// The response, once its headers are there; `None` if the call has failed before that.
    fn poll_open(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<&mut RawStream>, Error>> {
        if let State::Opening(opening) = &mut self.state {
            let opened = ready!(Pin::new(opening).poll(context));
            let method = self.method();
            match opened {
                Ok(raw) => self.state = State::Open(Box::new(raw)),
                Err(error) => {
                    self.state = State::Failed(method);
                    return Poll::Ready(Err(error));
                }
            }
        }
        Poll::Ready(Ok(match &mut self.state {
            State::Open(raw) => Some(raw),
            State::Opening(_) | State::Failed(_) => None,
        }))
    }
}

impl<O: prost::Message + Default> ResponseStream<O> {
    /// The next message; `None` after the last one.
    pub async fn message(&mut self) -> Result<Option<O>, Error> {
        std::future::poll_fn(|context| self.poll_message(context)).await.transpose()
    }

    fn poll_message(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<O, Error>>> {
        let raw = match ready!(self.poll_open(context)) {
            Ok(Some(raw)) => raw,
            Ok(None) => return Poll::Ready(None),
            Err(error) => return Poll::Ready(Some(Err(error))),
        };
        let (method, limit) = (raw.method(), raw.memory());
        let next = ready!(raw.poll_next(context));
        let message = next.map(|raw| raw.and_then(|raw| decode(method, &raw, limit)));
        if let Some(Err(_)) = &message {
            raw.abort();
        }
        Poll::Ready(message)
    }
}

impl<O: prost::Message + Default> Stream for ResponseStream<O> {
    type Item = Result<O, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_message(context)
    }
}

impl<O> fmt::Debug for ResponseStream<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseStream")
            .field("method", &self.method().full_name())
            .field("headers", &self.headers())
            .finish_non_exhaustive()
    }
}

/// A response message from its bytes.
pub(crate) fn decode<O: prost::Message + Default>(
    method: &'static Method,
    message: &Bytes,
    limit: usize,
) -> Result<O, Error> {
    // Decodes from a slice, so that every transport uses one instance of the message's decoder.
    let memory = budget::Limit::new(limit);
    O::decode(&**message).map_err(|error| undecodable(method, memory.is_exceeded().then_some(limit), error))
}

/// `exceeded` is the limit of memory, if the message takes more.
fn undecodable(method: &'static Method, exceeded: Option<usize>, error: prost::DecodeError) -> Error {
    let error = match exceeded {
        Some(limit) => {
            let message = format!("the response takes more than the limit of {limit} bytes of memory");
            Error::new(ErrorKind::Decode, message).with_code(Code::ResourceExhausted)
        }
        None => Error::new(ErrorKind::Decode, "the response is not a valid message").with_source(error),
    };
    error.with_method(method.full_name())
}
