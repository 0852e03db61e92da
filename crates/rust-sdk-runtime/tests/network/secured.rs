//! TLS: a private certificate authority, and client certificates.

#[cfg(feature = "tls-native-roots")]
use std::future::IntoFuture as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rust_sdk_runtime::{Client, ClientBuilder, Code, RetryPolicy};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio_rustls::TlsAcceptor;

use crate::peer;
use crate::way::Way;

pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for this host, and its key.
    pub(crate) fn issue(&self, host: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        (params.signed_by(&key, &self.0).unwrap().pem(), key.serialize_pem())
    }
}

/// TLS of a server for `api.example.io` that asks clients for certificates of `clients`, if any.
fn acceptor(authority: &Authority, clients: Option<&Authority>, protocol: &[u8]) -> TlsAcceptor {
    acceptor_for("api.example.io", authority, clients, protocol)
}

pub(crate) fn acceptor_for(
    host: &str,
    authority: &Authority,
    clients: Option<&Authority>,
    protocol: &[u8],
) -> TlsAcceptor {
    let (certificate, key) = authority.issue(host);
    let builder = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap();
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(clients) => {
            let mut roots = RootCertStore::empty();
            roots.add(CertificateDer::from_pem_slice(clients.pem().as_bytes()).unwrap()).unwrap();
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let verifier =
                WebPkiClientVerifier::builder_with_provider(roots.into(), provider).build().unwrap();
            builder.with_client_cert_verifier(verifier)
        }
    };
    let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
    let mut config =
        builder.with_single_cert(chain, PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap()).unwrap();
    config.alpn_protocols = vec![protocol.to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

pub(crate) async fn server(way: Way, authority: &Authority, clients: Option<&Authority>) -> SocketAddr {
    let acceptor = acceptor(authority, clients, way.alpn());
    let (address, _) = peer::serve(move |stream, _, journal| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(stream) = acceptor.accept(stream).await else { return };
            way.serve(stream, journal).await;
        }
    })
    .await;
    address
}

fn builder(way: Way, address: SocketAddr) -> ClientBuilder {
    way.builder("https://api.example.io").connect_to(address.to_string()).no_proxy()
}

#[tokio::test]
async fn a_private_authority_is_trusted_only_if_it_is_added() {
    for way in Way::ALL {
        let authority = Authority::new();
        let address = server(way, &authority, None).await;
        let client = builder(way, address).root_certificates(authority.pem()).build().unwrap();
        peer::read(&client, 1).await.unwrap();
        peer::write(&client, 1).await.unwrap();

        let slowly = RetryPolicy::new().first_delay(Duration::from_secs(10));
        let client = builder(way, address).retry(slowly).build().unwrap();
        let start = std::time::Instant::now();
        let error = peer::read(&client, 1).await.unwrap_err();
        let text = format!("{error:#}");
        assert!(text.contains("https://api.example.io: the TLS handshake failed"), "{text}");
        assert!(text.contains("UnknownIssuer"), "{text}");
        assert!(!error.is_transient() && start.elapsed() < Duration::from_secs(4), "it is not retried");
    }
}

#[tokio::test]
async fn the_certificate_must_name_the_host_of_the_endpoint() {
    for way in Way::ALL {
        let authority = Authority::new();
        let address = server(way, &authority, None).await;
        let builder = way.builder("https://other.example.io").connect_to(address.to_string()).no_proxy();
        let client = builder.root_certificates(authority.pem()).build().unwrap();
        let error = peer::read(&client, 1).await.unwrap_err();
        assert!(!error.is_transient(), "{error:#}");
        assert_eq!(error.code(), Some(Code::Unavailable));
    }
}

#[tokio::test]
async fn a_client_certificate_opens_a_server_that_asks_for_one() {
    for way in Way::ALL {
        let (authority, clients) = (Authority::new(), Authority::new());
        let address = server(way, &authority, Some(&clients)).await;
        let builder = || builder(way, address).root_certificates(authority.pem());
        let (certificate, key) = clients.issue("client");
        let client = builder().client_certificate(certificate, key).build().unwrap();
        peer::read(&client, 1).await.unwrap();
        peer::write(&client, 1).await.unwrap();

        let (certificate, key) = authority.issue("client");
        let client = builder().client_certificate(certificate, key).build().unwrap();
        assert!(peer::read(&client, 1).await.is_err(), "{way:?}: of another authority");
        assert!(peer::read(&builder().build().unwrap(), 1).await.is_err(), "{way:?}: none at all");
    }
}

#[test]
fn wrong_certificates_are_errors_of_the_client() {
    let authority = Authority::new();
    let (certificate, key) = authority.issue("client");
    let (_, other) = authority.issue("client");
    for (chain, key) in
        [("hunter2", &*key), (&*certificate, "hunter2"), (&*certificate, &*other), ("", &*key)]
    {
        let error =
            Client::builder().grpc("https://x.io").client_certificate(chain, key).build().unwrap_err();
        assert!(error.is_local() && error.message().contains("client certificate"), "{error}");
        assert!(!format!("{error:#} {error:?}").contains("hunter2"));
    }
}

/// The test runs itself again, since variables belong to a whole process.
#[cfg(feature = "tls-native-roots")]
#[test]
fn the_systems_authorities_are_trusted() {
    const PARTNER: &str = "SECURED_PARTNER";
    if let Ok(addresses) = std::env::var(PARTNER) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        for (way, address) in Way::ALL.into_iter().zip(addresses.split(' ')) {
            let client = builder(way, address.parse().unwrap()).build().unwrap();
            runtime.block_on(peer::read(&client, 1).into_future()).unwrap();
        }
        return;
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let authority = Authority::new();
    let addresses = Way::ALL.map(|way| runtime.block_on(server(way, &authority, None)).to_string()).join(" ");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("roots.pem");
    std::fs::write(&file, authority.pem()).unwrap();
    let again = |file: &std::path::Path| {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command.args(["secured::the_systems_authorities_are_trusted", "--exact"]);
        command.env("SSL_CERT_FILE", file).env_remove("SSL_CERT_DIR").env(PARTNER, &addresses);
        command.output().unwrap()
    };
    let output = again(&file);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let output = again(&folder.path().join("missing.pem"));
    let printed =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && printed.contains("SSL_CERT_FILE names no certificates"), "{printed}");
}

/// REST over HTTP/2. The first connection answers once and is then dead, without a word; the others work.
#[tokio::test]
async fn rest_leaves_a_connection_on_which_a_deadline_passed_in_silence() {
    let authority = Authority::new();
    let acceptor = acceptor(&authority, None, b"h2");
    let (address, journal) = peer::serve(move |stream, number, _| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(stream) = acceptor.accept(stream).await else { return };
            let Ok(mut connection) = h2::server::handshake(stream).await else { return };
            while let Some(Ok((_, mut respond))) = connection.accept().await {
                let head =
                    http::Response::builder().header("content-type", "application/json").body(()).unwrap();
                let mut stream = respond.send_response(head, false).unwrap();
                stream.send_data(bytes::Bytes::from_static(b"{}"), true).unwrap();
                if number == 0 {
                    let closing = std::future::poll_fn(|context| connection.poll_closed(context));
                    let _ = tokio::time::timeout(Duration::from_millis(50), closing).await;
                    std::future::pending::<()>().await;
                }
            }
        }
    })
    .await;
    let builder = Client::builder().rest("https://api.example.io").connect_to(address.to_string()).no_proxy();
    let client = builder.root_certificates(authority.pem()).build().unwrap();
    peer::read(&client, 0).await.unwrap();
    let never = rust_sdk_runtime::RetryPolicy::never();
    let error = peer::read(&client, 1).timeout(Duration::from_millis(100)).retry(never).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    for id in 2..10 {
        peer::write(&client, id).timeout(Duration::from_secs(5)).await.unwrap();
    }
    assert_eq!(journal.connections.load(std::sync::atomic::Ordering::SeqCst), 2);
}
