//! HTTP/2 connections, which many calls share.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::{Instant, timeout};

use super::idle::LastUse;
use super::sender::Sender;
use super::{Shared, Unsent};
use crate::transport::connect::{Activity, BoxIo, ConnectError, Connection, Phase};
use crate::transport::failure::is_unprocessed;
use crate::transport::{Body, ConnectOptions, Deadline};

/// The bytes that a server may send before the client reads them. With small windows, h2 mistakes many small responses for an attack, and
/// adaptive windows start small.
const STREAM_WINDOW: u32 = 2 << 20;
const CONNECTION_WINDOW: u32 = 16 << 20;
/// The number of streams that h2 assumes before the server states one. No server states this one, so it shows whether the server's settings
/// have arrived.
const UNSTATED_STREAMS: usize = 101;
/// How often the arrival of the server's settings is looked for.
const SETTINGS_POLL: Duration = Duration::from_millis(1);

/// How the client speaks HTTP/2.
pub(super) struct Settings {
    keep_alive: Option<Duration>,
    max_header_size: u32,
}

impl Settings {
    pub(super) fn new(options: &ConnectOptions) -> Self {
        Self { keep_alive: options.network.keep_alive, max_header_size: options.network.max_header_size }
    }
}

/// An open connection.
pub(super) struct Http2 {
    sender: Sender<http2::SendRequest<Body>>,
    activity: Arc<Activity>,
    limit: Arc<AtomicUsize>,
    streams: AtomicUsize,
    /// The most streams that there were at once.
    peak: AtomicUsize,
    /// Whether the server refused a stream.
    was_refused: AtomicBool,
    /// Whether the server answered a call on this connection.
    was_used: AtomicBool,
    /// Whether the connection takes no more calls.
    is_retired: AtomicBool,
    pub(super) last_use: LastUse,
}

impl Http2 {
    /// Begins HTTP/2, and waits for the server's settings: they are the first thing that it sends (RFC 9113 §3.4), and state how many
    /// streams it allows.
    pub(super) async fn open(
        connection: Connection,
        shared: &Shared,
        deadline: Instant,
    ) -> Result<Self, ConnectError> {
        let Connection { io, activity, .. } = connection;
        let settings = &shared.options;
        let mut builder = http2::Builder::new(TokioExecutor::new());
        builder
            .timer(TokioTimer::new())
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .initial_max_send_streams(UNSTATED_STREAMS)
            .max_header_list_size(settings.max_header_size)
            .keep_alive_interval(settings.keep_alive);
        let failed = |error: hyper::Error| ConnectError::Http(error.into());
        let (sender, mut driver) = builder.handshake(io).await.map_err(failed)?;
        while driver.current_max_send_streams() == UNSTATED_STREAMS {
            match timeout(SETTINGS_POLL, &mut driver).await {
                Ok(Ok(())) => return Err(ConnectError::Http("the server closed the connection".into())),
                Ok(Err(error)) => return Err(failed(error)),
                Err(_) if Instant::now() >= deadline => return Err(shared.connector.timed_out(Phase::Http)),
                Err(_) => {}
            }
        }
        let limit = Arc::new(AtomicUsize::new(driver.current_max_send_streams()));
        let slot = Sender::driven_by(Driver { driver, limit: limit.clone() });
        slot.set(sender);
        Ok(Self {
            sender: slot,
            activity,
            limit,
            streams: AtomicUsize::new(0),
            peak: AtomicUsize::new(0),
            was_refused: AtomicBool::new(false),
            was_used: AtomicBool::new(false),
            is_retired: AtomicBool::new(false),
            last_use: LastUse::now(),
        })
    }

    /// Whether the connection takes calls.
    pub(super) fn is_open(&self) -> bool {
        let is_open = self.sender.get().as_ref().is_some_and(|sender| !sender.is_closed());
        is_open && !self.is_retired.load(Ordering::Relaxed)
    }

    /// Whether no call uses the connection.
    pub(super) fn is_idle(&self) -> bool {
        self.streams.load(Ordering::Relaxed) == 0
    }
}

/// Runs the connection, and notes how many streams the server allows.
struct Driver {
    driver: http2::Connection<BoxIo, Body, TokioExecutor>,
    limit: Arc<AtomicUsize>,
}

impl Future for Driver {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let over = Pin::new(&mut self.driver).poll(context);
        self.limit.store(self.driver.current_max_send_streams(), Ordering::Relaxed);
        over.map(drop)
    }
}

/// A stream of a connection, from before its request until its response was read.
pub(super) struct Lease {
    connection: Arc<Http2>,
    shared: Arc<Shared>,
    /// When the request was sent, and the call's deadline; `None` once the response has begun.
    waits: Option<(Instant, Option<Deadline>)>,
}

impl Lease {
    /// A stream, if the server allows one more. Called only with the pool's lock.
    pub(super) fn take(connection: &Arc<Http2>, shared: &Arc<Shared>, most: usize) -> Option<Self> {
        let streams = connection.streams.load(Ordering::Relaxed);
        (streams < connection.limit.load(Ordering::Relaxed).min(most)).then(|| {
            connection.streams.fetch_add(1, Ordering::Relaxed);
            connection.peak.fetch_max(streams + 1, Ordering::Relaxed);
            Self { connection: connection.clone(), shared: shared.clone(), waits: None }
        })
    }

    pub(super) fn was_used(&self) -> bool {
        self.connection.was_used.load(Ordering::Relaxed)
    }

    pub(super) async fn send(
        mut self,
        request: http::Request<Body>,
        deadline: Option<Deadline>,
    ) -> Result<http::Response<Body>, Unsent> {
        let sending = match &mut *self.connection.sender.get() {
            Some(sender) => sender.try_send_request(request),
            None => return Err(Unsent::closed(request)),
        };
        self.waits = Some((Instant::now(), deadline));
        let sent = sending.await;
        self.waits = None;
        match sent {
            Ok(response) => {
                self.connection.was_used.store(true, Ordering::Relaxed);
                Ok(response.map(|body| Body::new(Streamed { body, _lease: self })))
            }
            Err(error) => {
                let unsent = Unsent::from(error);
                if unsent.request.is_some() {
                    self.connection.is_retired.store(true, Ordering::Relaxed);
                } else if is_unprocessed(&*unsent.error)
                    && !self.connection.was_refused.swap(true, Ordering::Relaxed)
                {
                    self.shared.refused(self.connection.peak.load(Ordering::Relaxed));
                }
                Err(unsent)
            }
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let connection = &self.connection;
        // The peer may be gone without a word: then other calls would wait in vain, too.
        if let Some((sent, Some(deadline))) = self.waits
            && deadline.has_passed()
            && !connection.activity.is_after(sent)
        {
            connection.is_retired.store(true, Ordering::Relaxed);
        }
        connection.last_use.set();
        connection.streams.fetch_sub(1, Ordering::Relaxed);
        self.shared.changed.notify_one();
    }
}

/// A response's body, which keeps its stream.
struct Streamed {
    body: Incoming,
    _lease: Lease,
}

impl http_body::Body for Streamed {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
