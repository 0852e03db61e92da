//! Responses of the service, written as they arrive.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderValue, Response};
use http_body::Frame;

use super::Framing;
use super::answer::{Message, Messages, response};
use super::failure::Failure;
use super::headers::{add_metadata, trailer_prefix};
use super::settings::Options;
use crate::api::method::MethodSchemas;
use crate::api::routing::Binding;
use crate::error::{BoxError, Error};
use crate::transcode::{self as rest, RestResponse};
use crate::transport::Body;

/// The responses of one call.
pub(super) struct Items {
    binding: &'static Binding,
    schemas: MethodSchemas,
    options: Options,
    messages: Box<Messages>,
    ahead: Ahead,
    /// Whether the responses are raw bytes, one after the other.
    raw: bool,
    /// The content type of responses that are not.
    content_type: &'static str,
    state: State,
    trailers: HeaderMap,
}

/// The part that was read ahead.
enum Ahead {
    Unread,
    Message(Message),
    /// There is no message.
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing was written yet.
    Start,
    Middle,
    /// Everything except the trailers was written.
    End,
    Done,
}

impl Items {
    pub(super) fn new(
        binding: &'static Binding,
        schemas: MethodSchemas,
        options: Options,
        content_type: &'static str,
        messages: Box<Messages>,
    ) -> Self {
        let raw = rest::is_raw(binding, &schemas);
        Self {
            binding,
            schemas,
            options,
            messages,
            ahead: Ahead::Unread,
            raw,
            content_type,
            state: State::Start,
            trailers: HeaderMap::new(),
        }
    }

    async fn message(&mut self) -> Result<Option<Message>, Error> {
        std::future::poll_fn(|context| self.messages.poll_next(context)).await.transpose()
    }

    fn encode(&self, message: &Message) -> Result<RestResponse, Failure> {
        Ok(message.encode(self.binding, &self.schemas, &self.options)?)
    }

    fn failure(&self, error: Error) -> Failure {
        Failure::of_service(error, &self.schemas)
    }

    /// The response of a call with many response messages.
    pub(super) async fn respond(mut self, headers: HeaderMap) -> Result<Response<Body>, Failure> {
        if !self.raw {
            let content_type = Some(self.content_type.into());
            let mut response = response(&self.options, Body::empty(), content_type, headers);
            if self.options.framing == Framing::Events {
                // Events are for one reader, now. A service may know better.
                let no_store = HeaderValue::from_static("no-cache");
                response.headers_mut().entry(CACHE_CONTROL).or_insert(no_store);
            }
            return Ok(response.map(|_| Body::new(self)));
        }
        // The first message states the content type of the bytes.
        let first = self.message().await;
        let first = first.map_err(|error| self.failure(error.with_headers(headers.clone())))?;
        let content_type = match &first {
            Some(first) => self.encode(first)?.content_type,
            None => None,
        };
        self.ahead = first.map_or(Ahead::End, Ahead::Message);
        let response = response(&self.options, Body::empty(), content_type, headers);
        Ok(response.map(|_| Body::new(self)))
    }

    /// The output for one response.
    fn item(&mut self, message: &Message) -> Result<Vec<u8>, Failure> {
        let content = self.encode(message)?.body;
        let open = if self.state == State::Start { "[" } else { "," };
        self.state = State::Middle;
        Ok(match self.options.framing {
            _ if self.raw => content,
            Framing::Lines => [br#"{"result":"#, &content[..], b"}\n"].concat(),
            Framing::Array => [open.as_bytes(), &content].concat(),
            // JSON has no line breaks here, so one line holds it.
            Framing::Events => [b"data: ", &content[..], b"\n\n"].concat(),
        })
    }

    /// The output at the end of a stream.
    fn end(&mut self) -> &'static str {
        let start = self.state == State::Start;
        self.state = State::End;
        self.trailers.clone_from(self.messages.trailers());
        match self.options.framing {
            _ if self.raw => "",
            Framing::Lines | Framing::Events => "",
            Framing::Array if start => "[]",
            Framing::Array => "]",
        }
    }

    /// The output at the end of a failed stream. Raw bytes have no place for an error, so the stream breaks off.
    fn fail(&mut self, failure: &Failure) -> Result<Vec<u8>, BoxError> {
        if self.raw {
            self.state = State::Done;
            return Err("the service's stream of bytes failed".into());
        }
        let open = if self.state == State::Start { "[" } else { "," };
        self.state = State::End;
        self.trailers.clone_from(failure.trailers());
        let error = failure.to_item(self.options.error_body);
        Ok(match self.options.framing {
            Framing::Lines => [&error[..], b"\n"].concat(),
            Framing::Array => [open.as_bytes(), &error, b"]"].concat(),
            Framing::Events => [b"event: error\ndata: ", &error[..], b"\n\n"].concat(),
        })
    }

    fn add_trailers(&self, headers: &mut HeaderMap, trailers: &HeaderMap) {
        add_metadata(headers, trailers, trailer_prefix(self.options.prefix_metadata));
    }
}

impl http_body::Body for Items {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        loop {
            let data = match this.state {
                State::Done => return Poll::Ready(None),
                State::End => {
                    this.state = State::Done;
                    let mut trailers = HeaderMap::new();
                    this.add_trailers(&mut trailers, &this.trailers);
                    return Poll::Ready((!trailers.is_empty()).then(|| Ok(Frame::trailers(trailers))));
                }
                State::Start | State::Middle => {
                    let next = match std::mem::replace(&mut this.ahead, Ahead::Unread) {
                        Ahead::Message(message) => Some(Ok(message)),
                        Ahead::End => None,
                        Ahead::Unread => ready!(this.messages.poll_next(context)),
                    };
                    match next {
                        Some(Ok(message)) => match this.item(&message) {
                            Ok(data) => data,
                            Err(failure) => this.fail(&failure)?,
                        },
                        Some(Err(error)) => {
                            let failure = this.failure(error);
                            this.fail(&failure)?
                        }
                        None => this.end().into(),
                    }
                }
            };
            if !data.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(data.into()))));
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.state == State::Done
    }
}
