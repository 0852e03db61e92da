//! Proxies, other addresses and Unix sockets.

use std::future::IntoFuture as _;
use std::net::SocketAddr;
use std::time::Duration;

use rust_sdk_runtime::{Client, RetryPolicy};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::peer;
use crate::proxies::{Kind, LOGIN, Proxy};
use crate::secured::{self, Authority};
use crate::way::Way;

/// A server without TLS.
async fn server(way: Way) -> SocketAddr {
    peer::serve(move |stream, _, journal| way.serve(stream, journal)).await.0
}

/// gRPC passes an HTTP proxy through a tunnel. REST is forwarded.
#[tokio::test]
async fn calls_without_tls_pass_a_proxy_with_a_password() {
    for (scheme, kind, way, asked) in [
        ("http", Kind::Http, Way::Grpc, "CONNECT api.example.io:80 HTTP/1.1"),
        ("http", Kind::Http, Way::RestHttp1, "GET http://api.example.io/v1/things/1 HTTP/1.1"),
        ("socks5", Kind::Socks5, Way::Grpc, "api.example.io:80"),
        ("socks5h", Kind::Socks5, Way::RestHttp1, "api.example.io:80"),
    ] {
        let proxy = Proxy::start(kind, server(way).await, None).await;
        let url = format!("{scheme}://{LOGIN}@{}", proxy.address);
        let builder = way.builder("http://api.example.io").proxy(url);
        peer::read(&builder.build().unwrap(), 1).await.unwrap();
        assert_eq!(proxy.asked(), [asked]);
    }
}

/// The proxy sees where the client goes, and nothing else: the TLS is that of the endpoint.
#[tokio::test]
async fn calls_with_tls_pass_every_kind_of_proxy_with_a_password() {
    let [authority, proxies] = [Authority::new(), Authority::new()];
    for (scheme, kind) in [("http", Kind::Http), ("https", Kind::Http), ("socks5h", Kind::Socks5)] {
        for way in Way::ALL {
            let target = secured::server(way, &authority, None).await;
            let tls =
                (scheme == "https").then(|| secured::acceptor_for("localhost", &proxies, None, b"http/1.1"));
            let proxy = Proxy::start(kind, target, tls).await;
            let url = format!("{scheme}://{LOGIN}@localhost:{}", proxy.address.port());
            let builder = way.builder("https://api.example.io").proxy(url);
            let client = builder.root_certificates(authority.pem()).root_certificates(proxies.pem()).build();
            let client = client.unwrap();
            peer::read(&client, 1).await.unwrap();
            peer::write(&client, 1).await.unwrap();
            let asked = proxy.asked().join(" ");
            assert!(asked.contains("api.example.io:443") && !asked.contains("things"), "{asked}");
        }
    }
}

#[tokio::test]
async fn a_proxy_over_tls_forwards_and_must_have_a_trusted_certificate() {
    let authority = Authority::new();
    for way in Way::PLAIN {
        let tls = secured::acceptor_for("localhost", &authority, None, b"http/1.1");
        let proxy = Proxy::start(Kind::Http, server(way).await, Some(tls)).await;
        let url = format!("https://{LOGIN}@localhost:{}", proxy.address.port());
        let builder = || way.builder("http://api.example.io").proxy(&url).retry(RetryPolicy::never());
        let client = builder().root_certificates(authority.pem()).build().unwrap();
        peer::read(&client, 1).await.unwrap();

        let error = peer::read(&builder().build().unwrap(), 1).await.unwrap_err();
        let text = format!("{error:#}");
        assert!(text.contains("the proxy did not connect") && text.contains("UnknownIssuer"), "{text}");
    }
}

#[tokio::test]
async fn a_proxy_that_refuses_is_named_and_its_password_never() {
    for (scheme, kind) in [("http", Kind::Http), ("socks5h", Kind::Socks5)] {
        for way in Way::PLAIN {
            let proxy = Proxy::start(kind, server(way).await, None).await;
            let url = format!("{scheme}://user:hunter2@{}", proxy.address);
            let builder = way.builder("http://api.example.io").proxy(&url);
            assert!(!format!("{builder:?}").contains("hunter2"));
            let client = builder.build().unwrap();
            assert!(!format!("{client:?}").contains("hunter2"));
            let error = peer::read(&client, 1).await.unwrap_err();
            let text = format!("{error:#} {error:?}");
            let is_forwarded = kind == Kind::Http && way == Way::RestHttp1;
            let stated =
                if is_forwarded { "407 Proxy Authentication Required" } else { "the proxy did not connect" };
            assert!(text.contains(stated), "{text}");
            assert!(!text.contains("hunter2") && !text.contains("user"), "{text}");
        }
    }
}

/// A proxy that accepts the connection and says nothing.
#[tokio::test]
async fn a_silent_proxy_ends_with_the_connect_timeout() {
    let (proxy, _) = peer::serve(|stream, _, _| async move {
        std::future::pending::<()>().await;
        drop(stream);
    })
    .await;
    for way in Way::ALL {
        let builder = way.builder("https://api.example.io").proxy(format!("http://{proxy}"));
        let builder = builder.connect_timeout(Duration::from_millis(100)).retry(RetryPolicy::never());
        let error = peer::read(&builder.build().unwrap(), 1).await.unwrap_err();
        assert!(error.to_string().contains("the proxy did not connect within 100ms"), "{error}");
    }
}

/// Proxies that do not speak as they should. None makes a call hang, and none is read without end.
#[tokio::test]
async fn a_hostile_proxy_is_an_error() {
    let answers: [&[u8]; 6] = [
        b"",
        b"HTTP/1.1 200",
        b"HTTP/1.1 502 Bad Gateway\r\n\r\n",
        b"\x05\xff",
        &vec![b'x'; 100_000],
        &[b"HTTP/1.1 200 OK\r\nx: ".as_slice(), &vec![b'y'; 100_000]].concat(),
    ];
    for answer in answers {
        let answer = answer.to_vec();
        let (proxy, _) = peer::serve(move |mut stream, _, _| {
            let answer = answer.clone();
            async move {
                let _ = stream.read(&mut [0; 1024]).await;
                let _ = stream.write_all(&answer).await;
            }
        })
        .await;
        for (way, scheme) in Way::ALL.into_iter().flat_map(|way| [(way, "http"), (way, "socks5h")]) {
            let builder = way.builder("https://api.example.io").proxy(format!("{scheme}://{proxy}"));
            let client = builder.retry(RetryPolicy::never()).build().unwrap();
            let error = peer::read(&client, 1).timeout(Duration::from_secs(30)).await.unwrap_err();
            assert!(error.to_string().contains("the proxy did not connect"), "{error:#}");
        }
    }
}

/// The test runs itself again, since variables belong to a whole process.
#[test]
fn the_proxy_of_the_environment_is_used_unless_it_is_excepted() {
    const PARTNER: &str = "PROXY_PARTNER";
    if let Ok(partner) = std::env::var(PARTNER) {
        let (way, pem) = partner.split_once(' ').unwrap();
        let way = Way::ALL.into_iter().find(|each| format!("{each:?}") == way).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = way.builder("https://api.example.io").root_certificates(pem).retry(RetryPolicy::never());
        let client = client.connect_timeout(Duration::from_secs(5)).build().unwrap();
        runtime.block_on(peer::read(&client, 1).into_future()).unwrap();
        return;
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let authority = Authority::new();
    for way in Way::ALL {
        for (variable, excepted, is_used) in [
            ("HTTPS_PROXY", "", true),
            ("https_proxy", "", true),
            ("ALL_PROXY", "other.example.io", true),
            ("HTTPS_PROXY", "example.io", false),
            ("HTTP_PROXY", "", false),
        ] {
            let target = runtime.block_on(secured::server(way, &authority, None));
            let proxy = runtime.block_on(Proxy::start(Kind::Http, target, None));
            let mut command = std::process::Command::new(std::env::current_exe().unwrap());
            command.args(["proxy::the_proxy_of_the_environment_is_used_unless_it_is_excepted", "--exact"]);
            for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "REQUEST_METHOD"] {
                command.env_remove(name).env_remove(name.to_lowercase());
            }
            command.env(variable, format!("http://{LOGIN}@{}", proxy.address)).env("NO_PROXY", excepted);
            let output = command.env(PARTNER, format!("{way:?} {}", authority.pem())).output().unwrap();
            let printed = String::from_utf8_lossy(&output.stdout);
            assert_eq!(output.status.success(), is_used, "{way:?} {variable} {excepted}: {printed}");
            assert_eq!(!proxy.asked().is_empty(), is_used, "{way:?} {variable} {excepted}");
        }
    }
}

#[test]
fn a_proxy_that_cannot_be_used_is_an_error_of_the_client() {
    for proxy in ["ftp://hunter2", "socks4://hunter2:1", "hunter2 "] {
        let error = Client::builder().grpc("http://api.example.io").proxy(proxy).build().unwrap_err();
        assert!(error.is_local() && error.message().contains("proxy"), "{proxy}: {error}");
        assert!(!format!("{error:#} {error:?}").contains("hunter2"), "{error:?}");
    }
}

#[tokio::test]
async fn the_connection_goes_to_another_address_and_the_request_names_the_endpoint() {
    let server = server(Way::Grpc).await;
    let builder =
        Client::builder().grpc("http://api.example.io:1234").no_proxy().connect_to(server.to_string());
    peer::read(&builder.build().unwrap(), 1).await.unwrap();
    for address in ["", "user@host:1", "host:0", "host:x", "http://host"] {
        let error = Client::builder().grpc("http://api.example.io").connect_to(address).build().unwrap_err();
        assert!(error.is_local() && error.message().contains("connect_to"), "{address}: {error}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_unix_socket() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut connection = h2::server::handshake(stream).await.unwrap();
        while let Some(Ok((request, mut respond))) = connection.accept().await {
            tokio::spawn(async move {
                assert_eq!(request.uri().authority().unwrap().as_str(), "localhost");
                peer::message(request).await;
                peer::answer(&mut respond);
            });
        }
    });
    let client =
        Client::builder().grpc("http://localhost").unix_socket(&path).api_key("key").build().unwrap();
    peer::read(&client, 1).await.unwrap();
}

#[tokio::test]
async fn a_connector_of_ones_own() {
    let server = server(Way::Grpc).await;
    let connector = tower::service_fn(move |target: http::Uri| async move {
        assert_eq!(target.to_string(), "http://by-name:99/");
        TcpStream::connect(server).await.map(hyper_util::rt::TokioIo::new)
    });
    let client = Client::builder().grpc("http://by-name:99").connector(connector).build().unwrap();
    peer::read(&client, 1).await.unwrap();
}
