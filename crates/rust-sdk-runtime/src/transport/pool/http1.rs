//! HTTP/1.1 connections, each for one call at a time.

use std::sync::Arc;
use std::task::Poll;

use http::header::{HOST, PROXY_AUTHORIZATION};
use http::uri::PathAndQuery;
use http::{HeaderValue, Uri, Version};
use hyper::client::conn::http1;

use super::idle::LastUse;
use super::sender::Sender;
use super::{Shared, Unsent};
use crate::platform;
use crate::transport::Body;
use crate::transport::connect::{Activity, ConnectError, Connection};

/// An open connection that no call uses.
pub(super) struct Http1 {
    sender: Sender<http1::SendRequest<Body>>,
    activity: Arc<Activity>,
    was_used: bool,
    pub(super) last_use: LastUse,
}

impl Http1 {
    pub(super) async fn open(connection: Connection) -> Result<Self, ConnectError> {
        let Connection { io, activity, .. } = connection;
        let handshake = http1::Builder::new().handshake(io).await;
        let failed = |error: hyper::Error| ConnectError::Http(error.into());
        let (mut sender, driver) = handshake.map_err(failed)?;
        let slot = Sender::driven_by(driver);
        sender.ready().await.map_err(failed)?;
        slot.set(sender);
        Ok(Self { sender: slot, activity, was_used: false, last_use: LastUse::now() })
    }

    pub(super) fn is_open(&self) -> bool {
        self.sender.get().as_ref().is_some_and(http1::SendRequest::is_ready)
    }

    pub(super) fn was_used(&self) -> bool {
        self.was_used
    }

    /// Sends a request. Once its response was read, the connection is back in the pool.
    pub(super) async fn send(
        self,
        shared: &Arc<Shared>,
        mut request: http::Request<Body>,
    ) -> Result<http::Response<Body>, Unsent> {
        if request.version() != Version::HTTP_11 {
            *request.version_mut() = Version::HTTP_11;
        }
        let whole = request.uri().clone();
        address(&mut request, shared);
        self.activity.begin();
        let activity = self.activity.clone();
        hyper::ext::on_informational(&mut request, move |_| activity.interim());
        let sending = match &mut *self.sender.get() {
            Some(sender) => Ok(sender.try_send_request(request)),
            None => Err(Unsent::closed(request)),
        };
        let sent = match sending {
            Ok(sending) => sending.await.map_err(Unsent::from),
            Err(closed) => Err(closed),
        };
        let response = sent.map_err(|mut unsent| {
            if let Some(request) = &mut unsent.request {
                *request.uri_mut() = whole;
            }
            unsent
        })?;
        let shared = Arc::downgrade(shared);
        drop(platform::spawn(async move {
            let ready = std::future::poll_fn(|context| match &mut *self.sender.get() {
                Some(sender) => sender.poll_ready(context).map(|ready| ready.is_ok()),
                None => Poll::Ready(false),
            });
            let is_ready = ready.await;
            if let Some(shared) = shared.upgrade().filter(|_| is_ready) {
                shared.add_http1(Self { was_used: true, last_use: LastUse::now(), ..self });
            }
        }));
        Ok(response.map(Body::new))
    }
}

/// Names the server in `host`. The request line has the whole URL for a forwarding proxy, else the path (RFC 9112 §3.2).
fn address(request: &mut http::Request<Body>, shared: &Shared) {
    let Some(authority) = request.uri().authority().cloned() else { return };
    if !request.headers().contains_key(HOST)
        && let Ok(host) = HeaderValue::from_str(authority.as_str())
    {
        request.headers_mut().insert(HOST, host);
    }
    match shared.connector.forwarding_proxy() {
        Some(proxy) => {
            if let Some(authorization) = proxy.authorization() {
                request.headers_mut().insert(PROXY_AUTHORIZATION, authorization);
            }
        }
        None => {
            let path = request.uri().path_and_query().cloned();
            *request.uri_mut() = Uri::from(path.unwrap_or_else(|| PathAndQuery::from_static("/")));
        }
    }
}
