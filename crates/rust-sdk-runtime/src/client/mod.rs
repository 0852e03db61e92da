//! The client: settings and a transport, shared by every call.

pub(crate) mod attempts;
mod builder;
pub(crate) mod call;
mod call_docs;
pub mod credentials;
mod opening;
pub mod operation;
pub(crate) mod pages;
mod preflight;
mod repeatable;
mod request_id;
pub mod retry;
pub(crate) mod settings;
pub(crate) mod stream;
#[cfg(feature = "testing")]
pub mod testing;
mod trace;
pub(crate) mod wait;
mod wait_error;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName};
use tokio_stream::{Stream, StreamExt as _};

pub use self::builder::ClientBuilder;
pub use self::call::{Call, CallFuture, Response, StreamCall, StreamFuture};
pub use self::pages::{Items, PageToken, Pages, Paginated, Token, next_number, next_offset};
pub use self::preflight::Preflight;
pub use self::stream::ResponseStream;
pub use self::wait::Wait;
pub use self::wait_error::WaitError;
use crate::api::method::{Method, Rpc};
use crate::client::credentials::Credentials;
use crate::client::operation::PollPolicy;
use crate::client::retry::{Budget, RetryPolicy};
use crate::error::metadata::{GATEWAY_PREFIXES, Metadata};
use crate::error::{Delivery, Error, ErrorKind};
use crate::transport::{Payload, RequestBody, Transport};

/// A client of one API.
///
/// ```
/// # fn main() -> Result<(), rust_sdk_runtime::Error> {
/// use std::time::Duration;
///
/// use rust_sdk_runtime::Client;
///
/// let client = Client::builder()
///     .grpc("http://localhost:50051")
///     .api_key("the-key")
///     .timeout(Duration::from_secs(30))
///     .build()?;
/// # Ok(())
/// # }
/// ```
///
/// A clone shares the connection. Building a client does no I/O: the first call connects, and a later call reconnects after the connection
/// broke. The connection belongs to the Tokio runtime (with its I/O and time drivers) on which the connecting call is awaited.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) transport: Transport,
    credentials: Option<Arc<dyn Credentials>>,
    headers: HeaderMap,
    timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    /// `None`: the method's own policy, or the default one.
    retry: Option<RetryPolicy>,
    /// `None`: what the API states for the method, or the default.
    poll_policy: Option<PollPolicy>,
    pub(crate) budget: Budget,
    /// How much memory a response message may take, in bytes.
    pub(crate) max_memory: usize,
    /// The account (or other scope) of requests that name none.
    scope: Option<String>,
    /// The headers that may hold the trace id, the most likely first.
    trace_headers: Vec<HeaderName>,
    /// The caller whose access is checked before each call; `None` switches the check off.
    preflight: Option<Arc<dyn Preflight>>,
    /// Whether the preflight also checks the read access that updates with field masks need.
    preflight_masks: bool,
}

impl Client {
    /// Settings of a new client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A call with one request and one response.
    pub fn call<I, O, K>(&self, rpc: &Rpc<I, O, K>, request: I) -> Call<I, O>
    where
        I: prost::Message,
        O: prost::Message + Default,
    {
        Call::unary(self, rpc, request)
    }

    /// A call with one request and many responses.
    pub fn server_streaming<I, O>(&self, rpc: &Rpc<I, O>, request: I) -> StreamCall<I, O>
    where
        I: prost::Message,
        O: prost::Message + Default,
    {
        StreamCall::unary(self, rpc, request)
    }

    /// A call with many requests and one response.
    ///
    /// No deadline applies unless you set one or the API states one for the method, as for every call with a stream.
    pub fn client_streaming<I, O, K>(
        &self,
        rpc: &Rpc<I, O, K>,
        requests: impl Stream<Item = I> + Send + 'static,
    ) -> Call<(), O>
    where
        I: prost::Message,
        O: prost::Message + Default,
    {
        Call::streaming(self, rpc, encode_stream(requests))
    }

    /// A call with many requests and many responses, in any order.
    ///
    /// The call resolves when the request is on its way, and does not wait for the server, so you may send the first request afterwards. What
    /// the server answers, a rejection too, comes with the first [`message`](ResponseStream::message).
    pub fn bidirectional<I, O>(
        &self,
        rpc: &Rpc<I, O>,
        requests: impl Stream<Item = I> + Send + 'static,
    ) -> StreamCall<(), O>
    where
        I: prost::Message,
        O: prost::Message + Default,
    {
        StreamCall::streaming(self, rpc, encode_stream(requests))
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }
}

fn encode_stream<I: prost::Message>(requests: impl Stream<Item = I> + Send + 'static) -> RequestBody {
    RequestBody::Stream(Box::pin(requests.map(|request| Payload::encode(&request))))
}

impl Inner {
    /// The timeout of a unary call that sets none.
    pub(crate) fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// The time limit of an attempt, if one is set.
    pub(crate) fn attempt_timeout(&self) -> Option<Duration> {
        self.attempt_timeout
    }

    /// The retry policy of calls that set none.
    pub(crate) fn retry(&self, method: &Method) -> RetryPolicy {
        let stated = || method.default_retry().map(RetryPolicy::stated);
        self.retry.clone().or_else(stated).unwrap_or_default()
    }

    /// How often pollers that set no policy ask, if the client states it.
    pub(crate) fn poll_policy(&self) -> Option<PollPolicy> {
        self.poll_policy.clone()
    }

    /// The account (or other scope) of requests that name none.
    pub(crate) fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }

    /// Whether every call has this header.
    pub(crate) fn has_header(&self, name: &HeaderName) -> bool {
        self.headers.contains_key(name)
    }

    /// The headers of one call: the client's own, then the credentials, then the call's. A later source replaces an earlier one's header of
    /// the same name.
    pub(crate) async fn headers(
        &self,
        method: &'static Method,
        call: &HeaderMap,
    ) -> Result<HeaderMap, Error> {
        let mut headers = self.headers.clone();
        if let Some(credentials) = &self.credentials {
            let authorization = credentials.authorize(method).await.map_err(|source| {
                Error::new(ErrorKind::Credentials, "the credentials could not be obtained")
                    .with_source(source)
            })?;
            headers.extend(authorization.into_headers());
        }
        headers.extend(call.clone());
        Ok(headers)
    }

    /// Adds the endpoint, the method and the trace id to a call's error. Tells the credentials when the server rejected them; if they can
    /// be renewed, the call may be made again.
    pub(crate) fn observe(&self, mut error: Error, method: &'static Method) -> Error {
        if error.kind() == ErrorKind::Transport {
            error = error.located(self.transport.endpoint.as_ref());
        }
        if let Some(credentials) = &self.credentials
            && error.kind() == ErrorKind::Status
            && error.is_unauthenticated()
            && credentials.rejected()
        {
            error = error.delivered(Delivery::NotProcessed);
        }
        let trace_id = self.trace_id(error.headers().as_map(), error.trailers().as_map());
        let error = error.with_method(method.full_name());
        match trace_id {
            Some(id) => error.with_trace_id(id),
            None => error,
        }
    }

    /// The server's id of a call: the value of the first trace header that the response has.
    pub(crate) fn trace_id(&self, headers: &HeaderMap, trailers: &HeaderMap) -> Option<String> {
        let find = |name: &str| {
            let value = trailers.get(name).or_else(|| headers.get(name))?;
            value.to_str().ok().filter(|id| !id.is_empty()).map(ToOwned::to_owned)
        };
        let mut names = self.trace_headers.iter().map(HeaderName::as_str);
        let prefixed =
            |name: &str| GATEWAY_PREFIXES.iter().find_map(|prefix| find(&format!("{prefix}{name}")));
        names.clone().find_map(find).or_else(|| names.find_map(prefixed))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        f.debug_struct("Client")
            .field("transport", &inner.transport)
            .field("credentials", &inner.credentials.as_ref().map(|_| format_args!("<redacted>")))
            .field("headers", &Metadata::from(inner.headers.clone()))
            .field("timeout", &inner.timeout)
            .field("retry", &inner.retry)
            .finish_non_exhaustive()
    }
}
