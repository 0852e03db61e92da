//! The ways to call a server: the transport, and the version of HTTP.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body::Body as _;
use hyper_util::rt::TokioIo;
use rust_sdk_runtime::transport::Body;
use rust_sdk_runtime::{Client, ClientBuilder};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::peer::{self, Journal};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Way {
    Grpc,
    RestHttp1,
    RestHttp2,
}

impl Way {
    pub(crate) const ALL: [Self; 3] = [Self::Grpc, Self::RestHttp1, Self::RestHttp2];
    /// Without TLS, REST is HTTP/1.1.
    pub(crate) const PLAIN: [Self; 2] = [Self::Grpc, Self::RestHttp1];

    pub(crate) fn builder(self, endpoint: &str) -> ClientBuilder {
        match self {
            Self::Grpc => Client::builder().grpc(endpoint),
            Self::RestHttp1 | Self::RestHttp2 => Client::builder().rest(endpoint),
        }
    }

    /// The protocol that the server chooses by ALPN.
    pub(crate) fn alpn(self) -> &'static [u8] {
        if self == Self::RestHttp1 { b"http/1.1" } else { b"h2" }
    }

    /// Answers calls of this way on a connection.
    pub(crate) async fn serve(
        self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        journal: Arc<Journal>,
    ) {
        match self {
            Self::Grpc => {
                let Ok(mut connection) = h2::server::handshake(stream).await else { return };
                while let Some(Ok((request, respond))) = connection.accept().await {
                    tokio::spawn(peer::handle(request, respond, journal.clone(), Duration::ZERO));
                }
            }
            Self::RestHttp1 => {
                let service = hyper::service::service_fn(move |request| rest(request, journal.clone()));
                let server = hyper::server::conn::http1::Builder::new();
                let _ = server.serve_connection(TokioIo::new(stream), service).await;
            }
            Self::RestHttp2 => {
                let service = hyper::service::service_fn(move |request| rest(request, journal.clone()));
                let server = hyper::server::conn::http2::Builder::new(hyper_util::rt::TokioExecutor::new());
                let _ = server.serve_connection(TokioIo::new(stream), service).await;
            }
        }
    }
}

/// Handles a request over REST.
async fn rest(
    request: http::Request<hyper::body::Incoming>,
    journal: Arc<Journal>,
) -> Result<http::Response<Body>, http::Error> {
    let (parts, body) = request.into_parts();
    let body = collect(body).await;
    let id = match parts.uri.path().strip_prefix("/v1/things/") {
        Some(id) => id.to_owned(),
        None => String::from_utf8_lossy(&body).replace(|char: char| !char.is_ascii_digit(), ""),
    };
    journal.handle(id);
    let response = http::Response::builder().header("content-type", "application/json");
    response.body(Body::full(Bytes::from_static(b"{}")))
}

async fn collect(body: hyper::body::Incoming) -> Vec<u8> {
    let mut body = std::pin::pin!(body);
    let mut bytes = Vec::new();
    while let Some(Ok(frame)) = std::future::poll_fn(|context| body.as_mut().poll_frame(context)).await {
        bytes.extend(frame.into_data().unwrap_or_default());
    }
    bytes
}
