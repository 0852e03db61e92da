//! Settings of connections, where the browser does not make them.

use std::time::Duration;

use http::Uri;
use hyper::rt::{Read, Write};
use tower_service::Service;

use super::ClientBuilder;
use crate::client::Client;
use crate::error::{BoxError, Error, ErrorKind};
use crate::transport::{CustomConnector, ProxyChoice};

/// No setting here has an effect on a connection of your own (`grpc_service`, `rest_service`), and none exists in a browser (wasm32).
impl<C: From<Client>> ClientBuilder<C> {
    /// Proves to the server who the client is (mutual TLS): a certificate chain and its private key, in PEM.
    pub fn client_certificate(mut self, chain: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.connect.network.identity = Some((chain.into(), key.into()));
        self
    }

    /// Uses this proxy, in place of the one in the environment: `http://user:password@host:port`, `https://…`, `socks5://…` or `socks5h://…`.
    /// The certificate of an `https` proxy must be trusted as that of the endpoint; the client's own certificate is not shown to it.
    ///
    /// By default the client uses the proxy that `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY` names, unless `NO_PROXY` names the endpoint's
    /// host, or the host is this one. Requests pass an HTTP proxy through a tunnel (`CONNECT`); only REST over plain `http` is forwarded.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.connect.network.proxy = ProxyChoice::Url(url.into());
        self
    }

    /// Uses no proxy, even if the environment names one.
    pub fn no_proxy(mut self) -> Self {
        self.connect.network.proxy = ProxyChoice::None;
        self
    }

    /// Connects to this address (`host` or `host:port`) in place of the endpoint's. The endpoint still names the server in requests and
    /// in TLS. For tunnels, private links and tests.
    pub fn connect_to(mut self, address: impl Into<String>) -> Self {
        self.connect.network.connect_to = Some(address.into());
        self
    }

    /// Connects to a Unix socket. The endpoint, such as `http://localhost`, still names the server in requests and in TLS.
    #[cfg(unix)]
    pub fn unix_socket(mut self, path: impl Into<std::path::PathBuf>) -> Self {
        self.connect.network.custom = Some(CustomConnector::unix(path.into()));
        self
    }

    /// Makes connections with a connector of your own, such as one with another name look-up. It gets the endpoint's scheme, host and port,
    /// and gives the bytes; TLS and HTTP come from the client. No proxy is used.
    pub fn connector<S>(mut self, connector: S) -> Self
    where
        S: Service<Uri> + Clone + Send + Sync + 'static,
        S::Response: Read + Write + Send + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
    {
        self.connect.network.custom = Some(CustomConnector::new(connector));
        self
    }

    /// Pings a silent HTTP/2 connection with open calls this often, and closes it if the server does not answer within 20 seconds.
    ///
    /// Off by default, since servers may close connections of clients that ping often: those on gRPC's C core and on Go allow one ping in
    /// five minutes unless they are set up otherwise (gRFC A8). Without pings, a call with a time limit finds a lost server, too, and later
    /// calls use another connection.
    pub fn keep_alive(mut self, interval: Duration) -> Self {
        if interval.is_zero() {
            self.fail(Error::new(ErrorKind::Config, "the keep-alive interval is zero"));
        }
        self.connect.network.keep_alive = Some(interval);
        self
    }

    /// Limits the size of a response's headers, and of its trailers, over HTTP/2, in bytes; 256 KiB by default.
    pub fn max_header_size(mut self, bytes: u32) -> Self {
        self.connect.network.max_header_size = bytes;
        self
    }
}
