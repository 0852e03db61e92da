//! A span for each call, with the feature `tracing`; nothing without it.
//!
//! The span records names and numbers only: no headers, no message of a server and nothing of a request.

use std::time::Duration;

use crate::api::method::Method;
use crate::error::Error;
#[cfg(feature = "tracing")]
use crate::error::code::Code;
use crate::transport::Protocol;

/// The span of one call.
#[derive(Clone)]
pub(crate) struct CallSpan {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

#[cfg(feature = "tracing")]
impl CallSpan {
    /// The fields follow OpenTelemetry's conventions for RPC.
    pub(crate) fn new(method: &'static Method, protocol: Protocol) -> Self {
        let (service, name) = method.full_name().split_once('/').unwrap_or_default();
        Self {
            span: tracing::debug_span!(
                "call",
                rpc.system = protocol.name(),
                rpc.service = service,
                rpc.method = name,
                rpc.attempts = tracing::field::Empty,
                rpc.status = tracing::field::Empty,
                trace_id = tracing::field::Empty,
            ),
        }
    }

    /// Runs a part of the call inside its span.
    pub(crate) async fn of<T>(&self, work: impl Future<Output = T>) -> T {
        tracing::Instrument::instrument(work, self.span.clone()).await
    }

    /// Records that the call is retried after this error.
    pub(crate) fn repeats(&self, error: &Error, made: u32, delay: Duration) {
        let code = error.code().map(Code::as_str);
        tracing::debug!(parent: &self.span, rpc.status = code, attempt = made, ?delay, "the call is retried");
    }

    /// Records the end of the call.
    pub(crate) fn ends(&self, made: u32, result: Result<Option<&str>, &Error>) {
        let (code, trace_id) = match result {
            Ok(trace_id) => (Some(Code::Ok), trace_id),
            Err(error) => (error.code(), error.trace_id()),
        };
        if let Err(error) = result {
            // The span may be off: this event says enough without it.
            let (kind, method) = (error.kind(), error.method().unwrap_or_default());
            tracing::info!(parent: &self.span, rpc.method = method, rpc.status = code.map(Code::as_str), ?kind, attempts = made, trace_id, "the call failed");
        }
        self.span.record("rpc.attempts", made);
        self.span.record("rpc.status", code.map_or("LOCAL", Code::as_str));
        self.span.record("trace_id", trace_id.unwrap_or_default());
    }
}

#[cfg(not(feature = "tracing"))]
#[allow(clippy::unused_self, reason = "the same functions as with it")]
impl CallSpan {
    pub(crate) fn new(_: &'static Method, _: Protocol) -> Self {
        Self {}
    }

    pub(crate) async fn of<T>(&self, work: impl Future<Output = T>) -> T {
        work.await
    }

    pub(crate) fn repeats(&self, _: &Error, _: u32, _: Duration) {}

    pub(crate) fn ends(&self, _: u32, _: Result<Option<&str>, &Error>) {}
}
