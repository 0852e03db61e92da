//! Reads messages from an HTTP response.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http::header::LOCATION;
use http::{HeaderMap, StatusCode, Uri};
use http_body::Body as _;

use super::super::{Body, failure};
use super::content::Content;
use super::frames::{Events, Framing, Values};
use crate::error::code::Code;
use crate::error::grpc_status;
use crate::error::{Error, ErrorKind};
use crate::transcode::status;

/// The most bytes that are read of an error's body; about as many as an error may have over gRPC. Parsed JSON takes up to 50 times as much.
const MAX_ERROR: usize = 256 << 10;

/// The messages of one response and, after them, its trailers.
pub(crate) struct Messages {
    body: Body,
    framing: Framing,
    content: Content,
    buffer: BytesMut,
    limit: usize,
    ended: bool,
    trailers: HeaderMap,
    /// The error in the status after the messages, if any.
    failure: Option<Error>,
}

/// Reads the headers of the response. `limit` is the largest message that is accepted, in bytes.
pub(super) async fn open(
    response: http::Response<Body>,
    mut content: Content,
    streaming: bool,
    limit: usize,
) -> Result<(HeaderMap, Messages), Error> {
    let (parts, body) = response.into_parts();
    let (http_status, headers) = (parts.status, parts.headers);
    if http_status.is_redirection() {
        return Err(redirected(http_status, &headers).with_headers(headers));
    }
    if !http_status.is_success() {
        let (body, trailers) = read_error(body).await;
        let error = status::of_response(http_status, &headers, &body);
        return Err(error.with_headers(without_status(headers)).with_trailers(trailers));
    }
    let essence = content.open(&headers);
    let framing = match essence.as_deref() {
        _ if !streaming => Framing::Whole(false),
        _ if content.is_raw() => Framing::Raw(limit.max(1)),
        Some("text/event-stream") => Framing::Events(Events::default()),
        essence => Framing::Values(Values::new(essence.is_some_and(is_lines))),
    };
    // Envoy leaves gRPC's status among the headers.
    let headers = match grpc_status::take(headers) {
        Ok(Ok(headers)) | Err(headers) => headers,
        Ok(Err(error)) => return Err(error),
    };
    if matches!(framing, Framing::Whole(_)) && body.size_hint().lower() > limit as u64 {
        return Err(too_large(limit).with_headers(headers));
    }
    let messages = Messages {
        body,
        framing,
        content,
        buffer: BytesMut::new(),
        limit,
        ended: false,
        trailers: HeaderMap::new(),
        failure: None,
    };
    Ok((headers, messages))
}

impl Messages {
    /// The trailers without the status; empty until the end.
    pub(crate) fn trailers(&self) -> &HeaderMap {
        &self.trailers
    }

    /// The next message; `None` after the last one of a successful call. Must not be polled again after `None` or an error.
    pub(crate) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        loop {
            if let Some(message) = self.take_message().transpose() {
                return Poll::Ready(Some(message));
            }
            if self.ended {
                return Poll::Ready(self.failure.take().map(Err));
            }
            match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                None => self.ended = true,
                Some(Err(error)) => return Poll::Ready(Some(Err(failure::of_transport(error)))),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.buffer.extend_from_slice(&data),
                    Err(frame) => self.end(frame.into_trailers().unwrap_or_default()),
                },
            }
        }
    }

    /// The next message of the buffer, once it is complete.
    fn take_message(&mut self) -> Result<Option<Bytes>, Error> {
        self.content.check(&self.buffer)?;
        let item = self.framing.next(&mut self.buffer, self.ended).map_err(|error| {
            // The server's own error says more than that the stream ended early.
            let failure = self.failure.take().filter(|_| self.ended);
            failure.unwrap_or_else(|| Error::new(ErrorKind::Decode, error.to_string()))
        })?;
        match item {
            Some(item) if item.len() > self.limit => Err(too_large(self.limit)),
            Some(item) => self.content.message(&item, &self.framing).map(Some),
            None if self.buffer.len().saturating_add(self.framing.held()) > self.limit => {
                Err(too_large(self.limit))
            }
            None => Ok(None),
        }
    }

    /// Reads the status that Envoy sends after a stream.
    fn end(&mut self, trailers: HeaderMap) {
        self.ended = true;
        match grpc_status::take(trailers) {
            Ok(Ok(trailers)) | Err(trailers) => self.trailers = trailers,
            Ok(Err(error)) => self.failure = Some(error),
        }
    }
}

/// Content types of values that are never in one array.
fn is_lines(essence: &str) -> bool {
    ["ndjson", "jsonl", "jsonlines", "json-lines"].iter().any(|name| essence.ends_with(name))
}

fn too_large(limit: usize) -> Error {
    let message = format!("the response is over the limit of {limit} bytes");
    Error::new(ErrorKind::Decode, message).with_code(Code::ResourceExhausted)
}

/// The body of an error, or as much of it as arrived and fits, and its trailers.
async fn read_error(mut body: Body) -> (BytesMut, HeaderMap) {
    let mut read = BytesMut::new();
    let mut trailers = HeaderMap::new();
    while let Some(Ok(frame)) = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
    {
        match frame.into_data() {
            Ok(data) => read.extend_from_slice(&data[..data.len().min(MAX_ERROR - read.len())]),
            Err(frame) => trailers = frame.into_trailers().unwrap_or_default(),
        }
        if read.len() == MAX_ERROR {
            break;
        }
    }
    (read, trailers)
}

/// The error of a redirect. The client does not follow it, since the request may hold credentials, which are only for this server. The
/// message shows only the origin of the location: the rest may be secret.
fn redirected(status: StatusCode, headers: &HeaderMap) -> Error {
    let location = headers.get(LOCATION).and_then(|location| Uri::try_from(location.as_bytes()).ok());
    let origin = location.as_ref().and_then(|location| {
        let port = location.port().map(|port| format!(":{port}")).unwrap_or_default();
        Some(format!(" to {}://{}{port}", location.scheme_str()?, location.host()?))
    });
    let origin = origin.unwrap_or_default();
    let message = format!("the server answered HTTP {status}, a redirect{origin}, which is not followed");
    Error::from_status(Code::Unknown, message)
}

/// Removes gRPC's status, which the error states.
fn without_status(mut headers: HeaderMap) -> HeaderMap {
    for name in ["grpc-status", "grpc-message", "grpc-status-details-bin"] {
        headers.remove(name);
    }
    headers
}
