//! Streams: the first message says which account they are for, and no other may say another.

use std::net::SocketAddr;
use std::pin::Pin;

use bytes::Bytes;
use rust_sdk_runtime::access::{Access, Identity};
use rust_sdk_runtime::method::MethodSchemas;
use rust_sdk_runtime::schema::{HasSchema, SchemaOf};
use rust_sdk_runtime::server::{Admitted, access_layer};
use rust_sdk_runtime::{Api, Code, Gateway, Method, Service, template};
use shapes::streaming::v1::streaming_service::server::{StreamingService, StreamingServiceServer};
use shapes::streaming::v1::*;
use tokio::net::TcpListener;
use tokio_stream::{Stream, StreamExt as _};
use tonic::service::Routes;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status, Streaming};

use crate::server::Directory;
use crate::wire::{Sender, framed};

/// The streaming service with rules of its own: what is said is the account.
static METHODS: [Method; 4] = [
    Method::bidirectional("/shapes.streaming.v1.StreamingService/Talk")
        .requires(Access::all(&["talk"]).within("text")),
    Method::server_streaming("/shapes.streaming.v1.StreamingService/Watch")
        .requires(Access::all(&["talk"]).within("topic"))
        .get(template!("/topics/", topic, ":watch")),
    Method::client_streaming("/shapes.streaming.v1.StreamingService/Upload")
        .requires(Access::all(&["talk"]))
        .limit_mb(1)
        .post(template!("/upload"))
        .body("*"),
    Method::client_streaming("/shapes.streaming.v1.StreamingService/Collect"),
];
static SERVICE: Service = Service::new("shapes.streaming.v1.StreamingService", &METHODS).schemas(|index| {
    let request: [SchemaOf; 4] =
        [TalkRequest::schema, WatchRequest::schema, UploadRequest::schema, CollectRequest::schema];
    let response: [SchemaOf; 4] =
        [TalkResponse::schema, WatchResponse::schema, UploadResponse::schema, CollectResponse::schema];
    Some(MethodSchemas::new(*request.get(index)?, *response.get(index)?))
});
pub(crate) static API: Api = Api::new(&[&SERVICE]);

type Answer<T> = Result<Response<T>, Status>;
type Replies<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

pub(crate) struct Talks;

#[tonic::async_trait]
impl StreamingService for Talks {
    async fn watch(&self, request: Request<WatchRequest>) -> Answer<Replies<WatchResponse>> {
        let account = request.extensions().get::<Admitted<Identity>>().unwrap().account().map(str::to_owned);
        assert_eq!(account.as_ref(), Some(&request.get_ref().topic));
        let items = (1..=2).map(|sequence| Ok(WatchResponse { sequence, text: "seen".into() }));
        Ok(Response::new(Box::pin(tokio_stream::iter(items.collect::<Vec<_>>()))))
    }

    /// Gives everything back at the end, so that nothing was answered before all was read.
    async fn talk(&self, request: Request<Streaming<TalkRequest>>) -> Answer<Replies<TalkResponse>> {
        let mut all = Vec::new();
        let mut requests = request.into_inner();
        while let Some(request) = requests.next().await {
            all.push(Ok(TalkResponse { text: request?.text }));
        }
        Ok(Response::new(Box::pin(tokio_stream::iter(all))))
    }

    async fn upload(&self, request: Request<Streaming<UploadRequest>>) -> Answer<UploadResponse> {
        let mut parts = 0;
        let mut requests = request.into_inner();
        // It does not mind how the stream ends.
        while let Ok(Some(_)) = requests.message().await {
            parts += 1;
        }
        Ok(Response::new(UploadResponse { parts }))
    }
}

async fn serve() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let directory = Directory::of([
        Identity::new(["talk"]).within("a"),
        Identity::new(["talk"]).everywhere(),
        Identity::new(["listen"]).everywhere(),
    ]);
    let layer = access_layer(&API, directory).explain(true);
    let routes = Routes::new(StreamingServiceServer::new(Talks).max_decoding_message_size(64 << 20));
    let server = Server::builder().layer(layer).add_routes(routes);
    tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener).with_nodelay(Some(true))));
    address
}

pub(crate) fn text(number: u8, text: &str) -> Bytes {
    framed(&[&[number << 3 | 2, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat())
}

/// What came of these messages: how many bytes were given back, or the code and the reason.
async fn outcome(method: &str, caller: &str, messages: &[&Bytes]) -> Result<usize, (Code, String)> {
    let sender = Sender::http2(serve().await);
    let headers = [("content-type", "application/grpc"), ("te", "trailers"), ("x-caller", caller)];
    let what = format!("POST /shapes.streaming.v1.StreamingService/{method}");
    let answer = sender
        .send(&what, &headers, messages.iter().flat_map(|message| message.to_vec()).collect::<Vec<u8>>())
        .await;
    match answer.error() {
        None => Ok(answer.body.len()),
        Some(error) => {
            let reason = error.error_info().map(|info| info.reason);
            Err((error.code().unwrap(), reason.unwrap_or_else(|| error.message().to_owned())))
        }
    }
}

fn denied(reason: &str) -> Result<usize, (Code, String)> {
    Err((Code::PermissionDenied, reason.to_owned()))
}

#[tokio::test]
async fn the_first_message_of_a_stream_names_the_account() {
    let (a, b, nothing) = (text(1, "a"), text(1, "b"), framed(b""));
    assert_eq!(outcome("Talk", "0", &[&a]).await, Ok(8));
    assert_eq!(outcome("Talk", "0", &[&a, &a, &nothing]).await, Ok(21));
    assert_eq!(outcome("Talk", "1", &[&b, &b]).await, Ok(16));
    assert_eq!(outcome("Talk", "0", &[&b]).await, denied("ACCOUNT_MISMATCH"));
    assert_eq!(outcome("Talk", "2", &[&a]).await, denied("PERMISSION_MISSING"));
    // An empty stream, and one whose first message names none.
    for caller in ["0", "1"] {
        assert_eq!(outcome("Talk", caller, &[]).await, denied("ACCOUNT_MISSING"));
        assert_eq!(outcome("Talk", caller, &[&nothing, &a]).await, denied("ACCOUNT_MISSING"));
    }
    // Another account later on, were it one that the caller may talk for.
    let other = "a message of the stream names another account than the first message";
    assert_eq!(outcome("Talk", "0", &[&a, &b]).await, denied(other));
    assert_eq!(outcome("Talk", "1", &[&a, &nothing, &b]).await, denied(other));
    let broken = framed(&[10, 9, b'a']);
    assert_eq!(outcome("Talk", "0", &[&a, &broken]).await, denied(other));
}

#[tokio::test]
async fn streams_of_responses() {
    assert_eq!(outcome("Watch", "0", &[&text(1, "a")]).await, Ok(26));
    assert_eq!(outcome("Watch", "0", &[&text(1, "b")]).await, denied("ACCOUNT_MISMATCH"));
    assert_eq!(outcome("Watch", "0", &[]).await, denied("ACCOUNT_MISSING"));
    assert_eq!(outcome("Collect", "1", &[]).await, denied("ACCESS_UNSTATED"));
}

#[tokio::test]
async fn no_message_of_a_stream_is_larger_than_the_method_says() {
    let part = |size: usize| {
        let length = prost::encoding::encoded_len_varint(size as u64);
        let mut message = vec![10];
        prost::encoding::encode_varint(size as u64, &mut message);
        assert_eq!(message.len(), 1 + length);
        message.resize(message.len() + size, b'x');
        framed(&message)
    };
    let (small, large, too_large) = (part(10), part((1 << 20) - 4), part((1 << 20) - 3));
    assert_eq!(outcome("Upload", "1", &[&small, &large, &large]).await, Ok(7));
    // The handler takes the end of the stream for a good one; the caller is told all the same.
    let limit = Err((Code::ResourceExhausted, "the request is over the limit of 1048576 bytes".to_owned()));
    assert_eq!(outcome("Upload", "1", &[&small, &too_large]).await, limit);
    assert_eq!(outcome("Upload", "1", &[&too_large]).await, limit);
    assert_eq!(outcome("Upload", "1", &[]).await, Ok(5));
}

/// Over REST the gateway in front sends what the layer sees.
#[tokio::test]
async fn streams_over_rest() {
    use tower_service::Service as _;

    let directory = Directory::of([Identity::new(["talk"]).within("a")]);
    let routes = Routes::new(StreamingServiceServer::new(Talks));
    let layer = access_layer(&API, directory);
    let mut behind = Gateway::new(&API, layer.layer(routes.clone()));
    let mut before = layer.layer(Gateway::new(&API, routes));
    for (target, status) in [("/topics/a:watch", 200), ("/topics/b:watch", 403), ("/topics/:watch", 404)] {
        let request = || {
            http::Request::builder()
                .uri(target)
                .header("x-caller", "0")
                .body(rust_sdk_runtime::transport::Body::empty())
                .unwrap()
        };
        assert_eq!(behind.call(request()).await.unwrap().status(), status, "{target}");
        assert_eq!(before.call(request()).await.unwrap().status(), status, "{target}");
    }
}
