//! Calls that fail.

use std::error::Error as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rust_sdk_runtime::{Client, Code, Error, ErrorKind, RetryPolicy};

use crate::api::*;
use crate::server::{Answer, Server, Step, bounded, raw};

const METHOD: &str = "test.v1.Things/Get";

/// The error of a call, which is made once.
async fn failed(client: &Client) -> Error {
    let error = bounded(client.call(&GET, thing("a")).retry(RetryPolicy::never())).await.unwrap_err();
    assert_eq!(error.method(), Some(METHOD), "{error:?}");
    assert!(error.to_string().contains(METHOD) && !error.to_string().contains('\n'), "{error}");
    error
}

const TRAILERS: &[(&str, &str)] = &[("grpc-status", "9"), ("grpc-message", "late")];

#[tokio::test]
async fn the_status_of_an_answer_is_the_error() {
    for (status, body, code) in [
        (404, r#"{"code":5,"message":"no thing a","details":[]}"#, Code::NotFound),
        (404, r#"{"error":{"code":404,"message":"no thing a","status":"NOT_FOUND"}}"#, Code::NotFound),
        (404, "", Code::NotFound),
        (401, "", Code::Unauthenticated),
        (403, "{", Code::PermissionDenied),
        (429, "", Code::ResourceExhausted),
        (500, "null", Code::Internal),
        (503, "[]", Code::Unavailable),
        (504, "", Code::DeadlineExceeded),
    ] {
        let server = Server::start(move |_| {
            Answer::new(status, "application/json", body).header("x-request-id", "r-1")
        })
        .await;
        let error = failed(&server.client()).await;
        assert_eq!((error.kind(), error.code()), (ErrorKind::Status, Some(code)), "{status} {body}");
        assert_eq!(error.metadata("x-request-id"), Some("r-1"));
        if body.contains("no thing") {
            assert_eq!(error.message(), "no thing a");
        }
    }
}

/// grpc-gateway sends the trailers of the server behind it with a prefix, if the client asks for trailers.
#[tokio::test]
async fn the_trailers_of_an_error_are_kept() {
    const PREFIXED: &[(&str, &str)] =
        &[("grpc-trailer-x-request-id", "r-2"), ("grpc-trailer-retry-after", "7")];
    let server = Server::start(|_| {
        let names = "grpc-trailer-x-request-id, grpc-trailer-retry-after";
        let answer = Answer::new(404, "application/json", "").header("trailer", names);
        answer.data(r#"{"code":5}"#).step(Step::Trailers(PREFIXED))
    })
    .await;
    let error = failed(&server.client()).await;
    assert_eq!((error.code(), error.trace_id()), (Some(Code::NotFound), Some("r-2")), "{error}");
    assert_eq!(error.retry_delay(), Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn an_error_in_grpcs_own_headers() {
    let server =
        Server::start(|_| Answer::json("{}").header("grpc-status", "5").header("grpc-message", "no%20thing"))
            .await;
    let error = failed(&server.client()).await;
    assert_eq!((error.code(), error.message()), (Some(Code::NotFound), "no thing"));
    assert_eq!(error.metadata("grpc-status"), None);

    let (_server, client) = Server::http2(|_| Answer::json("{}").step(Step::Trailers(TRAILERS))).await;
    let error = failed(&client).await;
    assert_eq!((error.code(), error.message()), (Some(Code::FailedPrecondition), "late"));
}

#[tokio::test]
async fn bodies_that_are_not_the_message() {
    for (content_type, body, words) in [
        ("text/html", "<html>hello</html>", "text/html"),
        ("application/grpc", "\0\0\0\0\0", "application/grpc"),
        ("application/json", "<html>", "not JSON"),
        ("application/json", r#"{"id":"a""#, "not JSON"),
        ("application/json", r#"{"id":"a"} x"#, "not JSON"),
        ("application/json", r#"{"id":7}"#, "id: expected"),
        ("application/json", "[]", "expected"),
        ("application/json", "null", "expected"),
        ("application/json", "", "not JSON"),
        ("", "hello", "not JSON"),
    ] {
        let server = Server::start(move |_| Answer::new(200, content_type, body)).await;
        let error = failed(&server.client()).await;
        assert_eq!((error.kind(), error.code()), (ErrorKind::Decode, Some(Code::Internal)), "{body}");
        let text = format!("{error:#}");
        assert!(text.contains(words) && !text.contains("hello"), "{text}");
        assert_eq!(error.headers().get("content-type").unwrap_or_default(), content_type);
    }
    let server = Server::start(|_| Answer::json("\u{1f}\u{8b}").header("content-encoding", "gzip")).await;
    assert!(failed(&server.client()).await.message().contains("gzip"));
    let server = Server::start(|_| {
        Answer::json("{}").header("content-encoding", "identity").header("content-encoding", "gzip")
    })
    .await;
    assert!(failed(&server.client()).await.message().contains("gzip"), "in the second of two headers");
    let server = Server::start(|_| Answer::json(vec![b'"', 0xff, b'"'])).await;
    assert_eq!(failed(&server.client()).await.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn a_response_over_the_limit() {
    let long = || format!(r#"{{"name":"{}"}}"#, "x".repeat(5 << 20));
    let server = Server::start(move |seen| match seen.path.as_str() {
        "/v1/things/a" => Answer::json(long()),
        // Of a length that is not told.
        _ => Answer::json("").data(long()).data(" "),
    })
    .await;
    for id in ["a", "b"] {
        let error = bounded(server.client().call(&GET, thing(id))).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Decode, Some(Code::ResourceExhausted)));
        let client = Client::builder().rest(server.url()).max_message_size(8 << 20).build().unwrap();
        assert_eq!(bounded(client.call(&GET, thing(id))).await.unwrap().name.len(), 5 << 20);
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_its_credentials_stay_here() {
    let other = Server::start(|_| Answer::json("{}")).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("http://user:hunter2@{}/v1/hunter2?key=hunter2", other.address);
        let server = Server::start(move |_| Answer::new(status, "", "").header("location", &location)).await;
        let client = Client::builder().rest(server.url()).bearer("token-1").build().unwrap();
        let error = failed(&client).await;
        assert_eq!((error.kind(), error.code()), (ErrorKind::Status, Some(Code::Unknown)));
        let text = error.to_string();
        assert!(text.contains(&status.to_string()) && text.contains(&other.url()), "{text}");
        assert!(!format!("{text}{error:?}").contains("hunter2"), "{text}");
        assert_eq!(server.requests(), 1);
    }
    let server = Server::start(|_| Answer::new(302, "", "").header("location", "/elsewhere")).await;
    assert!(failed(&server.client()).await.message().contains("302 Found, a redirect, which"));
    assert_eq!(other.requests(), 0);
}

#[tokio::test]
async fn a_connection_that_cannot_be_made_or_breaks() {
    let gone = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let client = Client::builder().rest(format!("http://{gone}")).build().unwrap();
    let error = failed(&client).await;
    assert_eq!((error.kind(), error.code()), (ErrorKind::Transport, Some(Code::Unavailable)));
    assert_eq!(error.message(), format!("transport error at http://{gone}: the connection failed"));
    // Only `{:#}` prints the cause, and only once.
    assert_eq!(format!("{error:#}").matches("onnection refused").count(), 1, "{error:#}");
    assert!(!error.to_string().contains("onnection refused"), "{error}");

    for answer in [
        &b""[..],
        b"HTTP/1.1 200 OK\r\ncontent-le",
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{\"id\":\"a\"}",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\na\r\n{\"id\":\"a\"}\r\n",
    ] {
        let error = failed(&raw(answer).await).await;
        assert_eq!(
            (error.kind(), error.code()),
            (ErrorKind::Transport, Some(Code::Unavailable)),
            "{error:?}"
        );
        assert!(error.message().starts_with("transport error at http://127.0.0.1:"), "{error}");
        assert!(error.source().is_some(), "{error:?}");
    }
    let error = failed(&raw(b"SSH-2.0-OpenSSH_9.2\r\n").await).await;
    assert_eq!((error.kind(), error.code()), (ErrorKind::Transport, Some(Code::Internal)), "{error:?}");

    // The error of an answer is told even where its body breaks off.
    let server = Server::start(|_| Answer::new(404, "", "").data("{").step(Step::Break)).await;
    let error = failed(&server.client()).await;
    assert!(error.is_not_found(), "{error:?}");
}

#[tokio::test]
async fn a_broken_body_is_asked_for_again() {
    let made = AtomicUsize::new(0);
    let server = Server::start(move |_| match made.fetch_add(1, Ordering::SeqCst) {
        0 => Answer::json("").data("{").step(Step::Break),
        _ => Answer::json("{}"),
    })
    .await;
    bounded(server.client().call(&GET, thing("a"))).await.unwrap();
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn a_deadline_ends_a_call_wherever_it_hangs() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/v1/things/body" => Answer::json("").data("{").step(Step::Hang),
        _ => Answer::new(500, "", "").data("{").step(Step::Hang),
    })
    .await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = Client::builder().rest(format!("http://{}", silent.local_addr().unwrap())).build().unwrap();
    let start = Instant::now();
    for (client, id) in [(&server.client(), "body"), (&server.client(), "error"), (&silent, "headers")] {
        let call = client.call(&GET, thing(id)).timeout(Duration::from_millis(100));
        let error = bounded(call).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Timeout, Some(Code::DeadlineExceeded)), "{id}");
        assert_eq!(error.method(), Some(METHOD));
    }
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn requests_without_a_rest_form_are_refused_and_nothing_is_sent() {
    let server = Server::start(|_| Answer::json("{}")).await;
    let client = server.client();
    let no_path = client.call(&GET, Thing { name: "hunter2".into(), ..Thing::default() });
    let dots = client.call(&GET, thing(".."));
    for (call, word) in
        [(no_path, "id"), (dots, "id"), (client.call(&UNBOUND, thing("a")), "no HTTP binding")]
    {
        let error = bounded(call).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.code()),
            (ErrorKind::InvalidArgument, Some(Code::InvalidArgument)),
            "{error}"
        );
        assert!(error.message().contains(word) && error.method().is_some(), "{error}");
        assert_eq!(error.to_string().matches("test.v1.Things/").count(), 1, "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
    let error = bounded(client.call(&BARE, thing("a"))).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Config && error.message().contains("schemas"), "{error}");

    let file = HttpBody { content_type: "a\nb".into(), data: vec![1] };
    let upload = Update { thing: Some(thing("a")), file: Some(file), ..Update::default() };
    let error = bounded(client.call(&UPLOAD, upload)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(server.requests(), 0);
}

#[test]
fn a_call_without_a_runtime_is_an_error() {
    let client = Client::builder().rest("http://localhost:1").build().unwrap();
    let mut call = Box::pin(client.call(&GET, thing("a")).into_future());
    let polled = call.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
    let std::task::Poll::Ready(Err(error)) = polled else { panic!("it cannot have worked") };
    assert_eq!(error.kind(), ErrorKind::Config);
}
