//! An HTTP server whose answers are scripted.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::{Body as _, Frame};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rust_sdk_runtime::Client;
use rust_sdk_runtime::transport::Body;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) verb: String,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// What is answered.
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: VecDeque<Step>,
}

pub(crate) enum Step {
    Data(Bytes),
    Trailers(&'static [(&'static str, &'static str)]),
    /// The connection breaks.
    Break,
    /// Nothing comes any more.
    Hang,
}

impl Answer {
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let mut answer = Self { status, headers: Vec::new(), body: VecDeque::new() };
        if !content_type.is_empty() {
            answer = answer.header("content-type", content_type);
        }
        if body.is_empty() { answer } else { answer.step(Step::Data(body)) }
    }

    pub(crate) fn json(body: impl Into<Bytes>) -> Self {
        Self::new(200, "application/json", body)
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn step(mut self, step: Step) -> Self {
        self.body.push_back(step);
        self
    }

    pub(crate) fn data(self, data: impl Into<Bytes>) -> Self {
        self.step(Step::Data(data.into()))
    }
}

/// The steps, each in a write of its own.
struct Steps {
    steps: VecDeque<Step>,
    pause: bool,
}

impl http_body::Body for Steps {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if let Some(Step::Hang) = self.steps.front() {
            return Poll::Pending;
        }
        self.pause = !self.pause;
        if self.pause {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(self.steps.pop_front().map(|step| {
            match step {
                Step::Data(data) => Ok(Frame::data(data)),
                Step::Trailers(entries) => Ok(Frame::trailers(
                    entries
                        .iter()
                        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
                        .collect(),
                )),
                Step::Break | Step::Hang => Err(std::io::Error::other("scripted")),
            }
        }))
    }
}

type Script = dyn Fn(&Seen) -> Answer + Send + Sync;

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// A server of HTTP/1.1 that answers all requests in this way.
    pub(crate) async fn start(script: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Self {
        Self::serve(Arc::new(script), false).await
    }

    /// The same by HTTP/2, and a client of it.
    pub(crate) async fn http2(script: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> (Self, Client) {
        let server = Self::serve(Arc::new(script), true).await;
        let connector = hyper_util::client::legacy::connect::HttpConnector::new();
        let service = hyper_util::client::legacy::Client::builder(TokioExecutor::new())
            .http2_only(true)
            .build::<_, Body>(connector);
        let origin = server.url();
        let service = tower::ServiceExt::map_request(service, move |mut request: http::Request<Body>| {
            *request.uri_mut() = format!("{origin}{}", request.uri()).parse().unwrap();
            *request.version_mut() = http::Version::HTTP_2;
            request
        });
        (server, Client::builder().rest_service(service).build().unwrap())
    }

    async fn serve(script: Arc<Script>, http2: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let server = Self { address, seen: seen.clone() };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, seen) = (script.clone(), seen.clone());
                let service = service_fn(move |request| answer(request, script.clone(), seen.clone()));
                let _ = stream.set_nodelay(true);
                let stream = TokioIo::new(stream);
                tokio::spawn(async move {
                    if http2 {
                        let builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
                        let _ = builder.serve_connection(stream, service).await;
                    } else {
                        let builder = hyper::server::conn::http1::Builder::new();
                        let _ = builder.serve_connection(stream, service).await;
                    }
                });
            }
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn client(&self) -> Client {
        Client::builder().rest(self.url()).build().unwrap()
    }

    pub(crate) fn requests(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// The last request.
    pub(crate) fn seen(&self) -> Seen {
        self.seen.lock().unwrap().last().unwrap().clone()
    }
}

async fn answer(
    request: http::Request<hyper::body::Incoming>,
    script: Arc<Script>,
    seen: Arc<Mutex<Vec<Seen>>>,
) -> Result<http::Response<Steps>, Infallible> {
    let (parts, mut body) = request.into_parts();
    let mut read = Vec::new();
    while let Some(Ok(frame)) = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
    {
        read.extend_from_slice(&frame.into_data().unwrap_or_default());
    }
    let request = Seen {
        verb: parts.method.to_string(),
        path: parts.uri.path_and_query().unwrap().to_string(),
        headers: parts.headers,
        body: String::from_utf8_lossy(&read).into_owned(),
    };
    let answer = script(&request);
    seen.lock().unwrap().push(request);
    let mut response = http::Response::new(Steps { steps: answer.body, pause: false });
    *response.status_mut() = answer.status.try_into().unwrap();
    for (name, value) in answer.headers {
        response.headers_mut().append(name, value.parse().unwrap());
    }
    Ok(response)
}

/// A server that reads one request head on each connection, writes these bytes and closes.
pub(crate) async fn raw(answer: &'static [u8]) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") && stream.read_buf(&mut head).await.is_ok_and(|read| read > 0)
            {
            }
            let _ = stream.write_all(answer).await;
        }
    });
    Client::builder().rest(url).build().unwrap()
}

/// Bounds a test: nothing may hang.
pub(crate) async fn bounded<T>(work: impl IntoFuture<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), work.into_future()).await.expect("it hangs")
}
