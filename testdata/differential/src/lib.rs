//! Whether the access layer and the server behind it read requests alike: random APIs, random requests, and axum and tonic
//! as they really dispatch. Whenever a handler runs, its method must be the one that the layer checked, and the account that
//! it reads the one that was checked.
//!
//! `tests/minute.rs` runs it for about a minute; `cargo run --release -p differential -- --help` for longer.

mod axum_app;
mod message;
mod random;
mod request;
mod seen;
mod table;
mod tonic_app;

use std::fmt;
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use rust_sdk_runtime::access::Identity;
use rust_sdk_runtime::server::{Authorizer, Parts, access_layer};
use rust_sdk_runtime::{Error, Gateway};
use tower_service::Service;

use self::random::Random;
use self::request::Sent;
use self::seen::Seen;
use self::table::Table;

/// How many requests are made before the next table. A table stays in memory, since an `Api` is a static.
const REQUESTS_PER_TABLE: usize = 1000;

/// When to stop.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// After so many requests.
    pub requests: Option<u64>,
    /// After so long.
    pub time: Option<Duration>,
}

/// What stands behind the layer.
const SERVERS: [&str; 4] = ["axum", "axum and tonic", "gateway", "tonic"];

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Tables made.
    pub tables: u64,
    /// Requests made.
    pub requests: u64,
    /// Requests that ran a handler, by server.
    reached: [u64; SERVERS.len()],
    /// What differed, and after how many requests.
    pub differences: Vec<String>,
}

impl Report {
    /// How many requests ran a handler.
    pub fn reached(&self) -> u64 {
        self.reached.iter().sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tables, requests, reached, differences } = self;
        write!(f, "{requests} requests to {tables} tables, {} reached a handler (", self.reached())?;
        for (index, (server, count)) in SERVERS.iter().zip(reached).enumerate() {
            write!(f, "{}{server}: {count}", if index > 0 { ", " } else { "" })?;
        }
        write!(f, "), {} differences", differences.len())?;
        differences.iter().try_for_each(|difference| write!(f, "\n\n{difference}"))
    }
}

/// Lets everybody do everything, so that all depends on what is checked.
struct Everybody;

impl Authorizer for Everybody {
    type Identity = Identity;

    async fn authenticate(&self, _: &Parts) -> Result<Identity, Error> {
        Ok(Identity::new(["p"]).everywhere())
    }
}

/// Makes requests until a limit, or until so many differences were found.
pub fn run(seed: u64, limits: Limits, most_differences: usize) -> Report {
    let start = Instant::now();
    let mut random = Random::new(seed);
    let mut report = Report::default();
    let is_done = |report: &Report| {
        limits.requests.is_some_and(|requests| report.requests >= requests)
            || limits.time.is_some_and(|time| start.elapsed() >= time)
            || report.differences.len() >= most_differences
    };
    while !is_done(&report) {
        let table = Table::random(&mut random);
        report.tables += 1;
        try_table(&table, &mut random, &mut report);
    }
    report.differences.truncate(most_differences);
    report
}

/// Makes requests to all servers of one table.
fn try_table(table: &Table, random: &mut Random, report: &mut Report) {
    let layer = access_layer(table.api, Everybody);
    let names: Vec<&str> = table.api.services().iter().map(|service| service.name()).collect();
    let routes = tonic_app::routes(table);
    let axum = axum_app::router(table, &[], random);
    let both = axum_app::router(table, &names, random);
    let both = both.map(|router| router.merge(routes.clone().into_axum_router()));
    let mut axum = axum.map(|router| layer.layer(router));
    let mut both = both.map(|router| layer.layer(router));
    let mut gateway = layer.layer(Gateway::new(table.api, routes.clone()));
    let mut tonic = layer.layer(routes);
    for _ in 0..REQUESTS_PER_TABLE {
        let server = random.below(SERVERS.len());
        let sent = Sent::random(random, table, [1, 3, 2, 7][server]);
        let Some(request) = sent.request() else { continue };
        let seen = match (server, &mut axum, &mut both) {
            (0, Some(axum), _) => send(axum, request),
            (1, _, Some(both)) => send(both, request),
            (2, ..) => send(&mut gateway, request),
            (3, ..) => send(&mut tonic, request),
            // axum cannot serve the table.
            _ => continue,
        };
        report.requests += 1;
        report.reached[server] += u64::from(!seen.is_empty());
        let differences = seen.iter().filter_map(Seen::difference);
        report.differences.extend(differences.map(|difference| {
            let (number, server) = (report.requests, SERVERS[server]);
            format!("request {number} to {server}: {difference}\n{sent:#?}\n{table}")
        }));
    }
}

/// Sends a request and gives what handlers saw of it.
fn send<S, R>(service: &mut S, request: http::Request<Full<Bytes>>) -> Vec<Seen>
where
    S: Service<http::Request<Full<Bytes>>, Response = http::Response<R>>,
    S::Error: fmt::Debug,
    R: http_body::Body,
{
    // A response that is not read to its end may leave a handler waiting.
    let call = async {
        let response = service.call(request).await.expect("the servers have no errors of their own");
        let _ = response.into_body().collect().await;
    };
    let mut call = pin!(call);
    // Nothing waits for anything outside of the call.
    while call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {}
    seen::take()
}
