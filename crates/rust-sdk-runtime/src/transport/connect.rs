//! Connections to an endpoint: one pool for both transports, on hyper.
//!
//! hyper sends the URI unchanged. Clients that first parse a URL resolve `..` and `%2e%2e` in it, and follow redirects with the
//! credentials. This client does neither.

use std::time::Duration;

use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::endpoint::Endpoint;
use super::{Body, ConnectOptions, HttpService};
use crate::error::Error;

/// How long an unused connection is kept: less than the idle time of common load balancers.
const IDLE: Duration = Duration::from_secs(55);
/// How often the client pings a silent HTTP/2 connection with open calls.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How often the system probes a silent connection, since HTTP/1.1 has no pings.
const TCP_KEEP_ALIVE: Duration = Duration::from_secs(30);
/// The bytes that a server may send before the client reads them. With small windows, h2 mistakes many small responses for an attack, and
/// adaptive windows start small.
const STREAM_WINDOW: u32 = 2 << 20;
const CONNECTION_WINDOW: u32 = 16 << 20;

/// A service that connects on its first call, and reconnects after a connection broke.
pub(crate) fn connect(endpoint: &Endpoint, options: &ConnectOptions) -> Result<HttpService, Error> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_keepalive(Some(TCP_KEEP_ALIVE));
    tcp.set_connect_timeout(Some(options.connect_timeout));
    let mut builder = Client::builder(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .http2_only(options.http2_only)
        .http2_initial_stream_window_size(STREAM_WINDOW)
        .http2_initial_connection_window_size(CONNECTION_WINDOW)
        .http2_keep_alive_interval(KEEP_ALIVE);
    if endpoint.is_secure() {
        return with_tls(&builder, tcp, options);
    }
    Ok(HttpService::new(builder.build::<_, Body>(tcp)))
}

#[cfg(feature = "_tls")]
fn with_tls(
    builder: &hyper_util::client::legacy::Builder,
    tcp: HttpConnector,
    options: &ConnectOptions,
) -> Result<HttpService, Error> {
    let connector = super::tls::connector(tcp, options)?;
    Ok(HttpService::new(builder.build::<_, Body>(connector)))
}

#[cfg(not(feature = "_tls"))]
fn with_tls(
    _: &hyper_util::client::legacy::Builder,
    _: HttpConnector,
    _: &ConnectOptions,
) -> Result<HttpService, Error> {
    let message = "https needs TLS: switch on the feature `tls-ring` or `tls-aws-lc`";
    Err(Error::new(crate::error::ErrorKind::Config, message))
}
