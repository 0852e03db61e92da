//! The connections of a client to its endpoint.
//!
//! HTTP/2 calls share a connection; another one is made when the server allows no more streams on it. A connection takes no new calls once
//! it is closing (GOAWAY), or once a deadline passed without a byte from the server. A request that certainly was not sent is sent again on
//! another connection.

mod dial;
mod http1;
mod http2;
mod idle;
mod lock;
mod sender;

use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use tower_service::Service;

use self::dial::Dial;
use self::http1::Http1;
use self::http2::{Http2, Lease};
use self::lock::lock;
use super::connect::{ConnectError, Connector};
use super::endpoint::Endpoint;
use super::{Body, ConnectOptions, Deadline, HttpFuture, HttpService};
use crate::error::{BoxError, Error};

/// The most HTTP/2 connections of a client. Further calls wait until a stream ends.
const MAX_CONNECTIONS: usize = 16;
/// How many calls a connection gets at least, if the server allows that.
const LEAST_STREAMS: usize = 16;
/// The pause after a further connection failed, while others are open.
const NEXT_DIAL: Duration = Duration::from_secs(1);

/// A tower service that sends each request on a connection of the pool.
#[derive(Clone)]
struct Pool(Arc<Shared>);

struct Shared {
    connector: Connector,
    options: http2::Settings,
    state: Mutex<State>,
    /// Notified when a connection is ready, a stream ended, or a dial is over.
    changed: Notify,
}

#[derive(Default)]
struct State {
    http2: Vec<Arc<Http2>>,
    http1: Vec<Http1>,
    /// Whether connections speak HTTP/2; `None` before the server chose.
    is_http2: Option<bool>,
    /// The most calls that a connection gets at once, even if the server allows more: see [`Shared::refused`].
    most_streams: usize,
    /// When a further connection may be tried, after the server refused one.
    next_dial: Option<Instant>,
    /// The dial that calls wait for. HTTP/1.1 calls have their own.
    dial: Option<Arc<Dial>>,
    /// Whether a task closes unused connections.
    is_swept: bool,
}

/// A connection for one request.
enum Acquired {
    Http1(Http1),
    Http2(Lease),
}

/// What a call does that needs a connection.
enum Next {
    Use(Acquired),
    Wait(Arc<Dial>),
    /// Wait for a stream to end.
    Queue,
}

/// A service that connects on its first call, and reconnects after a connection broke.
pub(crate) fn connect(endpoint: &Endpoint, options: &ConnectOptions) -> Result<HttpService, Error> {
    Ok(HttpService::new(Pool::new(Connector::new(endpoint, options)?, options)))
}

impl Pool {
    fn new(connector: Connector, options: &ConnectOptions) -> Self {
        let options = http2::Settings::new(options);
        let state = Mutex::new(State {
            is_http2: connector.is_http2(),
            most_streams: usize::MAX,
            ..State::default()
        });
        Self(Arc::new(Shared { connector, options, state, changed: Notify::new() }))
    }

    async fn send(self, mut request: http::Request<Body>) -> Result<http::Response<Body>, BoxError> {
        let deadline = request.extensions().get::<Deadline>().copied();
        loop {
            let (sent, was_used) = match self.acquire().await? {
                Acquired::Http2(lease) => {
                    let was_used = lease.was_used();
                    (lease.send(request, deadline).await, was_used)
                }
                Acquired::Http1(connection) => {
                    let was_used = connection.was_used();
                    (connection.send(&self.0, request).await, was_used)
                }
            };
            match sent {
                Ok(response) => return Ok(response),
                // The connection closed before it took the request. A new connection that closes at once would do so again.
                Err(Unsent { request: Some(unsent), .. }) if was_used => request = unsent,
                Err(Unsent { request: unsent, error }) => {
                    let is_unsent = unsent.is_some();
                    return Err(if is_unsent {
                        Arc::new(ConnectError::of_closed(error)).into()
                    } else {
                        error
                    });
                }
            }
        }
    }

    /// A connection that can take a request.
    async fn acquire(&self) -> Result<Acquired, Arc<ConnectError>> {
        let mut own = None;
        loop {
            // Begun before the look at the state, so that no change between the two is missed.
            let mut changed = std::pin::pin!(self.0.changed.notified());
            changed.as_mut().enable();
            let next = self.0.next(&mut own);
            match next {
                Next::Use(acquired) => return Ok(acquired),
                Next::Queue => changed.await,
                Next::Wait(dial) => {
                    changed.await;
                    if let Some(error) = dial.failure()
                        && !self.0.waits_for_streams()
                    {
                        return Err(error);
                    }
                }
            }
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Takes a connection, or makes sure that one is being made. `own` is the dial that this call began for itself.
    fn next(self: &Arc<Self>, own: &mut Option<Arc<Dial>>) -> Next {
        let mut state = self.state();
        state.http2.retain(|connection| connection.is_open());
        if let Some(lease) =
            state.http2.iter().find_map(|connection| Lease::take(connection, self, state.most_streams))
        {
            return Next::Use(Acquired::Http2(lease));
        }
        while let Some(connection) = state.http1.pop() {
            if connection.is_open() {
                return Next::Use(Acquired::Http1(connection));
            }
        }
        if state.is_http2 == Some(false) {
            // Each HTTP/1.1 call needs a connection of its own.
            let dial = own.take().filter(|dial| !dial.is_over()).unwrap_or_else(|| Dial::begin(self));
            *own = Some(dial.clone());
            return Next::Wait(dial);
        }
        let is_early = state.next_dial.is_some_and(|next| Instant::now() < next);
        if state.http2.len() >= MAX_CONNECTIONS || (is_early && !state.http2.is_empty()) {
            return Next::Queue;
        }
        let dial = state.dial.take().filter(|dial| !dial.is_over()).unwrap_or_else(|| Dial::begin(self));
        state.dial = Some(dial.clone());
        Next::Wait(dial)
    }

    /// After a failed dial: whether calls can go on without it, because streams of other connections end.
    fn waits_for_streams(&self) -> bool {
        let mut state = self.state();
        state.next_dial = Instant::now().checked_add(NEXT_DIAL);
        state.http2.iter().any(|connection| connection.is_open())
    }

    /// A server refused streams of a connection that it ends (GOAWAY): the fewer calls a connection has, the fewer meet that. So the next
    /// ones get half as many, and more again with each connection.
    fn refused(&self, streams: usize) {
        let mut state = self.state();
        state.most_streams = (state.most_streams.min(streams) / 2).max(LEAST_STREAMS);
    }

    fn add_http2(self: &Arc<Self>, connection: Http2) {
        let mut state = self.state();
        state.is_http2 = Some(true);
        state.most_streams = state.most_streams.saturating_add(state.most_streams / 4);
        state.http2.push(Arc::new(connection));
        self.sweep(&mut state);
        drop(state);
        self.changed.notify_waiters();
    }

    fn add_http1(self: &Arc<Self>, connection: Http1) {
        let mut state = self.state();
        state.is_http2 = Some(false);
        state.http1.push(connection);
        self.sweep(&mut state);
        drop(state);
        // It serves one call. Calls that wait for a dial are notified when it is over.
        self.changed.notify_one();
    }
}

/// A request that failed.
struct Unsent {
    /// The request, if it certainly was not sent.
    request: Option<http::Request<Body>>,
    error: BoxError,
}

impl Unsent {
    fn closed(request: http::Request<Body>) -> Self {
        Self { request: Some(request), error: "the connection is closed".into() }
    }
}

impl From<hyper::client::conn::TrySendError<http::Request<Body>>> for Unsent {
    fn from(mut error: hyper::client::conn::TrySendError<http::Request<Body>>) -> Self {
        Self { request: error.take_message(), error: error.into_error().into() }
    }
}

impl Service<http::Request<Body>> for Pool {
    type Response = http::Response<Body>;
    type Error = BoxError;
    type Future = HttpFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> HttpFuture {
        Box::pin(self.clone().send(request))
    }
}
