//! gRPC over HTTP/2, on tonic's channel.

use std::fmt;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::header::{CONTENT_TYPE, TE};
use http::uri::Scheme;
use http::{HeaderMap, HeaderValue, Uri};
use tokio::runtime::{Handle, Id};
use tonic::body::Body;
use tonic::transport::{Channel, Endpoint};
use tower_service::Service;

use super::frame::Messages;
use super::{RawRequest, grpc_status};
use crate::error::{BoxError, Error, ErrorKind};
use crate::metadata::is_secret;

pub(crate) struct GrpcOptions {
    pub(crate) connect_timeout: Duration,
    pub(crate) max_message_size: usize,
    pub(crate) allow_insecure: bool,
}

pub(crate) struct GrpcTransport {
    connection: Connection,
    max_message_size: usize,
    may_send_secrets: bool,
}

enum Connection {
    /// A channel lives on the runtime that it was made on, and making one needs a runtime. So it is made by the first
    /// call, and made again on another runtime (as in tests that share a client).
    Endpoint {
        uri: Uri,
        endpoint: Box<Endpoint>,
        channel: Mutex<Option<(Id, Channel)>>,
    },
    Service(Box<dyn GrpcService>),
}

impl GrpcTransport {
    pub(crate) fn from_endpoint(endpoint: &str, options: &GrpcOptions) -> Result<Self, Error> {
        let uri = parse_endpoint(endpoint)?;
        let secure = uri.scheme() == Some(&Scheme::HTTPS);
        let endpoint = Endpoint::from(uri.clone()).connect_timeout(options.connect_timeout);
        let endpoint = if secure { with_tls(endpoint)? } else { endpoint };
        Ok(Self {
            may_send_secrets: secure || options.allow_insecure || is_loopback(&uri),
            connection: Connection::Endpoint { uri, endpoint: Box::new(endpoint), channel: Mutex::default() },
            max_message_size: options.max_message_size,
        })
    }

    pub(crate) fn from_service(service: Box<dyn GrpcService>, max_message_size: usize) -> Self {
        Self { connection: Connection::Service(service), max_message_size, may_send_secrets: true }
    }

    pub(crate) fn may_send_secrets(&self) -> bool {
        self.may_send_secrets
    }

    pub(super) async fn open(&self, request: RawRequest) -> Result<(HeaderMap, Messages), Error> {
        if !self.may_send_secrets && request.headers.iter().any(|(name, value)| is_secret(name, value)) {
            return Err(Error::new(ErrorKind::Credentials, "credentials must not go over plain http"));
        }
        let response = match &self.connection {
            Connection::Endpoint { endpoint, channel, .. } => {
                let channel = current_channel(endpoint, channel);
                channel.send(http_request(request)?)
            }
            Connection::Service(service) => service.send(http_request(request)?),
        };
        let (parts, body) = response.await.map_err(grpc_status::of_transport)?.into_parts();
        match grpc_status::take(parts.headers) {
            // A status among the headers: there is nothing but trailers.
            Ok(Err(error)) => Err(error),
            Ok(Ok(trailers)) => Ok((HeaderMap::new(), Messages::ended(trailers))),
            Err(headers) => match grpc_status::of_http(parts.status, &headers) {
                Some(error) => Err(error.with_headers(headers)),
                None => Ok((headers, Messages::new(body, self.max_message_size))),
            },
        }
    }
}

fn http_request(request: RawRequest) -> Result<http::Request<Body>, Error> {
    let mut headers = request.headers;
    headers.insert(TE, HeaderValue::from_static("trailers"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    if let Some(timeout) = request.deadline.header() {
        headers.insert("grpc-timeout", timeout);
    }
    let uri = Uri::try_from(request.method.path())
        .map_err(|error| Error::invalid_argument("the method's path is not valid").with_source(error))?;
    let mut http = http::Request::new(Body::new(request.body));
    *http.method_mut() = http::Method::POST;
    *http.version_mut() = http::Version::HTTP_2;
    *http.uri_mut() = uri;
    *http.headers_mut() = headers;
    Ok(http)
}

fn current_channel(endpoint: &Endpoint, channel: &Mutex<Option<(Id, Channel)>>) -> Channel {
    let id = Handle::current().id();
    let mut channel = channel.lock().unwrap_or_else(PoisonError::into_inner);
    match &*channel {
        Some((made_on, channel)) if *made_on == id => channel.clone(),
        _ => channel.insert((id, endpoint.connect_lazy())).1.clone(),
    }
}

/// Errors do not show the endpoint: it may hold a password, which is one thing that is refused here.
fn parse_endpoint(endpoint: &str) -> Result<Uri, Error> {
    let wrong = |message: &str| Error::new(ErrorKind::Config, message);
    let uri = Uri::try_from(endpoint)
        .map_err(|error| wrong("the endpoint is not a valid URL").with_source(error))?;
    if uri.scheme() != Some(&Scheme::HTTP) && uri.scheme() != Some(&Scheme::HTTPS) {
        return Err(wrong("the endpoint must start with https:// or http://"));
    }
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(wrong("the endpoint must not have a user name or a password"));
    }
    if uri.host().is_none_or(str::is_empty) {
        return Err(wrong("the endpoint has no host"));
    }
    if uri.path_and_query().is_some_and(|path| path.as_str() != "/") {
        return Err(wrong("a gRPC endpoint has no path and no query"));
    }
    Ok(uri)
}

fn is_loopback(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default();
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost")
        || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(any(feature = "tls-ring", feature = "tls-aws-lc"))]
fn with_tls(endpoint: Endpoint) -> Result<Endpoint, Error> {
    endpoint
        .tls_config(tonic::transport::ClientTlsConfig::new().with_webpki_roots())
        .map_err(|error| Error::new(ErrorKind::Config, "TLS could not be set up").with_source(error))
}

// Without this, tonic would connect in plain text.
#[cfg(not(any(feature = "tls-ring", feature = "tls-aws-lc")))]
fn with_tls(_: Endpoint) -> Result<Endpoint, Error> {
    let message = "https needs TLS: switch on the feature `tls-ring` or `tls-aws-lc`";
    Err(Error::new(ErrorKind::Config, message))
}

pub(crate) type ResponseFuture = Pin<Box<dyn Future<Output = Result<http::Response<Body>, BoxError>> + Send>>;

/// A tower service without its types.
pub(crate) trait GrpcService: Send + Sync {
    fn send(&self, request: http::Request<Body>) -> ResponseFuture;
}

impl<S, B> GrpcService for S
where
    S: Service<http::Request<Body>, Response = http::Response<B>> + Clone + Send + Sync + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    fn send(&self, request: http::Request<Body>) -> ResponseFuture {
        let mut service = self.clone();
        Box::pin(async move {
            std::future::poll_fn(|context| service.poll_ready(context)).await.map_err(Into::into)?;
            let response = service.call(request).await.map_err(Into::into)?;
            Ok(response.map(Body::new))
        })
    }
}

impl fmt::Debug for GrpcTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.connection {
            Connection::Endpoint { uri, .. } => f.debug_tuple("Grpc").field(uri).finish(),
            Connection::Service(_) => f.debug_tuple("Grpc").field(&format_args!("<service>")).finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{is_loopback, parse_endpoint};

    #[test]
    fn endpoints_are_checked_and_never_shown() {
        for endpoint in ["https://grpc.example.io", "http://localhost:50051/", "http://[::1]:50051"] {
            assert!(parse_endpoint(endpoint).is_ok(), "{endpoint}");
        }
        for endpoint in [
            "",
            "hunter2",
            "hunter2:443",
            "ftp://hunter2",
            "https://",
            "https://user:hunter2@example.io",
            "https://example.io/hunter2",
            "https://example.io?key=hunter2",
            "https://hunter2 .io",
        ] {
            let error = parse_endpoint(endpoint).unwrap_err();
            assert!(error.is_local());
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        }
    }

    #[test]
    fn only_this_host_is_loopback() {
        for host in ["localhost", "LocalHost", "127.0.0.1", "127.8.9.1", "[::1]"] {
            assert!(is_loopback(&format!("http://{host}:1").parse().unwrap()), "{host}");
        }
        for host in ["example.io", "10.0.0.1", "localhost.example.io", "[::2]", "127.0.0.1.example.io"] {
            assert!(!is_loopback(&format!("http://{host}:1").parse().unwrap()), "{host}");
        }
    }
}
