//! A call with a stream of requests, whose response has not begun.
//!
//! Many servers send the headers of a response only with its first message, and may need a request before they have one. So such a call
//! resolves once its requests are read, and the headers are awaited in the background.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::sync::oneshot;
use tokio_stream::Stream;

use crate::api::method::Method;
use crate::client::attempts::RawStream;
use crate::error::code::Code;
use crate::error::{Error, ErrorKind};
use crate::platform::{self, Task};
use crate::transport::{MessageStream, Payload, RequestBody};

/// Resolves when the transport begins to read the requests: then the connection exists and the request is on its way.
pub(crate) type Begun = oneshot::Receiver<()>;

/// The same body, and what resolves when it is read. `None` if the body is not a stream.
pub(crate) fn watched(body: RequestBody) -> (RequestBody, Option<Begun>) {
    let RequestBody::Stream(messages) = body else { return (body, None) };
    let (sender, receiver) = oneshot::channel();
    (RequestBody::Stream(Box::pin(Watched { messages, begun: Some(sender) })), Some(receiver))
}

struct Watched {
    messages: MessageStream,
    /// `None` once the messages are read.
    begun: Option<oneshot::Sender<()>>,
}

impl Stream for Watched {
    type Item = Result<Payload, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(begun) = self.begun.take() {
            // The caller may have dropped the call.
            let _ = begun.send(());
        }
        self.messages.as_mut().poll_next(context)
    }
}

/// A response that is awaited in the background. Dropping it cancels the call.
pub(crate) struct Opening {
    pub(crate) method: &'static Method,
    task: Task<Result<RawStream, Error>>,
}

impl Opening {
    /// Awaits the response. Needs a Tokio runtime.
    pub(crate) fn new(
        method: &'static Method,
        response: impl Future<Output = Result<RawStream, Error>> + Send + 'static,
    ) -> Self {
        Self { method, task: platform::spawn(response) }
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Future for Opening {
    type Output = Result<RawStream, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let result = ready!(Pin::new(&mut self.task).poll(context));
        Poll::Ready(result.unwrap_or_else(|error| {
            let text = "the runtime that made the call has ended";
            let error =
                Error::new(ErrorKind::Transport, text).with_code(Code::Unavailable).with_source(error);
            Err(error.with_method(self.method.full_name()))
        }))
    }
}
