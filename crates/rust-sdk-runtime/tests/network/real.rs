//! Real servers that recycle connections: tonic, and nginx and Envoy where they are installed (`NGINX`, `ENVOY`; the suite sets both).
//!
//! `RECYCLING_CALLS` states how many calls are made with each; 2,000 by default. A server by grpcio (gRPC's C core) takes part where `GRPCIO`
//! names a Python with it; `SILENT_SECONDS` states how long its call is silent, 2 by default.

use std::future::IntoFuture as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use rust_sdk_runtime::{Client, Code};
use tokio::net::{TcpListener, TcpStream};

use crate::peer::{self, Journal, Thing};
use crate::secured::Authority;
use crate::way::Way;

fn calls() -> usize {
    std::env::var("RECYCLING_CALLS").ok().and_then(|calls| calls.parse().ok()).unwrap_or(2000)
}

async fn load(client: &Client, journal: &Arc<Journal>) {
    for at_once in [20, 400] {
        peer::load(client, at_once, calls(), journal).await;
    }
}

/// Every connection ends after 200 ms.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tonic_with_a_greatest_age_of_connections() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let journal = Arc::new(Journal::default());
    let service = tonic_service::Peer { journal: journal.clone(), is_gzip: false };
    let serving = tonic::transport::Server::builder()
        .max_connection_age(Duration::from_millis(200))
        .add_service(service);
    let incoming = tonic::transport::server::TcpIncoming::from(listener).with_nodelay(Some(true));
    tokio::spawn(serving.serve_with_incoming(incoming));
    load(&peer::client(address), &journal).await;
}

/// Each connection serves 100 requests: gRPC, and REST over TLS and HTTP/2.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nginx() {
    let Some(nginx) = std::env::var_os("NGINX") else { return };
    let (grpc, grpc_journal) = peer::handling(Duration::ZERO).await;
    let (rest, rest_journal) = rest_server().await;
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    let (certificate, key) = authority.issue("localhost");
    std::fs::write(folder.path().join("cert.pem"), certificate).unwrap();
    std::fs::write(folder.path().join("key.pem"), key).unwrap();
    let [plain, secure] = [free_address().await, free_address().await];
    let configuration = format!(
        "daemon off; pid nginx.pid; error_log error.log; worker_processes 1;
         events {{ worker_connections 4096; }}
         http {{
             access_log off; keepalive_requests 100; http2_max_concurrent_streams 128;
             upstream grpc {{ server {grpc}; keepalive 64; }}
             upstream rest {{ server {rest}; keepalive 64; }}
             server {{ listen {plain} http2; location / {{ grpc_pass grpc://grpc; }} }}
             server {{
                 listen {secure} ssl http2; ssl_certificate cert.pem; ssl_certificate_key key.pem;
                 location / {{
                     proxy_pass http://rest; proxy_http_version 1.1; proxy_set_header Connection \"\"; proxy_next_upstream off;
                 }}
             }}
         }}"
    );
    std::fs::write(folder.path().join("nginx.conf"), configuration).unwrap();
    let mut command = Command::new(nginx);
    command.arg("-p").arg(folder.path()).arg("-c").arg("nginx.conf");
    let _process = Process::start(command, plain, folder.path()).await;

    load(&peer::client(plain), &grpc_journal).await;
    let builder = Client::builder()
        .rest(format!("https://localhost:{}", secure.port()))
        .root_certificates(authority.pem());
    load(&builder.build().unwrap(), &rest_journal).await;
}

/// Each connection serves 50 requests.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn envoy() {
    let Some(envoy) = std::env::var_os("ENVOY") else { return };
    let (upstream, journal) = peer::handling(Duration::ZERO).await;
    let folder = tempfile::tempdir().unwrap();
    let address = free_address().await;
    let endpoint = |address: SocketAddr| {
        format!(r#"{{"socket_address":{{"address":"127.0.0.1","port_value":{}}}}}"#, address.port())
    };
    let configuration = format!(
        r#"{{"static_resources":{{
            "listeners":[{{"address":{},"filter_chains":[{{"filters":[{{
                "name":"envoy.filters.network.http_connection_manager",
                "typed_config":{{
                    "@type":"type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                    "stat_prefix":"test",
                    "common_http_protocol_options":{{"max_requests_per_connection":50}},
                    "route_config":{{"virtual_hosts":[{{"name":"all","domains":["*"],"routes":[{{"match":{{"prefix":"/"}},"route":{{"cluster":"server"}}}}]}}]}},
                    "http_filters":[{{"name":"envoy.filters.http.router","typed_config":{{"@type":"type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}}}]
                }}
            }}]}}]}}],
            "clusters":[{{
                "name":"server","type":"STATIC",
                "load_assignment":{{"cluster_name":"server","endpoints":[{{"lb_endpoints":[{{"endpoint":{{"address":{}}}}}]}}]}},
                "circuit_breakers":{{"thresholds":[{{"max_requests":100000,"max_pending_requests":100000}}]}},
                "typed_extension_protocol_options":{{"envoy.extensions.upstreams.http.v3.HttpProtocolOptions":{{
                    "@type":"type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                    "explicit_http_config":{{"http2_protocol_options":{{}}}}
                }}}}
            }}]
        }}}}"#,
        endpoint(address),
        endpoint(upstream),
    );
    std::fs::write(folder.path().join("envoy.json"), configuration).unwrap();
    let mut command = Command::new(envoy);
    command.arg("--config-path").arg(folder.path().join("envoy.json"));
    command.args(["--disable-hot-restart", "--concurrency", "1", "--log-level", "warning"]);
    let _process = Process::start(command, address, folder.path()).await;
    load(&peer::client(address), &journal).await;
}

const GRPCIO_SERVER: &str = r#"
import concurrent.futures, grpc, sys, time
def read(request, context):
    time.sleep(float(sys.argv[2]))
    return request
def chat(requests, context):
    for request in requests:
        if request.endswith(b"stop"):
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, "stopped")
        yield request
handler = grpc.method_handlers_generic_handler("test.v1.Peer", {
    "Read": grpc.unary_unary_rpc_method_handler(read),
    "Chat": grpc.stream_stream_rpc_method_handler(chat),
})
server = grpc.server(concurrent.futures.ThreadPoolExecutor())
server.add_generic_rpc_handlers((handler,))
server.add_insecure_port(sys.argv[1])
server.start()
server.wait_for_termination()
"#;

/// Pings would end the call: gRPC's C core allows one in five minutes.
#[tokio::test]
async fn a_long_call_on_a_silent_connection_to_grpcio() {
    let seconds = std::env::var("SILENT_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(2);
    let Some((_process, address)) = grpcio(seconds).await else { return };
    let call = peer::read(&peer::client(address), 7).timeout(Duration::from_secs(seconds + 60));
    assert_eq!(call.await.unwrap().id, "7");
}

/// It sends the headers of a response with the first message.
#[tokio::test]
async fn a_conversation_with_grpcio() {
    let Some((_process, address)) = grpcio(0).await else { return };
    let thing = |id: &str| Thing { id: id.to_owned() };
    let (sender, requests) = tokio::sync::mpsc::channel(1);
    let requests = tokio_stream::wrappers::ReceiverStream::new(requests);
    let call = peer::client(address).bidirectional(&peer::CHAT, requests).into_future();
    let mut replies = tokio::time::timeout(Duration::from_secs(20), call).await.unwrap().unwrap();
    for id in ["a", "b"] {
        sender.send(thing(id)).await.unwrap();
        assert_eq!(replies.message().await.unwrap().unwrap().id, id);
    }
    sender.send(thing("stop")).await.unwrap();
    let error = replies.message().await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Some(Code::FailedPrecondition), "stopped"));
}

/// A server by grpcio, whose unary calls take this many seconds. `None` if it is not installed.
async fn grpcio(seconds: u64) -> Option<(Process, SocketAddr)> {
    let python = std::env::var_os("GRPCIO")?;
    let folder = tempfile::tempdir().unwrap();
    let address = free_address().await;
    let mut command = Command::new(python);
    command.arg("-c").arg(GRPCIO_SERVER).arg(address.to_string()).arg(seconds.to_string());
    Some((Process::start(command, address, folder.path()).await, address))
}

/// A REST server for HTTP/1.1.
async fn rest_server() -> (SocketAddr, Arc<Journal>) {
    peer::serve(|stream, _, journal| Way::RestHttp1.serve(stream, journal)).await
}

async fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

/// A server's process. Dropping it ends it.
struct Process(Child);

impl Process {
    /// Starts it and waits until it listens.
    async fn start(mut command: Command, address: SocketAddr, folder: &Path) -> Self {
        let log = folder.join("output.log");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(std::fs::File::create(&log).unwrap());
        let mut process = Self(command.spawn().unwrap());
        for _ in 0..300 {
            if TcpStream::connect(address).await.is_ok() {
                return process;
            }
            if process.0.try_wait().unwrap().is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{command:?} does not listen: {}", std::fs::read_to_string(log).unwrap());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A tonic service, as generated code has it.
pub(crate) mod tonic_service {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use tonic::body::Body;
    use tonic::codec::{CompressionEncoding, EnabledCompressionEncodings};
    use tonic::server::NamedService;
    use tonic::{Request, Response, Status};
    use tonic_prost::ProstCodec;

    use super::{Arc, Journal, Thing};

    #[derive(Clone)]
    pub(crate) struct Peer {
        pub(crate) journal: Arc<Journal>,
        /// Whether only gzip is sent.
        pub(crate) is_gzip: bool,
    }

    impl NamedService for Peer {
        const NAME: &'static str = "test.v1.Peer";
    }

    impl tower_service::Service<http::Request<Body>> for Peer {
        type Response = http::Response<Body>;
        type Error = Infallible;
        type Future = Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, request: http::Request<Body>) -> Self::Future {
            let service = Handler(self.journal.clone());
            let mut encodings = EnabledCompressionEncodings::default();
            if self.is_gzip {
                encodings.enable(CompressionEncoding::Gzip);
            }
            Box::pin(async move {
                let grpc = tonic::server::Grpc::new(ProstCodec::<Thing, Thing>::default());
                let mut grpc = grpc.apply_compression_config(encodings, encodings);
                Ok(grpc.unary(service, request).await)
            })
        }
    }

    struct Handler(Arc<Journal>);

    impl tonic::server::UnaryService<Thing> for Handler {
        type Response = Thing;
        type Future = std::future::Ready<Result<Response<Thing>, Status>>;

        fn call(&mut self, request: Request<Thing>) -> Self::Future {
            let thing = request.into_inner();
            self.0.handle(thing.id.clone());
            std::future::ready(Ok(Response::new(thing)))
        }
    }
}
