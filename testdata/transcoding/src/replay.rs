//! Sends a request to Envoy and to our gateway in both modes, and says how the results differ.

use std::collections::BTreeMap;
use std::error::Error;
use std::net::SocketAddr;

use bytes::Bytes;
use http::{HeaderMap, Request};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use prost_reflect::MessageDescriptor;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::compare;
use crate::differences::{self, Difference};
use crate::probes::{Probe, TOO_LARGE};
use crate::server::{HEADER, Seen, Server};

/// What became of a request.
#[derive(Debug)]
pub struct Outcome {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// What the server got.
    pub seen: Vec<(String, Vec<Vec<u8>>)>,
}

/// The gateways, and what was found.
pub struct Replay {
    envoy: SocketAddr,
    /// Over gRPC, and direct.
    ours: [SocketAddr; 2],
    /// How often each case had equal outcomes, and how often each known difference.
    pub equal: BTreeMap<&'static str, usize>,
    pub known: BTreeMap<(&'static str, &'static str), usize>,
    pub unknown: Vec<String>,
}

impl Replay {
    pub fn new(envoy: SocketAddr, ours: [SocketAddr; 2]) -> Self {
        Self { envoy, ours, equal: BTreeMap::new(), known: BTreeMap::new(), unknown: Vec::new() }
    }

    /// One request to all. `of` names its method, `input` is its request type.
    pub async fn probe(&mut self, of: &str, probe: &Probe, input: &MessageDescriptor, server: &Server) {
        let mut outcomes = Vec::new();
        for address in [self.envoy, self.ours[0], self.ours[1]] {
            server.seen();
            match send(address, probe).await {
                Ok((status, headers, body)) => {
                    let seen = server.seen().into_iter().map(|Seen { path, messages, .. }| (path, messages));
                    outcomes.push(Outcome { status, headers, body, seen: seen.collect() });
                }
                Err(_) if probe.case == TOO_LARGE => {
                    *self.known.entry(("large bodies", probe.case)).or_default() += 1;
                    return;
                }
                Err(error) => {
                    self.unknown.push(format!("{of}: {}: {address}: {error}", probe.case));
                    return;
                }
            }
        }
        let [envoy, ours, direct] = &outcomes[..] else { return };
        if difference(ours, direct, input).is_some() || ours.body != direct.body {
            self.unknown.push(format!(
                "{of}: {}: {} {} {}\n    over gRPC: {}\n    direct:    {}",
                probe.case,
                probe.verb,
                probe.target,
                short(&probe.body),
                shown(ours),
                shown(direct),
            ));
        }
        let Some(difference) = difference(envoy, ours, input) else {
            *self.equal.entry(probe.case).or_default() += 1;
            return;
        };
        match differences::known(probe.case, &difference) {
            Some(name) => *self.known.entry((name, probe.case)).or_default() += 1,
            None => self.unknown.push(format!(
                "{of}: {}: {} {} {}\n    {difference:?}\n    Envoy: {}\n    ours:  {}",
                probe.case,
                probe.verb,
                probe.target,
                short(&probe.body),
                shown(envoy),
                shown(ours),
            )),
        }
    }
}

async fn send(address: SocketAddr, probe: &Probe) -> Result<(u16, HeaderMap, Vec<u8>), Box<dyn Error>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let mut request = Request::builder().method(&*probe.verb).uri(&probe.target).header("host", "e2e");
    for (name, value) in &probe.headers {
        request = request.header(name, value);
    }
    let response = sender.send_request(request.body(Full::new(Bytes::from(probe.body.clone())))?).await?;
    let (parts, body) = response.into_parts();
    Ok((parts.status.as_u16(), parts.headers, body.collect().await?.to_bytes().to_vec()))
}

/// The first difference, from the weightiest on.
fn difference(envoy: &Outcome, ours: &Outcome, input: &MessageDescriptor) -> Option<Difference> {
    if envoy.status != ours.status {
        return Some(Difference::Status(envoy.status, ours.status));
    }
    let same_calls = envoy.seen.len() == ours.seen.len()
        && envoy.seen.iter().zip(&ours.seen).all(|(envoy, ours)| {
            envoy.0 == ours.0 && compare::is_same(&envoy.1, &ours.1, &called(&envoy.0, input))
        });
    if !same_calls {
        return Some(Difference::Request);
    }
    let refused = envoy.seen.is_empty() && envoy.status >= 400;
    if refused && text(envoy).is_none_or(|kind| kind == "text/plain") {
        return (text(ours) != Some("application/json")).then_some(Difference::Refusal);
    }
    let same_bodies = match (serde_json::from_slice(&envoy.body), serde_json::from_slice(&ours.body)) {
        (Ok(envoy), Ok(ours)) => is_equal(&envoy, &ours),
        _ => envoy.body == ours.body,
    };
    if !same_bodies {
        return Some(Difference::Body);
    }
    let header = |outcome: &Outcome, name: &str| outcome.headers.get(name).cloned();
    ["content-type", HEADER.0]
        .into_iter()
        .find(|name| header(envoy, name) != header(ours, name))
        .map(Difference::Header)
}

/// The request type of the method that was called: a probe with another method's verb reaches that method.
fn called(path: &str, input: &MessageDescriptor) -> MessageDescriptor {
    let method = path.trim_start_matches('/').split_once('/').and_then(|(service, method)| {
        let service = input.parent_pool().get_service_by_name(service)?;
        service.methods().find(|found| found.name() == method)
    });
    method.map_or_else(|| input.clone(), |method| method.input())
}

/// Floating-point numbers may have any number of digits that name the same number.
fn is_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            let (a, b) = (left.as_f64().unwrap_or_default(), right.as_f64().unwrap_or_default());
            left == right || (a - b).abs() <= 1e-6 * a.abs()
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| is_equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, left)| right.get(key).is_some_and(|right| is_equal(left, right)))
        }
        _ => left == right,
    }
}

fn text(outcome: &Outcome) -> Option<&str> {
    outcome.headers.get("content-type").and_then(|kind| kind.to_str().ok())
}

fn shown(outcome: &Outcome) -> String {
    let kind = text(outcome).unwrap_or("-");
    let seen = match &outcome.seen[..] {
        [] => "nothing".to_owned(),
        [(path, messages)] => format!("{path} {messages:02x?}"),
        more => format!("{} calls", more.len()),
    };
    format!("{} {kind} {} (the server saw {seen})", outcome.status, short(&outcome.body))
}

fn short(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(300).collect()
}
