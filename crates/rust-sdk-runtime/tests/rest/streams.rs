//! Streams of responses in every framing, and streams of requests.

use std::future::IntoFuture as _;
use std::time::Duration;

use prost::Message;
use rust_sdk_runtime::{Client, Code, Error, ErrorKind, RequestFraming, ResponseStream};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::api::*;
use crate::server::{Answer, Server, Step, bounded, raw};

const FAILED: &[(&str, &str)] =
    &[("grpc-status", "9"), ("grpc-message", "mid%20way"), ("x-request-id", "r-1")];

/// The messages of a stream, and how it ends.
async fn read<O: Message + Default>(mut stream: ResponseStream<O>) -> (Vec<O>, Result<(), Error>) {
    bounded(async {
        let mut messages = Vec::new();
        loop {
            match stream.message().await {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => return (messages, Ok(())),
                Err(error) => {
                    assert!(stream.message().await.unwrap().is_none(), "the end stays the end");
                    assert!(error.method().is_some() && error.to_string().contains("test.v1.Things/"));
                    return (messages, Err(error));
                }
            }
        }
    })
    .await
}

async fn watch(client: &Client) -> (Vec<String>, Result<(), Error>) {
    let (things, end) = read(bounded(client.server_streaming(&WATCH, Thing::default())).await.unwrap()).await;
    (things.into_iter().map(|thing| thing.id).collect(), end)
}

#[tokio::test]
async fn every_framing_gives_the_same_messages() {
    for (content_type, body) in [
        ("application/json", r#"[{"id":"a"},{"id":"b"} , {}]"#),
        ("application/json", "{\"id\":\"a\"}\n{\"id\":\"b\"}\n{}\n"),
        ("application/json", "{\"result\":{\"id\":\"a\"}}\n{\"result\":{\"id\":\"b\"}}\n{\"result\":{}}\n"),
        ("application/x-ndjson; charset=utf-8", "{\"id\":\"a\",\"newer\":1}\n{\"id\":\"b\"}\n{}"),
        ("", "{\"id\":\"a\"}{\"id\":\"b\"}{}"),
        ("text/event-stream", ": open\n\ndata: {\"id\":\"a\"}\n\ndata: {\"id\":\"b\"}\n\ndata: {}\n\n"),
        (
            "text/event-stream",
            "data:{\"result\":\r\ndata:{\"id\":\"a\"}}\r\n\r\ndata: {\"id\":\"b\"}\r\rdata: {}\r\n\r\n",
        ),
    ] {
        for size in [1, 7, body.len()] {
            let server = Server::start(move |_| {
                let answer = Answer::new(200, content_type, "").header("x-head", "h");
                body.as_bytes().chunks(size).fold(answer, Answer::data)
            })
            .await;
            let (ids, end) = watch(&server.client()).await;
            assert_eq!((ids, end.is_ok()), (["a", "b", ""].map(str::to_owned).to_vec(), true), "{body}");
            assert_eq!(server.seen().headers["te"], "trailers");
        }
    }
    for (content_type, body) in
        [("application/json", "[]"), ("application/json", ""), ("text/event-stream", "")]
    {
        let server = Server::start(move |_| Answer::new(200, content_type, body)).await;
        let (ids, end) = watch(&server.client()).await;
        assert!(ids.is_empty() && end.is_ok(), "{body}");
    }
}

#[tokio::test]
async fn messages_are_there_as_they_arrive_and_a_deadline_ends_the_wait() {
    for (content_type, first) in [
        ("application/json", "[{\"id\":\"a\"}"),
        ("application/json", "{\"id\":\"a\"}"),
        ("text/event-stream", "data: {\"id\":\"a\"}\n\n"),
    ] {
        let server = Server::start(move |_| {
            Answer::new(200, content_type, first).header("x-head", "h").step(Step::Hang)
        })
        .await;
        let client = server.client();
        let call = client.server_streaming(&WATCH, Thing::default()).timeout(Duration::from_millis(500));
        let mut stream = bounded(call).await.unwrap();
        assert_eq!(stream.headers().get("x-head"), Some("h"));
        assert_eq!(bounded(stream.message()).await.unwrap(), Some(thing("a")));
        assert!(stream.trailers().is_none());
        let error = bounded(stream.message()).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Timeout, Some(Code::DeadlineExceeded)));
    }
}

#[tokio::test]
async fn items_of_one_field_and_raw_bytes() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/v1/names" => Answer::json("[\"a\"").data(",\"b\"]"),
        _ => Answer::new(200, "text/csv", "1,").data("2,\n").header("content-type", "text/csv"),
    })
    .await;
    let client = server.client();
    let (named, end) = read(client.server_streaming(&NAMES, ()).await.unwrap()).await;
    assert_eq!(named.iter().map(|thing| thing.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert!(end.is_ok());

    let (chunks, end) = read(client.server_streaming(&READ, thing("a")).await.unwrap()).await;
    assert!(end.is_ok() && chunks.iter().all(|chunk| chunk.content_type == "text/csv"));
    assert_eq!(chunks.iter().flat_map(|chunk| chunk.data.clone()).collect::<Vec<_>>(), b"1,2,\n");
    assert_eq!(server.seen().headers["accept"], "*/*");
}

#[tokio::test]
async fn fields_named_as_the_wrapper_are_told_from_it() {
    for (body, expected) in [
        ("{\"result\":\"bare\"}\n", Outcome { result: "bare".into(), error: None }),
        ("{\"result\":{\"result\":\"wrapped\"}}\n", Outcome { result: "wrapped".into(), error: None }),
        (
            "{\"result\":{\"error\":{\"id\":\"a\"}}}\n",
            Outcome { error: Some(thing("a")), ..Outcome::default() },
        ),
        ("{\"error\":{\"id\":\"a\"}}\n", Outcome { error: Some(thing("a")), ..Outcome::default() }),
        ("[{\"result\":\"bare\"}]", Outcome { result: "bare".into(), error: None }),
    ] {
        let server = Server::start(move |_| Answer::json(body)).await;
        let (outcomes, end) = read(server.client().server_streaming(&OUTCOMES, ()).await.unwrap()).await;
        assert_eq!((outcomes, end.is_ok()), (vec![expected], true), "{body}");
    }
    let server = Server::start(|_| Answer::json("{\"error\":{\"code\":9,\"message\":\"failed\"}}")).await;
    let (outcomes, end) = read(server.client().server_streaming(&OUTCOMES, ()).await.unwrap()).await;
    assert_eq!((outcomes.len(), end.unwrap_err().code()), (0, Some(Code::FailedPrecondition)));
}

#[tokio::test]
async fn an_error_within_a_stream_comes_after_its_messages() {
    let error = r#"{"error":{"code":9,"message":"mid way","details":[]}}"#;
    for (content_type, body) in [
        ("application/json", format!("[{{\"id\":\"a\"}},{error}]")),
        ("application/json", format!("{{\"result\":{{\"id\":\"a\"}}}}\n{error}\n")),
        ("text/event-stream", format!("data: {{\"id\":\"a\"}}\n\ndata: {error}\n\n")),
        (
            "application/json",
            r#"{"id":"a"}{"error":{"grpc_code":9,"http_code":400,"message":"mid way"}}"#.to_owned(),
        ),
    ] {
        let answer = body.clone();
        let server = Server::start(move |_| {
            Answer::new(200, content_type, answer.clone()).header("x-request-id", "r-1")
        })
        .await;
        let (ids, end) = watch(&server.client()).await;
        let error = end.unwrap_err();
        assert_eq!((ids, error.kind()), (vec!["a".to_owned()], ErrorKind::Status), "{body}");
        assert_eq!((error.code(), error.message()), (Some(Code::FailedPrecondition), "mid way"), "{body}");
        assert_eq!(error.metadata("x-request-id"), Some("r-1"));
    }
    // As Envoy does, whether or not it closes the array.
    for body in ["[{\"id\":\"a\"}]", "[{\"id\":\"a\"}", "{\"id\":\"a\"}\n"] {
        let answer = move |_: &_| {
            Answer::json(body).step(Step::Trailers(FAILED)).header("trailer", "grpc-status, grpc-message")
        };
        let http1 = Server::start(answer).await;
        let (_http2, client) = Server::http2(answer).await;
        for client in [client, http1.client()] {
            let (ids, end) = watch(&client).await;
            let error = end.unwrap_err();
            assert_eq!((ids, error.kind()), (vec!["a".to_owned()], ErrorKind::Status), "{body}");
            assert_eq!((error.code(), error.message()), (Some(Code::FailedPrecondition), "mid way"));
        }
    }
    let server =
        Server::start(|_| Answer::new(403, "application/json", r#"{"code":7,"message":"no"}"#)).await;
    let call = server.client().server_streaming(&WATCH, Thing::default());
    assert!(bounded(call).await.unwrap_err().is_permission_denied());
}

#[tokio::test]
async fn a_stream_that_breaks_off_never_ends_silently() {
    for (content_type, body, read, words) in [
        ("application/json", "[{\"id\":\"a\"}", 1, "within a message"),
        ("application/json", "[{\"id\":\"a\"},{\"id", 1, "within a message"),
        ("application/json", "{\"id\":\"a\"}\n{\"id", 1, "within a message"),
        ("text/event-stream", "data: {\"id\":\"a\"}\n\ndata: {}\n", 1, "within a message"),
        ("application/json", "[{\"id\":\"a\"}]{}", 1, "not a message"),
        ("application/json", "[{\"id\":\"a\"},{\"id\":7}]", 1, "expected"),
        ("application/json", "{\"id\":\"a\"}\n{]\n}", 1, "not JSON"),
        ("application/json", "<html>hello</html>", 0, "not a message"),
        ("text/event-stream", "hello\n\n", 0, "not a message"),
        ("text/html", "<html>hello</html>", 0, "text/html"),
    ] {
        let server = Server::start(move |_| Answer::new(200, content_type, body)).await;
        let (ids, end) = watch(&server.client()).await;
        let error = end.unwrap_err();
        assert_eq!((ids.len(), error.kind()), (read, ErrorKind::Decode), "{body}: {error}");
        let text = format!("{error:#}");
        assert!(text.contains(words) && !text.contains("hello"), "{text}");
    }
    let server = Server::start(|_| Answer::json("[{\"id\":\"a\"},").step(Step::Break)).await;
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nb\r\n{\"id\":\"a\"}\n\r\n";
    for client in [server.client(), raw(chunked).await] {
        let (ids, end) = watch(&client).await;
        let error = end.unwrap_err();
        assert_eq!(
            (ids.len(), error.kind(), error.is_unavailable()),
            (1, ErrorKind::Transport, true),
            "{error}"
        );
    }
}

#[tokio::test]
async fn the_limit_is_for_each_message() {
    let item = |size| format!(r#"{{"id":"{}"}}"#, "x".repeat(size));
    for (content_type, open, between, close) in [
        ("application/json", "[", ",", "]"),
        ("application/json", "", "\n", "\n"),
        ("text/event-stream", "data: ", "\n\ndata: ", "\n\n"),
    ] {
        let server = Server::start(move |_| {
            let items = [item(90), item(90), item(101)].join(between);
            Answer::new(200, content_type, format!("{open}{items}{close}"))
        })
        .await;
        let client = |limit| Client::builder().rest(server.url()).max_message_size(limit).build().unwrap();
        let (ids, end) = watch(&client(109)).await;
        let error = end.unwrap_err();
        assert_eq!(
            (ids.len(), error.kind(), error.code()),
            (2, ErrorKind::Decode, Some(Code::ResourceExhausted))
        );
        assert!(watch(&client(110)).await.1.is_ok());
    }
    // A message without an end is not collected for ever.
    let server = Server::start(|_| Answer::json(format!("[\"{}", "x".repeat(1000))).step(Step::Hang)).await;
    let client = Client::builder().rest(server.url()).max_message_size(100).build().unwrap();
    assert_eq!(watch(&client).await.1.unwrap_err().code(), Some(Code::ResourceExhausted));
}

#[tokio::test]
async fn a_stream_of_requests_is_one_array() {
    let server = Server::start(|_| Answer::json(r#"{"id":"done"}"#)).await;
    let client = server.client();
    let requests = tokio_stream::iter(["a", "b", "c"].map(thing));
    assert_eq!(bounded(client.client_streaming(&IMPORT, requests)).await.unwrap(), thing("done"));
    let seen = server.seen();
    assert_eq!((seen.verb.as_str(), seen.path.as_str()), ("POST", "/v1/things:import"));
    assert_eq!(seen.body, r#"[{"id":"a"},{"id":"b"},{"id":"c"}]"#);
    assert_eq!(seen.headers["content-type"], "application/json");
    bounded(client.client_streaming(&IMPORT, tokio_stream::empty())).await.unwrap();
    assert_eq!(server.seen().body, "[]");
    // Its first message gives the path, and alone leaves out what the path says.
    let requests = tokio_stream::iter(["a", "b"].map(thing));
    bounded(client.client_streaming(&IMPORT_INTO, requests)).await.unwrap();
    assert_eq!(
        (server.seen().path.as_str(), server.seen().body.as_str()),
        ("/v1/things/a:import", r#"[{},{"id":"b"}]"#)
    );
}

#[tokio::test]
async fn a_stream_of_requests_is_lines_if_that_is_set() {
    let lines = |url| Client::builder().rest(url).request_framing(RequestFraming::Lines).build().unwrap();
    let server = Server::start(|_| Answer::json(r#"{"id":"done"}"#)).await;
    let client = lines(server.url());
    let requests = tokio_stream::iter(["a", "b\nb", "c"].map(thing));
    assert_eq!(bounded(client.client_streaming(&IMPORT, requests)).await.unwrap(), thing("done"));
    let seen = server.seen();
    assert_eq!((seen.verb.as_str(), seen.path.as_str()), ("POST", "/v1/things:import"));
    assert_eq!(seen.body, "{\"id\":\"a\"}\n{\"id\":\"b\\nb\"}\n{\"id\":\"c\"}\n");
    assert_eq!(seen.headers["content-type"], "application/json");
    bounded(client.client_streaming(&IMPORT, tokio_stream::empty())).await.unwrap();
    assert_eq!(server.seen().body, "");
    // The lines say what the path says, too: grpc-gateway does not read the path of a stream.
    let requests = tokio_stream::iter(["a", "b"].map(thing));
    bounded(client.client_streaming(&IMPORT_INTO, requests)).await.unwrap();
    assert_eq!(
        (server.seen().path.as_str(), server.seen().body.as_str()),
        ("/v1/things/a:import", "{\"id\":\"a\"}\n{\"id\":\"b\"}\n")
    );
    let error = bounded(client.bidirectional(&CHAT, tokio_stream::iter([thing("a")]))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
}

/// A server has each line before the next request exists.
#[tokio::test]
async fn a_line_is_sent_as_soon_as_its_request_is_there() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::builder().rest(url).request_framing(RequestFraming::Lines).build().unwrap();
    let (sender, requests) = tokio::sync::mpsc::channel(1);
    let requests = tokio_stream::wrappers::ReceiverStream::new(requests);
    let call = tokio::spawn(client.client_streaming(&IMPORT, requests).into_future());
    sender.send(thing("0")).await.unwrap();
    let (mut stream, _) = bounded(listener.accept()).await.unwrap();
    let mut read = Vec::new();
    for id in 0..3 {
        while !String::from_utf8_lossy(&read).contains(&format!("{{\"id\":\"{id}\"}}\n")) {
            bounded(stream.read_buf(&mut read)).await.unwrap();
        }
        sender.send(thing(&(id + 1).to_string())).await.unwrap();
    }
    let answer = b"HTTP/1.1 409 Conflict\r\ncontent-length: 0\r\n\r\n";
    stream.write_all(answer).await.unwrap();
    // A server may answer before it has read everything.
    let error = bounded(call).await.unwrap().unwrap_err();
    assert_eq!(error.code(), Some(Code::Aborted));
}

#[tokio::test]
async fn streams_that_rest_does_not_have_are_refused() {
    let server = Server::start(|_| Answer::json("[]")).await;
    let client = server.client();
    let errors = [
        bounded(client.bidirectional(&CHAT, tokio_stream::iter([thing("a")]))).await.unwrap_err(),
        bounded(client.client_streaming(&APPEND, tokio_stream::iter([thing("a")]))).await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!((error.kind(), error.code()), (ErrorKind::Config, None));
        assert!(error.message().contains("gRPC") && error.method().is_some(), "{error}");
    }
    let empty = bounded(client.client_streaming(&IMPORT_INTO, tokio_stream::empty())).await.unwrap_err();
    assert!(empty.kind() == ErrorKind::InvalidArgument && empty.message().contains("id"), "{empty}");
    let call = client.client_streaming(&IMPORT, tokio_stream::pending()).timeout(Duration::from_millis(50));
    assert_eq!(bounded(call).await.unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(server.requests(), 0);
}
