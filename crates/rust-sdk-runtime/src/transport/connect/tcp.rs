//! TCP connections, and connectors of the user's.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper::rt::{Read, Write};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::{GaiAddrs, GaiResolver, Name};
use tower_service::Service;

use super::error::ConnectError;
use super::io::BoxIo;
use crate::error::BoxError;

/// How often the system probes a silent connection, so that networks between do not forget it.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long sent bytes may stay unacknowledged before the system closes the connection: the peer is gone.
#[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
const UNACKNOWLEDGED: Duration = Duration::from_secs(30);

/// Connects by TCP.
#[derive(Clone)]
pub(super) struct Tcp(HttpConnector<Resolver>);

impl Tcp {
    pub(super) fn new() -> Self {
        let mut tcp = HttpConnector::new_with_resolver(Resolver(GaiResolver::new()));
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(KEEP_ALIVE));
        #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
        tcp.set_tcp_user_timeout(Some(UNACKNOWLEDGED));
        Self(tcp)
    }

    pub(super) async fn connect(&self, target: Uri) -> Result<BoxIo, ConnectError> {
        let stream = self.0.clone().call(target).await.map_err(|error| failed(error.into()))?;
        Ok(Box::pin(stream))
    }
}

/// The error of a connection by TCP.
pub(super) fn failed(error: BoxError) -> ConnectError {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(&*error);
    while let Some(current) = cause {
        if let Some(LookUpError { is_unknown, .. }) = current.downcast_ref::<LookUpError>() {
            return ConnectError::Resolve { is_unknown: *is_unknown, source: error };
        }
        cause = current.source();
    }
    ConnectError::Connect(error)
}

/// The system's resolver, whose errors can be recognized among those of a connection.
#[derive(Clone)]
pub(super) struct Resolver(GaiResolver);

#[derive(Debug)]
struct LookUpError {
    error: std::io::Error,
    is_unknown: bool,
}

impl LookUpError {
    fn new(error: std::io::Error) -> Self {
        // The standard library gives `getaddrinfo`'s error only as text. These are the texts of "no such host" in glibc, musl, macOS and
        // Windows.
        const UNKNOWN: [&str; 4] = [
            "Name or service not known",
            "Name does not resolve",
            "nodename nor servname provided",
            "No such host is known",
        ];
        let text = error.to_string();
        Self { is_unknown: UNKNOWN.iter().any(|unknown| text.contains(unknown)), error }
    }
}

impl fmt::Display for LookUpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl StdError for LookUpError {}

impl Service<Name> for Resolver {
    type Response = GaiAddrs;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<GaiAddrs, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let look_up = self.0.call(name);
        Box::pin(async { look_up.await.map_err(|error| LookUpError::new(error).into()) })
    }
}

type Connecting = Pin<Box<dyn Future<Output = Result<BoxIo, BoxError>> + Send>>;

/// A connector of the user's, of any type.
#[derive(Clone)]
pub(crate) struct CustomConnector(Arc<dyn Fn(Uri) -> Connecting + Send + Sync>);

impl CustomConnector {
    pub(crate) fn new<S>(connector: S) -> Self
    where
        S: Service<Uri> + Clone + Send + Sync + 'static,
        S::Response: Read + Write + Send + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
    {
        Self(Arc::new(move |target| {
            let mut connector = connector.clone();
            Box::pin(async move {
                std::future::poll_fn(|context| connector.poll_ready(context)).await.map_err(Into::into)?;
                let io: BoxIo = Box::pin(connector.call(target).await.map_err(Into::into)?);
                Ok(io)
            })
        }))
    }

    /// Connects to a Unix socket, for any endpoint.
    #[cfg(unix)]
    pub(crate) fn unix(path: std::path::PathBuf) -> Self {
        Self(Arc::new(move |_| {
            let path = path.clone();
            Box::pin(async move {
                let stream = tokio::net::UnixStream::connect(path).await?;
                let io: BoxIo = Box::pin(hyper_util::rt::TokioIo::new(stream));
                Ok(io)
            })
        }))
    }

    pub(super) async fn connect(&self, target: Uri) -> Result<BoxIo, ConnectError> {
        (self.0)(target).await.map_err(ConnectError::Connect)
    }
}

impl fmt::Debug for CustomConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustomConnector")
    }
}
