//! An in-memory gRPC server for tests that answers from closures. The client under test runs all of its own code.

mod stub;

use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::{Buf as _, Bytes, BytesMut};
use http::{HeaderMap, HeaderValue};
use http_body::{Body as _, Frame};
use tower_service::Service;

pub use self::stub::{StubFunction, unimplemented};
use crate::api::method::Rpc;
use crate::error::code::Code;
use crate::error::metadata::Metadata;
use crate::error::response;
use crate::error::{BoxError, Error};
use crate::transport::{Body, PREFIX};

/// The encoded responses, and the status after them.
type Answers = (Vec<Vec<u8>>, Result<(), Error>);
type AnswerFuture = Pin<Box<dyn Future<Output = Answers> + Send>>;
type Handler = Arc<dyn Fn(Vec<Bytes>) -> AnswerFuture + Send + Sync>;

/// An in-memory server that answers each method with a closure. A method without a closure answers `UNIMPLEMENTED`.
///
/// It is a tower service that speaks gRPC, for [`grpc_service`](crate::ClientBuilder::grpc_service); put it behind a gateway to test REST.
/// Clones are the same server.
///
/// ```
/// # #[cfg(feature = "grpc")] {
/// use rust_sdk_runtime::method::{Method, Rpc, Scope, Service};
/// use rust_sdk_runtime::{Client, Code, Error, Fake};
///
/// // Generated code has such constants.
/// static METHODS: [Method; 1] = [Method::unary("/greet.v1.Greeter/Greet")];
/// static SERVICE: Service = Service::new("greet.v1.Greeter", &METHODS);
/// const GREET: Rpc<String, String> = Rpc::new(&SERVICE, 0, Scope::NONE);
///
/// let fake = Fake::new().on(&GREET, |name| match name.as_str() {
///     "" => Err(Error::from_status(Code::InvalidArgument, "who?")),
///     name => Ok(format!("Hello, {name}!")),
/// });
/// let client: Client = Client::builder().grpc_service(fake.clone()).build().unwrap();
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// assert_eq!(client.call(&GREET, "Ada".to_owned()).await.unwrap(), "Hello, Ada!");
/// # });
/// assert_eq!(fake.calls().len(), 1);
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Fake {
    handlers: Arc<Mutex<HashMap<&'static str, Handler>>>,
    calls: Arc<Mutex<Vec<FakeCall>>>,
}

/// A call that a [`Fake`] received. `Debug` shows only the number of requests.
#[derive(Clone)]
#[non_exhaustive]
pub struct FakeCall {
    /// The method's path, `/package.Service/Method`.
    pub path: String,
    /// The headers.
    pub headers: Metadata,
    /// The request messages, encoded.
    pub requests: Vec<Bytes>,
}

/// The answer of a [`Fake`]'s method: the response, a list of responses, or an error.
pub trait Answer<O>: Send + 'static {
    /// The answer of a method that is not implemented.
    fn unimplemented() -> Self;

    /// The responses. An error stands in their place or ends them.
    fn into_responses(self) -> Result<Vec<Result<O, Error>>, Error>;
}

impl<O: Send + 'static> Answer<O> for Result<O, Error> {
    fn unimplemented() -> Self {
        Err(Error::from_status(Code::Unimplemented, ""))
    }

    fn into_responses(self) -> Result<Vec<Self>, Error> {
        self.map(|response| vec![Ok(response)])
    }
}

impl<O: Send + 'static> Answer<O> for Vec<Result<O, Error>> {
    fn unimplemented() -> Self {
        vec![Answer::unimplemented()]
    }

    fn into_responses(self) -> Result<Self, Error> {
        Ok(self)
    }
}

impl<O: Send + 'static> Answer<O> for Result<Vec<Result<O, Error>>, Error> {
    fn unimplemented() -> Self {
        Err(Error::from_status(Code::Unimplemented, ""))
    }

    fn into_responses(self) -> Self {
        self
    }
}

impl Fake {
    /// A server without methods.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers a method with one request and one response.
    #[must_use]
    pub fn on<I, O, K>(
        self,
        rpc: &Rpc<I, O, K>,
        answer: impl Fn(I) -> Result<O, Error> + Send + Sync + 'static,
    ) -> Self
    where
        I: prost::Message + Default + 'static,
        O: prost::Message + 'static,
    {
        self.on_async(rpc, move |request| std::future::ready(answer(request)))
    }

    /// Answers a method with one request from an async function: with the response, or with a list of responses, which an error ends.
    #[must_use]
    pub fn on_async<I, O, K, A, F>(
        self,
        rpc: &Rpc<I, O, K>,
        answer: impl Fn(I) -> F + Send + Sync + 'static,
    ) -> Self
    where
        I: prost::Message + Default + 'static,
        O: prost::Message + 'static,
        A: Answer<O>,
        F: Future<Output = A> + Send + 'static,
    {
        self.answer(rpc, one, answer)
    }

    /// Answers a method with one request and many responses; an error ends them.
    #[must_use]
    pub fn on_stream<I, O>(
        self,
        rpc: &Rpc<I, O>,
        answer: impl Fn(I) -> Vec<Result<O, Error>> + Send + Sync + 'static,
    ) -> Self
    where
        I: prost::Message + Default + 'static,
        O: prost::Message + 'static,
    {
        self.on_async(rpc, move |request| std::future::ready(answer(request)))
    }

    /// Answers a method with many requests, after all of them arrived. For a method with one response, return a list of one.
    #[must_use]
    pub fn on_streams<I, O, K>(
        self,
        rpc: &Rpc<I, O, K>,
        answer: impl Fn(Vec<I>) -> Result<Vec<Result<O, Error>>, Error> + Send + Sync + 'static,
    ) -> Self
    where
        I: prost::Message + Default + 'static,
        O: prost::Message + 'static,
    {
        self.on_streams_async(rpc, move |requests| std::future::ready(answer(requests)))
    }

    /// Answers a method with many requests from an async function, after all of them arrived.
    #[must_use]
    pub fn on_streams_async<I, O, K, A, F>(
        self,
        rpc: &Rpc<I, O, K>,
        answer: impl Fn(Vec<I>) -> F + Send + Sync + 'static,
    ) -> Self
    where
        I: prost::Message + Default + 'static,
        O: prost::Message + 'static,
        A: Answer<O>,
        F: Future<Output = A> + Send + 'static,
    {
        self.answer(rpc, many, answer)
    }

    /// The calls so far, in the order of their arrival.
    pub fn calls(&self) -> Vec<FakeCall> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Answers a method, from what `read` makes of its requests.
    fn answer<I, O, K, Q, A, F>(
        self,
        rpc: &Rpc<I, O, K>,
        read: fn(Vec<I>) -> Result<Q, Error>,
        answer: impl Fn(Q) -> F + Send + Sync + 'static,
    ) -> Self
    where
        I: prost::Message + Default + 'static,
        O: prost::Message + 'static,
        Q: 'static,
        A: Answer<O>,
        F: Future<Output = A> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |requests| match decode(&requests).and_then(read) {
            Ok(request) => {
                let answer = answer(request);
                Box::pin(async move { encode(answer.await.into_responses()) })
            }
            Err(error) => Box::pin(std::future::ready((Vec::new(), Err(error)))),
        });
        self.handlers.lock().unwrap_or_else(PoisonError::into_inner).insert(rpc.path(), handler);
        self
    }

    /// The requests of a method so far, in the order of their calls.
    pub fn requests<I: prost::Message + Default, O, K>(&self, rpc: &Rpc<I, O, K>) -> Vec<I> {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let requests = calls.iter().filter(|call| call.path == rpc.path()).flat_map(|call| &call.requests);
        requests.filter_map(|request| I::decode(&**request).ok()).collect()
    }

    /// Records a call. Returns its index in the list and its handler.
    fn note(&self, path: &str, headers: &HeaderMap) -> (usize, Option<Handler>) {
        let call = FakeCall { path: path.to_owned(), headers: headers.clone().into(), requests: Vec::new() };
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.push(call);
        let handlers = self.handlers.lock().unwrap_or_else(PoisonError::into_inner);
        (calls.len() - 1, handlers.get(path).cloned())
    }

    fn note_requests(&self, call: usize, requests: &[Bytes]) {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(call) = calls.get_mut(call) {
            call.requests = requests.to_vec();
        }
    }
}

impl fmt::Debug for FakeCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeCall")
            .field("path", &self.path)
            .field("headers", &self.headers)
            .field("requests", &self.requests.len())
            .finish()
    }
}

/// The one request of a call.
#[doc(hidden)]
pub fn one<I>(requests: Vec<I>) -> Result<I, Error> {
    let mut requests = requests.into_iter();
    match (requests.next(), requests.next()) {
        (Some(request), None) => Ok(request),
        _ => Err(Error::from_status(Code::Internal, "the call does not have exactly one request")),
    }
}

/// All requests of a call.
#[doc(hidden)]
pub fn many<I>(requests: Vec<I>) -> Result<Vec<I>, Error> {
    Ok(requests)
}

fn decode<I: prost::Message + Default>(requests: &[Bytes]) -> Result<Vec<I>, Error> {
    let decode = |request: &Bytes| {
        I::decode(&**request).map_err(|error| Error::from_status(Code::Internal, error.to_string()))
    };
    requests.iter().map(decode).collect()
}

fn encode<O: prost::Message>(answers: Result<Vec<Result<O, Error>>, Error>) -> Answers {
    let mut messages = Vec::new();
    let answers = match answers {
        Ok(answers) => answers,
        Err(error) => return (messages, Err(error)),
    };
    for answer in answers {
        match answer {
            Ok(message) => messages.push(message.encode_to_vec()),
            Err(error) => return (messages, Err(error)),
        }
    }
    (messages, Ok(()))
}

impl<B> Service<http::Request<B>> for Fake
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let (parts, body) = request.into_parts();
        let (call, handler) = self.note(parts.uri.path(), &parts.headers);
        let fake = self.clone();
        Box::pin(async move {
            let answers = match (handler, messages(Body::new(body)).await) {
                (Some(handler), Ok(requests)) => {
                    fake.note_requests(call, &requests);
                    handler(requests).await
                }
                (None, _) => (Vec::new(), Err(Error::from_status(Code::Unimplemented, ""))),
                (_, Err(error)) => (Vec::new(), Err(error)),
            };
            Ok(response(answers))
        })
    }
}

/// The messages of a request body in gRPC framing.
async fn messages(mut body: Body) -> Result<Vec<Bytes>, Error> {
    let mut bytes = BytesMut::new();
    while let Some(frame) = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let frame = frame.map_err(|error| Error::from_status(Code::Cancelled, error.to_string()))?;
        if let Ok(data) = frame.into_data() {
            bytes.extend_from_slice(&data);
        }
    }
    let mut messages = Vec::new();
    while let Some(&[_, a, b, c, d]) = bytes.first_chunk::<PREFIX>() {
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        bytes.advance(PREFIX);
        if length > bytes.len() {
            return Err(Error::from_status(Code::Internal, "the request ends within a message"));
        }
        messages.push(bytes.split_to(length).freeze());
    }
    Ok(messages)
}

fn response((messages, status): Answers) -> http::Response<Body> {
    let mut data = BytesMut::new();
    for message in messages {
        data.extend_from_slice(&[0]);
        data.extend_from_slice(&u32::try_from(message.len()).unwrap_or(u32::MAX).to_be_bytes());
        data.extend_from_slice(&message);
    }
    // Real servers, too, send an error without messages as headers alone.
    let only_trailers = data.is_empty() && status.is_err();
    let trailers = match &status {
        Ok(()) => HeaderMap::from_iter([(response::STATUS, HeaderValue::from_static("0"))]),
        Err(error) => response::trailers(error),
    };
    let (mut headers, trailers) =
        if only_trailers { (trailers, None) } else { (HeaderMap::new(), Some(trailers)) };
    headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    let mut response = http::Response::new(Body::new(AnswerBody { data: data.freeze(), trailers }));
    *response.headers_mut() = headers;
    response
}

/// All messages at once, then the trailers.
struct AnswerBody {
    data: Bytes,
    trailers: Option<HeaderMap>,
}

impl http_body::Body for AnswerBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let data = std::mem::take(&mut self.data);
        if !data.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        Poll::Ready(self.trailers.take().map(|trailers| Ok(Frame::trailers(trailers))))
    }
}

impl fmt::Debug for Fake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fake").field("calls", &self.calls().len()).finish_non_exhaustive()
    }
}
