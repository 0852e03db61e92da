//! Calls that fail.

use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rust_sdk_runtime::transport::Body;
use rust_sdk_runtime::{Client, Code, Error, ErrorKind, RetryPolicy};
use tokio::net::TcpListener;
use tokio_stream::StreamExt as _;

use crate::server::{JOIN, REPEAT, SCRIPTED, SCRIPTED_STREAM, Server, UNARY};

const METHOD: &str = "test.v1.Echo/Unary";

#[tokio::test]
async fn every_code_comes_through_with_message_details_and_metadata() {
    let server = Server::start().await;
    let client = server.client();
    for number in 1..=16 {
        let error = client.call(&UNARY, format!("status:{number}")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Status);
        assert_eq!(error.code(), Some(Code::from_number(number)));
        assert_eq!(error.message(), format!("status é {number}"));
        assert_eq!(error.method(), Some(METHOD));
        assert_eq!(error.details(), [8, 5]);
        assert_eq!(error.metadata("x-request-id"), Some("r-1"));
        assert_eq!(error.is_not_found(), number == 5);
        assert_eq!(error.is_permission_denied(), number == 7);
        assert_eq!(error.is_unavailable(), number == 14);
        assert_eq!(error.is_unauthenticated(), number == 16);
        assert!(!error.is_local());
        assert_eq!(error.trace_id(), Some("r-1"));
        let code = Code::from_number(number);
        assert_eq!(error.to_string(), format!("{code}: status é {number} ({METHOD}, trace r-1)"));
    }
}

#[tokio::test]
async fn an_error_in_a_stream_comes_after_its_messages_and_ends_it() {
    let server = Server::start().await;
    let mut stream = server.client().server_streaming(&REPEAT, "fail:m".to_owned()).await.unwrap();
    for i in 0..3 {
        assert_eq!(stream.next().await.unwrap().unwrap(), format!("m{i}"));
    }
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.code(), Some(Code::FailedPrecondition));
    assert_eq!(error.method(), Some("test.v1.Echo/Repeat"));
    assert_eq!(error.headers().get("x-head"), Some("h"));
    assert_eq!(error.trailers().get("x-request-id"), Some("r-1"));
    assert!(stream.next().await.is_none());
    assert!(stream.trailers().is_none());

    let error = server.client().server_streaming(&REPEAT, "refuse:".to_owned()).await.unwrap_err();
    assert!(error.is_permission_denied());
}

/// gRFC A6, "Pushback": the server states the wait, or that there is no retry.
#[tokio::test]
async fn a_servers_pushback_decides_about_the_retry() {
    for (pushback, made, wait) in [("0", 2, 0), ("300", 2, 300), ("-1", 1, 0), ("60000", 1, 0)] {
        let requests = Arc::new(AtomicUsize::new(0));
        let count = requests.clone();
        let service = tower::service_fn(move |_: http::Request<Body>| {
            let is_first = count.fetch_add(1, Ordering::SeqCst) == 0;
            let response = http::Response::builder().header("content-type", "application/grpc");
            let response = if is_first {
                response.header("grpc-status", "14").header("grpc-retry-pushback-ms", pushback)
            } else {
                response.header("grpc-status", "5")
            };
            std::future::ready(Ok::<_, std::convert::Infallible>(response.body(Body::empty()).unwrap()))
        });
        let policy = RetryPolicy::new().first_delay(Duration::from_millis(1));
        let client = Client::builder().grpc_service(service).retry(policy).build().unwrap();
        let start = Instant::now();
        let call = client.call(&UNARY, String::new()).idempotent(true);
        let code = if made == 2 { Code::NotFound } else { Code::Unavailable };
        assert_eq!(call.await.unwrap_err().code(), Some(code), "{pushback}");
        assert_eq!(requests.load(Ordering::SeqCst), made, "{pushback}");
        assert!(start.elapsed() >= Duration::from_millis(wait), "{pushback}");
    }
}

#[tokio::test]
async fn a_deadline_ends_a_call_that_hangs() {
    let server = Server::start().await;
    let client = Client::builder().grpc(server.url()).timeout(Duration::from_millis(100)).build().unwrap();
    let start = Instant::now();
    assert_timed_out(&client.call(&UNARY, "hang:".to_owned()).await.unwrap_err());

    let call = client.server_streaming(&REPEAT, "hang:m".to_owned()).timeout(Duration::from_millis(100));
    let mut stream = call.await.unwrap();
    for _ in 0..3 {
        stream.next().await.unwrap().unwrap();
    }
    assert_timed_out(&stream.next().await.unwrap().unwrap_err());
    assert!(stream.next().await.is_none());

    let call = client.client_streaming(&JOIN, tokio_stream::pending()).timeout(Duration::from_millis(100));
    assert_timed_out(&call.await.unwrap_err());
    assert_timed_out(&client.call(&UNARY, String::new()).timeout(Duration::ZERO).await.unwrap_err());
    assert!(start.elapsed() < Duration::from_secs(5));

    let call = client.call(&UNARY, "fine".to_owned()).timeout(Duration::MAX);
    assert_eq!(call.await.unwrap(), "fine");
}

#[tokio::test]
async fn a_deadline_ends_a_call_to_a_server_that_never_answers() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok(connection) = listener.accept().await {
            held.push(connection);
        }
    });
    let client = Client::builder().grpc(url).build().unwrap();
    let call = client.call(&UNARY, String::new()).timeout(Duration::from_millis(100));
    assert_timed_out(&call.await.unwrap_err());
}

fn assert_timed_out(error: &Error) {
    assert_eq!((error.kind(), error.code()), (ErrorKind::Timeout, Some(Code::DeadlineExceeded)), "{error:?}");
    assert!(error.is_timeout() && error.method().is_some());
}

#[tokio::test]
async fn a_refused_connection_names_method_and_cause() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::builder().grpc(url).build().unwrap();
    let error = client.call(&UNARY, String::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.is_unavailable()), (ErrorKind::Transport, true));
    let text = format!("{error:#}");
    assert!(
        text.contains("transport error at http://127.0.0.1:")
            && text.contains("onnection refused")
            && text.contains(METHOD)
            && !text.contains('\n'),
        "{text}"
    );
    assert!(error.source().is_some());
}

#[tokio::test]
async fn the_connection_is_made_again_after_it_broke() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let client = Client::builder().grpc(format!("http://{address}")).build().unwrap();
    let broken = tokio::spawn(async move { drop(listener.accept().await.unwrap()) });
    let error = client.call(&UNARY, String::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    broken.await.unwrap();

    let listener = TcpListener::bind(address).await.unwrap();
    let serving = tonic::transport::Server::builder().add_service(crate::server::Echo::default());
    tokio::spawn(serving.serve_with_incoming(tonic::transport::server::TcpIncoming::from(listener)));
    assert_eq!(client.call(&UNARY, "back".to_owned()).await.unwrap(), "back");
}

#[tokio::test]
async fn broken_answers_are_errors_and_never_panics() {
    let server = Server::start().await;
    let client = server.client();
    for (script, kind, code) in [
        ("bad-details", ErrorKind::Status, Code::InvalidArgument),
        ("no-status", ErrorKind::Transport, Code::Unknown),
        ("no-message", ErrorKind::Decode, Code::Internal),
        ("two-messages", ErrorKind::Decode, Code::Internal),
        ("compressed", ErrorKind::Decode, Code::Internal),
        ("truncated", ErrorKind::Decode, Code::Internal),
        ("not-protobuf", ErrorKind::Decode, Code::Internal),
        ("busy", ErrorKind::Transport, Code::ResourceExhausted),
        ("proxy", ErrorKind::Status, Code::Unavailable),
        ("two-statuses", ErrorKind::Status, Code::Unknown),
        ("signed-status", ErrorKind::Status, Code::Unknown),
        ("early-status", ErrorKind::Decode, Code::Unknown),
        ("early-status-and-message", ErrorKind::Decode, Code::Unknown),
        ("early-status-alone", ErrorKind::Decode, Code::Internal),
    ] {
        let error = client.call(&SCRIPTED, ()).header("x-script", script).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (kind, Some(code)), "{script}: {error:?}");
        assert_eq!(error.method(), Some("test.v1.Echo/Scripted"), "{script}");
    }
}

/// What follows a status among the headers is not lost.
#[tokio::test]
async fn a_stream_that_goes_on_behind_its_status_is_an_error() {
    let server = Server::start().await;
    let open = async |script| {
        let call = server.client().server_streaming(&SCRIPTED_STREAM, ()).header("x-script", script);
        call.await.unwrap().next().await.map(|message| message.unwrap_err().code())
    };
    assert_eq!(open("early-status-alone").await, None, "a stream without messages");
    assert_eq!(open("early-status").await, Some(Some(Code::Unknown)));
    assert_eq!(open("early-status-and-message").await, Some(Some(Code::Unknown)));
}

#[tokio::test]
async fn a_response_over_the_limit_is_refused() {
    let server = Server::start().await;
    let request = format!("size:{}", 5 << 20);
    let error = server.client().call(&UNARY, request.clone()).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Decode, Some(Code::ResourceExhausted)));
    let client = Client::builder().grpc(server.url()).max_message_size(8 << 20).build().unwrap();
    assert_eq!(client.call(&UNARY, request.clone()).await.unwrap().len(), 5 << 20);
}

#[tokio::test]
async fn wrong_headers_are_the_calls_error_and_nothing_is_sent() {
    let server = Server::start().await;
    let client = server.client();
    for (name, value) in
        [("x y", "v"), ("x-a", "line\nend"), ("grpc-timeout", "1S"), ("te", "gzip"), ("", "v")]
    {
        let error = client.call(&UNARY, String::new()).header(name, value).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.code()),
            (ErrorKind::InvalidArgument, Some(Code::InvalidArgument)),
            "{name:?}"
        );
        assert!(
            error.is_local() && error.method() == Some(METHOD) && error.message().contains(name),
            "{error}"
        );
    }
    assert_eq!(server.requests(), 0);
}

#[test]
fn a_call_without_a_runtime_is_an_error() {
    let client = Client::builder().grpc("http://localhost:1").build().unwrap();
    let mut call = Box::pin(client.call(&UNARY, String::new()).into_future());
    let polled = call.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
    let std::task::Poll::Ready(Err(error)) = polled else { panic!("it cannot have worked") };
    assert_eq!(error.kind(), ErrorKind::Config);
}

#[test]
fn wrong_settings_are_errors_of_build() {
    let local = || Client::builder().grpc("http://localhost:1");
    for (builder, words) in [
        (Client::builder(), "no server"),
        (Client::builder().grpc("grpc.example.io"), "https://"),
        (local().api_key(""), "secret"),
        (local().api_key("key\n"), "secret"),
        (local().header("x y", "v"), "x y"),
        (local().header("content-type", "v"), "content-type"),
        (local().user_agent("a\nb"), "user agent"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.is_local() && error.message().contains(words), "{error}");
    }
}

#[cfg(not(any(feature = "tls-ring", feature = "tls-aws-lc")))]
#[test]
fn https_without_tls_says_which_feature_to_switch_on() {
    let error = Client::builder().grpc("https://grpc.example.io").build().unwrap_err();
    assert!(error.message().contains("tls-ring"), "{error}");
}

/// A server that does not speak TLS: the call must fail, and nothing of it may have gone out in plain text.
#[cfg(any(feature = "tls-ring", feature = "tls-aws-lc"))]
#[tokio::test]
async fn https_is_never_spoken_in_plain_text() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let first_bytes = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut bytes = [0; 2];
        stream.peek(&mut bytes).await.unwrap();
        bytes
    });
    let client = Client::builder().grpc(url).api_key("key-1").build().unwrap();
    let error = client.call(&UNARY, String::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(first_bytes.await.unwrap(), [22, 3], "a TLS handshake record");
}
