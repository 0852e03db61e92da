//! Settings of a client, checked when it is built.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::USER_AGENT;
use http::{HeaderMap, HeaderValue};

use super::{Client, Inner};
use crate::credentials::{Authorization, Credentials, InvalidCredentials};
use crate::error::{BoxError, Error, ErrorKind};
use crate::metadata::{Metadata, is_secret};
use crate::transport::{GrpcOptions, GrpcService, GrpcTransport, Transport, append_header};

const DEFAULT_USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
/// Bytes; what gRPC implementations agree on.
const DEFAULT_MAX_MESSAGE_SIZE: usize = 4 << 20;
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// Settings of a [`Client`]. The first wrong one is the error of [`ClientBuilder::build`].
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    server: Option<Server>,
    credentials: Option<Arc<dyn Credentials>>,
    headers: HeaderMap,
    timeout: Option<Duration>,
    connect_timeout: Duration,
    max_message_size: usize,
    allow_insecure: bool,
    error: Option<Error>,
}

enum Server {
    Endpoint(String),
    Service(Box<dyn GrpcService>),
}

impl Default for ClientBuilder {
    fn default() -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, HeaderValue::from_static(DEFAULT_USER_AGENT));
        Self {
            server: None,
            credentials: None,
            headers,
            timeout: None,
            connect_timeout: DEFAULT_CONNECT_TIMEOUT,
            max_message_size: DEFAULT_MAX_MESSAGE_SIZE,
            allow_insecure: false,
            error: None,
        }
    }
}

impl ClientBuilder {
    /// The gRPC server, as `https://host` or `http://host`, with a port where it is not the scheme's own.
    ///
    /// `https` needs the feature `tls-ring` or `tls-aws-lc` and trusts Mozilla's root certificates; for other
    /// roots give a [`channel`](Self::channel).
    pub fn grpc(mut self, endpoint: impl Into<String>) -> Self {
        self.server = Some(Server::Endpoint(endpoint.into()));
        self
    }

    /// A connection of the caller's making instead of an endpoint: a `tonic::transport::Channel`, or any tower
    /// service that answers gRPC, such as an in-process server.
    ///
    /// Credentials are sent over it whatever it is; that it is secure is the caller's to know.
    pub fn channel<S, B>(mut self, service: S) -> Self
    where
        S: tower_service::Service<http::Request<tonic::body::Body>, Response = http::Response<B>>,
        S: Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.server = Some(Server::Service(Box::new(service)));
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
        match HeaderValue::try_from(format!("{} {DEFAULT_USER_AGENT}", user_agent.as_ref())) {
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

    /// How long making the connection may take; 20 seconds by default. Not for a [`channel`](Self::channel).
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
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
    pub fn build(self) -> Result<Client, Error> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let options = GrpcOptions {
            connect_timeout: self.connect_timeout,
            max_message_size: self.max_message_size,
            allow_insecure: self.allow_insecure,
        };
        let transport = Transport::Grpc(match self.server {
            Some(Server::Endpoint(endpoint)) => GrpcTransport::from_endpoint(&endpoint, &options)?,
            Some(Server::Service(service)) => GrpcTransport::from_service(service, self.max_message_size),
            None => return Err(Error::new(ErrorKind::Config, "no server: call `grpc` or `channel`")),
        });
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
        })))
    }

    fn fail(&mut self, error: Error) {
        self.error.get_or_insert(error);
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The endpoint is not shown: until it is checked it may hold a user name and a password.
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials.as_ref().map(|_| format_args!("<redacted>")))
            .field("headers", &Metadata::from(self.headers.clone()))
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("max_message_size", &self.max_message_size)
            .field("allow_insecure", &self.allow_insecure)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}
