//! Proxies, other addresses and Unix sockets.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rust_sdk_runtime::Client;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::peer;

/// An HTTP proxy that makes tunnels to `target`, for those who know the password. It notes the heads of requests.
async fn tunnels(target: SocketAddr) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heads = Arc::new(Mutex::new(Vec::new()));
    let seen = heads.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let seen = seen.clone();
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(stream.read_u8().await.unwrap());
                }
                let head = String::from_utf8(head).unwrap();
                // "user:pass word"
                let allowed = head.to_lowercase().contains("proxy-authorization: basic dxnlcjpwyxnzihdvcmq=");
                seen.lock().unwrap().push(head);
                if !allowed {
                    let _ = stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await;
                    return;
                }
                let mut onward = TcpStream::connect(target).await.unwrap();
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
                let _ = tokio::io::copy_bidirectional(&mut stream, &mut onward).await;
            });
        }
    });
    (address, heads)
}

async fn peer_server() -> SocketAddr {
    peer::handling(Duration::ZERO).await.0
}

#[tokio::test]
async fn grpc_passes_a_proxy_with_a_password() {
    let (proxy, heads) = tunnels(peer_server().await).await;
    let builder =
        Client::builder().grpc("http://api.example.io").proxy(format!("http://user:pass%20word@{proxy}"));
    peer::read(&builder.build().unwrap(), 1).await.unwrap();
    let head = heads.lock().unwrap()[0].clone();
    assert!(head.starts_with("CONNECT api.example.io:80 HTTP/1.1\r\n"), "{head}");
}

#[tokio::test]
async fn a_proxy_that_refuses_is_named_and_its_password_never() {
    let (proxy, _) = tunnels(peer_server().await).await;
    let url = format!("http://user:hunter2@{proxy}");
    let builder = Client::builder().grpc("http://api.example.io").proxy(&url);
    assert!(!format!("{builder:?}").contains("hunter2"));
    let client = builder.build().unwrap();
    assert!(!format!("{client:?}").contains("hunter2"));
    let error = peer::read(&client, 1).await.unwrap_err();
    let text = format!("{error:#} {error:?}");
    assert!(text.contains("the proxy did not connect"), "{text}");
    assert!(!text.contains("hunter2") && !text.contains("user"), "{text}");
}

#[test]
fn a_proxy_that_cannot_be_used_is_an_error_of_the_client() {
    for proxy in ["ftp://hunter2", "https://hunter2:1", "hunter2 "] {
        let error = Client::builder().grpc("http://api.example.io").proxy(proxy).build().unwrap_err();
        assert!(error.is_local() && error.message().contains("proxy"), "{proxy}: {error}");
        assert!(!format!("{error:#} {error:?}").contains("hunter2"), "{error:?}");
    }
}

#[tokio::test]
async fn the_connection_goes_to_another_address_and_the_request_names_the_endpoint() {
    let server = peer_server().await;
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
    let server = peer_server().await;
    let connector = tower::service_fn(move |target: http::Uri| async move {
        assert_eq!(target.to_string(), "http://by-name:99/");
        TcpStream::connect(server).await.map(hyper_util::rt::TokioIo::new)
    });
    let client = Client::builder().grpc("http://by-name:99").connector(connector).build().unwrap();
    peer::read(&client, 1).await.unwrap();
}
