//! The responses of a call that has many.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio_stream::Stream;

use crate::api::method::Method;
use crate::client::attempts::RawStream;
use crate::error::code::Code;
use crate::error::metadata::Metadata;
use crate::error::{Error, ErrorKind};
use crate::message::engine::budget;

/// The responses of one call, in order. An error ends them. Dropping the stream cancels the call.
pub struct ResponseStream<O> {
    raw: RawStream,
    output: PhantomData<fn() -> O>,
}

impl<O> ResponseStream<O> {
    pub(crate) fn new(raw: RawStream) -> Self {
        Self { raw, output: PhantomData }
    }

    /// The headers, sent before the first message.
    pub fn headers(&self) -> Metadata {
        self.raw.headers().clone().into()
    }

    /// The trailers, sent after the last message, without the status. `None` before the end. After an error, the error has the trailers.
    pub fn trailers(&self) -> Option<Metadata> {
        self.raw.trailers().cloned().map(Into::into)
    }
}

impl<O: prost::Message + Default> ResponseStream<O> {
    /// The next message; `None` after the last one.
    pub async fn message(&mut self) -> Result<Option<O>, Error> {
        std::future::poll_fn(|context| self.poll_message(context)).await.transpose()
    }

    fn poll_message(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<O, Error>>> {
        let method = self.raw.method();
        let limit = self.raw.memory();
        let next = ready!(self.raw.poll_next(context));
        let message = next.map(|raw| raw.and_then(|raw| decode(method, &raw, limit)));
        if let Some(Err(_)) = &message {
            self.raw.abort();
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
            .field("method", &self.raw.method().full_name())
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
