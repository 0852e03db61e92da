//! TLS by rustls, with Mozilla's root certificates and those that the user adds.

use std::sync::Arc;

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

use super::ConnectOptions;
use crate::error::{Error, ErrorKind};

/// A connector that allows only TLS.
pub(super) fn connector(
    tcp: HttpConnector,
    options: &ConnectOptions,
) -> Result<HttpsConnector<HttpConnector>, Error> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::new(ErrorKind::Config, "TLS could not be set up").with_source(error))?
        .with_root_certificates(roots(&options.roots)?)
        .with_no_client_auth();
    let builder = HttpsConnectorBuilder::new().with_tls_config(config).https_only();
    #[cfg(feature = "rest")]
    if !options.http2_only {
        return Ok(builder.enable_all_versions().wrap_connector(tcp));
    }
    Ok(builder.enable_http2().wrap_connector(tcp))
}

fn roots(added: &[Vec<u8>]) -> Result<RootCertStore, Error> {
    let mut store = RootCertStore::empty();
    store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let wrong = || Error::new(ErrorKind::Config, "a root certificate is not valid PEM");
    for pem in added {
        let before = store.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|error| wrong().with_source(error))?;
            store.add(certificate).map_err(|error| wrong().with_source(error))?;
        }
        if store.len() == before {
            return Err(wrong());
        }
    }
    Ok(store)
}

/// Chosen here: a program may have both providers compiled in, and rustls would then ask it to choose.
fn provider() -> Arc<CryptoProvider> {
    #[cfg(feature = "tls-ring")]
    let provider = rustls::crypto::ring::default_provider();
    #[cfg(not(feature = "tls-ring"))]
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    Arc::new(provider)
}
