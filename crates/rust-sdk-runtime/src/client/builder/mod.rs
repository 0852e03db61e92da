//! Settings of a client, checked when it is built.

#[cfg(not(target_family = "wasm"))]
mod network;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use http::header::USER_AGENT;
use http::{HeaderMap, HeaderName, HeaderValue};
use tower_layer::Layer;
use tower_service::Service;

use crate::client::credentials::{Authorization, Credentials, InvalidCredentials};
use crate::client::operation::PollPolicy;
use crate::client::retry::{Budget, RetryPolicy};
use crate::client::{Client, Inner, Preflight};
use crate::error::metadata::{Metadata, is_secret};
use crate::error::{BoxError, Error, ErrorKind};
#[cfg(not(target_family = "wasm"))]
use crate::transport::NetworkOptions;
#[cfg(feature = "rest")]
use crate::transport::RequestFraming;
use crate::transport::{
    Body, ConnectOptions, Endpoint, HttpService, Protocol, Transport, append_header, connect,
};

const DEFAULT_USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
/// In bytes; the default of most gRPC implementations.
const DEFAULT_MAX_MESSAGE_SIZE: usize = 4 << 20;
/// How many times the size of an encoded message the decoded one may take.
const MEMORY_FACTOR: usize = 16;
/// The protocol of a client for which no server is set.
#[cfg(feature = "grpc")]
const DEFAULT_PROTOCOL: Protocol = Protocol::Grpc;
#[cfg(not(feature = "grpc"))]
const DEFAULT_PROTOCOL: Protocol = Protocol::Rest;
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
/// The headers in which servers and proxies commonly send their id of a call.
const DEFAULT_TRACE_HEADERS: [&str; 3] = ["x-request-id", "x-correlation-id", "x-trace-id"];

/// Settings of a [`Client`], or of the client type `C` of a generated crate. [`ClientBuilder::build`] returns the error of the first
/// invalid setting.
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder<C = Client> {
    server: Option<(Protocol, Server)>,
    /// The host that the API states.
    default_host: Option<&'static str>,
    credentials: Option<Arc<dyn Credentials>>,
    headers: HeaderMap,
    timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    retry: Option<RetryPolicy>,
    poll_policy: Option<PollPolicy>,
    scope: Option<String>,
    trace_headers: Vec<HeaderName>,
    preflight: Option<Arc<dyn Preflight>>,
    preflight_masks: bool,
    connect: ConnectOptions,
    max_message_size: usize,
    max_memory: Option<usize>,
    allow_insecure: bool,
    #[cfg(feature = "rest")]
    request_framing: RequestFraming,
    #[cfg(all(feature = "gzip", feature = "grpc"))]
    compress: bool,
    layers: Vec<Box<dyn FnOnce(HttpService) -> HttpService + Send>>,
    error: Option<Error>,
    /// The SDK and this crate, named in `user-agent` after the calling program.
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
            default_host: None,
            credentials: None,
            headers,
            timeout: None,
            attempt_timeout: None,
            retry: None,
            poll_policy: None,
            scope: None,
            trace_headers: DEFAULT_TRACE_HEADERS.into_iter().map(HeaderName::from_static).collect(),
            preflight: None,
            preflight_masks: false,
            connect: ConnectOptions {
                connect_timeout: DEFAULT_CONNECT_TIMEOUT,
                roots: Vec::new(),
                http2_only: true,
                #[cfg(not(target_family = "wasm"))]
                network: NetworkOptions::default(),
            },
            max_message_size: DEFAULT_MAX_MESSAGE_SIZE,
            max_memory: None,
            allow_insecure: false,
            #[cfg(feature = "rest")]
            request_framing: RequestFraming::default(),
            #[cfg(all(feature = "gzip", feature = "grpc"))]
            compress: false,
            layers: Vec::new(),
            error: None,
            sdk: DEFAULT_USER_AGENT.to_owned(),
            client: PhantomData,
        }
    }
}

impl<C: From<Client>> ClientBuilder<C> {
    /// Calls the server at `https://host` or `http://host` over gRPC. Add a port unless it is the scheme's default.
    ///
    /// `https` needs the feature `tls-ring` or `tls-aws-lc`.
    #[cfg(feature = "grpc")]
    pub fn grpc(self, endpoint: impl Into<String>) -> Self {
        self.server(Protocol::Grpc, Server::Endpoint(endpoint.into()))
    }

    /// Calls a gRPC server through your own connection: any tower service that answers gRPC, such as an in-process server. A
    /// `tonic::transport::Channel` takes requests with tonic's own body, so it needs
    /// `tower::ServiceExt::map_request(channel, |request| request.map(tonic::body::Body::new))`.
    ///
    /// Credentials are sent over this connection without a check: make sure that it is secure.
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

    /// Calls the server at `https://host` or `http://host` over REST and JSON (`google.api.http`). Add a port unless it is the scheme's
    /// default, and a path if the API's paths are below one.
    ///
    /// `https` needs the feature `tls-ring` or `tls-aws-lc`. In a browser (wasm32), `fetch` sends the requests and the browser does TLS.
    #[cfg(feature = "rest")]
    pub fn rest(self, endpoint: impl Into<String>) -> Self {
        self.server(Protocol::Rest, Server::Endpoint(endpoint.into()))
    }

    /// Calls a REST and JSON server through your own connection: any tower service that answers HTTP, such as an in-process server. The
    /// request URIs have no host.
    ///
    /// Credentials are sent over this connection without a check: make sure that it is secure.
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

    /// Puts a layer around the connection. The layer sees the HTTP requests and responses of all attempts, credentials included. The last
    /// layer added is the outermost.
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

    /// Asks this source of credentials before every attempt of a call.
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
    ///
    /// A value that is [marked as sensitive](HeaderValue::set_sensitive) is never printed, and never sent over plain `http`. So are those of
    /// names that stand for secrets, such as `x-api-key` and `x-auth-token`.
    pub fn header(mut self, name: impl AsRef<str>, value: impl TryInto<HeaderValue>) -> Self {
        if let Err(message) = append_header(&mut self.headers, name.as_ref(), value.try_into().ok()) {
            self.fail(Error::new(ErrorKind::Config, message));
        }
        self
    }

    /// Names the calling program in `user-agent`, before the SDK's name.
    pub fn user_agent(mut self, user_agent: impl AsRef<str>) -> Self {
        match HeaderValue::try_from(format!("{} {}", user_agent.as_ref(), self.sdk)) {
            Ok(value) => drop(self.headers.insert(USER_AGENT, value)),
            Err(_) => self.fail(Error::new(ErrorKind::Config, "the user agent is not a valid header value")),
        }
        self
    }

    /// Limits the time of a unary call, unless the call sets its own limit. The time includes connecting, credentials and retries. Calls
    /// with a stream have no limit, since a stream may be meant to stay open.
    ///
    /// By default, the limit is that which the API states for the method. If it states none, only each attempt is limited, to 60 seconds: see
    /// [`attempt_timeout`](Self::attempt_timeout).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Limits the time of one attempt, so that an attempt without a response leaves time for the next one. An idempotent call is retried
    /// after it. For a response stream, the limit is the time until its headers arrive.
    ///
    /// By default an attempt of a unary call without a timeout may take 60 seconds. Other calls have no default.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Sets the retry policy of calls that set none. It replaces those that the API states for its methods.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// Sets how often pollers of long-running operations ask for the state, and for how long, unless the poller has a policy of its own. It
    /// replaces what the API states for its methods.
    pub fn poll_policy(mut self, policy: PollPolicy) -> Self {
        self.poll_policy = Some(policy);
        self
    }

    /// Sets the account (or other scope) of every request that names none. The account is put into the request field that the API's access
    /// rules name.
    pub fn account_id(mut self, account: impl Into<String>) -> Self {
        self.scope = Some(account.into());
        self
    }

    /// Rejects calls locally, before anything is sent, if the server would reject them for this caller. The error has the server's code and
    /// details; its [kind](crate::ErrorKind::Refused) says that the client rejected the call.
    ///
    /// The preflight saves calls and names missing permissions. It protects nothing: the server still decides. It runs
    /// [`Access::check`](crate::Access::check) with the request's account, after the client's account is filled in. So set the account in
    /// which the caller's permissions hold, and the kind of caller if methods require one. For calls that send a stream, the account is not
    /// checked. Calls with an `authorization` header of their own are not checked, since another caller makes them.
    pub fn preflight(mut self, caller: impl Preflight) -> Self {
        self.preflight = Some(Arc::new(caller));
        self
    }

    /// Makes the [preflight](Self::preflight) check updates with a field mask as [`Method::check_masked`](crate::Method::check_masked)
    /// does, for servers that do the same. Without the features `json` and `rest` the client cannot tell which updates have a mask, and
    /// treats all of them as if they had one.
    pub fn preflight_masks(mut self) -> Self {
        self.preflight_masks = true;
        self
    }

    /// Adds a response header or trailer that holds the server's id of a call, the `trace_id` of responses and errors. The client looks at
    /// the added headers first, the last one added before the others, and then at `x-request-id`, `x-correlation-id` and `x-trace-id`.
    pub fn trace_header(mut self, name: impl AsRef<str>) -> Self {
        match HeaderName::try_from(name.as_ref()) {
            Ok(name) => self.trace_headers.insert(0, name),
            Err(_) => self.fail(Error::new(ErrorKind::Config, "the trace header's name is not valid")),
        }
        self
    }

    /// Trusts these certificates (PEM) in addition to Mozilla's roots, or to the system's with the feature `tls-native-roots`.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.connect.roots.push(pem.into());
        self
    }

    /// Limits the time of connecting: name look-up, TCP, proxy, TLS, and the start of HTTP/2. 20 seconds by default. Has no effect on a
    /// connection of your own.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect.connect_timeout = timeout;
        self
    }

    /// Limits the size of a response message, in bytes; 4 MiB by default.
    pub fn max_message_size(mut self, bytes: usize) -> Self {
        self.max_message_size = bytes;
        self
    }

    /// Limits the memory that a response message takes once it is decoded, in bytes; by default 16 times
    /// [`max_message_size`](Self::max_message_size). Two bytes of a list can become a message of hundreds of bytes, so the size of the
    /// encoded message is no limit.
    pub fn max_message_memory(mut self, bytes: usize) -> Self {
        self.max_memory = Some(bytes);
        self
    }

    /// Sets how streams of requests are sent over REST: [`RequestFraming::Array`] (Envoy) by default, [`RequestFraming::Lines`] for
    /// grpc-gateway.
    #[cfg(feature = "rest")]
    pub fn request_framing(mut self, framing: RequestFraming) -> Self {
        self.request_framing = framing;
        self
    }

    /// Compresses the messages of gRPC requests with gzip. The server must support that. Responses are unpacked without a setting, over both
    /// transports, if the server compresses them.
    #[cfg(all(feature = "gzip", feature = "grpc"))]
    pub fn compress_requests(mut self) -> Self {
        self.compress = true;
        self
    }

    /// Allows credentials over plain `http` to other hosts than the local one.
    ///
    /// By default `build` rejects such a client, since anyone on the network could read the secret. Use this in a cluster whose network or
    /// sidecar encrypts the traffic.
    pub fn allow_insecure(mut self) -> Self {
        self.allow_insecure = true;
        self
    }

    /// Checks the settings and builds the client. Makes no connection.
    ///
    /// Without a server, the client calls the host that the API states (`google.api.default_host`), over gRPC if that is compiled in. Fails
    /// if the API states none.
    pub fn build(self) -> Result<C, Error> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let default = |host: &str| (DEFAULT_PROTOCOL, Server::Endpoint(format!("https://{host}")));
        let server = self.server.or_else(|| self.default_host.map(default));
        let (protocol, server) = server.ok_or_else(|| {
            Error::new(
                ErrorKind::Config,
                "no server is set: call `grpc`, `rest`, `grpc_service` or `rest_service`",
            )
        })?;
        let (endpoint, service) = match server {
            Server::Service(service) => (None, service),
            Server::Endpoint(endpoint) => {
                let endpoint = Endpoint::parse(&endpoint)?;
                let http2_only = match protocol {
                    #[cfg(feature = "grpc")]
                    Protocol::Grpc => true,
                    #[cfg(feature = "rest")]
                    Protocol::Rest => false,
                };
                let service = connect(&endpoint, &ConnectOptions { http2_only, ..self.connect })?;
                (Some(endpoint), service)
            }
        };
        let service = self.layers.into_iter().fold(service, |service, layer| layer(service));
        let (max_message_size, allow_insecure) = (self.max_message_size, self.allow_insecure);
        let transport = Transport {
            protocol,
            endpoint,
            service,
            max_message_size,
            allow_insecure,
            #[cfg(feature = "rest")]
            request_framing: self.request_framing,
            #[cfg(all(feature = "gzip", feature = "grpc"))]
            compress: self.compress,
        };
        if !transport.may_send_secrets()
            && (self.credentials.is_some() || self.headers.iter().any(|(name, value)| is_secret(name, value)))
        {
            return Err(Error::new(
                ErrorKind::Config,
                "credentials would be sent over plain http: use https, or call `allow_insecure` if the network is trusted",
            ));
        }
        Ok(Client(Arc::new(Inner {
            transport,
            credentials: self.credentials,
            headers: self.headers,
            timeout: self.timeout,
            attempt_timeout: self.attempt_timeout,
            retry: self.retry,
            poll_policy: self.poll_policy,
            budget: Budget::default(),
            max_memory: self.max_memory.unwrap_or_else(|| max_message_size.saturating_mul(MEMORY_FACTOR)),
            scope: self.scope,
            trace_headers: self.trace_headers,
            preflight: self.preflight,
            preflight_masks: self.preflight_masks,
        }))
        .into())
    }

    /// Sets the host of a client for which no server is set: the API's own.
    #[doc(hidden)]
    pub fn __default_host(mut self, host: &'static str) -> Self {
        self.default_host = Some(host);
        self
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
            self.fail(Error::new(ErrorKind::Config, "more than one server is set: call only one of `grpc`, `rest`, `grpc_service` and `rest_service`"));
        }
        self
    }

    fn fail(&mut self, error: Error) {
        self.error.get_or_insert(error);
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The endpoint is not shown: before it is checked, it may hold a user name and a password.
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials.as_ref().map(|_| format_args!("<redacted>")))
            .field("headers", &Metadata::from(self.headers.clone()))
            .field("timeout", &self.timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("retry", &self.retry)
            .field("connect_timeout", &self.connect.connect_timeout)
            .field("max_message_size", &self.max_message_size)
            .field("allow_insecure", &self.allow_insecure)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}
