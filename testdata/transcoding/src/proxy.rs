//! Stands before Envoy and notes the requests that it was really sent, and its responses.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1 as client;
use hyper::server::conn::http1 as server;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

/// One request and its response.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub verb: String,
    pub target: String,
    pub request_headers: HeaderMap,
    pub request_body: Bytes,
    pub status: u16,
    pub response_headers: HeaderMap,
    pub response_body: Bytes,
}

type Exchanges = Arc<Mutex<Vec<Exchange>>>;

/// A proxy of one server.
pub struct Proxy {
    pub address: SocketAddr,
    exchanges: Exchanges,
}

impl Proxy {
    pub async fn start(to: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let proxy = Self { address: listener.local_addr()?, exchanges: Exchanges::default() };
        let exchanges = proxy.exchanges.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = stream.set_nodelay(true);
                let exchanges = exchanges.clone();
                let service = service_fn(move |request| forward(request, to, exchanges.clone()));
                tokio::spawn(server::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Ok(proxy)
    }

    /// What went through since the last time.
    pub fn exchanges(&self) -> Vec<Exchange> {
        std::mem::take(&mut self.exchanges.lock().unwrap())
    }
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

async fn forward(
    request: Request<Incoming>,
    to: SocketAddr,
    exchanges: Exchanges,
) -> Result<Response<Full<Bytes>>, Failure> {
    let (parts, body) = request.into_parts();
    let request_body = body.collect().await?.to_bytes();
    let stream = TcpStream::connect(to).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = client::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let (verb, target) = (parts.method.to_string(), parts.uri.to_string());
    let request_headers = parts.headers.clone();
    let request = Request::from_parts(parts, Full::new(request_body.clone()));
    let (parts, body) = sender.send_request(request).await?.into_parts();
    let response_body = body.collect().await?.to_bytes();
    exchanges.lock().unwrap().push(Exchange {
        verb,
        target,
        request_headers,
        request_body,
        status: parts.status.as_u16(),
        response_headers: parts.headers.clone(),
        response_body: response_body.clone(),
    });
    let mut response = Response::from_parts(parts, Full::new(response_body));
    response.headers_mut().remove("transfer-encoding");
    Ok(response)
}
