//! Settings of a client, checked when it is built.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use http::header::USER_AGENT;
use http::{HeaderMap, HeaderName, HeaderValue};
use tower_layer::Layer;
use tower_service::Service;

use super::{Client, Inner, Preflight};
use crate::client::credentials::{Authorization, Credentials, InvalidCredentials};
use crate::client::retry::{Budget, RetryPolicy};
use crate::error::metadata::{Metadata, is_secret};
use crate::error::{BoxError, Error, ErrorKind};
use crate::transport::{
    Body, ConnectOptions, Endpoint, HttpService, Protocol, Transport, append_header, connect,
};

const DEFAULT_USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
/// Bytes; what gRPC implementations agree on.
const DEFAULT_MAX_MESSAGE_SIZE: usize = 4 << 20;
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
/// Where servers and proxies commonly say what they call a call.
const DEFAULT_TRACE_HEADERS: [&str; 3] = ["x-request-id", "x-correlation-id", "x-trace-id"];

/// Settings of a [`Client`], or of the client type `C` of a generated crate. The first wrong one is the error of
/// [`ClientBuilder::build`].
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder<C = Client> {
    server: Option<(Protocol, Server)>,
    credentials: Option<Arc<dyn Credentials>>,
    headers: HeaderMap,
    timeout: Option<Duration>,
    retry: RetryPolicy,
    scope: Option<String>,
    trace_headers: Vec<HeaderName>,
    preflight: Option<Arc<dyn Preflight>>,
    preflight_masks: bool,
    connect: ConnectOptions,
    max_message_size: usize,
    allow_insecure: bool,
    layers: Vec<Box<dyn FnOnce(HttpService) -> HttpService + Send>>,
    error: Option<Error>,
    /// What is named in `user-agent`, besides the program: the SDK, and this crate.
    sdk: String,
    client: PhantomData<fn() -> C>,
}

enum Server {
    Endpoint(String),
    Service(HttpService),
}

impl<C> Default for ClientBuilder<C> {
    fn default() -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, HeaderValue::from_static(DEFAULT_USER_AGENT));
        Self {
            server: None,
            credentials: None,
            headers,
            timeout: None,
            retry: RetryPolicy::default(),
            scope: None,
            trace_headers: DEFAULT_TRACE_HEADERS.into_iter().map(HeaderName::from_static).collect(),
            preflight: None,
            preflight_masks: false,
            connect: ConnectOptions {
                connect_timeout: DEFAULT_CONNECT_TIMEOUT,
                roots: Vec::new(),
                http2_only: true,
            },
            max_message_size: DEFAULT_MAX_MESSAGE_SIZE,
            allow_insecure: false,
            layers: Vec::new(),
            error: None,
            sdk: DEFAULT_USER_AGENT.to_owned(),
            client: PhantomData,
        }
    }
}

impl<C: From<Client>> ClientBuilder<C> {
    /// Calls by gRPC the server at `https://host` or `http://host`, with a port where it is not the scheme's own.
    ///
    /// `https` needs the feature `tls-ring` or `tls-aws-lc`.
    #[cfg(feature = "grpc")]
    pub fn grpc(self, endpoint: impl Into<String>) -> Self {
        self.server(Protocol::Grpc, Server::Endpoint(endpoint.into()))
    }

    /// Calls by gRPC through a connection of the caller's making: any tower service that answers gRPC, such as an
    /// in-process server. A `tonic::transport::Channel` takes requests with tonic's own body, so it needs
    /// `tower::ServiceExt::map_request(channel, |request| request.map(tonic::body::Body::new))`.
    ///
    /// Credentials are sent over it whatever it is; that it is secure is the caller's to know.
    #[cfg(feature = "grpc")]
    pub fn grpc_service<S, B>(self, service: S) -> Self
    where
        S: Service<http::Request<Body>, Response = http::Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.server(Protocol::Grpc, Server::Service(HttpService::new(service)))
    }

    /// Calls by REST and JSON (`google.api.http`) the server at `https://host` or `http://host`, with a port where it
    /// is not the scheme's own, and with a path where the API's own paths come below one.
    ///
    /// `https` needs the feature `tls-ring` or `tls-aws-lc`.
    /// In a browser (wasm32) requests are sent by `fetch`, and TLS is the browser's.
    #[cfg(feature = "rest")]
    pub fn rest(self, endpoint: impl Into<String>) -> Self {
        self.server(Protocol::Rest, Server::Endpoint(endpoint.into()))
    }

    /// Calls by REST and JSON through a connection of the caller's making: any tower service that answers HTTP, such as
    /// an in-process server. The URIs of its requests have no host.
    ///
    /// Credentials are sent over it whatever it is; that it is secure is the caller's to know.
    #[cfg(feature = "rest")]
    pub fn rest_service<S, B>(self, service: S) -> Self
    where
        S: Service<http::Request<Body>, Response = http::Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.server(Protocol::Rest, Server::Service(HttpService::new(service)))
    }

    /// Puts a layer around the connection: it sees the HTTP requests of all attempts and their responses, credentials
    /// included. The last one added is the outermost.
    pub fn layer<L, S, B>(mut self, layer: L) -> Self
    where
        L: Layer<HttpService, Service = S> + Send + 'static,
        S: Service<http::Request<Body>, Response = http::Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.layers.push(Box::new(move |inner| HttpService::new(layer.layer(inner))));
        self
    }

    /// Sends `authorization: apikey <key>` with every call.
    pub fn api_key(self, key: impl AsRef<str>) -> Self {
        self.authorization(Authorization::api_key(key.as_ref()))
    }

    /// Sends `authorization: Bearer <token>` with every call.
    pub fn bearer(self, token: impl AsRef<str>) -> Self {
        self.authorization(Authorization::bearer(token.as_ref()))
    }

    /// Asks this source of credentials before every call.
    pub fn credentials(mut self, credentials: impl Credentials) -> Self {
        self.credentials = Some(Arc::new(credentials));
        self
    }

    fn authorization(mut self, authorization: Result<Authorization, InvalidCredentials>) -> Self {
        match authorization {
            Ok(authorization) => self.credentials(authorization),
            Err(error) => {
                self.fail(Error::new(ErrorKind::Config, error.to_string()));
                self
            }
        }
    }

    /// Adds a header to every call. A call that sets the same name replaces it. The value of a name that ends in
    /// `-bin` is base64.
    pub fn header(mut self, name: impl AsRef<str>, value: impl TryInto<HeaderValue>) -> Self {
        if let Err(message) = append_header(&mut self.headers, name.as_ref(), value.try_into().ok()) {
            self.fail(Error::new(ErrorKind::Config, message));
        }
        self
    }

    /// Names the calling program in `user-agent`, before the SDK's own name.
    pub fn user_agent(mut self, user_agent: impl AsRef<str>) -> Self {
        match HeaderValue::try_from(format!("{} {}", user_agent.as_ref(), self.sdk)) {
            Ok(value) => drop(self.headers.insert(USER_AGENT, value)),
            Err(_) => self.fail(Error::new(ErrorKind::Config, "the user agent is not a valid header value")),
        }
        self
    }

    /// How long a unary call may take, connecting and credentials included, unless it says otherwise. No limit by
    /// default. It does not apply to calls with a stream, which may well be meant to stay open.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How calls that failed are made again, where repeating them does no harm.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The account (or other scope) of every request that names none: it is put where the API's own rules of access
    /// look for it.
    pub fn account_id(mut self, account: impl Into<String>) -> Self {
        self.scope = Some(account.into());
        self
    }

    /// Refuses calls that the server would refuse to this caller, before anything is sent: the error is the server's, with
    /// the same code and details, and its [kind](crate::ErrorKind::Refused) says where it comes from.
    ///
    /// It saves calls and says what is missing; it protects nothing, since the server decides all the same. What is
    /// checked is [`Access::check`](crate::Access::check) with the account that the request names once the client's is
    /// filled in, so state the account that the permissions hold in, and the kind of caller if methods ask for it. Of
    /// calls that send a stream, the account is not looked at. A call with an `authorization` of its own is somebody
    /// else's: it is not checked.
    pub fn preflight(mut self, caller: impl Preflight) -> Self {
        self.preflight = Some(Arc::new(caller));
        self
    }

    /// Has the [preflight](Self::preflight) go by what updates with a field mask read, too
    /// ([`Method::check_masked`](crate::Method::check_masked)), for servers that do. Without any of the features `json`
    /// and `rest` it is not known which updates have a mask, and all of them are taken to have one.
    pub fn preflight_masks(mut self) -> Self {
        self.preflight_masks = true;
        self
    }

    /// The response header or trailer that says what the server calls a call: it becomes the `trace_id` of responses
    /// and errors. `x-request-id`, `x-correlation-id` and `x-trace-id` are looked at in any case, after those given.
    pub fn trace_header(mut self, name: impl AsRef<str>) -> Self {
        match HeaderName::try_from(name.as_ref()) {
            Ok(name) => self.trace_headers.insert(0, name),
            Err(_) => self.fail(Error::new(ErrorKind::Config, "the trace header's name is not valid")),
        }
        self
    }

    /// Trusts these certificates, in PEM, besides Mozilla's roots.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.connect.roots.push(pem.into());
        self
    }

    /// How long making a connection may take; 20 seconds by default. Not for a connection of the caller's making.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect.connect_timeout = timeout;
        self
    }

    /// The largest response message that is accepted, in bytes; 4 MiB by default.
    pub fn max_message_size(mut self, bytes: usize) -> Self {
        self.max_message_size = bytes;
        self
    }

    /// Lets credentials go over plain `http` to another host than this one.
    ///
    /// Without it such a client is refused, since anyone on the way could read the secret. A cluster whose network or
    /// sidecar encrypts is what it is for.
    pub fn allow_insecure(mut self) -> Self {
        self.allow_insecure = true;
        self
    }

    /// Checks the settings. Makes no connection.
    pub fn build(self) -> Result<C, Error> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let (protocol, server) = self.server.ok_or_else(|| {
            Error::new(ErrorKind::Config, "no server: say where it is, as by `grpc` or `rest`")
        })?;
        let (endpoint, service) = match server {
            Server::Service(service) => (None, service),
            Server::Endpoint(endpoint) => {
                let endpoint = Endpoint::parse(&endpoint)?;
                let (endpoint, http2_only) = match protocol {
                    #[cfg(feature = "grpc")]
                    Protocol::Grpc => (endpoint.without_path()?, true),
                    #[cfg(feature = "rest")]
                    Protocol::Rest => (endpoint, false),
                };
                let service = connect(&endpoint, &ConnectOptions { http2_only, ..self.connect })?;
                (Some(endpoint), service)
            }
        };
        let service = self.layers.into_iter().fold(service, |service, layer| layer(service));
        let (max_message_size, allow_insecure) = (self.max_message_size, self.allow_insecure);
        let transport = Transport { protocol, endpoint, service, max_message_size, allow_insecure };
        if !transport.may_send_secrets()
            && (self.credentials.is_some() || self.headers.iter().any(|(name, value)| is_secret(name, value)))
        {
            return Err(Error::new(
                ErrorKind::Config,
                "credentials would go over plain http: use https, or `allow_insecure` where the network is trusted",
            ));
        }
        Ok(Client(Arc::new(Inner {
            transport,
            credentials: self.credentials,
            headers: self.headers,
            timeout: self.timeout,
            retry: self.retry,
            budget: Budget::default(),
            scope: self.scope,
            trace_headers: self.trace_headers,
            preflight: self.preflight,
            preflight_masks: self.preflight_masks,
        }))
        .into())
    }

    /// Names the generated crate, as `name/version`.
    #[doc(hidden)]
    pub fn __sdk(mut self, sdk: &'static str) -> Self {
        self.sdk = format!("{sdk} {DEFAULT_USER_AGENT}");
        if let Ok(value) = HeaderValue::try_from(&self.sdk) {
            self.headers.insert(USER_AGENT, value);
        }
        self
    }

    fn server(mut self, protocol: Protocol, server: Server) -> Self {
        if self.server.replace((protocol, server)).is_some() {
            self.fail(Error::new(ErrorKind::Config, "two servers: a client is of one"));
        }
        self
    }

    fn fail(&mut self, error: Error) {
        self.error.get_or_insert(error);
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The endpoint is not shown: until it is checked it may hold a user name and a password.
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials.as_ref().map(|_| format_args!("<redacted>")))
            .field("headers", &Metadata::from(self.headers.clone()))
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .field("connect_timeout", &self.connect.connect_timeout)
            .field("max_message_size", &self.max_message_size)
            .field("allow_insecure", &self.allow_insecure)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}
