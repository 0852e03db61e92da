//! Proxies: `CONNECT` (RFC 9110 §9.3.6), forwarding of plain HTTP (RFC 9112 §3.2.2), and SOCKS 5.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Uri;
use http::header::HeaderValue;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use tower_service::Service;

use super::bytewise::Bytewise;
use super::error::ConnectError;
use super::io::BoxIo;
use super::tcp::Tcp;
#[cfg(feature = "_tls")]
use super::tls::Tls;
use crate::error::{BoxError, Error, ErrorKind};
use crate::transport::endpoint::is_loopback;
use crate::transport::{ConnectOptions, ProxyChoice};

/// A proxy on the way to the endpoint.
pub(crate) struct Proxy {
    found: Intercept,
    kind: Kind,
    access: Access,
}

/// Connects to the proxy itself.
#[derive(Clone)]
struct Access {
    tcp: Tcp,
    /// For a proxy whose URL is `https`.
    #[cfg(feature = "_tls")]
    tls: Option<Tls>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// The proxy passes bytes on.
    Tunnel,
    /// The proxy reads plain HTTP/1.1 requests and sends them on.
    Forward,
    Socks5,
}

impl Proxy {
    /// The proxy for this endpoint, by the user's choice or the environment. Errors do not show the proxy's URL: it may hold a password.
    pub(super) fn of(target: &Uri, options: &ConnectOptions) -> Result<Option<Self>, Error> {
        let host = target.host().unwrap_or_default();
        let matcher = match &options.network.proxy {
            ProxyChoice::None => return Ok(None),
            // As in Go and Python: a proxy cannot reach this host's loopback addresses.
            ProxyChoice::Environment if is_loopback(host) => return Ok(None),
            ProxyChoice::Environment => Matcher::from_env(),
            ProxyChoice::Url(url) => Matcher::builder().all(url.as_str()).build(),
        };
        let Some(found) = matcher.intercept(target) else {
            return match &options.network.proxy {
                ProxyChoice::Url(_) => Err(Error::new(ErrorKind::Config, "the proxy is not a valid URL")),
                _ => Ok(None),
            };
        };
        let is_plain = target.scheme() == Some(&http::uri::Scheme::HTTP);
        let kind = match found.uri().scheme_str() {
            Some("http" | "https") if is_plain && !options.http2_only => Kind::Forward,
            Some("http" | "https") => Kind::Tunnel,
            Some("socks5" | "socks5h") => Kind::Socks5,
            _ => {
                let message = "the proxy's scheme is not supported: use http://, https://, socks5:// or socks5h://, or set `no_proxy` or `connector`";
                return Err(Error::new(ErrorKind::Config, message));
            }
        };
        let access = Access::new(found.uri(), options)?;
        Ok(Some(Self { found, kind, access }))
    }

    /// Whether the proxy reads requests, with their whole URLs, and sends them on.
    pub(super) fn forwards(&self) -> bool {
        self.kind == Kind::Forward
    }

    /// The `proxy-authorization` of a forwarded request.
    pub(crate) fn authorization(&self) -> Option<HeaderValue> {
        let mut value = self.found.basic_auth()?.clone();
        value.set_sensitive(true);
        Some(value)
    }

    pub(super) async fn connect(&self, target: Uri) -> Result<BoxIo, ConnectError> {
        let address = self.found.uri().clone();
        match self.kind {
            Kind::Forward => self.access.connect(address).await.map_err(ConnectError::Proxy),
            Kind::Tunnel => {
                let mut tunnel = Tunnel::new(address, self.access.clone());
                if let Some(authorization) = self.authorization() {
                    tunnel = tunnel.with_auth(authorization);
                }
                let tunnel = tunnel.call(with_port(target)).await;
                tunnel.map(|io| io.0).map_err(|error| ConnectError::Proxy(error.into()))
            }
            Kind::Socks5 => {
                let mut socks = SocksV5::new(address, self.access.clone());
                if let Some((user, password)) = self.found.raw_auth() {
                    socks = socks.with_auth(user.to_owned(), password.to_owned());
                }
                let tunnel = socks.call(with_port(target)).await;
                tunnel.map(|io| io.0).map_err(|error| ConnectError::Proxy(error.into()))
            }
        }
    }
}

impl Access {
    #[cfg(feature = "_tls")]
    fn new(proxy: &Uri, options: &ConnectOptions) -> Result<Self, Error> {
        let is_secure = proxy.scheme() == Some(&http::uri::Scheme::HTTPS);
        let tls = is_secure.then(|| Tls::to_proxy(proxy.host().unwrap_or_default(), options)).transpose()?;
        Ok(Self { tcp: Tcp::new(), tls })
    }

    #[cfg(not(feature = "_tls"))]
    fn new(proxy: &Uri, _: &ConnectOptions) -> Result<Self, Error> {
        if proxy.scheme() == Some(&http::uri::Scheme::HTTPS) {
            let message = "an https proxy needs TLS: switch on the feature `tls-ring` or `tls-aws-lc`";
            return Err(Error::new(ErrorKind::Config, message));
        }
        Ok(Self { tcp: Tcp::new() })
    }

    async fn connect(&self, proxy: Uri) -> Result<BoxIo, BoxError> {
        let io = self.tcp.connect(proxy).await?;
        #[cfg(feature = "_tls")]
        if let Some(tls) = &self.tls {
            return Ok(tls.connect(io).await?.0);
        }
        Ok(io)
    }
}

impl Service<Uri> for Access {
    type Response = Bytewise;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Bytewise, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, proxy: Uri) -> Self::Future {
        let access = self.clone();
        Box::pin(async move { access.connect(proxy).await.map(Bytewise) })
    }
}

/// The URL with its scheme's port, since the tunnel takes 443 for all.
fn with_port(target: Uri) -> Uri {
    if target.port().is_some() || target.scheme() != Some(&http::uri::Scheme::HTTP) {
        return target;
    }
    let authority = format!("{}:80", target.host().unwrap_or_default());
    let mut parts = target.clone().into_parts();
    parts.authority = authority.parse().ok();
    Uri::from_parts(parts).unwrap_or(target)
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proxy")
    }
}
