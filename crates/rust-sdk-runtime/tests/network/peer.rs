//! An HTTP/2 server that answers gRPC and REST calls, as scripted.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use h2::server::SendResponse;
use http::{HeaderMap, Response};
use rust_sdk_runtime::access::Access;
use rust_sdk_runtime::method::{Idempotency, Method, Rpc, Scope, Service, Streaming};
use rust_sdk_runtime::{Call, Client};
use tokio::net::{TcpListener, TcpStream};

static METHODS: [Method; 2] = [
    Method::new("/test.v1.Peer/Read", Streaming::Unary)
        .requires(Access::authenticated())
        .idempotency(Idempotency::Safe),
    Method::new("/test.v1.Peer/Write", Streaming::Unary).requires(Access::authenticated()),
];
static SERVICE: Service = Service::new("test.v1.Peer", &METHODS);

// `String` is google.protobuf.StringValue.
const READ: Rpc<String, String> = Rpc::new(&SERVICE, 0, Scope::NONE);
const WRITE: Rpc<String, String> = Rpc::new(&SERVICE, 1, Scope::NONE);

pub(crate) fn read(client: &Client, id: usize) -> Call<String, String> {
    client.call(&READ, id.to_string())
}

/// A call that is not idempotent.
pub(crate) fn write(client: &Client, id: usize) -> Call<String, String> {
    client.call(&WRITE, id.to_string())
}

/// What the server has seen.
#[derive(Default)]
pub(crate) struct Journal {
    pub(crate) connections: AtomicUsize,
    pub(crate) handled: Mutex<HashMap<String, usize>>,
}

impl Journal {
    /// Counts the request, by its message.
    pub(crate) fn handle(&self, id: String) {
        *self.handled.lock().unwrap().entry(id).or_default() += 1;
    }

    pub(crate) fn requests(&self) -> usize {
        self.handled.lock().unwrap().values().sum()
    }
}

/// Serves each connection with the script, which gets the connection and its number, from 0.
pub(crate) async fn serve<S, F>(script: S) -> (SocketAddr, Arc<Journal>)
where
    S: Fn(TcpStream, usize, Arc<Journal>) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let journal = Arc::new(Journal::default());
    let seen = journal.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            stream.set_nodelay(true).unwrap();
            let number = seen.connections.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(script(stream, number, seen.clone()));
        }
    });
    (address, journal)
}

pub(crate) fn client(address: SocketAddr) -> Client {
    Client::builder().grpc(format!("http://{address}")).build().unwrap()
}

/// The message of a request.
pub(crate) async fn message(request: http::Request<h2::RecvStream>) -> String {
    let mut body = request.into_body();
    let mut bytes = Vec::new();
    while let Some(Ok(data)) = body.data().await {
        let _ = body.flow_control().release_capacity(data.len());
        bytes.extend_from_slice(&data);
    }
    prost::Message::decode(bytes.get(5..).unwrap_or_default()).unwrap_or_default()
}

/// Answers with the empty message.
pub(crate) fn answer(respond: &mut SendResponse<Bytes>) {
    let head = Response::builder().header("content-type", "application/grpc").body(()).unwrap();
    // The client may have cancelled the call.
    let Ok(mut stream) = respond.send_response(head, false) else { return };
    let _ = stream.send_data(Bytes::from_static(&[0; 5]), false);
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", 0.into());
    let _ = stream.send_trailers(trailers);
}

/// Handles the request, after a pause.
pub(crate) async fn handle(
    request: http::Request<h2::RecvStream>,
    mut respond: SendResponse<Bytes>,
    journal: Arc<Journal>,
    pause: std::time::Duration,
) {
    journal.handle(message(request).await);
    tokio::time::sleep(pause).await;
    answer(&mut respond);
}
