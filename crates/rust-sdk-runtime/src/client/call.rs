//! Calls: set up step by step, then awaited.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::api::access::{Caller, Decision};
use crate::api::method::{Method, MethodSchemas, Rpc, Scope};
use crate::client::Client;
use crate::client::attempts::{RawCall, RawResponse, RawStream};
use crate::client::repeatable::Repeatable;
use crate::client::request_id;
use crate::client::retry::RetryPolicy;
use crate::client::stream::{ResponseStream, decode};
use crate::error::Error;
use crate::error::metadata::Metadata;
use crate::transport::{Payload, RequestBody, append_header};

/// The time limit of an attempt of a unary call that has no limit.
const DEFAULT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(60);

type BoxFuture<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// The header by which servers recognize a repeated call (<https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/>).
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The header by which Google's front ends route a call (AIP-4222).
const REQUEST_PARAMS: HeaderName = HeaderName::from_static("x-goog-request-params");

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

/// Everything about a call except its content.
struct Settings {
    client: Client,
    method: &'static Method,
    schemas: Option<MethodSchemas>,
    headers: HeaderMap,
    timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    retry: RetryPolicy,
    repeatable: Repeatable,
    account: Option<String>,
    /// The error of the first invalid setting.
    error: Option<Error>,
}

impl Settings {
    /// `timeout` is the client's.
    fn new<I, O>(client: &Client, rpc: &Rpc<I, O>, timeout: Option<Duration>) -> Self {
        let method = rpc.method();
        Self {
            client: client.clone(),
            method,
            schemas: rpc.schemas(),
            headers: HeaderMap::new(),
            timeout: timeout.or(method.default_timeout()),
            attempt_timeout: client.inner().attempt_timeout(),
            retry: client.inner().retry(method),
            repeatable: Repeatable::of(method),
            account: None,
            error: None,
        }
    }

    /// The same settings for another call.
    fn again(&self) -> Self {
        Self {
            client: self.client.clone(),
            headers: self.headers.clone(),
            retry: self.retry.clone(),
            account: self.account.clone(),
            error: None,
            ..*self
        }
    }

    /// The account (or other scope) of a request that names none.
    fn account(&self) -> Option<&str> {
        self.account.as_deref().or_else(|| self.client.inner().scope())
    }

    fn preflight(
        &self,
        decide: impl for<'a> FnOnce(&Method, &Caller<'a>) -> Decision<'a>,
    ) -> Result<(), Error> {
        // A call with an `authorization` header of its own is made as another caller.
        if self.headers.contains_key(AUTHORIZATION) {
            return Ok(());
        }
        self.client.inner().preflight(self.method, |caller| decide(self.method, caller))
    }

    fn header(&mut self, name: &str, value: Option<HeaderValue>) {
        if let Err(message) = append_header(&mut self.headers, name, value) {
            self.error.get_or_insert_with(|| Error::invalid_argument(message));
        }
    }

    fn idempotency_key(&mut self, key: &str) {
        self.header(IDEMPOTENCY_KEY.as_str(), HeaderValue::from_str(key).ok());
        self.repeatable = Repeatable::stated(true);
    }

    /// Applies the default limit of a unary call: without it, a call could wait for ever.
    fn bounded(mut self) -> Self {
        if self.timeout.is_none() && self.attempt_timeout.is_none() {
            self.attempt_timeout = Some(DEFAULT_ATTEMPT_TIMEOUT);
        }
        self
    }

    /// Fills in the ids that the request lacks.
    fn complete(&self, payload: Payload) -> Result<Payload, Error> {
        let ids = request_id::missing(self.method.uuid_fields(), payload.message());
        payload.append(&ids)
    }

    /// Adds the routing header (AIP-4222), unless the caller set it.
    fn route(&mut self, body: &RequestBody) {
        if let RequestBody::Message(payload) = body
            && !self.headers.contains_key(REQUEST_PARAMS)
            && !self.client.inner().has_header(&REQUEST_PARAMS)
            && let Some(parameters) = self.method.request_params_of(payload.message())
            && let Ok(value) = HeaderValue::try_from(parameters)
        {
            self.headers.insert(REQUEST_PARAMS, value);
        }
    }

    fn raw<I: prost::Message>(mut self, content: Content<I>) -> Result<RawCall, Error> {
        if let Some(error) = self.error {
            return Err(error.with_method(self.method.full_name()));
        }
        let body = content.encode(&self).map_err(|error| error.with_method(self.method.full_name()))?;
        self.route(&body);
        Ok(RawCall {
            client: self.client,
            method: self.method,
            schemas: self.schemas,
            headers: self.headers,
            timeout: self.timeout,
            attempt_timeout: self.attempt_timeout,
            retry: self.retry,
            repeatable: self.repeatable,
            body,
        })
    }
}

fn single(call: Result<RawCall, Error>) -> BoxFuture<RawResponse> {
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

impl fmt::Debug for Settings {
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
        impl<I, O> $call<I, O> {
            pub(crate) fn unary(client: &Client, rpc: Rpc<I, O>, request: I) -> Self {
                Self {
                    settings: Settings::new(client, &rpc, Self::timeout_of(client)),
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
        self.settings.error.take().map(|error| error.with_method(self.method().full_name()))
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
        settings.raw(self.content)
    }
}

impl<O> Call<(), O> {
    pub(crate) fn streaming<I>(client: &Client, rpc: &Rpc<I, O>, body: RequestBody) -> Self {
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
        let finish = |raw: RawResponse| decode(raw.method, &raw.message);
        CallFuture { raw: single(self.raw()), finish }
    }
}

impl<I: prost::Message, O: prost::Message + Default> IntoFuture for StreamCall<I, O> {
    type Output = Result<ResponseStream<O>, Error>;
    type IntoFuture = StreamFuture<O>;

    fn into_future(self) -> StreamFuture<O> {
        StreamFuture { raw: open(self.settings.raw(self.content)), output: PhantomData }
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
    let RawResponse { headers, trailers, trace_id, .. } = raw;
    Ok(Response { message, headers: headers.into(), trailers: trailers.into(), trace_id })
}
