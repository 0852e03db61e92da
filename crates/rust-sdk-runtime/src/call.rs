//! Calls: what is sent, set up step by step, and awaited.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};

use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::metadata::Metadata;
use crate::method::Method;
use crate::stream::ResponseStream;
use crate::transport::{RawResponse, RawStream, RequestBody, append_header};

type BoxFuture<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// A call with one response, awaited for the message.
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<O> {
    inner: Prepared,
    output: PhantomData<fn() -> O>,
}

/// A call with many responses, awaited for the stream of them.
#[must_use = "a call does nothing until it is awaited"]
pub struct StreamCall<O> {
    inner: Prepared,
    output: PhantomData<fn() -> O>,
}

/// A response with what came around the message.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Response<O> {
    /// The message.
    pub message: O,
    /// What the server sent before the message.
    pub headers: Metadata,
    /// What the server sent after the message, the status left out.
    pub trailers: Metadata,
}

/// Everything about a call but its types.
struct Prepared {
    client: Client,
    method: &'static Method,
    headers: HeaderMap,
    timeout: Option<Duration>,
    body: Result<RequestBody, Error>,
}

impl Prepared {
    fn new(
        client: &Client,
        method: &'static Method,
        timeout: Option<Duration>,
        body: Result<RequestBody, Error>,
    ) -> Self {
        Self { client: client.clone(), method, headers: HeaderMap::new(), timeout, body }
    }

    fn header(&mut self, name: &str, value: Option<HeaderValue>) {
        if let Err(message) = append_header(&mut self.headers, name, value)
            && self.body.is_ok()
        {
            self.body = Err(Error::invalid_argument(message));
        }
    }

    async fn open(self) -> Result<RawStream, Error> {
        let body = self.body.map_err(|error| error.with_method(self.method.full_name()))?;
        RawStream::open(self.client, self.method, self.headers, self.timeout, body).await
    }

    fn stream(self) -> BoxFuture<RawStream> {
        Box::pin(self.open())
    }

    fn single(self) -> BoxFuture<RawResponse> {
        Box::pin(async { self.open().await?.single().await })
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("method", &self.method.full_name())
            .field("headers", &Metadata::from(self.headers.clone()))
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

macro_rules! settings {
    ($call:ident) => {
        impl<O> $call<O> {
            /// Adds a header. It replaces what the client sends under this name; a name or a value that is not valid
            /// is the call's error. The value of a name that ends in `-bin` is base64.
            pub fn header(mut self, name: impl AsRef<str>, value: impl TryInto<HeaderValue>) -> Self {
                self.inner.header(name.as_ref(), value.try_into().ok());
                self
            }

            /// How long the call may take from being awaited to its end, connecting, credentials and all responses
            /// included. It is told to the server, too.
            pub fn timeout(mut self, timeout: Duration) -> Self {
                self.inner.timeout = Some(timeout);
                self
            }
        }

        impl<O> fmt::Debug for $call<O> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.inner.fmt(f)
            }
        }
    };
}

settings!(Call);
settings!(StreamCall);

impl<O> Call<O> {
    pub(crate) fn new(
        client: &Client,
        method: &'static Method,
        timeout: Option<Duration>,
        body: Result<RequestBody, Error>,
    ) -> Self {
        Self { inner: Prepared::new(client, method, timeout, body), output: PhantomData }
    }
}

impl<O: prost::Message + Default> Call<O> {
    /// Awaits the message together with the response's headers and trailers.
    pub fn with_response(self) -> CallFuture<Response<O>> {
        CallFuture { raw: self.inner.single(), finish: response }
    }
}

impl<O> StreamCall<O> {
    pub(crate) fn new(client: &Client, method: &'static Method, body: Result<RequestBody, Error>) -> Self {
        Self { inner: Prepared::new(client, method, None, body), output: PhantomData }
    }
}

impl<O: prost::Message + Default> IntoFuture for Call<O> {
    type Output = Result<O, Error>;
    type IntoFuture = CallFuture<O>;

    fn into_future(self) -> CallFuture<O> {
        CallFuture { raw: self.inner.single(), finish: |raw| decode(raw.method, &raw.message) }
    }
}

impl<O: prost::Message + Default> IntoFuture for StreamCall<O> {
    type Output = Result<ResponseStream<O>, Error>;
    type IntoFuture = StreamFuture<O>;

    fn into_future(self) -> StreamFuture<O> {
        StreamFuture { raw: self.inner.stream(), output: PhantomData }
    }
}

/// A [`Call`] under way. Dropping it cancels the call.
#[must_use = "a call does nothing until it is awaited"]
pub struct CallFuture<T> {
    raw: BoxFuture<RawResponse>,
    finish: fn(RawResponse) -> Result<T, Error>,
}

impl<T> Future for CallFuture<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let raw = ready!(self.raw.as_mut().poll(context));
        Poll::Ready(raw.and_then(self.finish))
    }
}

/// A [`StreamCall`] under way. Dropping it cancels the call.
#[must_use = "a call does nothing until it is awaited"]
pub struct StreamFuture<O> {
    raw: BoxFuture<RawStream>,
    output: PhantomData<fn() -> O>,
}

impl<O> Future for StreamFuture<O> {
    type Output = Result<ResponseStream<O>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.raw.as_mut().poll(context).map_ok(ResponseStream::new)
    }
}

impl<T> fmt::Debug for CallFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallFuture").finish_non_exhaustive()
    }
}

impl<O> fmt::Debug for StreamFuture<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamFuture").finish_non_exhaustive()
    }
}

fn response<O: prost::Message + Default>(raw: RawResponse) -> Result<Response<O>, Error> {
    let message = decode(raw.method, &raw.message)?;
    Ok(Response { message, headers: raw.headers.into(), trailers: raw.trailers.into() })
}

pub(crate) fn decode<O: prost::Message + Default>(
    method: &'static Method,
    message: &Bytes,
) -> Result<O, Error> {
    // From a slice: one instance of a message's decoder then serves every transport.
    O::decode(&**message).map_err(|error| undecodable(method, error))
}

fn undecodable(method: &'static Method, error: prost::DecodeError) -> Error {
    Error::new(ErrorKind::Decode, "the response is not a valid message")
        .with_method(method.full_name())
        .with_source(error)
}
