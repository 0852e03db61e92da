//! Proxies for tests: each takes one user and password, and leads every request to one server.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// The user and password, as in a URL.
pub(crate) const LOGIN: &str = "user:pass%20word";
/// The same, as HTTP sends it.
const BASIC: &str = "proxy-authorization: basic dxnlcjpwyxnzihdvcmq=";

/// How a proxy speaks with its clients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// Makes tunnels (`CONNECT`), and forwards other requests.
    Http,
    Socks5,
}

/// A running proxy.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    /// What clients asked for.
    pub(crate) asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// A proxy before the server at `target`; with TLS on the way to it, if there is an acceptor.
    pub(crate) async fn start(kind: Kind, target: SocketAddr, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = asked.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (seen, tls) = (seen.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        Some(tls) => lead(kind, tls.accept(stream).await?, target, &seen).await,
                        None => lead(kind, stream, target, &seen).await,
                    }
                });
            }
        });
        Self { address, asked }
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn lead(
    kind: Kind,
    mut client: impl AsyncRead + AsyncWrite + Unpin,
    target: SocketAddr,
    asked: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let Granted { mut reply, forwarded } = match kind {
        Kind::Http => http(&mut client, asked).await?,
        Kind::Socks5 => socks5(&mut client, asked).await?,
    };
    let mut server = TcpStream::connect(target).await?;
    server.write_all(&forwarded).await?;
    // A server for HTTP/2 may speak first. The client then reads its words together with the proxy's.
    let first = tokio::time::timeout(Duration::from_millis(20), server.read_buf(&mut reply)).await;
    first.unwrap_or(Ok(0))?;
    client.write_all(&reply).await?;
    tokio::io::copy_bidirectional(&mut client, &mut server).await.map(drop)
}

/// What a proxy does once a client may use it.
struct Granted {
    /// Its answer to the client.
    reply: Vec<u8>,
    /// What it sends to the server.
    forwarded: Vec<u8>,
}

/// Reads a request's head.
async fn http(
    client: &mut (impl AsyncRead + AsyncWrite + Unpin),
    asked: &Mutex<Vec<String>>,
) -> io::Result<Granted> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await?);
    }
    let text = String::from_utf8_lossy(&head).into_owned();
    asked.lock().unwrap().push(text.lines().next().unwrap_or_default().to_owned());
    if !text.to_lowercase().contains(BASIC) {
        let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
        client.write_all(refusal).await?;
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    Ok(if text.starts_with("CONNECT ") {
        Granted { reply: b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), forwarded: Vec::new() }
    } else {
        Granted { reply: Vec::new(), forwarded: head }
    })
}

/// Takes a password (RFC 1929) and a request to connect (RFC 1928).
async fn socks5(
    client: &mut (impl AsyncRead + AsyncWrite + Unpin),
    asked: &Mutex<Vec<String>>,
) -> io::Result<Granted> {
    assert_eq!(client.read_u8().await?, 5);
    let methods = text(client).await?;
    if !methods.contains('\u{2}') {
        client.write_all(&[5, 0xff]).await?;
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    client.write_all(&[5, 2]).await?;
    assert_eq!(client.read_u8().await?, 1);
    let login = [text(client).await?, text(client).await?];
    let is_wrong = login != ["user", "pass word"];
    client.write_all(&[1, u8::from(is_wrong)]).await?;
    if is_wrong {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    // To connect to a name, which the proxy looks up.
    let mut start = [0; 4];
    client.read_exact(&mut start).await?;
    assert_eq!(start, [5, 1, 0, 3]);
    let host = text(client).await?;
    let port = client.read_u16().await?;
    asked.lock().unwrap().push(format!("{host}:{port}"));
    Ok(Granted { reply: vec![5, 0, 0, 1, 0, 0, 0, 0, 0, 0], forwarded: Vec::new() })
}

/// A text after its length.
async fn text(client: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut bytes = vec![0; client.read_u8().await?.into()];
    client.read_exact(&mut bytes).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
