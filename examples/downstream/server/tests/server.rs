//! The program as its users meet it: over a socket, until a signal ends it.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use acme_books::Client;
use acme_books::runtime::Code;
use acme_books::v1::ReturnBooksRequest;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tonic_reflection::pb::v1::{ServerReflectionRequest, ServerReflectionResponse};

/// The program. Dropping it ends it.
struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    fn start() -> Self {
        Self::with(&[])
    }

    /// A server with these settings.
    fn with(settings: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_acme-server"));
        command.env("LISTEN", "127.0.0.1:0").env("ALLOWED_ORIGINS", "https://books.example.com");
        command.env("API_KEYS", "reader=books.read; librarian=books.read,books.lend");
        command.envs(settings.iter().copied());
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").unwrap().parse().unwrap();
        // The program may go on printing.
        std::thread::spawn(move || output.lines().for_each(drop));
        Self { process, address }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn grpc(&self, key: &str) -> Client {
        Client::builder().grpc(self.url()).api_key(key).build().unwrap()
    }

    fn rest(&self, key: &str) -> Client {
        Client::builder().rest(self.url()).api_key(key).build().unwrap()
    }

    async fn channel(&self) -> Channel {
        Channel::from_shared(self.url()).unwrap().connect().await.unwrap()
    }

    /// Sends a request over a connection of its own: its head, then an empty line. Gives the answer up to the end of the connection, or up
    /// to this text.
    async fn http(&self, head: &str, until: &str) -> String {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        let request = format!("{head}\nhost: books.example.com\nconnection: close\n\n");
        socket.write_all(request.replace('\n', "\r\n").as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while until.is_empty() || !String::from_utf8_lossy(&answer).contains(until) {
            if socket.read_buf(&mut answer).await.unwrap() == 0 {
                break;
            }
        }
        String::from_utf8(answer).unwrap().to_lowercase()
    }

    fn terminate(&self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// Whether it still takes connections.
    async fn listens(&self) -> bool {
        TcpStream::connect(self.address).await.is_ok()
    }

    async fn end(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            assert!(start.elapsed() < Duration::from_secs(10), "the server does not end");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn one_port_serves_grpc_and_rest() {
    let server = Server::start();
    for client in [server.grpc("librarian"), server.rest("librarian")] {
        let books = client.book_service();
        assert_eq!(books.get_book("novels", "dune").await.unwrap().title, "Dune");
        assert_eq!(books.list_books("novels").items().collect().await.unwrap().len(), 3);
        assert!(!books.lend_book("novels", "dune").reader("ada").await.unwrap().available);
        assert_eq!(
            books.lend_book("novels", "dune").await.unwrap_err().code(),
            Some(Code::FailedPrecondition)
        );
        let back =
            ["dune", "momo"].map(|id| ReturnBooksRequest::default().with_shelf_id("novels").with_book_id(id));
        assert_eq!(books.return_books(tokio_stream::iter(back)).await.unwrap().count, 2);
        let mut watch = books.watch_book("novels", "emma").await.unwrap();
        assert!(watch.message().await.unwrap().unwrap().available);
    }

    let answer =
        server.http("GET /v1/shelves/novels/books/dune HTTP/1.1\nauthorization: apikey reader", "").await;
    assert!(answer.starts_with("http/1.1 200") && answer.contains(r#""title":"dune""#), "{answer}");
    let stream = "GET /v1/shelves/novels/books/dune:watch HTTP/1.1\nauthorization: apikey reader";
    let answer = server.http(stream, "available").await;
    assert!(answer.starts_with("http/1.1 200") && answer.contains(r#"{"result":{"id":"dune""#), "{answer}");
}

#[tokio::test]
async fn callers_do_what_their_keys_allow() {
    let server = Server::start();
    for client in [server.grpc("reader"), server.rest("reader")] {
        let denied = client.book_service().lend_book("novels", "dune").await.unwrap_err();
        assert_eq!(denied.code(), Some(Code::PermissionDenied));
    }
    for client in [server.grpc("nobody"), server.rest("nobody")] {
        let denied = client.book_service().get_book("novels", "dune").await.unwrap_err();
        assert_eq!(denied.code(), Some(Code::Unauthenticated));
        client.book_service().list_books("novels").await.unwrap();
    }
    let answer = server.http("GET /v1/shelves/novels/books/dune HTTP/1.1", "").await;
    assert!(answer.starts_with("http/1.1 401") && answer.contains("www-authenticate: bearer"), "{answer}");
    let lend =
        "POST /v1/shelves/novels/books/dune:lend HTTP/1.1\nauthorization: apikey reader\ncontent-length: 0";
    assert!(server.http(lend, "").await.starts_with("http/1.1 403"));
    assert!(server.http("GET /elsewhere HTTP/1.1", "").await.starts_with("http/1.1 404"));
}

#[tokio::test]
async fn web_pages_of_the_allowed_origins_may_call() {
    let server = Server::start();
    let preflight = |origin: &str| {
        format!(
            "OPTIONS /v1/shelves/novels/books/dune HTTP/1.1\norigin: {origin}\naccess-control-request-method: GET\naccess-control-request-headers: authorization"
        )
    };
    let answer = server.http(&preflight("https://books.example.com"), "").await;
    assert!(answer.starts_with("http/1.1 200"), "{answer}");
    assert!(answer.contains("access-control-allow-origin: https://books.example.com"), "{answer}");
    assert!(answer.contains("access-control-allow-headers: authorization"), "{answer}");
    let answer = server.http(&preflight("https://elsewhere.example.com"), "").await;
    assert!(!answer.contains("access-control-allow-origin"), "{answer}");
    // Pages read rejections, too.
    let get = "GET /v1/shelves/novels/books/dune HTTP/1.1\norigin: https://books.example.com";
    let answer = server.http(get, "").await;
    assert!(answer.starts_with("http/1.1 401"), "{answer}");
    assert!(answer.contains("access-control-allow-origin: https://books.example.com"), "{answer}");
}

#[tokio::test]
async fn health_and_reflection_need_no_key() {
    let server = Server::start();
    let mut health = HealthClient::new(server.channel().await);
    for service in ["", "acme.books.v1.BookService"] {
        let check = health.check(HealthCheckRequest { service: service.to_owned() }).await.unwrap();
        assert_eq!(check.get_ref().status().as_str_name(), "SERVING");
    }
    assert!(server.http("GET /healthz HTTP/1.1", "").await.starts_with("http/1.1 200"));

    let mut reflection = ServerReflectionClient::new(server.channel().await);
    let ask = |message_request| ServerReflectionRequest {
        message_request: Some(message_request),
        ..Default::default()
    };
    let asked = [
        ask(MessageRequest::ListServices(String::new())),
        ask(MessageRequest::FileContainingSymbol("acme.books.v1.BookService".to_owned())),
    ];
    let mut answers =
        reflection.server_reflection_info(tokio_stream::iter(asked)).await.unwrap().into_inner();
    let mut answer = async || {
        let ServerReflectionResponse { message_response, .. } = answers.message().await.unwrap().unwrap();
        message_response.unwrap()
    };
    let MessageResponse::ListServicesResponse(services) = answer().await else { panic!("no services") };
    assert!(services.service.iter().any(|service| service.name == "acme.books.v1.BookService"));
    let MessageResponse::FileDescriptorResponse(files) = answer().await else { panic!("no files") };
    assert!(!files.file_descriptor_proto.is_empty());
}

/// A running call that exceeds the limit ends with the program, which says that it was not all well.
#[tokio::test]
async fn no_call_keeps_the_server_alive_for_ever() {
    let mut server = Server::with(&[("SHUTDOWN_LIMIT", "1")]);
    let client = server.grpc("librarian");
    let (_sender, books) = mpsc::channel(1);
    let call =
        tokio::spawn(async move { client.book_service().return_books(ReceiverStream::new(books)).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    server.terminate();
    assert_eq!(server.end().await.code(), Some(1));
    assert!(call.await.unwrap().is_err());
}

/// A call that has begun is completed, a stream without an end is ended, and nobody new is let in.
#[tokio::test]
async fn a_signal_ends_the_server_after_its_calls() {
    let mut server = Server::with(&[("SHUTDOWN_DELAY", "1")]);
    let client = server.grpc("librarian");
    client.book_service().lend_book("novels", "dune").await.unwrap();
    let mut watch = client.book_service().watch_book("novels", "dune").await.unwrap();
    assert!(!watch.message().await.unwrap().unwrap().available);
    let (sender, books) = mpsc::channel(1);
    let call =
        tokio::spawn(async move { client.book_service().return_books(ReceiverStream::new(books)).await });
    let book = |id: &str| ReturnBooksRequest::default().with_shelf_id("novels").with_book_id(id);
    sender.send(book("dune")).await.unwrap();
    // The server has read it.
    assert!(watch.message().await.unwrap().unwrap().available);

    server.terminate();
    let start = Instant::now();
    // Load balancers learn of it first; until they act, calls are served.
    while !server.http("GET /healthz HTTP/1.1", "").await.starts_with("http/1.1 503") {
        assert!(start.elapsed() < Duration::from_secs(5), "the server does not say that it stops");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    server.rest("reader").book_service().get_book("novels", "dune").await.unwrap();
    assert_eq!(watch.message().await.unwrap_err().code(), Some(Code::Unavailable));
    while server.listens().await {
        assert!(start.elapsed() < Duration::from_secs(5), "the server still takes connections");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(server.process.try_wait().unwrap().is_none(), "a call still runs");
    sender.send(book("emma")).await.unwrap();
    drop(sender);
    assert_eq!(call.await.unwrap().unwrap().count, 2);
    assert_eq!(server.end().await.code(), Some(0));
}

/// Open connections, and those who watch the server's health, do not count.
#[tokio::test]
async fn a_server_without_calls_ends_at_once() {
    let mut server = Server::start();
    for client in [server.rest("reader"), server.grpc("reader")] {
        client.book_service().get_book("novels", "dune").await.unwrap();
    }
    let mut health = HealthClient::new(server.channel().await);
    let mut watch = health.watch(HealthCheckRequest::default()).await.unwrap().into_inner();
    let mut status = async || watch.message().await.unwrap().map(|change| change.status().as_str_name());
    assert_eq!(status().await, Some("SERVING"));
    server.terminate();
    assert_eq!(status().await, Some("NOT_SERVING"));
    while status().await.is_some() {}
    assert_eq!(server.end().await.code(), Some(0));
}
