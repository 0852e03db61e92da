//! The gateway as a server of its own: HTTP/1.1 on a socket.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

use crate::server::streams;

async fn connect() -> TcpStream {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = Server::builder().accept_http1(true);
    tokio::spawn(server.serve_with_incoming(streams(), TcpIncoming::from(listener)));
    TcpStream::connect(address).await.unwrap()
}

#[tokio::test]
async fn one_connection_serves_one_request_after_the_other() {
    let mut socket = connect().await;
    let body = r#"[{"part":"AAAA"}]"#;
    let upload = format!(
        "POST /streaming/v1/upload HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    socket.write_all(upload.as_bytes()).await.unwrap();
    let last = "GET /nowhere HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    socket.write_all(last.as_bytes()).await.unwrap();
    let mut answers = String::new();
    socket.read_to_string(&mut answers).await.unwrap();
    let (first, second) = answers.split_once(r#"{"parts":"3"}"#).unwrap();
    assert!(first.starts_with("HTTP/1.1 200 OK\r\n"), "{first}");
    assert!(first.contains("content-type: application/json\r\n"), "{first}");
    assert!(first.contains("content-length: 13\r\n"), "{first}");
    assert!(second.starts_with("HTTP/1.1 404 Not Found\r\n"), "{second}");
    assert!(second.contains(r#""code":5"#), "{second}");
}

#[tokio::test]
async fn a_response_is_on_the_wire_before_the_next_is_made() {
    let mut socket = connect().await;
    socket.write_all(b"GET /streaming/v1/topics/endless:watch HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let (mut read, mut buffer) = (Vec::new(), [0; 1024]);
    while !read.windows(14).any(|window| window == br#""sequence":"2""#) {
        let count = tokio::time::timeout(Duration::from_secs(30), socket.read(&mut buffer)).await.unwrap();
        read.extend_from_slice(&buffer[..count.unwrap()]);
    }
    assert!(!read.ends_with(b"0\r\n\r\n"), "it goes on");
}
