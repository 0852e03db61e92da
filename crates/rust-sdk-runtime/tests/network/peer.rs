//! An HTTP/2 server that answers gRPC and REST calls, as scripted.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use h2::server::SendResponse;
use http::{HeaderMap, Response};
use prost::Message as _;
use rust_sdk_runtime::access::Access;
use rust_sdk_runtime::method::{Idempotency, Method, MethodSchemas, Rpc, Scope, Service};
use rust_sdk_runtime::{Call, Client, template};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

#[derive(Clone, Default)]
pub(crate) struct Thing {
    pub(crate) id: String,
}

rust_sdk_runtime::messages! {
    const MESSAGES;

    Thing = "test.v1.Thing" {
        1 singular string id,
    }
}

static METHODS: [Method; 3] = [
    Method::unary("/test.v1.Peer/Read")
        .requires(Access::authenticated())
        .idempotency(Idempotency::Safe)
        .get(template!("/v1/things/", id)),
    Method::unary("/test.v1.Peer/Write")
        .requires(Access::authenticated())
        .post(template!("/v1/things"))
        .body("*"),
    Method::bidirectional("/test.v1.Peer/Chat").requires(Access::authenticated()),
];
static SERVICE: Service = Service::new("test.v1.Peer", &METHODS)
    .schemas(|index| [READ, WRITE, CHAT].get(index).map(MethodSchemas::of));

const READ: Rpc<Thing, Thing> = Rpc::new(&SERVICE, 0, Scope::NONE);
const WRITE: Rpc<Thing, Thing> = Rpc::new(&SERVICE, 1, Scope::NONE);
pub(crate) const CHAT: Rpc<Thing, Thing> = Rpc::new(&SERVICE, 2, Scope::NONE);

pub(crate) fn read(client: &Client, id: usize) -> Call<Thing, Thing> {
    client.call(&READ, Thing { id: id.to_string() })
}

/// A call that is not idempotent.
pub(crate) fn write(client: &Client, id: usize) -> Call<Thing, Thing> {
    client.call(&WRITE, Thing { id: id.to_string() })
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

/// The id in a request; `None` for a request that was cut off.
pub(crate) async fn message(request: http::Request<h2::RecvStream>) -> Option<String> {
    let mut body = request.into_body();
    let mut bytes = Vec::new();
    while let Some(data) = body.data().await {
        let data = data.ok()?;
        let _ = body.flow_control().release_capacity(data.len());
        bytes.extend_from_slice(&data);
    }
    Some(Thing::decode(bytes.get(5..)?).ok()?.id)
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

/// A server that handles each request after a pause.
pub(crate) async fn handling(pause: std::time::Duration) -> (SocketAddr, Arc<Journal>) {
    serve(move |stream, _, journal| async move {
        let Ok(mut connection) = h2::server::handshake(stream).await else { return };
        while let Some(Ok((request, respond))) = connection.accept().await {
            tokio::spawn(handle(request, respond, journal.clone(), pause));
        }
    })
    .await
}

/// Makes calls, `at_once` at a time, half of them not idempotent. None may fail; the server must have handled each once.
pub(crate) async fn load(client: &Client, at_once: usize, calls: usize, journal: &Arc<Journal>) {
    journal.handled.lock().unwrap().clear();
    let next = Arc::new(AtomicUsize::new(0));
    let mut workers = JoinSet::new();
    for _ in 0..at_once {
        let (client, next) = (client.clone(), next.clone());
        let journal = journal.clone();
        workers.spawn(async move {
            loop {
                let id = next.fetch_add(1, Ordering::SeqCst);
                if id >= calls {
                    return;
                }
                let call = if id % 2 == 0 { read(&client, id) } else { write(&client, id) };
                call.await.unwrap_or_else(|error| {
                    panic!(
                        "call {id}, handled {:?} times: {error:#}",
                        journal.handled.lock().unwrap().get(&id.to_string())
                    )
                });
            }
        });
    }
    while let Some(worker) = workers.join_next().await {
        worker.unwrap();
    }
    let handled = journal.handled.lock().unwrap();
    assert_eq!(handled.len(), calls);
    assert!(handled.values().all(|times| *times == 1));
}

/// Handles the request, after a pause.
pub(crate) async fn handle(
    request: http::Request<h2::RecvStream>,
    mut respond: SendResponse<Bytes>,
    journal: Arc<Journal>,
    pause: std::time::Duration,
) {
    let Some(id) = message(request).await else { return };
    journal.handle(id);
    tokio::time::sleep(pause).await;
    answer(&mut respond);
}
