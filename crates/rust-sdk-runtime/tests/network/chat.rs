//! Bidirectional calls to a server that answers nothing, not even headers, before it has a request.

use std::future::IntoFuture as _;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use prost::Message as _;
use rust_sdk_runtime::{Code, Error, ErrorKind, ResponseStream};
use tokio::sync::{mpsc, oneshot};
use tokio_stream::wrappers::ReceiverStream;

use crate::peer::{self, CHAT, Thing};

fn thing(id: &str) -> Thing {
    Thing { id: id.to_owned() }
}

/// Sends every message back. Rejects a call whose first message is `no`.
async fn echo(request: http::Request<h2::RecvStream>, mut respond: h2::server::SendResponse<Bytes>) {
    let mut body = request.into_body();
    let mut stream = None;
    while let Some(Ok(data)) = body.data().await {
        let _ = body.flow_control().release_capacity(data.len());
        // The end may be a frame of its own.
        if data.is_empty() {
            continue;
        }
        let response = Response::builder().header("content-type", "application/grpc").header("x-room", "7");
        if Thing::decode(&data[5..]).unwrap().id == "no" {
            let response = response.header("grpc-status", 7).header("grpc-message", "not%20you");
            respond.send_response(response.body(()).unwrap(), true).unwrap();
            return;
        }
        let stream =
            stream.get_or_insert_with(|| respond.send_response(response.body(()).unwrap(), false).unwrap());
        let _ = stream.send_data(data, false);
    }
    if let Some(mut stream) = stream {
        let _ = stream.send_trailers([("grpc-status".parse().unwrap(), 0.into())].into_iter().collect());
    }
}

async fn server() -> SocketAddr {
    let serve = |stream, _, _| async move {
        let Ok(mut connection) = h2::server::handshake(stream).await else { return };
        while let Some(Ok((request, respond))) = connection.accept().await {
            tokio::spawn(echo(request, respond));
        }
    };
    peer::serve(serve).await.0
}

type Conversation = (mpsc::Sender<Thing>, Result<ResponseStream<Thing>, Error>);

async fn chat(address: SocketAddr) -> Conversation {
    let (sender, requests) = mpsc::channel(1);
    let call = peer::client(address).bidirectional(&CHAT, ReceiverStream::new(requests));
    let replies = tokio::time::timeout(Duration::from_secs(20), call.into_future()).await;
    (sender, replies.expect("it waits for the server"))
}

#[tokio::test]
async fn the_first_request_may_follow_the_call() {
    let (sender, replies) = chat(server().await).await;
    let mut replies = replies.unwrap();
    assert!(replies.headers().is_empty() && replies.trailers().is_none());
    // More than the channel holds: the requests are sent without anybody reading the replies.
    for id in ["a", "b", "c"] {
        sender.send(thing(id)).await.unwrap();
    }
    assert_eq!(replies.wait_for_headers().await.unwrap().get("x-room"), Some("7"));
    for id in ["a", "b", "c"] {
        assert_eq!(replies.message().await.unwrap().unwrap().id, id);
    }
    drop(sender);
    assert!(replies.message().await.unwrap().is_none());
    assert!(replies.trailers().is_some() && replies.headers().get("x-room").is_some());
}

#[tokio::test]
async fn a_rejection_comes_with_the_first_message() {
    let address = server().await;
    let (sender, replies) = chat(address).await;
    let mut replies = replies.unwrap();
    sender.send(thing("no")).await.unwrap();
    let error = replies.message().await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Some(Code::PermissionDenied), "not you"));
    assert_eq!(error.method(), Some("test.v1.Peer/Chat"));
    assert!(replies.message().await.unwrap().is_none(), "an error ends the stream");

    let (sender, replies) = chat(address).await;
    let mut replies = replies.unwrap();
    sender.send(thing("no")).await.unwrap();
    assert_eq!(replies.wait_for_headers().await.unwrap_err().code(), Some(Code::PermissionDenied));
    assert!(replies.message().await.unwrap().is_none() && replies.trailers().is_none());
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_an_error_of_the_call() {
    let (_sender, replies) = chat("127.0.0.1:1".parse().unwrap()).await;
    let error = replies.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Transport, Some(Code::Unavailable)));
}

#[tokio::test]
async fn the_deadline_holds_before_the_headers() {
    let client = peer::client(server().await);
    let call = client.bidirectional(&CHAT, tokio_stream::pending()).timeout(Duration::from_millis(200));
    let error = call.await.unwrap().message().await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Timeout, Some(Code::DeadlineExceeded)));
}

#[tokio::test]
async fn dropping_the_stream_before_the_headers_cancels_the_call() {
    let (sender, cancelled) = oneshot::channel();
    let sender = std::sync::Arc::new(std::sync::Mutex::new(Some(sender)));
    let (address, _) = peer::serve(move |stream, _, _| {
        let sender = sender.clone();
        async move {
            let Ok(mut connection) = h2::server::handshake(stream).await else { return };
            let Some(Ok((_request, mut respond))) = connection.accept().await else { return };
            tokio::spawn(async move { while connection.accept().await.is_some() {} });
            let reason = std::future::poll_fn(|context| respond.poll_reset(context)).await;
            let _ = sender.lock().unwrap().take().unwrap().send(reason.unwrap());
        }
    })
    .await;
    let (_sender, replies) = chat(address).await;
    drop(replies.unwrap());
    let reason = tokio::time::timeout(Duration::from_secs(20), cancelled).await.unwrap().unwrap();
    assert_eq!(reason, h2::Reason::CANCEL);
}
