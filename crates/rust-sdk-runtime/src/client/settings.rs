//! The settings of one call, and what they add to its request.

use std::fmt;
use std::time::Duration;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::api::access::{Caller, Decision};
use crate::api::method::{Method, MethodSchemas, Rpc};
use crate::client::attempts::RawCall;
use crate::client::repeatable::Repeatable;
use crate::client::retry::RetryPolicy;
use crate::client::{Client, request_id};
use crate::error::Error;
use crate::error::metadata::Metadata;
use crate::transport::{Payload, RequestBody, append_header};

/// The time limit of an attempt of a unary call that has no limit.
const DEFAULT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(60);

/// The header by which servers recognize a repeated call (<https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/>).
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The header by which Google's front ends route a call (AIP-4222).
const REQUEST_PARAMS: HeaderName = HeaderName::from_static("x-goog-request-params");

/// Everything about a call except its content.
pub(crate) struct Settings {
    pub(crate) client: Client,
    pub(crate) method: &'static Method,
    pub(crate) schemas: Option<MethodSchemas>,
    pub(crate) headers: HeaderMap,
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) retry: RetryPolicy,
    pub(crate) repeatable: Repeatable,
    pub(crate) account: Option<String>,
    /// The error of the first invalid setting.
    error: Option<Error>,
}

impl Settings {
    /// `timeout` is the client's.
    pub(crate) fn new<I, O, K>(client: &Client, rpc: &Rpc<I, O, K>, timeout: Option<Duration>) -> Self {
        let method = rpc.method();
        Self {
            client: client.clone(),
            method,
            schemas: rpc.schemas(),
            headers: HeaderMap::new(),
            timeout: timeout.or(method.default_timeout()),
            attempt_timeout: client.inner().attempt_timeout(),
            retry: client.inner().retry(method),
            repeatable: Repeatable::of(method),
            account: None,
            error: None,
        }
    }

    /// The same settings for another call.
    pub(crate) fn again(&self) -> Self {
        Self {
            client: self.client.clone(),
            headers: self.headers.clone(),
            retry: self.retry.clone(),
            account: self.account.clone(),
            error: None,
            ..*self
        }
    }

    /// The account (or other scope) of a request that names none.
    pub(crate) fn account(&self) -> Option<&str> {
        self.account.as_deref().or_else(|| self.client.inner().scope())
    }

    pub(crate) fn preflight(
        &self,
        decide: impl for<'a> FnOnce(&Method, &Caller<'a>) -> Decision<'a>,
    ) -> Result<(), Error> {
        // A call with an `authorization` header of its own is made as another caller.
        if self.headers.contains_key(AUTHORIZATION) {
            return Ok(());
        }
        self.client.inner().preflight(self.method, |caller| decide(self.method, caller))
    }

    /// The error of the first invalid setting.
    pub(crate) fn take_error(&mut self) -> Option<Error> {
        self.error.take().map(|error| error.with_method(self.method.full_name()))
    }

    pub(crate) fn header(&mut self, name: &str, value: Option<HeaderValue>) {
        if let Err(message) = append_header(&mut self.headers, name, value) {
            self.error.get_or_insert_with(|| Error::invalid_argument(message));
        }
    }

    pub(crate) fn idempotency_key(&mut self, key: &str) {
        self.header(IDEMPOTENCY_KEY.as_str(), HeaderValue::from_str(key).ok());
        self.repeatable = Repeatable::stated(true);
    }

    /// Applies the default limit of a unary call: without it, a call could wait for ever.
    pub(crate) fn bounded(mut self) -> Self {
        if self.timeout.is_none() && self.attempt_timeout.is_none() {
            self.attempt_timeout = Some(DEFAULT_ATTEMPT_TIMEOUT);
        }
        self
    }

    /// Fills in the ids that the request lacks.
    pub(crate) fn complete(&self, payload: Payload) -> Result<Payload, Error> {
        let ids = request_id::missing(self.method.uuid_fields(), payload.message());
        payload.append(&ids)
    }

    /// Adds the routing header (AIP-4222), unless the caller set it.
    fn route(&mut self, body: &RequestBody) {
        if let RequestBody::Message(payload) = body
            && !self.headers.contains_key(REQUEST_PARAMS)
            && !self.client.inner().has_header(&REQUEST_PARAMS)
            && let Some(parameters) = self.method.request_params_of(payload.message())
            && let Ok(value) = HeaderValue::try_from(parameters)
        {
            self.headers.insert(REQUEST_PARAMS, value);
        }
    }

    /// The call with this request.
    pub(crate) fn with_body(mut self, body: RequestBody) -> RawCall {
        self.route(&body);
        RawCall {
            client: self.client,
            method: self.method,
            schemas: self.schemas,
            headers: self.headers,
            timeout: self.timeout,
            attempt_timeout: self.attempt_timeout,
            retry: self.retry,
            repeatable: self.repeatable,
            body,
        }
    }

    /// A call of another method about what this call started, with the same settings. Repeating it does no harm. The headers that are about
    /// this call's own request are left out.
    pub(crate) fn follow_up(
        &self,
        (method, schemas): (&'static Method, Option<MethodSchemas>),
        request: Payload,
    ) -> RawCall {
        let repeatable = Repeatable::stated(true);
        let mut settings = Self { method, schemas, repeatable, ..self.again() };
        for name in [&IDEMPOTENCY_KEY, &REQUEST_PARAMS] {
            settings.headers.remove(name);
        }
        let body = RequestBody::Message(request);
        settings.bounded().with_body(body)
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("method", &self.method.full_name())
            .field("headers", &Metadata::from(self.headers.clone()))
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
