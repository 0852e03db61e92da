//! The settings of a gateway.

use std::time::Duration;

use http::HeaderValue;

use super::Gateway;
use crate::error::response::ErrorBody;
use crate::message::json::EncodeOptions;
use crate::transcode::RequestOptions;

/// How the responses of a stream are separated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Framing {
    /// One line for each response: `{"result":…}`. A stream that failed ends with `{"error":…}` (grpc-gateway).
    #[default]
    Lines,
    /// A JSON array (Envoy). The last element of a stream that failed is `{"error":…}`.
    Array,
    /// Server-sent events: `data: …` for each response. A stream that failed ends with an event of the type `error`, whose data is
    /// `{"error":…}`. (<https://html.spec.whatwg.org/multipage/server-sent-events.html>)
    Events,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    pub(super) framing: Framing,
    pub(super) error_body: ErrorBody,
    pub(super) max_body_size: usize,
    pub(super) max_message_size: usize,
    pub(super) time_limit: Duration,
    pub(super) prefix_metadata: bool,
    /// The metadata that clients may send with a prefix, in lower case.
    pub(super) prefixed: &'static [&'static str],
    pub(super) request: RequestOptions,
    pub(super) encode: EncodeOptions,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            framing: Framing::default(),
            error_body: ErrorBody::default(),
            max_body_size: 4 << 20,
            max_message_size: usize::MAX,
            time_limit: Duration::from_secs(60),
            prefix_metadata: false,
            prefixed: &[],
            request: RequestOptions::default(),
            encode: EncodeOptions::default(),
        }
    }
}

impl<A> Gateway<A> {
    /// Sets how the responses of a stream are separated for clients that ask for no framing; one line for each by default.
    ///
    /// Clients ask by `Accept`: `text/event-stream` for server-sent events, `application/x-ndjson` for lines, and
    /// `application/json;framing=array` for an array.
    #[must_use]
    pub const fn framing(mut self, framing: Framing) -> Self {
        self.options.framing = framing;
        self
    }

    /// Sets the form of errors; that of grpc-gateway and Envoy by default.
    #[must_use]
    pub const fn error_body(mut self, form: ErrorBody) -> Self {
        self.options.error_body = form;
        self
    }

    /// Sets the largest body of a request, in bytes; 4 MiB by default. A larger one is answered with 413.
    #[must_use]
    pub const fn max_body_size(mut self, bytes: usize) -> Self {
        self.options.max_body_size = bytes;
        self
    }

    /// Sets the largest message that the gateway accepts from the service, in bytes; no limit by default.
    #[must_use]
    pub const fn max_message_size(mut self, bytes: usize) -> Self {
        self.options.max_message_size = bytes;
        self
    }

    /// Sets how long a call may take, from the head of the request to the end of the response; 60 seconds by default. After that the gateway
    /// ends the call and answers 504 (`DEADLINE_EXCEEDED`).
    ///
    /// The responses of a stream may take any time; for them the limit is the time to receive the request. `Duration::MAX` means no limit.
    #[must_use]
    pub const fn time_limit(mut self, limit: Duration) -> Self {
        self.options.time_limit = limit;
        self
    }

    /// Whether the service's headers get the prefix `grpc-metadata-` and its trailers `grpc-trailer-`, as in grpc-gateway. By default they
    /// keep their names, as in Envoy.
    #[must_use]
    pub const fn prefix_metadata(mut self, prefix: bool) -> Self {
        self.options.prefix_metadata = prefix;
        self
    }

    /// Sets the metadata that clients may send as `Grpc-Metadata-NAME`, as they do for grpc-gateway; none by default. The names are in lower
    /// case, without the prefix.
    ///
    /// Headers pass without a prefix, too, so only clients that were written for grpc-gateway need this. The gateway ignores names that are
    /// not listed: a proxy in front of it may check `authorization`, say, but not `grpc-metadata-authorization`. A request with both
    /// headers is answered with 400.
    #[must_use]
    pub const fn accept_prefixed_metadata(mut self, names: &'static [&'static str]) -> Self {
        self.options.prefixed = names;
        self
    }

    /// Whether unknown fields and query parameters are ignored. By default they are errors.
    #[must_use]
    pub const fn ignore_unknown(mut self, ignore: bool) -> Self {
        self.options.request.ignore_unknown = ignore;
        self
    }

    /// Whether a `+` in a query is a space ([`RequestOptions::plus_is_space`]); it is by default. Otherwise it is a plus, as in Envoy.
    #[must_use]
    pub const fn plus_is_space(mut self, is_space: bool) -> Self {
        self.options.request.plus_is_space = is_space;
        self
    }

    /// Whether an empty query parameter counts as absent if its field has no empty value ([`RequestOptions::empty_is_unset`]). By default it
    /// is an error.
    #[must_use]
    pub const fn empty_is_unset(mut self, is_unset: bool) -> Self {
        self.options.request.empty_is_unset = is_unset;
        self
    }

    /// Whether a `PATCH` without a field mask gets the mask of the fields in its body ([`RequestOptions::fill_mask`]), as in grpc-gateway. By
    /// default the service gets no mask, which means every field (AIP-134).
    #[must_use]
    pub const fn fill_mask(mut self, fill: bool) -> Self {
        self.options.request.fill_mask = fill;
        self
    }

    /// Sets the `WWW-Authenticate` header of a 401 (RFC 9110 §11.6.1), unless the service sends one; `Bearer` by default.
    #[must_use]
    pub fn challenge(mut self, schemes: HeaderValue) -> Self {
        self.challenge = schemes;
        self
    }

    /// Sets how messages are written as JSON.
    #[must_use]
    pub const fn encode(mut self, options: EncodeOptions) -> Self {
        self.options.encode = options;
        self
    }
}
