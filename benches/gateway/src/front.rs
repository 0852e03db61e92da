//! Our gateway as a server of its own: HTTP/1.1 in front, one HTTP/2 connection to the server behind it.

use std::pin::Pin;
use std::task::{Context, Poll};

use http::{Request, Response, Uri};
use hyper::body::Incoming;
use hyper::client::conn::http2::{self, SendRequest};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use rust_sdk_runtime::Gateway;
use rust_sdk_runtime::transport::Body;
use tokio::net::{TcpListener, TcpStream};
use tower_service::Service;

use crate::Result;

/// Requests on one connection.
#[derive(Clone)]
struct Backend {
    connection: SendRequest<Body>,
    authority: http::uri::Authority,
}

impl Service<Request<Body>> for Backend {
    type Response = Response<Incoming>;
    type Error = hyper::Error;
    type Future = Pin<Box<dyn Future<Output = std::result::Result<Response<Incoming>, hyper::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<std::result::Result<(), hyper::Error>> {
        self.connection.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let mut parts = std::mem::take(request.uri_mut()).into_parts();
        parts.scheme = Some(http::uri::Scheme::HTTP);
        parts.authority = Some(self.authority.clone());
        *request.uri_mut() = Uri::from_parts(parts).expect("a path with an authority");
        Box::pin(self.connection.send_request(request))
    }
}

pub async fn serve(address: &str, backend: &str) -> Result<()> {
    let stream = TcpStream::connect(backend).await?;
    stream.set_nodelay(true)?;
    let (connection, driver) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
    tokio::spawn(driver);
    let backend = Backend { connection, authority: backend.parse()? };
    let gateway = Gateway::new(&lumen_cloud::API, backend);
    let listener = TcpListener::bind(address).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let service = TowerToHyperService::new(gateway.clone());
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}
