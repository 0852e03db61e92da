//! Calls that succeed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rust_sdk_runtime::credentials::AuthorizationFuture;
use rust_sdk_runtime::method::Method;
use rust_sdk_runtime::transport::Body;
use rust_sdk_runtime::{Authorization, Client, Credentials};
use tokio_stream::StreamExt as _;
use tower::ServiceExt as _;

use crate::server::{CHAT, Echo, JOIN, PING, REPEAT, SCRIPTED, Server, UNARY};

#[tokio::test]
async fn unary() {
    let server = Server::start().await;
    let client = server.client();
    assert_eq!(client.call(&UNARY, "hello".to_owned()).await.unwrap(), "hello");
    client.call(&PING, ()).await.unwrap();
    assert_eq!(client.call(&SCRIPTED, ()).header("x-script", "split").await.unwrap(), "hello");
}

#[tokio::test]
async fn headers_and_trailers_are_apart() {
    let server = Server::start().await;
    let call = server.client().call(&SCRIPTED, ()).header("x-script", "trailers");
    let response = call.with_response().await.unwrap();
    assert_eq!(response.message, "hello");
    assert_eq!(response.headers.get_all("x-both").collect::<Vec<_>>(), ["header"]);
    assert_eq!(response.trailers.get_all("x-both").collect::<Vec<_>>(), ["trailer"]);
    assert_eq!(response.trailers.get_bytes("x-tail-bin"), Some(vec![1, 2, 3]));
    assert_eq!(response.trailers.get("grpc-status"), None);
}

#[tokio::test]
async fn server_streaming() {
    let server = Server::start().await;
    let mut stream = server.client().server_streaming(&REPEAT, ":m".to_owned()).await.unwrap();
    assert_eq!(stream.headers().get("x-head"), Some("h"));
    assert_eq!(stream.message().await.unwrap().as_deref(), Some("m0"));
    assert!(stream.trailers().is_none());
    assert_eq!(stream.next().await.unwrap().unwrap(), "m1");
    assert_eq!(stream.next().await.unwrap().unwrap(), "m2");
    assert!(stream.trailers().is_none());
    assert!(stream.next().await.is_none());
    assert!(stream.trailers().is_some());
    assert!(stream.next().await.is_none(), "the end stays the end");
}

#[tokio::test]
async fn client_streaming() {
    let server = Server::start().await;
    let client = server.client();
    let requests = tokio_stream::iter(["a", "b", "c"].map(str::to_owned));
    assert_eq!(client.client_streaming(&JOIN, requests).await.unwrap(), "abc");
    assert_eq!(client.client_streaming(&JOIN, tokio_stream::empty()).await.unwrap(), "");
}

#[tokio::test]
async fn bidirectional_messages_go_back_and_forth() {
    let server = Server::start().await;
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    let requests = Channel(receiver);
    let mut replies = server.client().bidirectional(&CHAT, requests).await.unwrap();
    for text in ["one", "two"] {
        sender.send(text.to_owned()).await.unwrap();
        assert_eq!(replies.message().await.unwrap().unwrap(), format!("re: {text}"));
    }
    drop(sender);
    assert_eq!(replies.message().await.unwrap(), None);
}

struct Channel(tokio::sync::mpsc::Receiver<String>);

impl tokio_stream::Stream for Channel {
    type Item = String;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<String>> {
        self.0.poll_recv(context)
    }
}

#[tokio::test]
async fn the_server_sees_what_the_call_was_given() {
    let server = Server::start().await;
    let client = Client::builder()
        .grpc(server.url())
        .api_key("key-1")
        .header("x-a", "client")
        .header("x-b", "client")
        .user_agent("tests/1")
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap();
    let call = client.call(&UNARY, String::new()).header("x-b", "one").header("x-b", "two");
    call.await.unwrap();
    let seen = server.seen();
    assert_eq!(seen["authorization"], "apikey key-1");
    assert_eq!(seen["x-a"], "client");
    assert_eq!(seen.get_all("x-b").iter().collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(seen["te"], "trailers");
    assert_eq!(seen["content-type"], "application/grpc");
    assert!(seen["user-agent"].to_str().unwrap().starts_with("tests/1 rust-sdk-runtime/"));
    let timeout = seen["grpc-timeout"].to_str().unwrap();
    let micros: u64 = timeout.strip_suffix('u').unwrap().parse().unwrap();
    assert!((20_000_000..=30_000_000).contains(&micros), "{timeout}");

    client.call(&UNARY, String::new()).header("authorization", "Bearer other").await.unwrap();
    assert_eq!(server.seen()["authorization"], "Bearer other");

    client.server_streaming(&REPEAT, String::new()).await.unwrap();
    assert!(!server.seen().contains_key("grpc-timeout"), "the default is for unary calls");

    let client = Client::builder().grpc(server.url()).bearer("token-1").build().unwrap();
    client.call(&UNARY, String::new()).await.unwrap();
    assert_eq!(server.seen()["authorization"], "Bearer token-1");
    // Without a limit of its own, an attempt has one of 60 seconds.
    let timeout = server.seen()["grpc-timeout"].to_str().unwrap().to_owned();
    let micros: u64 = timeout.strip_suffix('u').unwrap().parse().unwrap();
    assert!((50_000_000..=60_000_000).contains(&micros), "{timeout}");
}

/// Hands out `t0`, and another token after each rejection.
#[derive(Clone, Default)]
struct Refreshed {
    generation: Arc<AtomicUsize>,
    methods: Arc<Mutex<Vec<&'static str>>>,
}

impl Credentials for Refreshed {
    fn authorize(&self, method: &'static Method) -> AuthorizationFuture<'_> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            self.methods.lock().unwrap().push(method.name());
            let token = format!("t{}", self.generation.load(Ordering::SeqCst));
            Ok(Authorization::bearer(&token)?)
        })
    }

    fn rejected(&self) -> bool {
        self.generation.fetch_add(1, Ordering::SeqCst);
        true
    }
}

#[tokio::test]
async fn credentials_are_asked_each_time_and_renewed_once_after_a_rejection() {
    let server = Server::start().await;
    let credentials = Refreshed::default();
    let client = Client::builder().grpc(server.url()).credentials(credentials.clone()).build().unwrap();
    client.call(&UNARY, String::new()).await.unwrap();
    assert_eq!(server.seen()["authorization"], "Bearer t0");
    // The server rejects the renewed credentials, too: one more attempt, and no third one.
    assert!(client.call(&UNARY, "status:16".to_owned()).await.unwrap_err().is_unauthenticated());
    assert_eq!(server.seen()["authorization"], "Bearer t1");
    client.call(&PING, ()).await.unwrap();
    assert_eq!(server.seen()["authorization"], "Bearer t2");
    assert!(client.call(&UNARY, "status:7".to_owned()).await.is_err());
    assert_eq!(credentials.generation.load(Ordering::SeqCst), 2);
    assert_eq!(*credentials.methods.lock().unwrap(), ["Unary", "Unary", "Unary", "Ping", "Unary"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_calls_at_once_on_one_client() {
    let server = Server::start().await;
    let client = server.client();
    let calls: Vec<_> =
        (0..1000).map(|i| tokio::spawn(client.call(&UNARY, format!("m{i}")).into_future())).collect();
    for (i, call) in calls.into_iter().enumerate() {
        assert_eq!(call.await.unwrap().unwrap(), format!("m{i}"));
    }
}

#[tokio::test]
async fn an_in_process_service_needs_no_socket() {
    let client = Client::builder().grpc_service(Echo::default()).build().unwrap();
    assert_eq!(client.call(&UNARY, "hello".to_owned()).await.unwrap(), "hello");
}

#[tokio::test]
async fn a_channel_of_the_callers_making() {
    let server = Server::start().await;
    let channel = tonic::transport::Endpoint::try_from(server.url()).unwrap().connect().await.unwrap();
    let channel = channel.map_request(|request: http::Request<Body>| request.map(tonic::body::Body::new));
    let client = Client::builder().grpc_service(channel).build().unwrap();
    assert_eq!(client.call(&UNARY, "hello".to_owned()).await.unwrap(), "hello");
}

#[test]
fn a_client_outlives_the_runtime_of_its_first_call() {
    let serving = tokio::runtime::Runtime::new().unwrap();
    let server = serving.block_on(Server::start());
    let client = server.client();
    for _ in 0..2 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        assert_eq!(runtime.block_on(client.call(&UNARY, "hello".to_owned()).into_future()).unwrap(), "hello");
    }
}

#[test]
fn futures_and_streams_are_send_and_static() {
    fn sendable<T: Send + 'static>(_: T) {}
    fn check() {
        let client = Client::builder().build().unwrap();
        sendable(client.call(&UNARY, String::new()));
        sendable(client.call(&UNARY, String::new()).into_future());
        sendable(client.call(&UNARY, String::new()).with_response());
        sendable(client.client_streaming(&JOIN, tokio_stream::empty()));
        sendable(client.server_streaming(&REPEAT, String::new()).into_future());
        sendable(async move {
            let mut stream = client.bidirectional(&CHAT, tokio_stream::empty()).await.unwrap();
            while let Some(message) = stream.next().await {
                message.unwrap();
                tokio::task::yield_now().await;
            }
        });
    }
    let _ = check; // It is enough that it compiles.
}
