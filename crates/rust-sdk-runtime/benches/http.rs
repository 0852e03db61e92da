//! Paths: building one, and finding the route of one in a table of 150 routes.

use std::fmt::Write;
use std::hint::black_box;
use std::sync::LazyLock;

use divan::Bencher;
use rust_sdk_runtime::http::percent::{Keep, encode};
use rust_sdk_runtime::http::{Binding, Part, Routes, Segment};
use rust_sdk_runtime::method::{Method, Service};

const ACCOUNT: &str = "0e5a6f9c-7d7d-4c1b-9d3e-6f0d3a0b5f11";
const CLUSTER: &str = "b7c9f0f4-58a4-4b0e-8a52-1c7a0e6e9d42";

static CLUSTER_BINDING: Binding = Binding::new(
    "GET",
    "/api/cluster/v1/accounts/{account_id}/clusters/{cluster_id}",
    &[
        Part::Literal("/api/cluster/v1/accounts/"),
        Part::var("account_id"),
        Part::Literal("/clusters/"),
        Part::var("cluster_id"),
    ],
);

static NAME_BINDING: Binding = Binding::new(
    "GET",
    "/v1/{name=accounts/*/clusters/*}",
    &[
        Part::Literal("/v1/"),
        Part::Variable(
            "name",
            &[Segment::Literal("accounts"), Segment::Any, Segment::Literal("clusters"), Segment::Any],
        ),
    ],
);

const AREAS: [&str; 10] =
    ["cluster", "account", "auth", "backup", "booking", "hybrid", "iam", "monitoring", "payment", "platform"];
const RESOURCES: [&str; 3] = ["clusters", "backups", "api-keys"];

/// Ten services with three resources each, and for each of those List, Create, Get, Delete and a custom method.
static ROUTES: LazyLock<Routes> = LazyLock::new(|| {
    let services: Vec<&'static Service> = AREAS.iter().map(|area| service(area)).collect();
    Routes::new(services.leak())
});

fn service(area: &'static str) -> &'static Service {
    let mut methods = Vec::new();
    for resource in RESOURCES {
        for (verb, end) in [("GET", ""), ("POST", ""), ("GET", "/"), ("DELETE", "/"), ("POST", "/restart")] {
            let text = |text: String| Part::Literal(text.leak());
            let mut parts = vec![
                text(format!("/api/{area}/v1/accounts/")),
                Part::var("account_id"),
                text(format!("/{resource}{}", if end.is_empty() { "" } else { "/" })),
            ];
            if !end.is_empty() {
                parts.push(Part::var("id"));
            }
            if end.len() > 1 {
                parts.push(text(end.to_owned()));
            }
            methods.push(Method::unary("/api.v1.Service/Call").binding(Binding::new(verb, "", parts.leak())));
        }
    }
    Box::leak(Box::new(Service::new("api.v1.Service", methods.leak())))
}

/// Measures making a value and dropping it; divan alone would keep a whole sample's paths, each in fresh memory.
fn build<T>(bencher: Bencher<'_, '_>, path: impl Fn() -> T + Sync) {
    bencher.bench(|| drop(black_box(path())));
}

#[divan::bench]
fn path(bencher: Bencher<'_, '_>) {
    build(bencher, || {
        black_box(&CLUSTER_BINDING).path(&[black_box(ACCOUNT).into(), black_box(CLUSTER).into()])
    });
}

#[divan::bench]
fn path_escaped(bencher: Bencher<'_, '_>) {
    let name = "größe/of a cluster";
    build(bencher, || black_box(&CLUSTER_BINDING).path(&[black_box(ACCOUNT).into(), black_box(name).into()]));
}

#[divan::bench]
fn path_multi_segment(bencher: Bencher<'_, '_>) {
    let name = "accounts/0e5a6f9c-7d7d-4c1b-9d3e-6f0d3a0b5f11/clusters/b7c9f0f4-58a4-4b0e-8a52-1c7a0e6e9d42";
    build(bencher, || black_box(&NAME_BINDING).path(&[black_box(name).into()]));
}

#[divan::bench]
fn path_by_format(bencher: Bencher<'_, '_>) {
    build(bencher, || {
        let (account, cluster) = (naive(black_box(ACCOUNT)), naive(black_box(CLUSTER)));
        format!("/api/cluster/v1/accounts/{account}/clusters/{cluster}")
    });
}

/// The usual way: byte by byte into a new string.
fn naive(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[divan::bench(args = [("GET", "/clusters/ID"), ("POST", "/clusters/ID/restart"), ("GET", "/clusters"), ("GET", "/none/ID")])]
fn find(bencher: Bencher<'_, '_>, (verb, end): (&str, &str)) {
    let path = format!("/api/monitoring/v1/accounts/{ACCOUNT}{end}").replace("ID", CLUSTER);
    let routes = &*ROUTES;
    bencher.bench(|| routes.find(black_box(verb), black_box(&path)).map(|found| found.method));
}

#[divan::bench]
fn find_and_capture(bencher: Bencher<'_, '_>) {
    let path = format!("/api/monitoring/v1/accounts/{ACCOUNT}/clusters/{CLUSTER}");
    let routes = &*ROUTES;
    bencher.bench(|| {
        let found = routes.find(black_box("GET"), black_box(&path))?;
        found.get("account_id").map(|account| account.len())
    });
}

#[divan::bench]
fn find_escaped(bencher: Bencher<'_, '_>) {
    let path =
        format!("/api/monitoring/v1/accounts/{ACCOUNT}/clusters/{}", encode("größe/a b", Keep::Unreserved));
    let routes = &*ROUTES;
    bencher.bench(|| routes.find(black_box("GET"), black_box(&path)).map(|found| found.method));
}

fn main() {
    assert!(CLUSTER_BINDING.path(&[ACCOUNT.into(), CLUSTER.into()]).is_ok());
    divan::main();
}
