//! TLS by rustls.

use std::sync::Arc;

use hyper_util::rt::TokioIo;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;

use super::error::ConnectError;
use super::io::BoxIo;
use crate::error::{Error, ErrorKind};
use crate::transport::ConnectOptions;

/// TLS to one server, or to a proxy.
#[derive(Clone)]
pub(super) struct Tls {
    connector: TlsConnector,
    server: ServerName<'static>,
}

impl Tls {
    /// To the endpoint.
    pub(super) fn new(host: &str, options: &ConnectOptions) -> Result<Self, Error> {
        let protocols: &[&[u8]] = if options.http2_only { &[b"h2"] } else { &[b"h2", b"http/1.1"] };
        Self::with(host, options, options.network.identity.as_ref(), protocols)
    }

    /// To a proxy, which learns nothing about the client's certificate: that is for the endpoint.
    pub(super) fn to_proxy(host: &str, options: &ConnectOptions) -> Result<Self, Error> {
        Self::with(host, options, None, &[b"http/1.1"])
    }

    fn with(
        host: &str,
        options: &ConnectOptions,
        certificate: Option<&(Vec<u8>, Vec<u8>)>,
        protocols: &[&[u8]],
    ) -> Result<Self, Error> {
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let server = ServerName::try_from(host.to_owned()).map_err(|error| {
            Error::new(ErrorKind::Config, "the host of the endpoint or proxy is not a valid name for TLS")
                .with_source(error)
        })?;
        let set_up = |error: rustls::Error| {
            Error::new(ErrorKind::Config, "TLS could not be set up").with_source(error)
        };
        let config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(set_up)?
            .with_root_certificates(roots(&options.roots)?);
        let mut config = match certificate {
            Some((certificates, key)) => {
                let (certificates, key) = identity(certificates, key)?;
                config.with_client_auth_cert(certificates, key).map_err(|error| {
                    let message = "the client certificate and its key do not fit";
                    Error::new(ErrorKind::Config, message).with_source(error)
                })?
            }
            None => config.with_no_client_auth(),
        };
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        Ok(Self { connector: Arc::new(config).into(), server })
    }

    /// The secured connection, and whether the server chose HTTP/2.
    pub(super) async fn connect(&self, io: BoxIo) -> Result<(BoxIo, bool), ConnectError> {
        let stream = self.connector.connect(self.server.clone(), TokioIo::new(io)).await.map_err(failed)?;
        let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        Ok((Box::pin(TokioIo::new(stream)), is_http2))
    }
}

fn failed(error: std::io::Error) -> ConnectError {
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
    let is_plain = matches!(cause, Some(rustls::Error::InvalidMessage(_)));
    let is_lasting = is_plain
        || matches!(
            cause,
            Some(
                rustls::Error::InvalidCertificate(_)
                    | rustls::Error::NoCertificatesPresented
                    | rustls::Error::UnsupportedNameType
                    | rustls::Error::PeerIncompatible(_)
                    | rustls::Error::AlertReceived(_)
            )
        );
    ConnectError::Tls { source: error.into(), is_plain, is_lasting }
}

/// The certificates to trust: those of the system or Mozilla's, and those that the user adds.
fn roots(added: &[Vec<u8>]) -> Result<RootCertStore, Error> {
    let mut store = RootCertStore::empty();
    #[cfg(feature = "tls-native-roots")]
    store.add_parsable_certificates(system_roots()?);
    // A container may have no certificates at all.
    if store.is_empty() {
        store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    for pem in added {
        for certificate in certificates(pem, "a root certificate is not valid PEM")? {
            store.add(certificate).map_err(|error| {
                Error::new(ErrorKind::Config, "a root certificate is not valid").with_source(error)
            })?;
        }
    }
    Ok(store)
}

/// The system's certificates. Those that the user names must be there.
#[cfg(feature = "tls-native-roots")]
fn system_roots() -> Result<Vec<CertificateDer<'static>>, Error> {
    let found = rustls_native_certs::load_native_certs();
    let named = ["SSL_CERT_FILE", "SSL_CERT_DIR"].into_iter().find(|name| std::env::var_os(name).is_some());
    match (named, found.certs.is_empty()) {
        (Some(named), true) => {
            let error = Error::new(ErrorKind::Config, format!("{named} names no certificates"));
            Err(match found.errors.into_iter().next() {
                Some(source) => error.with_source(source),
                None => error,
            })
        }
        _ => Ok(found.certs),
    }
}

fn certificates(pem: &[u8], wrong: &'static str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(Error::new(ErrorKind::Config, wrong)),
        Err(error) => Err(Error::new(ErrorKind::Config, wrong).with_source(error)),
    }
}

fn identity(
    chain: &[u8],
    key: &[u8],
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), Error> {
    let chain = certificates(chain, "the client certificate is not valid PEM")?;
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| {
        Error::new(ErrorKind::Config, "the client certificate's key is not valid PEM").with_source(error)
    })?;
    Ok((chain, key))
}

/// Chosen here: a program may have both providers compiled in, and rustls would then ask it to choose.
fn provider() -> Arc<CryptoProvider> {
    #[cfg(feature = "tls-ring")]
    let provider = rustls::crypto::ring::default_provider();
    #[cfg(not(feature = "tls-ring"))]
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    Arc::new(provider)
}
