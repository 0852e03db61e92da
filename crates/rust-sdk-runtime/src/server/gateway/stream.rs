//! Responses of the service, written as they arrive.

use std::borrow::Cow;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Response};
use http_body::Frame;

use super::Framing;
use super::failure::Failure;
use super::headers::{add_metadata, header_prefix, of_response, trailer_prefix};
use super::settings::Options;
use crate::api::method::MethodSchemas;
use crate::api::routing::Binding;
use crate::error::code::Code;
use crate::error::{BoxError, Error};
use crate::transcode::{self as rest, RestResponse};
use crate::transport::{Body, GrpcMessages};

/// The responses of one call.
pub(super) struct Items {
    binding: &'static Binding,
    schemas: MethodSchemas,
    options: Options,
    messages: GrpcMessages,
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
    Message(Bytes),
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
        messages: GrpcMessages,
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

    async fn message(&mut self) -> Result<Option<Bytes>, Error> {
        std::future::poll_fn(|context| self.messages.poll_next(context)).await.transpose()
    }

    fn encode(&self, message: &[u8]) -> Result<RestResponse, Failure> {
        Ok(rest::encode_response(self.binding, &self.schemas, message, &self.options.encode)?)
    }

    fn failure(&self, error: Error) -> Failure {
        Failure::of_service(error, &self.schemas)
    }

    /// The response of a call with one response message.
    pub(super) async fn single(mut self, headers: HeaderMap) -> Result<Response<Body>, Failure> {
        let failed = |this: &Self, error: Error| this.failure(error.with_headers(headers.clone()));
        let first = self.message().await.map_err(|error| failed(&self, error))?;
        let Some(first) = first else {
            return Err(Failure::new(Code::Internal, "the service sent no response"));
        };
        if self.message().await.map_err(|error| failed(&self, error))?.is_some() {
            return Err(Failure::new(Code::Internal, "the service sent more than one response"));
        }
        let RestResponse { body, content_type } = self.encode(&first)?;
        let mut response = self.response(Body::full(body), content_type, headers);
        self.add_trailers(response.headers_mut(), self.messages.trailers());
        Ok(response)
    }

    /// The response of a call with many response messages.
    pub(super) async fn respond(mut self, headers: HeaderMap) -> Result<Response<Body>, Failure> {
        if !self.raw {
            let mut response = self.response(Body::empty(), Some(self.content_type.into()), headers);
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
        let response = self.response(Body::empty(), content_type, headers);
        Ok(response.map(|_| Body::new(self)))
    }

    fn response(
        &self,
        body: Body,
        content_type: Option<Cow<'static, str>>,
        metadata: HeaderMap,
    ) -> Response<Body> {
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        *headers = of_response(metadata, header_prefix(self.options.prefix_metadata));
        let value = content_type.map(|content_type| match content_type {
            Cow::Borrowed(text) => HeaderValue::from_maybe_shared(Bytes::from_static(text.as_bytes())),
            Cow::Owned(text) => HeaderValue::from_str(&text),
        });
        // The service states the type of its bytes. An invalid type is left out.
        if let Some(Ok(value)) = value
            && !value.is_empty()
        {
            headers.insert(CONTENT_TYPE, value);
        }
        response
    }

    /// The output for one response.
    fn item(&mut self, message: &[u8]) -> Result<Vec<u8>, Failure> {
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
