//! The connection in a browser: the global function `fetch`, which workers and Node.js have, too.
//!
//! `fetch` has rules of its own: the server must allow the page's origin to send the headers of a call (CORS), and some headers (`host`,
//! `te`, `cookie`) are left out.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http::{HeaderName, HeaderValue, StatusCode};
use http_body::{Body as _, Frame};
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use send_wrapper::SendWrapper;
use tower_service::Service;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, ReadableStreamDefaultReader, RequestInit, RequestRedirect};

use super::endpoint::Endpoint;
use super::{Body, ConnectOptions, HttpService};
use crate::error::{BoxError, Error, ErrorKind};

/// A service that sends requests by `fetch`.
pub(crate) fn connect(_: &Endpoint, options: &ConnectOptions) -> Result<HttpService, Error> {
    if options.http2_only {
        let message = "gRPC needs HTTP/2 trailers, which browsers do not expose: use REST";
        return Err(Error::new(ErrorKind::Config, message));
    }
    if !options.roots.is_empty() {
        return Err(Error::new(
            ErrorKind::Config,
            "a browser trusts only its own root certificates: remove `root_certificates`",
        ));
    }
    Ok(HttpService::new(Fetch))
}

#[derive(Clone, Copy)]
struct Fetch;

type FetchFuture = SendWrapper<Pin<Box<dyn Future<Output = Result<http::Response<Incoming>, BoxError>>>>>;

impl Service<http::Request<Body>> for Fetch {
    type Response = http::Response<Incoming>;
    type Error = BoxError;
    type Future = FetchFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> FetchFuture {
        SendWrapper::new(Box::pin(async move { fetch(request).await.map_err(Into::into) }))
    }
}

/// The browser's error of a failed request: its name, and the code of its cause, which Node.js gives. The text is left out, since it may
/// contain the URL.
#[derive(Debug, thiserror::Error)]
#[error("fetch failed: {0}")]
struct FetchError(String);

impl From<JsValue> for FetchError {
    fn from(error: JsValue) -> Self {
        // Reading a property of a value that is not an object is an error.
        let property = |of: &JsValue, key: &str| Reflect::get(of, &key.into()).ok();
        let name = property(&error, "name").and_then(|name| name.as_string());
        let name = name.unwrap_or_else(|| "an unknown error".to_owned());
        let code = property(&error, "cause").and_then(|cause| property(&cause, "code")?.as_string());
        Self(code.map_or(name.clone(), |code| format!("{name}, {code}")))
    }
}

async fn fetch(request: http::Request<Body>) -> Result<http::Response<Incoming>, FetchError> {
    let (parts, body) = request.into_parts();
    let abort = Abort(AbortController::new()?);
    let init = RequestInit::new();
    init.set_method(parts.method.as_str());
    // Redirects are reported, not followed: the credentials are only for this server.
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&abort.0.signal()));
    let headers = Headers::new()?;
    for (name, value) in &parts.headers {
        headers.append(name.as_str(), &latin1(value.as_bytes()))?;
    }
    init.set_headers(&headers);
    let body = collect(body).await?;
    if !body.is_empty() {
        init.set_body(&Uint8Array::from(&*body));
    }
    let global = js_sys::global();
    let fetch: Function = Reflect::get(&global, &"fetch".into())?.dyn_into()?;
    let promise: Promise = fetch.call2(&global, &parts.uri.to_string().into(), &init)?.dyn_into()?;
    let response: web_sys::Response = JsFuture::from(promise).await?.dyn_into()?;
    read(&response, abort)
}

fn read(response: &web_sys::Response, abort: Abort) -> Result<http::Response<Incoming>, FetchError> {
    let reader = response.body().map(|stream| JsValue::from(stream.get_reader()).dyn_into()).transpose()?;
    let mut read = http::Response::new(Incoming(SendWrapper::new(Chunks { reader, pending: None, abort })));
    // A browser hides the status of a redirect and reports 0.
    *read.status_mut() = match response.type_() {
        web_sys::ResponseType::Opaqueredirect => StatusCode::FOUND,
        _ => StatusCode::from_u16(response.status())
            .map_err(|_| FetchError("the status is not a valid HTTP status".to_owned()))?,
    };
    let entries = js_sys::try_iter(&response.headers())?.into_iter().flatten();
    for entry in entries {
        let entry: Array = entry?.dyn_into()?;
        let (name, value) = (entry.get(0).as_string(), entry.get(1).as_string());
        let name = name.and_then(|name| HeaderName::try_from(name).ok());
        let value = value.and_then(|value| HeaderValue::try_from(value).ok());
        if let (Some(name), Some(value)) = (name, value) {
            read.headers_mut().append(name, value);
        }
    }
    // These headers describe the body as it was sent, but the browser has decoded it.
    read.headers_mut().remove(CONTENT_ENCODING);
    read.headers_mut().remove(CONTENT_LENGTH);
    Ok(read)
}

/// `fetch` takes each character of a header value as one byte.
fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

async fn collect(mut body: Body) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    while let Some(frame) = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let frame = frame.map_err(|_| FetchError("the request's body broke off".to_owned()))?;
        bytes.extend_from_slice(&frame.into_data().unwrap_or_default());
    }
    Ok(bytes)
}

/// Aborts the request when dropped. A complete request is not affected.
struct Abort(AbortController);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The body of a response, as it arrives.
struct Incoming(SendWrapper<Chunks>);

struct Chunks {
    reader: Option<ReadableStreamDefaultReader>,
    pending: Option<JsFuture>,
    #[expect(dead_code, reason = "it acts when it is dropped")]
    abort: Abort,
}

impl http_body::Body for Incoming {
    type Data = Bytes;
    type Error = FetchError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, FetchError>>> {
        let Chunks { reader, pending, .. } = &mut *self.0;
        let Some(open) = reader else { return Poll::Ready(None) };
        let future = pending.get_or_insert_with(|| JsFuture::from(open.read()));
        let result = ready!(Pin::new(future).poll(context));
        *pending = None;
        let chunk = result.map_err(FetchError::from).and_then(|chunk| chunk_of(&chunk));
        if !matches!(chunk, Ok(Some(_))) {
            *reader = None;
        }
        Poll::Ready(chunk.map(|chunk| chunk.map(Frame::data)).transpose())
    }
}

/// The bytes that the reader returned; `None` at the end.
fn chunk_of(chunk: &JsValue) -> Result<Option<Bytes>, FetchError> {
    if Reflect::get(chunk, &"done".into())?.is_truthy() {
        return Ok(None);
    }
    let bytes: Uint8Array = Reflect::get(chunk, &"value".into())?.dyn_into()?;
    Ok(Some(bytes.to_vec().into()))
}
