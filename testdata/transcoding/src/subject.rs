//! One method of the API under test, with its types erased: messages go in and come out encoded.

use std::pin::Pin;

use http::HeaderMap;
use prost::Message;
use sdk::runtime::method::MethodSchemas;
use sdk::runtime::schema::HasSchema;
use sdk::runtime::{Client, Error, Method, Response, ResponseStream, Rpc};
use tokio_stream::StreamExt as _;

use crate::relay::{self, Function};

/// A method, and how it is called.
pub struct Subject {
    pub method: &'static Method,
    pub schemas: MethodSchemas,
    /// Whether it is its service's first method.
    pub first: bool,
    /// The method's function, as a direct gateway calls it.
    pub function: Function,
    call: Box<CallFn>,
}

type CallFn = dyn Fn(&Client, Vec<Vec<u8>>) -> Calling;

type Calling = Pin<Box<dyn Future<Output = Outcome>>>;

/// What a call gave.
#[derive(Debug, Default)]
pub struct Outcome {
    pub messages: Vec<Vec<u8>>,
    pub failure: Option<Failure>,
    /// Headers and trailers: where HTTP puts the latter depends on the server.
    pub metadata: HeaderMap,
}

/// What an error says over each transport.
#[derive(Debug, PartialEq)]
pub struct Failure {
    pub code: Option<i32>,
    pub message: String,
    /// An encoded `google.rpc.Status`.
    pub details: Vec<u8>,
}

#[allow(dead_code, reason = "an API need not have every kind of method")]
impl Subject {
    pub fn call(&self, client: &Client, requests: Vec<Vec<u8>>) -> Calling {
        (self.call)(client, requests)
    }

    pub fn unary<I: Type, O: Type>(rpc: &'static Rpc<I, O>) -> Self {
        Self::new(rpc, relay::unary::<I, O>, |client, requests| {
            let call = client.call(rpc, first(&requests)).with_response();
            Box::pin(async { one(call.await) })
        })
    }

    pub fn client_streaming<I: Type, O: Type>(rpc: &'static Rpc<I, O>) -> Self {
        Self::new(rpc, relay::over_grpc, |client, requests| {
            let call = client.client_streaming(rpc, all(requests)).with_response();
            Box::pin(async { one(call.await) })
        })
    }

    pub fn server_streaming<I: Type, O: Type>(rpc: &'static Rpc<I, O>) -> Self {
        Self::new(rpc, relay::server_streaming::<I, O>, |client, requests| {
            let call = client.server_streaming(rpc, first(&requests));
            Box::pin(async { many(call.await).await })
        })
    }

    pub fn bidirectional<I: Type, O: Type>(rpc: &'static Rpc<I, O>) -> Self {
        Self::new(rpc, relay::over_grpc, |client, requests| {
            let call = client.bidirectional(rpc, all(requests));
            Box::pin(async { many(call.await).await })
        })
    }

    fn new<I: Type, O: Type>(
        rpc: &'static Rpc<I, O>,
        function: Function,
        call: impl Fn(&Client, Vec<Vec<u8>>) -> Calling + 'static,
    ) -> Self {
        let method = rpc.method();
        let first = rpc.service().methods().first().is_some_and(|first| first.path() == method.path());
        Self { method, schemas: MethodSchemas::of(rpc), first, function, call: Box::new(call) }
    }
}

/// A generated message.
pub trait Type: Message + Default + HasSchema + 'static {}

impl<T: Message + Default + HasSchema + 'static> Type for T {}

fn first<I: Type>(requests: &[Vec<u8>]) -> I {
    decode(&requests[0])
}

#[allow(dead_code, reason = "an API need not have streams")]
fn all<I: Type>(requests: Vec<Vec<u8>>) -> impl tokio_stream::Stream<Item = I> + Send + 'static {
    let requests: Vec<I> = requests.iter().map(|request| decode(request)).collect();
    tokio_stream::iter(requests)
}

fn decode<I: Type>(request: &[u8]) -> I {
    I::decode(request).expect("a message of the method's own request type")
}

fn one<O: Type>(result: Result<Response<O>, Error>) -> Outcome {
    match result {
        Ok(response) => {
            let mut metadata = response.headers.into_map();
            metadata.extend(response.trailers.into_map());
            Outcome { messages: vec![response.message.encode_to_vec()], failure: None, metadata }
        }
        Err(error) => failed(Outcome::default(), &error),
    }
}

#[allow(dead_code, reason = "an API need not have streams")]
async fn many<O: Type>(result: Result<ResponseStream<O>, Error>) -> Outcome {
    let mut outcome = Outcome::default();
    let mut stream = match result {
        Ok(stream) => stream,
        Err(error) => return failed(outcome, &error),
    };
    while let Some(item) = stream.next().await {
        match item {
            Ok(message) => outcome.messages.push(message.encode_to_vec()),
            Err(error) => return failed(outcome, &error),
        }
    }
    outcome.metadata = stream.headers().into_map();
    outcome.metadata.extend(stream.trailers().unwrap_or_default().into_map());
    outcome
}

fn failed(mut outcome: Outcome, error: &Error) -> Outcome {
    outcome.metadata = error.headers().as_map().clone();
    outcome.metadata.extend(error.trailers().as_map().clone());
    outcome.failure = Some(Failure {
        code: error.code().map(|code| code as i32),
        message: error.message().to_owned(),
        details: error.details().to_owned(),
    });
    outcome
}

/// The methods with these constants, each after its kind.
#[macro_export]
macro_rules! every {
    ($($kind:ident $rpc:path;)*) => { vec![$($crate::subject::Subject::$kind(&$rpc)),*] };
}
