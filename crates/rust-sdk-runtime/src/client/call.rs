//! Calls: set up step by step, then awaited.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::HeaderValue;

use crate::api::method::{Method, Rpc, Scope};
use crate::client::Client;
use crate::client::attempts::{RawCall, RawResponse, RawStream};
use crate::client::opening::{Begun, Opening, watched};
use crate::client::repeatable::Repeatable;
use crate::client::retry::RetryPolicy;
use crate::client::settings::Settings;
use crate::client::stream::{ResponseStream, decode};
use crate::error::Error;
use crate::error::metadata::Metadata;
use crate::transport::{Payload, RequestBody};

pub(crate) type BoxFuture<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// A call with one response, awaited for the message.
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<I, O> {
    content: Content<I>,
    settings: Settings,
    output: PhantomData<fn() -> O>,
}

/// A call with many responses, awaited for their stream.
#[must_use = "a call does nothing until it is awaited"]
pub struct StreamCall<I, O> {
    content: Content<I>,
    settings: Settings,
    output: PhantomData<fn() -> O>,
}

/// A response message with its headers, trailers and trace id.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Response<O> {
    /// The message.
    pub message: O,
    /// The headers, sent before the message.
    pub headers: Metadata,
    /// The trailers, sent after the message, without the status. REST has no trailers.
    pub trailers: Metadata,
    /// The server's id of this call in its logs, from the header set by [`trace_header`](crate::ClientBuilder::trace_header) or a default
    /// one.
    pub trace_id: Option<String>,
}

/// The request: one message or a stream.
enum Content<I> {
    /// A message that can still be changed.
    Message(I, Scope<I>),
    Stream(RequestBody),
}

impl<I> Content<I> {
    fn set(&mut self, change: impl FnOnce(I) -> I)
    where
        I: Default,
    {
        if let Self::Message(request, _) = self {
            *request = change(std::mem::take(request));
        }
    }
}

impl<I: prost::Message> Content<I> {
    /// Checks and encodes the message. Fills in the account of the call, or else of the client, if the message names none.
    fn encode(self, settings: &Settings) -> Result<RequestBody, Error> {
        match self {
            Self::Message(mut request, scope) => {
                if let Some(account) = settings.account() {
                    scope.fill(&mut request, account);
                }
                settings.preflight(|method, caller| {
                    let account = scope.of(&request);
                    let client = settings.client.inner();
                    if client.is_masked(method, settings.schemas, || request.encode_to_vec()) {
                        method.check_masked(caller, account)
                    } else {
                        method.access().check(caller, account)
                    }
                })?;
                if let Some(field) = settings.method.scope_in_path()
                    && scope.is_empty(&request)
                {
                    return Err(Error::invalid_argument(format!(
                        "`{field}` is empty: set it in the request, with `within`, or with `account_id` for the whole client"
                    )));
                }
                Payload::encode(&request)
                    .and_then(|payload| settings.complete(payload))
                    .map(RequestBody::Message)
            }
            Self::Stream(body) => {
                settings.preflight(|method, caller| method.access().check_own_account(caller))?;
                Ok(body)
            }
        }
    }
}

/// The call, checked and encoded.
fn raw<I: prost::Message>(mut settings: Settings, content: Content<I>) -> Result<RawCall, Error> {
    if let Some(error) = settings.take_error() {
        return Err(error);
    }
    let method = settings.method.full_name();
    let body = content.encode(&settings).map_err(|error| error.with_method(method))?;
    Ok(settings.with_body(body))
}

pub(crate) fn single(call: Result<RawCall, Error>) -> BoxFuture<RawResponse> {
    match call {
        Ok(call) => Box::pin(call.single()),
        Err(error) => Box::pin(std::future::ready(Err(error))),
    }
}

fn open(call: Result<RawCall, Error>) -> BoxFuture<RawStream> {
    match call {
        Ok(call) => Box::pin(call.open()),
        Err(error) => Box::pin(std::future::ready(Err(error))),
    }
}

macro_rules! settings {
    ($call:ident) => {
        impl<I, O> $call<I, O> {
            pub(crate) fn unary<K>(client: &Client, rpc: &Rpc<I, O, K>, request: I) -> Self {
                Self {
                    settings: Settings::new(client, rpc, Self::timeout_of(client)),
                    content: Content::Message(request, rpc.scope()),
                    output: PhantomData,
                }
            }

            #[doc = crate::__call_docs!(with)]
            pub fn with(mut self, change: impl FnOnce(I) -> I) -> Self
            where
                I: Default,
            {
                self.content.set(change);
                self
            }

            /// The request message, for generated setters.
            #[doc(hidden)]
            pub fn __request(&mut self) -> Option<&mut I> {
                match &mut self.content {
                    Content::Message(request, _) => Some(request),
                    Content::Stream(_) => None,
                }
            }

            #[doc = crate::__call_docs!(header)]
            pub fn header(mut self, name: impl AsRef<str>, value: impl TryInto<HeaderValue>) -> Self {
                self.settings.header(name.as_ref(), value.try_into().ok());
                self
            }

            #[doc = crate::__call_docs!(timeout)]
            pub fn timeout(mut self, timeout: Duration) -> Self {
                self.settings.timeout = Some(timeout);
                self
            }

            #[doc = crate::__call_docs!(attempt_timeout)]
            pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
                self.settings.attempt_timeout = Some(timeout);
                self
            }

            #[doc = crate::__call_docs!(retry)]
            pub fn retry(mut self, policy: RetryPolicy) -> Self {
                self.settings.retry = policy;
                self
            }

            #[doc = crate::__call_docs!(idempotent)]
            pub fn idempotent(mut self, idempotent: bool) -> Self {
                self.settings.repeatable = Repeatable::stated(idempotent);
                self
            }

            #[doc = crate::__call_docs!(idempotency_key)]
            pub fn idempotency_key(mut self, key: impl AsRef<str>) -> Self {
                self.settings.idempotency_key(key.as_ref());
                self
            }

            #[doc = crate::__call_docs!(within)]
            pub fn within(mut self, account: impl Into<String>) -> Self {
                self.settings.account = Some(account.into());
                self
            }
        }

        impl<I, O> fmt::Debug for $call<I, O> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.settings.fmt(f)
            }
        }
    };
}

settings!(Call);
settings!(StreamCall);

impl<I, O> Call<I, O> {
    fn timeout_of(client: &Client) -> Option<Duration> {
        client.inner().timeout()
    }

    /// The same call with another request.
    pub(crate) fn again(&self, request: I) -> Self {
        let content = match &self.content {
            Content::Message(_, scope) => Content::Message(request, *scope),
            Content::Stream(_) => Content::Stream(RequestBody::End),
        };
        Self { content, settings: self.settings.again(), output: PhantomData }
    }

    /// The request message; `None` for a call that sends a stream.
    pub(crate) fn request(&self) -> Option<&I> {
        match &self.content {
            Content::Message(request, _) => Some(request),
            Content::Stream(_) => None,
        }
    }

    /// The error of the first invalid setting.
    pub(crate) fn take_error(&mut self) -> Option<Error> {
        self.settings.take_error()
    }

    pub(crate) fn method(&self) -> &'static Method {
        self.settings.method
    }

    fn raw(self) -> Result<RawCall, Error>
    where
        I: prost::Message,
    {
        let settings = match &self.content {
            Content::Message(..) => self.settings.bounded(),
            Content::Stream(_) => self.settings,
        };
        raw(settings, self.content)
    }
}

impl<O> Call<(), O> {
    pub(crate) fn streaming<I, K>(client: &Client, rpc: &Rpc<I, O, K>, body: RequestBody) -> Self {
        let content = Content::Stream(body);
        Self { content, settings: Settings::new(client, rpc, None), output: PhantomData }
    }
}

impl<I, O> StreamCall<I, O> {
    /// The client's timeout is not for streams, which may be meant to stay open.
    fn timeout_of(_: &Client) -> Option<Duration> {
        None
    }
}

impl<O> StreamCall<(), O> {
    pub(crate) fn streaming<I>(client: &Client, rpc: &Rpc<I, O>, body: RequestBody) -> Self {
        let content = Content::Stream(body);
        Self { content, settings: Settings::new(client, rpc, None), output: PhantomData }
    }
}

impl<I: prost::Message, O> Call<I, O> {
    /// The call without its types, and its settings for calls about what it starts.
    pub(crate) fn into_start(self) -> (Result<RawCall, Error>, Settings) {
        let settings = self.settings.again();
        (self.raw(), settings)
    }
}

impl<I: prost::Message, O: prost::Message + Default> Call<I, O> {
    #[doc = crate::__call_docs!(with_response)]
    pub fn with_response(self) -> CallFuture<Response<O>> {
        CallFuture { raw: single(self.raw()), finish: response }
    }
}

impl<I: prost::Message, O: prost::Message + Default> IntoFuture for Call<I, O> {
    type Output = Result<O, Error>;
    type IntoFuture = CallFuture<O>;

    fn into_future(self) -> CallFuture<O> {
        let finish = |raw: RawResponse| decode(raw.method, &raw.message, raw.memory);
        CallFuture { raw: single(self.raw()), finish }
    }
}

impl<I: prost::Message, O: prost::Message + Default> IntoFuture for StreamCall<I, O> {
    type Output = Result<ResponseStream<O>, Error>;
    type IntoFuture = StreamFuture<O>;

    fn into_future(self) -> StreamFuture<O> {
        let method = self.settings.method;
        let (content, begun) = match self.content {
            Content::Stream(body) => {
                let (body, begun) = watched(body);
                (Content::Stream(body), begun)
            }
            content @ Content::Message(..) => (content, None),
        };
        StreamFuture { method, raw: open(raw(self.settings, content)), begun, output: PhantomData }
    }
}

/// The future of a [`Call`]. Dropping it cancels the call.
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

/// The future of a [`StreamCall`]. Dropping it cancels the call.
#[must_use = "a call does nothing until it is awaited"]
pub struct StreamFuture<O> {
    method: &'static Method,
    raw: BoxFuture<RawStream>,
    /// Of a call with a stream of requests: then it is not known when the response begins.
    begun: Option<Begun>,
    output: PhantomData<fn() -> O>,
}

impl<O> Future for StreamFuture<O> {
    type Output = Result<ResponseStream<O>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(raw) = self.raw.as_mut().poll(context) {
            return Poll::Ready(raw.map(ResponseStream::new));
        }
        let Some(begun) = &mut self.begun else { return Poll::Pending };
        let is_begun = ready!(Pin::new(begun).poll(context)).is_ok();
        self.begun = None;
        if !is_begun {
            // The requests were dropped before they were read; the response tells why.
            return Poll::Pending;
        }
        let raw = std::mem::replace(&mut self.raw, Box::pin(std::future::pending()));
        Poll::Ready(Ok(ResponseStream::opening(Opening::new(self.method, raw))))
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
    let message = decode(raw.method, &raw.message, raw.memory)?;
    let RawResponse { headers, trailers, trace_id, .. } = raw;
    Ok(Response { message, headers: headers.into(), trailers: trailers.into(), trace_id })
}
