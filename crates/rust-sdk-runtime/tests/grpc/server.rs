//! A tonic server written by hand: what it does is told by the request's text, or by the header `x-script` for
//! answers that tonic itself would never give.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::{BufMut as _, Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::Frame;
use rust_sdk_runtime::Client;
use rust_sdk_runtime::access::Access;
use rust_sdk_runtime::method::{Method, Rpc, Scope, Service, Streaming};
use tokio::net::TcpListener;
use tokio_stream::{Stream, StreamExt as _};
use tonic::body::Body;
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;
use tower_service::Service as TowerService;

const fn method(path: &'static str, streaming: Streaming) -> Method {
    Method::new(path, streaming).requires(Access::authenticated())
}

static METHODS: [Method; 7] = [
    method("/test.v1.Echo/Unary", Streaming::Unary),
    method("/test.v1.Echo/Repeat", Streaming::Server),
    method("/test.v1.Echo/Join", Streaming::Client),
    method("/test.v1.Echo/Chat", Streaming::Bidirectional),
    method("/test.v1.Echo/Scripted", Streaming::Unary),
    method("/test.v1.Echo/Ping", Streaming::Unary),
    method("/test.v1.Echo/Scripted", Streaming::Server),
];
static SERVICE: Service = Service::new("test.v1.Echo", &METHODS);

// `String` is google.protobuf.StringValue, `()` is google.protobuf.Empty.
pub(crate) const UNARY: Rpc<String, String> = Rpc::new(&SERVICE, 0, Scope::NONE);
pub(crate) const REPEAT: Rpc<String, String> = Rpc::new(&SERVICE, 1, Scope::NONE);
pub(crate) const JOIN: Rpc<String, String> = Rpc::new(&SERVICE, 2, Scope::NONE);
pub(crate) const CHAT: Rpc<String, String> = Rpc::new(&SERVICE, 3, Scope::NONE);
pub(crate) const SCRIPTED: Rpc<(), String> = Rpc::new(&SERVICE, 4, Scope::NONE);
pub(crate) const PING: Rpc<(), ()> = Rpc::new(&SERVICE, 5, Scope::NONE);
pub(crate) const SCRIPTED_STREAM: Rpc<(), String> = Rpc::new(&SERVICE, 6, Scope::NONE);

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) echo: Echo,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let echo = Echo::default();
        let serving = tonic::transport::Server::builder().add_service(echo.clone());
        tokio::spawn(serving.serve_with_incoming(
            tonic::transport::server::TcpIncoming::from(listener).with_nodelay(Some(true)),
        ));
        Self { address, echo }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn client(&self) -> Client {
        Client::builder().grpc(self.url()).build().unwrap()
    }

    pub(crate) fn requests(&self) -> usize {
        self.echo.seen.lock().unwrap().len()
    }

    /// The headers of the last request.
    pub(crate) fn seen(&self) -> HeaderMap {
        self.echo.seen.lock().unwrap().last().unwrap().clone()
    }
}

#[derive(Clone, Default)]
pub(crate) struct Echo {
    seen: Arc<Mutex<Vec<HeaderMap>>>,
}

impl tonic::server::NamedService for Echo {
    const NAME: &'static str = "test.v1.Echo";
}

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type Replies = Pin<Box<dyn Stream<Item = Result<String, Status>> + Send>>;

impl<B> TowerService<http::Request<B>> for Echo
where
    B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>> + Send,
{
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        self.seen.lock().unwrap().push(request.headers().clone());
        Box::pin(async move {
            let mut grpc = tonic::server::Grpc::new(ProstCodec::<String, String>::default());
            Ok(match request.uri().path() {
                "/test.v1.Echo/Unary" => grpc.unary(Handler(unary), request).await,
                "/test.v1.Echo/Repeat" => grpc.server_streaming(Handler(repeat), request).await,
                "/test.v1.Echo/Join" => grpc.client_streaming(Handler(join), request).await,
                "/test.v1.Echo/Chat" => grpc.streaming(Handler(chat), request).await,
                "/test.v1.Echo/Scripted" => scripted(request.headers()),
                "/test.v1.Echo/Ping" => {
                    let mut grpc = tonic::server::Grpc::new(ProstCodec::<(), ()>::default());
                    grpc.unary(Handler(ping), request).await
                }
                path => panic!("no such method: {path}"),
            })
        })
    }
}

struct Handler<F>(F);

impl<F, I, O> TowerService<Request<I>> for Handler<F>
where
    F: Fn(Request<I>) -> BoxFuture<Result<Response<O>, Status>>,
{
    type Response = Response<O>;
    type Error = Status;
    type Future = BoxFuture<Result<Response<O>, Status>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<I>) -> Self::Future {
        (self.0)(request)
    }
}

fn ping(_: Request<()>) -> BoxFuture<Result<Response<()>, Status>> {
    Box::pin(async { Ok(Response::new(())) })
}

fn unary(request: Request<String>) -> BoxFuture<Result<Response<String>, Status>> {
    Box::pin(async move {
        let text = request.into_inner();
        match text.split_once(':') {
            Some(("hang", _)) => std::future::pending().await,
            Some(("size", bytes)) => Ok(Response::new("x".repeat(bytes.parse().unwrap()))),
            Some(("status", code)) => Err(status(code.parse().unwrap())),
            _ => Ok(Response::new(text)),
        }
    })
}

pub(crate) fn status(code: i32) -> Status {
    let mut metadata = MetadataMap::new();
    metadata.insert("x-request-id", MetadataValue::from_static("r-1"));
    let details = Bytes::from_static(&[8, 5]);
    Status::with_details_and_metadata(code.into(), format!("status é {code}"), details, metadata)
}

fn repeat(request: Request<String>) -> BoxFuture<Result<Response<Replies>, Status>> {
    Box::pin(async move {
        let text = request.into_inner();
        let (what, text) = text.split_once(':').unwrap_or(("", &text));
        let text = text.to_owned();
        let three = tokio_stream::iter(0..3).map(move |i| Ok(format!("{text}{i}")));
        let replies: Replies = match what {
            "fail" => Box::pin(three.chain(tokio_stream::once(Err(status(9))))),
            "hang" => Box::pin(three.chain(tokio_stream::pending())),
            "refuse" => return Err(status(7)),
            _ => Box::pin(three),
        };
        let mut response = Response::new(replies);
        response.metadata_mut().insert("x-head", MetadataValue::from_static("h"));
        Ok(response)
    })
}

fn join(request: Request<tonic::Streaming<String>>) -> BoxFuture<Result<Response<String>, Status>> {
    Box::pin(async move {
        let mut requests = request.into_inner();
        let mut joined = String::new();
        while let Some(text) = requests.message().await? {
            joined += &text;
        }
        Ok(Response::new(joined))
    })
}

fn chat(request: Request<tonic::Streaming<String>>) -> BoxFuture<Result<Response<Replies>, Status>> {
    let replies = request.into_inner().map(|text| text.map(|text| format!("re: {text}")));
    Box::pin(async { Ok(Response::new(Box::pin(replies) as Replies)) })
}

/// A response body of exactly these frames; an error resets the stream.
struct Frames(VecDeque<Result<Frame<Bytes>, h2::Error>>);

impl http_body::Body for Frames {
    type Data = Bytes;
    type Error = h2::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, h2::Error>>> {
        Poll::Ready(self.0.pop_front())
    }
}

fn message(flag: u8, text: &str) -> Frame<Bytes> {
    let encoded = prost::Message::encode_to_vec(&text.to_owned());
    let mut frame = BytesMut::new();
    frame.put_u8(flag);
    frame.put_u32(u32::try_from(encoded.len()).unwrap());
    frame.put_slice(&encoded);
    Frame::data(frame.freeze())
}

fn trailers(entries: &[(&'static str, &'static str)]) -> Frame<Bytes> {
    let mut trailers = HeaderMap::new();
    for (name, value) in entries {
        trailers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    Frame::trailers(trailers)
}

fn scripted(headers: &HeaderMap) -> http::Response<Body> {
    let ok = || trailers(&[("grpc-status", "0")]);
    let mut reset = None;
    let frames = match headers["x-script"].to_str().unwrap() {
        "trailers" => vec![
            message(0, "hello"),
            trailers(&[("grpc-status", "0"), ("x-both", "trailer"), ("x-tail-bin", "AQID")]),
        ],
        "split" => {
            let whole = message(0, "hello").into_data().unwrap();
            let mut frames: Vec<_> = whole.chunks(1).map(|byte| Frame::data(whole.slice_ref(byte))).collect();
            frames.push(ok());
            frames
        }
        "bad-details" => vec![trailers(&[("grpc-status", "3"), ("grpc-status-details-bin", "*not base64*")])],
        "no-status" => vec![message(0, "hello")],
        "no-message" => vec![ok()],
        "two-messages" => vec![message(0, "one"), message(0, "two"), ok()],
        "compressed" => vec![message(1, "hello"), ok()],
        "truncated" => vec![Frame::data(message(0, "hello").into_data().unwrap().slice(..7)), ok()],
        "not-protobuf" => vec![Frame::data(Bytes::from_static(&[0, 0, 0, 0, 2, 0x0a, 0x7f])), ok()],
        "two-statuses" => {
            vec![message(0, "hello"), trailers(&[("grpc-status", "0"), ("grpc-status", "0")])]
        }
        "signed-status" => vec![message(0, "hello"), trailers(&[("grpc-status", "+0")])],
        "early-status" => {
            let failed = trailers(&[("grpc-status", "13")]);
            return with_early_status(Frames([Ok(failed)].into()));
        }
        "early-status-and-message" => {
            return with_early_status(Frames([Ok(message(0, "hello")), Ok(ok())].into()));
        }
        "early-status-alone" => return with_early_status(Frames([Ok(Frame::data(Bytes::new()))].into())),
        "proxy" => {
            let mut page = http::Response::new(Body::new(Frames([Ok(message(0, "page"))].into())));
            *page.status_mut() = http::StatusCode::BAD_GATEWAY;
            page.headers_mut().insert("content-type", HeaderValue::from_static("text/html"));
            return page;
        }
        "busy" => {
            reset = Some(Err(h2::Reason::ENHANCE_YOUR_CALM.into()));
            vec![message(0, "hello")]
        }
        script => panic!("no such script: {script}"),
    };
    let mut response =
        http::Response::new(Body::new(Frames(frames.into_iter().map(Ok).chain(reset).collect())));
    response.headers_mut().insert("content-type", HeaderValue::from_static("application/grpc"));
    response.headers_mut().insert("x-both", HeaderValue::from_static("header"));
    response
}

/// A response that states among its headers that it succeeded.
fn with_early_status(frames: Frames) -> http::Response<Body> {
    let mut response = http::Response::new(Body::new(frames));
    response.headers_mut().insert("content-type", HeaderValue::from_static("application/grpc"));
    response.headers_mut().insert("grpc-status", HeaderValue::from_static("0"));
    response
}
