//! A stream of requests, as the body of one HTTP request.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::Frame;
use tokio_stream::StreamExt as _;

use super::super::{Body, MessageStream, Payload};
use super::{RequestFraming, no_stream, unfit};
use crate::api::method::{Method, MethodSchemas, Streaming};
use crate::api::routing::Body as BindingBody;
use crate::error::Error;
use crate::message::json::{self, EncodeOptions};
use crate::transcode::{self as rest, RestRequest};

/// The request for a stream of messages, and its body. As with Envoy, the first message determines the path.
pub(super) async fn streamed(
    method: &'static Method,
    schemas: &MethodSchemas,
    mut messages: MessageStream,
    framing: RequestFraming,
) -> Result<(RestRequest, Body), Error> {
    if method.streaming() == Streaming::Bidirectional {
        return Err(no_stream("REST does not support bidirectional streams"));
    }
    let first = messages.next().await.transpose()?;
    let mut rest = rest::request(method, schemas, first.as_ref().map_or(&[], Payload::message))
        .map_err(|error| unfit(&error))?;
    if rest.binding.request_body() != BindingBody::All || schemas.request().name() == rest::HTTP_BODY {
        return Err(no_stream("REST supports streams of requests only if the body is `*` and JSON"));
    }
    let body = match framing {
        RequestFraming::Array => {
            // Envoy adds the values in the path to the first message.
            let first = first.and(rest.body.take());
            Body::full(array(*schemas, first, messages).await?)
        }
        RequestFraming::Lines => {
            // grpc-gateway does not read the path of a stream, so the line has all of the message.
            let first = first.map(|first| encode(schemas, &first)).transpose()?;
            Body::new(Lines { schemas: *schemas, first, messages: Some(messages) })
        }
    };
    Ok((rest, body))
}

/// All messages as one JSON array.
async fn array(
    schemas: MethodSchemas,
    first: Option<Vec<u8>>,
    mut messages: MessageStream,
) -> Result<Vec<u8>, Error> {
    let mut array = vec![b'['];
    array.extend(first.unwrap_or_default());
    while let Some(message) = messages.next().await.transpose()? {
        array.push(b',');
        array.extend(encode(&schemas, &message)?);
    }
    array.push(b']');
    Ok(array)
}

fn encode(schemas: &MethodSchemas, message: &Payload) -> Result<Vec<u8>, Error> {
    let options = EncodeOptions { types: schemas.types(), unknown_any: true, ..EncodeOptions::default() };
    json::from_wire(schemas.request(), message.message(), &options).map_err(|error| unfit(&error.into()))
}

/// The messages as lines of JSON, each sent when it is there.
struct Lines {
    schemas: MethodSchemas,
    /// The first message, which is encoded already.
    first: Option<Vec<u8>>,
    /// `None` after the last one, and after an error.
    messages: Option<MessageStream>,
}

impl http_body::Body for Lines {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let next = match (self.first.take(), &mut self.messages) {
            (Some(first), _) => Some(Ok(first)),
            (None, None) => None,
            (None, Some(messages)) => {
                let next = ready!(messages.as_mut().poll_next(context));
                next.map(|message| message.and_then(|message| encode(&self.schemas, &message)))
            }
        };
        if !matches!(next, Some(Ok(_))) {
            self.messages = None;
        }
        Poll::Ready(next.map(|line| {
            line.map(|mut line| {
                line.push(b'\n');
                Frame::data(line.into())
            })
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.messages.is_none()
    }
}
