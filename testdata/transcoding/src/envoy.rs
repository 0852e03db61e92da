//! The real Envoy, with its gRPC-JSON transcoder, as a child that ends with this program.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How one of its listeners reads queries and writes streams.
#[derive(Clone, Copy, Debug)]
pub struct Flavour {
    pub name: &'static str,
    /// Whether `+` in a query is a space.
    pub unescape_plus: bool,
    /// Whether a stream is one message a line, instead of a JSON array.
    pub newline_delimited: bool,
}

pub const FLAVOURS: [Flavour; 2] = [
    Flavour { name: "as by default", unescape_plus: false, newline_delimited: false },
    Flavour { name: "plus is a space, lines", unescape_plus: true, newline_delimited: true },
];

/// A running Envoy. Dropping it ends it.
pub struct Envoy {
    child: Child,
    /// One for each flavour.
    pub addresses: Vec<SocketAddr>,
}

impl Envoy {
    /// Starts `program` before a gRPC server, and waits until it listens.
    pub fn start(
        program: &Path,
        folder: &Path,
        descriptors: &[u8],
        services: &[String],
        upstream: SocketAddr,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        fs::create_dir_all(folder)?;
        let set = folder.join("descriptors.binpb");
        fs::write(&set, descriptors)?;
        let addresses = free_addresses(FLAVOURS.len())?;
        let listeners = addresses
            .iter()
            .zip(FLAVOURS)
            .map(|(address, flavour)| listener(*address, flavour, &set, services))
            .collect::<Vec<_>>();
        let configuration = json!({
            "static_resources": { "listeners": listeners, "clusters": [cluster(upstream)] }
        });
        let file = folder.join("envoy.json");
        fs::write(&file, serde_json::to_vec_pretty(&configuration)?)?;
        let log = folder.join("envoy.log");
        let child = Command::new(program)
            .arg("--config-path")
            .arg(file)
            .args(["--disable-hot-restart", "--concurrency", "1", "--log-level", "warning"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(&log)?)
            .spawn()?;
        let mut envoy = Self { child, addresses };
        envoy.wait().map_err(|why| format!("{why}:\n{}", fs::read_to_string(&log).unwrap_or_default()))?;
        Ok(envoy)
    }

    fn wait(&mut self) -> Result<(), String> {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(30) {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(format!("envoy ended: {status}"));
            }
            if self.addresses.iter().all(|address| TcpStream::connect(address).is_ok()) {
                return Ok(());
            }
            sleep(Duration::from_millis(50));
        }
        Err("envoy does not listen".to_owned())
    }
}

impl Drop for Envoy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Addresses that were free a moment ago, all different.
fn free_addresses(count: usize) -> std::io::Result<Vec<SocketAddr>> {
    let listeners = (0..count).map(|_| TcpListener::bind("127.0.0.1:0")).collect::<Result<Vec<_>, _>>()?;
    listeners.iter().map(TcpListener::local_addr).collect()
}

fn endpoint(address: SocketAddr) -> Value {
    json!({ "socket_address": { "address": address.ip().to_string(), "port_value": address.port() } })
}

fn listener(address: SocketAddr, flavour: Flavour, set: &Path, services: &[String]) -> Value {
    let transcoder = json!({
        "@type": "type.googleapis.com/envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder",
        "proto_descriptor": set,
        "services": services,
        "convert_grpc_status": true,
        "query_param_unescape_plus": flavour.unescape_plus,
        "url_unescape_spec": "ALL_CHARACTERS_EXCEPT_SLASH",
        "request_validation_options": {
            "reject_unknown_method": true,
            "reject_unknown_query_parameters": true,
        },
        "print_options": { "stream_newline_delimited": flavour.newline_delimited },
    });
    let manager = json!({
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "e2e",
        "route_config": { "virtual_hosts": [{
            "name": "all",
            "domains": ["*"],
            "routes": [{ "match": { "prefix": "/" }, "route": { "cluster": "server", "timeout": "20s" } }],
        }] },
        "http_filters": [
            { "name": "envoy.filters.http.grpc_json_transcoder", "typed_config": transcoder },
            { "name": "envoy.filters.http.router", "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router",
            } },
        ],
    });
    json!({
        "address": endpoint(address),
        "filter_chains": [{ "filters": [
            { "name": "envoy.filters.network.http_connection_manager", "typed_config": manager },
        ] }],
    })
}

fn cluster(upstream: SocketAddr) -> Value {
    json!({
        "name": "server",
        "type": "STATIC",
        "connect_timeout": "5s",
        "load_assignment": { "cluster_name": "server", "endpoints": [{
            "lb_endpoints": [{ "endpoint": { "address": endpoint(upstream) } }],
        }] },
        "typed_extension_protocol_options": { "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
            "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
            "explicit_http_config": { "http2_protocol_options": {} },
        } },
    })
}
