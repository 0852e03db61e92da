//! Deadlines, and responses as they arrive, still encoded.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use tokio::time::{Instant, Sleep};

use super::frame::Messages;
use super::{RawRequest, RequestBody};
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::method::Method;

/// The moment by which a call must be done, if any.
#[derive(Clone, Copy)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// So far from now. A time too far to be told is no deadline.
    fn after(timeout: Option<Duration>) -> Self {
        Self(timeout.and_then(|timeout| Instant::now().checked_add(timeout)))
    }

    fn sleep(self) -> Option<Pin<Box<Sleep>>> {
        self.0.map(|at| Box::pin(tokio::time::sleep_until(at)))
    }

    /// What is left, as `grpc-timeout`.
    pub(super) fn header(self) -> Option<HeaderValue> {
        let left = self.0?.saturating_duration_since(Instant::now());
        HeaderValue::try_from(grpc_timeout(left)).ok()
    }
}

/// At most eight digits and a unit (gRPC over HTTP/2, "Timeout"). Rounded up, so that the server never gives up before
/// the client does.
fn grpc_timeout(left: Duration) -> String {
    const UNITS: [(u128, char); 6] = [
        (1, 'n'),
        (1_000, 'u'),
        (1_000_000, 'm'),
        (1_000_000_000, 'S'),
        (60_000_000_000, 'M'),
        (3_600_000_000_000, 'H'),
    ];
    const MOST: u128 = 99_999_999;
    UNITS
        .iter()
        .map(|(nanos, unit)| (left.as_nanos().div_ceil(*nanos), unit))
        .find(|(count, _)| *count <= MOST)
        .map_or_else(|| format!("{MOST}H"), |(count, unit)| format!("{count}{unit}"))
}

fn timed_out() -> Error {
    Error::new(ErrorKind::Timeout, "the deadline passed")
}

/// A response that has begun to arrive.
pub(crate) struct RawStream {
    client: Client,
    method: &'static Method,
    headers: HeaderMap,
    trailers: HeaderMap,
    /// `None` after the end, so that an aborted call is reset at once.
    messages: Option<Messages>,
    aborted: bool,
    sleep: Option<Pin<Box<Sleep>>>,
}

/// A response with exactly one message.
pub(crate) struct RawResponse {
    pub(crate) method: &'static Method,
    pub(crate) message: Bytes,
    pub(crate) headers: HeaderMap,
    pub(crate) trailers: HeaderMap,
}

impl RawStream {
    /// Sends a request and waits for the response's headers.
    pub(crate) async fn open(
        client: Client,
        method: &'static Method,
        headers: HeaderMap,
        timeout: Option<Duration>,
        body: RequestBody,
    ) -> Result<Self, Error> {
        let result = Self::try_open(&client, method, headers, timeout, body).await;
        match result {
            Ok((headers, messages, sleep)) => {
                let (trailers, messages) = (HeaderMap::new(), Some(messages));
                Ok(Self { client, method, headers, trailers, messages, aborted: false, sleep })
            }
            Err(error) => {
                client.inner().observe(&error);
                Err(error.with_method(method.full_name()))
            }
        }
    }

    async fn try_open(
        client: &Client,
        method: &'static Method,
        headers: HeaderMap,
        timeout: Option<Duration>,
        body: RequestBody,
    ) -> Result<(HeaderMap, Messages, Option<Pin<Box<Sleep>>>), Error> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(Error::new(ErrorKind::Config, "calls must be awaited on a Tokio runtime"));
        }
        let deadline = Deadline::after(timeout);
        let open = async {
            let headers = client.inner().headers(method, headers).await?;
            client.inner().transport.open(RawRequest { method, headers, deadline, body }).await
        };
        let (headers, messages) = match deadline.0 {
            None => open.await?,
            Some(at) => tokio::time::timeout_at(at, open).await.map_err(|_| timed_out())??,
        };
        Ok((headers, messages, deadline.sleep()))
    }

    pub(crate) fn method(&self) -> &'static Method {
        self.method
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// `None` until the end of a call that succeeded.
    pub(crate) fn trailers(&self) -> Option<&HeaderMap> {
        (self.messages.is_none() && !self.aborted).then_some(&self.trailers)
    }

    /// The next message. `None` after the last one, and after an error.
    pub(crate) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        let Some(messages) = &mut self.messages else {
            return Poll::Ready(None);
        };
        let error = match messages.poll_next(context) {
            Poll::Ready(Some(Ok(message))) => return Poll::Ready(Some(Ok(message))),
            Poll::Ready(None) => {
                self.trailers = messages.trailers().clone();
                self.messages = None;
                return Poll::Ready(None);
            }
            Poll::Ready(Some(Err(error))) => error,
            Poll::Pending => {
                let Some(sleep) = &mut self.sleep else { return Poll::Pending };
                ready!(sleep.as_mut().poll(context));
                timed_out()
            }
        };
        self.abort();
        self.client.inner().observe(&error);
        let error = error.with_method(self.method.full_name()).with_headers(self.headers.clone());
        Poll::Ready(Some(Err(error)))
    }

    /// Ends the call; the server is told that no more is wanted.
    pub(crate) fn abort(&mut self) {
        self.messages = None;
        self.aborted = true;
    }

    /// The one message of a response that has one.
    pub(crate) async fn single(mut self) -> Result<RawResponse, Error> {
        let message = std::future::poll_fn(|context| self.poll_next(context)).await;
        let message = message.unwrap_or_else(|| Err(self.malformed("the response has no message")))?;
        if let Some(second) = std::future::poll_fn(|context| self.poll_next(context)).await {
            second?;
            return Err(self.malformed("the response has more than one message"));
        }
        Ok(RawResponse { method: self.method, message, headers: self.headers, trailers: self.trailers })
    }

    fn malformed(&self, message: &str) -> Error {
        Error::new(ErrorKind::Decode, message)
            .with_method(self.method.full_name())
            .with_headers(self.headers.clone())
            .with_trailers(self.trailers.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::grpc_timeout;

    #[test]
    fn a_timeout_takes_the_finest_unit_that_fits_and_is_rounded_up() {
        for (left, text) in [
            (Duration::ZERO, "0n"),
            (Duration::from_nanos(99_999_999), "99999999n"),
            (Duration::from_nanos(100_000_001), "100001u"),
            (Duration::from_secs(30), "30000000u"),
            (Duration::from_secs(100), "100000m"),
            (Duration::from_secs(100_000), "100000S"),
            (Duration::MAX, "99999999H"),
        ] {
            assert_eq!(grpc_timeout(left), text);
        }
    }
}
