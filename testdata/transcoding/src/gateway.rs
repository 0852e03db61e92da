//! Our gateway in Envoy's place, over gRPC and direct: the same requests go to all.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::{Request, Response, Uri};
use hyper::body::Incoming;
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rust_sdk_runtime::Gateway;
use rust_sdk_runtime::gateway::Framing;
use rust_sdk_runtime::transport::Body;
use tokio::net::{TcpListener, TcpStream};
use tower_service::Service;

use crate::relay::Relay;
use crate::server::Server;
use crate::subject::Subject;

/// A connection to the gRPC server.
#[derive(Clone)]
pub struct Backend {
    connection: SendRequest<Body>,
    address: SocketAddr,
}

impl Service<Request<Body>> for Backend {
    type Response = Response<Incoming>;
    type Error = hyper::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Incoming>, hyper::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), hyper::Error>> {
        self.connection.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let uri = format!("http://{}{}", self.address, request.uri().path());
        *request.uri_mut() = uri.parse::<Uri>().expect("the path of a method");
        Box::pin(self.connection.send_request(request))
    }
}

/// Starts two gateways with Envoy's settings: one in front of the gRPC server, and one that calls the functions of the methods.
pub async fn start(
    server: &Server,
    subjects: &[Subject],
) -> Result<[SocketAddr; 2], Box<dyn std::error::Error>> {
    let stream = TcpStream::connect(server.address).await?;
    stream.set_nodelay(true)?;
    let (connection, driver) = handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
    tokio::spawn(driver);
    let backend = Backend { connection, address: server.address };
    let relays = Relay::all(server, subjects, &backend);
    let direct = relays.into_iter().fold(Gateway::direct(&sdk::API), Gateway::service);
    let over_grpc = listen(Gateway::new(&sdk::API, backend)).await?;
    Ok([over_grpc, listen(direct.without_access_layer()).await?])
}

async fn listen(gateway: Gateway) -> std::io::Result<SocketAddr> {
    let gateway = gateway.framing(Framing::Array).plus_is_space(false).max_body_size(super::probes::MAX_BODY);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = stream.set_nodelay(true);
            let gateway = gateway.clone();
            let service = service_fn(move |request: Request<Incoming>| {
                let mut gateway = gateway.clone();
                async move {
                    Ok::<_, Infallible>(gateway.call(request).await.unwrap_or_else(|never| match never {}))
                }
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    Ok(address)
}
