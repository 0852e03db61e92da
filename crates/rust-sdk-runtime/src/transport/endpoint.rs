//! The endpoint of the server, as the user gave it.

use std::fmt;

use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Uri, uri};

use crate::error::{Error, ErrorKind};

/// A checked endpoint, `https://host:port/base`.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    scheme: Scheme,
    authority: Authority,
    /// The prefix of every path, without a slash at its end.
    base: String,
}

impl Endpoint {
    /// Errors do not show the endpoint: it may hold a password, which is rejected here.
    pub(crate) fn parse(endpoint: &str) -> Result<Self, Error> {
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
        // The crate `http` ignores a fragment and an invalid port, and the client would call the scheme's default port.
        if uri.query().is_some() || endpoint.contains('#') {
            return Err(wrong("the endpoint must not have a query or a fragment"));
        }
        if !uri.authority().is_none_or(has_valid_port) {
            return Err(wrong("the endpoint's port must be between 1 and 65535"));
        }
        let is_dot = |segment: &str| matches!(&*segment.to_ascii_lowercase().replace("%2e", "."), "." | "..");
        if uri.path().split('/').any(is_dot) {
            return Err(wrong("the endpoint's path must not have a `.` or `..` segment"));
        }
        let base = uri.path().trim_end_matches('/').to_owned();
        let parts = uri.into_parts();
        match (parts.scheme, parts.authority) {
            (Some(scheme), Some(authority)) => Ok(Self { scheme, authority, base }),
            _ => Err(wrong("the endpoint is not a valid URL")),
        }
    }

    /// The host, with brackets around an IPv6 address.
    #[cfg(all(feature = "_tls", not(target_family = "wasm")))]
    pub(crate) fn host(&self) -> &str {
        self.authority.host()
    }

    /// Where connections go: to `address` (`host:port`), or to the endpoint's own host.
    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn target(&self, address: Option<&str>) -> Result<Uri, Error> {
        let authority = match address {
            None => self.authority.clone(),
            Some(address) => {
                let parsed = address.parse().ok();
                let valid = parsed.filter(|authority| !address.contains('@') && has_valid_port(authority));
                valid.ok_or_else(|| {
                    Error::new(
                        ErrorKind::Config,
                        "the address of `connect_to` must be a host, or a host and a port",
                    )
                })?
            }
        };
        let target = uri::Builder::new().scheme(self.scheme.clone()).authority(authority).path_and_query("/");
        target.build().map_err(|error| {
            Error::new(ErrorKind::Config, "the endpoint is not a valid URL").with_source(error)
        })
    }

    /// Whether the connection uses TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }

    /// Whether the server is on this host, so that nothing crosses a network.
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(self.authority.host())
    }

    /// The whole URI for a path and query, which are sent unchanged: nothing is resolved or escaped again.
    pub(crate) fn uri(&self, path_and_query: &str) -> Result<Uri, http::Error> {
        let path = if self.base.is_empty() {
            PathAndQuery::try_from(path_and_query)?
        } else {
            PathAndQuery::try_from(format!("{}{path_and_query}", self.base))?
        };
        uri::Builder::new()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(path)
            .build()
    }
}

/// Whether a host is this one.
pub(crate) fn is_loopback(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost")
        || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn has_valid_port(authority: &Authority) -> bool {
    match authority.as_str().strip_prefix(authority.host()) {
        Some("") => true,
        Some(port) => {
            port.strip_prefix(':').and_then(|port| port.parse::<u16>().ok()).is_some_and(|port| port > 0)
        }
        None => false,
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::Endpoint;

    #[test]
    fn endpoints_are_checked_and_never_shown() {
        for endpoint in ["https://grpc.example.io", "http://localhost:50051/", "http://[::1]:50051"] {
            assert!(Endpoint::parse(endpoint).is_ok(), "{endpoint}");
        }
        for endpoint in [
            "",
            "hunter2",
            "hunter2:443",
            "ftp://hunter2",
            "https://",
            "https://user:hunter2@example.io",
            "https://example.io?key=hunter2",
            "https://hunter2 .io",
            "http://hunter2:0",
            "http://hunter2:65536",
            "http://hunter2:99999",
            "http://hunter2:",
            "http://[::1]:99999",
            "http://localhost:8080#hunter2",
            "http://localhost:8080/a/../hunter2",
            "http://localhost:8080/%2E%2e/hunter2",
        ] {
            let error = Endpoint::parse(endpoint).unwrap_err();
            assert!(error.is_local());
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        }
    }

    #[test]
    fn a_base_path_comes_before_every_path() {
        for (endpoint, uri) in [
            ("https://api.example.io", "https://api.example.io/v1/a%2Fb?x=%20"),
            ("https://api.example.io/", "https://api.example.io/v1/a%2Fb?x=%20"),
            ("http://localhost:8080/base/", "http://localhost:8080/base/v1/a%2Fb?x=%20"),
        ] {
            let endpoint = Endpoint::parse(endpoint).unwrap();
            assert_eq!(endpoint.uri("/v1/a%2Fb?x=%20").unwrap().to_string(), uri);
        }
    }

    #[test]
    fn only_this_host_is_loopback() {
        let is_loopback = |host: &str| Endpoint::parse(&format!("http://{host}:1")).unwrap().is_loopback();
        for host in ["localhost", "LocalHost", "127.0.0.1", "127.8.9.1", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["example.io", "10.0.0.1", "localhost.example.io", "[::2]", "127.0.0.1.example.io"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
