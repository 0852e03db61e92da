//! Connections to an endpoint: name look-up, TCP or a connector of the user's, a proxy, TLS.

mod bytewise;
mod error;
mod io;
mod proxy;
mod tcp;
#[cfg(feature = "_tls")]
mod tls;

use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use tokio::time::{Instant, timeout_at};

pub(crate) use self::error::{ConnectError, Phase};
pub(super) use self::io::{Activity, BoxIo};
pub(crate) use self::tcp::CustomConnector;
use super::ConnectOptions;
use super::endpoint::Endpoint;
use crate::error::Error;

/// Makes connections to one endpoint.
pub(super) struct Connector {
    /// Where connections go: the endpoint, unless the user gave another address.
    target: Uri,
    route: Route,
    #[cfg(feature = "_tls")]
    tls: Option<tls::Tls>,
    http2_only: bool,
    timeout: Duration,
}

/// How bytes get to the target.
enum Route {
    Direct(tcp::Tcp),
    Custom(CustomConnector),
    Proxy(proxy::Proxy),
}

/// A connection, ready for HTTP.
pub(super) struct Connection {
    pub(super) io: BoxIo,
    pub(super) activity: Arc<Activity>,
    pub(super) is_http2: bool,
}

impl Connector {
    pub(super) fn new(endpoint: &Endpoint, options: &ConnectOptions) -> Result<Self, Error> {
        let target = endpoint.target(options.network.connect_to.as_deref())?;
        let route = match &options.network.custom {
            Some(custom) => Route::Custom(custom.clone()),
            None => match proxy::Proxy::of(&target, options)? {
                Some(proxy) => Route::Proxy(proxy),
                None => Route::Direct(tcp::Tcp::new()),
            },
        };
        #[cfg(not(feature = "_tls"))]
        if endpoint.is_secure() {
            let message = "https needs TLS: switch on the feature `tls-ring` or `tls-aws-lc`";
            return Err(Error::new(crate::error::ErrorKind::Config, message));
        }
        Ok(Self {
            target,
            route,
            #[cfg(feature = "_tls")]
            tls: endpoint.is_secure().then(|| tls::Tls::new(endpoint.host(), options)).transpose()?,
            http2_only: options.http2_only,
            timeout: options.connect_timeout,
        })
    }

    /// Whether connections speak HTTP/2; `None` if the server chooses.
    #[cfg_attr(not(feature = "_tls"), expect(clippy::unnecessary_wraps, reason = "without TLS it is known"))]
    pub(super) fn is_http2(&self) -> Option<bool> {
        #[cfg(feature = "_tls")]
        if self.tls.is_some() && !self.http2_only {
            return None;
        }
        Some(self.http2_only)
    }

    /// The moment by which a connection that is begun now must be ready.
    pub(super) fn deadline(&self) -> Instant {
        // A time that is too long to represent: about 30 years, as in Tokio.
        const FAR: Duration = Duration::from_secs(86400 * 365 * 30);
        let now = Instant::now();
        now.checked_add(self.timeout).unwrap_or_else(|| now + FAR)
    }

    /// The proxy that forwards requests, if any. It reads their whole URLs.
    pub(super) fn forwarding_proxy(&self) -> Option<&proxy::Proxy> {
        match &self.route {
            Route::Proxy(proxy) if proxy.forwards() => Some(proxy),
            _ => None,
        }
    }

    /// Makes a connection, up to the first byte of HTTP.
    pub(super) async fn connect(&self, deadline: Instant) -> Result<Connection, ConnectError> {
        let io = match &self.route {
            Route::Direct(tcp) => {
                within(deadline, Phase::Connect, self.timeout, tcp.connect(self.target.clone())).await?
            }
            Route::Custom(custom) => {
                within(deadline, Phase::Connect, self.timeout, custom.connect(self.target.clone())).await?
            }
            Route::Proxy(proxy) => {
                within(deadline, Phase::Proxy, self.timeout, proxy.connect(self.target.clone())).await?
            }
        };
        let activity = Arc::new(Activity::default());
        let io = io::watched(io, &activity);
        #[cfg(feature = "_tls")]
        if let Some(tls) = &self.tls {
            let (io, negotiated) = within(deadline, Phase::Tls, self.timeout, tls.connect(io)).await?;
            return Ok(Connection { io, activity, is_http2: self.http2_only || negotiated });
        }
        Ok(Connection { io, activity, is_http2: self.http2_only })
    }

    /// The error of a connection that was not ready for requests in time.
    pub(super) fn timed_out(&self, phase: Phase) -> ConnectError {
        ConnectError::TimedOut { phase, limit: self.timeout }
    }
}

/// The result of a step, or a timeout.
async fn within<T>(
    deadline: Instant,
    phase: Phase,
    limit: Duration,
    step: impl Future<Output = Result<T, ConnectError>>,
) -> Result<T, ConnectError> {
    timeout_at(deadline, step).await.unwrap_or(Err(ConnectError::TimedOut { phase, limit }))
}
