//! Envoy with its transcoder and nothing else, one worker.

use std::path::PathBuf;

use serde_json::json;

use crate::Result;

const SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/set.binpb"));

/// Writes the configuration.
pub fn configuration(address: &str, backend: &str) -> Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("gateway-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let set = folder.join("set.binpb");
    std::fs::write(&set, SET)?;
    let at = |address: &str| {
        let (host, port) = address.rsplit_once(':').expect("a host and a port");
        json!({ "socket_address": { "address": host, "port_value": port.parse::<u16>().expect("a port") } })
    };
    let http = "type.googleapis.com/envoy.extensions.filters.http";
    let manager = json!({
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "bench",
        "route_config": { "virtual_hosts": [{
            "name": "all", "domains": ["*"],
            "routes": [{ "match": { "prefix": "/" }, "route": { "cluster": "server" } }],
        }] },
        "http_filters": [
            { "name": "envoy.filters.http.grpc_json_transcoder", "typed_config": {
                "@type": format!("{http}.grpc_json_transcoder.v3.GrpcJsonTranscoder"),
                "proto_descriptor": set,
                "services": ["lumen.cloud.greenhouse.v1.GreenhouseService"],
            } },
            { "name": "envoy.filters.http.router", "typed_config": { "@type": format!("{http}.router.v3.Router") } },
        ],
    });
    let protocol = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
    let file = folder.join("envoy.json");
    let configuration = json!({ "static_resources": {
        "listeners": [{ "address": at(address), "filter_chains": [{ "filters": [
            { "name": "envoy.filters.network.http_connection_manager", "typed_config": manager },
        ] }] }],
        "clusters": [{
            "name": "server", "type": "STATIC",
            "load_assignment": { "cluster_name": "server", "endpoints": [{ "lb_endpoints": [{ "endpoint": { "address": at(backend) } }] }] },
            "typed_extension_protocol_options": { (protocol): {
                "@type": format!("type.googleapis.com/{protocol}"),
                "explicit_http_config": { "http2_protocol_options": {} },
            } },
        }],
    } });
    std::fs::write(&file, serde_json::to_vec_pretty(&configuration)?)?;
    Ok(file)
}
