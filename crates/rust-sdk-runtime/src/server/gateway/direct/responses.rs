//! The responses of a stream, as a server's function returns them.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::HeaderMap;
use prost::Message;
use tokio_stream::{Stream, StreamExt as _};
use tonic::Status;

use super::limits::Limits;
use crate::error::code::Code;
use crate::error::{Error, grpc_status};
use crate::message::schema::HasSchema;
use crate::server::gateway::settings::Options;
use crate::transcode::ToResponse;

type Typed = Box<dyn ToResponse>;

/// The responses, and the trailers after them.
pub(in crate::server::gateway) struct Responses {
    stream: Pin<Box<dyn Stream<Item = Result<Typed, Status>> + Send>>,
    limits: Limits,
    options: Options,
    trailers: HeaderMap,
}

impl Responses {
    pub(super) fn new<O: Message + HasSchema + 'static>(
        stream: impl Stream<Item = Result<O, Status>> + Send + 'static,
        limits: Limits,
        options: Options,
    ) -> Self {
        let stream = Box::pin(stream.map(|item| item.map(|message| Box::new(message) as Typed)));
        Self { stream, limits, options, trailers: HeaderMap::new() }
    }

    /// The next response; `None` after the last one of a successful call. Must not be polled again after `None` or an error.
    pub(in crate::server::gateway) fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Typed, Error>>> {
        Poll::Ready(match ready!(self.stream.as_mut().poll_next(context)) {
            None => None,
            Some(Ok(message)) => {
                let checked = self.limits.check_response(&self.options, || message.size());
                Some(checked.map(|()| message))
            }
            Some(Err(status)) => match ended(&status) {
                Ok(trailers) => {
                    self.trailers = trailers;
                    None
                }
                Err(error) => Some(Err(error)),
            },
        })
    }

    /// The trailers; empty until the end.
    pub(in crate::server::gateway) const fn trailers(&self) -> &HeaderMap {
        &self.trailers
    }
}

/// The trailers of a call that ended with this status, or its error. They go through the form that they have in gRPC, so that clients get the
/// same answer.
pub(super) fn ended(status: &Status) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    let taken = match status.add_header(&mut headers) {
        Ok(()) => grpc_status::take(headers).ok(),
        Err(_) => None,
    };
    let code = Code::from_number(i32::from(status.code()));
    taken.unwrap_or_else(|| Err(Error::from_status(code, status.message())))
}
