//! The client: settings and a transport, shared by every call.

mod builder;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use tokio_stream::{Stream, StreamExt as _};

pub use self::builder::ClientBuilder;
use crate::call::{Call, StreamCall};
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind};
use crate::metadata::Metadata;
use crate::method::{Method, Rpc};
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
/// A clone shares the connection. Building one does no I/O: the connection is made by the first call, made again after
/// it broke, and belongs to the Tokio runtime (with its I/O and time drivers) that the call is awaited on.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) transport: Transport,
    credentials: Option<Arc<dyn Credentials>>,
    headers: HeaderMap,
    timeout: Option<Duration>,
}

impl Client {
    /// Settings of a new client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A call with one request and one response.
    pub fn unary<I, O>(&self, rpc: &Rpc<I, O>, request: &I) -> Call<O>
    where
        I: prost::Message,
        O: prost::Message + Default + 'static,
    {
        Call::new(self, rpc.method(), self.0.timeout, Payload::encode(request).map(RequestBody::Message))
    }

    /// A call with one request and many responses.
    pub fn server_streaming<I, O>(&self, rpc: &Rpc<I, O>, request: &I) -> StreamCall<O>
    where
        I: prost::Message,
        O: prost::Message + Default + 'static,
    {
        StreamCall::new(self, rpc.method(), Payload::encode(request).map(RequestBody::Message))
    }

    /// A call with many requests and one response.
    ///
    /// Like every call with a stream, it has no deadline unless it is given one.
    pub fn client_streaming<I, O>(
        &self,
        rpc: &Rpc<I, O>,
        requests: impl Stream<Item = I> + Send + 'static,
    ) -> Call<O>
    where
        I: prost::Message,
        O: prost::Message + Default + 'static,
    {
        Call::new(self, rpc.method(), None, Ok(encode_stream(requests)))
    }

    /// A call with many requests and many responses, in any order.
    ///
    /// It resolves when the server's headers arrive, and a server may wait for the first request before it sends
    /// them: put the first requests into the stream before awaiting.
    pub fn bidirectional<I, O>(
        &self,
        rpc: &Rpc<I, O>,
        requests: impl Stream<Item = I> + Send + 'static,
    ) -> StreamCall<O>
    where
        I: prost::Message,
        O: prost::Message + Default + 'static,
    {
        StreamCall::new(self, rpc.method(), Ok(encode_stream(requests)))
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }
}

fn encode_stream<I: prost::Message>(requests: impl Stream<Item = I> + Send + 'static) -> RequestBody {
    RequestBody::Stream(Box::pin(requests.map(|request| Payload::encode(&request))))
}

impl Inner {
    /// The headers of one call, a later source replacing an earlier one's names: the client's own, the credentials,
    /// the call's.
    pub(crate) async fn headers(&self, method: &'static Method, call: HeaderMap) -> Result<HeaderMap, Error> {
        let mut headers = self.headers.clone();
        if let Some(credentials) = &self.credentials {
            let authorization = credentials.authorize(method).await.map_err(|source| {
                Error::new(ErrorKind::Credentials, "the credentials could not be obtained")
                    .with_source(source)
            })?;
            headers.extend(authorization.into_headers());
        }
        headers.extend(call);
        Ok(headers)
    }

    /// Tells the credentials when the server did not accept them.
    pub(crate) fn observe(&self, error: &Error) {
        if let Some(credentials) = &self.credentials
            && error.kind() == ErrorKind::Status
            && error.is_unauthenticated()
        {
            credentials.rejected();
        }
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
            .finish()
    }
}
